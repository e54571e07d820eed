"""Where on the ground the objects of a store lie."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.models import MapFeature

__all__ = ["store_extent"]

_ALL = "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {index}"
_OF_VILLAGE = (
    "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {index} "
    "JOIN map_feature ON map_feature.fid = {index}.id "
    "WHERE map_feature.settlement_id = :settlement AND map_feature.withdrawn_at IS NULL"
)


def store_extent(session: Session, settlement_id: UUID | None = None) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north in degrees of the objects of a GeoPackage, or of one village's; None if none."""
    index = spatial_index_name(MapFeature.__tablename__)
    if settlement_id is None:
        found = session.execute(text(_ALL.format(index=index))).one()
    else:
        # In a GeoPackage ids are text.
        found = session.execute(text(_OF_VILLAGE.format(index=index)), {"settlement": str(settlement_id)}).one()
    if found[0] is None:
        return None
    west, south, east, north = map(float, found)
    return west, south, east, north
