"""Driver exceptions in the words of the house; translated once, here."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from geo.errors import AyilmapError, Conflict, Failed, Refused, Unavailable

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
_POSTGRES_STATES: tuple[tuple[str, type[AyilmapError], str], ...] = (
    ("53100", Failed, "database.disk_full"),
    ("53", Unavailable, "database.away"),  # other resources ran out: connections, memory
    ("25006", Failed, "database.read_only"),
    ("55P03", Unavailable, "database.locked"),
    ("40001", Unavailable, "database.locked"),
    ("40P01", Unavailable, "database.locked"),
    ("22", Refused, "record.value_unusable"),
    ("28", Failed, "database.no_access"),
    ("3D", Failed, "database.no_access"),
)
"""By the beginning of SQLSTATE, the first that fits (PostgreSQL, appendix A)."""
# While connecting, psycopg2 gives no code, only the server's words.
_REJECTED = re.compile(r'authentication failed|no password supplied|pg_hba|(?:database|role) "[^"]*" does not exist')


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
    code = getattr(cause, "sqlite_errorcode", 0)
    # The shared memory of a WAL could not be made as large as needed: that is how a full disk greets a reader.
    key = "database.disk_full" if code == sqlite3.SQLITE_IOERR_SHMSIZE else _SQLITE_CODES.get(code & 0xFF)
    return _SQLITE_KEYS[key](key) if key else None


def _from_postgres(cause: psycopg2.Error) -> AyilmapError | None:
    state = cause.pgcode or ""
    for beginning, kind, key in _POSTGRES_STATES:
        if state.startswith(beginning):
            return kind(key)
    if not state and _REJECTED.search(str(cause)):
        return Failed("database.no_access")
    if isinstance(cause, psycopg2.ProgrammingError) and str(cause).startswith("invalid dsn"):
        return Refused("database.unknown_url", scheme="postgresql")
    away = isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError)
    return Unavailable("database.away") if away else None


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
