"""Objects of the map, objects that several groups drew, and sheets as records (DOMAIN.md section 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from geo.domain.match_status import MatchStatus
from geo.domain.provenance import FeatureSource
from geo.domain.rights import Action, Subject
from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Text
from geo.models import FeatureMatch, MapFeature, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.feature_matches import FeatureMatchRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_contents import refuse_needed_feature
from geo.services.feature_loading import check_values, load_features, owners_of_features
from geo.services.feature_moves import check_place
from geo.services.records.resource import Form, Resource, returns_alone
from geo.services.resources.events import municipality_of_event

__all__ = ["MAP_FEATURES", "RESOURCES", "SHEETS", "FeatureMatchForm", "MapFeatureForm", "SheetForm"]


class MapFeatureForm(Form):
    """An object on the map; its layer follows from its kind. What stands on a sheet comes with its sheet."""

    settlement_id: UUID
    event_id: UUID | None = None
    kind: Kind
    name_ky: str = ""
    name_ru: str = ""
    name_en: str = ""
    attributes: dict[str, Any] = Field(default_factory=dict)
    position_error_m: float | None = None
    source: FeatureSource = FeatureSource.DRAWN
    is_sensitive: bool = Field(
        default=False, description="Whether it would give away the home of a vulnerable household: never public then."
    )
    geometry: BaseGeometry


class FeatureMatchForm(Form):
    """An object that several groups drew; decided on by itself, see the matches of a village."""

    settlement_id: UUID
    status: MatchStatus
    kind: Kind
    name_ky: str = ""
    name_ru: str = ""
    name_en: str = ""
    geometry: BaseGeometry


class SheetForm(Form):
    """A drawing; stored with its photo."""

    event_id: UUID
    title: str = ""
    geometry: BaseGeometry | None = None


def _feature_owner(session: Session, feature: MapFeature) -> UUID | None:
    if feature.event_id is not None:
        return municipality_of_event(session, feature.event_id)
    with session.no_autoflush:
        territory = TerritoryRepository(session)
        return territory.last_municipality(territory.settlement(feature.settlement_id).id)


def _check_feature(session: Session, feature: MapFeature) -> tuple[Text, ...]:
    state = inspect(feature)
    if feature.source is FeatureSource.CANDIDATE and not state.persistent:
        raise Refused("feature.sheet_source")
    check_values(feature)
    moved = state.attrs.geometry.history.has_changes()
    with session.no_autoflush:
        if feature.event_id is not None:
            event = AppraisalRepository(session).event(feature.event_id)
            if event.settlement_id != feature.settlement_id:
                raise Refused("feature.other_village")
        if moved:
            check_place(session, feature, feature.geometry)
    if moved and state.persistent and feature.sheet_id is not None:
        feature.moved_by_hand = True  # from now on it no longer follows its sheet
    return ()


def _sources(session: Session, matches: Sequence[FeatureMatch]) -> list[Mapping[str, Any]]:
    sources = FeatureMatchRepository(session).sources(matches)
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for match_id, rows in sources.items():
        found[match_id] = [row.feature_id for row in rows if row.feature_id is not None]
    return [{"feature_ids": found[match.id]} for match in matches]


_READ = frozenset({Action.READ})
_VILLAGE = "01a20004-b16b-71b2-bc71-6bc1d5b423e8"

MAP_FEATURES: Resource[MapFeature] = Resource(
    name="map-features",
    subject=Subject.FEATURES,
    model=MapFeature,
    form=MapFeatureForm,
    owner=_feature_owner,
    check=_check_feature,
    owners=owners_of_features,
    load=load_features,
    leaving=refuse_needed_feature,
    returning=returns_alone,
    filters=("settlement_id", "event_id", "sheet_id", "layer", "kind", "source"),
    sorts=("kind", "name_ky", "position_error_m"),
    fixed=frozenset({"settlement_id", "event_id", "source"}),
    private=frozenset({"pixel_geometry", "candidate_id", "is_sensitive"}),
    example={
        "settlement_id": _VILLAGE,
        "kind": "standpipe",
        "name_ky": "Колонка",
        "attributes": {"condition": "needs_repair", "users": ["women", "children"], "distance_m_now": 300},
        "source": "gps",
        "position_error_m": 5,
        "geometry": {"type": "Point", "coordinates": [78.239, 42.496]},
    },
)

SHEETS: Resource[SketchSheet] = Resource(
    name="sheets",
    subject=Subject.SHEETS,
    model=SketchSheet,
    form=SheetForm,
    owner=lambda session, sheet: municipality_of_event(session, sheet.event_id),
    filters=("event_id", "layout_id"),
    sorts=("title",),
    actions=frozenset({Action.READ, Action.CHANGE}),
    fixed=frozenset({"event_id", "geometry"}),
    private=frozenset({"exif"}),
    never_public=True,
    example={"event_id": "01a20004-b16b-71b2-bc71-6bcda59b6452", "title": "Барак 1"},
)

RESOURCES: tuple[Resource[Any], ...] = (
    MAP_FEATURES,
    Resource(
        name="feature-matches",
        subject=Subject.FEATURES,
        model=FeatureMatch,
        form=FeatureMatchForm,
        owner=lambda session, match: TerritoryRepository(session).last_municipality(match.settlement_id),
        filters=("settlement_id", "status", "layer", "kind"),
        sorts=("score",),
        actions=_READ,
        derive=_sources,
        example={"settlement_id": _VILLAGE, "status": "proposed", "kind": "school"},
    ),
    SHEETS,
)
