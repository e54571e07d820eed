"""SQL expressions that are written otherwise on the two engines, and the functions that SQLite lacks for them.

A GeoPackage's geometry functions are shapely's; texts are compared as PostgreSQL compares them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from geo.models.types import WGS84_SRS
from geo.spatial import geopackage_binary

__all__ = ["AttributeText", "Like", "Lower", "register"]


class AttributeText(FunctionElement[str]):
    """A member of a JSON object, as text."""

    name = "attribute_text"
    type = Text()
    inherit_cache = True


class Lower(FunctionElement[str]):
    """A text in small letters, Cyrillic ones too."""

    name = "lower_text"
    type = Text()
    inherit_cache = True


class Like(FunctionElement[bool]):
    r"""Whether a text is like a pattern with ``%``, ``_`` and ``\``, minding case (OGC 21-065r2, clause 7.2)."""

    name = "text_like"
    type = Boolean()
    inherit_cache = True


@compiles(AttributeText, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(part, **options) for part in element.clauses)
    return f"({document} ->> {name})"


@compiles(AttributeText, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(part, **options) for part in element.clauses)
    return f"json_extract({document}, '$.' || {name})"


@compiles(Lower, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    # By ICU, for a database set up in the locale C knows small letters for Latin ones alone.
    return f'lower(({compiler.process(element.clauses, **options)}) COLLATE "und-x-icu")'


@compiles(Like, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    words, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"({words} LIKE {pattern})"


@compiles(Lower, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f"lower_text({compiler.process(element.clauses, **options)})"


@compiles(Like, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    words, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"text_like({words}, {pattern})"


def register(connection: sqlite3.Connection) -> None:
    """Register on one connection what these expressions and CQL2 call; each is a pure function of its arguments."""
    connection.create_function("lower_text", 1, _lower, deterministic=True)
    connection.create_function("text_like", 2, _like, deterministic=True)
    connection.create_function("power", 2, _power, deterministic=True)
    connection.create_function("ST_PointOnSurface", 1, _point_on_surface, deterministic=True)
    connection.create_function("ST_MakeLine", 2, _make_line, deterministic=True)
    for name, predicate in _PREDICATES.items():
        connection.create_function(name, 2, _predicate(predicate), deterministic=True)


_PREDICATES: dict[str, Callable[..., Any]] = {
    "ST_Intersects": shapely.intersects,
    "ST_Disjoint": shapely.disjoint,
    "ST_Equals": shapely.equals,
    "ST_Touches": shapely.touches,
    "ST_Within": shapely.within,
    "ST_Contains": shapely.contains,
    "ST_Overlaps": shapely.overlaps,
    "ST_Crosses": shapely.crosses,
}


def _predicate(holds: Callable[..., Any]) -> Callable[[bytes | None, bytes | None], int | None]:
    def answer(first: bytes | None, second: bytes | None) -> int | None:
        if first is None or second is None:
            return None
        return int(holds(_kept(first), _kept(second)))

    return answer


@lru_cache(maxsize=8)
def _decoded(blob: bytes) -> BaseGeometry:
    shape = geopackage_binary.decode(blob)
    shapely.prepare(shape)
    return shape


def _kept(blob: bytes) -> BaseGeometry:
    # The literal of a query comes again with every row.
    return _decoded(blob) if len(blob) > 200 else geopackage_binary.decode(blob)


def _point_on_surface(blob: bytes | None) -> bytes | None:
    if blob is None:
        return None
    return geopackage_binary.encode(shapely.point_on_surface(geopackage_binary.decode(blob)), srs_id=WGS84_SRS)


def _make_line(first: bytes | None, second: bytes | None) -> bytes | None:
    if first is None or second is None:
        return None
    ends = [geopackage_binary.decode(blob) for blob in (first, second)]
    return geopackage_binary.encode(shapely.linestrings([end.coords[0] for end in ends]), srs_id=WGS84_SRS)


def _lower(words: str | None) -> str | None:
    return None if words is None else words.lower()


def _power(base: float | None, exponent: float | None) -> float | None:
    if base is None or exponent is None:
        return None
    raised = base**exponent
    if isinstance(raised, complex):
        raise ValueError("no real power")
    return float(raised)


def _like(words: str | None, pattern: str | None) -> int | None:
    if words is None or pattern is None:
        return None
    return int(_pattern(pattern).fullmatch(words) is not None)


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)
