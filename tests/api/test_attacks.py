"""What outsiders, residents and people of other municipalities try, and must not get."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geo.domain.gallery.notes import most_votes
from geo.domain.institutions import TieRelation
from geo.domain.rights import Role
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind, layer_of
from geo.models import (
    Activity,
    AppraisalEvent,
    Contribution,
    Cycle,
    Finding,
    GroupMember,
    InstitutionCircle,
    InstitutionTie,
    MapFeature,
    Membership,
    MonitoringVisit,
    Municipality,
    PeopleGroup,
    PlanApproval,
    Problem,
    ProblemStatement,
    Record,
    SiteProposal,
    VisitPhoto,
)
from geo.models.base import now
from geo.services.records.reading import write_cursor
from geo.services.workspace import Workspace
from geo.spatial.tile_grid import Tile, fractions
from tests.api.any_record import AnyRecord
from tests.api.signed_in import app_of, client_of, key_of, settings_of

PLACE = Point(78.2385, 42.495)


@dataclass
class Stage:
    """A municipality, one that its village left, and who comes to them."""

    workspace: Workspace
    known: dict[str, UUID]
    there: UUID
    clients: dict[str, TestClient]

    def add(self, model: type[Record], *, known: dict[str, UUID] | None = None, **values: Any) -> UUID:
        """Store a published row; ``published_at`` of None hides it."""
        if hasattr(model, "published_at"):
            values.setdefault("published_at", now())
        with self.workspace.write(actor="test") as session:
            return UUID(str(AnyRecord(session, self.known | (known or {})).make(model, **values).id))

    def change(self, model: type[Record], record_id: UUID, **values: Any) -> None:
        """Change columns of a row."""
        with self.workspace.write(actor="test") as session:
            row = session.query(model).filter_by(id=record_id).one()
            for name, value in values.items():
                setattr(row, name, value)

    def home(self, *, sensitive: bool = True) -> UUID:
        """Store a house."""
        return self.add(MapFeature, kind=Kind.HOUSE, layer=layer_of(Kind.HOUSE), geometry=PLACE, is_sensitive=sensitive)


@pytest.fixture
def stage(workspace: Workspace, event_id: UUID, database_url: str, tmp_path: Path) -> Iterator[Stage]:
    with workspace.write(actor="test") as session:
        known = _known(session, event_id)
        there = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(there)
        session.flush()
        keys = {
            "elsewhere": key_of(session, "elsewhere", [(role, there.id) for role in Role]),
            **{role.value: key_of(session, role.value, [(role, known["municipality"])]) for role in Role},
        }
        there_id = there.id
    app = app_of(settings_of(tmp_path, database_url))
    clients = {who: client_of(app, key=key) for who, key in keys.items()} | {"public": client_of(app)}
    yield Stage(workspace, known, there_id, clients)
    app.state.settings.workspace.database.dispose()


def _known(session: Session, event_id: UUID) -> dict[str, UUID]:
    event = session.query(AppraisalEvent).filter_by(id=event_id).one()
    cycle = session.query(Cycle).filter_by(id=event.cycle_id).one()
    return {
        "municipality": cycle.municipality_id,
        "settlement": event.settlement_id,
        "cycle": cycle.id,
        "appraisal_event": event.id,
    }


def _ids(client: TestClient, path: str) -> set[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return {one["id"] for one in body.get("features", body.get("items"))}


def test_a_cursor_made_by_hand_does_not_tell_how_a_hidden_row_sorts(stage: Stage) -> None:
    """A planner of another municipality would find a member's name between names of members of their own."""

    group = stage.add(PeopleGroup)
    hidden = stage.add(GroupMember, known={"people_group": group}, name="Асанова Айгүл")
    with stage.workspace.read() as session:
        fid = session.query(GroupMember).filter_by(id=hidden).one().fid
    elsewhere = {"municipality": stage.there}
    own = stage.add(PeopleGroup, known=elsewhere)
    for name in ("Асанова Айгүк", "Асанова Айгүм"):
        stage.add(GroupMember, known={**elsewhere, "people_group": own}, name=name)
    path = f"/api/v1/group-members?sort=name&cursor={write_cursor(fid)}"
    answer = stage.clients["elsewhere"].get(path)
    assert (answer.status_code, answer.json()["key"]) == (422, "list.bad_cursor")
    assert stage.clients["planner"].get(path).status_code == 200


