"""Driver exceptions in the words of the house; translated once, here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from geo.errors import AyilmapError, Conflict, Failed, Unavailable

__all__ = ["translate", "translated"]

_SQLITE_KEYS: dict[str, type[AyilmapError]] = {
    "database.locked": Unavailable,
    "database.read_only": Failed,
    "database.disk_full": Failed,
    "database.damaged": Failed,
    "database.cannot_open": Failed,
    "database.cannot_access": Failed,
}

_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: "database.locked",
    sqlite3.SQLITE_LOCKED: "database.locked",
    sqlite3.SQLITE_READONLY: "database.read_only",
    sqlite3.SQLITE_FULL: "database.disk_full",
    sqlite3.SQLITE_IOERR: "database.cannot_access",
    sqlite3.SQLITE_CORRUPT: "database.damaged",
    sqlite3.SQLITE_NOTADB: "database.damaged",
    sqlite3.SQLITE_CANTOPEN: "database.cannot_open",
    sqlite3.SQLITE_PERM: "database.read_only",
}


def translate(error: Exception) -> AyilmapError | None:
    """Return the error of the house for a driver's or the mapper's exception, None where there is none."""
    if isinstance(error, StaleDataError):
        return Conflict("database.changed_meanwhile")
    if isinstance(error, IntegrityError):
        return Conflict("database.not_consistent", detail=str(error.orig).strip().splitlines()[0])
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause)
    if isinstance(cause, psycopg2.Error):
        return _from_postgres(cause)
    return None


def _from_sqlite(cause: sqlite3.Error) -> AyilmapError | None:
    # The low byte of an extended result code is the primary one (SQLite, "Result and Error Codes").
    key = _SQLITE_CODES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    return _SQLITE_KEYS[key](key) if key else None


def _from_postgres(cause: psycopg2.Error) -> AyilmapError | None:
    state = cause.pgcode or ""
    if state == "53100":
        return Failed("database.disk_full")
    if state.startswith("53"):  # other resources ran out: connections, memory
        return Unavailable("database.away")
    if state == "25006":
        return Failed("database.read_only")
    if state in {"55P03", "40001", "40P01"}:
        return Unavailable("database.locked")
    if isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError):
        return Unavailable("database.away")
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn driver exceptions inside the block into errors of the house."""
    try:
        yield
    except AyilmapError:
        raise
    except Exception as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error
