"""Errors of the whole house: a message key with parameters, put into words at the edge.

No class here knows HTTP or a terminal. The edge maps a class to a status or an exit code
(`api.errors`, `api.cli`) and `geo.i18n.text` turns the key into a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

__all__ = [
    "AyilmapError",
    "ChangedMeanwhile",
    "Conflict",
    "Failed",
    "Forbidden",
    "NotFound",
    "NotSignedIn",
    "Refused",
    "TooLarge",
    "TooOften",
    "Unavailable",
]


class AyilmapError(Exception):
    """A failure that a person can do something about.

    Parameters
    ----------
    key
        Message key in the catalogue, such as ``"image.empty"``.
    params
        Values for the placeholders of the message.

    Attributes
    ----------
    row
        Of many records handed in together, which one it is about, counting from 1.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.row: int | None = None
        self.params = params
        super().__init__(key, params)

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key}({listed})"


class Refused(AyilmapError):
    """The input cannot be used as it is; nothing was stored. Exit code 2."""

    exit_code = 2


class NotFound(Refused):
    """What was asked for is not there."""


class Conflict(Refused):
    """Somebody else changed the same thing first, or it already exists."""


class NotSignedIn(Refused):
    """Who asks is not known: no key, a wrong one, or one that has run out."""


class Forbidden(Refused):
    """Who asks is known and may not do this."""


class TooLarge(Refused):
    """More was sent than is taken in at once."""


class TooOften(Refused):
    """Tried too often; ``seconds`` says when it may be tried again."""

    def __init__(self, key: str, *, seconds: int, **params: object) -> None:
        self.seconds = seconds
        super().__init__(key, seconds=seconds, **params)


class ChangedMeanwhile(Conflict):
    """Somebody changed a record after it was read: both texts, so that a person can put them together."""

    def __init__(
        self,
        key: str = "record.changed_meanwhile",
        *,
        current: Mapping[str, Any],
        yours: Mapping[str, Any],
        **params: object,
    ) -> None:
        super().__init__(key, **params)
        self.current = current
        self.yours = yours


class Failed(AyilmapError):
    """The work could not be finished here (disk, file, another program). Exit code 1."""


class Unavailable(Failed):
    """The store is busy or away; the same call may succeed later."""
