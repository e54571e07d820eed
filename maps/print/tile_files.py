"""Raster tiles in one file, MBTiles or PMTiles: read one by one, whoever asks for them."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import TileType

from geo.errors import NotFound, Refused

__all__ = ["TILE_FORMATS", "TileFile", "open_tiles"]

TILE_FORMATS = (".mbtiles", ".pmtiles")
_VECTOR_FORMATS = {"pbf", "mvt", "application/x-protobuf"}
_MOST_LATITUDE = 85.0511


@dataclass(frozen=True, slots=True)
class TileFile:
    """An open file of tiles.

    Attributes
    ----------
    lowest, highest
        Zooms that it has.
    get
        The tile of a zoom, column, and row from the north; None where it has none.
    bounds
        West, south, east, north in degrees, where the file tells them.
    credits
        Whose map it is, in the file's own words.
    """

    lowest: int
    highest: int
    get: Callable[[int, int, int], bytes | None]
    bounds: tuple[float, float, float, float] | None = None
    credits: str = ""


@contextmanager
def open_tiles(path: Path) -> Iterator[TileFile]:
    """Open a file of raster tiles.

    Raises
    ------
    NotFound
        There is no such file.
    Refused
        It cannot be read, has vector tiles, or no tile at all.
    """
    if not path.is_file():
        raise NotFound("printing.base_missing", path=path)
    if path.suffix.lower() == ".pmtiles":
        with path.open("rb") as file:
            yield _pmtiles(path, file)
    else:
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error as error:
            raise Refused("printing.base_unreadable", path=path) from error
        with closing(connection):
            yield _mbtiles(path, connection)


def _pmtiles(path: Path, file: BinaryIO) -> TileFile:
    try:
        reader: Any = Reader(MmapSource(file))  # type: ignore[no-untyped-call]
        header = reader.header()
        kind = header["tile_type"]
    except Exception as error:  # the library raises whatever the bytes lead it to
        raise Refused("printing.base_unreadable", path=path) from error
    if kind is TileType.MVT:
        raise Refused("printing.base_vector_tiles", path=path)

    def get(zoom: int, column: int, row: int) -> bytes | None:
        try:
            found: bytes | None = reader.get(zoom, column, row)
        except Exception as error:
            raise Refused("printing.base_unreadable", path=path) from error
        return found

    try:
        told = reader.metadata()
    except Exception:  # tiles without a word about them are tiles all the same
        told = {}
    edges = [header.get(f"{name}_e7", 0) / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat")]
    credits = str(told.get("attribution", "")) if isinstance(told, dict) else ""
    return TileFile(header["min_zoom"], header["max_zoom"], get, _bounds(edges), credits)


def _mbtiles(path: Path, connection: sqlite3.Connection) -> TileFile:
    try:
        told = dict(connection.execute("SELECT name, value FROM metadata"))
        lowest, highest = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
    except (sqlite3.Error, ValueError) as error:
        raise Refused("printing.base_unreadable", path=path) from error
    if told.get("format") in _VECTOR_FORMATS:
        raise Refused("printing.base_vector_tiles", path=path)
    if lowest is None:
        raise Refused("printing.base_elsewhere", path=path)

    def get(zoom: int, column: int, row: int) -> bytes | None:
        wanted = (zoom, column, 2**zoom - 1 - row)  # MBTiles counts rows from the south
        query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        try:
            found = connection.execute(query, wanted).fetchone()
        except sqlite3.Error as error:
            raise Refused("printing.base_unreadable", path=path) from error
        return found[0] if found else None

    try:
        edges = [float(one) for one in str(told.get("bounds", "")).split(",")]
    except ValueError:
        edges = []
    return TileFile(int(lowest), int(highest), get, _bounds(edges), str(told.get("attribution") or ""))


def _bounds(edges: list[float]) -> tuple[float, float, float, float] | None:
    """Return bounds that a map can keep to; None where the file tells none, or none that are on the Earth."""
    if len(edges) != 4 or not all(math.isfinite(edge) for edge in edges):
        return None
    west, south, east, north = edges
    south, north = max(south, -_MOST_LATITUDE), min(north, _MOST_LATITUDE)
    return (west, south, east, north) if -180 <= west < east <= 180 and south < north else None
