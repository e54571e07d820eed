"""Taking a file's objects into an event."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geo.database.audit import note_load
from geo.domain.attributes import LONGEST_DISTANCE_M
from geo.drafts import NewFeature
from geo.errors import Refused
from geo.models import MapFeature
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.features import FeatureRepository
from geo.repositories.territory import TerritoryRepository
from geo.spatial.measuring import geodesic_m

__all__ = ["import_features"]

_ROWS_NAMED = 10


def import_features(session: Session, event_id: UUID, features: Sequence[NewFeature], *, origin: str) -> int:
    """Store the features of a file with an event; returns how many.

    Raises
    ------
    NotFound
        There is no such event.
    Refused
        Rows lie too far from the village: swapped coordinates, or another village's file.
    """
    event = AppraisalRepository(session).event(event_id)
    _refuse_far_away(features, TerritoryRepository(session).settlement(event.settlement_id).geometry, origin=origin)
    FeatureRepository(session).load(features, settlement_id=event.settlement_id, event_id=event.id)
    first, last = features[0].id, features[-1].id
    note_load(session, MapFeature, len(features), event_id=event.id, origin=origin, first=first, last=last)
    return len(features)


def _refuse_far_away(features: Sequence[NewFeature], village: Point, *, origin: str) -> None:
    west, south, east, north = shapely.bounds([feature.geometry for feature in features]).T
    # The farthest corner of the envelope: a line that goes round the world begins and ends nearby.
    lon = np.where(np.abs(west - village.x) > np.abs(east - village.x), west, east)
    lat = np.where(np.abs(south - village.y) > np.abs(north - village.y), south, north)
    distances = geodesic_m(lon, lat, village.x, village.y)
    far = [str(row) for row, distance in enumerate(distances, start=1) if distance > LONGEST_DISTANCE_M]
    if far:
        named = ", ".join(far[:_ROWS_NAMED]) + (" …" if len(far) > _ROWS_NAMED else "")
        raise Refused("import.far_away", path=origin, rows=named, km=LONGEST_DISTANCE_M // 1000)
