"""Values in conditions: what a filter wrote and what a column holds, brought to one type before they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Date, Double, Text, literal

from geo.errors import Refused
from geo.models.types import Id, UtcDateTime
from geo.repositories.collections.collection import ValueType

__all__ = ["Family", "Operand", "Written", "fitted", "read_day", "read_moment"]


class Family(StrEnum):
    """Values that can be compared with each other."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"
    ID = "id"
    INTERVAL = "interval"

    @classmethod
    def of(cls, value_type: ValueType) -> Family:
        """Return the family of a property's values."""
        return _FAMILIES[value_type]


_FAMILIES = {
    ValueType.TEXT: Family.TEXT,
    ValueType.CODE: Family.TEXT,
    ValueType.ID: Family.ID,
    ValueType.INTEGER: Family.NUMBER,
    ValueType.NUMBER: Family.NUMBER,
    ValueType.BOOLEAN: Family.BOOLEAN,
    ValueType.DATE: Family.DAY,
    ValueType.MOMENT: Family.MOMENT,
}
_SQL_TYPES: dict[Family, Any] = {
    Family.TEXT: Text(),
    Family.NUMBER: Double(),
    Family.BOOLEAN: Boolean(),
    Family.DAY: Date(),
    Family.MOMENT: UtcDateTime(),
    Family.ID: Id(),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A value as a filter wrote it; an interval is a pair, None where it is open."""

    family: Family
    value: Any

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> Written | None:
        """Return what a node of CQL2 JSON writes, None where it writes no date, moment or interval."""
        if "date" in node:
            return cls(Family.DAY, read_day(str(node["date"])))
        if "timestamp" in node:
            return cls(Family.MOMENT, read_moment(str(node["timestamp"])))
        interval = node.get("interval")
        if isinstance(interval, list) and len(interval) == 2:
            return cls(Family.INTERVAL, tuple(_end(one) for one in interval))
        return None


@dataclass(frozen=True, slots=True)
class Operand:
    """A side of a comparison: a column or reckoned expression, or a value that was written."""

    family: Family
    column: ColumnElement[Any] | None = None
    written: Written | None = None

    @property
    def sql(self) -> ColumnElement[Any]:
        """Expression to compare with; a written value is bound."""
        if self.column is not None:
            return self.column
        if self.written is None or self.family is Family.INTERVAL:
            raise Refused("ogc.filter_types")
        return literal(self.written.value, _SQL_TYPES[self.family])


def fitted(operands: Sequence[Operand]) -> list[Operand]:
    """Return operands of one family: columns say which, and what was written follows.

    Raises
    ------
    Refused
        They cannot be compared.
    """
    families = {one.family for one in operands if one.column is not None} or {operands[0].family}
    if len(families) > 1:
        raise Refused("ogc.filter_types")
    (family,) = families
    return [
        one if one.column is not None else Operand(family, written=_turned(one.written, family)) for one in operands
    ]


def read_day(words: str) -> date:
    """Read a date as RFC 3339 writes it.

    Raises
    ------
    Refused
        It is none.
    """
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise Refused("ogc.bad_time", value=words[:60]) from error


def read_moment(words: str) -> datetime:
    """Read a moment as RFC 3339 writes it, with its time zone.

    Raises
    ------
    Refused
        It is none.
    """
    try:
        moment = datetime.fromisoformat(words)
        if moment.tzinfo is None or "T" not in words.upper():
            raise ValueError(words)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("ogc.bad_time", value=words[:60]) from error


def _end(one: Any) -> date | datetime | None:
    if isinstance(one, Mapping):
        one = one.get("date") or one.get("timestamp")
    if not isinstance(one, str):
        raise Refused("ogc.filter_types")
    if one == "..":
        return None
    return read_day(one) if len(one) <= len("2014-11-19") else read_moment(one)


def _turned(written: Written | None, family: Family) -> Written:
    if written is None:
        raise Refused("ogc.filter_types")
    value = written.value
    if written.family is family:
        return written
    if written.family is Family.TEXT:
        if family is Family.ID:
            return Written(family, _read_id(value))
        if family is Family.DAY:
            return Written(family, read_day(value))
        if family is Family.MOMENT:
            return Written(family, read_moment(value))
    if written.family is Family.DAY and family is Family.MOMENT:
        return Written(family, datetime.combine(value, time(), UTC))
    raise Refused("ogc.filter_types")


def _read_id(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Refused("ogc.filter_types") from error
