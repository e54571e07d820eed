"""Prepared statements awaited by the event loop: where an answer takes a millisecond, a thread costs half of one.

PostgreSQL only; each event loop has connections of its own, each statement is a transaction of its own.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, Future
from functools import partial
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg2
from psycopg2.extensions import BYTES, POLL_OK, POLL_READ, POLL_WRITE, register_type

from geo.database.database import Database
from geo.database.driver_errors import translated
from geo.database.lone_statements import ASKING_OPTIONS, KEEPING_OPTIONS

__all__ = ["ask_prepared"]

_MOST: Final = 8
"""Connections of one process: as many statements as a server of few cores does at once."""
_PATIENCE_S: Final = 10.0

_Row = tuple[Any, ...]


async def ask_prepared(database: Database, statement: str, values: _Row, *, keeps: bool = False) -> list[_Row]:
    """Return the rows of a statement that each connection parses and plans once; texts as UTF-8 bytes.

    A connection that the server has given up meanwhile is left, and the question asked once more on a new one.

    Parameters
    ----------
    statement
        With ``$1``, ``$2`` … for the values; its plan has to be good for all of them.
    values
        In their order.
    keeps
        Ask where the writes go, and let the statement keep something beside the records (`Database.keep`); it has to
        do no harm when it is done twice.

    Raises
    ------
    Refused, Failed, Unavailable
        As `Database.read`.
    """
    with translated():
        pool = await _pool(database, keeps=keeps)
        async with pool.turns:
            try:
                return await pool.rows(statement, values)
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                if isinstance(error, psycopg2.errors.QueryCanceled):
                    raise
            pool.forget()
            return await pool.rows(statement, values)


class _Asker:
    """A connection and the names of what is prepared on it."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.names: dict[str, str] = {}
        self._loop = asyncio.get_running_loop()

    async def rows(self, statement: str, values: _Row) -> list[_Row]:
        cursor = self.connection.cursor()
        register_type(BYTES, cursor)
        name = self.names.get(statement)
        if name is None:
            name = f"kept_{len(self.names)}"
            cursor.execute(f"PREPARE {name} AS {statement}")
            await self.done()
            self.names[statement] = name
        cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(values))})", values)
        await self.done()
        found: list[_Row] = cursor.fetchall()
        return found

    async def done(self) -> None:
        """Wait until the server has answered; the loop looks only when there is something to read."""
        if (state := self.connection.poll()) == POLL_OK:
            return
        number, end = self.connection.fileno(), self._loop.create_future()
        self._watch(number, state, end)
        try:
            await end
        finally:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)

    def _watch(self, number: int, state: int, end: Future[None]) -> None:
        if state == POLL_WRITE:
            self._loop.remove_reader(number)
            self._loop.add_writer(number, self._look, number, state, end)
        elif state == POLL_READ:
            self._loop.remove_writer(number)
            self._loop.add_reader(number, self._look, number, state, end)

    def _look(self, number: int, before: int, end: Future[None]) -> None:
        if end.done():
            return
        try:
            state = self.connection.poll()
        except Exception as error:  # whatever it is, it belongs to whoever waits
            end.set_exception(error)
            return
        if state == POLL_OK:
            end.set_result(None)
        elif state != before:
            self._watch(number, state, end)


class _Pool:
    """Connections of one store and one event loop."""

    def __init__(self, database: Database, *, keeps: bool) -> None:
        self.turns = asyncio.Semaphore(_MOST)
        engine = database.write_engine if keeps else database.read_engine
        _, self._address = engine.dialect.create_connect_args(engine.url)
        self._options = KEEPING_OPTIONS if keeps else ASKING_OPTIONS
        self._idle: list[_Asker] = []
        self._closed = False

    async def rows(self, statement: str, values: _Row) -> list[_Row]:
        asker = self._idle.pop() if self._idle else await self._new()
        try:
            found = await asker.rows(statement, values)
        except BaseException:
            # Also where the asker went away: an answer may be on its way that belongs to nobody.
            asker.connection.close()
            raise
        self._idle.append(asker)
        if self._closed:
            self.forget()
        return found

    def forget(self) -> None:
        """Close what is idle: the server has most likely given up all of them at once."""
        while self._idle:
            self._idle.pop().connection.close()

    def close(self) -> None:
        """Close what is idle now, and what is at work when it has its answer; also from another thread."""
        self._closed = True
        self.forget()

    async def _new(self) -> _Asker:
        asker = _Asker(psycopg2.connect(**self._address, options=self._options, async_=1))
        try:
            await asyncio.wait_for(asker.done(), _PATIENCE_S)
        except TimeoutError as error:
            asker.connection.close()
            raise psycopg2.OperationalError("timeout expired") from error
        return asker


_PoolsByLoop = WeakKeyDictionary[AbstractEventLoop, dict[bool, _Pool]]
_pools: WeakKeyDictionary[Database, _PoolsByLoop] = WeakKeyDictionary()
_lock: Final = Lock()
"""Several event loops, each in a thread of its own, may ask one store."""


async def _pool(database: Database, *, keeps: bool) -> _Pool:
    loop = asyncio.get_running_loop()
    pools = _pools_of(database)
    if (found := pools.get(loop, {}).get(keeps)) is None:
        await asyncio.to_thread(_look_at_schema, database)
        with _lock:
            over = [pool for other in list(pools) if other.is_closed() for pool in pools.pop(other).values()]
            found = pools.setdefault(loop, {}).setdefault(keeps, _Pool(database, keeps=keeps))
        for pool in over:
            pool.close()
    return found


def _pools_of(database: Database) -> _PoolsByLoop:
    found = _pools.get(database)
    if found is None:
        with _lock:
            found = _pools.get(database)
            if found is None:
                found = _pools[database] = WeakKeyDictionary()
                database.when_disposed(partial(_close, found))
    return found


def _close(pools: _PoolsByLoop) -> None:
    with _lock:
        left = [pool for both in pools.values() for pool in both.values()]
        pools.clear()
    for pool in left:
        pool.close()


def _look_at_schema(database: Database) -> None:
    with database.read():
        pass  # once, as by any reader