def test_what_leads_to_the_home_of_a_vulnerable_household_is_not_public(stage: Stage) -> None:
    home = stage.home()
    activity = stage.add(Activity, site_feature_id=home, geometry=PLACE)
    visits = {
        "monitoring-visits": stage.add(MonitoringVisit, feature_id=home, geometry=PLACE),
        "of the activity": stage.add(MonitoringVisit, activity_id=activity, geometry=PLACE),
    }
    public, planner = stage.clients["public"], stage.clients["planner"]
    kept: dict[str, list[UUID]] = {
        "monitoring-visits": [*visits.values()],
        "activities": [activity],
        "contributions": [stage.add(Contribution, known={"activity": activity})],
        "findings": [
            stage.add(Finding, known={"monitoring_visit": visit}, geometry=PLACE) for visit in visits.values()
        ],
        "visit-photos": [stage.add(VisitPhoto, known={"monitoring_visit": visit}) for visit in visits.values()],
    }
    for name, rows in kept.items():
        for row in rows:
            assert public.get(f"/api/v1/{name}/{row}").status_code == 404, name
            assert planner.get(f"/api/v1/{name}/{row}").status_code == 200, name
        assert not _ids(public, f"/api/v1/{name}?count=true")
    for photo in kept["visit-photos"]:
        assert public.get(f"/api/v1/photos/{photo}").status_code == 404
    assert not _ids(public, "/ogc/collections/visits/items?bbox=78,42,79,43")
    assert public.get("/api/v1/where?point=78.2385,42.495").json()["items"] == []
    stage.change(MapFeature, home, withdrawn_at=now())
    assert public.get(f"/api/v1/findings/{kept['findings'][0]}").status_code == 404


def test_a_tile_of_visits_forgets_a_home_as_soon_as_it_is_marked(stage: Stage) -> None:
    home = stage.home(sensitive=False)
    stage.add(MonitoringVisit, feature_id=home, geometry=PLACE)
    stage.add(Activity, site_feature_id=home, geometry=PLACE)
    east, south = fractions(PLACE.x, PLACE.y)
    tiles = [Tile(z=z, x=int(float(east) * 2**z), y=int(float(south) * 2**z)) for z in (7, 12, 15)]
    paths = [
        f"/ogc/collections/{name}/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
        for name in ("visits", "activities")
        for tile in tiles
    ]
    assert [stage.clients["public"].get(path).status_code for path in paths] == [200] * len(paths)
    stage.change(MapFeature, home, is_sensitive=True)
    assert [stage.clients["public"].get(path).status_code for path in paths] == [204] * len(paths)
    assert [stage.clients["planner"].get(path).status_code for path in paths] == [200] * len(paths)


def test_ties_do_not_draw_the_place_of_an_institution_that_is_a_home(stage: Stage) -> None:
    ends = [
        stage.add(InstitutionCircle, feature_id=feature, geometry=PLACE)
        for feature in (stage.home(), stage.home(sensitive=False))
    ]
    tie = stage.add(InstitutionTie, first_id=ends[0], second_id=ends[1], relation=TieRelation.FULL)
    assert _ids(stage.clients["public"], "/ogc/collections/institution-ties/items") == set()
    assert _ids(stage.clients["planner"], "/ogc/collections/institution-ties/items") == {str(tie)}


def test_a_village_that_left_takes_its_objects_out_of_sight(stage: Stage) -> None:
    """Its former municipality sees its own records, and not what is drawn of the village since."""
    with stage.workspace.write(actor="test") as session:
        session.add_all(
            [
                Membership(
                    settlement_id=stage.known["settlement"],
                    municipality_id=municipality,
                    valid_from=date(year, 1, 1),
                    valid_to=None if year == 2025 else date(year + 1, 1, 1),
                )
                for municipality, year in ((stage.there, 2024), (stage.known["municipality"], 2025))
            ]
        )
    home = stage.add(
        MapFeature, kind=Kind.HOUSE, layer=layer_of(Kind.HOUSE), geometry=PLACE, published_at=None, is_sensitive=True
    )
    assert _ids(stage.clients["elsewhere"], "/ogc/collections/objects/items") == set()
    assert _ids(stage.clients["planner"], "/ogc/collections/objects/items") == {str(home)}
    asked = stage.clients["elsewhere"].post(f"/api/v1/settlements/{stage.known['settlement']}/match-proposals")
    assert asked.status_code == 403


