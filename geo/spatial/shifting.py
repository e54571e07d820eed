"""How far a geometry moved, and moving it: in metres on the ground, lon lat in degrees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod
from shapely.geometry.base import BaseGeometry

from geo.spatial.measuring import WGS84, project, utm_epsg

__all__ = ["moved_to", "shift_m"]

FloatArray = npt.NDArray[np.float64]
_GEOD = Geod(ellps="WGS84")


def shift_m(before: BaseGeometry, after: BaseGeometry) -> tuple[float, float]:
    """Return how far a lon lat geometry moved, in metres: its middle, and the part that moved most.

    Geodesic. Where both have the same vertices, in number, these are compared one by one; a placement that
    bends lines adds vertices, and then it is the largest distance between the two outlines (Hausdorff), which
    does not see a line slide along itself.

    >>> from shapely import Point
    >>> [round(metres) for metres in shift_m(Point(78, 42), Point(78, 42.001))]
    [111, 111]
    """
    middles = [shape.centroid for shape in (before, after)]
    (middle,) = _apart(*(np.array([[point.x, point.y]]) for point in middles))
    old, new = shapely.get_coordinates(before), shapely.get_coordinates(after)
    if len(old) == len(new):
        return float(middle), max(float(_apart(old, new).max()), float(middle))
    zone = CRS.from_epsg(utm_epsg(middles[0].x, middles[0].y))
    first, second = (project(shape, source=WGS84, target=zone) for shape in (before, after))
    return float(middle), max(float(shapely.hausdorff_distance(first, second)), float(middle))


def moved_to(geometry: BaseGeometry, lon: float, lat: float) -> BaseGeometry:
    """Return a lon lat geometry with its middle at another place; size and direction stay, in the UTM zone there.

    >>> from shapely import box
    >>> there = moved_to(box(78.0, 42.0, 78.01, 42.01), 78.5, 42.5).centroid
    >>> round(there.x, 6), round(there.y, 6)
    (78.5, 42.5)
    """
    zone = CRS.from_epsg(utm_epsg(lon, lat))
    flat = project(geometry, source=WGS84, target=zone)
    start, end = (project(place, source=WGS84, target=zone) for place in (geometry.centroid, shapely.Point(lon, lat)))
    offset = shapely.get_coordinates(end)[0] - shapely.get_coordinates(start)[0]
    moved: BaseGeometry = shapely.transform(flat, lambda xy: xy + offset)
    return project(moved, source=zone, target=WGS84)


def _apart(start: FloatArray, end: FloatArray) -> FloatArray:
    return np.asarray(_GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2], dtype=np.float64)
