"""OGC API - Tiles: vector tiles of the dataset and of its collections, and what describes them.

Plain routes, as those of the features are: a kept tile is on its way before the framework had read its parameters.

Source: OGC 20-057, OGC API - Tiles - Part 1: Core 1.0; OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.errors import reader_language
from api.ogc.answers import JSON, base, json_answer, link, refusing, workspace_of
from api.ogc.collections import MORE_LINKS
from api.ogc.conformance import CONFORMANCE
from api.ogc.documents import MORE_LANDING_LINKS
from api.ogc.tile_documents import MATRIX_SET, MVT, TileSets, matrix_set, matrix_sets
from api.routes.access import who_asks
from geo.errors import NotFound, Refused
from geo.repositories.tile_sources import SOURCES, WHOLE
from geo.services.tiles import awaited_tile, sweep_is_due, sweep_kept, tile_source, vector_tile
from geo.spatial.tile_grid import Tile

__all__ = ["router"]

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
_NAMES = ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "mvt")
CONFORMANCE.extend(_TILES.format(name=name) for name in _NAMES)
CONFORMANCE.extend(
    f"http://www.opengis.net/spec/tms/2.0/conf/{name}" for name in ("tilematrixset", "json-tilematrixset")
)

_TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
MORE_LANDING_LINKS.append(lambda here: [link(f"{here}/tiles", _TILESETS, JSON)])
MORE_LINKS.append(
    lambda collection, address, _: [link(f"{address}/tiles", _TILESETS, JSON)] if collection.id in SOURCES else []
)

_NUMBER = re.compile(r"[0-9]{1,9}")
_WORTH_COMPRESSING = 1_400
"""Bytes that go in one packet anyway."""


@refusing
async def show_matrix_sets(request: Request) -> Response:
    """Answer the list of tiling schemes."""
    _form(request, "json")
    return json_answer(request, matrix_sets(base(request)))


@refusing
async def show_matrix_set(request: Request) -> Response:
    """Answer a tiling scheme."""
    _form(request, "json")
    _check_matrix_set(request)
    return json_answer(request, matrix_set())


@refusing
async def show_tilesets(request: Request) -> Response:
    """Answer the tile sets of the dataset or of a collection."""
    _form(request, "json")
    return json_answer(request, _documents(request).listing())


@refusing
async def show_tileset(request: Request) -> Response:
    """Answer a tile set's metadata, or the same as TileJSON."""
    form = _form(request, "json", "tilejson")
    _check_matrix_set(request)
    documents = _documents(request)
    return json_answer(request, documents.tilejson() if form == "tilejson" else documents.tileset())


@refusing
async def show_tile(request: Request) -> Response:
    """Answer a tile: 204 where nothing is to be seen, 304 where the caller has it already."""
    _form(request, "mvt", "pbf")
    _check_matrix_set(request)
    tile, names = _tile(request), _names(request)
    actor, database = await who_asks(request), workspace_of(request).database
    known = _known(request)
    found = await awaited_tile(database, names, tile, actor, known=known)
    if found is None:
        found = await run_in_threadpool(vector_tile, database, names, tile, actor, known=known)
    headers = {
        # A tile is true until somebody writes; whoever keeps a copy asks whether it still is.
        "Cache-Control": f"{'public' if actor.is_public else 'private'}, no-cache",
        "Vary": "Authorization, Cookie, Accept-Encoding",
        "ETag": f'"{found.etag}"',
    }
    after = BackgroundTask(sweep_kept, database) if sweep_is_due(database) else None
    if found.body is None:
        return Response(status_code=304, headers=headers, background=after)
    if not found.body:
        return Response(status_code=204, headers=headers, background=after)
    body = found.body
    if len(body) > _WORTH_COMPRESSING and "gzip" in request.headers.get("accept-encoding", ""):
        body = await run_in_threadpool(gzip.compress, body, 4, mtime=0)
        headers |= {"Content-Encoding": "gzip", "ETag": f'"{found.etag}-gzip"'}
    return Response(body, media_type=MVT, headers=headers, background=after)


def _tile(request: Request) -> Tile:
    matrix, row, column = (request.path_params[name] for name in ("matrix", "row", "column"))
    column = column.removesuffix(".mvt").removesuffix(".pbf")
    if not all(_NUMBER.fullmatch(part) for part in (matrix, row, column)):
        raise NotFound("tiles.no_tile", z=matrix[:20], x=column[:20], y=row[:20])
    return Tile(z=int(matrix), x=int(column), y=int(row))


def _names(request: Request) -> Sequence[str]:
    """Return the collections asked for: the one in the path, those of ``collections``, or all."""
    alone = request.path_params.get("collection_id")
    if alone is not None:
        return [alone]
    chosen = [name.strip() for name in request.query_params.get("collections", "").split(",") if name.strip()]
    return list(dict.fromkeys(chosen)) or WHOLE


def _known(request: Request) -> list[str]:
    given = request.headers.get("if-none-match", "")
    tags = (tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for tag in given.split(","))
    return [tag for tag in tags if tag]


def _documents(request: Request) -> TileSets:
    name = request.path_params.get("collection_id")
    sources = [SOURCES[one] for one in WHOLE] if name is None else [tile_source(name)]
    return TileSets(base(request), sources, reader_language(request), name)


def _form(request: Request, *known: str) -> str:
    form = request.query_params.get("f", known[0])
    if form not in known:
        raise Refused("ogc.bad_format", value=form[:40], known=", ".join(known))
    return form


def _check_matrix_set(request: Request) -> None:
    name = request.path_params["matrix_set_id"]
    if name != MATRIX_SET:
        raise NotFound("tiles.no_matrix_set", name=name[:100], known=MATRIX_SET)


router = APIRouter()
for _path, _endpoint in (
    ("/ogc/tileMatrixSets", show_matrix_sets),
    ("/ogc/tileMatrixSets/{matrix_set_id}", show_matrix_set),
):
    router.add_route(_path, _endpoint, methods=["GET"], include_in_schema=False)
for _place in ("/ogc/tiles", "/ogc/collections/{collection_id}/tiles"):
    for _path, _endpoint in (
        (f"{_place}/{{matrix_set_id}}/{{matrix}}/{{row}}/{{column}}", show_tile),
        (_place, show_tilesets),
        (f"{_place}/{{matrix_set_id}}", show_tileset),
    ):
        router.add_route(_path, _endpoint, methods=["GET"], include_in_schema=False)
