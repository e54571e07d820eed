"""OGC API – Features, part 3: queryables as parameters, CQL2 as text and JSON, alike on both engines."""

from __future__ import annotations

import json
from collections.abc import Callable

import cql2
import shapely
from fastapi.testclient import TestClient
from shapely import from_wkt
from shapely.geometry import box

from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from tests.api.ogc.conftest import ITEMS, SOUTH, WEST

AREA = (WEST, SOUTH, WEST + 0.0102, SOUTH + 0.0061)
BOX = ",".join(map(str, AREA))
POLYGON = from_wkt(f"POLYGON(({WEST} {SOUTH}, {WEST + 0.02} {SOUTH}, {WEST + 0.02} {SOUTH + 0.01}, {WEST} {SOUTH}))")
Holds = Callable[[NewFeature], bool]


def error_of(one: NewFeature) -> float:
    return -1.0 if one.position_error_m is None else one.position_error_m


FILTERS: dict[str, Holds] = {
    "kind = 'school'": lambda one: one.kind is Kind.SCHOOL,
    "kind <> 'school' AND layer = 'infrastructure'": lambda one: (
        one.kind is not Kind.SCHOOL and one.layer == "infrastructure"
    ),
    "position_error_m > 10 AND position_error_m <= 20": lambda one: 10 < error_of(one) <= 20,
    "position_error_m IS NULL": lambda one: one.position_error_m is None,
    "position_error_m IS NOT NULL": lambda one: one.position_error_m is not None,
    "NOT (kind = 'school' OR kind = 'arable')": lambda one: one.kind not in {Kind.SCHOOL, Kind.ARABLE},
    "kind IN ('school','standpipe')": lambda one: one.kind in {Kind.SCHOOL, Kind.STANDPIPE},
    "kind NOT IN ('school')": lambda one: one.kind is not Kind.SCHOOL,
    "position_error_m BETWEEN 5 AND 9.5": lambda one: 5 <= error_of(one) <= 9.5,
    "name_ky LIKE 'Өтмөк 1%'": lambda one: one.names.ky.startswith("Өтмөк 1"),
    "name_ky LIKE 'өтмөк%'": lambda one: False,
    "CASEI(name_ky) LIKE CASEI('ӨТМӨК _')": lambda one: one.names.ky.startswith("Өтмөк ") and len(one.names.ky) == 7,
    "CASEI(name_ky) = CASEI('өТМӨК 1')": lambda one: one.names.ky == "Өтмөк 1",
    "\"attributes.condition\" = 'old'": lambda one: dict(one.attributes).get("condition") == "old",
    "name_ky = name_ru": lambda one: one.names.ky == one.names.ru,
    "position_error_m * 2 + 1 > 100 - position_error_m": lambda one: error_of(one) * 2 + 1 > 100 - error_of(one) >= 0,
    "position_error_m / 0 > 1": lambda one: False,
    f"S_INTERSECTS(geometry, BBOX({BOX}))": lambda one: one.geometry.intersects(box(*AREA)),
    f"S_INTERSECTS(geometry, POINT({WEST + 0.001} {SOUTH + 0.0005}))": lambda one: one.geometry.intersects(
        shapely.Point(WEST + 0.001, SOUTH + 0.0005)
    ),
    f"S_INTERSECTS(geometry, {POLYGON.wkt})": lambda one: one.geometry.intersects(POLYGON),
    f"S_WITHIN(geometry, {POLYGON.wkt})": lambda one: one.geometry.within(POLYGON),
    f"S_DISJOINT(geometry, {POLYGON.wkt})": lambda one: one.geometry.disjoint(POLYGON),
    f"S_CONTAINS({POLYGON.wkt}, geometry)": lambda one: one.geometry.within(POLYGON),
    f"S_CROSSES(geometry, {POLYGON.wkt})": lambda one: one.geometry.crosses(POLYGON),
    f"S_TOUCHES(geometry, {POLYGON.wkt})": lambda one: one.geometry.touches(POLYGON),
    f"S_OVERLAPS(geometry, {POLYGON.wkt})": lambda one: one.geometry.overlaps(POLYGON),
    f"S_EQUALS(geometry, POINT({WEST + 0.004} {SOUTH}))": lambda one: one.geometry.equals(
        shapely.Point(WEST + 0.004, SOUTH)
    ),
    f"kind = 'arable' OR S_INTERSECTS(geometry, BBOX({BOX}))": lambda one: (
        one.kind is Kind.ARABLE or one.geometry.intersects(box(*AREA))
    ),
    "created_at > TIMESTAMP('2020-01-01T00:00:00Z')": lambda one: True,
    "T_AFTER(created_at, DATE('2020-01-01'))": lambda one: True,
    "T_BEFORE(created_at, TIMESTAMP('2020-01-01T00:00:00Z'))": lambda one: False,
    "T_DURING(created_at, INTERVAL('2020-01-01','..'))": lambda one: True,
    "T_INTERSECTS(created_at, INTERVAL('..','2020-01-01T00:00:00Z'))": lambda one: False,
    "T_DISJOINT(created_at, INTERVAL('..','2020-01-01T00:00:00Z'))": lambda one: True,
    "T_EQUALS(created_at, created_at)": lambda one: True,
    "TRUE": lambda one: True,
}

