"""The letters of the house's typeface: how wide words are, and which letters it has.

Words are measured by their advance widths, without kerning: what is set is at most as wide as what was measured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

from geo.errors import Failed

__all__ = ["CAPITAL", "POINT_MM", "font_file", "has_letter", "printable", "width_mm"]

POINT_MM = 25.4 / 72
"""Millimetres a point."""
CAPITAL = 0.714
"""Height of a capital over the size of the type (OS/2 sCapHeight of Noto Sans)."""
_PACKAGE = "fontpkg-noto-sans"
_WIDE = 1.0
"""Width over size of a letter that comes from another typeface: no letter of a line of text is much wider."""
_NO_LETTERS = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Control characters, marks of direction, halves of characters, private and unassigned ones: nothing to be printed."""
_SIGNS = {"So", "Sk"}
"""Pictures and signs such as emoji: left out where the typeface lacks them."""


def font_file() -> Path:
    """Return the file of the typeface, which is installed with the program.

    Raises
    ------
    Failed
        ``print.no_typeface``: it is not there; the message names the package.
    """
    try:
        import fontpkg_noto_sans  # noqa: PLC0415 - its absence is to be said in words
    except ImportError as error:
        raise Failed("print.no_typeface", package=_PACKAGE) from error
    files = [one for one in sorted(Path(fontpkg_noto_sans.ROOT).rglob("NotoSans*.ttf")) if "Italic" not in one.name]
    if not files:
        raise Failed("print.no_typeface", package=_PACKAGE)
    return files[0]


def has_letter(letter: str) -> bool:
    """Tell whether the typeface has a letter.

    >>> [has_letter(letter) for letter in "ңөү"], has_letter("م")
    ([True, True, True], False)
    """
    return ord(letter) in _characters()


def printable(words: str) -> str:
    r"""Return words on one line, composed, without what no printer prints.

    Direction marks are left out: they could turn round what stands beside the words; letters know their own direction.

    >>> printable("Ак\u202e-Суу\n 👍 көчөсү")
    'Ак-Суу көчөсү'
    """
    kept = []
    for letter in unicodedata.normalize("NFC", words):
        kind = unicodedata.category(letter)
        if kind in {"Zl", "Zp"} or letter in "\n\r\t\v\f":
            kept.append(" ")
        elif kind not in _NO_LETTERS and (kind not in _SIGNS or has_letter(letter)):
            kept.append(letter)
    return " ".join(part for part in "".join(kept).split(" ") if part)


def width_mm(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide words are on one line.

    Parameters
    ----------
    words
        One line.
    size
        In points.
    bold
        In bold type.
    """
    widths = _widths(700 if bold else 400)
    return sum(widths.get(ord(letter), _WIDE) for letter in words) * size * POINT_MM


@cache
def _font() -> Any:
    path = font_file()
    try:
        return TTFont(path, lazy=True)
    except (OSError, TTLibError) as error:
        raise Failed("print.no_typeface", package=_PACKAGE) from error


@cache
def _characters() -> Mapping[int, str]:
    found: Mapping[int, str] = _font().getBestCmap()
    return found


@cache
def _widths(weight: int) -> Mapping[int, float]:
    font = _font()
    glyphs = font.getGlyphSet(location={"wght": weight, "wdth": 100})
    unit = font["head"].unitsPerEm
    return {code: glyphs[name].width / unit for code, name in _characters().items()}
