"""Plans over HTTP: figures, approval, status, viability, composition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from geo.services.plan_sample import store_lipenka_plan
from geo.services.workspace import Workspace

WITHOUT_GEOMETRY = {"plans", "contributions", "people-groups", "group-members", "plan-goals", "tasks"}
Make = Callable[..., str]


@pytest.fixture
def lipenka(workspace: Workspace) -> str:
    with workspace.write(actor="test") as session:
        return str(store_lipenka_plan(session))


@pytest.fixture
def make(service: TestClient) -> Make:
    def post(name: str, /, **values: Any) -> str:
        geometry = values.pop("geometry", None)
        feature = {"type": "Feature", "geometry": geometry, "properties": values}
        answer = service.post(f"/api/v1/{name}", json=values if name in WITHOUT_GEOMETRY else feature)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return post


def test_a_plan_in_figures(service: TestClient, lipenka: str) -> None:
    answer = service.get(f"/api/v1/plans/{lipenka}/summary")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["activities"], told["currency"]) == (6, "KGS")
    assert told["money"] == {
        "total": 12_225_000,
        "promised": 0,
        "received": 12_225_000,
        "unpromised": 12_225_000,
        "at_least": True,
        "untold": 2,
    }
    assert {one["source"]: one["total"] for one in told["by_source"]} == {
        "local_budget": 6_725_000,
        "community": 0,
        "investor": 3_000_000,
        "state": 0,
        "several": 2_500_000,
    }
    for parts in ("by_source", "by_form"):
        assert sum(one["total"] for one in told[parts]) == 12_225_000
    for parts in ("by_stage", "by_goal", "by_settlement"):
        assert sum(one["money"]["total"] for one in told[parts]) == 12_225_000
    assert told["approval"] == {"steps": [], "next_step": "planning_meeting"}
    assert service.get(f"/api/v1/plans/{uuid4()}/summary").status_code == 404


def test_approval_goes_step_by_step(service: TestClient, lipenka: str) -> None:
    address = f"/api/v1/plans/{lipenka}/approval-steps"
    early = service.post(address, json={"step": "assembly", "taken_on": "2012-02-01"})
    assert early.status_code in {400, 409, 422}
    assert early.json()["key"] == "plan.step_order"
    for step, day in (("planning_meeting", "2012-01-10"), ("assembly", "2012-02-01")):
        answer = service.post(address, json={"step": step, "taken_on": day})
        assert answer.status_code == 201, answer.text
    assert answer.json()["next_step"] == "council_session"
    back = service.post(f"{address}/take-back", json={"step": "assembly", "reason": "ката"})
    assert [one["step"] for one in back.json()["steps"]] == ["planning_meeting"]
    assert service.get(f"/api/v1/plan-approvals?plan_id={lipenka}").json()["items"][0]["step"] == "planning_meeting"


def test_an_activity_from_plan_to_done(service: TestClient, lipenka: str, make: Make) -> None:
    work = make(
        "activities",
        plan_id=lipenka,
        purpose="drinking_water",
        title="3 км түтүк",
        status_since="2013-01-10",
        need_som="1,85 млн сом",
        geometry={"type": "LineString", "coordinates": [[78.2385, 42.495], [78.241, 42.51]]},
    )
    make("contributions", activity_id=work, source="local_budget", amount_som="925 миң сом")
    viability = service.get(f"/api/v1/activities/{work}/viability").json()
    assert (viability["gap_som"], viability["gap_percent"], viability["viability"]) == (925_000, 50.0, "viable")
    address = f"/api/v1/activities/{work}/status"
    skipped = service.post(address, json={"status": "done", "since": "2013-05-01"}, headers={"Accept-Language": "en"})
    assert skipped.json()["key"] == "activity.stage_order"
    assert "“Done” cannot follow “Planned”" in skipped.json()["detail"]
    begun = service.post(address, json={"status": "under_way", "since": "2013-04-01", "precision": "month"})
    assert begun.status_code == 201, begun.text
    assert [one["key"] for one in begun.json()["warnings"]] == ["activity.not_funded"]
    done = service.post(address, json={"status": "done", "since": "2013-05-01", "note": "Акт № 1"})
    assert [one["stage"] for one in done.json()["history"]] == ["planned", "under_way", "done"]
    shown = service.get(f"/api/v1/activities/{work}")
    assert shown.json()["properties"]["status"] == "done"
    assert shown.json()["properties"]["local_matter"] == 4
    assert shown.headers["ETag"] == done.headers["ETag"]
    listed = service.get(f"/api/v1/activity-status?activity_id={work}&sort=since").json()["items"]
    assert [one["status"] for one in listed] == ["planned", "under_way", "done"]
    assert service.post("/api/v1/activity-status", json={}).status_code in {404, 405}
    assert service.patch(f"/api/v1/activity-status/{listed[0]['id']}", json={"note": "x"}).status_code in {404, 405}


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({"status": "begun", "since": "2013-01-01"}, {400, 422}),
        ({"status": "done", "since": "2013-13-01"}, {400, 422}),
        ({"status": "done", "since": "9999-12-31"}, {400, 409, 422}),
        ({"status": "done", "since": "2013-01-01", "corrects_id": str(uuid4())}, {404}),
        ({"status": "done", "since": "2013-01-01", "more": 1}, {400, 422}),
        ([], {400, 422}),
    ],
)
def test_a_status_that_is_none_is_refused(service: TestClient, lipenka: str, body: object, keys: set[int]) -> None:
    listed = service.get(f"/api/v1/activities?plan_id={lipenka}&limit=1").json()["features"]
    answer = service.post(f"/api/v1/activities/{listed[0]['id']}/status", json=body)
    assert answer.status_code in keys, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_money_that_is_none_is_refused(service: TestClient, lipenka: str) -> None:
    listed = service.get(f"/api/v1/activities?plan_id={lipenka}&limit=1").json()["features"]
    for amount, key in (("көп акча", "money.unreadable"), ("1,300", "money.ambiguous"), (1.5, "money.part_of_som")):
        body = {"activity_id": listed[0]["id"], "source": "state", "amount_som": amount}
        answer = service.post("/api/v1/contributions", json=body)
        assert answer.status_code in {400, 422}
        assert answer.json()["key"] == key


def test_composition_of_a_group(service: TestClient, lipenka: str, make: Make) -> None:
    cycle = service.get(f"/api/v1/plans/{lipenka}").json()["cycle_id"]
    group = make("people-groups", kind="initiative", cycle_id=cycle, name="Өнүгүү", confirmed_on="2014-05-16")
    told = service.get(f"/api/v1/groups/{group}/composition", headers={"Accept-Language": "ru"}).json()
    assert told["warnings"] == [{"key": "people_group.empty", "text": "Члены группы ещё не записаны."}]
    make("group-members", group_id=group, name="Асанова Айгүл", sex="female")
    told = service.get(f"/api/v1/groups/{group}/composition").json()
    assert (told["members"], told["women"], told["men"]) == (1, 1, 0)
    assert {one["key"] for one in told["warnings"]} == {"people_group.no_men", "people_group.villages_missing"}
    assert len(told["villages_missing"]) == 5
    assert "Айгүл" not in service.get(f"/api/v1/groups/{group}/composition").text


def test_a_plan_is_published_whole(service: TestClient, lipenka: str) -> None:
    address = f"/api/v1/plans/{lipenka}/publish-all"
    assert service.post(address, json={"published": True}).json() == {"changed": 1 + 2 + 2 + 6 + 6 + 6}
    assert service.post(address, json={"published": True}).json() == {"changed": 0}
    assert service.post(address, json={"published": False}).json() == {"changed": 23}
