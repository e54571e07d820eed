"""OGC API – Features, parts 1 and 2: pages of items, boxes, time, reference systems, order, links and formats."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyproj
import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import box, shape

from api.ogc.conformance import CONFORMANCE
from geo.drafts import NewFeature
from geo.i18n import Language
from tests.api.ogc.conftest import ITEMS, SOUTH, WEST, among

URI = "http://www.opengis.net/def/crs/EPSG/0/{}"
HALF = (WEST + 0.001, SOUTH + 0.0005, WEST + 0.0135, SOUTH + 0.0085)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def told(box: tuple[float, ...]) -> str:
    return ",".join(map(str, box))


def test_page_of_a_box(service: TestClient, village: list[NewFeature]) -> None:
    answer = service.get(ITEMS, params={"bbox": told(HALF), "limit": 100})
    assert set(ids(answer)) == among(village, box(*HALF))
    page = answer.json()
    assert page["type"] == "FeatureCollection"
    assert page["numberReturned"] == page["numberMatched"] == len(page["features"])
    assert datetime.fromisoformat(page["timeStamp"]).tzinfo is not None
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    drawn = {str(feature.id): feature for feature in village}
    for feature in page["features"]:
        assert shapely.equals_exact(shape(feature["geometry"]), drawn[feature["id"]].geometry, 1e-8)
        assert feature["properties"]["name_ky"] == drawn[feature["id"]].names.ky
        assert feature["properties"]["attributes"] == dict(drawn[feature["id"]].attributes)
        assert feature["properties"]["position_error_m"] == drawn[feature["id"]].position_error_m


def test_both_ways_of_reading_say_the_same(service: TestClient, village: list[NewFeature]) -> None:
    """A small box alone is read by the kept statement; with a cursor or an order by the other."""
    plain = service.get(ITEMS, params={"bbox": told(HALF), "limit": 7}).json()
    other = service.get(ITEMS, params={"bbox": told(HALF), "limit": 7, "sortby": "created_at"}).json()
    assert plain["features"] == other["features"]
    assert other["numberMatched"] > 7
    # The standard leaves the number open, and PostGIS does not count a small box whose page is full.
    assert plain.get("numberMatched", other["numberMatched"]) == other["numberMatched"]
    following = next(one["href"] for one in plain["links"] if one["rel"] == "next")
    rest = service.get(following).json()
    whole = ids(service.get(ITEMS, params={"bbox": told(HALF), "limit": 100}))
    assert whole == [feature["id"] for page in (plain, rest) for feature in page["features"]]


@pytest.mark.parametrize(
    "extra", [{}, {"bbox": told((WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1))}, {"sortby": "-name_ky"}]
)
@pytest.mark.parametrize("order", ["", "position_error_m", "-position_error_m,+kind", "name_ru,-created_at"])
def test_pages_meet_every_feature_once(
    service: TestClient, village: list[NewFeature], extra: dict[str, str], order: str
) -> None:
    params = {"limit": "9", **extra, **({"sortby": order} if order else {})}
    address: str | None = str(service.base_url.copy_merge_params(params).copy_with(path=ITEMS))
    seen: list[str] = []
    values: list[Any] = []
    while address is not None:
        page = service.get(address).json()
        seen += [feature["id"] for feature in page["features"]]
        values += [feature["properties"]["position_error_m"] for feature in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
        assert page["numberMatched"] == (60 if "bbox" in extra else 62)
    assert len(seen) == len(set(seen)) == (60 if "bbox" in extra else 62)
    if order == "position_error_m":
        there = [value for value in values if value is not None]
        assert there == sorted(there)
        assert values[len(there) :] == [None] * (len(values) - len(there))


def test_antimeridian_and_heights(service: TestClient, village: list[NewFeature]) -> None:
    far = {str(feature.id) for feature in village[-2:]}
    assert set(ids(service.get(ITEMS, params={"bbox": "179,9,-179,11"}))) == far
    assert set(ids(service.get(ITEMS, params={"bbox": "-180,9,180,11"}))) == far
    assert ids(service.get(ITEMS, params={"bbox": "178,9,179,11"})) == []
    flat = ids(service.get(ITEMS, params={"bbox": told(HALF)}))
    high = ids(service.get(ITEMS, params={"bbox": told((*HALF[:2], 0, *HALF[2:], 4000))}))
    assert flat == high != []


@pytest.mark.parametrize("code", [4326, 3857, 32643, 32644])
def test_reference_systems(service: TestClient, village: list[NewFeature], code: int) -> None:
    turn = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{code}", always_xy=code != 4326)
    west, south = turn.transform(WEST - 0.0005, SOUTH - 0.0005)
    east, north = turn.transform(WEST + 0.005, SOUTH + 0.004)
    corners = told((west, south, east, north))
    answer = service.get(ITEMS, params={"bbox": corners, "bbox-crs": URI.format(code), "crs": URI.format(code)})
    assert answer.headers["content-crs"] == f"<{URI.format(code)}>"
    features = answer.json()["features"]
    assert {feature["id"] for feature in features} >= {str(village[0].id), str(village[1].id)}
    drawn = {str(feature.id): feature.geometry for feature in village}
    for feature in features:
        given = shapely.get_coordinates(shape(feature["geometry"]))
        lon, lat = shapely.get_coordinates(drawn[feature["id"]]).T
        expected = np.column_stack(turn.transform(lon, lat))
        # 1 mm on the ground; degrees to nine decimals.
        assert np.abs(given - expected).max() < (1e-8 if code == 4326 else 1e-3)
    one = service.get(f"{ITEMS}/{village[0].id}", params={"crs": URI.format(code)})
    assert one.headers["content-crs"] == f"<{URI.format(code)}>"


def test_properties_and_time(service: TestClient, village: list[NewFeature]) -> None:
    feature = service.get(ITEMS, params={"limit": 1, "properties": "kind,name_ky"}).json()["features"][0]
    assert set(feature["properties"]) == {"kind", "name_ky"}
    events = "/ogc/collections/events/items"
    for time, found in (
        ("2014-11-19", 1),
        ("2014-11-20", 0),
        ("2014-11-01/2014-11-30", 1),
        ("../2014-11-18", 0),
        ("2014-11-19T10:00:00Z/..", 1),
    ):
        assert len(ids(service.get(events, params={"datetime": time}))) == found, time
    assert len(ids(service.get(ITEMS, params={"datetime": "2020-01-01/.."}))) == 62
    assert ids(service.get(ITEMS, params={"datetime": "../2020-01-01"})) == []


def test_one_item_and_its_tag(service: TestClient, village: list[NewFeature]) -> None:
    answer = service.get(f"{ITEMS}/{village[3].id}")
    assert answer.json()["id"] == str(village[3].id)
    assert answer.headers["etag"] == '"1"'
    again = service.get(f"{ITEMS}/{village[3].id}", headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (304, b"")
    page = service.get(ITEMS, params={"bbox": told(HALF)})
    assert (
        service.get(ITEMS, params={"bbox": told(HALF)}, headers={"If-None-Match": page.headers["etag"]}).status_code
        == 304
    )
    assert service.get(ITEMS, params={"limit": 3}, headers={"If-None-Match": page.headers["etag"]}).status_code == 200


def test_layers_and_other_collections(service: TestClient, village: list[NewFeature]) -> None:
    collections = service.get("/ogc/collections").json()["collections"]
    found = {}
    for collection in collections:
        items = next(one["href"] for one in collection["links"] if one["rel"] == "items" and "json" in one["type"])
        found[collection["id"]] = len(ids(service.get(items, params={"limit": 1000})))
    assert found["features"] == found["objects"] == 62
    assert found["land"] == found["problem"] == 12
    assert found["infrastructure"] == 38
    assert (found["settlements"], found["events"]) == (1, 1)
    assert {"problems", "activities", "visits", "institution-ties"} <= found.keys()
    assert ids(service.get("/ogc/collections/objects/items", params={"bbox": "179,9,-179,11"})) != []


def test_pages_for_people(service: TestClient, village: list[NewFeature]) -> None:
    for language, path in product(Language, (
        "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/land",
        "/ogc/collections/land/items", "/ogc/collections/land/queryables", f"{ITEMS}/{village[0].id}", ITEMS,
    )):  # fmt: skip
        page = service.get(path, params={"lang": language.value}, headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.status_code == 200, path
        assert page.headers["content-type"].startswith("text/html")
        assert f'<html lang="{language.value}">' in page.text
        assert "<script" not in page.text
    assert "<svg" in page.text
    assert "Өтмөк 1" in page.text


def test_documents_link_to_each_other(service: TestClient, village: list[NewFeature]) -> None:
    landing = service.get("/ogc").json()
    rels = {one["rel"] for one in landing["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= rels
    assert service.get("/ogc/conformance").json()["conformsTo"] == CONFORMANCE
    for one in landing["links"]:
        answer = service.get(one["href"])
        assert answer.status_code == 200, one
        assert answer.headers["content-type"].split(";")[0] == one["type"].split(";")[0]
    definition = service.get("/ogc/api").json()
    assert definition["openapi"].startswith("3.0")
    assert "/collections/water/items" in definition["paths"]
    for name in ("queryables", "sortables", "schema"):
        schema = service.get(f"/ogc/collections/land/{name}")
        assert schema.headers["content-type"] == "application/schema+json"
        assert schema.json()["properties"]["kind"]["type"] == "string"
    assert urlsplit(landing["links"][0]["href"]).path == "/ogc"


WRONG = [
    ({"bbox": "1,2,3"}, "ogc.bad_box"),
    ({"bbox": "nan,0,1,1"}, "ogc.bad_box"),
    ({"bbox": "1e999,0,1,1"}, "ogc.bad_box"),
    ({"bbox": "0,50,1,40"}, "ogc.bad_box"),
    ({"bbox": "0,0,1,100"}, "ogc.bad_box"),
    ({"bbox": "0,0,1,1);DROP TABLE map_feature;--"}, "ogc.bad_box"),
    ({"bbox": "1,1,2,2", "bbox-crs": "EPSG:9999"}, "crs.unknown"),
    ({"bbox": "9e8,9e8,9.1e8,9.1e8", "bbox-crs": "EPSG:32643"}, "crs.outside"),
    ({"crs": "http://www.opengis.net/def/crs/EPSG/0/1"}, "crs.unknown"),
    ({"limit": "0"}, "ogc.bad_limit"),
    ({"limit": "-1"}, "ogc.bad_limit"),
    ({"limit": "1e3"}, "ogc.bad_limit"),
    ({"limit": "٣"}, "ogc.bad_limit"),
    ({"datetime": "yesterday"}, "ogc.bad_time"),
    ({"datetime": "2015-01-01/2014-01-01"}, "ogc.bad_time"),
    ({"sortby": "fid;DROP TABLE x"}, "ogc.unknown_property"),
    ({"sortby": "attributes"}, "ogc.unknown_property"),
    ({"properties": "kind,pixel_geometry"}, "ogc.unknown_property"),
    ({"cursor": "AAAA"}, "list.bad_cursor"),
    ({"cursor": "WyJ4Il0"}, "list.bad_cursor"),
    ({"nonsense": "1"}, "ogc.unknown_parameter"),
    ({"f": "xml"}, "ogc.bad_format"),
    ({"kind": "\0"}, "http.zero_sign"),
    ({"settlement_id": "1 OR 1=1"}, "ogc.bad_value"),
    ({"position_error_m": "1e9999"}, "ogc.bad_value"),
]


def test_what_cannot_be_understood(service: TestClient, village: list[NewFeature]) -> None:
    for params, key in WRONG:
        answer = service.get(ITEMS, params=params, headers={"Accept-Language": "en"})
        assert answer.status_code == 400, (params, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["key"] == key, params


def test_absurd_limit_is_the_most(service: TestClient, village: list[NewFeature]) -> None:
    assert service.get(ITEMS, params={"limit": "9" * 5000}).json()["numberReturned"] == 62


def test_what_is_not_there(service: TestClient, village: list[NewFeature]) -> None:
    for path in ("/ogc/collections/nowhere", "/ogc/collections/nowhere/items", f"{ITEMS}/1", f"{ITEMS}/{'0' * 32}"):
        assert service.get(path).status_code == 404, path
    water = f"/ogc/collections/water/items/{village[0].id}"
    assert service.get(water).status_code == 404
