"""Vector tiles of the records: from PostGIS kept and shared, from a GeoPackage made each time."""

from __future__ import annotations

import time
from collections.abc import Collection
from hashlib import md5
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from geo.database.database import Database
from geo.domain.rights import Actor
from geo.errors import NotFound
from geo.repositories import tiles_geopackage, tiles_postgis
from geo.repositories.tile_sources import SOURCES, TileSource
from geo.repositories.tiles_of_rows import make_layer_of_rows
from geo.repositories.tiles_postgis import StoredTile
from geo.services.given_out import Asked, Bodies
from geo.spatial.tile_grid import Tile

__all__ = ["StoredTile", "awaited_tile", "sweep_is_due", "sweep_kept", "tile_source", "vector_tile"]

_SWEEP_EACH_S = 5.0
_swept_at = 0.0
_bodies: WeakKeyDictionary[Database, Bodies[StoredTile]] = WeakKeyDictionary()
_asked: WeakKeyDictionary[Database, Asked] = WeakKeyDictionary()


def tile_source(name: str) -> TileSource:
    """Return the collection of a name.

    Raises
    ------
    NotFound
        There is no such collection with tiles.
    """
    if name not in SOURCES:
        raise NotFound("tiles.no_collection", name=name[:100], known=", ".join(SOURCES))
    return SOURCES[name]


def vector_tile(
    database: Database, names: Collection[str], tile: Tile, actor: Actor, *, known: Collection[str] = ()
) -> StoredTile:
    """Return a tile with a layer for each collection that shows something in it.

    Parameters
    ----------
    names
        Collections, in the order of their layers.
    actor
        Who asks: sees what is published, and the records of his municipalities.
    known
        Etags of what the caller has already: then the body is None.

    Raises
    ------
    NotFound
        There is no such collection, or no such tile.
    """
    sources = [tile_source(name) for name in names]
    if not tile.exists:
        raise NotFound("tiles.no_tile", z=tile.z, x=tile.x, y=tile.y)
    if database.is_geopackage:
        with database.read() as session:
            return _joined([_made(session, source, tile, actor) for source in sources], known)
    asked = known if len(sources) == 1 else ()
    return _joined([_from_postgis(database, source, tile, actor, asked) for source in sources], known)


async def awaited_tile(
    database: Database, names: Collection[str], tile: Tile, actor: Actor, *, known: Collection[str] = ()
) -> StoredTile | None:
    """Return what `vector_tile` does without a thread, where one collection of a PostGIS database is asked for.

    None where it is not, where nobody else sees the same as the actor, where shapes are reckoned, and where a tile has
    to be made that is more than its shapes.

    Raises
    ------
    NotFound
        As `vector_tile`.
    """
    if database.is_geopackage or len(names) != 1 or not tile.exists:
        return None
    source = tile_source(*names)
    if source.reckoned is not None:
        return None
    audience = tiles_postgis.audience_of(actor, source)
    if audience is None:
        return None
    at_hand = _bodies.setdefault(database, Bodies())
    key = (source.name, audience, tile)
    ours = at_hand.get(key)
    # What this process has is not sent again by the server, which alone knows whether it is still true.
    asked = known if ours is None else [*known, ours.etag]
    if _asked.setdefault(database, Asked()).again(key):
        found = await tiles_postgis.awaited_kept_tile(database, source, tile, audience, asked)
        if found is None:
            found = await tiles_postgis.awaited_new_tile(database, source, tile, audience)
    else:
        found = await tiles_postgis.awaited_first_tile(database, source, tile, audience, asked)
    if found is None:
        return None
    if found.body is not None:
        at_hand.put(key, found, len(found.body))
    elif ours is not None and found.etag == ours.etag:
        found = ours
    return _joined([found], known)


def _joined(parts: list[StoredTile], known: Collection[str]) -> StoredTile:
    if len(parts) == 1:
        etag, body = parts[0].etag, parts[0].body
    else:
        etag = md5("".join(part.etag for part in parts).encode(), usedforsecurity=False).hexdigest()
        # A tile is a message whose layers may come one after the other (Vector Tile Specification 2.1, clause 4.1).
        body = b"".join(part.body or b"" for part in parts)
    return StoredTile(etag, None if etag in known else body)


def _made(session: Session, source: TileSource, tile: Tile, actor: Actor) -> StoredTile:
    if source.reckoned is None:
        body = tiles_geopackage.make_layer(session, source, tile, actor)
    else:
        body = make_layer_of_rows(session.connection(), source, source.reckoned, tile, actor)
    return StoredTile(md5(body, usedforsecurity=False).hexdigest(), body)


def _from_postgis(
    database: Database, source: TileSource, tile: Tile, actor: Actor, known: Collection[str]
) -> StoredTile:
    if source.reckoned is not None:
        with database.read() as session:
            return _made(session, source, tile, actor)
    with database.keep() as connection:
        audience = tiles_postgis.audience_of(actor, source)
        if audience is not None:
            kept = tiles_postgis.kept_tile(connection, source, tile, audience, known)
            if kept is not None:
                return kept
        return tiles_postgis.make_tile(connection, source, tile, actor)


def sweep_is_due(database: Database) -> bool:
    """Return whether this process has not looked for some time whether there is anything to sweep."""
    return not database.is_geopackage and time.monotonic() - _swept_at >= _SWEEP_EACH_S


def sweep_kept(database: Database) -> None:
    """Sweep what is kept; meant for after an answer."""
    global _swept_at  # noqa: PLW0603 - one moment for the process
    _swept_at = time.monotonic()
    with database.keep() as connection:
        tiles_postgis.sweep(connection)
