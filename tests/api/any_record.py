"""A row of any table, whatever it says: for tests of who may do what with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count
from typing import Any
from uuid import UUID

from shapely.geometry import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Column, Date, Double, Float, Integer, inspect
from sqlalchemy.orm import Session

from geo.domain.identifiers import new_id
from geo.models import Base, Record
from geo.models.types import EnumText, Id, Json, UtcDateTime

__all__ = ["AnyRecord"]

_numbers = count(1)

_KEPT = {"fid", "id", "version", "created_at", "updated_at", "published_at"}
_KEPT |= {"withdrawn_at", "withdrawn_by", "withdrawn_reason", "is_sensitive"}


class AnyRecord:
    """Makes rows that belong to one municipality.

    Parameters
    ----------
    session
        In which they are added.
    known
        Ids by table that references point at; what is missing is made.
    """

    def __init__(self, session: Session, known: dict[str, UUID]) -> None:
        self.session = session
        self.known = known
        self.models: dict[str, type[Record]] = {
            mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers
        }

    def make(self, model: type[Record], **given: object) -> Any:
        """Add a row and return it."""
        values: dict[str, object] = {}
        for column in inspect(model).local_table.columns:
            if column.name in _KEPT or column.name in given:
                continue
            if column.foreign_keys:
                values[column.name] = self._reference(model, column)
            elif not column.nullable:
                values[column.name] = _value(column)
        row = model(**{**values, **given})
        self.session.add(row)
        self.session.flush()
        return row

    def _reference(self, model: type[Record], column: Column[Any]) -> UUID | None:
        (key,) = column.foreign_keys
        table = key.column.table.name
        if column.nullable:
            owns = table in {"municipality", "settlement"}
            return self.known.get(table) if owns else None
        # What is not given is made anew each time, so that no two rows want the same place.
        return self.known.get(table) or UUID(str(self.make(self.models[table]).id))


def _value(column: Column[Any]) -> object:
    kind = column.type
    if isinstance(kind, EnumText):
        first: StrEnum = next(iter(kind.codes))
        return first
    if isinstance(kind, Json):
        return {}
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 3, 1, 9, tzinfo=UTC)
    if isinstance(kind, Id):
        return new_id()
    if isinstance(kind, Date):
        return date(2026, 3, 1)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return next(_numbers) % 40 + 1  # also a share in percent, a month's day
    if isinstance(kind, Double | Float):
        return 1.0
    if column.name == "geometry":
        return _geometry(str(getattr(kind, "name", "GEOMETRY")))
    return f"{column.name} {new_id()}"


def _geometry(name: str) -> BaseGeometry:
    square = box(78.23, 42.49, 78.24, 42.5)
    return {"POLYGON": square, "MULTIPOLYGON": MultiPolygon([square])}.get(name, Point(78.2385, 42.495))
