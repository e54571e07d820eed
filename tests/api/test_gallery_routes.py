"""The gallery over HTTP: statements in, priorities out, merges and their undoing, on both engines."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from geo.sample.kok_irim import load_kok_irim
from geo.services.workspace import Workspace
from tests.geo.gallery_walls import store_kok_irim

API = "/api/v1"


def state(service: TestClient, event_id: UUID, wording: str, votes: int) -> dict[str, Any]:
    answer = service.post(f"{API}/problem-statements", json=feature(event_id, wording, votes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["properties"]
    return found


def feature(event_id: UUID, wording: str, votes: int, geometry: object = None) -> dict[str, Any]:
    said = {"event_id": str(event_id), "wording": wording, "votes": votes}
    return {"type": "Feature", "geometry": geometry, "properties": said}


def test_kok_irim_by_the_service(service: TestClient, workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
    address = f"{API}/municipalities/{wall.municipality}"
    assert len(service.get(f"{address}/priorities", params={"year": 2014}).json()["lines"]) == 13
    suggested = service.get(f"{address}/merge-suggestions", params={"lang": "en"}).json()
    # The four problems that both villages named are proposed, and nothing else is as sure.
    both = {one.title.ky for one in load_kok_irim().problems if None not in one.votes}
    assert {one["first_title"] for one in suggested if one["first_title"] == one["second_title"]} == both
    assert all(one["level"] == "municipality" for one in suggested)
    assert suggested[0]["reasons"][0].startswith("Alike in words (100 %)")
    for one in suggested:
        if one["first_title"] == one["second_title"]:
            form = {
                "problem_ids": [one["first_id"], one["second_id"]],
                "title": one["first_title"],
                "reason": "Эки айылда тең",
                "level": "municipality",
            }
            assert service.post(f"{API}/problem-merges", json=form).status_code == 201
    listed = service.get(f"{address}/priorities").json()
    assert [line["votes"] for line in listed["lines"]] == [63, 45, 40, 36, 36, 32, 30, 16, 8]
    assert [line["rank"] for line in listed["lines"] if line["is_priority"]] == [1, 2, 3, 4, 4]
    culture = next(line for line in listed["lines"] if line["votes"] == 45)
    youth = next(line for line in listed["lines"] if line["votes"] == 30)
    form = {
        "problem_ids": [culture["problem_id"]],
        "into_id": youth["problem_id"],
        "reason": "Маданият",
        "versions": {culture["problem_id"]: culture["version"], youth["problem_id"]: youth["version"]},
    }
    merged = service.post(f"{API}/problem-merges", json=form).json()
    assert (merged["votes"], merged["undone_at"]) == (75, None)
    assert service.post(f"{API}/problem-merges", json=form).status_code == 409
    stability = service.get(f"{address}/rank-stability").json()
    removal = next(one for one in stability["removals"] if one["id"] == merged["id"])
    assert (removal["what"], removal["changes_priorities"], stability["is_stable"]) == ("merge", True, False)
    undone = service.post(f"{API}/problem-merges/{merged['id']}/undo", json={"reason": "Башка эле көйгөй"})
    assert undone.json()["undone_reason"] == "Башка эле көйгөй"
    assert service.post(f"{API}/problem-merges/{merged['id']}/undo", json={}).status_code == 409
    assert service.get(f"{address}/priorities").json()["lines"][0]["votes"] == 63
    village = service.get(f"{API}/settlements/{wall.villages[0]}/priorities", params={"cycle": str(wall.cycle)}).json()
    assert [line["votes"] for line in village["lines"]] == [45, 36, 17, 13, 11, 9, 8]
    assert service.get(f"{API}/settlements/{wall.villages[0]}/rank-stability").json()["removals"]
    assert service.get(f"{API}/settlements/{wall.villages[0]}/merge-suggestions").status_code == 200
    counts = service.get(f"{API}/priority-counts", params={"by": "settlement"}).json()
    assert {one["competence"]: one["places"] for one in counts}["6"] == 2
    merges = service.get(f"{API}/problem-merges").json()
    assert len(merges.get("items", merges.get("features", []))) == 5


def test_a_statement_by_rest_has_its_place_and_its_hint(service: TestClient, event_id: UUID) -> None:
    place = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [78.24, 42.5]},
            {"type": "LineString", "coordinates": [[78.24, 42.5], [78.25, 42.5]]},
        ],
    }
    body = feature(event_id, "Трактор жок", 2, place)
    answer = service.post(f"{API}/problem-statements", json=body, headers={"Accept-Language": "en"})
    assert answer.status_code == 201
    assert "names a missing remedy" in answer.text
    gallery = service.get(f"{API}/events/{event_id}/gallery").json()
    assert gallery["lines"][0]["statement"]["wording"] == "Трактор жок"
    problem = service.get(f"{API}/problems/{gallery['lines'][0]['problem_id']}").json()
    assert problem["geometry"] == place
    assert problem["properties"]["votes"] == 2


def test_causes_by_rest(service: TestClient, event_id: UUID) -> None:
    problem = state(service, event_id, "Балдар мектепке даяр эмес", 6)["problem_id"]
    body = {
        "problem_id": problem,
        "event_id": str(event_id),
        "causes": ["Бала бакчанын имараты жок", " "],
        "effects_seen": ["Балдар кыйналып көнөт"],
        "solutions": ["Мектепте даярдоо классын ачуу"],
        "contribution_community": "Кеңсе товарлары, тамак-аш",
        "solvable_by": "community",
    }
    made = service.post(f"{API}/cause-analyses", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["causes"] == ["Бала бакчанын имараты жок"]
    assert "causes.not_a_focus_group" in made.text
    bare = service.post(f"{API}/cause-analyses", json={"problem_id": problem})
    for key in ("causes.no_causes", "causes.no_effects", "causes.no_solutions"):
        assert key in bare.text


def test_what_is_wrong_is_told(service: TestClient, event_id: UUID) -> None:
    assert service.get(f"{API}/events/{uuid4()}/gallery").status_code == 404
    assert service.get(f"{API}/settlements/{uuid4()}/priorities").status_code == 404
    assert service.get(f"{API}/municipalities/{uuid4()}/priorities").status_code == 404
    one = state(service, event_id, "Жол", 1)["problem_id"]
    refused = service.post(f"{API}/problem-merges", json={"problem_ids": [one], "title": "Жол", "reason": "х"})
    assert (refused.status_code, refused.json()["key"]) == (422, "merge.too_few")
    unknown = service.post(f"{API}/problem-merges", json={"problem_ids": [str(uuid4())], "title": "а", "reason": "х"})
    assert unknown.status_code == 404
    assert service.post(f"{API}/problem-merges/{uuid4()}/undo", json={}).status_code == 404
    assert service.post(f"{API}/problem-merges", json={"problem_ids": []}).status_code == 422
