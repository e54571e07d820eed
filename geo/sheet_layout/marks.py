"""Where the marks stand in the margin: pairs of a QR code, which says everything, and an ArUco marker.

The code is read from near or from a sharp photo; the marker beside it has fewer, larger modules, is found
in a blurred or slanted one, and its corners are exact. A pair on each of three sides is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.sheet_layout.paper import Orientation, PaperSize

__all__ = ["MARKER_DICTIONARY", "Mark", "Rect", "Side", "marks_of"]

MARKER_DICTIONARY: Final = "DICT_5X5_50"
"""Name of the marker dictionary; the id of a marker is the number of its mark."""

Side = str
_GAP = 3.0
"""Blank paper between code and marker, millimetres: more than one module of either."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the paper in millimetres: x right, y down, from the top-left corner of the paper."""

    x: float
    y: float
    width: float
    height: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Top left, top right, bottom right, bottom left."""
        right, bottom = self.x + self.width, self.y + self.height
        return (self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom)

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Mark:
    """One pair in the margin, upright on the paper like the text."""

    number: int
    """From 0, clockwise from the top-left corner."""
    side: Side
    """top, right, bottom or left; corner pairs belong to top and bottom."""
    code: Rect
    """The QR symbol without its quiet zone."""
    marker: Rect
    """The ArUco marker with its black border."""


def marks_of(paper: PaperSize, orientation: Orientation) -> tuple[Mark, ...]:
    """Return the marks of a sheet, clockwise from the top-left corner.

    >>> marks = marks_of(PaperSize.A1, Orientation.LANDSCAPE)
    >>> len(marks), {mark.side for mark in marks} == {"top", "right", "bottom", "left"}
    (12, True)
    """
    width, height = paper.size_mm(orientation)
    margin = paper.margin
    side, edge = margin.mark, margin.edge
    long = 2 * side + _GAP
    across = max(2, round(width / (12 * side)))
    down = max(2, round(height / (11 * side)) - 1)
    xs = [edge + place * (width - 2 * edge - long) / (across - 1) for place in range(across)]
    # Between the corner pairs, as far from them as from each other.
    ys = [
        side + 2 * edge + (place + 1) * (height - 4 * edge - 2 * side) / (down + 1) - long / 2 for place in range(down)
    ]
    top, bottom = edge, height - edge - side
    left, right = edge, width - edge - side
    places: list[tuple[Side, Rect, Rect]] = [
        *(("top", Rect(x, top, side, side), Rect(x + side + _GAP, top, side, side)) for x in xs),
        *(("right", Rect(right, y, side, side), Rect(right, y + side + _GAP, side, side)) for y in ys),
        *(("bottom", Rect(x, bottom, side, side), Rect(x + side + _GAP, bottom, side, side)) for x in reversed(xs)),
        *(("left", Rect(left, y, side, side), Rect(left, y + side + _GAP, side, side)) for y in reversed(ys)),
    ]
    return tuple(Mark(number, *place) for number, place in enumerate(places))