REFUSED = {
    "": "ogc.filter_unreadable",
    "kind": "ogc.filter_not_a_condition",
    "colour = 'red'": "ogc.unknown_property",
    "pixel_geometry = 'x'": "ogc.unknown_property",
    "is_sensitive = TRUE": "ogc.unknown_property",
    "kind = 5": "ogc.filter_types",
    "position_error_m = 'x'": "ogc.filter_types",
    "position_error_m > DATE('2020-01-01')": "ogc.filter_types",
    "settlement_id = 'x'' OR 1=1 --'": "ogc.filter_types",
    "kind = 'a'; DROP TABLE map_feature": "ogc.filter_unreadable",
    "pg_sleep(10) = 1": "ogc.filter_unknown_operator",
    "ACCENTI(name_ky) = 'e'": "ogc.filter_unknown_operator",
    "position_error_m = 1e400": "ogc.filter_number",
    "position_error_m ^ 1000 > 1": "ogc.filter_failed",
    "name_ky LIKE 'x\\'": "ogc.filter_unreadable",
    "S_INTERSECTS(kind, POINT(1 2))": "ogc.filter_geometry",
    "S_INTERSECTS(geometry, kind)": "ogc.filter_geometry",
    "S_INTERSECTS(geometry, BBOX(0,0,1,100))": "ogc.bad_box",
    "S_INTERSECTS(geometry, POINT(1000 2))": "ogc.bad_box",
    "T_AFTER(kind, DATE('2020-01-01'))": "ogc.filter_types",
    "T_AFTER(created_at, DATE('2020-13-01'))": "ogc.bad_time",
    "(" * 3000 + "kind = 'a'" + ")" * 3000: "ogc.filter_too_deep",
    "(" * 40: "ogc.filter_unreadable",
    "kind = BBOX(" + "(" * 30: "ogc.filter_unreadable",
    "NOT " * 3000 + "kind = 'a'": "ogc.filter_too_deep",
    "position_error_m = " + "-" * 4000 + "1": "ogc.filter_too_deep",
    "position_error_m = " + "- " * 4000 + "1": "ogc.filter_too_deep",
    "kind" + " = kind" * 2000: "ogc.filter_too_deep",
    "kind" + " <> kind" * 2000: "ogc.filter_too_deep",
    "position_error_m = 1" + "-1" * 9900: "ogc.filter_too_deep",
    "position_error_m = " + "+".join(["1"] * 2000): "ogc.filter_too_deep",
    "kind = '" + "x" * 30_000 + "'": "ogc.filter_too_long",
}


def ids(service: TestClient, **params: str) -> set[str]:
    answer = service.get(ITEMS, params={"limit": "1000", **params})
    assert answer.status_code == 200, (params, answer.text)
    return {feature["id"] for feature in answer.json()["features"]}


def test_cql2_says_what_python_says(service: TestClient, village: list[NewFeature]) -> None:
    for words, holds in FILTERS.items():
        expected = {str(one.id) for one in village if holds(one)}
        assert ids(service, filter=words) == expected, words
        as_json = json.dumps(cql2.parse_text(words).to_json())
        assert ids(service, filter=as_json, **{"filter-lang": "cql2-json"}) == expected, as_json


def test_queryables_are_parameters_and_join_the_filter(service: TestClient, village: list[NewFeature]) -> None:
    schools = {str(one.id) for one in village if one.kind is Kind.SCHOOL}
    assert ids(service, kind="school") == schools
    inside = {str(one.id) for one in village if one.geometry.intersects(box(*AREA))}
    assert ids(service, kind="school", bbox=BOX) == schools & inside
    assert ids(service, kind="school", filter="position_error_m > 30") == {
        str(one.id) for one in village if one.kind is Kind.SCHOOL and error_of(one) > 30
    }
    assert ids(service, position_error_m="11") == {str(one.id) for one in village if one.position_error_m == 11}


def test_filter_in_another_reference_system(service: TestClient, village: list[NewFeature]) -> None:
    swapped = f"S_INTERSECTS(geometry, BBOX({AREA[1]},{AREA[0]},{AREA[3]},{AREA[2]}))"
    system = "http://www.opengis.net/def/crs/EPSG/0/4326"
    inside = {str(one.id) for one in village if one.geometry.intersects(box(*AREA))}
    assert ids(service, filter=swapped, **{"filter-crs": system}) == inside != set()


def test_what_is_refused_harms_nobody(service: TestClient, village: list[NewFeature]) -> None:
    for words, key in REFUSED.items():
        answer = service.get(ITEMS, params={"filter": words}, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["key"]) == (400, key), words[:60]
    for words in ("[]", "{", '{"op":5}', '{"op":"=","args":[]}', "[" * 5000, '{"op":"and","args":[true]}', "1", "null"):
        answer = service.get(ITEMS, params={"filter": words, "filter-lang": "cql2-json"})
        assert answer.status_code == 400, words[:60]
    assert service.get(ITEMS, params={"filter": "TRUE", "filter-lang": "sql"}).status_code == 400
    assert len(ids(service)) == len(village)
