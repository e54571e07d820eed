"""The read model of an event's map."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geo.domain.events import SessionGroup
from geo.domain.rights import LOCAL, Actor
from geo.i18n import Language
from geo.models import (
    AppraisalEvent,
    BudgetShare,
    InstitutionCircle,
    MapFeature,
    Municipality,
    Settlement,
    SketchSheet,
)
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.features import FeatureRepository
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import visible
from geo.snapshots import EventSnapshot, FeatureSnapshot, GroupSnapshot, Names, SheetSnapshot
from geo.storage import PictureStore

__all__ = ["event_snapshot", "feature_snapshot", "group_of", "names_of", "sheet_snapshot"]


def names_of(record: Municipality | Settlement | MapFeature | InstitutionCircle | BudgetShare) -> Names:
    """Return the names of a record as a value."""
    return Names(record.name_ky, record.name_ru, record.name_en)


def group_of(event: AppraisalEvent) -> SessionGroup:
    """Return the group of an event as a value."""
    return SessionGroup(
        age_from=event.group_age_from,
        age_to=event.group_age_to,
        sex=event.group_sex,
        other=event.group_other,
        reason=event.group_reason,
    )


def event_snapshot(
    session: Session, pictures: PictureStore, event_id: UUID, language: Language, *, actor: Actor = LOCAL
) -> EventSnapshot:
    """Return everything that the map of an event shows an actor.

    The village's other sessions of the same cycle come along, switched off, so that groups can be compared.

    Raises
    ------
    NotFound
        There is no such event, or the actor may not see it.
    """
    events = AppraisalRepository(session)
    territory = TerritoryRepository(session)
    may_see = visible(AppraisalEvent, actor)
    event = events.event(event_id, may_see)
    settlement = territory.settlement(event.settlement_id)
    municipality = territory.municipality_of(settlement.id, event.held_on)
    groups = [_group(session, pictures, event, language, actor, shown=True)]
    for sister in events.sisters(event, may_see):
        group = _group(session, pictures, sister, language, actor, shown=False)
        if group.features:
            groups.append(group)
    place = event.place or {}
    point: Point = settlement.geometry
    return EventSnapshot(
        id=event.id,
        municipality=names_of(municipality) if municipality else Names(),
        settlement=names_of(settlement),
        settlement_is_sample=settlement.is_sample,
        place=place.get(language.value) or place.get("ky", ""),
        held_on=event.held_on,
        centre=(point.x, point.y),
        groups=tuple(groups),
        credits=tuple(dict.fromkeys(filter(None, (settlement.source, municipality.source if municipality else "")))),
    )


def _group(
    session: Session,
    pictures: PictureStore,
    event: AppraisalEvent,
    language: Language,
    actor: Actor,
    *,
    shown: bool,
) -> GroupSnapshot:
    sheets = {sheet.id: sheet for sheet in AppraisalRepository(session).sheets(event.id, visible(SketchSheet, actor))}
    features = FeatureRepository(session).of_event(event.id, visible(MapFeature, actor))
    return GroupSnapshot(
        id=event.id,
        label=group_of(event).label(language),
        features=tuple(feature_snapshot(feature, sheets) for feature in features),
        sheets=tuple(sheet_snapshot(sheet, pictures) for sheet in sheets.values() if sheet.overlay_sha256),
        shown=shown,
    )


def feature_snapshot(feature: MapFeature, sheets: Mapping[UUID, SketchSheet]) -> FeatureSnapshot:
    """Return an object of the map as a value; ``sheets`` are those that the reader may see."""
    sheet = sheets.get(feature.sheet_id) if feature.sheet_id else None
    return FeatureSnapshot(
        id=feature.id,
        layer=feature.layer,
        kind=feature.kind,
        names=names_of(feature),
        geometry=feature.geometry,
        position_error_m=feature.position_error_m,
        source=feature.source.value,
        sheet_id=feature.sheet_id,
        sheet_title=sheet.title if sheet else "",
        ink=feature.ink.value if feature.ink else "",
        attributes=feature.attributes,
    )


def sheet_snapshot(sheet: SketchSheet, pictures: PictureStore) -> SheetSnapshot:
    """Return a placed sheet with its overlay."""
    west, south, east, north = sheet.overlay_bounds or (0.0, 0.0, 0.0, 0.0)
    return SheetSnapshot(
        id=sheet.id,
        title=sheet.title,
        overlay_png=pictures.get(sheet.overlay_sha256 or ""),
        bounds=(west, south, east, north),
        method=sheet.method.value if sheet.method else "",
        position_error_m=sheet.position_error_m,
    )
