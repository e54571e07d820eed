"""What a notice board needs to know beside the record: where people may complain or add something."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from geo.errors import Refused

__all__ = ["PosterNotes"]

_LONGEST = 300
"""Letters of an address that a code of a readable size still holds."""


@dataclass(frozen=True, slots=True)
class PosterNotes:
    """Where and to whom people may say what is wrong or missing; what is empty becomes a line to fill in by hand.

    Raises
    ------
    Refused
        ``posters.web_address``: the address is none that a telephone opens.
    """

    where: str = ""
    """Such as "The office, room 3, Monday and Thursday 9 to 12"."""
    whom: str = ""
    phone: str = ""
    web: str = ""
    """Address (http or https) of the public page; printed as a QR code. Empty: no code."""

    def __post_init__(self) -> None:
        if not self.web:
            return
        try:
            parts = urlsplit(self.web)
        except ValueError as error:
            raise Refused("posters.web_address", address=self.web[:80]) from error
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(map(str.isspace, self.web))
        if not sound or len(self.web) > _LONGEST:
            raise Refused("posters.web_address", address=self.web[:80])
