"""Where on the ground the objects of a store lie."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.models import MapFeature

__all__ = ["schema_of_store", "store_extent"]

_ALL = "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {index}"
_OF_VILLAGE = (
    "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {index} "
    "JOIN map_feature ON map_feature.fid = {index}.id "
    "WHERE map_feature.settlement_id = :settlement AND map_feature.withdrawn_at IS NULL"
)
_POSTGIS = (
    "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM ("
    "SELECT ST_Extent(geometry) AS box FROM map_feature WHERE withdrawn_at IS NULL{only}) AS found"
)


def schema_of_store(session: Session) -> str:
    """Return the schema of a database in which the tables and views of the store are."""
    return str(session.execute(text("SELECT current_schema()")).scalar_one())


def store_extent(session: Session, settlement_id: UUID | None = None) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north in degrees of the objects of a store, or of one village's; None if none."""
    if session.get_bind().dialect.name == "postgresql":
        only = " AND settlement_id = :settlement" if settlement_id else ""
        given = {"settlement": settlement_id} if settlement_id else {}
        return _found(session.execute(text(_POSTGIS.format(only=only)), given).one())
    index = spatial_index_name(MapFeature.__tablename__)
    if settlement_id is None:
        found = session.execute(text(_ALL.format(index=index))).one()
    else:
        # In a GeoPackage ids are text.
        found = session.execute(text(_OF_VILLAGE.format(index=index)), {"settlement": str(settlement_id)}).one()
    return _found(found)


def _found(found: Row[Any]) -> tuple[float, float, float, float] | None:
    if found[0] is None:
        return None
    west, south, east, north = map(float, found)
    return west, south, east, north
