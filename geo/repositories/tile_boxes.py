"""What of a tile's rows is drawn and what is counted, where the rows are at hand: by their boxes, for every engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from geo.repositories.tile_rules import CELLS_BITS, COUNTS_UP_TO, MOST_SHAPES, SHAPES_FROM, SMALL
from geo.spatial.tile_grid import EXTENT, GRID_BITS, Tile, fractions
from geo.spatial.tile_shapes import in_tile_units
from geo.spatial.vector_tile import Property, encode_layer

__all__ = ["Boxes", "Columns", "Drawn", "draw", "layer_of_boxes"]

_CELLS = 1 << CELLS_BITS

Columns = dict[str, Sequence[Property]]
Drawn = tuple[Any, list[int | None], Columns]
"""Shapes in tile units, their numbers, and what is told of them."""


class Boxes:
    """Boxes of the rows that meet a tile, in degrees.

    Parameters
    ----------
    rows
        Key, west, east, south, north and category of each, as an R-tree has them.
    """

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


def draw(tile: Tile, names: Sequence[str], rows: Sequence[Any], shapes: Any) -> Drawn:
    """Return what of rows shows in a tile.

    Parameters
    ----------
    names
        What is told of a row.
    rows
        Key, anything, and the values of the names, one row for each shape.
    shapes
        Array of shapely geometries in degrees.
    """
    if not len(rows):
        return np.zeros(0, dtype=object), [], {name: [] for name in names}
    placed = in_tile_units(shapes, tile)
    shown = np.flatnonzero(~shapely.is_missing(placed))
    keys, _, *columns = zip(*(rows[index] for index in shown.tolist()), strict=True) if len(shown) else ((), ())
    return placed[shown], list(keys), dict(zip(names, columns or [()] * len(names), strict=True))


def layer_of_boxes(
    name: str, category: str, tile: Tile, boxes: Boxes, drawn_rows: Callable[[Any], Drawn], *, most: int = MOST_SHAPES
) -> bytes:
    """Return a layer: what is large enough drawn, the rest as counted points; empty where nothing is to be seen.

    Parameters
    ----------
    category
        The property by which points are counted apart.
    drawn_rows
        Draws those rows of the boxes that a mask has.
    most
        Shapes that a tile may hold; where there are more, all become counted points.
    """
    drawn = boxes.large_enough(tile)
    if int(drawn.sum()) > most:
        drawn[:] = False
    shapes, ids, columns = drawn_rows(drawn)
    points, categories, counts = boxes.merged(tile, ~drawn)
    if len(points):
        columns = {key: [*column, *[None] * len(points)] for key, column in columns.items()}
        columns[category] = [*columns[category][: len(ids)], *categories]
        columns["count"] = [*[None] * len(ids), *counts]
        shapes = np.concatenate((shapes, points))
        ids = [*ids, *[None] * len(points)]
    return encode_layer(name, shapes, ids, columns)
