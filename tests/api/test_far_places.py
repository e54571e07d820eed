"""A place far from the village it is filed under: warned of beyond 50 km, refused beyond 300 km; on both engines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

NEAR = [78.24, 42.5]
DISTANT_PASTURE = [77.4, 42.5]  # 69 km to the west
SWAPPED = [42.495, 78.2385]


def statement(event_id: UUID, place: list[float]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"event_id": str(event_id), "wording": "Суу", "votes": 1},
    }


def warnings(answer: Any) -> dict[str, str]:
    return {one["key"]: one["text"] for one in answer.json().get("warnings", [])}


@pytest.mark.parametrize(("language", "words"), [("ky", "69 км"), ("ru", "69 км"), ("en", "69 km")])
def test_far_is_warned_of_in_kilometres(service: TestClient, event_id: UUID, language: str, words: str) -> None:
    head = {"Accept-Language": language}
    near = service.post("/api/v1/problem-statements", json=statement(event_id, NEAR), headers=head)
    assert "geometry.far_from_village" not in warnings(near)
    far = service.post("/api/v1/problem-statements", json=statement(event_id, DISTANT_PASTURE), headers=head)
    assert far.status_code == 201, far.text
    assert words in warnings(far)["geometry.far_from_village"]


def test_impossible_is_refused_and_nothing_stored(service: TestClient, event_id: UUID) -> None:
    answer = service.post("/api/v1/problem-statements", json=statement(event_id, SWAPPED))
    assert (answer.status_code, answer.json()["key"]) == (422, "geometry.too_far")
    many = [statement(event_id, NEAR), statement(event_id, SWAPPED)]
    bulk = service.post("/api/v1/problem-statements/bulk", json=many)
    assert (bulk.status_code, bulk.json()["key"], bulk.json()["row"]) == (422, "geometry.too_far", 2)
    assert service.get("/api/v1/problem-statements").json()["features"] == []


def test_a_change_of_place_is_looked_at_too(service: TestClient, event_id: UUID) -> None:
    made = service.post("/api/v1/problem-statements", json=statement(event_id, NEAR))
    path = made.headers["location"]
    move = {"type": "Feature", "geometry": {"type": "Point", "coordinates": SWAPPED}}
    refused = service.patch(path, json=move, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["key"]) == (422, "geometry.too_far")
    move["geometry"] = {"type": "Point", "coordinates": DISTANT_PASTURE}
    moved = service.patch(path, json=move, headers={"If-Match": '"1"'})
    assert "geometry.far_from_village" in warnings(moved)
    other = {"type": "Feature", "properties": {"votes": 2}}
    assert "geometry.far_from_village" not in warnings(service.patch(path, json=other, headers={"If-Match": '"2"'}))


def test_of_many_objects_of_a_map_each_is_looked_at(service: TestClient, event_id: UUID) -> None:
    village = service.get("/api/v1/settlements").json()["features"][0]["id"]

    def well(place: list[float]) -> dict[str, Any]:
        properties = {"settlement_id": village, "event_id": str(event_id), "kind": "well"}
        return {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": properties}

    answer = service.post("/api/v1/map-features/bulk", json=[well(NEAR), well(DISTANT_PASTURE)])
    assert answer.status_code == 201, answer.text
    assert [(one["row"], one["key"]) for one in answer.json()["warnings"]] == [(2, "geometry.far_from_village")]
    refused = service.post("/api/v1/map-features/bulk", json=[well(NEAR), well(NEAR), well(SWAPPED)])
    assert (refused.status_code, refused.json()["row"]) == (422, 3)
