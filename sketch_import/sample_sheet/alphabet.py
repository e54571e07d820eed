"""A single-line alphabet: Kyrgyz Cyrillic, digits and signs as pen strokes.

Handwriting is strokes, not outlines, and a laptop may have no font at all, so the letters are ours.
Each letter is drawn on a grid: x to the right, y up from the base line, capitals 8 units tall, small
letters 5 units. A stroke is a row of ``x,y`` points; one that starts with ``~`` is a curve through its points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["CAPITAL_UNITS", "GAP_UNITS", "Glyph", "glyph", "letters"]

FloatArray = NDArray[np.float64]

CAPITAL_UNITS = 8.0
"""Height of a capital letter in grid units."""

GAP_UNITS = 1.9
"""Room between two letters in grid units."""

_SMALL = 5.0 / 8.0

_O = "~3,8 0.8,6.9 0,4 0.8,1 3,0 5.2,1 6,4 5.2,6.9 2.8,8"
_CAPITALS: dict[str, tuple[str, ...]] = {
    "А": ("0,0 3,8 6,0", "1.1,2.8 4.9,2.8"),
    "Б": ("4.8,8 0,8 0,0", "~0,4.6 3.2,4.5 4.8,2.4 3.4,0.2 0,0"),
    "В": ("0,0 0,8", "~0,8 3.2,7.8 4.3,6.2 3,4.5 0,4.2", "~0,4.2 3.6,4.2 4.9,2.2 3.6,0.2 0,0"),
    "Г": ("0,0 0,8 4.6,8",),
    "Д": ("0,-1.6 0,0 6.6,0 6.6,-1.6", "1.2,0 2.4,8 5.5,8 5.5,0"),
    "Е": ("4.8,8 0,8 0,0 4.8,0", "0,4.1 3.9,4.1"),
    "Ё": ("4.8,8 0,8 0,0 4.8,0", "0,4.1 3.9,4.1", "1.2,9.7 1.5,9.8", "3.5,9.7 3.8,9.8"),
    "Ж": ("4,0 4,8", "0,8 3.9,4 0,0", "8,8 4.1,4 8,0"),
    "З": ("~0.2,6.9 2.4,8.1 4.5,6.2 2,4.3", "~2,4.3 4.9,2.3 2.6,-0.1 0,1.2"),
    "И": ("0,8 0,0 5.8,8 5.8,0",),
    "Й": ("0,8 0,0 5.8,8 5.8,0", "~1.4,10.2 2.9,9.3 4.4,10.2"),
    "К": ("0,0 0,8", "4.8,8 0.1,3.8", "1.5,4.9 5,0"),
    "Л": ("0,0 2.9,8 5.8,0",),
    "М": ("0,0 0.7,8 3.5,2.2 6.3,8 7,0",),
    "Н": ("0,0 0,8", "5.6,0 5.6,8", "0,4 5.6,4"),
    "Ң": ("0,0 0,8", "5.6,8 5.6,0 6.9,0 6.9,-2", "0,4 5.6,4"),
    "О": (_O,),
    "Ө": (_O, "0.2,4 5.8,4"),
    "П": ("0,0 0,8 5.6,8 5.6,0",),
    "Р": ("0,0 0,8", "~0,8 3.4,7.9 4.8,6 3.4,4 0,3.8"),
    "С": ("~5.6,6.7 3.3,8.1 0.6,6.2 0.2,3.2 2.2,0.2 5.6,1.3",),
    "Т": ("0,8 6,8", "3,8 3,0"),
    "У": ("0,8 3,3.6", "6,8 2.4,0.3 0.9,0"),
    "Ү": ("0,8 3,3.9 6,8", "3,3.9 3,0"),
    "Ф": ("3.5,-0.4 3.5,8.6", "~3.5,7.1 1,6.8 0.1,4.7 1,2.6 3.5,2.3 6,2.6 6.9,4.7 6,6.8 3.5,7.1"),
    "Х": ("0,8 5.6,0", "5.6,8 0,0"),
    "Ц": ("0,8 0,0 6.6,0 6.6,-1.8", "5.4,8 5.4,0"),
    "Ч": ("~0,8 0.2,5 2,3.7 5,4.3", "5,8 5,0"),
    "Ш": ("0,8 0,0 7.6,0 7.6,8", "3.8,8 3.8,0"),
    "Щ": ("0,8 0,0 8.8,0 8.8,-1.8", "3.8,8 3.8,0", "7.6,8 7.6,0"),
    "Ъ": ("0,8 1.8,8 1.8,0", "~1.8,4.4 4.8,4.3 6.2,2.2 4.8,0.1 1.8,0"),
    "Ы": ("0,8 0,0", "~0,4.4 3.2,4.3 4.4,2.2 3.2,0.1 0,0", "6.8,8 6.8,0"),
    "Ь": ("0,8 0,0", "~0,4.4 3.4,4.3 4.8,2.2 3.4,0.1 0,0"),
    "Э": ("~0.2,6.8 2.5,8.1 5.2,6.2 5.4,3.2 3.4,0.1 0,1.3", "2,4.1 5.4,4.1"),
    "Ю": ("0,0 0,8", "0,4 2.9,4", "~5.8,8 3.6,6.9 2.9,4 3.6,1 5.8,0 7.9,1 8.6,4 7.9,6.9 5.6,8"),
    "Я": ("4.8,0 4.8,8", "~4.8,8 1.7,7.9 0.3,6 1.7,4 4.8,3.9", "2.6,3.9 0,0"),
}
_SMALL_LETTERS: dict[str, tuple[str, ...]] = {
    "а": ("~4,3.9 2.2,5.1 0.2,2.7 1.5,0 3.9,1.5", "4.1,5 4.1,0.9 4.9,0"),
    "б": ("~4.4,8.2 1.6,7.2 0.2,3.8 0.8,0.7 2.6,0 4.3,1.8 3.2,4.5 0.5,3.6",),
    "е": ("~0.3,2.5 3.9,2.9 3.4,4.8 1.3,4.8 0.1,2.4 1.6,0 4.2,0.9",),
    "ё": ("~0.3,2.5 3.9,2.9 3.4,4.8 1.3,4.8 0.1,2.4 1.6,0 4.2,0.9", "1,6.5 1.2,6.6", "3,6.5 3.2,6.6"),
    "р": ("0,5 0,-2.8", "~0,3.9 2.2,5.1 4.3,2.6 2.2,0 0,1"),
    "у": ("0,5 2.2,0.8", "4.4,5 1.5,-2.4 0.1,-2.7"),
    "ү": ("0,5 2.2,0.8 4.4,5", "2.2,0.8 2.2,-2.6"),
    "ф": ("3,7.4 3,-2.8", "~3,4.9 0.8,4.6 0,2.5 0.8,0.3 3,0 5.2,0.3 6,2.5 5.2,4.6 3,4.9"),
}
_SIGNS: dict[str, tuple[str, ...]] = {
    "0": ("~2.4,8 0.5,6.6 0,4 0.5,1.2 2.4,0 4.3,1.2 4.8,4 4.3,6.8 2.2,8",),
    "1": ("0.2,6 2.4,8 2.4,0",),
    "2": ("~0.2,6.4 1.2,7.8 3.4,7.8 4.4,6 3,3.2 0,0", "0,0 5,0"),
    "3": ("~0.2,6.9 2.4,8.1 4.5,6.2 2,4.3", "~2,4.3 4.9,2.3 2.6,-0.1 0,1.2"),
    "4": ("3.8,0 3.8,8 0,2.6 5,2.6",),
    "5": ("4.6,8 0.8,8 0.5,4.7", "~0.5,4.7 3,5.1 4.8,2.7 2.8,0 0,0.8"),
    "6": ("~4.2,8 1.4,5.6 0.2,2.4 2.2,-0.1 4.6,1.8 3,4.2 0.5,3",),
    "7": ("0,8 4.8,8 1.6,0",),
    "8": ("~2.5,4.2 0.6,6.2 2.5,8 4.4,6.2 2.5,4.2 0.2,2 2.5,-0.1 4.8,2 2.5,4.2",),
    "9": ("~4.5,5.6 2.4,4.1 0.4,6 2.5,8.1 4.5,6 4,2.4 2.2,0",),
    ".": ("0.3,0.1 0.6,0.2",),
    ",": ("0.6,0.6 0.1,-1.4",),
    ":": ("0.3,0.4 0.6,0.5", "0.3,4.2 0.6,4.3"),
    "·": ("0.3,3.6 0.7,3.7",),
    "-": ("0,3.6 2.8,3.6",),
    "–": ("0,3.6 4.2,3.6",),
    "!": ("0.5,8.4 0.5,2.6", "0.4,0.1 0.7,0.2"),
    "?": ("~0,6.6 2.2,8.1 4,6.2 2,3.8 1.9,2.4", "1.8,0.1 2.1,0.2"),
    "(": ("~1.8,9 0.1,5.6 0.1,2.2 1.8,-1",),
    ")": ("~0,9 1.7,5.6 1.7,2.2 0,-1",),
    "/": ("0,-0.6 3.4,8.6",),
    "+": ("0,3.6 4,3.6", "2,5.6 2,1.6"),
    "=": ("0,4.8 4,4.8", "0,2.6 4,2.6"),
    "«": ("1.8,5 0,3 1.8,1", "3.8,5 2,3 3.8,1"),
    "»": ("0,5 1.8,3 0,1", "2,5 3.8,3 2,1"),
    "№": ("0,0 0,8 4.4,0 4.4,8", "~6.6,6 5.6,4.6 6.6,3.2 7.6,4.6 6.5,6", "5.6,2 7.6,2"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A letter as strokes in grid units (x right, y up from the base line) and its width."""

    strokes: tuple[FloatArray, ...]
    width: float


def _curve(points: FloatArray, steps: int = 7) -> FloatArray:
    """Return a Catmull-Rom curve through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True)
    ]
    return np.vstack([*pieces, points[-1:]])


def _read(stroke: str) -> FloatArray:
    points = np.array([[float(v) for v in pair.split(",")] for pair in stroke.lstrip("~").split()])
    return _curve(points) if stroke.startswith("~") else points


@cache
def glyph(letter: str) -> Glyph:
    """Return the strokes of one letter.

    Raises
    ------
    KeyError
        The alphabet has no such letter.
    """
    scale = 1.0
    drawn = _CAPITALS.get(letter) or _SMALL_LETTERS.get(letter) or _SIGNS.get(letter)
    if drawn is None:
        drawn, scale = _CAPITALS[letter.upper()], _SMALL
    strokes = tuple(_read(stroke) * scale for stroke in drawn)
    return Glyph(strokes, float(max(stroke[:, 0].max() for stroke in strokes)))


def letters() -> frozenset[str]:
    """Return every letter and sign that can be written, besides the space."""
    return frozenset(_CAPITALS) | {letter.lower() for letter in _CAPITALS} | frozenset(_SIGNS)
