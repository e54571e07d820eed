"""The base map from a file of tiles, and the styles, layers and signs that maps of the pages are drawn with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from geo.domain.vocabulary import Kind
from tests.api.conftest import HERE
from tests.api.signed_in import app_of

PNG = b"\x89PNG\r\n\x1a\n" + b"tile"


def tiles_of(path: Path, **told: str) -> Path:
    """Write a file with one tile, whose row counts from the south."""
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("CREATE TABLE metadata (name text, value text)")
        store.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        store.execute("INSERT INTO tiles VALUES (3, 5, 4, ?)", (PNG,))
        store.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
    return path


def client_with(basemap: Path | None, folder: Path) -> TestClient:
    return TestClient(app_of(Settings(data=folder, basemap=basemap)), base_url=HERE, raise_server_exceptions=False)


def test_tiles_are_served_from_the_north_with_credits_as_plain_text(tmp_path: Path) -> None:
    path = tiles_of(
        tmp_path / "base.mbtiles",
        format="png",
        bounds="69,39,80.5,43.5",
        attribution='<a href="https://example.org">© Survey</a> & <script>x</script>',
    )
    client = client_with(path, tmp_path)
    style = client.get("/work/ground.json").json()
    source = style["sources"]["basemap"]
    assert source["attribution"] == "© Survey &amp; x"
    assert (source["minzoom"], source["maxzoom"], source["bounds"]) == (3, 3, [69, 39, 80.5, 43.5])
    assert [layer["id"] for layer in style["layers"]] == ["paper", "basemap"]
    address = source["tiles"][0].format(z=3, x=5, y=3)
    answer = client.get(address)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get(source["tiles"][0].format(z=3, x=5, y=4)).status_code == 204
    for outside in ("/basemap/3/8/0", "/basemap/-1/0/0", "/basemap/99/0/0"):
        assert client.get(outside).status_code == 404
    # A phone asks how much it will take along: what the file does not have weighs nothing.
    assert client.get("/basemap/sizes?tiles=3/5/3,3/5/4,3/99/0").json() == {"bytes": len(PNG)}
    for rubbish in ("", "3/5", "a/b/c", "3/5/3;"):
        assert client.get("/basemap/sizes", params={"tiles": rubbish}).status_code == 422


@pytest.mark.parametrize("content", [None, b"no tiles", "vector"])
def test_without_a_file_that_can_be_read_the_ground_is_paper(tmp_path: Path, content: bytes | str | None) -> None:
    path = tmp_path / "base.mbtiles"
    if content == "vector":
        tiles_of(path, format="pbf")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    for basemap in (path, None):
        client = client_with(basemap, tmp_path)
        style = client.get("/work/ground.json?theme=dark").json()
        assert (style["sources"], [layer["id"] for layer in style["layers"]]) == ({}, ["paper"])
        assert client.get("/basemap/0/0/0").status_code in {404, 422}


def test_every_kind_has_its_sign_and_its_hatch_in_both_themes(tmp_path: Path) -> None:
    client = client_with(None, tmp_path)
    for theme in ("light", "dark"):
        signs = client.get(f"/work/signs.json?theme={theme}").json()
        assert set(signs) == {f"{what}/{kind.value}/{theme}" for what in ("sign", "hatch") for kind in Kind}
        assert all(one.startswith("<svg ") and "http://www.w3.org/2000/svg" in one for one in signs.values())


def test_layers_know_their_source_and_the_language_of_names(tmp_path: Path) -> None:
    client = client_with(None, tmp_path)
    layers = client.get("/work/layers.json?source=drawn&source_layer=features&lang=en").json()
    assert {layer["source"] for layer in layers} == {"drawn"}
    assert {layer["source-layer"] for layer in layers} == {"features"}
    assert len({layer["id"] for layer in layers}) == len(layers)
    (names,) = [layer for layer in layers if layer["id"] == "drawn-names"]
    assert names["layout"]["text-field"][1] == ["to-boolean", ["get", "name_en"]]
    assert client.get("/work/layers.json?source=a%22b").status_code == 422
