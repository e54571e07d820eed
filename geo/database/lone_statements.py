"""Statements that are a transaction of their own: read without BEGIN, ping and ROLLBACK around them.

What one statement sees is one state of the store, so nothing is lost but the way to the server and back, three times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary, finalize

import psycopg2
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from geo.database.database import Database
from geo.database.driver_errors import translated

__all__ = ["ASKING_OPTIONS", "KEEPING_OPTIONS", "ask"]

T = TypeVar("T")
_PATIENCE_MS = 30_000
KEEPING_OPTIONS = f"-c timezone=UTC -c statement_timeout={_PATIENCE_MS} -c plan_cache_mode=force_generic_plan"
"""What a connection is told that also keeps something beside the records."""
ASKING_OPTIONS = f"{KEEPING_OPTIONS} -c default_transaction_read_only=on"
"""What a connection is told that asks by single statements."""
_engines: WeakKeyDictionary[Database, Engine] = WeakKeyDictionary()


def ask(database: Database, question: Callable[[Connection], T]) -> T:
    """Return the answer to a question that reads by single statements.

    A connection that the server has given up meanwhile is left, and the question asked once more on a new one.

    Raises
    ------
    Refused, Failed, Unavailable
        As `Database.read`.
    """
    if database.is_geopackage:
        with database.read() as session:
            return question(session.connection())
    with translated():
        engine = _engine(database)
        try:
            return _once(engine, question)
        except (DBAPIError, psycopg2.Error) as error:
            if not _is_lost(error):
                raise
        return _once(engine, question)


def _once(engine: Engine, question: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return question(connection)


def _is_lost(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    return isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)


def _engine(database: Database) -> Engine:
    found = _engines.get(database)
    if found is None:
        with database.read():
            pass  # the schema is looked at once, as by any reader
        found = create_engine(
            database.read_engine.url,
            isolation_level="AUTOCOMMIT",
            pool_size=8,
            max_overflow=8,
            pool_reset_on_return=None,
            connect_args={"options": ASKING_OPTIONS, "connect_timeout": 10},
        )
        _engines[database] = found
        database.when_disposed(found.dispose)
        finalize(database, found.dispose)
    return found
