"""What a list is asked for, read from the address: filters, box, order, page."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Double, Integer
from starlette.datastructures import QueryParams

from geo.errors import Refused
from geo.models.types import EnumText, Id, UtcDateTime
from geo.repositories.boxes import Bounds
from geo.repositories.records import ListQuery
from geo.services.records.reading import read_cursor
from geo.services.records.resource import Resource, check_storable

__all__ = ["ALWAYS", "MOST", "read_bounds", "read_list_query"]

MOST = 1_000
ALWAYS = ("limit", "cursor", "sort", "count", "lang")
_SORTS = ("created_at", "updated_at")
_MOST_VALUES = 100


def read_list_query(resource: Resource[Any], params: QueryParams) -> ListQuery:
    """Return what a list is asked for.

    Raises
    ------
    Refused
        A parameter that does not exist, or a value that it cannot have; the message says what it can be.
    """
    filters = ("id", *resource.filters)
    own = (*(("bbox",) if resource.has_geometry else ()), *(("standing",) if resource.latest else ()))
    known = (*ALWAYS, *own, *filters)
    for name in params:
        if name not in known:
            raise Refused("list.unknown_parameter", name=name[:60], allowed=", ".join(known))
    sort, descending = _sort(resource, params.get("sort", ""))
    wanted = {name: [_value(resource, name, word) for word in params.getlist(name)] for name in filters}
    if any(len(values) > _MOST_VALUES for values in wanted.values()):
        raise Refused("list.too_many_values", most=_MOST_VALUES)
    return ListQuery(
        filters={name: values for name, values in wanted.items() if values},
        bounds=read_bounds(params["bbox"]) if "bbox" in params else None,
        standing=_standing(params.get("standing", "false")),
        sort=sort,
        descending=descending,
        limit=_limit(params.get("limit", "100")),
        after=read_cursor(params["cursor"]) if "cursor" in params else None,
    )


def read_bounds(words: str) -> Bounds:
    """Read ``west,south,east,north`` in degrees; west greater than east crosses the antimeridian.

    Raises
    ------
    Refused
        Not four numbers, outside ±180 and ±90, or south of its own south.
    """
    try:
        west, south, east, north = (float(word) for word in words.split(","))
    except ValueError as error:
        raise Refused("list.bad_box", value=words[:80]) from error
    inside = all(map(math.isfinite, (west, south, east, north))) and -90 <= south <= north <= 90
    if not inside or not (-180 <= west <= 180 and -180 <= east <= 180):
        raise Refused("list.bad_box", value=words[:80])
    return west, south, east, north


def _sort(resource: Resource[Any], words: str) -> tuple[str, bool]:
    name, descending = words.removeprefix("-"), words.startswith("-")
    if not name:
        return "fid", descending
    sorts = (*resource.sorts, *_SORTS)
    if name not in sorts:
        raise Refused("list.unknown_sort", name=name[:60], allowed=", ".join(sorts))
    return name, descending


def _standing(words: str) -> bool:
    try:
        return _yes_no(words)
    except ValueError as error:
        raise Refused("list.bad_value", name="standing", value=words[:60]) from error


def _limit(words: str) -> int:
    if not (words.isascii() and words.isdigit()) or len(words) > 6 or not 1 <= int(words) <= MOST:
        raise Refused("list.bad_limit", value=words[:20], most=MOST)
    return int(words)


def _value(resource: Resource[Any], name: str, words: str) -> Any:
    kind = resource.model.__table__.c[name].type
    try:
        check_storable(words)
        value = _reader(kind)(words)
        check_storable(value)
    except (ValueError, OverflowError, Refused) as error:
        raise Refused("list.bad_value", name=name, value=words[:60]) from error
    return value


def _reader(kind: Any) -> Callable[[str], Any]:
    if isinstance(kind, EnumText):
        return kind.codes
    if isinstance(kind, Id):
        return UUID
    if isinstance(kind, UtcDateTime):
        return _moment
    for column, read in (
        (Boolean, _yes_no),
        (Integer | BigInteger, _whole),
        (Double, float),
        (Date, date.fromisoformat),
    ):
        if isinstance(kind, column):
            return read
    return str


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError(words)
    return moment.astimezone(UTC)


def _whole(words: str) -> int:
    number = int(words)
    if abs(number) >= 2**31:
        raise ValueError(words)
    return number


def _yes_no(words: str) -> bool:
    if words not in ("true", "false"):
        raise ValueError(words)
    return words == "true"
