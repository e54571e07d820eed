"""Circles laid on the table over HTTP, on both engines: all or none, and the ties are read off once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.api.signed_in import app_of

HERE = "http://127.0.0.1:8000"
SESSION = "01a20400-0000-7cec-a111-527441507deb"
"""The sample's session in which women and men made a diagram each."""


@pytest.fixture
def service(settings: Settings, sample: WholeSample) -> Iterator[TestClient]:
    assert sample
    with TestClient(app_of(settings), base_url=HERE) as client:
        yield client


def _circles(service: TestClient) -> list[dict[str, Any]]:
    asked = {"event_id": SESSION, "diagram": "women"}
    listed: list[dict[str, Any]] = service.get("/api/v1/institution-circles", params=asked).json()["features"]
    return listed


def _derived(service: TestClient) -> set[frozenset[str]]:
    network = service.get(f"/api/v1/events/{SESSION}/venn", params={"diagram": "women"}).json()
    return {frozenset((tie["first_id"], tie["second_id"])) for tie in network["derived_ties"]}


def test_a_layout_is_computed_laid_and_read_off(service: TestClient) -> None:
    circles = _circles(service)
    assert _derived(service) == set()
    laid = service.get(f"/api/v1/events/{SESSION}/venn/arrangement", params={"diagram": "women"}).json()["circles"]
    assert {one["id"] for one in laid} == {one["id"] for one in circles}
    versions = {one["id"]: one["properties"]["version"] for one in circles}
    places = [one | {"x": one["x"] * 60, "y": one["y"] * 60, "radius": one["radius"] * 60} for one in laid]
    body = {"diagram": "women", "circles": [one | {"version": versions[one["id"]]} for one in places]}
    put = service.put(f"/api/v1/events/{SESSION}/venn/positions", json=body)
    assert put.status_code == 200, put.text
    assert all(one["version"] == versions[one["id"]] + 1 for one in put.json()["circles"])
    # The layout says what people said: every tie that the circles show was entered.
    network = service.get(f"/api/v1/events/{SESSION}/venn", params={"diagram": "women"}).json()
    entered = {frozenset((tie["first_id"], tie["second_id"])): tie["relation"] for tie in network["ties"]}
    derived = {frozenset((tie["first_id"], tie["second_id"])): tie["relation"] for tie in network["derived_ties"]}
    assert derived
    assert all(entered[pair] == relation for pair, relation in derived.items())


def test_what_somebody_moved_meanwhile_is_not_moved(service: TestClient) -> None:
    first, second, *_ = _circles(service)
    places = [
        {"id": one["id"], "x": 100.0, "y": 100.0, "radius": 50.0, "version": one["properties"]["version"]}
        for one in (first, second)
    ]
    stale = [places[0], places[1] | {"version": second["properties"]["version"] + 1}]
    address = f"/api/v1/events/{SESSION}/venn/positions"
    answer = service.put(address, json={"diagram": "women", "circles": stale})
    assert answer.status_code == 412
    assert answer.json()["current"]["name_ky"] == second["properties"]["name_ky"]
    assert answer.json()["yours"]["pixel_x"] == 100.0
    blind = [{name: value for name, value in places[0].items() if name != "version"}]
    assert service.put(address, json={"diagram": "women", "circles": blind}).status_code == 422
    assert _derived(service) == set()
    twice = service.put(address, json={"diagram": "women", "circles": [places[0], places[0]]})
    assert (twice.status_code, twice.json()["key"]) == (422, "venn_position.not_here")
    foreign = service.put(address, json={"diagram": "men", "circles": places})
    assert foreign.json()["key"] == "venn_position.not_here"
    assert service.put(address, json={"diagram": "women", "circles": places}).status_code == 200
    assert _derived(service) == {frozenset((first["id"], second["id"]))}
