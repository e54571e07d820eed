"""Reading the collections of features as a reader may see them (OGC API – Features, parts 1 to 3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg2
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.exc import DBAPIError

from geo.database.database import Database
from geo.database.lone_statements import ask
from geo.domain.rights import Action, Actor
from geo.errors import NotFound, Refused
from geo.repositories.collections.box_pages import (
    BoxPage,
    MarkedPage,
    is_small,
    read_marked_page,
    read_page_of_box,
)
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.filters import condition
from geo.repositories.collections.geometries import area_of_box
from geo.repositories.collections.instants import within
from geo.repositories.collections.items import Item, ItemsPage, meets, read_item, read_page, store_of
from geo.repositories.collections.order import Order
from geo.repositories.collections.registry import COLLECTIONS
from geo.services.given_out import Asked, Bodies
from geo.spatial.reference_systems import CRS84, ReferenceSystem

__all__ = ["ItemsQuery", "find_collection", "item", "items", "page_of_box"]

# Division by nothing, a number out of range, a pattern that ends in its escape: by the values that a filter brought.
_DATA_ERRORS = (psycopg2.DataError, psycopg2.errors.QueryCanceled, sqlite3.DataError)

_pages: WeakKeyDictionary[Database, Bodies[MarkedPage]] = WeakKeyDictionary()
_asked: WeakKeyDictionary[Database, Asked] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemsQuery:
    """Which features a page is to show, and how.

    Attributes
    ----------
    limit
        Most features.
    box
        West, south, east, north in degrees, where the area is no more than that.
    area
        Longitude latitude area that features meet.
    time
        Beginning and end of a span, None where it is open.
    tree, filter_system
        CQL2 condition, and the reference system of its geometries.
    order, after
        Order of the list, and values of the row before the page.
    names
        Properties that are told; all where it is None.
    system
        Reference system of the answer.
    """

    limit: int = 10
    box: tuple[float, float, float, float] | None = None
    area: BaseGeometry | None = None
    time: tuple[date | datetime | None, date | datetime | None] | None = None
    tree: Any = None
    filter_system: ReferenceSystem = CRS84
    order: Order = field(default_factory=lambda: Order(()))
    after: tuple[Any, ...] | None = None
    names: tuple[str, ...] | None = None
    system: ReferenceSystem = CRS84

    @property
    def is_plain(self) -> bool:
        """Whether a small box is all that is asked."""
        asked = (self.area, self.time, self.tree, self.after)
        return self.box is not None and not self.order.keys and all(one is None for one in asked) and is_small(self.box)


def find_collection(collection_id: str) -> Collection:
    """Return a collection by its id.

    Raises
    ------
    NotFound
        There is none.
    """
    found = COLLECTIONS.get(collection_id)
    if found is None:
        raise NotFound("ogc.unknown_collection", id=collection_id[:60], known=", ".join(COLLECTIONS))
    return found


def items(database: Database, collection: Collection, query: ItemsQuery, *, actor: Actor) -> ItemsPage:
    """Return a page of what an actor may see.

    Raises
    ------
    Refused
        The filter names or compares what it cannot, or takes too long.
    """
    sees = collection.sees(actor)

    def read(connection: Connection) -> ItemsPage:
        conditions = [sees, *_conditions(connection, collection, query)]
        return read_page(
            connection,
            collection,
            conditions,
            system=query.system,
            names=query.names,
            limit=query.limit,
            order=query.order,
            after=query.after,
        )

    with _values_told():
        return ask(database, read)


async def page_of_box(
    database: Database, collection: Collection, query: ItemsQuery, *, actor: Actor
) -> ItemsPage | None:
    """Return what `items` does, without a thread, where a small box of a PostGIS database is all that is asked.

    None where it is not, or where the actor sees more than the public and less than everything.

    Raises
    ------
    Refused
        It takes too long.
    """
    allowed = actor.municipalities(Action.READ, collection.subject)
    if query.box is None or not query.is_plain or allowed or database.is_geopackage:
        return None
    wanted = BoxPage(collection, query.box, query.system, query.names, query.limit, allowed is None)
    with _values_told():
        return await _page_of_box(database, wanted, lambda: collection.sees(actor))


async def _page_of_box(database: Database, wanted: BoxPage, sees: Callable[[], ColumnElement[bool]]) -> ItemsPage:
    if not _asked.setdefault(database, Asked()).again(wanted.key):
        return await read_page_of_box(database, wanted, sees)
    at_hand = _pages.setdefault(database, Bodies())
    # What this process has is not written and sent again by the server, which alone knows whether it is still true.
    ours = at_hand.get(wanted.key)
    found = await read_marked_page(database, wanted, sees, known=ours.mark if ours else None)
    page = found.page or (ours.page if ours else None)
    assert page is not None
    if found.page is not None and found.mark is not None:
        at_hand.put(wanted.key, found, len(page.features))
    return page


def item(
    database: Database, collection: Collection, identifier: UUID, *, system: ReferenceSystem, actor: Actor
) -> Item:
    """Return one feature.

    Raises
    ------
    NotFound
        There is none, or the actor may not see it.
    """
    sees = collection.sees(actor)
    found = ask(database, lambda connection: read_item(connection, collection, identifier, [sees], system=system))
    if found is None:
        raise NotFound("record.unknown", id=identifier)
    return found


def _conditions(connection: Connection, collection: Collection, query: ItemsQuery) -> Iterator[ColumnElement[bool]]:
    store = store_of(connection)
    area = query.area if query.box is None else area_of_box(list(query.box))
    if area is not None:
        yield meets(collection, store, area)
    if query.time is not None and collection.moment is not None:
        moment = next(one for one in collection.properties if one.name == collection.moment)
        yield within(moment, *query.time)
    if query.tree is not None:
        yield condition(query.tree, collection, store, system=query.filter_system)


@contextmanager
def _values_told() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        if error.key != "record.value_unusable":
            raise
        raise Refused("ogc.filter_failed") from error
    except DBAPIError as error:
        by_values = isinstance(error.orig, _DATA_ERRORS) or "user-defined function raised" in str(error.orig)
        if not by_values:
            raise
        raise Refused("ogc.filter_failed") from error
