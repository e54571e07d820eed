"""Geometries that people and programs hand in: repaired, refused or warned about by one stated policy.

======================================  ==========================================================
what comes in                           what is done
======================================  ==========================================================
not GeoJSON, an unknown or curved type  refused
no coordinates at all, not a number     refused
outside longitude ±180, latitude ±90    refused: it is probably not in degrees
more than 100,000 vertices              refused: to be simplified first
wider than 180 degrees                  refused: it would cross the antimeridian
heights                                 dropped, with a warning
rings that cross themselves             repaired, with a warning; refused where nothing is left
no area or no length                    refused
farther than 50 km from its village     kept, with a warning (`geo.services.records.far_places`)
farther than 300 km from its village    refused
======================================  ==========================================================
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import shapely
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.i18n import Text
from geo.spatial.crossings import crosses_too_often

__all__ = ["MOST_VERTICES", "fit_type", "take_geojson", "take_geometry"]

MOST_VERTICES: Final = 100_000
_TYPES = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
)
_MULTI: Mapping[str, Callable[[list[Any]], BaseGeometry]] = {
    "MULTIPOINT": MultiPoint,
    "MULTILINESTRING": MultiLineString,
    "MULTIPOLYGON": MultiPolygon,
}


def take_geojson(value: Mapping[str, Any]) -> tuple[BaseGeometry, tuple[Text, ...]]:
    """Read a GeoJSON geometry (RFC 7946: lon lat in degrees) by the policy of this module.

    Raises
    ------
    Refused
        By the policy; the message says what to do.
    """
    if value.get("type") not in _TYPES:
        raise Refused("geometry.unknown_type", type=str(value.get("type"))[:40], allowed=", ".join(sorted(_TYPES)))
    positions = _count_positions(value)
    if positions > MOST_VERTICES:
        raise Refused("geometry.too_many_vertices", vertices=positions, most=MOST_VERTICES)
    try:
        # A number with too many digits, a nesting too deep or coordinates that are none: all are said alike.
        shape = shapely.from_geojson(json.dumps(value, allow_nan=False))
    except (GEOSException, ShapelyError, ValueError, TypeError, RecursionError) as error:
        raise Refused("geometry.unreadable") from error
    return take_geometry(shape)


def _count_positions(value: Mapping[str, Any]) -> int:
    """Count the positions of a geometry before anything is made of it, and stop where there are too many."""
    found = 0
    left: list[Any] = [value]
    while left and found <= MOST_VERTICES:
        one = left.pop()
        if isinstance(one, Mapping):
            left += [one.get("coordinates"), one.get("geometries")]
        elif isinstance(one, list | tuple) and one:
            if isinstance(one[0], list | tuple | Mapping):
                left += one
            else:
                found += 1
    return found


def take_geometry(shape: BaseGeometry) -> tuple[BaseGeometry, tuple[Text, ...]]:
    """Accept a geometry in degrees, lon lat, by the policy of this module; returns it in two dimensions, with warnings.

    Raises
    ------
    Refused
        By the policy.
    """
    warnings: list[Text] = []
    if shape.is_empty:
        raise Refused("geometry.empty")
    vertices = int(shapely.count_coordinates(shape))
    if vertices > MOST_VERTICES:
        raise Refused("geometry.too_many_vertices", vertices=vertices, most=MOST_VERTICES)
    if shape.has_z:
        shape = shapely.force_2d(shape)
        warnings.append(Text("geometry.height_dropped"))
    west, south, east, north = shape.bounds
    if not all(map(math.isfinite, (west, south, east, north))):
        raise Refused("geometry.unreadable")
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Refused("geometry.not_degrees")
    if east - west > 180:
        raise Refused("geometry.antimeridian")
    if not shape.is_valid:
        if crosses_too_often(shape):
            raise Refused("geometry.crosses_too_often")
        repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if repaired.is_empty or shapely.get_dimensions(repaired) != shapely.get_dimensions(shape):
            raise Refused("geometry.nothing_left")
        shape = repaired
        warnings.append(Text("geometry.repaired"))
    if (shape.geom_type in {"LineString", "MultiLineString"} and not shape.length) or (
        shape.geom_type in {"Polygon", "MultiPolygon"} and not shape.area
    ):
        raise Refused("geometry.nothing_left")
    return shape, tuple(warnings)


def fit_type(shape: BaseGeometry, wanted: str) -> BaseGeometry:
    """Return a geometry as a column of a type holds it: one part becomes a collection of one where that is asked.

    Raises
    ------
    Refused
        It is of another type.
    """
    found = shape.geom_type.upper()
    if wanted in {"GEOMETRY", found}:
        return shape
    if wanted == "MULTI" + found:
        return _MULTI[wanted]([shape])
    raise Refused("geometry.wrong_type", type=shape.geom_type, wanted=wanted.title().replace("string", "String"))
