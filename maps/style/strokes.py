"""Line styles: each is a pile of strokes drawn over one another, so every renderer can draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["LINE_STYLES", "Line", "Stroke"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a line.

    Parameters
    ----------
    width
        In pixels of 1/96 inch.
    dash
        Lengths of dash and gap in the same unit; empty for a solid stroke. With flat ends, a short dash of a wide
        stroke makes a tick across the line; with round ends, a dash of almost no length makes a dot.
    round_ends
        Round instead of flat ends.
    paper
        Drawn in the colour of the paper, to open a line into two.
    """

    width: float
    dash: tuple[float, ...] = ()
    round_ends: bool = True
    paper: bool = False


class Line(StrEnum):
    """Line styles by the look of the line."""

    BROAD_DOUBLE = "broad_double"
    SOLID = "solid"
    RAILED = "railed"
    TICKED = "ticked"
    BEADED = "beaded"
    LONG_DASH = "long_dash"
    DOUBLE = "double"
    BROAD = "broad"
    PLAIN = "plain"
    DOTTED = "dotted"
    SHORT_DASH = "short_dash"


LINE_STYLES: Mapping[Line, tuple[Stroke, ...]] = MappingProxyType(
    {
        Line.BROAD_DOUBLE: (Stroke(8), Stroke(4.5, paper=True)),
        Line.SOLID: (Stroke(3),),
        Line.RAILED: (Stroke(11, round_ends=False), Stroke(7, round_ends=False, paper=True), Stroke(2.5)),
        Line.TICKED: (Stroke(1.5), Stroke(9, dash=(1.75, 14), round_ends=False)),
        Line.BEADED: (Stroke(1.25, dash=(4, 4)), Stroke(6.5, dash=(0.1, 16))),
        Line.LONG_DASH: (Stroke(3, dash=(12, 6), round_ends=False),),
        Line.DOUBLE: (Stroke(5.5), Stroke(2.25, paper=True)),
        Line.BROAD: (Stroke(5),),
        Line.PLAIN: (Stroke(2),),
        Line.DOTTED: (Stroke(5, dash=(0.1, 9)),),
        Line.SHORT_DASH: (Stroke(3, dash=(6, 5), round_ends=False),),
    }
)
