"""Engines: a GeoPackage through the standard library's sqlite3, or PostGIS through psycopg2.

Writing and reading engines are apart. On a GeoPackage a writer takes the lock at BEGIN, so that two
writers queue instead of one failing half-way; a reader cannot write at all.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from geo.database import sqlite_functions
from geo.errors import Refused

__all__ = ["database_url", "geopackage_path", "make_engine", "make_keeping_engine"]

_LOCK_WAIT_S = 5.0
_CACHE_KIB = 65_536
"""SQLite's own 2 MB hold too little of the indexes of a large village; pages are taken as needed."""


def database_url(value: str) -> URL:
    """Return the address of a store: a path to a ``.gpkg``, or an SQLAlchemy URL.

    >>> database_url("var/data/ayilmap.gpkg").database
    'var/data/ayilmap.gpkg'
    >>> database_url("postgresql://localhost/ayilmap").drivername
    'postgresql+psycopg2'

    Raises
    ------
    Refused
        Neither a GeoPackage nor PostgreSQL.
    """
    if "://" not in value:
        return URL.create("sqlite", database=value)
    try:
        url = make_url(value)
    except (ArgumentError, ValueError) as error:
        # Only the beginning: further on there may be a password.
        raise Refused("database.unknown_url", scheme=value.partition("://")[0][:20]) from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg2")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise Refused("database.unknown_url", scheme=url.drivername)


def geopackage_path(url: URL) -> Path | None:
    """Return the file of an embedded store, None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def make_engine(url: URL, *, writable: bool, lock_wait_s: float = _LOCK_WAIT_S) -> Engine:
    """Make an engine; nothing connects before its first use, and a file that is not there is not made."""
    if url.get_backend_name() == "postgresql":
        return _postgis(url, writable=writable)
    return _geopackage(url, writable=writable, lock_wait_s=lock_wait_s)


def _open(path: Path, *, lock_wait_s: float) -> sqlite3.Connection:
    # On a medium that cannot be written nobody else writes either, and SQLite need not make its shared memory.
    sealed = os.statvfs(path.parent).f_flag & os.ST_RDONLY
    how = "mode=ro&immutable=1" if sealed else "mode=rw"
    # isolation_level None: the driver of Python 3.11 begins no transaction by itself, not even around DDL,
    # so SQLAlchemy's "begin" event says which kind of transaction it is to be.
    address = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=lock_wait_s, check_same_thread=False)


def _postgis(url: URL, *, writable: bool) -> Engine:
    # One state of the store for all that a reader asks in one block.
    options = {} if writable else {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    return create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=True,
        execution_options=options,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 10},
    )


def make_keeping_engine(url: URL) -> Engine:
    """Make an engine whose statements are each a transaction of their own, for what is kept beside the records.

    A kept tile takes less time than a word to the server about the transaction or whether it is still there. A
    connection that was lost is told by the first statement, and the next one gets a new connection.
    """
    return create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 10},
    )


def _geopackage(url: URL, *, writable: bool, lock_wait_s: float) -> Engine:
    path = Path(url.database or "")
    engine = create_engine(url, poolclass=NullPool, creator=lambda: _open(path, lock_wait_s=lock_wait_s))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        sqlite_functions.register(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if not writable:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    return engine
