"""Whether something drawn is a printed object drawn anew: of the same form, near it, and of about its size."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

__all__ = ["likeness_mm"]

_NEAR_MM = 28.0
"""On A1; what is farther from an object is another one."""
_SIGN_MM = 40.0
"""Signs are drawn anew farther off: there is nothing along which to draw."""
_LARGEST_SIGN_MM = 35.0
_SIZES = (0.45, 2.2)
"""Length of a line drawn anew, or the root of an area, over that of the printed one."""
_STEPS = 40


def likeness_mm(drawn: BaseGeometry, printed: BaseGeometry, *, sign_mm: float, unit: float) -> float | None:
    """Return how far something drawn lies from a printed object that it may be; None where it cannot.

    Parameters
    ----------
    drawn, printed
        Paper mm.
    sign_mm
        Width of the printed sign; 0 for lines and areas.
    unit
        Size of the paper over that of A1: what is near on A1 is far on A4.
    """
    if sign_mm:
        return _of_signs(drawn, printed, unit)
    if printed.area > 0:
        return _of_areas(drawn, printed, unit)
    return _of_lines(drawn, printed, unit)


def _of_signs(drawn: BaseGeometry, printed: BaseGeometry, unit: float) -> float | None:
    left, top, right, bottom = drawn.bounds
    is_small = max(right - left, bottom - top) <= _LARGEST_SIGN_MM * max(unit, 0.5)
    if not is_small or drawn.geom_type == "LineString":
        return None
    away = float(drawn.centroid.distance(printed))
    return away if away <= _SIGN_MM * unit else None


def _of_areas(drawn: BaseGeometry, printed: BaseGeometry, unit: float) -> float | None:
    if drawn.area == 0:
        return None
    ratio = float(np.sqrt(drawn.area / printed.area))
    away = float(drawn.centroid.distance(printed.centroid))
    overlap = drawn.buffer(0).intersection(printed.buffer(0)).area / min(drawn.area, printed.area)
    if not _SIZES[0] <= ratio <= _SIZES[1] or (overlap < 0.3 and away > _NEAR_MM * unit):
        return None
    return away


def _of_lines(drawn: BaseGeometry, printed: BaseGeometry, unit: float) -> float | None:
    if not isinstance(drawn, LineString) or printed.length == 0:
        return None
    if not _SIZES[0] <= drawn.length / printed.length <= _SIZES[1]:
        return None
    along = np.linspace(0, 1, _STEPS)
    on_drawn = shapely.line_interpolate_point(drawn, along, normalized=True)
    longest: LineString = max(shapely.get_parts(printed), key=lambda part: part.length)
    on_printed = shapely.line_interpolate_point(longest, along, normalized=True)
    away = max(float(shapely.distance(on_drawn, printed).mean()), float(np.median(shapely.distance(on_printed, drawn))))
    return away if away <= _NEAR_MM * unit else None
