"""Engines: a GeoPackage through the standard library's sqlite3, or PostGIS through psycopg2.

Writing and reading engines are apart. On a GeoPackage a writer takes the lock at BEGIN, so that two
writers queue instead of one failing half-way; a reader cannot write at all.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from geo.database import sqlite_functions
from geo.errors import Refused

__all__ = ["database_url", "geopackage_path", "make_engine"]

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
    url = make_url(value)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg2")
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    raise Refused("database.unknown_url", scheme=url.drivername)


def geopackage_path(url: URL) -> Path | None:
    """Return the file of an embedded store, None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def make_engine(url: URL, *, writable: bool, lock_wait_s: float = _LOCK_WAIT_S) -> Engine:
    """Make an engine; nothing connects before its first use."""
    if url.get_backend_name() == "postgresql":
        return _postgis(url, writable=writable)
    return _geopackage(url, writable=writable, lock_wait_s=lock_wait_s)


def _postgis(url: URL, *, writable: bool) -> Engine:
    options = {} if writable else {"postgresql_readonly": True}
    return create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=True,
        execution_options=options,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 10},
    )


def _geopackage(url: URL, *, writable: bool, lock_wait_s: float) -> Engine:
    # isolation_level None: the driver of Python 3.11 begins no transaction by itself, not even around DDL,
    # so SQLAlchemy's "begin" event says which kind of transaction it is to be.
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": lock_wait_s, "check_same_thread": False},
    )

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
