"""From a layout in radii to a place on paper in millimetres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geo.domain.venn.drawn import DrawnCircle
from maps.vector import Box
from maps.venn.layout import VennLayout

__all__ = ["Placing", "placing_of", "upright_turn"]

_MOST_RADIUS: Final = 78.0
"""Of the largest circle, in millimetres: one circle alone does not fill the wall."""
_MOST_UNIT: Final = 26.0
"""Of a small circle."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Turn about the middle, millimetres a radius, and where the middle of the drawing comes to lie."""

    turn: float
    unit: float
    dx: float
    dy: float

    def of(self, circle: DrawnCircle) -> DrawnCircle:
        """Return a circle in millimetres on the paper."""
        x, y = _turned(circle, self.turn)
        return DrawnCircle(circle.id, x * self.unit + self.dx, y * self.unit + self.dy, circle.radius * self.unit)


def _turned(circle: DrawnCircle, turn: float) -> tuple[float, float]:
    cos, sin = math.cos(turn), math.sin(turn)
    return circle.x * cos - circle.y * sin, circle.x * sin + circle.y * cos


def _bounds(circles: Sequence[DrawnCircle], turn: float) -> tuple[float, float, float, float]:
    places = [(*_turned(one, turn), one.radius) for one in circles]
    return (
        min(x - r for x, _, r in places),
        min(y - r for _, y, r in places),
        max(x + r for x, _, r in places),
        max(y + r for _, y, r in places),
    )


def upright_turn(layouts: Sequence[VennLayout], area: Box) -> float:
    """Return the turn, in radians, in which the drawings are largest in an area; 0 for a single circle."""

    def unit(turn: float) -> float:
        return min((_unit(one, area, turn) for one in layouts if one.circles), default=1.0)

    turns = [at * math.pi / 36 for at in range(36)]
    return max(turns, key=lambda turn: (round(unit(turn), 6), -turn))


def _unit(layout: VennLayout, area: Box, turn: float) -> float:
    west, north, east, south = _bounds(layout.circles, turn)
    largest = max(one.radius for one in layout.circles)
    return min(area.width / (east - west), area.height / (south - north), _MOST_RADIUS / largest, _MOST_UNIT)


def placing_of(layout: VennLayout, area: Box, *, turn: float, unit: float | None = None) -> Placing:
    """Return how a layout comes to lie in the middle of an area, as large as it can be or as large as is said."""
    if not layout.circles:
        return Placing(turn, 1.0, *area.middle)
    west, north, east, south = _bounds(layout.circles, turn)
    size = unit or _unit(layout, area, turn)
    x, y = area.middle
    return Placing(turn, size, x - size * (west + east) / 2, y - size * (north + south) / 2)
