"""Temporal operators of CQL2 over instants and intervals (OGC 21-065r2, clause 7.6), and the ``datetime`` of a query.

An instant is an interval that ends when it begins. A date stands for its midnight in UTC where it meets moments.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, not_, or_, true

from geo.errors import Refused
from geo.models.types import UtcDateTime
from geo.repositories.collections.collection import Property, ValueType
from geo.repositories.collections.values import Family, Operand

__all__ = ["TEMPORAL", "temporal", "within"]

Span = tuple[Any, Any]
"""Beginning and end as expressions; None where there is no bound."""


def temporal(op: str, first: Operand, second: Operand) -> ColumnElement[bool]:
    """Return the condition of one temporal operator.

    Raises
    ------
    Refused
        The operands are no times, or no column is among them.
    """
    columns = [one for one in (first, second) if one.column is not None]
    if not columns or any(one.family not in {Family.DAY, Family.MOMENT} for one in columns):
        raise Refused("ogc.filter_types")
    if len({one.family for one in columns}) > 1:
        raise Refused("ogc.filter_types")
    days = columns[0].family is Family.DAY
    return TEMPORAL[op](_span(first, days=days), _span(second, days=days))


def within(moment: Property, begin: date | datetime | None, end: date | datetime | None) -> ColumnElement[bool]:
    """Return the condition that a property lies in a time span, ends included; a row without a time always does.

    A date as an end of a span of moments means the whole day (OGC 17-069r4, clause 7.15.4 leaves it open).
    """
    days = moment.value_type is ValueType.DATE
    found: list[ColumnElement[bool]] = []
    if begin is not None:
        found.append(moment.column >= _bound(begin, days=days))
    if end is not None and not days and not isinstance(end, datetime):
        found.append(moment.column <= _bound(datetime.combine(end, time.max, UTC), days=False))
    elif end is not None:
        found.append(moment.column <= _bound(end, days=days))
    return or_(moment.column.is_(None), and_(true(), *found))


def _span(operand: Operand, *, days: bool) -> Span:
    if operand.column is not None:
        return operand.column, operand.column
    if operand.written is None:
        raise Refused("ogc.filter_types")
    value = operand.written.value
    if operand.family is Family.INTERVAL:
        begin, end = (None if one is None else _bound(one, days=days) for one in value)
        return begin, end
    if operand.family not in {Family.DAY, Family.MOMENT}:
        raise Refused("ogc.filter_types")
    at = _bound(value, days=days)
    return at, at


def _bound(value: date | datetime, *, days: bool) -> ColumnElement[Any]:
    if days:
        return literal(value.date() if isinstance(value, datetime) else value)
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    return literal(value, UtcDateTime())


def _lt(left: Any, right: Any, *, open_is: bool) -> ColumnElement[bool]:
    """Return left < right, where None stands for a bound that is not there."""
    if left is None or right is None:
        return true() if open_is else false()
    less: ColumnElement[bool] = left < right
    return less


def _eq(left: Any, right: Any) -> ColumnElement[bool]:
    if left is None or right is None:
        return true() if left is None and right is None else false()
    same: ColumnElement[bool] = left == right
    return same


def _before(a: Span, b: Span) -> ColumnElement[bool]:
    return _lt(a[1], b[0], open_is=False)


def _meets(a: Span, b: Span) -> ColumnElement[bool]:
    return false() if a[1] is None or b[0] is None else a[1] == b[0]


def _starts_later(a: Span, b: Span) -> ColumnElement[bool]:
    """Return whether a begins after b does; an open beginning is before everything."""
    return false() if a[0] is None else true() if b[0] is None else a[0] > b[0]


def _ends_earlier(a: Span, b: Span) -> ColumnElement[bool]:
    return false() if a[1] is None else true() if b[1] is None else a[1] < b[1]


def _intersects(a: Span, b: Span) -> ColumnElement[bool]:
    return and_(not_(_before(a, b)), not_(_before(b, a)))


def _during(a: Span, b: Span) -> ColumnElement[bool]:
    return and_(_starts_later(a, b), _ends_earlier(a, b))


def _overlaps(a: Span, b: Span) -> ColumnElement[bool]:
    later = false() if b[0] is None or a[1] is None else b[0] < a[1]
    return and_(_starts_later(b, a), later, _ends_earlier(a, b))


def _starts(a: Span, b: Span) -> ColumnElement[bool]:
    return and_(_eq(a[0], b[0]), _ends_earlier(a, b))


def _finishes(a: Span, b: Span) -> ColumnElement[bool]:
    return and_(_eq(a[1], b[1]), _starts_later(a, b))


def _equals(a: Span, b: Span) -> ColumnElement[bool]:
    return and_(_eq(a[0], b[0]), _eq(a[1], b[1]))


def _swapped(
    holds: Callable[[Span, Span], ColumnElement[bool]],
) -> Callable[[Span, Span], ColumnElement[bool]]:
    return lambda a, b: holds(b, a)


TEMPORAL: dict[str, Callable[[Span, Span], ColumnElement[bool]]] = {
    "t_before": _before,
    "t_after": _swapped(_before),
    "t_intersects": _intersects,
    "t_disjoint": lambda a, b: not_(_intersects(a, b)),
    "t_equals": _equals,
    "t_during": _during,
    "t_contains": _swapped(_during),
    "t_meets": _meets,
    "t_metBy": _swapped(_meets),
    "t_overlaps": _overlaps,
    "t_overlappedBy": _swapped(_overlaps),
    "t_starts": _starts,
    "t_startedBy": _swapped(_starts),
    "t_finishes": _finishes,
    "t_finishedBy": _swapped(_finishes),
}
"""By name of the operator, as CQL2 JSON writes it."""
