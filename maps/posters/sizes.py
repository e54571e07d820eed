"""Sizes of type and of everything that grows with it, by paper.

A capital is 0.714 of the size of Noto Sans, and is to have 3 mm for each metre from which it is read: on A1, 24 points
are capitals of 6 mm, read from 2 m, and 20 points capitals of 5 mm, read from 1.7 m. An A3 poster is read from a metre.
Only credits are smaller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.sheet_layout import PaperSize

__all__ = ["PAPERS", "TypeSizes", "sizes_of"]


@dataclass(frozen=True, slots=True)
class TypeSizes:
    """Sizes in points."""

    title: float
    heading: float
    body: float
    detail: float
    """The smallest of what people are to read, and the names on the map."""
    credit: float

    @property
    def unit(self) -> float:
        """How much larger than on A1 everything else is."""
        return self.body / 24

    @property
    def pixel_mm(self) -> float:
        """Millimetres of a pixel of the style table: on A1 a sign of 36 pixels is 13 mm wide, and read from 2 m."""
        return 0.36 * self.unit


_SIZES: Mapping[PaperSize, TypeSizes] = MappingProxyType(
    {
        PaperSize.A0: TypeSizes(title=116, heading=54, body=31, detail=26, credit=13),
        PaperSize.A1: TypeSizes(title=88, heading=42, body=24, detail=20, credit=10),
        PaperSize.A2: TypeSizes(title=64, heading=31, body=17.5, detail=15, credit=8),
        PaperSize.A3: TypeSizes(title=44, heading=21, body=12.5, detail=10.5, credit=6.5),
    }
)
PAPERS = tuple(_SIZES)
"""Papers of a poster."""


def sizes_of(paper: PaperSize) -> TypeSizes:
    """Return the sizes on a paper.

    >>> sizes_of(PaperSize.A1).detail
    20
    """
    return _SIZES[paper]
