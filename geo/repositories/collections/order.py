"""The order of a list and where a page of it begins (keyset paging): no row comes twice or is passed by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, literal, or_, type_coerce

from geo.repositories.alphabet import ByLetter, KyrgyzOrder
from geo.repositories.collections.collection import Collection, Property, ValueType

__all__ = ["Order", "SortKey"]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A property to order by."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Properties to order by, the first first; rows alike come as they were made, rows without a value last."""

    keys: tuple[SortKey, ...]

    def columns(self, collection: Collection) -> list[ColumnElement[Any]]:
        """Return what is ordered by, without the key."""
        return [_column(collection.sortables[key.name]) for key in self.keys]

    def terms(self, collection: Collection) -> list[ColumnElement[Any]]:
        """Return the terms of ORDER BY, without the key."""
        found: list[ColumnElement[Any]] = []
        for key, column in zip(self.keys, self.columns(collection), strict=True):
            one = collection.sortables[key.name]
            side = _collated(one, column)
            if one.nullable:
                found.append(column.is_(None))
            found.append(side.desc() if key.descending else side)
        return found

    def after(self, collection: Collection, values: tuple[Any, ...]) -> ColumnElement[bool]:
        """Return the condition that a row comes after the one with these values; the last value is its key."""
        *sorts, key_value = values
        beyond: ColumnElement[bool] = collection.key > key_value
        for key, value in reversed(list(zip(self.keys, sorts, strict=True))):
            one = collection.sortables[key.name]
            column = _column(one)
            if value is None:
                beyond = and_(column.is_(None), beyond)
                continue
            bound = _collated(one, literal(value, column.type))
            side = _collated(one, column)
            further = side < bound if key.descending else side > bound
            beyond = or_(further, and_(side == bound, beyond), *([column.is_(None)] if one.nullable else []))
        return beyond


def _column(one: Property) -> ColumnElement[Any]:
    return type_coerce(one.column, Text) if one.value_type is ValueType.CODE else one.column


def _collated(one: Property, column: ColumnElement[Any]) -> ColumnElement[Any]:
    if one.value_type is ValueType.TEXT:
        return KyrgyzOrder(column)
    return ByLetter(column) if one.value_type is ValueType.CODE else column
