"""Sizes of paper and what of it carries marks: ISO 216 sheets with a margin all round."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Margin", "Orientation", "PaperSize"]


class PaperSize(StrEnum):
    """ISO 216 A series. The order is part of the sheet code and never changes."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"

    def size_mm(self, orientation: Orientation) -> tuple[float, float]:
        """Return width and height in millimetres.

        >>> PaperSize.A1.size_mm(Orientation.LANDSCAPE)
        (841.0, 594.0)
        """
        short, long = _SIDES_MM[self]
        return (short, long) if orientation is Orientation.PORTRAIT else (long, short)

    @property
    def margin(self) -> Margin:
        """What lies between the edge of the paper and the frame."""
        return _MARGINS[self]


class Orientation(StrEnum):
    """Which side of the paper is up. The order is part of the sheet code."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Margin:
    """Widths of the margin in millimetres. Office printers leave about 4.5 mm at the edge blank."""

    side: float
    """Left, right and top, edge of the paper to the frame."""
    bottom: float
    """Bottom; wider, for the key."""
    mark: float
    """Side of a mark."""
    edge: float = 5.0
    """Edge of the paper to the marks."""


_SIDES_MM = {
    PaperSize.A0: (841.0, 1189.0),
    PaperSize.A1: (594.0, 841.0),
    PaperSize.A2: (420.0, 594.0),
    PaperSize.A3: (297.0, 420.0),
    PaperSize.A4: (210.0, 297.0),
}
# On A1 and larger the frame keeps more than 85 % of the paper. Marks are as large as that allows: they are
# read from a photo of the whole sheet, where a millimetre of A0 is three pixels.
_MARGINS = {
    PaperSize.A0: Margin(side=30.0, bottom=40.0, mark=21.0),
    PaperSize.A1: Margin(side=24.0, bottom=32.0, mark=16.0),
    PaperSize.A2: Margin(side=23.0, bottom=32.0, mark=15.0),
    PaperSize.A3: Margin(side=20.0, bottom=30.0, mark=12.0),
    PaperSize.A4: Margin(side=18.0, bottom=28.0, mark=10.0),
}
