"""Where the layers of a project are read from: the file of a store, or a database with PostGIS."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from maps.qgis.layers import Shape

__all__ = ["DatabaseStore", "FileStore", "Store"]


class Store(Protocol):
    """What QGIS is told of a store."""

    @property
    def provider(self) -> str:
        """Name of QGIS's provider of data."""

    def source(self, view: str, shape: Shape, *, project: Path) -> str:
        """Return the address of one shape of a view, for a project in a file."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """A GeoPackage, to which a project points relative to its own folder."""

    path: Path

    @property
    def provider(self) -> str:
        """QGIS reads files through OGR."""
        return "ogr"

    def source(self, view: str, shape: Shape, *, project: Path) -> str:
        """Return the address of one shape of a view."""
        return f"{_relative(self.path, project.parent)}|layername={view}|geometrytype={shape.in_source}"


@dataclass(frozen=True, slots=True)
class DatabaseStore:
    """A database, with neither name nor password of anybody: QGIS asks who opens the project for theirs.

    Parameters
    ----------
    service
        Name of a section of ``pg_service.conf`` on the reader's computer, in place of host, port and name.
    """

    name: str = ""
    host: str = ""
    port: int | None = None
    schema: str = "public"
    service: str = ""

    @property
    def provider(self) -> str:
        """QGIS's own provider for PostGIS."""
        return "postgres"

    def source(self, view: str, shape: Shape, *, project: Path) -> str:
        """Return the address of one shape of a view; QGIS leaves out the others of its geometries."""
        if self.service:
            where = f"service={_quoted(self.service)}"
        else:
            where = f"dbname={_quoted(self.name)}"
            where += f" host={_quoted(self.host)}" if self.host else ""
            where += f" port={self.port}" if self.port else ""
        return (
            f"{where} key='fid' estimatedmetadata=true srid=4326 type={shape.in_source} checkPrimaryKeyUnicity='0'"
            f' table="{self.schema}"."{view}" (geometry)'
        )


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _relative(store: Path, folder: Path) -> str:
    try:
        path = os.path.relpath(store.resolve(), folder.resolve())
    except ValueError:  # another drive
        return store.resolve().as_posix()
    path = Path(path).as_posix()
    return path if path.startswith("..") else f"./{path}"
