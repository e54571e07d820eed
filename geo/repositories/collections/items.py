"""Pages of features as GeoJSON text: written by PostGIS itself, and for a GeoPackage in whole arrays.

No feature is ever an object of the program: a page of a thousand is one text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson
import shapely
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)

from geo.database.awaited_statements import ask_prepared
from geo.database.database import Database
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
    "is_small",
    "meets",
    "read_item",
    "read_page",
    "read_page_of_box",
    "store_of",
]

MOST_COUNTED: Final = 10_000
"""Matches are counted up to here; of more, the number is not told (OGC 17-069r4, clause 7.16.3)."""
_SMALL_DEGREES_2: Final = 0.05
"""Boxes up to this size, some 400 km², hold little enough to be put in order at once."""

_ROUNDED: Final = 2e-5
_BEGINNING: Final = b',{"type":"Feature","id":"'
"""Of a feature behind another: within a text its quotes are escaped, and in ``jsonb`` a space follows a colon."""

_UNORDERED: Final = Order(())
_MOST_KEPT: Final = 256
_kept: dict[tuple[str, str, tuple[str, ...] | None, bool], str] = {}


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """Features of a page, as text between the brackets of a GeoJSON array."""

    features: bytes
    returned: int
    matched: int | None
    """Over all pages; None where they are too many to count each time."""
    following: tuple[Any, ...] | None
    """Values of the last row by which the next page begins; None where this was the last."""


@dataclass(frozen=True, slots=True)
class Item:
    """One feature as text, and its version."""

    feature: bytes
    version: int | None


def store_of(connection: Connection) -> Store:
    """Return which engine a connection leads to."""
    return Store.GEOPACKAGE if connection.dialect.name == "sqlite" else Store.POSTGIS


async def read_page_of_box(
    database: Database,
    collection: Collection,
    box: tuple[float, float, float, float],
    *,
    system: ReferenceSystem,
    names: tuple[str, ...] | None,
    limit: int,
    everything: bool,
    sees: Callable[[], ColumnElement[bool]],
) -> ItemsPage:
    """Return the first page of what meets a box on PostGIS; the statement is put together once and kept.

    The server joins the features itself. They are counted where they all are on the page; the standard leaves it open
    (OGC 17-069r4, clause 7.16.3), and to count the rest costs as much again as the page.

    Parameters
    ----------
    box
        West, south, east, north in degrees; small enough to be read whole (`is_small`).
    everything
        Whether the reader sees every row, else what is public: the two kinds of reader whose condition is the same
        for all of them.
    sees
        Returns that condition.
    """
    key = (collection.id, system.uri, names, everything)
    statement = _kept.get(key)
    if statement is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        statement = _kept[key] = _statement_of_box(collection, system, names, sees(), database.read_engine.dialect)
    ((features, count, highest),) = await ask_prepared(database, statement, (*box, limit + 1, *_well_inside(box)))
    if count > limit:
        # The next page begins with the one too many, whatever the key before it is.
        return ItemsPage(features[: features.rindex(_BEGINNING)], limit, None, (highest - 1,))
    return ItemsPage(features or b"", count, count, None)


def _well_inside(box: tuple[float, float, float, float]) -> tuple[float | None, ...]:
    """Return a box so far inside another that what PostGIS takes for within it is within the other.

    Boxes of geometries are kept as 32-bit floats, rounded outwards: by less than 2^-16 degrees up to 180.
    """
    west, south, east, north = box
    inner = (west + _ROUNDED, south + _ROUNDED, east - _ROUNDED, north - _ROUNDED)
    return inner if inner[0] < inner[2] and inner[1] < inner[3] else (None, None, None, None)


def is_small(box: Sequence[float]) -> bool:
    """Return whether a box is read whole."""
    west, south, east, north = box
    return west <= east and (east - west) * (north - south) <= _SMALL_DEGREES_2


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


def _statement_of_box(
    collection: Collection,
    system: ReferenceSystem,
    names: tuple[str, ...] | None,
    sees: ColumnElement[bool],
    dialect: Any,
) -> str:
    """Return the statement for four sides and the number of rows, one more than the page has.

    It answers the features as one text, how many they are, and the highest key. What lies well inside the box
    (``$6`` to ``$9``) meets it: most of a village does, and is not looked at point by point.
    """
    shape, outer, inner = collection.geometry, _box(1), _box(6)
    # CASE, for of an OR the server would look both parts up in the index.
    meets_box = and_(
        shape.op("&&")(outer), case((shape.op("@")(inner), true()), else_=func.ST_Intersects(shape, outer))
    )
    rows = _rows(collection, [_feature(collection, names, system)], [sees, meets_box], _UNORDERED)
    rows = rows.limit(literal_column("$5::bigint", Integer))
    page = str(rows.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return f"SELECT string_agg(feature, ','), count(*), max(s0) FROM ({page}) AS page"


def _box(first: int) -> Any:
    sides: list[Any] = [literal_column(f"${number}::double precision") for number in range(first, first + 4)]
    # A query of its own is answered once, an expression again for each row.
    return select(func.ST_MakeEnvelope(*sides, literal_column(str(WGS84_SRS)))).scalar_subquery()


def _rows(
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


def _told(collection: Collection, names: tuple[str, ...] | None) -> tuple[Property, ...]:
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
        told = [one.column.label(f"p{number}") for number, one in enumerate(_told(collection, names))]
        columns = [collection.identifier.label("identifier"), collection.geometry.label("shape"), *told]
        rows = connection.execute(_rows(collection, columns, conditions, order).limit(limit + 1)).all()
        return rows, _written(collection, rows[:limit], names, system, leading=leading)
    # PostgreSQL writes only the rows that are left when they are sorted and cut: functions that cost come last.
    columns = [_feature(collection, names, system)]
    rows = connection.execute(_rows(collection, columns, conditions, order).limit(limit + 1)).all()
    return rows, [row[leading] for row in rows[:limit]]


def _feature(collection: Collection, names: tuple[str, ...] | None, system: ReferenceSystem) -> Any:
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
    for one in _told(collection, names):
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
    told: Any = func.to_json(column)
    if one.value_type is ValueType.TEXT:
        # Most features have no name in most languages.
        told = case((column == _words(""), literal_column("'\"\"'::json")), else_=told)
    return func.coalesce(told, literal_column("'null'::json")) if one.nullable else told


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
    told = [one.name for one in _told(collection, names)]
    shapes = np.array([row[leading + 1] for row in rows], dtype=object)
    there = ~shapely.is_missing(shapes)
    texts = np.full(len(rows), "null", dtype=object)
    texts[there] = shapely.to_geojson(from_stored(shapes[there], system))
    return [
        f'{{"type":"Feature","id":"{row[leading]}","geometry":{text},'
        f'"properties":{orjson.dumps(dict(zip(told, row[leading + 2 :], strict=True))).decode()}}}'
        for row, text in zip(rows, texts, strict=True)
    ]


def meets(collection: Collection, store: Store, area: Any) -> ColumnElement[bool]:
    """Return the condition that a row's geometry meets an area."""
    return store.holds("ST_Intersects", collection, area)
