"""Tiles from PostGIS: made by ST_AsMVT, kept for everybody who sees the same, true by the snapshot they were made in.

Tiles that are kept are read and made on the server that takes the writes: only there is it known what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.dialects.postgresql import psycopg2

import geo.database
from geo.database.awaited_statements import ask_prepared
from geo.database.database import Database
from geo.domain.rights import Action, Actor
from geo.repositories.tile_rules import CELLS_BITS, COUNTS_UP_TO, EVERYTHING_IS_SMALL, MOST_SHAPES, SHAPES_FROM, SMALL
from geo.repositories.tile_sources import TileSource
from geo.repositories.visibility import leads_to_homes, published, visible
from geo.spatial.tile_grid import GRID_BITS, Tile

__all__ = [
    "Audience",
    "StoredTile",
    "audience_of",
    "awaited_first_tile",
    "awaited_kept_tile",
    "awaited_new_tile",
    "kept_tile",
    "make_tile",
    "sweep",
]

_SQL = Path(geo.database.__path__[0]) / "sql"
_DIALECT = psycopg2.dialect()  # type: ignore[no-untyped-call]
MOST_TILES = 200_000
FEWEST_CHANGES = 1_000
_NAMED = re.compile(r"%\((\w+)\)s")
_TYPES = {
    **dict.fromkeys(("source", "table", "audience"), "text"),
    **dict.fromkeys(("z", "x", "y"), "integer"),
    "known": "text[]",
    "most": "bigint",
}
"""Of the values of prepared statements; all others are degrees."""
_CELL_LEVEL = 14
"""Level of the cells that are counted in ``tiles.cell``."""


class Audience(StrEnum):
    """Who sees the same rows, so that one tile is kept for all of them."""

    PUBLIC = "public"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class StoredTile:
    """A tile as it goes out.

    Attributes
    ----------
    etag
        Changes when the content does.
    body
        Mapbox Vector Tile; empty where nothing is to be seen, None where the caller has it already.
    """

    etag: str
    body: bytes | None


def audience_of(actor: Actor, source: TileSource) -> Audience | None:
    """Return with whom an actor shares tiles; None for people of some municipalities, whose tiles nobody keeps.

    Nor are the public's where an object marked sensitive takes rows of other tables out of sight: what is kept and
    counted follows its own table alone.
    """
    allowed = actor.municipalities(Action.READ, source.subject)
    if allowed is None:
        return Audience.EVERYTHING
    return None if allowed or leads_to_homes(source.model) else Audience.PUBLIC


def kept_tile(
    connection: Connection, source: TileSource, tile: Tile, audience: Audience, known: Collection[str] = ()
) -> StoredTile | None:
    """Return a kept tile that is still true, or None.

    Parameters
    ----------
    connection
        In which every statement is a transaction of its own.
    known
        Etags of what the caller has; then the body stays where it is.
    """
    values = {**_key(source, tile, audience), "known": list(known)}
    row = connection.exec_driver_sql(_template("tile_kept"), values).one_or_none()
    return None if row is None else StoredTile(row[0], None if row[1] is None else bytes(row[1]))


def make_tile(
    connection: Connection, source: TileSource, tile: Tile, actor: Actor, *, most: int = MOST_SHAPES
) -> StoredTile:
    """Make a tile and, where others see the same, keep it.

    Parameters
    ----------
    connection
        In which every statement is a transaction of its own.
    most
        Shapes that a tile may hold; where there are more, all become counted points.
    """
    audience = audience_of(actor, source)
    values = _values(source, tile) | {"most": most, "audience": audience and audience.value}
    if audience is not None and tile.z <= COUNTS_UP_TO:
        return _run(connection, _statement(source, audience, "tile_counts"), values)[1]
    if tile.z >= SHAPES_FROM:
        how, values["small"] = "tile_shapes", 0
    else:
        how, values["small"] = "tile_merged", EVERYTHING_IS_SMALL if tile.z <= COUNTS_UP_TO else SMALL
    shapes, made = _run(connection, _statement_for(source, actor, audience, how), values)
    if shapes > most:
        values["small"] = EVERYTHING_IS_SMALL
        made = _run(connection, _statement_for(source, actor, audience, "tile_merged"), values)[1]
    return made


async def awaited_kept_tile(
    database: Database, source: TileSource, tile: Tile, audience: Audience, known: Collection[str] = ()
) -> StoredTile | None:
    """Return what `kept_tile` does, awaited by the event loop."""
    statement, names = _kept_statement()
    values = {**_key(source, tile, audience), "known": list(known)}
    rows = await ask_prepared(database, statement, tuple(values[name] for name in names), keeps=True)
    if not rows:
        return None
    ((etag, body),) = rows
    return StoredTile(etag.decode(), None if body is None else bytes(body))


async def awaited_new_tile(database: Database, source: TileSource, tile: Tile, audience: Audience) -> StoredTile | None:
    """Return what `make_tile` does where every row is drawn by itself, awaited by the event loop.

    None at the zooms of counted points, and where there are more shapes than a tile may hold.
    """
    return await _awaited_shapes(database, source, tile, audience, _new_statement(source, audience))


async def awaited_first_tile(
    database: Database, source: TileSource, tile: Tile, audience: Audience, known: Collection[str] = ()
) -> StoredTile | None:
    """Return what `awaited_kept_tile` or else `awaited_new_tile` does, by one statement; a new one is not kept.

    At the zooms of counted points only what is kept.
    """
    if tile.z < SHAPES_FROM:
        return await awaited_kept_tile(database, source, tile, audience, known)
    return await _awaited_shapes(database, source, tile, audience, _first_statement(source, audience), known=known)


async def _awaited_shapes(
    database: Database,
    source: TileSource,
    tile: Tile,
    audience: Audience,
    numbered: tuple[str, tuple[str, ...]],
    *,
    known: Collection[str] = (),
) -> StoredTile | None:
    if tile.z < SHAPES_FROM:
        return None
    statement, names = numbered
    values = _values(source, tile) | {"most": MOST_SHAPES, "audience": audience.value, "known": list(known)}
    ((shapes, etag, body),) = await ask_prepared(database, statement, tuple(values[name] for name in names), keeps=True)
    return None if shapes > MOST_SHAPES else StoredTile(etag.decode(), None if body is None else bytes(body))


def sweep(connection: Connection, *, most_tiles: int = MOST_TILES, fewest_changes: int = FEWEST_CHANGES) -> bool:
    """Forget outdated tiles and changes that no kept tile needs, and add lines of counts up; waits for nobody.

    Parameters
    ----------
    connection
        In which every statement is a transaction of its own.
    most_tiles
        How many are kept; the oldest go first.
    fewest_changes
        As long as fewer were noted since the last time, nothing is done.
    """
    values = (most_tiles, fewest_changes)
    return bool(connection.exec_driver_sql("SELECT tiles.sweep(%s, %s)", values).scalar_one())


def _run(connection: Connection, statement: str, values: dict[str, Any]) -> tuple[int, StoredTile]:
    rows, etag, body = connection.exec_driver_sql(statement, values).one()
    return rows, StoredTile(etag, bytes(body))


def _statement_for(source: TileSource, actor: Actor, audience: Audience | None, how: str) -> str:
    if audience is not None:
        return _statement(source, audience, how)
    return _once(_tile_query(source, how, _condition(visible(source.model, actor, source.subject))))


@cache
def _statement(source: TileSource, audience: Audience, how: str) -> str:
    prefix = "public_" if audience is Audience.PUBLIC else ""
    return _template("tile_keep").format(tile=_tile_query(source, how, _rows_of(source, audience), prefix=prefix))


def _rows_of(source: TileSource, audience: Audience) -> str:
    return _condition(published(source.model)) if audience is Audience.PUBLIC else "true"


@cache
def _kept_statement() -> tuple[str, tuple[str, ...]]:
    return _numbered(_template("tile_kept"))


@cache
def _new_statement(source: TileSource, audience: Audience) -> tuple[str, tuple[str, ...]]:
    return _numbered(_statement(source, audience, "tile_shapes"))


@cache
def _first_statement(source: TileSource, audience: Audience) -> tuple[str, tuple[str, ...]]:
    tile = _tile_query(source, "tile_shapes", _rows_of(source, audience))
    return _numbered(_template("tile_first").format(kept=_template("tile_kept"), tile=tile))


def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with ``$1``, ``$2`` … for its named values, and the names in that order."""
    names = tuple(dict.fromkeys(_NAMED.findall(statement)))
    numbered = _NAMED.sub(
        lambda found: f"${names.index(found[1]) + 1}::{_TYPES.get(found[1], 'double precision')}", statement
    )
    return numbered.replace("%%", "%"), names


