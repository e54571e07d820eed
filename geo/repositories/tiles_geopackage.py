"""Tiles from a GeoPackage: found by its R-tree, put together by shapely and numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.domain.rights import Actor
from geo.repositories.tile_rules import CELLS_BITS, COUNTS_UP_TO, MOST_SHAPES, SHAPES_FROM, SMALL
from geo.repositories.tile_sources import TileSource
from geo.repositories.visibility import visible
from geo.spatial import geopackage_binary
from geo.spatial.tile_grid import EXTENT, GRID_BITS, Tile, fractions
from geo.spatial.tile_shapes import in_tile_units
from geo.spatial.vector_tile import Property, encode_layer

__all__ = ["make_layer"]

_DIALECT = sqlite.dialect()
_CELLS = 1 << CELLS_BITS
_MEETS = "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"

Columns = dict[str, Sequence[Property]]


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
    columns: Columns
    if tile.z >= SHAPES_FROM:
        near = f"fid IN (SELECT id FROM {spatial_index_name(source.table)} WHERE {_MEETS}) AND {standing}"
        rows = _rows(connection, source, near, _reach(tile), most=most + 1)
        if len(rows) <= most:
            return encode_layer(source.name, *_drawn(source, tile, rows))
    boxes = _boxes(connection, source, tile, standing)
    drawn = boxes.large_enough(tile)
    if int(drawn.sum()) > most:
        drawn[:] = False
    fids = json.dumps(boxes.fids[drawn].tolist())
    rows = _rows(connection, source, "fid IN (SELECT value FROM json_each(?))", (fids,), most=most)
    shapes, ids, columns = _drawn(source, tile, rows)
    points, categories, counts = boxes.merged(tile, ~drawn)
    if len(points):
        columns = {name: [*column, *[None] * len(points)] for name, column in columns.items()}
        columns[source.category] = [*columns[source.category][: len(ids)], *categories]
        columns["count"] = [*[None] * len(ids), *counts]
        shapes = np.concatenate((shapes, points))
        ids = [*ids, *[None] * len(points)]
    return encode_layer(source.name, shapes, ids, columns)


class _Boxes:
    """Boxes of the rows that meet a tile, as the R-tree has them, in degrees."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.fids = np.array([row[0] for row in rows], dtype=np.int64)
        self.corners = np.array([row[1:5] for row in rows], dtype=float).reshape(-1, 4)
        self.categories = np.array([row[5] for row in rows], dtype=object)

    def large_enough(self, tile: Tile) -> Any:
        """Return which rows are drawn by themselves."""
        if tile.z >= SHAPES_FROM or tile.z <= COUNTS_UP_TO:
            return np.full(len(self.fids), tile.z >= SHAPES_FROM)
        west, south, east, north = tile.bounds
        width = (self.corners[:, 1] - self.corners[:, 0]) / (east - west)
        height = (self.corners[:, 3] - self.corners[:, 2]) / (north - south)
        return np.maximum(width, height) * EXTENT >= SMALL

    def merged(self, tile: Tile, chosen: Any) -> tuple[Any, list[Property], list[int]]:
        """Return points, categories and counts of rows whose box's centre lies in the tile, by cell."""
        middle_x = (self.corners[:, 0] + self.corners[:, 1]) / 2
        middle_y = (self.corners[:, 2] + self.corners[:, 3]) / 2
        east, south = fractions(middle_x, middle_y)
        # The edges of the world belong to its last tiles.
        east, south = np.minimum(east, 1 - 2.0**-GRID_BITS), np.minimum(south, 1 - 2.0**-GRID_BITS)
        side = 1 << tile.z
        x, y = (east * side - tile.x) * EXTENT, (south * side - tile.y) * EXTENT
        inside = chosen & (x >= 0) & (x < EXTENT) & (y >= 0) & (y < EXTENT)
        x, y = x[inside], y[inside]
        names, category = np.unique(self.categories[inside].astype(str), return_inverse=True)
        cell = EXTENT >> CELLS_BITS
        key = (category * _CELLS + (y // cell).astype(np.int64)) * _CELLS + (x // cell).astype(np.int64)
        keys, group, count = np.unique(key, return_inverse=True, return_counts=True)
        mean_x = np.floor(np.bincount(group, weights=x, minlength=len(keys)) / count)
        mean_y = np.floor(np.bincount(group, weights=y, minlength=len(keys)) / count)
        found = [str(names[number]) for number in keys // (_CELLS * _CELLS)]
        return shapely.points(mean_x, mean_y), [*found], count.tolist()


def _reach(tile: Tile) -> tuple[float, ...]:
    """Return the values of `_MEETS`."""
    west, south, east, north = tile.reach
    return west, east, south, north


def _boxes(connection: Connection, source: TileSource, tile: Tile, standing: str) -> _Boxes:
    query = (
        f"SELECT fid, minx, maxx, miny, maxy, {source.category} "
        f"FROM {spatial_index_name(source.table)} AS r CROSS JOIN {source.table} ON fid = r.id "
        f"WHERE {_MEETS} AND {standing}"
    )
    return _Boxes(_fetched(connection, query, _reach(tile)))


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


def _drawn(source: TileSource, tile: Tile, rows: Sequence[Any]) -> tuple[Any, list[int | None], Columns]:
    names = (*source.properties, *source.answers)
    if not rows:
        return np.zeros(0, dtype=object), [], {name: [] for name in names}
    placed = in_tile_units(geopackage_binary.decode_many([row[1] for row in rows]), tile)
    shown = np.flatnonzero(~shapely.is_missing(placed))
    fids, _, *columns = zip(*(rows[index] for index in shown.tolist()), strict=True) if len(shown) else ((), ())
    return placed[shown], list(fids), dict(zip(names, columns or [()] * len(names), strict=True))
