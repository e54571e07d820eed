"""Storing and reading back, alike on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from sqlalchemy import select, text

from geo.domain.drawing import CandidateState
from geo.domain.names import search_text
from geo.domain.vocabulary import Kind, Layer
from geo.drafts import NewFeature, NewSheet
from geo.errors import Refused
from geo.i18n import Language
from geo.models import AppraisalEvent, AuditAction, AuditEvent, Candidate, MapFeature, Settlement, SketchSheet
from geo.repositories.features import FeatureRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import event_snapshot
from geo.services.imports import import_features
from geo.services.sheets import find_sheet, store_sheet
from geo.services.vocabulary import write_vocabulary
from geo.services.workspace import Workspace
from geo.snapshots import Names


def test_sheet_comes_back_as_it_went_in(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="Чынара") as session:
        sheet_id = store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.read() as session:
        stored = session.scalars(select(SketchSheet)).one()
        assert stored.id == sheet_id
        assert workspace.pictures.get(stored.image_sha256) == sheet.image
        assert stored.geometry.equals_exact(sheet.footprint, 0)
        candidates = session.scalars(select(Candidate).order_by(Candidate.ordinal)).all()
        assert [item.state for item in candidates] == [CandidateState.ACCEPTED, CandidateState.PROPOSED]
        assert candidates[0].geometry.equals_exact(sheet.candidates[0].geometry, 0)
        feature = session.scalars(select(MapFeature)).one()
        assert (feature.layer, feature.kind) == (Layer.LAND, Kind.ARABLE)
        assert feature.candidate_id == candidates[0].id
        assert feature.attributes == {"supply": "short", "users": ["women", "men"]}
        assert feature.geometry.equals_exact(sheet.features[0].geometry, 0)
        assert find_sheet(session, event_id, sheet.image) == sheet_id
        assert find_sheet(session, event_id, b"another picture") is None


def test_ledger_says_who_did_what(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="Чынара") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.write(actor="Бакыт") as session:
        feature = session.scalars(select(MapFeature)).one()
        feature.name_ky = "Түштүк талаа"
    with workspace.write(actor="Айгүл") as session:
        session.delete(session.scalars(select(MapFeature)).one())
    with workspace.read() as session:
        entries = session.scalars(
            select(AuditEvent).where(AuditEvent.record_id == feature.id).order_by(AuditEvent.fid)
        ).all()
        assert [(entry.actor, entry.action) for entry in entries] == [
            ("Чынара", AuditAction.CREATED),
            ("Бакыт", AuditAction.CHANGED),
            ("Айгүл", AuditAction.REMOVED),
        ]
        created, changed, removed = entries
        assert created.after is not None
        assert created.after["kind"] == "arable"
        assert created.after["geometry"].startswith("POLYGON")
        assert (changed.before, changed.after) == ({"name_ky": "Талаа"}, {"name_ky": "Түштүк талаа"})
        assert removed.before is not None
        assert removed.before["name_ky"] == "Түштүк талаа"


def test_versions_count_changes(workspace: Workspace, event_id: UUID) -> None:
    for number in (20, 21):
        with workspace.write(actor="test") as session:
            session.scalars(select(AppraisalEvent)).one().participants = number
    with workspace.read() as session:
        event = session.scalars(select(AppraisalEvent)).one()
        assert event.version == 3
        assert event.updated_at > event.created_at


def test_snapshot_for_the_map(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
        first = session.scalars(select(AppraisalEvent)).one()
        sister = AppraisalEvent(
            cycle_id=first.cycle_id,
            settlement_id=first.settlement_id,
            kind=first.kind,
            held_on=date(2014, 11, 20),
            group_age_from=56,
            group_sex=first.group_sex,
        )
        session.add(sister)
        session.flush()
        import_features(session, sister.id, [NewFeature(kind=Kind.WELL, geometry=Point(78.24, 42.495))], origin="x")
    with workspace.read() as session:
        snapshot = event_snapshot(session, workspace.pictures, event_id, Language.KY)
    assert snapshot.settlement_is_sample
    assert snapshot.municipality.ky == "Липенка айыл аймагы"  # of 2014, not of today
    assert [(group.shown, len(group.features)) for group in snapshot.groups] == [(True, 1), (False, 1)]
    assert snapshot.groups[0].sheets[0].overlay_png == sheet.overlay_png
    assert snapshot.groups[0].sheets[0].bounds == sheet.overlay_bounds
    feature = snapshot.groups[0].features[0]
    assert (feature.names, feature.sheet_title, feature.position_error_m) == (Names("Талаа", "Поле"), "Барак 1", 24.0)


PLACES = (
    ("Көк-Ирим", "Тогуз-Торо"),
    ("Арал", "Тогуз-Торо"),
    ("Арал", "Жумгал"),
    ("Жаңы-Жол", "Аксы"),
    ("Зеленый Гай", "Жети-Өгүз"),
)


@pytest.mark.parametrize(
    ("typed", "rayon", "found"),
    [
        ("кок ирим", "", ["Көк-Ирим"]),
        ("КӨКИРИМ", "", ["Көк-Ирим"]),
        ("жаӊы жол", "", ["Жаңы-Жол"]),
        ("Жаны-Жол", "", ["Жаңы-Жол"]),
        ("зелёный", "", ["Зеленый Гай"]),
        ("арал", "", ["Арал", "Арал"]),
        ("арал", "жумгал", ["Арал"]),
        ("100%", "", []),
        ("---", "", []),
    ],
)
def test_search_forgives_spelling(workspace: Workspace, typed: str, rayon: str, found: list[str]) -> None:
    with workspace.write(actor="test") as session:
        for name, of_rayon in PLACES:
            session.add(
                Settlement(name_ky=name, rayon_ky=of_rayon, search_name=search_text([name]), geometry=Point(74, 41))
            )
    with workspace.read() as session:
        hits = TerritoryRepository(session).search(typed, rayon=rayon)
        assert [place.name_ky for place in hits] == found
        if rayon:
            assert [place.rayon_ky for place in hits] == ["Жумгал"]


def test_membership_follows_the_day(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        territory = TerritoryRepository(session)
        (village,) = territory.settlements()
        then = territory.municipality_of(village.id, date(2014, 11, 19))
        assert then is not None
        assert then.name_ky == "Липенка айыл аймагы"
        assert territory.municipality_of(village.id, date(2023, 12, 31)) is not None
        assert territory.municipality_of(village.id, date(2024, 1, 1)) is None  # the end is exclusive


numbers = st.floats(-0.02, 0.02)
shapes = st.lists(st.tuples(numbers, numbers, st.floats(0, 0.005)), min_size=1, max_size=40)


@given(spots=shapes, corner=st.tuples(numbers, numbers), size=st.tuples(st.floats(0, 0.02), st.floats(0, 0.02)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_box_query_gives_what_shapely_gives(
    workspace: Workspace,
    event_id: UUID,
    spots: list[tuple[float, float, float]],
    corner: tuple[float, float],
    size: tuple[float, float],
) -> None:
    west, south = 78.24 + corner[0], 42.5 + corner[1]
    bounds = (west, south, west + size[0], south + size[1])
    features = [
        NewFeature(
            kind=Kind.ARABLE if radius else Kind.WELL,
            geometry=box(78.24 + x, 42.5 + y, 78.24 + x + radius, 42.5 + y + radius)
            if radius
            else Point(78.24 + x, 42.5 + y),
        )
        for x, y, radius in spots
    ]
    expected = {
        feature.id
        for feature in features
        if shapely.intersects(box(*bounds), box(*feature.geometry.bounds)) or _touches(bounds, feature.geometry.bounds)
    }
    with workspace.write(actor="test") as session:
        FeatureRepository(session).load(features, settlement_id=TerritoryRepository(session).settlements()[0].id)
        found = FeatureRepository(session).in_box(bounds, limit=1000)
        assert {feature.id for feature in found} == expected
        session.rollback()


def _touches(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return first[0] <= second[2] and second[0] <= first[2] and first[1] <= second[3] and second[1] <= first[3]


def test_bulk_rows_equal_single_rows(workspace: Workspace, event_id: UUID) -> None:
    odd = NewFeature(
        kind=Kind.CANAL,
        geometry=LineString([(78.23, 42.49), (78.24, 42.5)]),
        names=Names(ky='Арык "Чоң", \\N\nэкинчи сап', ru="", en="\t;"),
        attributes={"users": ["women"], "decided_by": "мираб, «СПА»"},
        position_error_m=None,
    )
    with workspace.write(actor="test") as session:
        import_features(session, event_id, [odd], origin="x.geojson")
    with workspace.read() as session:
        stored = session.scalars(select(MapFeature)).one()
        assert (stored.name_ky, stored.name_ru, stored.name_en) == ('Арык "Чоң", \\N\nэкинчи сап', "", "\t;")
        assert stored.attributes == {"users": ["women"], "decided_by": "мираб, «СПА»"}
        assert stored.position_error_m is None
        assert stored.sheet_id is None
        assert stored.geometry.equals_exact(odd.geometry, 0)
        assert stored.created_at.tzinfo is not None
        entry = session.scalars(select(AuditEvent).where(AuditEvent.action == AuditAction.LOADED)).one()
        assert entry.after is not None
        assert (entry.after["rows"], entry.after["origin"]) == (1, "x.geojson")


def test_layer_filter_and_limit(workspace: Workspace, event_id: UUID) -> None:
    features = [NewFeature(kind=kind, geometry=Point(78.24, 42.5)) for kind in (Kind.WELL, Kind.RIVER, Kind.WELL)]
    with workspace.write(actor="test") as session:
        import_features(session, event_id, features, origin="x")
    with workspace.read() as session:
        repository = FeatureRepository(session)
        world = (-180.0, -90.0, 180.0, 90.0)
        assert len(repository.in_box(world)) == 3
        assert len(repository.in_box(world, limit=2)) == 2
        assert [item.kind for item in repository.in_box(world, layer=Layer.WATER)] == [Kind.RIVER]


def test_layer_views_speak_kyrgyz_on_both_engines(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    wish = NewFeature(kind=Kind.DESIRED, geometry=Point(78.24, 42.495), attributes={"desired_kind": "kindergarten"})
    with workspace.write(actor="test") as session:
        write_vocabulary(session)
        store_sheet(session, workspace.pictures, event_id, sheet)
        import_features(session, event_id, [wish], origin="x")
    with workspace.read() as session:
        (field,) = session.execute(text("SELECT * FROM land")).mappings().all()
        assert (field["Аталышы"], field["Түрү"], field["Жетиштүүлүгү"]) == ("Талаа", "Айдоо жер", "Жетишсиз")
        assert field["Айыл"] == "Үлгү айылы"
        (wished,) = session.execute(text("SELECT * FROM desired")).mappings().all()
        assert wished["Эмне каалашат"] == "Бала бакча"
        assert session.execute(text("SELECT count(*) FROM water")).scalar_one() == 0


def test_sheet_of_another_place_is_refused(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    swapped = replace(sheet, footprint=box(42.49, 78.23, 42.5, 78.25))
    with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, swapped)
    assert refusal.value.key == "sheet.far_away"
    with workspace.read() as session:
        assert session.scalars(select(SketchSheet)).all() == []
