"""OGC API - Tiles: vector tiles of the dataset and of its collections, and what describes them.

Source: OGC 20-057, OGC API - Tiles - Part 1: Core 1.0; OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response

from api.errors import problem
from api.ogc.tile_documents import (
    MATRIX_SET,
    MVT,
    TileSets,
    matrix_set,
    matrix_sets,
)
from api.routes.access import Reader, Store, Who
from geo.errors import NotFound
from geo.repositories.tile_sources import SOURCES, WHOLE
from geo.services.tiles import StoredTile, sweep_if_due, tile_source, vector_tile
from geo.spatial.tile_grid import Tile

__all__ = ["router"]

router = APIRouter(prefix="/ogc", tags=["tiles"])

_NUMBER = re.compile(r"[0-9]{1,9}")
_WORTH_COMPRESSING = 1_400
"""Bytes that go in one packet anyway."""

Selection = Annotated[str, Query(description="Names of collections, with commas; without it, all.", max_length=400)]
Form = Annotated[str, Query(description="json or tilejson.", max_length=40)]
IfNoneMatch = Annotated[str, Header(max_length=4_000)]
Coding = Annotated[str, Header(max_length=1_000)]


@router.get("/tileMatrixSets", summary="The tiling schemes")
def list_matrix_sets(request: Request) -> JSONResponse:
    """List the one tiling scheme."""
    return JSONResponse(matrix_sets(str(request.base_url)))


@router.get("/tileMatrixSets/{matrix_set_id}", summary="A tiling scheme")
def read_matrix_set(matrix_set_id: str) -> JSONResponse:
    """Describe every matrix of a tiling scheme."""
    _check_matrix_set(matrix_set_id)
    return JSONResponse(matrix_set())


@router.get("/tiles", summary="The tile sets of the whole dataset")
def list_dataset_tiles(request: Request, language: Reader) -> JSONResponse:
    """List the tile sets that hold a layer for each collection."""
    return JSONResponse(_documents(request, language, None).listing())


@router.get("/collections/{collection_id}/tiles", summary="The tile sets of a collection")
def list_collection_tiles(collection_id: str, request: Request, language: Reader) -> JSONResponse:
    """List the tile sets of a collection."""
    return JSONResponse(_documents(request, language, collection_id).listing())


@router.get("/tiles/{matrix_set_id}", summary="A tile set of the whole dataset, also as TileJSON")
def read_dataset_tileset(matrix_set_id: str, request: Request, language: Reader, f: Form = "json") -> Response:
    """Describe the tile set: its layers, their properties, and the address of its tiles."""
    return _tileset(request, language, None, matrix_set_id, f)


@router.get(
    "/collections/{collection_id}/tiles/{matrix_set_id}", summary="A tile set of a collection, also as TileJSON"
)
def read_collection_tileset(
    collection_id: str, matrix_set_id: str, request: Request, language: Reader, f: Form = "json"
) -> Response:
    """Describe the tile set: its layer, its properties, and the address of its tiles."""
    return _tileset(request, language, collection_id, matrix_set_id, f)


class _Place:
    """Which tile is meant: matrix, row and column, as OGC API - Tiles orders them."""

    def __init__(self, matrix_set_id: str, matrix: str, row: str, column: str) -> None:
        _check_matrix_set(matrix_set_id)
        column = column.removesuffix(".mvt").removesuffix(".pbf")
        if not all(_NUMBER.fullmatch(part) for part in (matrix, row, column)):
            raise NotFound("tiles.no_tile", z=matrix[:20], x=column[:20], y=row[:20])
        self.tile = Tile(z=int(matrix), x=int(column), y=int(row))


Place = Annotated[_Place, Depends()]


class _Caller:
    """Who asks for a tile, what he has already, and how it may be sent."""

    def __init__(
        self, store: Store, who: Who, if_none_match: IfNoneMatch = "", accept_encoding: Coding = "", f: Form = "mvt"
    ) -> None:
        self.store, self.who, self.form = store, who, f
        self.known = [
            entry.strip().removeprefix("W/").strip('"') for entry in if_none_match.split(",") if entry.strip()
        ]
        self.takes_gzip = "gzip" in accept_encoding


Caller = Annotated[_Caller, Depends()]
_TILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MVT: {}}, "description": "A Mapbox Vector Tile."},
    204: {"description": "Nothing is to be seen in this tile."},
    304: {"description": "The caller has it already."},
    404: {"description": "There is no such tile, collection or tiling scheme."},
}


@router.get(
    "/tiles/{matrix_set_id}/{matrix}/{row}/{column}",
    summary="A tile with a layer for each collection",
    response_class=Response,
    responses=_TILE,
)
def read_dataset_tile(
    request: Request, place: Place, caller: Caller, after: BackgroundTasks, collections: Selection = ""
) -> Response:
    """Return the tile; `collections` narrows it down."""
    names = [name.strip() for name in collections.split(",") if name.strip()] or list(WHOLE)
    return _tile(request, dict.fromkeys(names), place.tile, caller, after)


@router.get(
    "/collections/{collection_id}/tiles/{matrix_set_id}/{matrix}/{row}/{column}",
    summary="A tile of a collection",
    response_class=Response,
    responses=_TILE,
)
def read_collection_tile(
    collection_id: str, request: Request, place: Place, caller: Caller, after: BackgroundTasks
) -> Response:
    """Return the tile."""
    return _tile(request, [collection_id], place.tile, caller, after)


def _tile(request: Request, names: Any, tile: Tile, caller: _Caller, after: BackgroundTasks) -> Response:
    if caller.form not in {"mvt", "pbf"}:
        return problem(request, 400, "tiles.unknown_form", given=caller.form, known="mvt")
    database = caller.store.database
    found = vector_tile(database, list(names), tile, caller.who, known=[_bare(tag) for tag in caller.known])
    after.add_task(sweep_if_due, database)
    return _sent(found, caller)


def _sent(found: StoredTile, caller: _Caller) -> Response:
    shared = "public" if caller.who.is_public else "private"
    headers = {
        # A tile is true until somebody writes; whoever keeps a copy asks whether it still is.
        "Cache-Control": f"{shared}, no-cache",
        "Vary": "Authorization, Cookie, Accept-Encoding",
        "ETag": f'"{found.etag}"',
    }
    if found.body is None:
        return Response(status_code=304, headers=headers)
    if not found.body:
        return Response(status_code=204, headers=headers)
    body = found.body
    if caller.takes_gzip and len(body) > _WORTH_COMPRESSING:
        body = gzip.compress(body, compresslevel=4, mtime=0)
        headers |= {"Content-Encoding": "gzip", "ETag": f'"{found.etag}-gzip"'}
    return Response(body, media_type=MVT, headers=headers)


def _bare(tag: str) -> str:
    return tag.removesuffix("-gzip")


def _tileset(request: Request, language: Reader, collection_id: str | None, matrix_set_id: str, form: str) -> Response:
    _check_matrix_set(matrix_set_id)
    documents = _documents(request, language, collection_id)
    if form == "tilejson":
        return JSONResponse(documents.tilejson())
    if form != "json":
        return problem(request, 400, "tiles.unknown_form", given=form, known="json, tilejson")
    return JSONResponse(documents.tileset())


def _documents(request: Request, language: Reader, collection_id: str | None) -> TileSets:
    sources: Sequence[Any] = (
        [SOURCES[name] for name in WHOLE] if collection_id is None else [tile_source(collection_id)]
    )
    return TileSets(str(request.base_url), sources, language, collection_id)


def _check_matrix_set(matrix_set_id: str) -> None:
    if matrix_set_id != MATRIX_SET:
        raise NotFound("tiles.no_matrix_set", name=matrix_set_id[:100], known=MATRIX_SET)
