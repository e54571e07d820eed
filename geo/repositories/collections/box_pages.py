"""The first page of what meets a small box, on PostGIS: what maps ask for, each time they are looked at.

The server joins the features itself, in one prepared statement. A page that the caller has already is not written
again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    case,
    func,
    literal_column,
    select,
    true,
)

from geo.database.awaited_statements import ask_prepared
from geo.database.database import Database
from geo.models.types import WGS84_SRS
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.items import ItemsPage, feature_text, rows_in_order, told
from geo.repositories.collections.order import Order
from geo.spatial.reference_systems import ReferenceSystem

__all__ = ["BoxPage", "MarkedPage", "is_small", "read_marked_page", "read_page_of_box"]

_SMALL_DEGREES_2: Final = 0.05
"""Boxes up to this size, some 400 km², hold little enough to be put in order at once."""
_ROUNDED: Final = 2e-5
_BEGINNING: Final = b',{"type":"Feature","id":"'
"""Of a feature behind another: within a text its quotes are escaped, and in ``jsonb`` a space follows a colon."""
_MOST_KEPT: Final = 256
_kept: dict[tuple[str, str, tuple[str, ...] | None, bool, bool], str | None] = {}


@dataclass(frozen=True, slots=True)
class BoxPage:
    """Which page is asked for.

    Attributes
    ----------
    box
        West, south, east, north in degrees; small enough to be read whole (`is_small`).
    names
        Properties that are told; all where it is None.
    everything
        Whether the reader sees every row, else what is public: the two kinds of reader whose condition is the same
        for all of them.
    """

    collection: Collection
    box: tuple[float, float, float, float]
    system: ReferenceSystem
    names: tuple[str, ...] | None
    limit: int
    everything: bool

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells pages apart."""
        return (self.collection.id, self.box, self.system.uri, self.names, self.limit, self.everything)


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page, and the mark by which it is known again.

    Attributes
    ----------
    page
        None where the caller has it.
    mark
        Of the rows on the page and of what they are now. None where rows cannot be told apart in this way.
    """

    page: ItemsPage | None
    mark: int | None


async def read_page_of_box(database: Database, asked: BoxPage, sees: Callable[[], ColumnElement[bool]]) -> ItemsPage:
    """Return the page; the statement is put together once and kept.

    Features are counted where they all are on the page; the standard leaves it open (OGC 17-069r4, clause 7.16.3), and
    to count the rest costs as much again as the page.

    Parameters
    ----------
    sees
        Returns the condition of rows that the reader may see.
    """
    statement = _statement(database, asked, sees, marked=False)
    assert statement is not None
    ((features, count, highest),) = await ask_prepared(database, statement, _values(asked))
    return _page(asked, features, count, highest)


async def read_marked_page(
    database: Database, asked: BoxPage, sees: Callable[[], ColumnElement[bool]], *, known: int | None
) -> MarkedPage:
    """Return the page with its mark, or the mark alone where it is the known one: the same rows, all of them unchanged.

    A mark is made of each row's key and of the transaction that wrote it last (``xmin``: PostgreSQL 15, section 5.5),
    and of the start of the server, for after it the same numbers may come again.

    Parameters
    ----------
    sees
        As `read_page_of_box`.
    known
        Mark of the page that the caller has; None where there is none.
    """
    statement = _statement(database, asked, sees, marked=True)
    if statement is None:
        return MarkedPage(await read_page_of_box(database, asked, sees), None)
    ((features, count, highest, mark),) = await ask_prepared(database, statement, (*_values(asked), known))
    return MarkedPage(None if mark == known else _page(asked, features, count, highest), mark)


def is_small(box: Sequence[float]) -> bool:
    """Return whether a box is read whole."""
    west, south, east, north = box
    return west <= east and (east - west) * (north - south) <= _SMALL_DEGREES_2


def _page(asked: BoxPage, features: bytes | None, count: int, highest: int) -> ItemsPage:
    if features is not None and count > asked.limit:
        # The next page begins with the one too many, whatever the key before it is.
        return ItemsPage(features[: features.rindex(_BEGINNING)], asked.limit, None, (highest - 1,))
    return ItemsPage(features or b"", count, count, None)


def _values(asked: BoxPage) -> tuple[Any, ...]:
    return (*asked.box, asked.limit + 1, *_well_inside(asked.box))


def _well_inside(box: tuple[float, float, float, float]) -> tuple[float | None, ...]:
    """Return a box so far inside another that what PostGIS takes for within it is within the other.

    Boxes of geometries are kept as 32-bit floats, rounded outwards: by less than 2^-16 degrees up to 180.
    """
    west, south, east, north = box
    inner = (west + _ROUNDED, south + _ROUNDED, east - _ROUNDED, north - _ROUNDED)
    return inner if inner[0] < inner[2] and inner[1] < inner[3] else (None, None, None, None)


def _statement(
    database: Database, asked: BoxPage, sees: Callable[[], ColumnElement[bool]], *, marked: bool
) -> str | None:
    key = (asked.collection.id, asked.system.uri, asked.names, asked.everything, marked)
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        dialect = database.read_engine.dialect
        write = _marked_statement if marked else _plain_statement
        _kept[key] = write(asked, sees(), lambda one: str(one.compile(dialect=dialect, compile_kwargs=_LITERALLY)))
    return _kept[key]


_LITERALLY: Final = {"literal_binds": True}


def _plain_statement(asked: BoxPage, sees: ColumnElement[bool], words: Callable[[Any], str]) -> str:
    """Return the statement for four sides (``$1`` to ``$4``) and a number of rows (``$5``), one more than the page has.

    It answers the features as one text, how many they are, and the highest key.
    """
    text = feature_text(asked.collection, asked.names, asked.system)
    return f"SELECT string_agg(feature, ','), count(*), max(s0) FROM ({words(_rows(asked, [text], sees))}) AS page"


def _marked_statement(asked: BoxPage, sees: ColumnElement[bool], words: Callable[[Any], str]) -> str | None:
    """Return the statement that answers a mark, too, and no text where it is the known one (``$10``).

    None where features are not rows of one table.
    """
    collection, table = asked.collection, asked.collection.rows
    columns = [collection.identifier, collection.geometry, *(one.column for one in told(collection, asked.names))]
    if not isinstance(table, Table) or not all(isinstance(one, Column) and one.table is table for one in columns):
        return None
    # By their bare names: a geometry that is selected would be turned into what a driver reads.
    held: list[Any] = [literal_column(f"{table.name}.{name}") for name in dict.fromkeys(one.name for one in columns)]
    written: Any = literal_column(f"{table.name}.xmin").label("written_by")
    rows = words(_rows(asked, [*held, written], sees))
    text = words(feature_text(collection, asked.names, asked.system).element)
    return (
        f"WITH page AS MATERIALIZED ({rows}), marked AS ("
        "SELECT count(*) AS rows, max(s0) AS highest, hashtextextended(pg_postmaster_start_time()::text,"
        " coalesce(bit_xor(hashtextextended(written_by::text, s0)), 0)) AS mark FROM page) "
        "SELECT CASE WHEN mark IS DISTINCT FROM $10::bigint"
        f" THEN (SELECT string_agg({text}, ',') FROM page AS {table.name}) END, rows, highest, mark FROM marked"
    )


def _rows(asked: BoxPage, columns: Sequence[Any], sees: ColumnElement[bool]) -> Select[Any]:
    """Return the query for what meets the box, in order.

    What lies well inside it (``$6`` to ``$9``) meets it: most of a village does, and is not looked at point by point.
    """
    shape, outer, inner = asked.collection.geometry, _box(1), _box(6)
    # CASE, for of an OR the server would look both parts up in the index.
    meets_box = and_(
        shape.op("&&")(outer), case((shape.op("@")(inner), true()), else_=func.ST_Intersects(shape, outer))
    )
    rows = rows_in_order(asked.collection, columns, [sees, meets_box], Order(()))
    return rows.limit(literal_column("$5::bigint", Integer))


def _box(first: int) -> Any:
    sides: list[Any] = [literal_column(f"${number}::double precision") for number in range(first, first + 4)]
    # A query of its own is answered once, an expression again for each row.
    return select(func.ST_MakeEnvelope(*sides, literal_column(str(WGS84_SRS)))).scalar_subquery()
