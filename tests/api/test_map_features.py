"""Objects of the map: many in one request, withdrawn only where nothing rests on them; alike on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event as listening
from sqlalchemy import select

from geo.domain.identifiers import new_id
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.rights import Actor, Role
from geo.errors import Conflict, Forbidden
from geo.models import AppraisalEvent, AuditAction, AuditEvent, Cycle, FeatureMatch, FeatureMatchSource, MapFeature
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import create_many
from geo.services.workspace import Workspace

FEATURES = RESOURCES["map-features"]
SQUARE = [[[78.24, 42.5], [78.241, 42.5], [78.241, 42.501], [78.24, 42.501], [78.24, 42.5]]]


@pytest.fixture
def village(workspace: Workspace, event_id: UUID) -> str:
    with workspace.read() as session:
        return str(session.scalar(select(AppraisalEvent.settlement_id).where(AppraisalEvent.id == event_id)))


def well(village: str, lon: float = 78.239, lat: float = 42.496, **more: Any) -> dict[str, Any]:
    properties = {"settlement_id": village, "kind": "well", "source": "gps", **more}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }


@contextmanager
def statements(workspace: Workspace) -> Iterator[list[str]]:
    """SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    with workspace.read() as session:
        engine = session.get_bind()
    listening.listen(engine, "before_cursor_execute", note)
    yield sent
    listening.remove(engine, "before_cursor_execute", note)


def test_many_come_in_one_request_with_all_that_is_said_of_them(
    service: TestClient, village: str, event_id: UUID, workspace: Workspace
) -> None:
    mine = str(new_id())
    bodies = [
        {**well(village, name_ky="Кудук\t1", attributes={"condition": "old"}, position_error_m=5), "id": mine},
        {
            **well(village, event_id=str(event_id), is_sensitive=True),
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        },
        well(village, kind="school", name_ru="Школа «А»"),
    ]
    bodies[0]["geometry"]["coordinates"].append(900.0)
    answer = service.post("/api/v1/map-features/bulk", json=bodies, headers={"Accept-Language": "en"})
    assert answer.status_code == 201, answer.text
    ids = answer.json()["ids"]
    assert ids[0] == mine
    assert [(one["row"], one["key"]) for one in answer.json()["warnings"]] == [(1, "geometry.height_dropped")]
    found = [service.get(f"/api/v1/map-features/{one}").json() for one in ids]
    assert [one["properties"]["layer"] for one in found] == ["infrastructure"] * 3
    assert found[0]["properties"]["name_ky"] == "Кудук\t1"
    assert found[0]["properties"]["attributes"] == {"condition": "old"}
    assert found[0]["geometry"] == {"type": "Point", "coordinates": [78.239, 42.496]}
    assert [one["properties"]["is_sensitive"] for one in found] == [False, True, False]
    assert [one["properties"]["event_id"] for one in found] == [None, str(event_id), None]
    boxed = service.get("/api/v1/map-features", params={"bbox": "78.2395,42.4995,78.2405,42.5005"}).json()["features"]
    assert [one["id"] for one in boxed] == [ids[1]]  # by the spatial index
    # What came in bulk is changed like everything else.
    changed = service.patch(
        f"/api/v1/map-features/{mine}",
        json={"type": "Feature", "properties": {"name_ky": "Кудук"}},
        headers={"If-Match": '"1"'},
    )
    assert changed.json()["properties"]["version"] == 2
    with workspace.read() as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == AuditAction.LOADED)).all()
        told = sorted((line.after["rows"], line.after["event_id"], line.after["origin"]) for line in lines)
        assert told == [(1, str(event_id), "bulk"), (2, None, "bulk")]
        assert {line.record_table for line in lines} == {"map_feature"}


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"attributes": {"condition": "blue"}}, "attributes.value"),
        ({"position_error_m": -1}, "feature.error_negative"),
        ({"source": "candidate"}, "feature.sheet_source"),
        ({"lon": 88.0}, "versions.moved_far_away"),
        ({"settlement_id": str(new_id())}, "record.unknown"),
        ({"event_id": str(new_id())}, "record.unknown"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_stored(
    service: TestClient, village: str, fault: dict[str, Any], key: str
) -> None:
    single = service.post("/api/v1/map-features", json=well(village, **fault)).json()
    answer = service.post("/api/v1/map-features/bulk", json=[well(village), well(village, **fault), well(village)])
    # The same rule, by the same words, whether one comes or many.
    assert (answer.json()["key"], answer.json()["row"]) == (single["key"], 2)
    assert single["key"] == key
    assert service.get("/api/v1/map-features?count=true").json()["matched"] == 0


def test_a_collection_and_an_id_that_is_taken_are_refused(service: TestClient, village: str) -> None:
    both = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [78.239, 42.496]}] * 2}
    answer = service.post("/api/v1/map-features/bulk", json=[well(village), {**well(village), "geometry": both}])
    assert (answer.status_code, answer.json()["row"]) == (422, 2)
    once = {**well(village), "id": str(new_id())}
    twice = service.post("/api/v1/map-features/bulk", json=[once, once])
    assert (twice.json()["key"], twice.json()["row"]) == ("record.exists", 2)
    assert service.post("/api/v1/map-features/bulk", json=[once]).status_code == 201
    other = {**once, "properties": {**once["properties"], "name_ky": "Башка кудук"}}
    again = service.post("/api/v1/map-features/bulk", json=[well(village), other])
    assert (again.status_code, again.json()["row"]) == (409, 2)


