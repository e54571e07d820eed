"""Ties between institutions as lines: edges alone, as people entered them, on both engines."""

from __future__ import annotations

from uuid import UUID

from fastapi.testclient import TestClient

from geo.services.workspace import Workspace
from tests.geo.test_appraisal_record import make

TIES = "/ogc/collections/institution-ties/items"


def circle(workspace: Workspace, event_id: UUID, name: str, lon: float) -> UUID:
    place = {"type": "Point", "coordinates": [lon, 42.49]}
    drawn = {"pixel_x": lon * 1000 - 78200, "pixel_y": 0.0, "pixel_radius": 10.0}
    fields = {"event_id": event_id, "name_ky": name, "kind": "local_institution", "geometry": place, **drawn}
    return make(workspace, "institution-circles", **fields).record.id


def lines(service: TestClient) -> dict[str, str]:
    features = service.get(TIES).json()["features"]
    return {one["properties"]["origin"]: one["properties"]["relation"] for one in features}


def test_only_edges_are_lines_and_what_people_enter_wins(
    service: TestClient, workspace: Workspace, event_id: UUID
) -> None:
    school = circle(workspace, event_id, "Мектеп", 78.200)
    club = circle(workspace, event_id, "Клуб", 78.215)  # 15 pixels apart: the circles overlap in part
    assert lines(service) == {"derived": "partial"}
    said = make(workspace, "institution-ties", first_id=club, second_id=school, relation="apart").record
    assert lines(service) == {}
    address = f"/api/v1/institution-ties/{said.id}"
    answer = service.patch(address, json={"relation": "full"}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert lines(service) == {"entered": "full"}