def _once(query: str) -> str:
    return f"SELECT rows, md5(coalesce(body, '')), coalesce(body, '') FROM ({query}) AS tile (rows, body)"


def _tile_query(source: TileSource, how: str, condition: str, *, prefix: str = "") -> str:
    columns = {"id": "id::text"} | {name: sql for name, sql in source.properties.items() if name != "id"}
    columns |= {name: f"attributes ->> '{name}'" for name in source.answers}
    return _template(how).format(
        table=source.table,
        visible=f"{source.condition} AND ({condition})",
        properties=", ".join(f"{sql} AS {name}" for name, sql in columns.items()),
        names=", ".join(columns),
        merged=", ".join("category" if name == source.category else "NULL" for name in columns),
        category=source.category,
        only=f"category = '{source.only}'" if source.only else "true",
        prefix=prefix,
    )


def _condition(condition: ColumnElement[bool]) -> str:
    return str(condition.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def _key(source: TileSource, tile: Tile, audience: Audience | None) -> dict[str, Any]:
    return {"source": source.name, "table": source.table, "audience": audience, "z": tile.z, "x": tile.x, "y": tile.y}


def _values(source: TileSource, tile: Tile) -> dict[str, Any]:
    sides = ("west", "south", "east", "north")
    grid_x, grid_y = tile.grid_origin
    side = 1 << (GRID_BITS - tile.z)
    return {
        **_key(source, tile, None),
        **dict(zip(sides, tile.bounds, strict=True)),
        **{f"reach_{name}": value for name, value in zip(sides, tile.reach, strict=True)},
        "grid_x": grid_x,
        "grid_y": grid_y,
        "side": side,
        "cell": max(side >> CELLS_BITS, 1),
        "shift": max(_CELL_LEVEL - tile.z - CELLS_BITS, 0),
    }


@cache
def _template(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