def test_many_sent_again_after_a_lost_answer_are_the_same_act(
    service: TestClient, workspace: Workspace, village: str, event_id: UUID
) -> None:
    wells = [{**well(village, attributes={"condition": "old"}), "id": str(new_id())} for _ in range(3)]
    wells[2]["properties"]["event_id"] = str(event_id)
    first = service.post("/api/v1/map-features/bulk", json=wells)
    assert first.status_code == 201, first.text
    again = service.post("/api/v1/map-features/bulk", json=wells)
    # What came with none new among it made nothing, as with a single one.
    assert (again.status_code, again.json()["ids"]) == (200, first.json()["ids"])
    more = service.post("/api/v1/map-features/bulk", json=[wells[1], well(village), wells[0]])
    assert more.status_code == 201
    assert [more.json()["ids"][row] for row in (0, 2)] == [wells[1]["id"], wells[0]["id"]]
    assert service.get("/api/v1/map-features?count=true").json()["matched"] == 4
    with workspace.read() as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == AuditAction.LOADED)).all()
        assert sorted(line.after["rows"] for line in lines) == [1, 1, 2]
    # The row of an error is the row as it was sent, whatever was met before it.
    fault = service.post("/api/v1/map-features/bulk", json=[wells[0], well(village), well(village, lon=88.0)])
    assert (fault.json()["key"], fault.json()["row"]) == ("versions.moved_far_away", 3)
    service.delete(f"/api/v1/map-features/{wells[0]['id']}", headers={"If-Match": "*"})
    withdrawn = service.post("/api/v1/map-features/bulk", json=wells)
    assert (withdrawn.status_code, withdrawn.json()["row"]) == (409, 1)


def test_who_may_not_write_there_learns_nothing_by_ids_of_others(
    service: TestClient, workspace: Workspace, village: str
) -> None:
    taken = {**well(village), "id": str(new_id())}
    assert service.post("/api/v1/map-features/bulk", json=[taken]).status_code == 201
    form = FEATURES.form.model_validate({**taken["properties"], "geometry": taken["geometry"]})
    elsewhere = Actor("elsewhere", roles={new_id(): frozenset({Role.ADMINISTRATOR})})
    with pytest.raises(Conflict), workspace.write(actor="test") as session:
        create_many(session, FEATURES, [(form, UUID(taken["id"]))], actor=elsewhere)


def test_rules_ask_the_store_no_more_for_many_than_for_few(workspace: Workspace, village: str, event_id: UUID) -> None:
    asked = []
    for number in (5, 200):
        rows = [well(village, event_id=str(event_id)) for _ in range(number)]
        forms = [
            (FEATURES.form.model_validate({**one["properties"], "geometry": one["geometry"]}), None) for one in rows
        ]
        with statements(workspace) as sent, workspace.write(actor="test") as session:
            create_many(session, FEATURES, forms, actor=Actor("all", everywhere=frozenset({Role.ADMINISTRATOR})))
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_only_who_may_write_for_the_village_brings_many(workspace: Workspace, village: str, event_id: UUID) -> None:
    with workspace.read() as session:
        here = session.scalar(select(Cycle.municipality_id))
    assert here is not None
    form = FEATURES.form.model_validate({**well(village)["properties"], "geometry": well(village)["geometry"]})
    for actor, may in (
        (Actor("planner", roles={here: frozenset({Role.PLANNER})}), True),
        (Actor("monitor", roles={here: frozenset({Role.MONITOR})}), False),
        (Actor("elsewhere", roles={new_id(): frozenset({Role.ADMINISTRATOR})}), False),
    ):
        with workspace.write(actor=actor.name) as session:
            if may:
                assert len(create_many(session, FEATURES, [(form, None)] * 2, actor=actor)) == 2
            else:
                with pytest.raises(Forbidden):
                    create_many(session, FEATURES, [(form, None)], actor=actor)


def test_an_object_on_which_something_rests_stays(
    service: TestClient, village: str, event_id: UUID, workspace: Workspace
) -> None:
    made = service.post("/api/v1/map-features", json=well(village)).json()["id"]
    address = f"/api/v1/map-features/{made}"
    note = {"settlement_id": village, "topic": "resources", "title": "Кудук", "feature_id": made}
    circle = {"event_id": str(event_id), "name_ky": "Кудук комитети", "kind": "local_institution", "feature_id": made}
    resting = []
    for collection, body in (("village-notes", note), ("institution-circles", circle)):
        answer = service.post(f"/api/v1/{collection}", json={"type": "Feature", "geometry": None, "properties": body})
        resting.append(f"/api/v1/{collection}/{answer.json()['id']}")
    with workspace.write(actor="test") as session:
        row = session.scalars(select(MapFeature).where(MapFeature.id == UUID(made))).one()
        drawn = {"layer": row.layer, "kind": row.kind, "geometry": row.geometry, "settlement_id": row.settlement_id}
        match = FeatureMatch(
            status=MatchStatus.CONFIRMED, score=0.9, parts={}, canonical_rule=next(iter(CanonicalRule)), **drawn
        )
        session.add(match)
        session.flush()
        confirmed = {"match_id": match.id, "status": MatchStatus.CONFIRMED}
        session.add(FeatureMatchSource(feature_id=row.id, event_id=event_id, feature_version=row.version, **confirmed))
    refused = service.delete(address, headers={"If-Match": "*", "Accept-Language": "en"})
    assert (refused.status_code, refused.json()["key"]) == (422, "feature.needed")
    for table in ("feature_match: 1", "institution_circle: 1", "village_note: 1"):
        assert table in refused.json()["params"]["kept"]
    with workspace.write(actor="test") as session:
        session.scalars(select(FeatureMatchSource)).one().status = MatchStatus.PROPOSED
    for one in resting:
        gone = service.delete(one, headers={"If-Match": "*"})
        assert gone.status_code == 204, gone.text
    assert service.delete(address, headers={"If-Match": "*"}).status_code == 204
    assert service.get(address).status_code == 404
