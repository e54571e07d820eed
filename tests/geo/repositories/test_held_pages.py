"""Pages of a box that this process holds: the same as those made anew, whatever was written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import orjson
import pytest
from sqlalchemy import text, true

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL, PUBLIC
from geo.repositories.collections.box_pages import BoxPage, MarkedPage, read_marked_page, read_page_of_box
from geo.repositories.collections.registry import COLLECTIONS
from geo.services import collections
from geo.services.collections import ItemsQuery, find_collection, items, page_of_box
from geo.spatial.reference_systems import REFERENCE_SYSTEMS
from tests.geo.tile_world import Village, load, make_villages, random_feature
from tests.support.event_loops import run_awaited

FEATURES = find_collection("features")
WRITES = (
    "UPDATE map_feature SET name_ky = 'Мектеп' || fid WHERE fid % 3 = 0",
    "UPDATE map_feature SET geometry = ST_Translate(geometry, 0.0001, 0) WHERE fid % 5 = 0",
    "UPDATE map_feature SET withdrawn_at = now() WHERE fid % 7 = 0",
    "UPDATE map_feature SET withdrawn_at = NULL WHERE fid % 7 = 0",
    "UPDATE map_feature SET published_at = NULL WHERE fid % 4 = 0",
    "UPDATE map_feature SET is_sensitive = true WHERE fid % 11 = 0",
    "DELETE FROM map_feature WHERE fid % 6 = 1",
    "VACUUM FREEZE map_feature",
    "UPDATE map_feature SET attributes = '{}'",
)


@pytest.fixture
def database(postgis_url: str) -> Iterator[Database]:
    upgrade(postgis_url)
    database = Database(postgis_url)
    yield database
    database.dispose()


@pytest.fixture
def village(database: Database) -> Village:
    village = make_villages(database, 1)[0]
    rng = np.random.default_rng(3)
    load(database, village, [random_feature(rng, village.place) for _ in range(60)])
    return village


def around(village: Village, half: float = 0.02) -> tuple[float, float, float, float]:
    x, y = village.place
    return (x - half, y - half, x + half, y + half)


def write(database: Database, statement: str) -> None:
    with database.write_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))


@pytest.mark.parametrize("limit", [10, 1000])
def test_a_page_asked_for_again_is_what_the_store_has_now(database: Database, village: Village, limit: int) -> None:
    query = ItemsQuery(box=around(village), limit=limit)
    for statement in ("SELECT 1", *WRITES):
        write(database, statement)
        for actor in (LOCAL, PUBLIC):
            fresh = items(database, FEATURES, query, actor=actor)
            for _ in range(3):
                page = run_awaited(page_of_box(database, FEATURES, query, actor=actor))
                assert page is not None
                assert (page.features, page.returned) == (fresh.features, fresh.returned), statement
                assert (page.following is None) == (fresh.following is None)


def test_a_row_that_comes_or_goes_at_the_end_of_a_page_is_seen(database: Database, village: Village) -> None:
    """The page shows the same rows, but whether another page follows is another thing."""
    with database.read() as session:
        rows = session.scalar(text("SELECT count(*) FROM map_feature")) or 0
        last = session.scalar(text("SELECT max(fid) FROM map_feature"))
    query = ItemsQuery(box=around(village, 0.06), limit=rows - 1)
    follows = []
    for _ in range(3):
        page = run_awaited(page_of_box(database, FEATURES, query, actor=LOCAL))
        follows.append(page is not None and page.following is not None)
    write(database, f"DELETE FROM map_feature WHERE fid = {last}")
    page = run_awaited(page_of_box(database, FEATURES, query, actor=LOCAL))
    assert follows == [True] * 3
    assert page is not None and page.following is None and page.matched == rows - 1


def test_the_server_writes_no_page_twice(database: Database, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    query = ItemsQuery(box=around(village), limit=20)
    sent = []

    async def watched(*arguments: object, **options: object) -> object:
        found = await read_marked_page(*arguments, **options)  # type: ignore[arg-type]
        sent.append(found.page is not None)
        return found

    monkeypatch.setattr(collections, "read_marked_page", watched)
    pages = [run_awaited(page_of_box(database, FEATURES, query, actor=LOCAL)) for _ in range(4)]
    assert sent == [True, False, False]  # the first asking is not even held: most pages are looked at once
    assert pages[2] is pages[1] and pages[0] == pages[1]
    other = replace(query, box=around(village, 0.01))
    run_awaited(page_of_box(database, FEATURES, other, actor=LOCAL))
    assert len(sent) == 3


def test_marked_or_not_a_page_is_the_same(database: Database, village: Village) -> None:
    async def both(asked: BoxPage) -> bool:
        plain = await read_page_of_box(database, asked, true)
        first = await read_marked_page(database, asked, true, known=None)
        assert first.page == plain, asked
        orjson.loads(b"[" + plain.features + b"]")
        if first.mark is not None:
            assert await read_marked_page(database, asked, true, known=first.mark) == MarkedPage(None, first.mark)
        return first.mark is not None

    async def all_of_them() -> set[str]:
        return {
            collection.id
            for collection, system, names in product(
                COLLECTIONS.values(), REFERENCE_SYSTEMS, (None, (), ("name_ky", "?"))
            )
            if await both(BoxPage(collection, around(village), system, names, 7, everything=True))
        }

    joined = {"objects", "institution-ties"}
    assert run_awaited(all_of_them()) == COLLECTIONS.keys() - joined
