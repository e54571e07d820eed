"""Which ground the map of a poster shows, and at which scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.sheet_layout import Rect
from maps.print.ground import MapWindow

__all__ = ["Reach", "reach_of", "window_over"]

FloatArray = npt.NDArray[np.float64]
_NEAR_M = 2500.0
"""A village is never taken to be smaller than this around its middle."""
_FAR = 3.0
"""What lies further from the middle than so many times what most places do is not on the map."""
_MOST = 80
"""Percentile of the distances that counts as most places."""
_LEAST_M = 400.0
"""A map shows at least so much from side to side."""
_SCALES = (*range(100, 200, 10), *range(200, 400, 25), *range(400, 1000, 50))
_LARGEST = 5_000_000
_EARTH_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Reach:
    """A circle on the ground: what lies in it belongs on the map."""

    centre: tuple[float, float]
    """Lon lat."""
    radius_m: float

    def holds(self, geometry: BaseGeometry) -> bool:
        """Tell whether a place is on the map: some point of it that stands for it."""
        if geometry.is_empty:
            return False
        at = geometry.representative_point()
        return bool(self.distances_m(np.array([[at.x, at.y]]))[0] <= self.radius_m)

    def distances_m(self, lonlat: FloatArray) -> FloatArray:
        """Return distances from the centre, metres, exact enough to tell near from far."""
        lon, lat = self.centre
        east = (lonlat[:, 0] - lon) * math.cos(math.radians(lat)) * _EARTH_M
        north = (lonlat[:, 1] - lat) * _EARTH_M
        return np.asarray(np.hypot(east, north), np.float64)


def reach_of(places: Iterable[BaseGeometry], *, about: tuple[float, float]) -> Reach:
    """Return where most places lie: a slip of the pen far away does not make the village small.

    Parameters
    ----------
    places
        In degrees, lon lat.
    about
        Middle of the village, for one without places; lon lat.
    """
    points = [one.representative_point() for one in places if not one.is_empty]
    found = np.array(
        [[one.x, one.y] for one in points if math.isfinite(one.x) and math.isfinite(one.y)] or [list(about)]
    )
    middle = np.median(found, axis=0)
    around = Reach((float(middle[0]), float(middle[1])), 0.0)
    return Reach(around.centre, max(_NEAR_M, _FAR * float(np.percentile(around.distances_m(found), _MOST))))


def window_over(frame: Rect, places: Sequence[BaseGeometry], reach: Reach, *, rim_mm: float) -> MapWindow:
    """Return the frame over the places in reach, at the largest round scale at which they fit.

    Parameters
    ----------
    frame
        On the paper.
    places
        In degrees, lon lat.
    reach
        What of them counts.
    rim_mm
        Room for signs and names between the outermost place and the frame.
    """
    corners = np.concatenate([*(shapely.get_coordinates(one) for one in places), [reach.centre]])
    corners = corners[np.isfinite(corners).all(axis=1)]
    corners = corners[reach.distances_m(corners) <= reach.radius_m]
    if not len(corners):
        corners = np.array([reach.centre])
    low, high = corners.min(axis=0), corners.max(axis=0)
    centre = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    for scale in _round_scales():
        window = MapWindow(frame, centre, scale)
        shown = window.from_lonlat(corners)
        inside = Rect(frame.x + rim_mm, frame.y + rim_mm, frame.width - 2 * rim_mm, frame.height - 2 * rim_mm)
        wide = min(frame.width, frame.height) * scale / 1000 >= _LEAST_M
        fits = (shown >= [inside.x, inside.y]).all() and (shown <= [inside.right, inside.bottom]).all()
        if wide and fits:
            return window
    return MapWindow(frame, centre, _LARGEST)


def _round_scales() -> Iterator[int]:
    power = 1
    while _SCALES[0] * power <= _LARGEST:
        yield from (digits * power for digits in _SCALES)
        power *= 10
