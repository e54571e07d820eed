"""Geometries in conditions: read from a filter or a box, bound as the engine takes them, and asked of by its index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Double, LargeBinary, Text, and_, column, func, literal, select, table, union_all

from geo.database.geopackage import spatial_index_name
from geo.errors import Refused
from geo.models.types import WGS84_SRS
from geo.repositories.collections.collection import Collection
from geo.spatial import geopackage_binary
from geo.spatial.crossings import crosses_too_often
from geo.spatial.reference_systems import CRS84, ReferenceSystem, to_stored

__all__ = ["Store", "area_of_box", "near", "sides_of_box"]

Box = tuple[float, float, float, float]
_MOST_VERTICES = 5_000
_MOST_BOXES = 8


class Store(StrEnum):
    """The engine that a condition is for."""

    POSTGIS = "postgis"
    GEOPACKAGE = "geopackage"

    def bind(self, area: BaseGeometry) -> ColumnElement[Any]:
        """Return a longitude latitude geometry as a bound value."""
        if self is Store.GEOPACKAGE:
            return literal(geopackage_binary.encode(area, srs_id=WGS84_SRS), LargeBinary)
        text = shapely.to_wkb(shapely.set_srid(area, WGS84_SRS), hex=True, include_srid=True)
        return func.ST_GeomFromEWKB(func.decode(literal(text, Text), literal("hex", Text)))

    def holds(self, predicate: str, collection: Collection, area: BaseGeometry) -> ColumnElement[bool]:
        """Return the condition that a predicate holds between a row's geometry and an area, by the spatial index."""
        holds: ColumnElement[bool] = getattr(func, predicate)(collection.geometry, self.bind(area))
        if self is Store.POSTGIS:
            # ST_Disjoint alone has no index; the functions answer a truth value there.
            return holds
        asked = holds == 1
        if predicate == "ST_Disjoint" or not collection.indexes:
            return asked
        return and_(near(collection, area), asked)

    def read_geometry(self, node: Mapping[str, Any], system: ReferenceSystem) -> BaseGeometry:
        """Return a geometry of a filter as longitude latitude.

        Raises
        ------
        Refused
            It is none, is too large, or lies nowhere.
        """
        if isinstance(node.get("bbox"), list):
            return area_of_box([float(one) for one in node["bbox"]], system)
        try:
            shape = shapely.from_geojson(json.dumps(dict(node), allow_nan=False))
        except (shapely.errors.ShapelyError, ValueError, TypeError, RecursionError) as error:
            raise Refused("ogc.filter_geometry") from error
        if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
            raise Refused("ogc.filter_geometry")
        if shapely.count_coordinates(shape) > _MOST_VERTICES:
            raise Refused("ogc.filter_too_long", most=_MOST_VERTICES)
        placed = to_stored(shapely.force_2d(shape), system, densify=True)
        _check_degrees(placed.bounds)
        if placed.is_valid:
            return placed
        if crosses_too_often(placed):
            raise Refused("geometry.crosses_too_often")
        # What the pen crosses itself in has no inside that two engines agree on.
        return shapely.make_valid(placed)


def near(collection: Collection, area: BaseGeometry) -> ColumnElement[bool]:
    """Return the condition that the R-tree of a GeoPackage finds a row near an area."""
    parts = list(shapely.get_parts(area)) if area.geom_type == "MultiPolygon" else [area]
    boxes = [shapely.box(*part.bounds) for part in (parts if len(parts) <= _MOST_BOXES else [area])]
    found = []
    for index in collection.indexes:
        tree = table(spatial_index_name(index.table), *map(column, ("id", "minx", "maxx", "miny", "maxy")))
        for box in boxes:
            west, south, east, north = (literal(side, Double) for side in box.bounds)
            key: Any = tree.c.id * index.factor + index.offset if index.factor != 1 or index.offset else tree.c.id
            found.append(
                select(key).where(tree.c.maxx >= west, tree.c.minx <= east, tree.c.maxy >= south, tree.c.miny <= north)
            )
    return collection.key.in_(found[0] if len(found) == 1 else union_all(*found))


def area_of_box(corners: list[float], system: ReferenceSystem = CRS84) -> BaseGeometry:
    """Return a box as an area in longitude latitude.

    Parameters
    ----------
    corners
        Four numbers, or six with heights, which are passed by: lower corner first, in the system's axis order. In
        degrees a west that is greater than the east means across the antimeridian (OGC 17-069r4, clause 7.15.3).
    system
        Of the corners.

    Raises
    ------
    Refused
        They are no box.
    """
    west, south, east, north = sides_of_box(corners, system)
    if not system.geographic:
        area = to_stored(shapely.box(west, south, east, north), system, densify=True)
        _check_degrees(area.bounds)
        return area
    if west > east:
        return shapely.union_all([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])
    return shapely.box(west, south, east, north)


def sides_of_box(corners: list[float], system: ReferenceSystem = CRS84) -> Box:
    """Return west, south, east and north of a box in its own system; parameters and errors as in `area_of_box`."""
    if len(corners) == 6:
        corners = [*corners[:2], *corners[3:5]]
    if len(corners) != 4 or not all(-1e9 < corner < 1e9 for corner in corners):  # so is none that is not a number
        raise Refused("ogc.bad_box")
    west, south, east, north = corners
    if system.flipped:
        west, south, east, north = south, west, north, east
    if south > north or (west > east and not system.geographic):
        raise Refused("ogc.bad_box")
    if system.geographic:
        _check_degrees((min(west, east), south, max(west, east), north))
    return west, south, east, north


def _check_degrees(bounds: tuple[float, ...]) -> None:
    west, south, east, north = bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Refused("ogc.bad_box")
