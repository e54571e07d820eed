"""Who may look at sheets and decide about them over HTTP, and what keeps an object from being withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from geo.domain.linking import FeatureRole, LinkOrigin, LinkState
from geo.domain.territory import MunicipalityKind
from geo.models import AppraisalEvent, Cycle, Municipality, Problem, ProblemFeature
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.workspace import Workspace
from tests.api.any_record import AnyRecord
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of
from tests.support.placed_drawing import POINTS, unplaced_sheet

WRITERS = {"facilitator", "administrator", "everywhere"}
READERS = {"planner", "monitor", "council_member", "reads_only"}


@pytest.fixture
def sheet_id(workspace: Workspace, event_id: UUID) -> UUID:
    with workspace.write(actor="test") as session:
        return store_unplaced_sheet(session, workspace.pictures, event_id, unplaced_sheet())


@pytest.fixture
def clients(
    workspace: Workspace, event_id: UUID, sheet_id: UUID, database_url: str, tmp_path: Path
) -> Iterator[dict[str, TestClient]]:
    with workspace.write(actor="test") as session:
        event = session.query(AppraisalEvent).filter_by(id=event_id).one()
        here = session.query(Cycle).filter_by(id=event.cycle_id).one().municipality_id
        there = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(there)
        session.flush()
        keys = keys_of_roles(session, here, there.id)
    app = app_of(settings_of(tmp_path, database_url))
    yield {"public": client_of(app)} | {who: client_of(app, key=key) for who, key in keys.items()}
    app.state.settings.workspace.database.dispose()


def asked(sheet_id: UUID, event_id: UUID) -> list[tuple[str, str, dict[str, Any]]]:
    """Return everything that changes a sheet."""
    at = f"/api/v1/sheets/{sheet_id}"
    return [
        ("PUT", f"{at}/placement", {"json": {"control_points": POINTS}}),
        ("POST", f"{at}/placements/1/restore", {}),
        ("POST", f"{at}/candidate-decisions", {"json": {"decisions": [{"do": "reject", "ordinals": [1]}]}}),
        ("PUT", f"{at}/legend", {"json": {"entries": []}}),
        ("PATCH", at, {"json": {"type": "Feature", "properties": {"title": "Барак"}}}),
        ("DELETE", at, {}),
        ("POST", f"{at}/restore", {}),
        ("POST", f"/api/v1/events/{event_id}/sheet-photos", {"files": {"file": ("a.jpg", b"x")}}),
    ]


def test_sheets_are_for_people_with_a_role_and_changed_by_those_of_sessions(
    clients: dict[str, TestClient], sheet_id: UUID, event_id: UUID
) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    looks = ["", "/picture", "/candidates", "/placements", "/legend", "/overlay"]
    for who, client in clients.items():
        seen = who in WRITERS | READERS
        for name in looks:
            status = client.get(at + name).status_code
            assert status == (200 if seen and name != "/overlay" else 404), (who, name, status)
        trial = client.post(f"{at}/placement-trial", json={"control_points": POINTS})
        if who != "reads_only":
            assert trial.status_code == (200 if seen else 404), (who, trial.text)
        if who in WRITERS:
            continue
        for method, path, body in asked(sheet_id, event_id):
            answer = client.request(method, path, headers={"If-Match": "*"}, **body)
            assert answer.status_code in ({403} if seen else {403, 404}), (who, method, path, answer.text)
    for who in sorted(WRITERS):
        retitled = {"type": "Feature", "properties": {"title": f"Барак {who}"}}
        assert clients[who].patch(at, json=retitled, headers={"If-Match": "*"}).status_code == 200, who
        answer = clients[who].put(
            f"{at}/placement",
            json={"control_points": POINTS, "method": "affine" if who == "everywhere" else "similarity", "reason": who},
            headers={"If-Match": "*"},
        )
        assert answer.status_code in {200, 422}, (who, answer.text)  # the same once more changes nothing
        decision = {"do": "accept", "ordinals": [sorted(WRITERS).index(who) + 1], "kind": "house"}
        assert clients[who].post(f"{at}/candidate-decisions", json={"decisions": [decision]}).status_code == 200, who
        gone = clients[who].delete(f"{at}?with_features=true", headers={"If-Match": "*"})
        assert (gone.status_code, gone.json()["features"]) == (200, sorted(WRITERS).index(who) + 1), (who, gone.text)
        # Whoever may not withdraw it may not put it back either.
        assert all(clients[one].post(f"{at}/restore").status_code == 403 for one in sorted(READERS))
        assert clients[who].post(f"{at}/restore").status_code == 200, who


def test_an_object_that_others_rest_on_is_named_and_nothing_is_taken_back(
    workspace: Workspace, service: TestClient, sheet_id: UUID, event_id: UUID
) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    body = {"control_points": POINTS, "method": "affine"}
    assert service.put(f"{at}/placement", json=body, headers={"If-Match": "*"}).status_code == 200
    accept = {"do": "accept", "ordinals": [1, 2, 6], "kind": "house", "name_ky": "Асан үйү"}
    told = service.post(f"{at}/candidate-decisions", json={"decisions": [accept]}).json()
    with workspace.write(actor="test") as session:
        event = session.query(AppraisalEvent).filter_by(id=event_id).one()
        known = {"cycle": event.cycle_id, "settlement": event.settlement_id, "appraisal_event": event_id}
        problem = AnyRecord(session, known).make(Problem)
        session.flush()
        link = ProblemFeature(
            problem_id=problem.id,
            feature_id=UUID(told["features"][1]["id"]),
            role=next(iter(FeatureRole)),
            state=LinkState.CONFIRMED,
            origin=next(iter(LinkOrigin)),
            municipality_id=session.query(Cycle).filter_by(id=event.cycle_id).one().municipality_id,
        )
        session.add(link)
    refused = service.post(f"{at}/candidate-decisions", json=told["undo"])
    assert (refused.status_code, refused.json()["key"]) == (422, "feature.needed_named"), refused.text
    assert "Асан үйү" in refused.json()["detail"]
    states = [one["properties"]["state"] for one in service.get(f"{at}/candidates").json()["features"]]
    assert states.count("accepted") == 3
    others = {"decisions": [{"do": "reopen", "ordinals": [1, 6]}]}
    assert len(service.post(f"{at}/candidate-decisions", json=others).json()["withdrawn"]) == 2


def test_of_two_who_decide_at_once_one_is_told(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}/candidate-decisions"
    statuses: list[int] = []

    def reject() -> None:
        body = {"decisions": [{"do": "reject", "ordinals": [1, 2, 3]}]}
        statuses.append(service.post(at, json=body).status_code)

    threads = [threading.Thread(target=reject) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses)[0] == 200
    assert set(sorted(statuses)[1:]) <= {409, 503}  # told, or asked to try again while the store was busy
