"""Each class of a standard that the service declares has tests, and the table says which."""

from __future__ import annotations

import importlib

from fastapi.testclient import TestClient

from tests.api.ogc.conftest import ITEMS

ITEM, FILTER, WRITE, ROWS, TIME = (
    f"tests.api.ogc.test_{name}" for name in ("items", "filters", "writing", "rows", "times")
)
HERE, TILES = __name__, "tests.api.test_tiles"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-{}/1.0/conf/{}"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/{}"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{}"

TESTS: dict[str, tuple[tuple[str, str], ...]] = {
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core": (
        (ITEM, "test_documents_link_to_each_other"),
        (HERE, "test_what_is_declared_is_what_is_tested"),
    ),
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections": (
        (HERE, "test_collections_are_described_alike_in_the_list_and_alone"),
        (ITEM, "test_what_is_not_there"),
    ),
    _FEATURES.format(1, "core"): (
        (ITEM, "test_page_of_a_box"),
        (ITEM, "test_pages_meet_every_feature_once"),
        (ITEM, "test_properties_and_time"),
        (ITEM, "test_what_cannot_be_understood"),
        (ROWS, "test_every_collection_tells_its_rows"),
    ),
    _FEATURES.format(1, "geojson"): ((ITEM, "test_page_of_a_box"), (ITEM, "test_one_item_and_its_tag")),
    _FEATURES.format(1, "html"): ((ITEM, "test_pages_for_people"),),
    _FEATURES.format(2, "crs"): (
        (ITEM, "test_reference_systems"),
        (HERE, "test_collections_are_described_alike_in_the_list_and_alone"),
    ),
    _FEATURES.format(3, "queryables"): ((HERE, "test_queryables_are_what_filters_may_name"),),
    _FEATURES.format(3, "queryables-query-parameters"): (
        (FILTER, "test_queryables_are_parameters_and_join_the_filter"),
    ),
    _FEATURES.format(3, "filter"): (
        (FILTER, "test_cql2_says_what_python_says"),
        (FILTER, "test_filter_in_another_reference_system"),
        (FILTER, "test_what_is_refused_harms_nobody"),
    ),
    _FEATURES.format(3, "features-filter"): ((FILTER, "test_queryables_are_parameters_and_join_the_filter"),),
    **dict.fromkeys(
        (
            _CQL2.format(name)
            for name in (
                *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
                *("case-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"),
                "spatial-functions",
            )
        ),
        ((FILTER, "test_cql2_says_what_python_says"),),
    ),
    _CQL2.format("temporal-functions"): ((TIME, "test_temporal_operators_say_what_their_definition_says"),),
    _FEATURES.format(4, "create-replace-delete"): (
        (WRITE, "test_made_replaced_changed_withdrawn"),
        (WRITE, "test_what_can_be_done_is_told"),
    ),
    _FEATURES.format(4, "update"): ((WRITE, "test_made_replaced_changed_withdrawn"),),
    _TILES.format("core"): ((TILES, "test_a_tile_comes_as_mvt"), (TILES, "test_what_is_not_there_is_a_problem")),
    **dict.fromkeys(
        (_TILES.format(name) for name in ("tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets")),
        ((TILES, "test_from_the_list_a_client_finds_its_way_to_a_tile"),),
    ),
    _TILES.format("collections-selection"): ((TILES, "test_a_tile_of_the_dataset_has_a_layer_for_each_collection"),),
    _TILES.format("mvt"): ((TILES, "test_a_tile_comes_as_mvt"),),
    **dict.fromkeys(
        (f"http://www.opengis.net/spec/tms/2.0/conf/{name}" for name in ("tilematrixset", "json-tilematrixset")),
        ((TILES, "test_the_tiling_scheme_is_the_registered_one"),),
    ),
}


def test_what_is_declared_is_what_is_tested(service: TestClient) -> None:
    declared = service.get("/ogc/conformance").json()["conformsTo"]
    assert sorted(declared) == sorted(TESTS)
    for name, tests in TESTS.items():
        for module, test in tests:
            assert test.startswith("test_") and callable(getattr(importlib.import_module(module), test)), (name, test)


def test_collections_are_described_alike_in_the_list_and_alone(service: TestClient) -> None:
    """OGC 20-024 and OGC 17-069r4, clauses 7.13 and 7.14; OGC 18-058r1, clause 6.2."""
    listed = service.get("/ogc/collections").json()
    assert len(listed["collections"]) > 10
    for one in listed["collections"]:
        links = {link["rel"]: link for link in one["links"]}
        alone = service.get(links["self"]["href"])
        assert alone.status_code == 200 and alone.json() == one
        assert {"id", "title", "links", "crs", "storageCrs"} <= one.keys()
        assert one["storageCrs"] in one["crs"] and set(one["crs"]) == set(listed["crs"])
        assert one["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        for link in one["links"]:
            assert link["href"].startswith(str(service.base_url)) and link["type"], link


def test_queryables_are_what_filters_may_name(service: TestClient) -> None:
    """OGC 19-079r2, clause 6: what is listed is understood, and anything else is an error."""
    for one in service.get("/ogc/collections").json()["collections"]:
        address = f"/ogc/collections/{one['id']}"
        rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
        assert f"{service.base_url}{address}/queryables" in {
            link["href"] for link in one["links"] if link["rel"] == rel
        }
        schema = service.get(f"{address}/queryables").json()
        assert schema["type"] == "object" and schema["$id"].endswith(f"{address}/queryables")
        names = [name for name, what in schema["properties"].items() if "geometry" not in what.get("format", "")]
        asked = " AND ".join(f'"{name}" IS NULL' for name in names)
        answer = service.get(f"{address}/items", params={"filter": asked})
        assert answer.status_code == 200, (one["id"], answer.text)
    wrong = service.get(ITEMS, params={"filter": '"fid" IS NULL'})
    assert (wrong.status_code, wrong.json()["key"]) == (400, "ogc.unknown_property")
