"""What every mark of a printed sheet says: which sheet, which paper, where on the ground, which mark.

The text fills a QR code of version 2 (25 × 25 modules), error correction M, in its alphanumeric mode: 38
characters, of which three name the house and 35 are the digits of one number in base 36. The number is a
row of bit fields, so that the code never has to look anything up and never expires.
"""

from __future__ import annotations

import binascii
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from geo.sheet_layout.paper import Orientation, PaperSize

__all__ = [
    "CODE_CORRECTION",
    "CODE_VERSION",
    "ForeignCodeError",
    "SheetCode",
    "SheetCodeError",
    "Template",
    "new_sheet_id",
    "parse_sheet_code",
]

CODE_VERSION: Final = 2
"""Version of the QR symbol: 25 × 25 modules."""
CODE_CORRECTION: Final = "M"
"""Error correction level of the QR symbol: 15 % of it may be lost."""

_PREFIX = "AYM"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 35
_LAYOUT_VERSION = 1
_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which are misread on paper."""
_ID_LENGTH = 8
_MICRODEGREES = 1_000_000
_CHECK_BITS = 16


class SheetCodeError(ValueError):
    """A code of ours that cannot be right: damaged, or of a later version."""


class ForeignCodeError(SheetCodeError):
    """A code that somebody else printed."""


class Template(StrEnum):
    """What is printed inside the frame. The order is part of the sheet code."""

    BLANK = "blank"
    GRID = "grid"
    BASE = "base"
    BASE_GRID = "base_grid"

    @property
    def has_grid(self) -> bool:
        """Whether grid lines are printed inside the frame."""
        return self in {Template.GRID, Template.BASE_GRID}

    @property
    def has_base(self) -> bool:
        """Whether a pale base map is printed inside the frame."""
        return self in {Template.BASE, Template.BASE_GRID}


@dataclass(frozen=True, slots=True)
class SheetCode:
    """The facts from which the whole layout of a sheet follows, and which of its marks carries them."""

    sheet_id: str
    """Eight characters of Crockford's base 32."""
    paper: PaperSize
    orientation: Orientation
    template: Template
    scale: int
    """Denominator: 5000 for 1:5000; up to 1,048,575."""
    lon_microdegrees: int
    """Centre of the frame, east, WGS 84."""
    lat_microdegrees: int
    """Centre of the frame, north, WGS 84."""
    mark: int = 0
    """Number of the mark that carries the code: 0 to 63."""

    @property
    def centre(self) -> tuple[float, float]:
        """Lon lat of the centre of the frame in degrees."""
        return self.lon_microdegrees / _MICRODEGREES, self.lat_microdegrees / _MICRODEGREES

    def same_sheet(self, other: SheetCode) -> bool:
        """Tell whether both are marks of one sheet."""
        return replace(self, mark=other.mark) == other

    def text(self) -> str:
        """Return the text of the QR code.

        >>> code = SheetCode("K7M29QXD", PaperSize.A1, Orientation.LANDSCAPE, Template.GRID, 5000, 73250000, 41900000)
        >>> len(code.text()), parse_sheet_code(code.text()) == code
        (38, True)
        """
        number, bits = 0, 0
        for value, width in self._fields():
            if not 0 <= value < 1 << width:
                raise SheetCodeError(f"{value} does not fit {width} bits")
            number, bits = number << width | value, bits + width
        number = number << _CHECK_BITS | _check(number, bits)
        digits = []
        for _ in range(_LENGTH):
            number, digit = divmod(number, len(_DIGITS))
            digits.append(_DIGITS[digit])
        return _PREFIX + "".join(reversed(digits))

    def _fields(self) -> tuple[tuple[int, int], ...]:
        values = (
            _LAYOUT_VERSION,
            _id_number(self.sheet_id),
            list(PaperSize).index(self.paper),
            list(Orientation).index(self.orientation),
            list(Template).index(self.template),
            self.scale,
            self.lon_microdegrees + 180 * _MICRODEGREES,
            self.lat_microdegrees + 90 * _MICRODEGREES,
            self.mark,
        )
        return tuple(zip(values, _WIDTHS, strict=True))


_WIDTHS = (4, 40, 3, 1, 2, 20, 29, 28, 6)


def parse_sheet_code(text: str) -> SheetCode:
    """Read the text of a QR code.

    Raises
    ------
    ForeignCodeError
        It is not a code of ours.
    SheetCodeError
        It is one, but damaged, or of a layout that this version does not know.
    """
    if len(text) != len(_PREFIX) + _LENGTH or not text.startswith(_PREFIX) or not set(text) <= set(_DIGITS):
        raise ForeignCodeError("not a sheet code")
    number = int(text[len(_PREFIX) :], 36)
    body, check = number >> _CHECK_BITS, number & ((1 << _CHECK_BITS) - 1)
    if body >> sum(_WIDTHS) or _check(body, sum(_WIDTHS)) != check:
        raise SheetCodeError("damaged sheet code")
    values = []
    for width in reversed(_WIDTHS):
        values.append(body & ((1 << width) - 1))
        body >>= width
    version, identity, paper, orientation, template, scale, lon, lat, mark = reversed(values)
    if version != _LAYOUT_VERSION:
        raise SheetCodeError(f"layout version {version} is not known")
    try:
        code = SheetCode(
            sheet_id=_id_text(identity),
            paper=list(PaperSize)[paper],
            orientation=list(Orientation)[orientation],
            template=list(Template)[template],
            scale=scale,
            lon_microdegrees=lon - 180 * _MICRODEGREES,
            lat_microdegrees=lat - 90 * _MICRODEGREES,
            mark=mark,
        )
    except IndexError as error:
        raise SheetCodeError("unknown paper") from error
    if not (scale and abs(code.centre[0]) <= 180 and abs(code.centre[1]) <= 84):
        raise SheetCodeError("impossible place or scale")
    return code


def new_sheet_id() -> str:
    """Return a random id for a new sheet: 40 bits, eight characters that are not misread."""
    return _id_text(secrets.randbits(5 * _ID_LENGTH))


def _id_number(identity: str) -> int:
    try:
        digits = [_ID_ALPHABET.index(letter) for letter in identity]
    except ValueError as error:
        raise SheetCodeError(f"not a sheet id: {identity!r}") from error
    if len(digits) != _ID_LENGTH:
        raise SheetCodeError(f"not a sheet id: {identity!r}")
    number = 0
    for digit in digits:
        number = number << 5 | digit
    return number


def _id_text(number: int) -> str:
    return "".join(_ID_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_ID_LENGTH)))


def _check(number: int, bits: int) -> int:
    """Return the CRC-16 (CCITT, as in XMODEM) of the bits, padded to whole bytes on the left."""
    return binascii.crc_hqx(number.to_bytes(-(-bits // 8), "big"), 0)
