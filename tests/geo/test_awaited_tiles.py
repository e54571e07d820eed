"""Tiles without a thread: the same as with one, true after each write, and what this process holds has an end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from shapely.geometry import Point
from sqlalchemy import select, text

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import MapFeature
from geo.repositories.tiles_postgis import StoredTile
from geo.services.given_out import Asked, Bodies
from geo.services.tiles import awaited_tile, vector_tile
from geo.spatial.tile_grid import Tile, fractions
from tests.geo.tile_world import Village, load, make_villages, read_layer
from tests.support.event_loops import run_awaited


@pytest.fixture
def database(postgis_url: str) -> Iterator[Database]:
    upgrade(postgis_url)
    database = Database(postgis_url)
    yield database
    database.dispose()


@pytest.fixture
def village(database: Database) -> Village:
    return make_villages(database, 1)[0]


def tile_at(place: tuple[float, float], z: int) -> Tile:
    east, south = fractions(*place)
    return Tile(z, int(east * (1 << z)), int(south * (1 << z)))


def test_the_same_with_and_without_a_thread_and_anew_after_each_write(database: Database, village: Village) -> None:
    x, y = village.place
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(x, y))], published=False)
    tile = tile_at((x, y), 15)

    async def both(actor: Actor) -> StoredTile:
        first = await awaited_tile(database, ["features"], tile, actor)
        again = await awaited_tile(database, ["features"], tile, actor)
        threaded = await asyncio.to_thread(vector_tile, database, ["features"], tile, actor)
        assert first is not None
        assert first == again == threaded
        known = await awaited_tile(database, ["features"], tile, actor, known=["other", first.etag])
        assert known == StoredTile(first.etag, None)
        return first

    async def work() -> None:
        drawn, hidden = await both(LOCAL), await both(PUBLIC)
        assert len(read_layer(drawn.body or b"", "features").ids) == 1
        assert hidden.body == b""
        with database.write(actor="test") as session:
            session.scalars(select(MapFeature)).one().name_ky = "Мектеп"
        changed = await both(LOCAL)
        assert changed.etag != drawn.etag
        with database.write(actor="test") as session:
            session.delete(session.scalars(select(MapFeature)).one())
        assert (await both(LOCAL)).body == b""

    run_awaited(work())


def test_a_tile_is_kept_from_its_second_asking_on(database: Database, village: Village) -> None:
    x, y = village.place
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(x, y))], published=True)
    tile = tile_at((x, y), 15)

    def kept() -> int:
        with database.read() as session:
            return int(session.scalar(text("SELECT count(*) FROM tiles.kept")) or 0)

    async def ask() -> StoredTile | None:
        return await awaited_tile(database, ["features"], tile, PUBLIC)

    async def work() -> None:
        first = await ask()
        assert await asyncio.to_thread(kept) == 0
        assert await ask() == first
        assert await asyncio.to_thread(kept) == 1
        assert await ask() == first

    run_awaited(work())


def test_the_first_asking_takes_what_another_process_has_kept(
    database: Database, village: Village, postgis_url: str
) -> None:
    x, y = village.place
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(x, y))], published=True)
    tile = tile_at((x, y), 15)
    kept = vector_tile(database, ["features"], tile, PUBLIC)
    # Nobody would make this tile: whoever gets it has read what is kept.
    with database.write(actor="test") as session:
        session.execute(text("UPDATE tiles.kept SET body = 'kept'"))

    async def ask(*known: str) -> StoredTile | None:
        other = Database(postgis_url)
        try:
            return await awaited_tile(other, ["features"], tile, PUBLIC, known=known)
        finally:
            other.dispose()

    async def work() -> None:
        assert await ask() == StoredTile(kept.etag, b"kept")
        assert await ask("other", kept.etag) == StoredTile(kept.etag, None)
        with database.write(actor="test") as session:
            session.scalars(select(MapFeature)).one().name_ky = "Мектеп"
        made = await ask(kept.etag)
        assert made is not None
        assert made == vector_tile(database, ["features"], tile, PUBLIC)

    run_awaited(work())


def test_what_was_asked_for_long_ago_is_forgotten() -> None:
    asked = Asked(most=2)
    assert [asked.again(key) for key in "aabcab"] == [False, True, False, False, False, False]
    assert asked.again("b")


def test_what_needs_more_than_a_statement_is_left_to_a_thread(database: Database, village: Village) -> None:
    tile = tile_at(village.place, 15)
    planner = Actor("planner", account_id=uuid4(), roles={village.municipality_id: frozenset({Role.PLANNER})})

    async def work() -> None:
        assert await awaited_tile(database, ["features", "visits"], tile, LOCAL) is None
        assert await awaited_tile(database, ["features"], tile_at(village.place, 8), LOCAL) is None
        assert await awaited_tile(database, ["features"], tile, planner) is None

    run_awaited(work())


def test_the_oldest_bodies_make_room() -> None:
    bodies: Bodies[str] = Bodies(most_bytes=2_000)
    bodies.put(0, "a", 800)
    bodies.put(1, "b", 800)
    assert bodies.get(0) == "a"
    bodies.put(2, "c", 800)
    assert [bodies.get(key) for key in range(3)] == ["a", None, "c"]
    bodies.put(2, "d", 1_200)
    assert [bodies.get(key) for key in range(3)] == ["a", None, "d"]
    bodies.put(3, "e", 2_001)
    assert [bodies.get(key) for key in range(4)] == [None] * 4


def test_answers_without_a_body_make_room_too() -> None:
    bodies: Bodies[str] = Bodies(most_bytes=2_000)
    for key in range(10):
        bodies.put(key, "empty", 0)
    assert [key for key in range(10) if bodies.get(key)] == [6, 7, 8, 9]
