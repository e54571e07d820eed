"""A village with features of every shape, on each engine, behind the service."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
import shapely
from shapely.geometry import LineString, Point, box
from sqlalchemy import select, update

from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import AppraisalEvent, MapFeature
from geo.repositories.features import FeatureRepository
from geo.services.workspace import Workspace
from geo.snapshots import Names
from tests.api.conftest import database, event_id, service, workspace

__all__ = ["database", "event_id", "service", "workspace"]

WEST, SOUTH = 78.20, 42.48
ITEMS = "/ogc/collections/features/items"


def drawn_features() -> list[NewFeature]:
    """Return 60 features on a grid of 10 by 6, and one on each side of the antimeridian."""
    kinds = (Kind.ARABLE, Kind.SCHOOL, Kind.MAIN_ROAD, Kind.STANDPIPE, Kind.PROBLEM)
    found = []
    for number in range(60):
        x, y = WEST + number % 10 * 0.004, SOUTH + number // 10 * 0.003
        kind = kinds[number % 5]
        shape = {
            Kind.ARABLE: box(x, y, x + 0.002, y + 0.001),
            Kind.MAIN_ROAD: LineString([(x, y), (x + 0.003, y + 0.002)]),
        }.get(kind, Point(x, y))
        found.append(
            NewFeature(
                kind=kind,
                geometry=shape,
                names=Names(ky=f"Өтмөк {number}" if number % 3 else "", ru="" if number % 4 else f"Проход {number}"),
                attributes={"condition": "old"} if number % 2 else {},
                position_error_m=None if number % 7 == 0 else float(number),
            )
        )
    found += [NewFeature(kind=Kind.WELL, geometry=Point(x, 10.0), names=Names(en="far")) for x in (179.5, -179.5)]
    return found


@pytest.fixture
def village(workspace: Workspace, event_id: UUID) -> list[NewFeature]:
    """Features in the store; the first thirty of the grid are published."""
    features = drawn_features()
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        FeatureRepository(session).load(features, settlement_id=event.settlement_id, event_id=event_id)
        shown = [feature.id for feature in features[:30]]
        session.execute(
            update(MapFeature).where(MapFeature.id.in_(shown)).values(published_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
    return features


def among(features: list[NewFeature], area: shapely.Geometry) -> set[str]:
    """Return the ids of features that meet an area, by shapely."""
    return {str(feature.id) for feature in features if shapely.intersects(feature.geometry, area)}
