"""Tiles of a collection whose shapes are no column but reckoned from other rows, alike on both engines; never kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, select

from geo.domain.rights import Actor
from geo.repositories.collections import expressions
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.geometries import Store
from geo.repositories.collections.items import meets, store_of
from geo.repositories.tile_boxes import Boxes, Drawn, draw, layer_of_boxes
from geo.repositories.tile_rules import MOST_SHAPES
from geo.repositories.tile_sources import TileSource
from geo.spatial.tile_grid import Tile

__all__ = ["make_layer_of_rows"]


def make_layer_of_rows(
    connection: Connection,
    source: TileSource,
    collection: Collection,
    tile: Tile,
    actor: Actor,
    *,
    most: int = MOST_SHAPES,
) -> bytes:
    """Return a collection's layer of a tile, of the rows that its items would show; empty where there are none.

    Parameters
    ----------
    most
        Shapes that a tile may hold; where there are more, all become counted points.
    """
    store = store_of(connection)
    if store is Store.GEOPACKAGE:
        driver: Any = connection.connection.driver_connection
        expressions.register(driver)
    columns = {one.name: one.column for one in collection.properties} | {"id": collection.identifier}
    told = [columns[name].label(f"p{number}") for number, name in enumerate(source.properties)]
    query = (
        select(collection.key.label("key"), collection.geometry.label("shape"), *told)
        .select_from(collection.rows)
        .where(*collection.where, collection.sees(actor), meets(collection, store, shapely.box(*tile.reach)))
        .order_by(collection.key)
    )
    rows = [(row[0], row[1], *map(_told, row[2:])) for row in connection.execute(query)]
    shapes = np.array([row[1] for row in rows], dtype=object)
    category = 2 + list(source.properties).index(source.category)
    corners = shapely.bounds(shapes).reshape(-1, 4)[:, [0, 2, 1, 3]].tolist()
    boxes = Boxes([(row[0], *sides, row[category]) for row, sides in zip(rows, corners, strict=True)])

    def drawn(chosen: Any) -> Drawn:
        shown = np.flatnonzero(chosen)
        return draw(tile, list(source.properties), [rows[place] for place in shown.tolist()], shapes[shown])

    return layer_of_boxes(source.name, source.category, tile, boxes, drawn, most=most)


def _told(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | bool) else str(value)
