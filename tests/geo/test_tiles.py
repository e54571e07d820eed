"""Tiles of both engines: everything that one may see is in them, drawn or counted, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPoint, Point, Polygon, box, shape
from sqlalchemy import text

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.errors import NotFound
from geo.repositories import tiles_geopackage, tiles_postgis
from geo.repositories.tile_rules import COUNTS_UP_TO, SHAPES_FROM
from geo.repositories.tile_sources import SOURCES
from geo.services.tiles import vector_tile
from geo.spatial.tile_grid import Tile, fractions
from tests.geo.tile_world import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Shown,
    Village,
    load,
    make_villages,
    random_feature,
    read_layer,
    show,
    tiles_of,
)

AROUND = (WEST - 0.1, SOUTH - 0.1, EAST + 0.1, NORTH + 0.1)


@pytest.fixture
def villages(database: Database) -> list[Village]:
    """Two villages: 60 published objects and 25 drafts each, one of them withdrawn."""
    rng = np.random.default_rng(1)
    villages = make_villages(database)
    for village in villages:
        load(database, village, [random_feature(rng, village.place) for _ in range(60)])
        load(database, village, [random_feature(rng, village.place) for _ in range(25)], published=False)
    with database.write(actor="test") as session:
        session.execute(
            text("UPDATE map_feature SET withdrawn_at = :now WHERE fid = 70"), {"now": "2026-01-01T00:00:00.000Z"}
        )
        session.execute(text("UPDATE map_feature SET is_sensitive = true WHERE fid = 5"))
    return villages


def of_one(village: Village) -> Actor:
    return Actor("monitor", account_id=uuid4(), roles={village.municipality_id: frozenset({Role.MONITOR})})


@pytest.mark.parametrize("z", [0, 4, 6, 9])
def test_counts_add_up_to_what_each_may_see(database: Database, villages: list[Village], z: int) -> None:
    for actor, truth in ((PUBLIC, 119), (LOCAL, 169), (of_one(villages[0]), 84 + 60), (of_one(villages[1]), 85 + 59)):
        shown = [show(database, tile, actor) for tile in tiles_of(AROUND, z)]
        assert sum(one.count for one in shown) == truth
        assert not any(one.ids for one in shown)


@pytest.mark.parametrize("z", range(COUNTS_UP_TO + 1, SHAPES_FROM))
def test_between_them_what_is_drawn_and_what_is_counted_is_everything(
    database: Database, villages: list[Village], z: int
) -> None:
    for actor, truth in ((PUBLIC, 119), (LOCAL, 169), (of_one(villages[0]), 84 + 60)):
        shown = [show(database, tile, actor) for tile in tiles_of(AROUND, z)]
        drawn = set().union(*(one.ids for one in shown))
        assert len(drawn) + sum(one.count for one in shown) == truth
        assert drawn


@pytest.mark.parametrize("z", [14, 16])
def test_every_shape_is_drawn_once_zoomed_in(database: Database, villages: list[Village], z: int) -> None:
    box_of = [
        bounds for village in villages for bounds in [(*np.subtract(village.place, 0.05), *np.add(village.place, 0.05))]
    ]
    tiles = {tile for bounds in box_of for tile in tiles_of(bounds, z)}
    shown = [show(database, tile, PUBLIC) for tile in tiles]
    assert len(set().union(*(one.ids for one in shown))) == 119
    assert sum(one.count for one in shown) == 0
    assert {one["properties"]["condition"] for part in shown for one in part.features} == {"old"}


def test_a_layer_of_the_map_has_tiles_of_its_own(database: Database, villages: list[Village]) -> None:
    with database.read() as session:
        truth = session.execute(
            text("SELECT count(*) FROM map_feature WHERE layer = 'water' OR kind = 'well'")
        ).scalar_one()
        wells = session.execute(text("SELECT count(*) FROM map_feature WHERE layer = 'land' AND withdrawn_at IS NULL"))
        land = wells.scalar_one()
    assert truth and land
    for z in (3, 11):
        shown = [show(database, tile, LOCAL, "land") for tile in tiles_of(AROUND, z)]
        assert len(set().union(*(one.ids for one in shown))) + sum(one.count for one in shown) == land


def test_shapes_lie_where_they_are_and_are_valid(database: Database, villages: list[Village]) -> None:
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    x, y = villages[0].place
    placed = shapely.transform(bow, lambda points: points * 0.002 + (x, y))
    ring = Point(x, y).buffer(0.003).difference(Point(x, y).buffer(0.001))
    load(database, villages[0], [NewFeature(kind=Kind.ARABLE, geometry=one) for one in (placed, ring)])
    with database.read() as session:
        rows = session.execute(text("SELECT id FROM map_feature")).scalars()
        assert len(list(rows)) == 172
    for tile in tiles_of((x - 0.005, y - 0.005, x + 0.005, y + 0.005), 15):
        west, south, east, north = tile.bounds
        for one in show(database, tile, LOCAL).features:
            drawn = shape(one["geometry"])
            assert drawn.is_valid and not drawn.is_empty
            for part in shapely.get_parts(drawn):
                if part.geom_type == "Polygon":  # y goes down: clockwise to the eye is counter-clockwise here
                    assert part.exterior.is_ccw and part.area > 0
                    assert not any(hole.is_ccw for hole in part.interiors)
            assert drawn.bounds[0] >= -64 and drawn.bounds[2] <= 4160
        assert west < east and south < north


def test_both_engines_draw_alike(geopackage_url: str, postgis_url: str) -> None:
    shown: list[dict[tuple[int, int, int], Shown]] = []
    for url in (geopackage_url, postgis_url):
        upgrade(url)
        database = Database(url)
        rng = np.random.default_rng(3)
        village = make_villages(database, 1)[0]
        load(database, village, [random_feature(rng, village.place) for _ in range(80)])
        x, y = village.place
        bounds = (x - 0.06, y - 0.06, x + 0.06, y + 0.06)
        shown.append(
            {(t.z, t.x, t.y): show(database, t, PUBLIC) for z in (8, 10, 12, 14, 16) for t in tiles_of(bounds, z)}
        )
        database.dispose()
    ours, theirs = shown
    assert ours.keys() == theirs.keys()
    for key, one in ours.items():
        other = theirs[key]
        assert one.count == other.count, key
        mine, others = one.by_name, other.by_name
        assert mine.keys() == others.keys(), key
        for name, drawn in mine.items():
            assert drawn.hausdorff_distance(others[name]) <= 3, (key, name)
        if one.points:
            assert MultiPoint(one.points).hausdorff_distance(MultiPoint(other.points)) <= 1, key


def test_too_many_shapes_become_counts(database: Database, villages: list[Village]) -> None:
    fx, fy = fractions(*villages[0].place)
    tile = Tile(14, int(fx * 2**14), int(fy * 2**14))
    source = SOURCES["features"]
    whole = show(database, tile, LOCAL)
    if database.is_geopackage:
        with database.read() as session:
            few = read_layer(tiles_geopackage.make_layer(session, source, tile, LOCAL, most=3))
    else:
        with database.keep() as connection:
            few = read_layer(tiles_postgis.make_tile(connection, source, tile, LOCAL, most=3).body)
    assert len(whole.ids) > 3 and not few.ids
    assert 0 < few.count <= len(whole.ids)


@pytest.mark.parametrize("tile", [Tile(25, 0, 0), Tile(3, 8, 0), Tile(3, 0, 8), Tile(0, -1, 0), Tile(-1, 0, 0)])
def test_what_the_pyramid_has_not_is_not_found(database: Database, tile: Tile) -> None:
    with pytest.raises(NotFound, match="no_tile"):
        vector_tile(database, ["features"], tile, PUBLIC)


def test_the_ends_of_the_world(database: Database) -> None:
    village = make_villages(database, 1)[0]
    far = [Point(180, 0), Point(-180, 0), Point(0, 85.0), Point(0, -85.0), box(179.9, 84.9, 180, 85.0)]
    load(database, village, [NewFeature(kind=Kind.WELL, geometry=one) for one in far])
    for z in (0, 3):
        assert sum(show(database, Tile(z, x, y), PUBLIC).count for x in range(1 << z) for y in range(1 << z)) == 5
    assert show(database, Tile(24, (1 << 24) - 1, 1 << 23), PUBLIC).ids


def test_an_empty_tile_has_no_bytes(database: Database) -> None:
    assert vector_tile(database, ["features", "problems"], Tile(14, 1, 1), PUBLIC).body == b""
