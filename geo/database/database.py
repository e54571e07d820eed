"""The store as the services see it: one block is one transaction, and it is all or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.orm import Session

from geo.database import audit, canonicals, contents, withdrawals
from geo.database.driver_errors import translated
from geo.database.engine import database_url, geopackage_path, make_engine, make_keeping_engine
from geo.database.geopackage import check_is_ours
from geo.database.schema import check_is_current
from geo.errors import Failed

__all__ = ["Database"]


class Database:
    """A village's GeoPackage or a PostGIS database.

    Parameters
    ----------
    url
        Path of a ``.gpkg`` or an SQLAlchemy URL.
    read_url
        Another address for reading (a replica); PostGIS only.
    lock_wait_s
        How long a writer waits for another before it says that the store is busy.

    Nothing connects before the first block.
    """

    def __init__(self, url: str, *, read_url: str | None = None, lock_wait_s: float = 5.0) -> None:
        self.url: URL = database_url(url)
        self.write_engine: Engine = make_engine(self.url, writable=True, lock_wait_s=lock_wait_s)
        self.read_engine: Engine = make_engine(
            database_url(read_url) if read_url else self.url, writable=False, lock_wait_s=lock_wait_s
        )
        self._keeping_engine = self.write_engine if self.is_geopackage else make_keeping_engine(self.url)
        self._checked: object = None
        self._at_disposal: list[Callable[[], None]] = []

    @property
    def is_geopackage(self) -> bool:
        """Whether this is the embedded store."""
        return geopackage_path(self.url) is not None

    @contextmanager
    def write(self, *, actor: str) -> Iterator[Session]:
        """Open a session that changes the store; commits at the end of the block or not at all.

        Parameters
        ----------
        actor
            Who is at work, for the ledger.

        Raises
        ------
        Refused, Failed, Unavailable
            The store is another program's, read-only, full, damaged, busy or away.
        """
        self._check()
        self._check_writable()
        with translated(), Session(self.write_engine, expire_on_commit=False, info={audit.ACTOR: actor}) as session:
            withdrawals.watch(session)
            canonicals.watch(session)
            audit.watch(session)
            if self.is_geopackage:
                contents.watch(session)
            with session.begin():
                yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the store and cannot change it."""
        self._check()
        with translated(), Session(self.read_engine, autoflush=False) as session, session.begin():
            withdrawals.watch(session)
            yield session

    @contextmanager
    def keep(self) -> Iterator[Connection]:
        """Open a connection for what is kept beside the records on PostGIS, where the writes go.

        Every statement is a transaction of its own.
        """
        self._check()
        with translated(), self._keeping_engine.connect() as connection:
            yield connection

    def when_disposed(self, close: Callable[[], None]) -> None:
        """Let further connections to this store be closed by `dispose` too, each time."""
        self._at_disposal.append(close)

    def dispose(self) -> None:
        """Close the pooled connections; the next block opens new ones."""
        for close in self._at_disposal:
            close()
        self.write_engine.dispose()
        self.read_engine.dispose()
        self._keeping_engine.dispose()

    def _check(self) -> None:
        path = geopackage_path(self.url)
        identity = _identity(path)
        if identity is not None and identity == self._checked:
            return
        if path is not None:
            check_is_ours(path)
        with translated():
            check_is_current(self.read_engine, path)
        self._checked = identity

    def _check_writable(self) -> None:
        path = geopackage_path(self.url)
        # A WAL needs its folder too. SQLite itself would only say so at the first change.
        if path is not None and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise Failed("database.read_only")


def _identity(path: Path | None) -> object:
    """Return what tells a file from another in its place; None where there is no file (any more)."""
    if path is None:
        return "server"
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
