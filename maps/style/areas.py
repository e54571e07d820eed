"""Area styles: a hatch drawn in the kind's colour over a faint tint of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["AreaStyle", "Hatch"]


class Hatch(StrEnum):
    """Pattern that fills an area, so that it can be told without its colour."""

    NONE = "none"
    DIAGONAL = "diagonal"
    BACK_DIAGONAL = "back_diagonal"
    CROSSED = "crossed"
    FURROWS = "furrows"
    TUFTS = "tufts"
    DENSE_TUFTS = "dense_tufts"
    PEAKS = "peaks"
    TREES = "trees"
    WAVES = "waves"
    DOTS = "dots"
    STONES = "stones"

    @property
    def tile(self) -> int:
        """Width and height of the repeated tile in pixels of 1/96 inch."""
        return _TILES[self][0]

    @property
    def path(self) -> str:
        """SVG path data of one tile, to be stroked; empty for no hatch."""
        return _TILES[self][1]


_TILES: Mapping[Hatch, tuple[int, str]] = MappingProxyType(
    {
        Hatch.NONE: (8, ""),
        Hatch.DIAGONAL: (9, "M-1 10 10-1M-1 1 1-1M8 10l2-2"),
        Hatch.BACK_DIAGONAL: (9, "M-1-1 10 10M8-1l2 2M-1 8l2 2"),
        Hatch.CROSSED: (11, "M-1 12 12-1M-1-1 12 12M-1 1 1-1M10 12l2-2M10-1l2 2M-1 10l2 2"),
        Hatch.FURROWS: (10, "M0 3h10M0 8h10"),
        Hatch.TUFTS: (26, "M7 10V5M7 10 4.5 6.5M7 10l2.5-3.5M20 23v-5M20 23l-2.5-3.5M20 23l2.5-3.5"),
        Hatch.DENSE_TUFTS: (15, "M4 7V3M4 7 2 4.2M4 7l2-2.8M11.5 14v-4M11.5 14l-2-2.8M11.5 14l2-2.8"),
        Hatch.PEAKS: (30, "M4 11l4.5-7 4.5 7M19 26l4.5-7 4.5 7M25 14v-4M25 14l-2-2.8M25 14l2-2.8"),
        Hatch.TREES: (22, "M6 2.5 3 8h6zM6 8v2.5M17 13.5 14 19h6zM17 19v2.5"),
        Hatch.WAVES: (16, "M0 5c2.7-3 5.3-3 8 0s5.3 3 8 0M-8 13c2.7-3 5.3-3 8 0s5.3 3 8 0 5.3-3 8 0 5.3 3 8 0"),
        Hatch.DOTS: (10, "M2.5 2.5h.01M7.5 7.5h.01"),
        Hatch.STONES: (18, "M3 5h4M5 3v4M12 14h4M14 12v4"),
    }
)


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """How an area is filled and outlined.

    Parameters
    ----------
    hatch
        Pattern over the tint.
    tint
        Opacity of the kind's colour under the hatch, 0 to 1.
    outline
        Width of the outline in pixels of 1/96 inch.
    outline_dash
        Dash of the outline; empty for a solid one.
    """

    hatch: Hatch
    tint: float = 0.1
    outline: float = 1.75
    outline_dash: tuple[float, ...] = ()
