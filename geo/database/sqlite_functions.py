"""The few functions that R-tree triggers and queries call and SQLite lacks, registered on each SQLite connection.

Many Python builds cannot load extensions, so SpatiaLite is no option for an installation by pip.
Triggers read the envelope from the geometry's header; only other programs' geometries without one are parsed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import shapely

from geo.domain.names import kyrgyz_order
from geo.spatial import geopackage_binary

__all__ = ["register"]


def _corner(index: int) -> Callable[[bytes | None], float | None]:
    def read(blob: bytes | None) -> float | None:
        if blob is None or geopackage_binary.is_empty(blob):
            return None
        return geopackage_binary.envelope(blob)[index]

    return read


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(geopackage_binary.is_empty(blob))


def _geometry_type(blob: bytes | None) -> str | None:
    return None if blob is None else "ST_" + geopackage_binary.decode(blob).geom_type


def _intersects(first: bytes | None, second: bytes | None) -> int | None:
    if first is None or second is None:
        return None
    return int(shapely.intersects(geopackage_binary.decode(first), geopackage_binary.decode(second)))


def _kyrgyz_order(name: str | None) -> str | None:
    return None if name is None else kyrgyz_order(name)


def register(connection: sqlite3.Connection) -> None:
    """Register the functions on one connection; each is a pure function of its arguments."""
    for index, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, _corner(index), deterministic=True)
    connection.create_function("kyrgyz_order", 1, _kyrgyz_order, deterministic=True)
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    connection.create_function("ST_GeometryType", 1, _geometry_type, deterministic=True)
    connection.create_function("ST_Intersects", 2, _intersects, deterministic=True)
