"""Kept tiles on PostGIS: never stale, forgotten no more than needed, never shown to others."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from geo.database.database import Database
from geo.database.engine import database_url, make_engine
from geo.database.schema import downgrade, upgrade
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import MapFeature
from geo.models.base import now
from geo.repositories.tile_sources import SOURCES
from geo.repositories.tiles_postgis import Audience, kept_tile, make_tile, sweep
from geo.repositories.visibility import published
from geo.services.tiles import vector_tile
from geo.spatial.tile_grid import Tile
from migrations.tile_counting import TABLES, count_anew
from tests.geo.tile_world import Village, load, make_villages, random_feature, read_layer, tiles_of

SOURCE = SOURCES["features"]


@pytest.fixture
def database(postgis_url: str) -> Iterator[Database]:
    upgrade(postgis_url)
    database = Database(postgis_url)
    yield database
    database.dispose()


@pytest.fixture
def village(database: Database) -> Village:
    return make_villages(database, 1)[0]


def around(village: Village, z: int, side: float = 0.03) -> list[Tile]:
    x, y = village.place
    return list(tiles_of((x - side, y - side, x + side, y + side), z))


def is_kept(database: Database, tile: Tile, audience: Audience = Audience.PUBLIC) -> bool:
    with database.keep() as connection:
        return kept_tile(connection, SOURCE, tile, audience) is not None


def fresh(database: Database, tile: Tile, actor: Actor) -> bytes | None:
    with database.keep() as connection:
        return make_tile(connection, SOURCE, tile, actor).body


def served(database: Database, tile: Tile, actor: Actor = PUBLIC) -> bytes | None:
    return vector_tile(database, ["features"], tile, actor).body


def meets(shape: shapely.Geometry, tile: Tile) -> bool:
    return box(*tile.reach).intersects(box(*shape.bounds))


def test_a_write_forgets_the_tiles_that_it_meets_and_no_other(database: Database, village: Village) -> None:
    x, y = village.place
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(x, y))])
    tiles = [tile for z in (3, 8, 11, 14, 16) for tile in around(village, z)]
    for tile in tiles:
        served(database, tile)
    assert all(is_kept(database, tile) for tile in tiles)
    before, after = Point(x, y), Point(x + 0.02, y + 0.01)
    with database.write(actor="test") as session:
        session.scalars(select(MapFeature)).one().geometry = after
    for tile in tiles:
        touched = meets(before, tile) or meets(after, tile)
        assert is_kept(database, tile) != touched, tile
    with database.write(actor="test") as session:
        session.delete(session.scalars(select(MapFeature)).one())
    assert not any(read_layer(served(database, tile)).features for tile in tiles)


def test_a_draft_leaves_the_tiles_of_the_public_alone(database: Database, village: Village) -> None:
    (tile,) = {Tile(14, one.x, one.y) for one in around(village, 14, side=0.0)}
    for actor in (PUBLIC, LOCAL):
        served(database, tile, actor)
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place))], published=False)
    assert is_kept(database, tile) and not is_kept(database, tile, Audience.EVERYTHING)
    assert not served(database, tile) and served(database, tile, LOCAL)
    with database.write(actor="test") as session:
        session.scalars(select(MapFeature)).one().published_at = now()
    assert served(database, tile)
    with database.write(actor="test") as session:
        session.scalars(select(MapFeature)).one().is_sensitive = True
    assert not served(database, tile) and served(database, tile, LOCAL)


def test_what_some_see_is_never_kept_for_others(database: Database, village: Village) -> None:
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place))], published=False)
    own = Actor("planner", account_id=uuid4(), roles={village.municipality_id: frozenset({Role.PLANNER})})
    stranger = Actor("planner", account_id=uuid4(), roles={uuid4(): frozenset({Role.PLANNER})})
    for z in (5, 11, 14):
        (tile,) = around(village, z, side=0.0)
        for _ in range(2):
            assert served(database, tile, own) and served(database, tile, LOCAL)
            assert not served(database, tile, PUBLIC) and not served(database, tile, stranger)


def test_a_tile_made_before_a_commit_and_kept_after_it_is_not_believed(database: Database, village: Village) -> None:
    (tile,) = around(village, 14, side=0.0)
    made, written = threading.Event(), threading.Event()

    def write() -> None:
        made.wait(10)
        load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place))])
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    with database.write_engine.connect() as slow:
        # A reader whose snapshot is older than the write stores its tile after it.
        slow.execution_options(isolation_level="REPEATABLE READ")
        slow.execute(text("SELECT 1 FROM map_feature")).all()
        made.set()
        assert written.wait(30)
        assert not make_tile(slow, SOURCE, tile, PUBLIC).body
        slow.commit()
    writer.join()
    assert not is_kept(database, tile)
    assert read_layer(served(database, tile)).ids


def test_a_write_under_way_while_a_tile_is_kept_counts_once_it_is_committed(
    database: Database, village: Village
) -> None:
    (tile,) = around(village, 14, side=0.0)
    with database.write(actor="test") as session:
        session.add(_house(village))
        session.flush()
        assert not served(database, tile) and is_kept(database, tile)
    assert not is_kept(database, tile)
    assert read_layer(served(database, tile)).ids
    with pytest.raises(RuntimeError), database.write(actor="test") as session:
        session.add(_house(village))
        session.flush()
        raise RuntimeError
    assert is_kept(database, tile)


def _house(village: Village) -> MapFeature:
    return MapFeature(
        settlement_id=village.id,
        layer="infrastructure",
        kind="house",
        source="import",
        geometry=Point(village.place),
        published_at=now(),
    )


@pytest.mark.parametrize("seed", range(3))
def test_after_any_writes_every_tile_is_as_if_made_anew(database: Database, village: Village, seed: int) -> None:
    rng = np.random.default_rng(seed)
    load(database, village, [random_feature(rng, village.place) for _ in range(30)])
    tiles = [tile for z in (0, 7, 9, 11, 13, 14, 16) for tile in around(village, z, side=0.02)][:60]
    for round in range(12):
        for number in rng.choice(len(tiles), 15, replace=False):
            served(database, tiles[number], (PUBLIC, LOCAL)[round % 2])
        with database.write(actor="test") as session:
            for _ in range(int(rng.integers(1, 4))):
                _write_something(session, rng, village)
        if round % 4 == 3:
            with database.keep() as connection:
                assert sweep(connection, fewest_changes=1)
        for actor in (PUBLIC, LOCAL):
            kept = [
                tile
                for tile in tiles
                if is_kept(database, tile, Audience.PUBLIC if actor is PUBLIC else Audience.EVERYTHING)
            ]
            for tile in kept:
                held = read_layer(served(database, tile, actor)).as_set
                assert held == read_layer(fresh(database, tile, actor)).as_set, (round, tile)
    _check_counts(database)


@pytest.mark.parametrize("revision", ["0018", "0019"])
def test_counts_follow_every_statement_also_where_a_box_is_reckoned_for_each_side(
    database: Database, village: Village, postgis_url: str, revision: str
) -> None:
    rng = np.random.default_rng(5)
    load(database, village, [random_feature(rng, village.place) for _ in range(40)])
    database.dispose()
    downgrade(postgis_url, revision)
    engine = make_engine(database_url(postgis_url), writable=True)
    with engine.begin() as connection:
        for statement in (
            "UPDATE map_feature SET geometry = ST_Translate(geometry, 0.05, -0.03) WHERE fid % 3 = 0",
            "UPDATE map_feature SET withdrawn_at = now() WHERE fid % 5 = 0",
            "UPDATE map_feature SET published_at = NULL WHERE fid % 7 = 0",
            "UPDATE map_feature SET is_sensitive = true WHERE fid % 11 = 0",
            "DELETE FROM map_feature WHERE fid % 4 = 1",
        ):
            connection.execute(text(statement))
        counted = _cells(connection)
        category, public = TABLES["map_feature"]
        count_anew(connection, "map_feature", category=category, public=public)
        assert counted == _cells(connection)
        assert sum(cell.rows for cell in counted) > 0
    engine.dispose()


def _cells(connection: Connection) -> Sequence[Any]:
    return connection.execute(
        text(
            "SELECT category, x, y, sum(rows) AS rows, sum(sum_x), sum(sum_y), sum(public_rows), sum(public_sum_x), "
            "sum(public_sum_y) FROM tiles.cell WHERE table_name = 'map_feature' "
            "GROUP BY category, x, y HAVING sum(rows) <> 0 ORDER BY category, x, y"
        )
    ).all()


def _write_something(session: Session, rng: np.random.Generator, village: Village) -> None:
    rows = session.scalars(select(MapFeature).order_by(MapFeature.fid)).all()
    chosen = rows[int(rng.integers(len(rows)))]
    new = random_feature(rng, village.place)
    match int(rng.integers(6)):
        case 0:
            chosen.geometry = new.geometry
        case 1:
            chosen.published_at = None if chosen.published_at else now()
        case 2:
            chosen.withdrawn_at = now()
        case 3:
            session.delete(chosen)
        case 4:
            chosen.name_ky = f"Ат {rng.integers(100)}"
        case _:
            row = _house(village)
            row.geometry, row.kind, row.layer = new.geometry, new.kind, new.layer
            session.add(row)
    session.flush()


def _check_counts(database: Database) -> None:
    with database.read() as session:
        everything = session.scalar(select(func.count()).select_from(MapFeature))
        public = session.scalar(select(func.count()).select_from(MapFeature).where(published(MapFeature)))
        counted = session.execute(text("SELECT sum(rows), sum(public_rows) FROM tiles.cell")).one()
    assert (int(counted[0]), int(counted[1])) == (everything, public)


def test_readers_and_writers_at_once_leave_no_stale_tile(database: Database, village: Village) -> None:
    rng = np.random.default_rng(11)
    load(database, village, [random_feature(rng, village.place, spread=0.004) for _ in range(20)])
    tiles = [tile for z in (6, 12, 14, 16) for tile in around(village, z, side=0.004)]
    done, failures = threading.Event(), []

    def read(seed: int) -> None:
        chance = np.random.default_rng(seed)
        try:
            while not done.is_set():
                served(database, tiles[int(chance.integers(len(tiles)))])
        except Exception as error:
            failures.append(error)

    def write(seed: int) -> None:
        chance = np.random.default_rng(seed)
        try:
            for _ in range(25):
                new = random_feature(chance, village.place, spread=0.004)
                load(database, village, [new])
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(10, 12)]
    for thread in (*readers, *writers):
        thread.start()
    for _ in range(20):
        with database.keep() as connection:
            sweep(connection, fewest_changes=1)
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not failures
    for tile in tiles:
        assert read_layer(served(database, tile)).as_set == read_layer(fresh(database, tile, PUBLIC)).as_set, tile
    _check_counts(database)


def test_sweeping_keeps_what_is_true_and_limits_what_is_kept(database: Database, village: Village) -> None:
    near, far = around(village, 14, side=0.0)[0], Tile(14, 3, 3)
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place))])
    for tile in (near, far):
        served(database, tile)
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place)) for _ in range(20)])
    with database.keep() as connection:
        assert not sweep(connection, fewest_changes=10_000)
        assert sweep(connection, fewest_changes=1)
        assert connection.scalar(text("SELECT count(*) FROM tiles.change")) == 0
        assert connection.scalar(text("SELECT count(*) FROM tiles.kept")) == 1
    assert is_kept(database, far) and not is_kept(database, near)
    for x in range(10):
        served(database, Tile(14, x, 5))
    with database.keep() as connection:
        assert sweep(connection, most_tiles=4)
        assert connection.scalar(text("SELECT count(*) FROM tiles.kept")) == 4
    _check_counts(database)


def test_a_tile_of_another_server_run_is_not_believed(database: Database, village: Village) -> None:
    tile = Tile(14, 3, 3)
    served(database, tile)
    assert is_kept(database, tile)
    with database.keep() as connection:
        connection.execute(text("UPDATE tiles.kept SET server_started = server_started - interval '1 second'"))
    assert not is_kept(database, tile)


def test_emptying_the_table_empties_the_tiles(database: Database, village: Village) -> None:
    load(database, village, [NewFeature(kind=Kind.HOUSE, geometry=Point(village.place))])
    tiles = [around(village, z, side=0.0)[0] for z in (5, 14)]
    assert all(served(database, tile) for tile in tiles)
    with database.write_engine.begin() as connection:
        connection.execute(text("TRUNCATE map_feature CASCADE"))
    assert not any(served(database, tile) for tile in tiles)
