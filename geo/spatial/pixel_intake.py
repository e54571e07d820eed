"""Shapes that a person draws on a picture: pixels, x right, y down, taken in by one stated policy.

======================================  ============================================================
what comes in                           what is done
======================================  ============================================================
not GeoJSON, a collection, no shape     refused
not a number, more than 10,000 corners  refused
outside the picture                     refused; up to two pixels beyond its edge is on it
heights                                 dropped
areas that cross themselves             repaired, with a warning; refused where nothing is left
no area or no length                    refused
======================================  ============================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.i18n import Text
from geo.spatial.crossings import crosses_too_often

__all__ = ["MOST_CORNERS", "take_pixels"]

MOST_CORNERS: Final = 10_000
_TYPES = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"})
_BEYOND_PX = 2.0
"""How far a finger at the very edge may be beyond it."""


def take_pixels(value: Mapping[str, Any], size: tuple[int, int]) -> tuple[BaseGeometry, tuple[Text, ...]]:
    """Read a GeoJSON geometry whose coordinates are pixels of a picture, by the policy of this module.

    Parameters
    ----------
    value
        The geometry.
    size
        Width and height of the picture.

    Raises
    ------
    Refused
        By the policy; the message says what to do.
    """
    if value.get("type") not in _TYPES:
        raise Refused("geometry.unknown_type", type=str(value.get("type"))[:40], allowed=", ".join(sorted(_TYPES)))
    try:
        text = json.dumps(value, allow_nan=False)
        shape = shapely.force_2d(shapely.from_geojson(text)) if len(text) < 100 * MOST_CORNERS else None
    except (GEOSException, ShapelyError, ValueError, TypeError, RecursionError) as error:
        raise Refused("geometry.unreadable") from error
    if shape is None or shapely.count_coordinates(shape) > MOST_CORNERS:
        raise Refused("decisions.too_many_corners", most=MOST_CORNERS)
    if shape.is_empty:
        raise Refused("geometry.empty")
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        raise Refused("geometry.unreadable")
    if (corners < -_BEYOND_PX).any() or (corners > np.array(size) + _BEYOND_PX).any():
        raise Refused("decisions.outside_sheet", width=size[0], height=size[1])
    shape = shapely.transform(shape, lambda xy: np.clip(xy, 0, size))
    warnings: tuple[Text, ...] = ()
    if not shape.is_valid:
        if crosses_too_often(shape):
            raise Refused("geometry.crosses_too_often")
        repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if repaired.is_empty or shapely.get_dimensions(repaired) != shapely.get_dimensions(shape):
            raise Refused("geometry.nothing_left")
        shape, warnings = repaired, (Text("geometry.repaired"),)
    if (shapely.get_dimensions(shape) == 1 and not shape.length) or (
        shapely.get_dimensions(shape) == 2 and not shape.area
    ):
        raise Refused("geometry.nothing_left")
    return shape, warnings
