"""Rows whose envelope meets a box, by the spatial index of either engine and alike on both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Double, and_, column, func, literal, or_, select, table
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.models import Record
from geo.models.types import WGS84_SRS

__all__ = ["Bounds", "meets_box", "on_geopackage"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees; west greater than east: across the antimeridian."""


def on_geopackage(session: Session) -> bool:
    """Return whether a session's store is the embedded one."""
    return session.get_bind().dialect.name == "sqlite"


def meets_box(model: type[Record], bounds: Bounds, *, geopackage: bool) -> ColumnElement[bool]:
    """Return the condition that a row's envelope meets a box, edges included."""
    west, south, east, north = bounds
    if west > east:  # RFC 7946, clause 5.2
        return or_(
            meets_box(model, (west, south, 180.0, north), geopackage=geopackage),
            meets_box(model, (-180.0, south, east, north), geopackage=geopackage),
        )
    shape: Any = model.geometry  # type: ignore[attr-defined]
    sides = [literal(side, Double) for side in bounds]
    if geopackage:
        index = table(spatial_index_name(model.__tablename__), *map(column, ("id", "minx", "maxx", "miny", "maxy")))
        near: ColumnElement[bool] = model.fid.in_(
            select(index.c.id).where(
                index.c.maxx >= sides[0], index.c.minx <= sides[2], index.c.maxy >= sides[1], index.c.miny <= sides[3]
            )
        )
        corners = func.ST_MaxX(shape), func.ST_MinX(shape), func.ST_MaxY(shape), func.ST_MinY(shape)
    else:
        near = shape.op("&&")(func.ST_MakeEnvelope(*sides, WGS84_SRS))
        corners = func.ST_XMax(shape), func.ST_XMin(shape), func.ST_YMax(shape), func.ST_YMin(shape)
    # Both indexes keep corners as 32-bit floats, rounded outwards each in its own way; the exact corners make the two
    # engines give the same rows.
    max_x, min_x, max_y, min_y = corners
    return and_(near, max_x >= west, min_x <= east, max_y >= south, min_y <= north)
