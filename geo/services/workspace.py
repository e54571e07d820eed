"""A village's data folder: its store and its pictures, changed together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.database.database import Database
from geo.storage import PictureStore

__all__ = ["Workspace"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A store and the pictures that belong to it."""

    database: Database
    pictures: PictureStore

    @contextmanager
    def write(self, *, actor: str) -> Iterator[Session]:
        """Open a transaction over both; a failure takes back the rows and the pictures."""
        with self.pictures.undone_on_failure(), self.database.write(actor=actor) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that cannot change anything."""
        with self.database.read() as session:
            yield session
