"""Codes and markers as outlines: squares that touch are joined, so that no printer leaves a gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import segno

from geo.sheet_layout import (
    CODE_CORRECTION,
    KEY_CODE_LARGEST_VERSION,
    MARKER_DICTIONARY,
    KeyCode,
    Rect,
    SheetCode,
    code_modules,
)

__all__ = ["MARKER_MODULES", "Symbol", "key_symbol", "mark_symbol", "marker_symbol"]

MARKER_MODULES = 7
"""Modules of a marker: five of its pattern and a black border."""

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A black symbol on the paper."""

    place: Rect
    """Where it stands, without a quiet zone; a square."""
    modules: int
    """How many modules its side has."""
    rings: tuple[Ring, ...]
    """Outlines in modules from its top-left corner, x right, y down; what an odd number of them encloses is black."""


def mark_symbol(code: SheetCode, place: Rect) -> Symbol:
    """Return the QR symbol of a mark."""
    return _symbol(code_modules(code), place)


def marker_symbol(number: int, place: Rect) -> Symbol:
    """Return the ArUco marker of a mark."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    return _symbol(cv2.aruco.generateImageMarker(dictionary, number, MARKER_MODULES) == 0, place)


def key_symbol(code: KeyCode, place: Rect) -> Symbol:
    """Return the QR symbol of the key; the title is cut short until the modules are as large as those of a mark.

    Raises
    ------
    ValueError
        There are more kinds than such a symbol holds.
    """
    head, title = code.segments
    while True:
        parts: Any = [head, (title, None, "utf-8")] if title else head
        symbol = segno.make_qr(parts, error=CODE_CORRECTION, boost_error=False)
        if int(symbol.version) <= KEY_CODE_LARGEST_VERSION:
            return _symbol(np.array(symbol.matrix, bool), place)
        if not title:
            raise ValueError("too many kinds for the code of a key")
        title = title[:-1].rstrip()


def _symbol(black: npt.NDArray[np.bool_], place: Rect) -> Symbol:
    return Symbol(place, len(black), _outlines(black))


def _outlines(black: npt.NDArray[np.bool_]) -> tuple[Ring, ...]:
    """Return the outlines of what is black, corner to corner.

    The edge of every black square that borders on white, walked clockwise, leads on to the next one; where two
    squares meet at a corner only, it does not matter which way the walk takes.
    """
    wide = np.pad(black, 1)
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (right, down), step in (((0, -1), (1, 0)), ((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1))):
        rows, columns = np.nonzero(wide & ~np.roll(wide, (-down, -right), (0, 1)))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            # Squares are one off for the padding. Clockwise: the upper edge begins left, the right edge above, …
            x, y = column - 1 + (step in {(0, 1), (-1, 0)}), row - 1 + (step in {(-1, 0), (0, -1)})
            ahead.setdefault((x, y), []).append((x + step[0], y + step[1]))
    rings = []
    while ahead:
        start = here = next(iter(ahead))
        walk = []
        while True:
            walk.append(here)
            ways = ahead[here]
            there = ways.pop()
            if not ways:
                del ahead[here]
            here = there
            if here == start:
                break
        rings.append(_corners(walk))
    return tuple(rings)


def _corners(walk: list[tuple[int, int]]) -> Ring:
    around = zip([walk[-1], *walk[:-1]], walk, [*walk[1:], walk[0]], strict=True)
    return tuple((float(x), float(y)) for (x0, y0), (x, y), (x1, y1) in around if not (x0 == x == x1 or y0 == y == y1))
