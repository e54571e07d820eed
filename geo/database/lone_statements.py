"""Statements that are a transaction of their own: read without BEGIN, ping and ROLLBACK around them.

What one statement sees is one state of the store, so nothing is lost but the way to the server and back, three times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, finalize

import psycopg2
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from geo.database.database import Database
from geo.database.driver_errors import translated

__all__ = ["ask", "prepared"]

T = TypeVar("T")
_PATIENCE_MS = 30_000
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


def prepared(connection: Connection, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement of PostgreSQL that each connection parses and plans once.

    Parameters
    ----------
    connection
        Of `ask`.
    statement
        With ``$1``, ``$2`` … for the values; its plan has to be good for all of them.
    values
        In their order.
    """
    driver: Any = connection.connection.driver_connection
    names: dict[str, str] = connection.info.setdefault("prepared", {})
    try:
        with driver.cursor() as cursor:
            name = names.get(statement)
            if name is None:
                name = f"kept_{len(names)}"
                cursor.execute(f"PREPARE {name} AS {statement}")
                names[statement] = name
            cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(values))})", values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    except psycopg2.Error:
        if driver.closed:
            connection.invalidate()
        raise


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
            connect_args={
                "options": "-c timezone=UTC -c default_transaction_read_only=on "
                f"-c statement_timeout={_PATIENCE_MS} -c plan_cache_mode=force_generic_plan",
                "connect_timeout": 10,
            },
        )
        _engines[database] = found
        finalize(database, found.dispose)
    return found
