"""Map features: bounding-box queries that use the spatial index, and loading in bulk."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import repeat
from typing import Any, cast
from uuid import UUID

import numpy as np
import shapely
from geopandas import GeoSeries
from sqlalchemy import ColumnElement, Double, Integer, Select, Table, and_, bindparam, column, func, select, table, text
from sqlalchemy.orm import Session

from geo.database import contents
from geo.database.bulk_keys import FEWEST_ROWS, keys_looked_up_once
from geo.database.geopackage import insert_trigger_off, spatial_index_name
from geo.domain.vocabulary import Layer
from geo.drafts import NewFeature
from geo.models import MapFeature
from geo.models.base import now
from geo.models.types import WGS84_SRS
from geo.spatial import geopackage_binary

__all__ = ["FeatureRepository"]

_BATCH = 50_000
"""Rows of one statement while loading."""
_WRITTEN_AT_ONCE = 500
"""Rows that are under way while the next are written: about as many bytes as a socket holds."""
_READ_AT_ONCE = 1 << 18

_TABLE = MapFeature.__tablename__
_FEATURES = cast(Table, MapFeature.__table__)
_ALIKE = (*("settlement_id", "event_id", "sheet_id", "georeference_version", "version", "created_at", "updated_at"),)
"""Columns that have one value for all rows of a load."""
_COLUMNS = (
    *_ALIKE,
    *("id", "name_ky", "name_ru", "name_en", "layer", "kind", "attributes", "position_error_m", "source"),
    *("candidate_id", "ink", "geometry"),
)


class FeatureRepository:
    """Queries on map features, alike on both engines."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_event(self, event_id: UUID, *seen: ColumnElement[bool]) -> Sequence[MapFeature]:
        """Return the features of an event that fit the conditions in the order in which they were made."""
        return self.session.scalars(
            select(MapFeature).where(MapFeature.event_id == event_id, *seen).order_by(MapFeature.fid)
        ).all()

    def in_box(
        self, bounds: tuple[float, float, float, float], *, layer: Layer | None = None, limit: int = 100
    ) -> Sequence[MapFeature]:
        """Return features whose envelope meets a box.

        Parameters
        ----------
        bounds
            West, south, east, north in degrees.
        layer
            One layer only.
        limit
            Most rows returned, oldest first.
        """
        west, south, east, north = bounds
        box = {"west": west, "south": south, "east": east, "north": north}
        query = _in_box(self._on_geopackage, layer is not None)
        return self.session.scalars(query, {**box, "layer": layer, "most": limit}).all()

    def load(
        self,
        features: Sequence[NewFeature],
        *,
        settlement_id: UUID,
        event_id: UUID | None = None,
        sheet_id: UUID | None = None,
        candidate_ids: dict[int, UUID] | None = None,
        georeference_version: int | None = None,
    ) -> None:
        """Insert features in bulk: COPY on PostGIS, one prepared statement on a GeoPackage.

        The caller writes the ledger; rows come in the order given.
        """
        moment = now()
        alike = {
            "settlement_id": settlement_id,
            "event_id": event_id,
            "sheet_id": sheet_id,
            "georeference_version": georeference_version,
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }
        load = self._load_geopackage if self._on_geopackage else self._load_postgis
        for start in range(0, len(features), _BATCH):
            load(features[start : start + _BATCH], alike, candidate_ids or {})
        if self._on_geopackage and features:
            contents.touch(self.session, _TABLE, [new.geometry for new in features])

    def _load_geopackage(
        self, batch: Sequence[NewFeature], alike: Mapping[str, Any], candidates: Mapping[int, UUID]
    ) -> None:
        shapes = GeoSeries([new.geometry for new in batch], crs=WGS84_SRS)
        blobs = geopackage_binary.encode_many(shapes.to_numpy(), srs_id=WGS84_SRS)
        connection = self.session.connection()
        last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": _TABLE}).scalar()
        first = (last or 0) + 1  # this transaction holds the write lock, so nobody else takes these keys
        columns = ("fid", *_COLUMNS)
        with insert_trigger_off(connection, _TABLE):
            connection.exec_driver_sql(
                f"INSERT INTO {_TABLE} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                list(zip(range(first, first + len(batch)), *_values(batch, alike, candidates, blobs), strict=False)),
            )
            bounds = shapes.bounds[["minx", "maxx", "miny", "maxy"]]
            bounds.insert(0, "id", range(first, first + len(batch)))
            # Along a Hilbert curve neighbours come one after the other, and the R-tree's pages stay at hand.
            along = bounds[~shapes.is_empty].iloc[shapes[~shapes.is_empty].hilbert_distance().argsort()]
            connection.exec_driver_sql(
                f"INSERT INTO {spatial_index_name(_TABLE)} VALUES (?, ?, ?, ?, ?)",
                list(along.itertuples(index=False, name=None)),
            )

    def _load_postgis(
        self, batch: Sequence[NewFeature], alike: Mapping[str, Any], candidates: Mapping[int, UUID]
    ) -> None:
        driver = self.session.connection().connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was closed")
        rows = _Stream(_copied(batch, alike, candidates))
        columns = ", ".join(_COLUMNS)
        with self._keys(batch, alike, candidates), driver.cursor() as cursor:
            cursor.copy_expert(f"COPY {_TABLE} ({columns}) FROM STDIN (FORMAT binary)", rows, _READ_AT_ONCE)

    def _keys(
        self, batch: Sequence[NewFeature], alike: Mapping[str, Any], candidates: Mapping[int, UUID]
    ) -> AbstractContextManager[None]:
        if len(batch) < FEWEST_ROWS:
            return nullcontext()
        keys = {name: {alike[name]} for name in ("settlement_id", "event_id", "sheet_id")}
        return keys_looked_up_once(self.session, _FEATURES, {**keys, "candidate_id": candidates.values()})

    @property
    def _on_geopackage(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"


def _values(
    batch: Sequence[NewFeature], alike: Mapping[str, Any], candidates: Mapping[int, UUID], shapes: Iterable[Any]
) -> list[Iterable[Any]]:
    """Return the columns of rows, in the order of `_COLUMNS`; columns are quicker to make than rows."""
    given: dict[str, Iterable[Any]] = {
        "id": [str(new.id) for new in batch],
        "name_ky": [new.names.ky for new in batch],
        "name_ru": [new.names.ru for new in batch],
        "name_en": [new.names.en for new in batch],
        "layer": [new.layer for new in batch],
        "kind": [new.kind.value for new in batch],
        "attributes": [_attributes(new) for new in batch],
        "position_error_m": [new.position_error_m for new in batch],
        "source": [new.source.value for new in batch],
        "candidate_id": [_candidate(new, candidates) for new in batch],
        "ink": [new.ink.value if new.ink else None for new in batch],
        "geometry": shapes,
    }
    return [given[name] if name in given else repeat(_as_geopackage_has_it(alike[name])) for name in _COLUMNS]


def _as_geopackage_has_it(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID) else value


def _candidate(new: NewFeature, candidates: Mapping[int, UUID]) -> str | None:
    found = candidates.get(new.candidate) if new.candidate is not None else None
    return str(found) if found else None


def _copied(batch: Sequence[NewFeature], alike: Mapping[str, Any], candidates: Mapping[int, UUID]) -> Iterator[bytes]:
    """Yield rows in COPY's binary format, some hundred at once: the server stores them while the next are written.

    The binary format (PostgreSQL 15, COPY, "Binary Format") spares the server the reading of numbers and moments, and
    here a field that many rows share is written once.
    """
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    head = len(_COLUMNS).to_bytes(2, "big")
    # What all rows have alike comes first, so that it is one piece of bytes.
    head += b"".join(_sized(_IN_BINARY.get(name, _as_text)(alike[name])) for name in _ALIKE)
    words = cache(lambda value: _sized(_as_text(value)))
    for start in range(0, len(batch), _WRITTEN_AT_ONCE):
        part = batch[start : start + _WRITTEN_AT_ONCE]
        # The column's own SRID is taken where a shape says none.
        shapes = shapely.to_wkb(shapely.force_2d(np.array([new.geometry for new in part], dtype=object)))
        yield b"".join(
            head
            + _ID_SIZE
            + new.id.bytes
            + words(new.names.ky)
            + words(new.names.ru)
            + words(new.names.en)
            + words(new.layer)
            + words(new.kind)
            + (_sized(b"\x01" + _attributes(new).encode()) if new.attributes else _NO_ATTRIBUTES)
            + (_NULL if new.position_error_m is None else _FLOAT.pack(8, new.position_error_m))
            + words(new.source)
            + (_NULL if new.candidate is None else _sized(_as_uuid(candidates.get(new.candidate))))
            + words(new.ink)
            + len(shape).to_bytes(4, "big")
            + shape
            for new, shape in zip(part, shapes, strict=True)
        )
    yield b"\xff\xff"


def _attributes(new: NewFeature) -> str:
    return json.dumps(dict(new.attributes), ensure_ascii=False) if new.attributes else "{}"


def _sized(value: bytes | None) -> bytes:
    return _NULL if value is None else len(value).to_bytes(4, "big") + value


def _as_text(value: str | None) -> bytes | None:
    return None if value is None else value.encode()


def _as_uuid(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _as_integer(value: int | None) -> bytes | None:
    return None if value is None else value.to_bytes(4, "big", signed=True)


def _as_moment(value: datetime) -> bytes:
    return ((value - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)


_NULL = b"\xff\xff\xff\xff"
_ID_SIZE = (16).to_bytes(4, "big")
_NO_ATTRIBUTES = _sized(b"\x01{}")
"""Of jsonb, after the number of its binary format."""
_FLOAT = struct.Struct("!id")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_IN_BINARY: Mapping[str, Callable[[Any], bytes | None]] = {
    **dict.fromkeys(("settlement_id", "event_id", "sheet_id"), _as_uuid),
    **dict.fromkeys(("georeference_version", "version"), _as_integer),
    **dict.fromkeys(("created_at", "updated_at"), _as_moment),
}


class _Stream:
    """What the driver reads as a file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._held = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end."""
        if not self._held:
            self._held = memoryview(next(self._parts, b""))
        part, self._held = self._held[:size], self._held[size:]
        return bytes(part)


@cache
def _in_box(on_geopackage: bool, one_layer: bool) -> Select[MapFeature]:
    """Return the query for a box; putting it together takes longer than running it, so it is kept."""
    west, south, east, north = (bindparam(side, type_=Double) for side in ("west", "south", "east", "north"))
    shape = MapFeature.geometry
    if on_geopackage:
        index = table(spatial_index_name(_TABLE), *map(column, ("id", "minx", "maxx", "miny", "maxy")))
        near: ColumnElement[bool] = MapFeature.fid.in_(
            select(index.c.id).where(
                index.c.maxx >= west, index.c.minx <= east, index.c.maxy >= south, index.c.miny <= north
            )
        )
        corners = func.ST_MaxX(shape), func.ST_MinX(shape), func.ST_MaxY(shape), func.ST_MinY(shape)
    else:
        near = shape.op("&&")(func.ST_MakeEnvelope(west, south, east, north, WGS84_SRS))
        corners = func.ST_XMax(shape), func.ST_XMin(shape), func.ST_YMax(shape), func.ST_YMin(shape)
    # Both indexes keep corners as 32-bit floats, rounded outwards each in its own way;
    # the exact corners make the two engines give the same rows.
    max_x, min_x, max_y, min_y = corners
    exact = and_(max_x >= west, min_x <= east, max_y >= south, min_y <= north)
    query = select(MapFeature).where(near, exact).order_by(MapFeature.fid).limit(bindparam("most", type_=Integer))
    return query.where(MapFeature.layer == bindparam("layer")) if one_layer else query
