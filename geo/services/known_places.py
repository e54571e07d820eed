"""Places of the store that a new sheet may show: objects of the village's sheets and imports, and villages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.vocabulary import Layer
from geo.models import MapFeature
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of

__all__ = ["StoredPlace", "known_places"]

_OPINIONS = (Layer.PROBLEM, Layer.DESIRED)
_REACH_DEGREES = 0.5
"""Villages farther than some fifty kilometres are on no village's map."""


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A place of the store, lon lat."""

    id: UUID
    lonlat: tuple[float, float]
    names: tuple[str, ...]
    kind: str
    """Code of the kind; empty for a village."""
    error_m: float


def known_places(session: Session, event_id: UUID) -> tuple[StoredPlace, ...]:
    """Return what is known of an event's village: points and areas of all its events, and the villages around.

    Lines have no one place; problems and wishes are not on the ground.

    Raises
    ------
    NotFound
        There is no such event.
    """
    event = AppraisalRepository(session).event(event_id)
    territory = TerritoryRepository(session)
    home = territory.settlement(event.settlement_id).geometry
    query = (
        select(MapFeature)
        .where(MapFeature.settlement_id == event.settlement_id, MapFeature.layer.not_in(_OPINIONS))
        .order_by(MapFeature.fid)
    )
    places = [
        StoredPlace(
            id=feature.id,
            lonlat=(feature.geometry.centroid.x, feature.geometry.centroid.y),
            names=_said(names_of(feature)),
            kind=feature.kind.value,
            error_m=feature.position_error_m or 0.0,
        )
        for feature in session.scalars(query)
        if feature.geometry.geom_type in {"Point", "MultiPoint", "Polygon", "MultiPolygon"}
    ]
    for village in territory.settlements():
        point = village.geometry
        if abs(point.x - home.x) <= _REACH_DEGREES and abs(point.y - home.y) <= _REACH_DEGREES:
            places.append(StoredPlace(village.id, (point.x, point.y), _said(names_of(village)), "", 0.0))
    return tuple(places)


def _said(names: object) -> tuple[str, ...]:
    three = (getattr(names, language) for language in ("ky", "ru", "en"))
    return tuple(dict.fromkeys(name for name in three if name))