def test_evidence_tells_the_public_nothing_of_where_and_when_a_photo_was_taken(stage: Stage) -> None:
    visit = stage.add(MonitoringVisit, geometry=PLACE, visited_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    stage.add(VisitPhoto, known={"monitoring_visit": visit}, taken_at=datetime(2026, 3, 1, 9, 7, tzinfo=UTC))
    path = f"/api/v1/monitoring-visits/{visit}/evidence"
    assert stage.clients["public"].get(path).json()["photos"] == []
    assert stage.clients["monitor"].get(path).json()["photos"][0]["minutes"] == 7.0
    told = {
        who: stage.clients[who].get(path, headers={"Accept-Language": "en"}).json() for who in ("public", "monitor")
    }
    assert told["public"]["grade"] == told["monitor"]["grade"]
    assert any("7 minutes" in reason for reason in told["monitor"]["reasons"])
    assert not any("7" in reason or "photo was taken" in reason for reason in told["public"]["reasons"])
    assert any("photos count in the grade" in reason for reason in told["public"]["reasons"])


def test_votes_and_steps_that_are_not_published_are_in_no_sum(stage: Stage) -> None:
    problem = stage.add(Problem, settlement_id=stage.known["settlement"])
    stage.add(ProblemStatement, known={"problem": problem}, votes=3)
    stage.add(ProblemStatement, known={"problem": problem}, votes=40, published_at=None)
    path = f"/api/v1/problems/{problem}"
    votes = {who: _properties(stage.clients[who].get(path))["votes"] for who in ("public", "elsewhere", "planner")}
    assert votes == {"public": 3, "elsewhere": 3, "planner": 43}
    step = stage.add(PlanApproval, published_at=None)
    with stage.workspace.write(actor="test") as session:
        plan = session.query(PlanApproval).filter_by(id=step).one().plan_id
    planner = stage.clients["planner"]
    assert planner.put(f"/api/v1/plans/{plan}/publication", headers={"If-Match": "*"}).status_code == 200
    assert stage.clients["public"].get(f"/api/v1/plans/{plan}/summary").json()["approval"]["steps"] == []
    assert len(planner.get(f"/api/v1/plans/{plan}/summary").json()["approval"]["steps"]) == 1


def _properties(answer: Any) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    return body.get("properties", body)


def test_the_wall_of_a_small_event_does_not_count_its_people(stage: Stage) -> None:
    stage.change(AppraisalEvent, stage.known["appraisal_event"], participants=3, published_at=now())
    path = f"/api/v1/events/{stage.known['appraisal_event']}/gallery"
    wall = stage.clients["public"].get(path).json()
    assert (wall["participants"], wall["most_votes"]) == (None, None)
    wall = stage.clients["planner"].get(path).json()
    assert (wall["participants"], wall["most_votes"]) == (3, most_votes(3))


def test_nobody_writes_by_a_way_round(stage: Stage) -> None:
    """Who may link does not change a plan by it; who may ask for jobs does not make a sheet by it."""
    activity = stage.add(Activity)
    site = stage.add(SiteProposal, known={"activity": activity, "map_feature": stage.home(sensitive=False)})
    path = f"/api/v1/site-proposals/{site}/decision"
    assert stage.clients["facilitator"].post(path, json={"state": "confirmed"}).status_code == 403
    assert stage.clients["planner"].post(path, json={"state": "confirmed"}).status_code == 200
    path = f"/api/v1/events/{stage.known['appraisal_event']}/sheet-readings"
    photo = {"file": ("sheet.jpg", b"no picture", "image/jpeg")}
    assert stage.clients["planner"].post(path, files=photo).status_code == 403
    assert stage.clients["facilitator"].post(path, files=photo).status_code == 202


def test_an_outline_that_crosses_itself_thousands_of_times_is_not_repaired(stage: Stage) -> None:
    """Anybody may ask what is in an area: a few kilobytes of strokes to and fro must not keep the service busy."""
    strokes = [[78 + number % 2 + number * 1e-6, 42 + number % 3 / 2] for number in range(4_000)]
    area = {"type": "Polygon", "coordinates": [[*strokes, strokes[0]]]}
    before = time.process_time()
    answer = stage.clients["public"].post("/api/v1/where", json={"geometry": area})
    assert (answer.status_code, answer.json()["key"]) == (422, "geometry.crosses_too_often")
    assert time.process_time() - before < 5
    bow = {"type": "Polygon", "coordinates": [[[78, 42], [78.01, 42.01], [78.01, 42], [78, 42.01], [78, 42]]]}
    assert stage.clients["public"].post("/api/v1/where", json={"geometry": bow}).status_code == 200
