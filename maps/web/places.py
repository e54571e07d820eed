"""Where signs stand: on their lines and areas, and beside each other where several would cover one another."""

from __future__ import annotations

from math import isfinite

from shapely import force_2d
from shapely.geometry import GeometryCollection, LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.web.feature_marks import parts_of

__all__ = ["Slots", "in_row", "sign_point", "with_sign"]

_STEP = 40
"""Pixels from one sign to the next."""
_SAME_PLACE = 4
"""Decimals of a degree to which two places are one: some 10 m."""


def sign_point(geometry: BaseGeometry | None) -> Point | None:
    """Return where the sign of something stands: halfway along its longest line, inside its largest area.

    Parameters
    ----------
    geometry
        EPSG:4326; None or an empty one has no place.
    """
    if geometry is None or geometry.is_empty or not all(map(isfinite, geometry.bounds)):
        return None
    parts = list(parts_of(geometry))
    if not parts:
        return None
    largest = max(parts, key=lambda part: (part.area, part.length))
    if isinstance(largest, Point):
        return largest
    if isinstance(largest, LineString):
        return force_2d(largest.interpolate(0.5, normalized=True))
    return largest.representative_point()


def with_sign(geometry: BaseGeometry, at: Point) -> BaseGeometry:
    """Return lines and areas together with the point of their sign; of points that point alone."""
    drawn = [part for part in parts_of(geometry) if isinstance(part, LineString | Polygon)]
    return GeometryCollection([at, *drawn]) if drawn else at


class Slots:
    """Hands out shifts in pixels to signs that stand at one place: the first stays, the others stand around it."""

    def __init__(self) -> None:
        self._taken: dict[tuple[float, float], int] = {}

    def shift(self, at: Point) -> tuple[int, int] | None:
        """Return the shift of the next sign at a place, right and down; None for the first."""
        key = (round(at.x, _SAME_PLACE), round(at.y, _SAME_PLACE))
        number = self._taken.get(key, 0)
        self._taken[key] = number + 1
        if not number:
            return None
        ring, place = divmod(number - 1, len(_AROUND))
        right, down = _AROUND[place]
        return right * (ring + 1), down * (ring + 1)


_AROUND = ((_STEP, 0), (-_STEP, 0), (0, _STEP), (_STEP, _STEP), (-_STEP, _STEP), (_STEP, -_STEP), (-_STEP, -_STEP))


def in_row(number: int, many: int, *, down: int = 46, step: int = 46, most: int = 3) -> tuple[int, int]:
    """Return the shift of a sign in rows under a place, each row centred."""
    row, place = divmod(number, most)
    length = min(most, many - row * most)
    return round((place - (length - 1) / 2) * step), down + row * step
