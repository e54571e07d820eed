"""The read model of the first page: villages, and what was held in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.rights import LOCAL, Actor
from geo.i18n import Language
from geo.models import AppraisalEvent, MapFeature, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import visible
from geo.services.event_map import group_of, names_of
from geo.snapshots import Names

__all__ = ["EventLine", "VillageLine", "overview"]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in a list."""

    id: UUID
    kind: EventKind
    held_on: date
    group: str
    sheets: int
    features: int


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village in a list, with its events, newest first."""

    id: UUID
    names: Names
    rayon: Names
    municipality: Names
    is_sample: bool
    is_uncertain: bool
    lonlat: tuple[float, float]
    source: str
    """Source and licence of the point, to be named wherever the village is shown."""
    events: tuple[EventLine, ...]


def overview(session: Session, language: Language, *, today: date, actor: Actor = LOCAL) -> list[VillageLine]:
    """Return every village with its municipality of today and the events an actor sees; those with events first."""
    territory = TerritoryRepository(session)
    sheets = _count(session, SketchSheet, actor)
    features = _count(session, MapFeature, actor)
    by_village: dict[UUID, list[EventLine]] = {}
    for event in AppraisalRepository(session).events(visible(AppraisalEvent, actor)):
        line = EventLine(
            id=event.id,
            kind=event.kind,
            held_on=event.held_on,
            group=group_of(event).label(language),
            sheets=sheets.get(event.id, 0),
            features=features.get(event.id, 0),
        )
        by_village.setdefault(event.settlement_id, []).append(line)
    owners = territory.municipalities_on(today)
    villages = []
    for place in territory.settlements():
        municipality = owners.get(place.id)
        villages.append(
            VillageLine(
                id=place.id,
                names=names_of(place),
                rayon=Names(place.rayon_ky, place.rayon_ru, place.rayon_en),
                municipality=names_of(municipality) if municipality else Names(),
                is_sample=place.is_sample,
                is_uncertain=place.is_uncertain,
                lonlat=(place.geometry.x, place.geometry.y),
                source=place.source,
                events=tuple(by_village.get(place.id, ())),
            )
        )
    return sorted(villages, key=lambda village: not village.events)


def _count(session: Session, table: type[SketchSheet] | type[MapFeature], actor: Actor) -> dict[UUID, int]:
    rows = session.execute(
        select(table.event_id, func.count())
        .where(table.event_id.is_not(None), visible(table, actor))
        .group_by(table.event_id)
    )
    return {event_id: number for event_id, number in rows if event_id is not None}
