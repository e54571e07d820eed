"""Statements that the event loop awaits: answers, faults, lost connections, and that none is left open."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import time

import psycopg2
import pytest
from sqlalchemy import make_url, text

from geo.database.awaited_statements import ask_prepared
from geo.database.database import Database
from geo.database.lone_statements import ask
from geo.errors import AyilmapError, Refused, Unavailable
from tests.support.event_loops import run_awaited
from tests.support.postgis import PostgisServer

pytestmark = pytest.mark.parametrize("database_url", ["postgis"], indirect=True)

ADD = "SELECT $1::int + $2::int"
SLOW = "SELECT pg_sleep($1::float8), pg_backend_pid()"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def others(url: str) -> int:
    """Return how many connections to a database there are; a backend takes a moment to end."""
    address = make_url(url)
    count = -1
    with contextlib.closing(
        psycopg2.connect(host=address.query["host"], user=address.username, dbname=address.database)
    ) as looking:
        looking.autocommit = True
        for _ in range(100):
            with looking.cursor() as cursor:
                cursor.execute(OTHERS)
                (count,) = cursor.fetchone() or (-1,)
            if not count:
                break
            time.sleep(0.05)
    return int(count)


def test_texts_come_as_bytes_and_a_statement_is_planned_once(database: Database) -> None:
    async def work() -> None:
        assert await ask_prepared(database, ADD, (1, 2)) == [(3,)]
        assert await ask_prepared(database, ADD, (40, 2)) == [(42,)]
        assert await ask_prepared(database, "SELECT $1::text", ("айыл",)) == [("айыл".encode(),)]
        names = "SELECT count(*) FROM pg_prepared_statements WHERE $1"
        # One after the other on one connection: the three of before and this one.
        assert await ask_prepared(database, names, (True,)) == [(3,)]

    run_awaited(work())


def test_an_answer_of_many_packets_is_whole(database: Database) -> None:
    ((found,),) = run_awaited(ask_prepared(database, "SELECT repeat('ө', $1)", (5_000_000,)))
    assert found == "ө".encode() * 5_000_000


def test_more_askers_than_connections_wait_for_their_turn_and_get_their_own_answers(database: Database) -> None:
    async def work() -> list[list[tuple[object, ...]]]:
        asked = (ask_prepared(database, "SELECT pg_sleep(0.02), $1::int, pg_backend_pid()", (n,)) for n in range(40))
        return list(await asyncio.gather(*asked))

    answers = [rows[0] for rows in run_awaited(work())]
    assert [answer[1] for answer in answers] == list(range(40))
    assert 1 < len({answer[2] for answer in answers}) <= 8


def test_a_statement_that_fails_is_told_and_the_next_one_works(database: Database) -> None:
    async def work() -> None:
        with pytest.raises(Refused) as refused:
            await ask_prepared(database, "SELECT 1 / $1::int", (0,))
        assert refused.value.key == "record.value_unusable"
        with pytest.raises(psycopg2.errors.UndefinedTable):
            await ask_prepared(database, "SELECT $1::int FROM nowhere", (0,))
        with pytest.raises(AyilmapError):
            await ask_prepared(database, "DELETE FROM map_feature WHERE fid = $1", (0,))
        assert await ask_prepared(database, ADD, (1, 1)) == [(2,)]

    run_awaited(work())


def test_a_connection_that_was_cut_is_replaced_unseen(database: Database, postgis_server: PostgisServer) -> None:
    async def work() -> None:
        assert await ask_prepared(database, ADD, (1, 1)) == [(2,)]
        assert postgis_server.drop_connections(str(database.url)) > 0
        assert await ask_prepared(database, ADD, (2, 2)) == [(4,)]

    run_awaited(work())


def test_a_server_that_is_away_is_told_and_found_again(database: Database, postgis_server: PostgisServer) -> None:
    async def work() -> None:
        assert await ask_prepared(database, ADD, (1, 1)) == [(2,)]
        with postgis_server.away(), pytest.raises(Unavailable):
            await ask_prepared(database, ADD, (1, 1))
        assert await ask_prepared(database, ADD, (2, 2)) == [(4,)]

    run_awaited(work())


def test_an_asker_who_goes_away_leaves_no_answer_to_the_next(database: Database) -> None:
    async def work() -> None:
        waiting = asyncio.create_task(ask_prepared(database, SLOW, (5.0,)))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await ask_prepared(database, ADD, (2, 3)) == [(5,)]

    run_awaited(work())


def test_disposing_closes_all_and_asking_again_opens_anew(database: Database) -> None:
    async def work() -> None:
        for _ in range(2):
            await asyncio.gather(*(ask_prepared(database, SLOW, (0.05,)) for _ in range(3)))
            await asyncio.to_thread(ask, database, lambda connection: connection.execute(text("SELECT 1")).scalar_one())
            await asyncio.to_thread(database.dispose)
            assert await asyncio.to_thread(others, str(database.url)) == 0

    run_awaited(work())


def test_one_at_work_while_the_store_is_disposed_of_is_closed_with_its_answer(database: Database) -> None:
    async def work() -> None:
        await ask_prepared(database, ADD, (1, 1))
        working = asyncio.create_task(ask_prepared(database, SLOW, (0.5,)))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(database.dispose)
        assert len(await working) == 1
        assert await asyncio.to_thread(others, str(database.url)) == 0

    run_awaited(work())


def test_loops_in_threads_of_their_own_ask_one_store(database: Database) -> None:
    found: list[object] = []

    def ask_in_a_loop(number: int) -> None:
        found.extend(asyncio.run(ask_prepared(database, ADD, (number, 0))))

    threads = [threading.Thread(target=ask_in_a_loop, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [(number,) for number in range(6)]
    gc.collect()
    database.dispose()
    assert others(str(database.url)) == 0


def test_loops_that_are_over_leave_no_connection_behind(database: Database) -> None:
    gc.disable()
    try:
        for number in range(5):
            assert run_awaited(ask_prepared(database, ADD, (number, 0))) == [(number,)]
        ((count,),) = run_awaited(ask_prepared(database, f"{OTHERS} AND query LIKE 'EXECUTE%' AND $1", (True,)))
    finally:
        gc.enable()
    assert count <= 1
