"""Several places as one geometry."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

__all__ = ["gather"]

_MULTI = {"Point": "multipoints", "LineString": "multilinestrings", "Polygon": "multipolygons"}


def gather(shapes: Iterable[BaseGeometry | None]) -> BaseGeometry | None:
    """Return the parts of several geometries as one, each part once; None where there is none.

    Nothing is dissolved: two areas that overlap stay two. A single part stays what it is, parts of one type make its
    Multi type, and others a collection.

    >>> from shapely.geometry import Point
    >>> gather([Point(1, 2), None, Point(1, 2), Point(3, 4)]).wkt
    'MULTIPOINT ((1 2), (3 4))'
    """
    parts: dict[bytes, BaseGeometry] = {}
    for shape in shapes:
        if shape is not None:
            for part in _flat(shape):
                parts.setdefault(shapely.to_wkb(part), part)
    found = list(parts.values())
    if len(found) <= 1:
        return found[0] if found else None
    kinds = {part.geom_type for part in found}
    if len(kinds) == 1 and (make := _MULTI.get(kinds.pop())):
        gathered: BaseGeometry = getattr(shapely, make)(found)
        return gathered
    return GeometryCollection(found)


def _flat(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in getattr(shape, "geoms", (shape,)):
        if hasattr(part, "geoms"):
            yield from _flat(part)
        elif not part.is_empty:
            yield part
