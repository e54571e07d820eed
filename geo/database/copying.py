"""A store as one file, and back: SQLite's online backup for a GeoPackage, PostgreSQL's own programs for PostGIS."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg2
from sqlalchemy import URL

from geo.database.driver_errors import translate
from geo.database.geopackage import VERSION_TABLE, check_is_ours, read_only
from geo.errors import AyilmapError, Failed, Refused, Unavailable

__all__ = ["copy_geopackage", "dump_postgis", "is_empty_postgis", "load_postgis", "put_geopackage", "revision_of"]

_BUSY_S = 5.0
_SCHEMAS = ("--schema=public", "--schema=tiles")
_OURS = """
    SELECT 'DROP SCHEMA ' || quote_ident(nspname) || ' CASCADE;' FROM pg_namespace WHERE nspname = 'tiles'
    UNION ALL
    SELECT 'DROP ' || CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
           ELSE 'TABLE' END || ' IF EXISTS public.' || quote_ident(c.relname) || ' CASCADE;'
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'DROP ROUTINE IF EXISTS ' || p.oid::regprocedure || ' CASCADE;'
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
"""What takes everything of the schema away that is not of an extension, such as PostGIS itself."""


def copy_geopackage(source: Path, target: Path) -> str | None:
    """Copy a GeoPackage as it is at one moment, while others read and write it.

    Returns
    -------
    str or None
        Revision of its schema.

    Raises
    ------
    Refused
        There is no store, or the file is none of ours.
    Failed, Unavailable
        It is damaged, or cannot be read or written.
    """
    if not source.exists():
        raise Refused("database.not_set_up")
    check_is_ours(source)
    with _translated(), read_only(source) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=4096, sleep=0.01)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no journal beside it
    return _check_whole(target)


def put_geopackage(copy: Path, store: Path) -> Path | None:
    """Put a copy in the place of a store, all at once.

    Parameters
    ----------
    copy
        On the same disk; it is not there any more afterwards.

    Returns
    -------
    Path or None
        Where the store lies that was there before; None where there was none.

    Raises
    ------
    Refused
        Another program has the store open.
    Failed
        The copy is damaged, or the disk refuses.
    """
    _check_whole(copy)
    with _translated(), closing(sqlite3.connect(copy)) as restored:
        restored.execute("PRAGMA journal_mode = WAL")
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    if not store.exists():
        copy.replace(store)
        return None
    check_is_ours(store)
    try:
        with closing(sqlite3.connect(store, timeout=_BUSY_S)) as live:
            # A journal left beside the file would be played back into the new one; this takes it in and away, and
            # only whoever is alone can.
            (mode,) = live.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        raise Refused("restore.in_use", path=store) from error
    if mode != "delete":
        raise Refused("restore.in_use", path=store)
    before = store.with_name(f"{store.stem}.before-{datetime.now():%Y%m%d-%H%M%S-%f}{store.suffix}")
    os.link(store, before)
    copy.replace(store)
    return before


def dump_postgis(url: URL, target: Path) -> str | None:
    """Write a PostGIS store as it is at one moment by ``pg_dump``; returns the revision of its schema.

    Raises
    ------
    Refused
        There is no store in the database.
    Failed
        ``pg_dump`` is missing, older than the server, or fails.
    """
    revision = revision_of(url)
    if revision is None:
        raise Refused("database.not_set_up")
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", *_SCHEMAS, f"--file={target}")
    return revision


def load_postgis(url: URL, dump: Path, folder: Path) -> None:
    """Put a dump in the place of what a PostGIS database holds, in one transaction.

    Parameters
    ----------
    folder
        For files in between.

    Raises
    ------
    Failed
        ``pg_restore`` or ``psql`` is missing or fails; the database is as it was.
    """
    away, contents, script = folder / "away.sql", folder / "contents.txt", folder / "store.sql"
    with _connected(url) as cursor:
        cursor.execute(_OURS)
        away.write_text("\n".join(row[0] for row in cursor.fetchall()), "utf-8")
    # The schema "public" stays: what it has of PostGIS is no part of the store.
    listed = _run(url, "pg_restore", "--list", str(dump), to=False).decode("utf-8", "replace").splitlines()
    kept = [line for line in listed if " SCHEMA - public " not in line and " - SCHEMA public " not in line]
    contents.write_text("\n".join(kept), "utf-8")
    plain = ("--no-owner", "--no-privileges", f"--use-list={contents}")
    _run(url, "pg_restore", *plain, f"--file={script}", str(dump), to=False)
    wanted = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
    _run(url, "psql", *wanted, f"--file={away}", f"--file={script}")


def is_empty_postgis(url: URL) -> bool:
    """Return whether a database holds nothing beside extensions."""
    with _connected(url) as cursor:
        cursor.execute(_OURS)
        return cursor.fetchone() is None


def revision_of(url: URL) -> str | None:
    """Return the revision of the schema in a PostGIS database, None where there is no store."""
    with _connected(url) as cursor:
        cursor.execute("SELECT to_regclass(%s)", (f"public.{VERSION_TABLE}",))
        if cursor.fetchone() == (None,):
            return None
        cursor.execute(f"SELECT version_num FROM {VERSION_TABLE}")
        found = cursor.fetchone()
        return None if found is None else str(found[0])


def _check_whole(path: Path) -> str | None:
    check_is_ours(path)
    with _translated(), read_only(path) as copy:
        faults = [row[0] for row in copy.execute("PRAGMA quick_check(1)")]
        if faults != ["ok"]:
            raise Failed("database.damaged")
        found = copy.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    return None if found is None else str(found[0])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error) or Failed("database.damaged") from error


@contextmanager
def _connected(url: URL) -> Iterator[psycopg2.extensions.cursor]:
    try:
        with closing(psycopg2.connect(_address(url), password=url.password)) as connection:
            yield connection.cursor()
    except psycopg2.Error as error:
        raise _ours(error) from error


def _ours(error: psycopg2.Error) -> AyilmapError:
    return translate(error) or Unavailable("database.away")


def _address(url: URL) -> str:
    # Without the password: other people of the machine see the arguments of a program.
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(url: URL, program: str, *arguments: str, to: bool = True) -> bytes:
    found = shutil.which(program)
    if found is None:
        raise Failed("backup.program_missing", program=program)
    environment: Mapping[str, str] = {**os.environ, "PGCONNECT_TIMEOUT": "10", "LC_ALL": "C"}
    if url.password is not None:
        environment = {**environment, "PGPASSWORD": str(url.password)}
    address: Sequence[str] = (f"--dbname={_address(url)}",) if to else ()
    done = subprocess.run(
        [found, *address, *arguments], env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        with contextlib.suppress(IndexError):
            raise Failed("backup.program_failed", program=program, reason=words[0][:300])
        raise Failed("backup.program_failed", program=program, reason=str(done.returncode))
    return done.stdout
