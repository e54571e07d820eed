"""Metres on the ground: UTM zones and geodesic lengths; degrees are never measured."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from shapely.geometry.base import BaseGeometry

__all__ = ["WGS84", "area_m2", "distance_m", "geodesic_m", "length_m", "project", "to_wgs84", "utm_crs"]

WGS84 = CRS.from_epsg(4326)
FloatArray = NDArray[np.float64]
_GEOD = Geod(ellps="WGS84")


@lru_cache(maxsize=128)
def utm_crs(lon: float, lat: float) -> CRS:
    """Return the UTM zone of a place (EPSG:326xx north, 327xx south).

    >>> utm_crs(78.2, 42.5).to_epsg()
    32644
    >>> utm_crs(36.87, -2.32).to_epsg()
    32737
    """
    zone = min(int((lon + 180) // 6) + 1, 60)
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


@lru_cache(maxsize=128)
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(geometry: BaseGeometry, *, source: CRS, target: CRS) -> BaseGeometry:
    """Return a geometry in another CRS, x before y in both."""
    turn = _transformer(source, target)
    return shapely.transform(geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])))


def to_wgs84(geometry: BaseGeometry, *, source: CRS) -> BaseGeometry:
    """Return a geometry as EPSG:4326, lon lat."""
    return project(geometry, source=source, target=WGS84)


def length_m(geometry: BaseGeometry) -> float:
    """Return the geodesic length in metres of a lon lat geometry."""
    return float(abs(_GEOD.geometry_length(geometry)))


def area_m2(geometry: BaseGeometry) -> float:
    """Return the geodesic area in square metres of a lon lat geometry."""
    return float(abs(_GEOD.geometry_area_perimeter(geometry)[0]))


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
    zone = utm_crs(centre.x, centre.y)
    near = project(first, source=WGS84, target=zone)
    return float(near.distance(project(second, source=WGS84, target=zone)))
