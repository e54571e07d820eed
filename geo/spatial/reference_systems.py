"""The coordinate reference systems that features are asked for and given in, with their axis order.

Stored geometry is longitude latitude in WGS 84. EPSG:4326 says latitude first, and so does this module when a URI says
EPSG:4326 (OGC 18-058r1, Features part 2, clause 6.1); everything else is x before y.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused

__all__ = ["CRS84", "REFERENCE_SYSTEMS", "ReferenceSystem", "find_reference_system", "from_stored", "to_stored"]

Geometries = NDArray[np.object_]
_STORED = 4326
_EDGE_STEPS = 32
"""Parts that the side of an area is cut into, for a straight line of one system is none of another."""


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """A system by its URI.

    Attributes
    ----------
    uri
        As OGC writes it.
    srid
        EPSG code.
    flipped
        Whether the first ordinate is the northward one.
    decimals
        Digits behind the point that are told: about 0.1 mm.
    geographic
        Whether ordinates are degrees.
    """

    uri: str
    srid: int
    flipped: bool = False
    decimals: int = 4
    geographic: bool = False


CRS84 = ReferenceSystem("http://www.opengis.net/def/crs/OGC/1.3/CRS84", _STORED, decimals=9, geographic=True)
REFERENCE_SYSTEMS: tuple[ReferenceSystem, ...] = (
    CRS84,
    ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/4326", _STORED, flipped=True, decimals=9, geographic=True),
    ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/3857", 3857),
    ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/32643", 32643),
    ReferenceSystem("http://www.opengis.net/def/crs/EPSG/0/32644", 32644),
)
"""Kyrgyzstan lies in UTM zones 42 to 44; its inhabited east and middle in 43 and 44."""

_BY_URI = {system.uri: system for system in REFERENCE_SYSTEMS}
_BY_CODE = {"OGC:CRS84": CRS84} | {f"EPSG:{system.srid}": system for system in REFERENCE_SYSTEMS[1:]}
_URI = re.compile(r"https?://(?:www\.)?opengis\.net/def/crs/(.+)")


def find_reference_system(name: str) -> ReferenceSystem:
    """Return a system by its URI or safe CURIE.

    >>> find_reference_system("[EPSG:32644]").srid
    32644

    Raises
    ------
    Refused
        It is none of those offered.
    """
    wanted = name.strip()
    found = _URI.fullmatch(wanted)
    system = _BY_URI.get(f"http://www.opengis.net/def/crs/{found[1]}") if found else None
    system = system or _BY_CODE.get(wanted.strip("[]"))
    if system is None:
        raise Refused("crs.unknown", crs=wanted[:80], known=", ".join(_BY_CODE))
    return system


def from_stored(geometries: Geometries, system: ReferenceSystem) -> Geometries:
    """Return longitude latitude geometries in another system, in its axis order and rounded to its decimals."""

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        if system.srid != _STORED:
            xy = np.column_stack(_transformer(_STORED, system.srid).transform(xy[:, 0], xy[:, 1]))
        if system.flipped:
            xy = xy[:, ::-1]
        return np.round(xy, system.decimals)

    turned: Geometries = shapely.transform(geometries, turn)
    return turned


def to_stored(geometry: BaseGeometry, system: ReferenceSystem, *, densify: bool = False) -> BaseGeometry:
    """Return a geometry given in a system as longitude latitude.

    Parameters
    ----------
    densify
        For areas to search in: their sides are bent as the other system bends them.

    Raises
    ------
    Refused
        It lies where the system is not defined.
    """
    if system == CRS84:
        return geometry
    if densify and system.srid != _STORED and not geometry.is_empty:
        west, south, east, north = geometry.bounds
        longest = max(east - west, north - south)
        if longest > 0:
            geometry = shapely.segmentize(geometry, longest / _EDGE_STEPS)

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        if system.flipped:
            return xy[:, ::-1]
        return np.column_stack(_transformer(system.srid, _STORED).transform(xy[:, 0], xy[:, 1]))

    turned: Any = shapely.transform(geometry, turn)
    if not np.isfinite(shapely.get_coordinates(turned)).all():
        raise Refused("crs.outside", crs=f"EPSG:{system.srid}")
    return turned  # type: ignore[no-any-return]


@lru_cache(maxsize=16)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
