"""OGC API – Features, part 4, and who sees what: the rights are those of the records."""

from __future__ import annotations

from typing import Any

import pyproj
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.routes.access import _who
from geo.domain.rights import PUBLIC, Actor
from geo.drafts import NewFeature
from tests.api.ogc.conftest import ITEMS, SOUTH, WEST

WATER = "/ogc/collections/water/items"
LAND = "/ogc/collections/land/items"


@pytest.fixture
def settlement(service: TestClient, village: list[NewFeature]) -> str:
    found: str = service.get("/ogc/collections/settlements/items").json()["features"][0]["id"]
    return found


def spring(settlement: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [78.239, 42.496]},
        "properties": {
            "settlement_id": settlement,
            "kind": "spring",
            "name_ky": "Булак",
            "source": "gps",
            **properties,
        },
    }


def become(service: TestClient, actor: Actor) -> None:
    assert isinstance(service.app, FastAPI)
    service.app.dependency_overrides[_who] = lambda: actor


def test_made_replaced_changed_withdrawn(service: TestClient, settlement: str) -> None:
    made = service.post(WATER, json=spring(settlement, position_error_m=5))
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    assert service.get(address).json()["properties"]["name_ky"] == "Булак"
    assert made.headers["etag"] == service.get(address).headers["etag"] == '"1"'

    changed = service.patch(address, json={"properties": {"name_ru": "Родник"}}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert changed.json()["properties"]["name_ky"] == "Булак"
    assert changed.json()["properties"]["name_ru"] == "Родник"

    late = service.patch(address, json={"properties": {"name_ru": "Ключ"}}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["current"]["name_ru"] == "Родник"
    assert service.patch(address, json={"properties": {}}).status_code == 428

    whole = service.get(address).json()
    whole["properties"]["name_ky"] = "Кара-Булак"
    del whole["properties"]["position_error_m"]
    replaced = service.put(address, json=whole, headers={"If-Match": changed.headers["etag"]})
    assert replaced.status_code == 200, replaced.text
    assert replaced.json()["properties"]["name_ky"] == "Кара-Булак"
    assert replaced.json()["properties"]["position_error_m"] is None

    assert service.delete(address, headers={"If-Match": '"1"'}).status_code == 412
    assert service.delete(address, headers={"If-Match": replaced.headers["etag"]}).status_code == 204
    assert service.get(address).status_code == 404


def test_content_in_another_reference_system(service: TestClient, settlement: str) -> None:
    for code, always_xy in ((32644, True), (4326, False)):
        turn = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{code}", always_xy=always_xy)
        body = spring(settlement)
        body["geometry"]["coordinates"] = list(turn.transform(78.239, 42.496))
        uri = f"<http://www.opengis.net/def/crs/EPSG/0/{code}>"
        made = service.post(WATER, json=body, headers={"Content-Crs": uri})
        assert made.status_code == 201, made.text
        assert made.json()["geometry"]["coordinates"] == pytest.approx([78.239, 42.496], abs=1e-8)


def test_what_cannot_be_written(service: TestClient, settlement: str) -> None:
    wrong: list[tuple[str, Any, int]] = [
        (WATER, spring(settlement, kind="school"), 400),
        (WATER, spring(settlement, colour="red"), 422),
        (WATER, [], 422),
        (WATER, {"type": "Point", "coordinates": [1, 2]}, 422),
        ("/ogc/collections/objects/items", spring(settlement), 400),
        ("/ogc/collections/nowhere/items", spring(settlement), 404),
    ]
    for path, body, status in wrong:
        answer = service.post(path, json=body)
        assert answer.status_code == status, (path, body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert service.post(WATER, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert service.post(WATER, content=b"x", headers={"Content-Type": "text/plain"}).status_code == 400
    assert service.patch(f"{WATER}/not-an-id", json={}, headers={"If-Match": "*"}).status_code == 404


def test_what_can_be_done_is_told(service: TestClient, village: list[NewFeature]) -> None:
    assert "POST" in service.options(ITEMS).headers["allow"]
    verbs = service.options(f"{ITEMS}/{village[0].id}").headers["allow"]
    assert {"PUT", "PATCH", "DELETE"} <= set(verbs.split(", "))
    assert "POST" not in service.options("/ogc/collections/objects/items").headers["allow"]


def test_public_sees_what_is_published_and_writes_nothing(service: TestClient, village: list[NewFeature]) -> None:
    settlement = service.get("/ogc/collections/settlements/items").json()["features"][0]["id"]
    become(service, PUBLIC)
    shown = {str(one.id) for one in village[:30]}
    small = f"{WEST - 0.01},{SOUTH - 0.01},{WEST + 0.1},{SOUTH + 0.1}"
    for params in (
        {},
        {"bbox": small},
        {"sortby": "kind"},
        {"filter": "TRUE OR kind = 'x'"},
        {"bbox": "-180,-90,180,90"},
    ):
        page = service.get(ITEMS, params={"limit": "100", **params}).json()
        assert {feature["id"] for feature in page["features"]} == shown, params
        assert page["numberMatched"] == 30
    objects = service.get("/ogc/collections/objects/items", params={"limit": 100}).json()["features"]
    assert {feature["id"] for feature in objects} == shown
    assert service.get(f"{ITEMS}/{village[40].id}").status_code == 404
    assert service.get("/ogc/collections/events/items").json()["features"] == []
    assert service.post(WATER, json=spring(settlement)).status_code == 403
    some = f"{ITEMS}/{village[0].id}"
    assert service.patch(some, json={"properties": {"name_en": "x"}}, headers={"If-Match": "*"}).status_code == 403
    assert service.delete(some, headers={"If-Match": "*"}).status_code == 403
    hidden = f"{ITEMS}/{village[40].id}"
    assert service.delete(hidden, headers={"If-Match": "*"}).status_code == 404
