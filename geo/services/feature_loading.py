"""Many objects of the map made in one request: the rules of one, asked once for each village and event they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.database.audit import note_load
from geo.domain.attributes import LONGEST_DISTANCE_M, FeatureAttributes, check_attributes
from geo.domain.identifiers import new_id
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import layer_of
from geo.drafts import NewFeature
from geo.errors import AyilmapError, Refused
from geo.models import MapFeature, Settlement
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.features import FeatureRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.feature_moves import MOVABLE
from geo.snapshots import Names
from geo.spatial.measuring import geodesic_m

__all__ = ["check_values", "load_features", "owners_of_features"]

_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""


def check_values(feature: MapFeature) -> None:
    """Make sure that what is said of a feature can be so, whatever village and event it is of.

    Its layer follows from its kind, and its attributes are kept as they are read.

    Raises
    ------
    Refused
        Attributes that a feature of its kind has not, or a negative position error.
    """
    layer = layer_of(feature.kind)
    if feature.layer is not layer:
        feature.layer = layer
    read = FeatureAttributes.from_json(feature.attributes or {})
    check_attributes(read, feature.kind)
    plain = read.to_json()
    if feature.attributes != plain:
        feature.attributes = plain
    if feature.position_error_m is not None and feature.position_error_m < 0:
        raise Refused("feature.error_negative", error=feature.position_error_m)


def owners_of_features(session: Session, features: Sequence[MapFeature]) -> list[UUID | None]:
    """Return the municipality of each new feature, and make sure that all of them can be.

    Villages and events are asked for once, distances are reckoned for all features of a village together.

    Raises
    ------
    NotFound
        There is no such village or event.
    Refused
        A feature breaks a rule; ``row`` says which one, counting from 1.
    """
    territory, appraisal = TerritoryRepository(session), AppraisalRepository(session)

    @cache
    def village(settlement_id: UUID) -> Settlement:
        return territory.settlement(settlement_id)

    @cache
    def own_municipality(settlement_id: UUID) -> UUID | None:
        return territory.last_municipality(settlement_id)

    @cache
    def of_event(event_id: UUID) -> tuple[UUID, UUID]:
        event = appraisal.event(event_id)
        return event.settlement_id, territory.cycle_by_id(event.cycle_id).municipality_id

    owners: list[UUID | None] = []
    rows_of: defaultdict[UUID, list[int]] = defaultdict(list)
    with session.no_autoflush:
        for row, feature in enumerate(features):
            try:
                village(feature.settlement_id)
                owner = own_municipality(feature.settlement_id)
                if feature.event_id is not None:
                    held_in, owner = of_event(feature.event_id)
                    if held_in != feature.settlement_id:
                        raise Refused("feature.other_village")
                if feature.source is FeatureSource.CANDIDATE:
                    raise Refused("feature.sheet_source")
                check_values(feature)
                if feature.geometry.geom_type not in MOVABLE:
                    raise Refused("versions.bad_geometry")
            except AyilmapError as error:
                error.row = row + 1
                raise
            owners.append(owner)
            rows_of[feature.settlement_id].append(row)
        for settlement_id, rows in rows_of.items():
            _refuse_far_away(features, rows, village(settlement_id))
    return owners


def _refuse_far_away(features: Sequence[MapFeature], rows: Sequence[int], village: Settlement) -> None:
    corners, which = shapely.get_coordinates([features[row].geometry for row in rows], return_index=True)
    away = geodesic_m(corners[:, 0], corners[:, 1], village.geometry.x, village.geometry.y)
    far = np.flatnonzero(away > LONGEST_DISTANCE_M)
    if far.size:
        refused = Refused("versions.moved_far_away", km=round(float(away[far[0]]) / 1000))
        refused.row = rows[which[far[0]]] + 1
        raise refused


def load_features(session: Session, features: Sequence[MapFeature]) -> None:
    """Store new features of `owners_of_features` by the engine's fastest way; the ledger gets a line for each event."""
    groups: defaultdict[tuple[UUID, UUID | None], list[MapFeature]] = defaultdict(list)
    for feature in features:
        if not feature.id:
            feature.id = new_id()
        groups[feature.settlement_id, feature.event_id].append(feature)
    repository = FeatureRepository(session)
    for (settlement_id, event_id), rows in groups.items():
        repository.load([_new(row) for row in rows], settlement_id=settlement_id, event_id=event_id)
        told = {"settlement_id": settlement_id, "event_id": event_id, "origin": "bulk"}
        note_load(session, MapFeature, len(rows), **told, first=rows[0].id, last=rows[-1].id)
    sensitive = [feature.id for feature in features if feature.is_sensitive]
    for start in range(0, len(sensitive), _AT_ONCE):
        some = sensitive[start : start + _AT_ONCE]
        session.execute(
            update(MapFeature).where(MapFeature.id.in_(some)).values(is_sensitive=True),
            execution_options={"synchronize_session": False},
        )


def _new(feature: MapFeature) -> NewFeature:
    return NewFeature(
        kind=feature.kind,
        geometry=feature.geometry,
        names=Names(feature.name_ky, feature.name_ru, feature.name_en),
        attributes=feature.attributes,
        position_error_m=feature.position_error_m,
        source=feature.source,
        id=feature.id,
    )
