"""OGC API - Tiles over HTTP: documents, tiles, conditional requests, and what is not there."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from geo.database.database import Database
from geo.repositories.tile_sources import WHOLE
from geo.spatial.tile_grid import Tile, fractions
from tests.geo.tile_world import load, make_villages, random_feature, read_layer

MVT = "application/vnd.mapbox-vector-tile"
SET = "/ogc/collections/features/tiles/WebMercatorQuad"


@pytest.fixture
def tile(database: Database) -> Tile:
    """A tile at zoom 14 with something in it."""
    rng = np.random.default_rng(5)
    village = make_villages(database, 1)[0]
    load(database, village, [random_feature(rng, village.place, spread=0.003) for _ in range(40)])
    x, y = fractions(*village.place)
    return Tile(14, int(x * 2**14), int(y * 2**14))


def get(service: TestClient, path: str, **headers: str) -> Any:
    return service.get(path, headers={"accept-encoding": "identity"} | headers)


def address(tile: Tile, place: str = SET) -> str:
    return f"{place}/{tile.z}/{tile.y}/{tile.x}"


def test_a_tile_comes_as_mvt(service: TestClient, tile: Tile) -> None:
    answer = get(service, address(tile))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MVT
    assert len(read_layer(answer.content).ids) > 10
    assert get(service, address(tile) + ".mvt").content == answer.content


def test_a_tile_of_the_dataset_has_a_layer_for_each_collection(service: TestClient, tile: Tile) -> None:
    whole = get(service, address(tile, "/ogc/tiles/WebMercatorQuad"))
    assert whole.content == get(service, address(tile)).content  # nothing else is stored
    other = get(service, address(tile, "/ogc/tiles/WebMercatorQuad") + "?collections=problems,visits")
    assert other.status_code == 204
    both = get(service, address(tile, "/ogc/tiles/WebMercatorQuad") + "?collections=features,land")
    assert read_layer(both.content).ids >= read_layer(both.content, "land").ids != set()


def test_who_has_it_already_gets_nothing_until_it_changes(service: TestClient, tile: Tile, database: Database) -> None:
    first = get(service, address(tile))
    etag = first.headers["etag"]
    again = get(service, address(tile), **{"if-none-match": f'"other", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    x, y = np.mean([tile.bounds[:2], tile.bounds[2:]], axis=0)
    village = make_villages(database, 1)[0]
    load(database, village, [random_feature(np.random.default_rng(1), (x, y), spread=0.0001)])
    changed = get(service, address(tile), **{"if-none-match": etag})
    assert changed.status_code == 200 and changed.headers["etag"] != etag
    assert len(read_layer(changed.content).ids) == len(read_layer(first.content).ids) + 1


def test_a_compressed_tile_is_the_same_tile(service: TestClient, tile: Tile) -> None:
    plain = get(service, address(tile))
    packed = service.get(address(tile), headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"] and "Accept-Encoding" in packed.headers["vary"]
    raw = service.build_request("GET", address(tile), headers={"accept-encoding": "gzip"})
    sent = service.send(raw, stream=True)
    assert gzip.decompress(b"".join(sent.iter_raw())) == plain.content
    assert get(service, address(tile), **{"if-none-match": packed.headers["etag"]}).status_code == 304


def test_an_empty_tile_is_204(service: TestClient) -> None:
    answer = get(service, f"{SET}/14/1/1")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"{SET}/25/0/0",
        f"{SET}/3/8/0",
        f"{SET}/3/0/8",
        f"{SET}/-1/0/0",
        f"{SET}/1/0.5/0",
        f"{SET}/1/0/NaN",
        f"{SET}/1/0/{'9' * 5000}",
        f"{SET}/1/0/%00",
        f"{SET}/1/0/1;DROP TABLE map_feature",
        f"{SET}/١/0/0",
        "/ogc/collections/nothing/tiles/WebMercatorQuad/0/0/0",
        "/ogc/collections/%27%20OR%201=1/tiles/WebMercatorQuad",
        "/ogc/collections/features/tiles/WorldCRS84Quad/0/0/0",
        "/ogc/tiles/WorldCRS84Quad",
        "/ogc/tileMatrixSets/WorldCRS84Quad",
        "/ogc/tiles/WebMercatorQuad/0/0/0?collections=nothing",
    ],
)
def test_what_is_not_there_is_a_problem(service: TestClient, path: str) -> None:
    answer = get(service, path, **{"accept-language": "ky"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [f"{SET}/0/0/0?f=png", f"{SET}?f=xml", "/ogc/tiles?f=tilejson"])
def test_a_form_that_is_not_given_out_is_refused(service: TestClient, path: str) -> None:
    answer = get(service, path)
    assert answer.status_code == 400
    assert answer.json()["key"] == "ogc.bad_format"


@pytest.mark.parametrize("place", ["/ogc/tiles", "/ogc/collections/features/tiles"])
def test_from_the_list_a_client_finds_its_way_to_a_tile(service: TestClient, tile: Tile, place: str) -> None:
    (head,) = get(service, place).json()["tilesets"]
    links = {link["rel"]: link for link in head["links"]}
    tileset = get(service, links["self"]["href"]).json()
    assert tileset["dataType"] == "vector" and tileset["crs"].endswith("/3857")
    assert {"id", "layer", "kind", "name", "condition", "position_error_m", "count"} <= set(
        tileset["layers"][0]["propertiesSchema"]["properties"]
    )
    item = next(link for link in tileset["links"] if link["rel"] == "item")
    assert item["templated"] and item["type"] == MVT
    href = item["href"]
    for name, value in (("tileMatrix", tile.z), ("tileRow", tile.y), ("tileCol", tile.x)):
        href = href.replace(f"{{{name}}}", str(value))
    assert read_layer(get(service, href).content).ids
    scheme = next(link for link in tileset["links"] if link["rel"].endswith("/tiling-scheme"))
    assert get(service, scheme["href"]).json()["id"] == "WebMercatorQuad"


def test_tilejson_leads_to_the_tiles(service: TestClient, tile: Tile) -> None:
    document = get(service, "/ogc/tiles/WebMercatorQuad?f=tilejson").json()
    assert document["tilejson"] == "3.0.0"
    assert [layer["id"] for layer in document["vector_layers"]] == list(WHOLE)
    href = document["tiles"][0].format(z=tile.z, x=tile.x, y=tile.y)
    assert read_layer(get(service, href).content).ids


def test_the_tiling_scheme_is_the_registered_one(service: TestClient) -> None:
    (entry,) = get(service, "/ogc/tileMatrixSets").json()["tileMatrixSets"]
    scheme = get(service, entry["links"][0]["href"]).json()
    assert scheme["uri"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    # OGC 17-083r4, annex D.1: the scale of matrix 0, halved from matrix to matrix.
    first, last = scheme["tileMatrices"][0], scheme["tileMatrices"][24]
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-9)
    assert last["scaleDenominator"] == pytest.approx(559082264.028717 / 2**24, rel=1e-9)
    assert last["matrixWidth"] == 2**24
