"""Pages of features as GeoJSON text: written by PostGIS itself, and for a GeoPackage in whole arrays.

No feature is ever an object of the program: a page of a thousand is one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson
import shapely
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)

from geo.models.types import WGS84_SRS
from geo.repositories.collections import expressions
from geo.repositories.collections.collection import Collection, Property, ValueType
from geo.repositories.collections.geometries import Store
from geo.repositories.collections.order import Order
from geo.spatial.reference_systems import ReferenceSystem, from_stored

__all__ = [
    "MOST_COUNTED",
    "Item",
    "ItemsPage",
    "feature_text",
    "meets",
    "read_item",
    "read_page",
    "rows_in_order",
    "store_of",
    "told",
]

MOST_COUNTED: Final = 10_000
"""Matches are counted up to here; of more, the number is not told (OGC 17-069r4, clause 7.16.3)."""
_UNORDERED: Final = Order(())


@dataclass(frozen=True)
class ItemsPage:
    """Features of a page, as text between the brackets of a GeoJSON array."""

    features: bytes
    returned: int
    matched: int | None
    """Over all pages; None where they are too many to count each time."""
    following: tuple[Any, ...] | None
    """Values of the last row by which the next page begins; None where this was the last."""

    @cached_property
    def digest(self) -> str:
        """What is the same as long as the features are, in 40 hexadecimal digits."""
        return sha1(self.features, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Item:
    """One feature as text, and its version."""

    feature: bytes
    version: int | None


def store_of(connection: Connection) -> Store:
    """Return which engine a connection leads to."""
    return Store.GEOPACKAGE if connection.dialect.name == "sqlite" else Store.POSTGIS


def read_page(
    connection: Connection,
    collection: Collection,
    conditions: Sequence[ColumnElement[bool]],
    *,
    system: ReferenceSystem,
    names: tuple[str, ...] | None,
    limit: int,
    order: Order = _UNORDERED,
    after: tuple[Any, ...] | None = None,
) -> ItemsPage:
    """Return a page of the rows that fulfil conditions.

    Parameters
    ----------
    order, after
        Order of the list, and the values of the row before the page.
    """
    beyond = [] if after is None else [order.after(collection, after)]
    rows, texts = _texts(connection, collection, [*conditions, *beyond], order, names=names, system=system, limit=limit)
    full = len(rows) > limit
    following = tuple(rows[limit - 1][: len(order.keys) + 1]) if full else None
    matched: int | None = len(rows)
    if full or after is not None:
        counted: Select[Any] = select(literal_column("1")).select_from(collection.rows)
        counted = counted.where(*collection.where, *conditions).limit(MOST_COUNTED + 1)
        found = connection.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
        matched = found if found <= MOST_COUNTED else None
    return ItemsPage(",".join(texts).encode(), min(len(rows), limit), matched, following)


def read_item(
    connection: Connection,
    collection: Collection,
    identifier: UUID,
    conditions: Sequence[ColumnElement[bool]],
    *,
    system: ReferenceSystem,
) -> Item | None:
    """Return one feature, None where there is none that fulfils the conditions."""
    conditions = [*conditions, collection.identifier == identifier]
    rows, texts = _texts(connection, collection, conditions, _UNORDERED, names=None, system=system, limit=1)
    if not rows:
        return None
    version = None
    if collection.version is not None:
        asked = select(collection.version).select_from(collection.rows).where(collection.identifier == identifier)
        version = connection.execute(asked).scalar_one()
    return Item(texts[0].encode(), version)


def rows_in_order(
    collection: Collection, columns: Sequence[Any], conditions: Sequence[ColumnElement[bool]], order: Order
) -> Select[Any]:
    """Return the query for some columns of rows, behind those by which they are ordered."""
    sorts = [*order.columns(collection), collection.key]
    return (
        select(*(sort.label(f"s{number}") for number, sort in enumerate(sorts)), *columns)
        .select_from(collection.rows)
        .where(*collection.where, *conditions)
        .order_by(*order.terms(collection), collection.key)
    )


def told(collection: Collection, names: tuple[str, ...] | None) -> tuple[Property, ...]:
    """Return the properties that features carry, all where no names are given."""
    return collection.told if names is None else tuple(one for one in collection.told if one.name in names)


def _texts(
    connection: Connection,
    collection: Collection,
    conditions: Sequence[ColumnElement[bool]],
    order: Order,
    *,
    names: tuple[str, ...] | None,
    system: ReferenceSystem,
    limit: int,
) -> tuple[Sequence[Any], list[str]]:
    """Return the rows, one more than the limit where there are more, and the texts of those up to the limit."""
    leading = len(order.keys) + 1
    if store_of(connection) is Store.GEOPACKAGE:
        driver: Any = connection.connection.driver_connection
        expressions.register(driver)
        shown = [one.column.label(f"p{number}") for number, one in enumerate(told(collection, names))]
        columns = [collection.identifier.label("identifier"), collection.geometry.label("shape"), *shown]
        rows = connection.execute(rows_in_order(collection, columns, conditions, order).limit(limit + 1)).all()
        return rows, _written(collection, rows[:limit], names, system, leading=leading)
    # PostgreSQL writes only the rows that are left when they are sorted and cut: functions that cost come last.
    columns = [feature_text(collection, names, system)]
    rows = connection.execute(rows_in_order(collection, columns, conditions, order).limit(limit + 1)).all()
    return rows, [row[leading] for row in rows[:limit]]


def feature_text(collection: Collection, names: tuple[str, ...] | None, system: ReferenceSystem) -> Any:
    """Return the expression that writes a row as a GeoJSON feature on PostGIS."""
    shape: Any = collection.geometry
    if system.srid != WGS84_SRS:
        shape = func.ST_Transform(shape, literal_column(str(system.srid)))
    if system.flipped:
        shape = func.ST_FlipCoordinates(shape)
    # 0: without the CRS member that GeoJSON no longer has (RFC 7946, clause 4).
    geojson = func.ST_AsGeoJSON(shape, literal_column(str(system.decimals)), literal_column("0"), type_=Text)
    parts: list[Any] = [
        _words('{"type":"Feature","id":"'),
        collection.identifier,
        _words('","geometry":'),
        func.coalesce(geojson, _words("null")),
    ]
    glue = ',"properties":{'
    for one in told(collection, names):
        parts += [_words(f'{glue}"{one.name}":'), _json(one, one.column)]
        glue = ","
    if glue != ",":
        parts.append(_words(glue))
    return func.concat(*parts, _words("}}"), type_=Text).label("feature")


def _json(one: Property, column: Any) -> Any:
    """Return what ``concat`` writes as JSON; it takes ``json`` as it is, a cast to text would cost as much again."""
    if one.value_type is ValueType.CODE:
        column = type_coerce(column, Text)
    if one.value_type is ValueType.ID:
        if not one.nullable:
            return func.concat(_words('"'), column, _words('"'), type_=Text)
        return func.coalesce(_nullable_id(column), _words("null"))
    if one.value_type in {ValueType.INTEGER, ValueType.JSON, ValueType.BOOLEAN}:
        text = cast(column, Text)
        return func.coalesce(text, _words("null")) if one.nullable else text
    text_of: Any = func.to_json(column)
    if one.value_type is ValueType.TEXT:
        # Most features have no name in most languages.
        text_of = case((column == _words(""), literal_column("'\"\"'::json")), else_=text_of)
    return func.coalesce(text_of, literal_column("'null'::json")) if one.nullable else text_of


def _nullable_id(column: Any) -> Any:
    return _words('"').op("||")(cast(column, Text)).op("||")(_words('"'))


def _words(text: str) -> Any:
    return literal_column("'" + text.replace("'", "''") + "'", Text)


def _written(
    collection: Collection,
    rows: Sequence[Any],
    names: tuple[str, ...] | None,
    system: ReferenceSystem,
    *,
    leading: int,
) -> list[str]:
    """Return rows of a GeoPackage as GeoJSON features."""
    if not rows:
        return []
    shown = [one.name for one in told(collection, names)]
    shapes = np.array([row[leading + 1] for row in rows], dtype=object)
    there = ~shapely.is_missing(shapes)
    texts = np.full(len(rows), "null", dtype=object)
    texts[there] = shapely.to_geojson(from_stored(shapes[there], system))
    return [
        f'{{"type":"Feature","id":"{row[leading]}","geometry":{text},'
        f'"properties":{orjson.dumps(dict(zip(shown, row[leading + 2 :], strict=True))).decode()}}}'
        for row, text in zip(rows, texts, strict=True)
    ]


def meets(collection: Collection, store: Store, area: Any) -> ColumnElement[bool]:
    """Return the condition that a row's geometry meets an area."""
    return store.holds("ST_Intersects", collection, area)
