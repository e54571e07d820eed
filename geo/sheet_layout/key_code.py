"""What the code of the key says: which kinds stand in the boxes of the key, and what the sheet is called.

The text is ``AYK1``, the sheet id, three digits of base 36 for each kind in the order of the boxes, ``/`` and the
title. All but the title are characters of the QR code's alphanumeric mode, so that it goes in as two segments.
The digits of a kind come from its name alone: kinds may be added and put in another order without harm.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Final

from geo.domain.vocabulary import Kind
from geo.sheet_layout.sheet_code import ForeignCodeError

__all__ = ["KEY_CODE_LARGEST_VERSION", "KeyCode", "parse_key_code"]

KEY_CODE_LARGEST_VERSION: Final = 5
"""Largest version of its QR symbol (37 modules): on every paper its modules are no smaller than those of a mark."""

_PREFIX = "AYK1"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGN = 3
_TEXT = re.compile(rf"{_PREFIX}([0-9A-HJKMNP-TV-Z]{{8}})((?:[0-9A-Z]{{{_SIGN}}})*)/(.*)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeyCode:
    """The key of a printed sheet."""

    sheet_id: str
    """Id of the sheet, as in its marks."""
    kinds: tuple[Kind | None, ...]
    """Kind of each box of `SheetLayout.key_boxes`, from the first on; None where this version does not know it."""
    title: str = ""
    """What the sheet is called; cut short where the symbol would become too fine."""

    @property
    def segments(self) -> tuple[str, str]:
        """The text in two parts: alphanumeric mode, and the title in byte mode (UTF-8).

        Raises
        ------
        ValueError
            A kind is None: who prints knows the kinds.
        """
        if None in self.kinds:
            raise ValueError("a kind is not known")
        return f"{_PREFIX}{self.sheet_id}{''.join(_sign(kind) for kind in self.kinds if kind)}/", self.title

    def text(self) -> str:
        """Return the text of the QR code.

        >>> code = KeyCode("K7M29QXD", (Kind.MAIN_ROAD, Kind.SCHOOL), "Төрт-Күл")
        >>> code.text()
        'AYK1K7M29QXDHB9VT3/Төрт-Күл'
        >>> parse_key_code(code.text()) == code
        True
        """
        return "".join(self.segments)


def parse_key_code(text: str) -> KeyCode:
    """Read the text of a QR code.

    Raises
    ------
    ForeignCodeError
        It is not the code of a key of ours.
    """
    found = _TEXT.fullmatch(text)
    if not found:
        raise ForeignCodeError("not the code of a key")
    identity, signs, title = found.groups()
    kinds = tuple(_KINDS.get(signs[start : start + _SIGN]) for start in range(0, len(signs), _SIGN))
    return KeyCode(identity, kinds, title)


def _sign(kind: Kind) -> str:
    number, digits = binascii.crc_hqx(kind.value.encode(), 0) % len(_DIGITS) ** _SIGN, ""
    for _ in range(_SIGN):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


_KINDS = {_sign(kind): kind for kind in Kind}
