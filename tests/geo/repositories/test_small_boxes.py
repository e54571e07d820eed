"""Pages of small boxes by the prepared statement: the rows that shapely finds, also at the edges and page by page."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import numpy as np
import orjson
import pytest
import shapely
from shapely.geometry import Point, box

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.services.collections import ItemsQuery, find_collection, items, page_of_box
from geo.snapshots import Names
from tests.geo.tile_world import load, make_villages, random_feature
from tests.support.event_loops import run_awaited

FEATURES = find_collection("features")
Box = tuple[float, float, float, float]


@pytest.fixture
def database(postgis_url: str) -> Iterator[Database]:
    upgrade(postgis_url)
    database = Database(postgis_url)
    yield database
    database.dispose()


def ids_in(database: Database, sides: Box, *, limit: int) -> list[UUID]:
    """Return the ids of all pages: the first by the prepared statement, the others as they follow."""
    first = run_awaited(page_of_box(database, FEATURES, ItemsQuery(box=sides, limit=limit), actor=LOCAL))
    assert first is not None
    pages = [first]
    while pages[-1].following is not None:
        query = ItemsQuery(box=sides, limit=limit, after=pages[-1].following)
        pages.append(items(database, FEATURES, query, actor=LOCAL))
    read = [orjson.loads(b"[" + page.features + b"]") for page in pages]
    assert [len(page) for page in read] == [page.returned for page in pages]
    return [UUID(one["id"]) for page in read for one in page]


def test_boxes_of_all_sizes_have_what_meets_them(database: Database) -> None:
    village = make_villages(database, 1)[0]
    rng = np.random.default_rng(11)
    named = 'Аты ,{"type":"Feature","id":"x'
    features = [random_feature(rng, village.place, name=named) for _ in range(150)]
    x, y = village.place
    # Beside the sides of a box by less than 32 bits tell: in 64 bits some are in, some are out.
    near = [Point(x + dx, y + dy) for dx in (-1e-6, 0, 1e-6, 3e-6) for dy in (-1e-6, 0, 1e-6)]
    features += [NewFeature(kind=Kind.WELL, geometry=one, names=Names(ky=named)) for one in near]
    load(database, village, features)
    shapes = np.array([feature.geometry for feature in features])
    boxes: list[Box] = [(x, y, x + side, y + side) for side in (1e-7, 1e-6, 1e-5, 3e-5, 4.1e-5, 1e-4, 1e-3, 1e-2)]
    boxes += [(x - side, y - side, x, y) for side in (1e-6, 1e-4, 1e-2)]
    for corner in np.add(village.place, rng.uniform(-0.03, 0.02, (20, 2))):
        side = float(rng.choice([0.0005, 0.005, 0.02]))
        boxes.append((*corner.tolist(), *(corner + side).tolist()))
    for sides in boxes:
        expected = {
            feature.id
            for feature, meets in zip(features, shapely.intersects(shapes, box(*sides)), strict=True)
            if meets
        }
        for limit in (5, 100):
            found = ids_in(database, sides, limit=limit)
            assert len(found) == len(set(found))
            assert set(found) == expected
