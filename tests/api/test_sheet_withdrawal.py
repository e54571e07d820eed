"""A sheet taken out of sight over HTTP, on both engines: what goes with it, what keeps it, and how it comes back."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from geo.models import SketchSheet
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.workspace import Workspace
from tests.support.placed_drawing import POINTS, unplaced_sheet

ANY = {"If-Match": "*"}


@pytest.fixture
def sheet_id(workspace: Workspace, event_id: UUID) -> UUID:
    with workspace.write(actor="test") as session:
        return store_unplaced_sheet(session, workspace.pictures, event_id, unplaced_sheet())


def decided(service: TestClient, at: str, *decisions: dict[str, Any]) -> Any:
    answer = service.post(f"{at}/candidate-decisions", json={"decisions": list(decisions)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def objects(service: TestClient, sheet_id: UUID) -> list[str]:
    found = service.get(f"/api/v1/map-features?sheet_id={sheet_id}").json()["features"]
    return sorted(one["id"] for one in found)


def test_a_sheet_goes_with_its_objects_and_comes_back_with_just_those(
    service: TestClient, workspace: Workspace, sheet_id: UUID
) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    body = {"control_points": POINTS, "method": "affine"}
    placed = service.put(f"{at}/placement", json=body, headers=ANY)
    told = decided(service, at, {"do": "accept", "ordinals": [1, 2, 6], "kind": "house"})
    decided(service, at, {"do": "reopen", "ordinals": [6]})  # withdrawn by itself: it is not to come back
    stand = objects(service, sheet_id)
    assert len(stand) == 2 < len(told["features"])

    assert service.delete(at).status_code == 428
    stale = service.delete(at, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, str(sheet_id))
    kept = service.delete(at, headers={"If-Match": placed.headers["etag"], "Accept-Language": "en"})
    assert (kept.status_code, kept.json()["key"]) == (422, "sheets.features_stand")
    assert kept.json()["params"] == {"features": "2"}
    assert objects(service, sheet_id) == stand

    gone = service.delete(
        f"{at}?with_features=true&reason=Башка+айылдыкы", headers={"If-Match": placed.headers["etag"]}
    )
    assert (gone.status_code, gone.json()["features"]) == (200, 2), gone.text
    assert objects(service, sheet_id) == []
    for name in ("", "/picture", "/candidates", "/placements", "/legend"):
        assert service.get(at + name).status_code == 404, name
    assert str(sheet_id) not in service.get("/api/v1/sheets").text
    assert service.delete(at, headers=ANY).status_code == 404
    with workspace.read() as session:
        query = session.query(SketchSheet).filter_by(id=sheet_id).execution_options(with_withdrawn=True)
        assert (query.one().withdrawn_by, query.one().withdrawn_reason) == ("local", "Башка айылдыкы")

    back = service.post(f"{at}/restore", headers={"If-Match": gone.headers["etag"]})
    assert (back.status_code, back.json()["features"]) == (200, 2), back.text
    assert back.json()["sheet"]["properties"]["method"] == "affine"
    assert objects(service, sheet_id) == stand
    states = [one["properties"]["state"] for one in service.get(f"{at}/candidates").json()["features"]]
    assert [states[0], states[1], states[5]] == ["accepted", "accepted", "proposed"]
    again = service.post(f"{at}/restore")
    assert (again.status_code, again.json()["features"]) == (200, 0)


def test_the_photo_of_a_withdrawn_sheet_is_not_taken_twice(service: TestClient, sheet_id: UUID, event_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    assert service.delete(at, headers=ANY).json()["features"] == 0
    files = {"file": ("барак.jpg", io.BytesIO(unplaced_sheet().image))}
    known = service.post(f"/api/v1/events/{event_id}/sheet-photos", files=files)
    assert (known.status_code, known.json()["key"]) == (409, "sheets.photo_withdrawn")
    assert known.json()["params"]["id"] == str(sheet_id)
    assert service.post(f"{at}/restore").status_code == 200
    files = {"file": ("барак.jpg", io.BytesIO(unplaced_sheet().image))}
    assert service.post(f"/api/v1/events/{event_id}/sheet-photos", files=files).json()["key"] == "sheets.photo_known"
