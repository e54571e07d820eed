"""Features stored in bulk come back as they were, whatever is in their names."""

from __future__ import annotations

from uuid import UUID

import pytest
from shapely import Point, Polygon, equals_exact
from shapely.geometry import LineString
from sqlalchemy import select

from geo.domain.drawing import Ink
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import AppraisalEvent, MapFeature
from geo.repositories.features import FeatureRepository
from geo.services.workspace import Workspace
from geo.snapshots import Names

WORDS = [
    "",
    "Өзөн",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\",
    "\\N",
    "\\.",
    '"',
    "a,b",
    "'; DROP TABLE map_feature; --",
    "🐑",
    "{}",
]


@pytest.mark.parametrize("many", [1, 2_500])
def test_what_is_loaded_comes_back_as_it_was(workspace: Workspace, event_id: UUID, many: int) -> None:
    shapes = [
        Point(77, 42),
        LineString([(77, 42), (77.1, 42.1)]),
        Polygon([(77, 42), (78, 42), (77, 43)]),
        Point(1, 2, 3),
    ]
    features = [
        NewFeature(
            kind=Kind.WELL if number % 2 else Kind.ARABLE,
            geometry=shapes[number % len(shapes)],
            names=Names(ky=word, ru=word[::-1], en=""),
            attributes={"note": word, "users": [word]} if number % 3 else {},
            position_error_m=None if number % 5 == 0 else number / 7,
            source=FeatureSource.GPS,
            ink=Ink.BLUE if number % 2 else None,
        )
        for number, word in enumerate(WORDS * (many if many > 1 else 1))
    ][: max(many, len(WORDS))]
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        FeatureRepository(session).load(features, settlement_id=event.settlement_id, event_id=event_id)
    with workspace.read() as session:
        rows = session.scalars(select(MapFeature).order_by(MapFeature.fid)).all()
        session.expunge_all()
    assert len(rows) == len(features)
    for row, new in zip(rows, features, strict=True):
        assert (row.id, row.kind, row.layer, row.source, row.ink) == (new.id, new.kind, new.layer, new.source, new.ink)
        assert (row.name_ky, row.name_ru, row.name_en) == (new.names.ky, new.names.ru, new.names.en)
        assert row.attributes == dict(new.attributes)
        assert row.position_error_m == new.position_error_m
        assert (row.event_id, row.sheet_id, row.candidate_id, row.version) == (event_id, None, None, 1)
        assert equals_exact(row.geometry, new.geometry) and not row.geometry.has_z
