"""Map features: bounding-box queries that use the spatial index, and loading in bulk."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from geopandas import GeoSeries
from sqlalchemy import ColumnElement, Double, Integer, Select, and_, bindparam, column, func, select, table, text
from sqlalchemy.orm import Session

from geo.database import contents
from geo.database.geopackage import insert_trigger_off, spatial_index_name
from geo.domain.vocabulary import Layer
from geo.drafts import NewFeature
from geo.models import MapFeature
from geo.models.base import now
from geo.models.types import WGS84_SRS
from geo.spatial import geopackage_binary

__all__ = ["FeatureRepository"]

_BATCH = 50_000
"""Rows held as text at once while loading."""

_TABLE = MapFeature.__tablename__
_COLUMNS = (
    *("id", "name_ky", "name_ru", "name_en", "settlement_id", "event_id", "layer", "kind", "attributes"),
    *("position_error_m", "source", "sheet_id", "candidate_id", "georeference_version", "ink"),
    *("version", "created_at", "updated_at", "geometry"),
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
        moment = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event, sheet = (str(value) if value else None for value in (event_id, sheet_id))
        candidates = candidate_ids or {}

        def row(new: NewFeature, geometry: Any) -> tuple[Any, ...]:
            candidate = candidates.get(new.candidate) if new.candidate is not None else None
            return (
                str(new.id),
                new.names.ky,
                new.names.ru,
                new.names.en,
                str(settlement_id),
                event,
                new.layer,
                new.kind.value,
                json.dumps(dict(new.attributes), ensure_ascii=False) if new.attributes else "{}",
                new.position_error_m,
                new.source.value,
                sheet,
                str(candidate) if candidate else None,
                georeference_version,
                new.ink.value if new.ink else None,
                1,
                moment,
                moment,
                geometry,
            )

        for start in range(0, len(features), _BATCH):
            batch = features[start : start + _BATCH]
            if self._on_geopackage:
                self._load_geopackage(batch, row)
            else:
                self._load_postgis(batch, row)
        if self._on_geopackage and features:
            contents.touch(self.session, _TABLE, [new.geometry for new in features])

    def _load_geopackage(self, batch: Sequence[NewFeature], row: Any) -> None:
        shapes = GeoSeries([new.geometry for new in batch], crs=WGS84_SRS)
        blobs = geopackage_binary.encode_many(shapes.to_numpy(), srs_id=WGS84_SRS)
        connection = self.session.connection()
        last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": _TABLE}).scalar()
        first = (last or 0) + 1  # this transaction holds the write lock, so nobody else takes these keys
        columns = ("fid", *_COLUMNS)
        with insert_trigger_off(connection, _TABLE):
            connection.exec_driver_sql(
                f"INSERT INTO {_TABLE} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                [(fid, *row(new, blob)) for fid, (new, blob) in enumerate(zip(batch, blobs, strict=True), first)],
            )
            bounds = shapes.bounds[["minx", "maxx", "miny", "maxy"]]
            bounds.insert(0, "id", range(first, first + len(batch)))
            # Along a Hilbert curve neighbours come one after the other, and the R-tree's pages stay at hand.
            along = bounds[~shapes.is_empty].iloc[shapes[~shapes.is_empty].hilbert_distance().argsort()]
            connection.exec_driver_sql(
                f"INSERT INTO {spatial_index_name(_TABLE)} VALUES (?, ?, ?, ?, ?)",
                list(along.itertuples(index=False, name=None)),
            )

    def _load_postgis(self, batch: Sequence[NewFeature], row: Any) -> None:
        shapes = np.array([new.geometry for new in batch], dtype=object)
        texts = shapely.to_wkb(shapely.set_srid(shapely.force_2d(shapes), WGS84_SRS), hex=True, include_srid=True)
        buffer = io.StringIO()
        csv.writer(buffer).writerows(row(new, shape) for new, shape in zip(batch, texts, strict=True))
        buffer.seek(0)
        # An empty name is a name that is not known, not a missing value.
        statement = (
            f"COPY {_TABLE} ({', '.join(_COLUMNS)}) FROM STDIN "
            "WITH (FORMAT csv, FORCE_NOT_NULL (name_ky, name_ru, name_en))"
        )
        driver = self.session.connection().connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was closed")
        with driver.cursor() as cursor:
            cursor.copy_expert(statement, buffer)

    @property
    def _on_geopackage(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"


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
