"""Column types that mean the same on GeoPackage and PostGIS.

A GeoPackage knows TEXT, INTEGER, DOUBLE, BOOLEAN, DATE, DATETIME and geometries; VARCHAR columns are
passed over by GDAL and JSON or UUID are unknown to it, so both are TEXT there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape, to_shape
from shapely import from_wkt, to_wkt
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, Dialect, Integer, Text, types
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from geo.spatial import geopackage_binary

__all__ = [
    "PIXELS",
    "WGS84_SRS",
    "EnumText",
    "GeoPackageGeometry",
    "Id",
    "Json",
    "PixelShape",
    "PostgisGeometry",
    "UtcDateTime",
    "fid_type",
    "geometry",
    "som_type",
]

WGS84_SRS = 4326
PIXELS = -1
"""GeoPackage's "undefined Cartesian" SRS: the upright image, x right, y down. PostGIS says 0."""

fid_type = BigInteger().with_variant(Integer(), "sqlite")
som_type = BigInteger().with_variant(Integer(), "sqlite")
"""Whole som; a GeoPackage's INTEGER has 64 bits, and BIGINT is unknown to it (OGC 12-128r17, table 1)."""


class Id(types.TypeDecorator[UUID]):
    """UUIDv7: ``uuid`` in PostgreSQL, 36 characters of TEXT in a GeoPackage."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return UUID(value) if isinstance(value, str) else value


class UtcDateTime(types.TypeDecorator[datetime]):
    """A moment in UTC; GeoPackage's DATETIME is ISO 8601 with milliseconds and Z."""

    impl = types.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            GeoPackageDateTime() if dialect.name == "sqlite" else types.DateTime(timezone=True)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class GeoPackageDateTime(types.UserDefinedType[datetime]):
    """GeoPackage DATETIME text."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "DATETIME"

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        def write(value: datetime | None) -> str | None:
            return value.isoformat(timespec="milliseconds").replace("+00:00", "Z") if value else None

        return write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], datetime | None]:
        return lambda value: datetime.fromisoformat(value) if value else None


class EnumText(types.TypeDecorator[StrEnum]):
    """A code of a closed list as TEXT; a code that the list does not know is an error on both ways."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        self.codes = codes
        super().__init__()

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)


class Json(types.TypeDecorator[Any]):
    """``jsonb`` in PostgreSQL, TEXT in a GeoPackage."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if isinstance(value, str) and dialect.name != "postgresql" else value


class PixelShape(types.TypeDecorator[BaseGeometry]):
    """A shape in pixels beside a row's geometry, as WKT: a GeoPackage table holds one geometry only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> str | None:
        return None if value is None else to_wkt(value, rounding_precision=-1)

    def process_result_value(self, value: str | None, dialect: Dialect) -> BaseGeometry | None:
        return None if value is None else from_wkt(value)


class GeoPackageGeometry(types.UserDefinedType[BaseGeometry]):
    """A shapely geometry as GeoPackage binary.

    Parameters
    ----------
    name
        Geometry type of the column: GEOMETRY, POINT, LINESTRING, POLYGON, MULTIPOLYGON.
    srs_id
        Row of ``gpkg_spatial_ref_sys``.
    """

    cache_ok = True

    def __init__(self, name: str = "GEOMETRY", srs_id: int = WGS84_SRS) -> None:
        self.name = name
        self.srs_id = srs_id

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_processor(self, dialect: Dialect) -> Callable[[BaseGeometry | None], bytes | None]:
        def write(value: BaseGeometry | None) -> bytes | None:
            return None if value is None else geopackage_binary.encode(value, srs_id=self.srs_id)

        return write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[bytes | None], BaseGeometry | None]:
        return lambda value: None if value is None else geopackage_binary.decode(value)


class PostgisGeometry(Geometry):
    """GeoAlchemy2's geometry that takes and gives shapely, so that both engines speak alike."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        inner = super().bind_processor(dialect)  # type: ignore[no-untyped-call]

        def write(value: Any) -> Any:
            if isinstance(value, BaseGeometry):
                value = from_shape(value, srid=self.srid, extended=True)
            return inner(value) if inner else value

        return write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        inner = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]

        def read(value: Any) -> Any:
            element = inner(value) if inner else value
            return None if element is None else to_shape(element)

        return read


def geometry(name: str = "GEOMETRY", *, srs_id: int = WGS84_SRS) -> TypeEngine[BaseGeometry]:
    """Return the geometry column type of both engines.

    The GeoPackage type comes first and PostGIS is its variant: the other order sets off GeoAlchemy2's
    table events on SQLite, which ask for SpatiaLite.
    """
    srid = 0 if srs_id == PIXELS else srs_id
    postgis = PostgisGeometry(name, srid=srid, spatial_index=False)
    return GeoPackageGeometry(name, srs_id).with_variant(postgis, "postgresql")
