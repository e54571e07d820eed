"""Links over HTTP: the chain, what is here, the audit, reach, proposals and evidence, on both engines."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import mapping

from geo.services.workspace import Workspace
from tests.geo.linked_village import LinkedVillage, build
from tests.geo.repositories.test_nearness import VILLAGE, east_of

API = "/api/v1"


@pytest.fixture
def village(workspace: Workspace) -> LinkedVillage:
    with workspace.write(actor="test") as session:
        return build(session)


def test_proposals_are_decided_and_stay_decided(service: TestClient, village: LinkedVillage) -> None:
    address = f"{API}/problems/{village.problems['water']}/feature-proposals"
    proposed = service.post(address).json()
    assert [one["feature_id"] for one in proposed] == [
        str(village.features["standpipe"]),
        str(village.features["well"]),
    ]
    decision = f"{API}/problem-features/{proposed[1]['id']}/decision"
    refused = service.post(decision, json={"state": "rejected"}, headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["key"]) == (422, "link.reason_missing")
    rejected = service.post(decision, json={"state": "rejected", "reason": "Кургап калган"})
    assert rejected.json()["state"] == "rejected"
    assert service.post(decision, json={"state": "rejected", "reason": "дагы"}).status_code == 409
    assert [one["id"] for one in service.post(address).json()] == [proposed[0]["id"]]
    listed = service.get(f"{API}/problem-features", params={"state": "rejected"}).json()
    assert str(village.features["well"]) in str(listed)
    assert service.post(f"{API}/problem-features/{uuid4()}/decision", json={"state": "confirmed"}).status_code == 404


def test_links_by_hand(service: TestClient, village: LinkedVillage) -> None:
    form = {
        "problem_id": str(village.problems["roads"]),
        "feature_id": str(village.features["school"]),
        "role": "shows",
    }
    made = service.post(f"{API}/problem-features", json=form)
    assert made.status_code == 201, made.text
    assert service.post(f"{API}/problem-features", json=form).status_code == 409
    answer = {"problem_id": str(village.problems["lighting"]), "activity_id": str(village.activities["lamps"])}
    assert service.post(f"{API}/problem-activities", json=answer).status_code == 201
    chain = service.get(f"{API}/problems/{village.problems['lighting']}/chain").json()
    assert [one["title"] for one in chain["activities"]] == ["Чырактар"]
    audit = service.get(f"{API}/plans/{village.plan}/audit").json()
    assert str(village.activities["lamps"]) not in {one["activity_id"] for one in audit["unasked"]}


def test_sites_and_activities_are_proposed(service: TestClient, village: LinkedVillage) -> None:
    (activity,) = service.post(f"{API}/problems/{village.problems['water']}/activity-proposals").json()
    assert activity["activity_id"] == str(village.activities["second pipe"])
    decided = service.post(f"{API}/problem-activities/{activity['id']}/decision", json={"state": "confirmed"})
    assert decided.json()["state"] == "confirmed"
    site, _ = service.post(f"{API}/activities/{village.activities['pipe']}/site-proposals").json()
    service.post(f"{API}/site-proposals/{site['id']}/decision", json={"state": "confirmed"})
    chain = service.get(f"{API}/problems/{village.problems['water']}/chain").json()
    assert chain["activities"][0]["site_feature_id"] == site["feature_id"]
    assert len(chain["activities"]) == 2


def test_the_chain_and_the_evidence(service: TestClient, village: LinkedVillage) -> None:
    chain = service.get(f"{API}/problems/{village.problems['water']}/chain").json()
    assert (chain["votes"], len(chain["statements"]), len(chain["merges"])) == (36, 2, 1)
    assert chain["activities"][0]["visits"][0]["id"] == str(village.visit)
    evidence = service.get(
        f"{API}/monitoring-visits/{village.visit}/evidence", headers={"Accept-Language": "en"}
    ).json()
    assert evidence["grade"] == "a"
    assert "The device was at the site: 12 m (limit 58 m)." in evidence["reasons"]
    ky = service.get(f"{API}/monitoring-visits/{village.visit}/evidence", params={"lang": "ky"}).json()
    assert "3 киши барган." in ky["reasons"]
    for address in (f"problems/{uuid4()}/chain", f"monitoring-visits/{uuid4()}/evidence", f"plans/{uuid4()}/audit"):
        assert service.get(f"{API}/{address}").status_code == 404


def test_where_by_point_and_by_area(service: TestClient, village: LinkedVillage) -> None:
    place = east_of(30)
    found = service.get(f"{API}/where", params={"point": f"{place.x},{place.y}", "radius": 5}).json()["items"]
    assert str(village.features["standpipe"]) in {one["id"] for one in found}
    area = {"geometry": mapping(VILLAGE.buffer(0.0005))}
    inside = service.post(f"{API}/where", json=area).json()["items"]
    first = service.post(f"{API}/where", json={**area, "limit": 2}).json()
    rest = service.post(f"{API}/where", json={**area, "cursor": first["cursor"]}).json()
    assert ([*first["items"], *rest["items"]], rest["cursor"]) == (inside, None)
    assert service.get(f"{API}/where", params={"point": "78,42", "cursor": "!"}).json()["key"] == "list.bad_cursor"
    assert {str(village.features["school"]), str(village.problems["water"])} <= {one["id"] for one in inside}
    for point in ("", "78", "a,b", "200,10", "nan,nan", "78,42,1"):
        answer = service.get(f"{API}/where", params={"point": point})
        assert (answer.status_code, answer.json()["key"]) == (422, "where.point")
    assert service.get(f"{API}/where", params={"point": "78,42", "radius": 1e9}).status_code == 422
    assert service.post(f"{API}/where", json={"geometry": {"type": "Nonsense"}}).status_code == 422


def test_audit_and_reach(service: TestClient, village: LinkedVillage) -> None:
    audit = service.get(f"{API}/plans/{village.plan}/audit").json()
    assert {one["problem_id"] for one in audit["unanswered"]} >= {str(village.problems["roads"])}
    assert audit["by_settlement"]["lines"][0]["som"] == 490_000
    assert 0 < audit["by_group"]["hoover"] < 1
    reach = service.get(
        f"{API}/settlements/{village.settlement}/reach", params={"kind": "standpipe", "distance": 110}
    ).json()
    assert (reach["now"]["certain"], reach["now"]["within"], reach["people_within"]) == (1, 2, 10)
    wrong = service.get(f"{API}/settlements/{village.settlement}/reach", params={"kind": "problem", "distance": 9})
    assert (wrong.status_code, wrong.json()["key"]) == (422, "reach.no_kind")
