"""Decisions on matches over HTTP, on both engines: accepted, kept apart, taken back, by those who may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from geo.domain.territory import MunicipalityKind
from geo.models import Municipality
from geo.repositories.territory import TerritoryRepository
from geo.services.whole_sample import WholeSample
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def service(settings: Settings) -> Iterator[TestClient]:
    with TestClient(app_of(settings), base_url=HERE) as client:
        yield client


def _matches(service: TestClient, sample: WholeSample, status: str) -> list[dict[str, Any]]:
    answer = service.get(f"/api/v1/settlements/{sample.settlement_id}/matches", params={"status": status})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def _propose(service: TestClient, sample: WholeSample) -> None:
    job = service.post(f"/api/v1/settlements/{sample.settlement_id}/match-proposals").headers["Location"]
    deadline = time.monotonic() + 60
    while not service.get(job).json()["is_finished"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _decide(service: TestClient, match: dict[str, Any], state: str, **body: Any) -> Any:
    return service.post(
        f"/api/v1/feature-matches/{match['id']}/decision",
        json={"state": state, **body},
        headers={"If-Match": f'"{match["version"]}"', "Accept-Language": "ky"},
    )


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    features = [{drawing["feature_id"] for drawing in match["drawings"]} for match in (one, other)]
    return len(features[0] & features[1]) > 1


def _proposal(service: TestClient, sample: WholeSample, like: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in _matches(service, sample, "proposed") if _same(one, like))


def test_a_decision_is_taken_back_proposed_again_and_decided_otherwise(
    service: TestClient, sample: WholeSample
) -> None:
    before = _matches(service, sample, "confirmed")
    match = next(one for one in before if one["kind"] == "school")
    assert {one["group"] for one in match["drawings"]} >= {"18–35 жаш", "36–55 жаш"}
    assert all(one["geometry"]["type"] in {"Point", "Polygon"} for one in match["drawings"])
    undone = _decide(service, match, "undone")
    assert undone.json()["status"] == "undone"
    assert undone.headers["ETag"] == f'"{undone.json()["version"]}"'
    late = _decide(service, match, "rejected", reason="Эки башка мектеп")
    assert (late.status_code, late.json()["current"]["status"]) == (412, "undone")
    assert late.json()["yours"]["reason"] == "Эки башка мектеп"
    assert late.json()["yours"]["state"] == "rejected"
    assert _decide(service, undone.json(), "undone").status_code == 409
    bare = service.post(f"/api/v1/feature-matches/{match['id']}/decision", json={"state": "undone"})
    assert bare.status_code == 428
    assert _matches(service, sample, "proposed") == []

    _propose(service, sample)
    again = _proposal(service, sample, match)
    bare = _decide(service, again, "rejected", reason=" ")
    assert (bare.status_code, bare.json()["key"]) == (422, "match_decision.no_reason")
    assert _decide(service, again, "proposed").json()["key"] == "match_decision.none"
    stale = _decide(service, again | {"version": again["version"] + 7}, "confirmed")
    assert (stale.status_code, stale.json()["key"]) == (412, "record.changed_meanwhile")
    apart = _decide(service, again, "rejected", reason="Эски жана жаңы мектеп").json()
    assert (apart["status"], apart["note"]) == ("rejected", "Эски жана жаңы мектеп")
    _propose(service, sample)
    assert not any(_same(one, match) for one in _matches(service, sample, "proposed"))

    assert _decide(service, apart, "undone").status_code == 200
    _propose(service, sample)
    third = _proposal(service, sample, match)
    other = third["drawings"][-1]["feature_id"]
    taken = _decide(service, third, "confirmed", canonical_feature_id=other).json()
    assert (taken["status"], taken["canonical_feature_id"]) == ("confirmed", other)
    assert len(_matches(service, sample, "confirmed")) == len(before)
    read = service.get(f"/api/v1/feature-matches/{third['id']}/drawings")
    assert read.json() == taken


def test_only_those_decide_who_may_change_the_objects(
    service: TestClient, sample: WholeSample, database_url: str, tmp_path: Path
) -> None:
    match = _matches(service, sample, "confirmed")[0]
    listing = f"/api/v1/settlements/{sample.settlement_id}/matches"
    settings = settings_of(tmp_path, database_url)
    with settings.workspace.write(actor="test") as session:
        here = TerritoryRepository(session).last_municipality(sample.settlement_id)
        assert here is not None
        there = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(there)
        session.flush()
        keys = keys_of_roles(session, here, there.id)
    app = app_of(settings)
    told = {}
    for who in ("public", "monitor", "elsewhere", "planner"):
        client = client_of(app, key=keys.get(who, ""))
        read = client.get(listing).status_code
        told[who] = (read, _decide(client, match, "undone").status_code)
    settings.workspace.database.dispose()
    assert told["planner"] == (200, 200)
    assert told["monitor"] == (200, 403)
    assert told["public"][0] in {401, 403} and told["public"][1] in {401, 403, 404}
    assert told["elsewhere"][0] == 403 and told["elsewhere"][1] in {403, 404}
