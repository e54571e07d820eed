"""Metres on the ground: UTM zones and geodesic lengths; degrees are never measured."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from shapely.geometry.base import BaseGeometry

__all__ = ["WGS84", "distance_m", "geodesic_m", "project", "utm_epsg"]

WGS84 = CRS.from_epsg(4326)
FloatArray = NDArray[np.float64]
_GEOD = Geod(ellps="WGS84")


def utm_epsg(lon: float, lat: float) -> int:
    """Return the EPSG code of the UTM zone of a place (326xx north, 327xx south); lon lat in degrees.

    >>> utm_epsg(78.2, 42.5)
    32644
    >>> utm_epsg(36.87, -2.32)
    32737
    >>> utm_epsg(180.0, 10.0) == utm_epsg(-180.0, 10.0) == 32601
    True
    """
    zone = int((lon + 180) // 6) % 60 + 1
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=128)
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(geometry: BaseGeometry, *, source: CRS, target: CRS) -> BaseGeometry:
    """Return a geometry in another CRS, x before y in both."""
    turn = _transformer(source, target)
    return shapely.transform(geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])))


def geodesic_m(lon: FloatArray, lat: FloatArray, from_lon: float, from_lat: float) -> FloatArray:
    """Return the geodesic lengths in metres from one place to others, lon lat in degrees; arrays of one shape.

    >>> geodesic_m(np.array([78.0]), np.array([43.0]), 78.0, 42.0).round(-3).tolist()
    [111000.0]
    """
    start = np.full_like(lon, from_lon), np.full_like(lat, from_lat)
    return np.asarray(_GEOD.inv(*start, lon, lat)[2], dtype=np.float64)


def distance_m(first: BaseGeometry, second: BaseGeometry) -> float:
    """Return the shortest distance in metres between two lon lat geometries.

    Measured in the UTM zone of the first; good to some parts in ten thousand within a rayon.
    """
    centre = first.centroid
    zone = CRS.from_epsg(utm_epsg(centre.x, centre.y))
    near = project(first, source=WGS84, target=zone)
    return float(near.distance(project(second, source=WGS84, target=zone)))
