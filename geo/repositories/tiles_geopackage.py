"""Tiles from a GeoPackage: found by its R-tree, put together by shapely and numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.domain.rights import Actor
from geo.repositories.tile_boxes import Boxes, Drawn, draw, layer_of_boxes
from geo.repositories.tile_rules import MOST_SHAPES, SHAPES_FROM
from geo.repositories.tile_sources import TileSource
from geo.repositories.visibility import visible
from geo.spatial import geopackage_binary
from geo.spatial.tile_grid import Tile
from geo.spatial.vector_tile import encode_layer

__all__ = ["make_layer"]

_DIALECT = sqlite.dialect()
_LISTED = "fid IN (SELECT value FROM json_each(?))"
_MEETS = "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"


def make_layer(session: Session, source: TileSource, tile: Tile, actor: Actor, *, most: int = MOST_SHAPES) -> bytes:
    """Return a collection's layer of a tile; empty where nothing is to be seen.

    Parameters
    ----------
    most
        Shapes that a tile may hold; where there are more, all become counted points.
    """
    connection = session.connection()
    condition = visible(source.model, actor, source.subject)
    allowed = str(condition.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
    standing = f"{source.condition} AND ({allowed})"
    if tile.z >= SHAPES_FROM:
        near = f"fid IN (SELECT id FROM {spatial_index_name(source.table)} WHERE {_MEETS}) AND {standing}"
        rows = _rows(connection, source, near, _reach(tile), most=most + 1)
        if len(rows) <= most:
            return encode_layer(source.name, *_drawn(source, tile, rows))
    boxes = _boxes(connection, source, tile, standing)

    def drawn(chosen: Any) -> Drawn:
        fids = json.dumps(boxes.fids[chosen].tolist())
        return _drawn(source, tile, _rows(connection, source, _LISTED, (fids,), most=most))

    return layer_of_boxes(source.name, source.category, tile, boxes, drawn, most=most)


def _reach(tile: Tile) -> tuple[float, ...]:
    """Return the values of `_MEETS`."""
    west, south, east, north = tile.reach
    return west, east, south, north


def _boxes(connection: Connection, source: TileSource, tile: Tile, standing: str) -> Boxes:
    query = (
        f"SELECT fid, minx, maxx, miny, maxy, {source.category} "
        f"FROM {spatial_index_name(source.table)} AS r CROSS JOIN {source.table} ON fid = r.id "
        f"WHERE {_MEETS} AND {standing}"
    )
    return Boxes(_fetched(connection, query, _reach(tile)))


def _rows(
    connection: Connection, source: TileSource, where: str, values: tuple[Any, ...], *, most: int
) -> Sequence[Any]:
    """Return fid, geometry and what is told of rows, in the order of their fids."""
    columns = [*source.properties.values(), *(f"json_extract(attributes, '$.{name}')" for name in source.answers)]
    query = f"SELECT fid, geometry, {', '.join(columns)} FROM {source.table} WHERE {where} ORDER BY fid LIMIT {most}"
    return _fetched(connection, query, values)


def _fetched(connection: Connection, query: str, values: tuple[Any, ...]) -> Sequence[Any]:
    # The driver's own tuples: a tile has hundreds, and the mapper's rows would only be taken apart again.
    driver: Any = connection.connection.driver_connection
    found: Sequence[Any] = driver.execute(query, values).fetchall()
    return found


def _drawn(source: TileSource, tile: Tile, rows: Sequence[Any]) -> Drawn:
    names = (*source.properties, *source.answers)
    return draw(tile, names, rows, geopackage_binary.decode_many([row[1] for row in rows]))
