"""The parameters of OGC API – Features, read from the address; what is not known is refused (part 1, clause 7.6)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Set
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from starlette.datastructures import QueryParams

from geo.errors import Refused
from geo.repositories.collections.collection import Collection, Property, ValueType
from geo.repositories.collections.filters import Encoding, read_filter
from geo.repositories.collections.geometries import area_of_box, sides_of_box
from geo.repositories.collections.order import Order, SortKey
from geo.repositories.collections.values import read_day, read_moment
from geo.services.collections import ItemsQuery
from geo.spatial.reference_systems import CRS84, ReferenceSystem, find_reference_system

__all__ = ["ALWAYS", "DEFAULT_LIMIT", "MOST", "check_names", "read_items_query", "read_system", "write_cursor"]

DEFAULT_LIMIT: Final = 100
MOST: Final = 10_000
ALWAYS: Final = ("f", "lang")
_OF_ITEMS: Final = (
    *("limit", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs"),
    *("sortby", "properties", "cursor"),
)
_FIXED: Final = frozenset({*ALWAYS, *_OF_ITEMS})
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_LONGEST_CURSOR = 2_000


def read_items_query(collection: Collection, params: QueryParams) -> ItemsQuery:
    """Return what a page of items is asked for.

    Raises
    ------
    Refused
        A parameter that does not exist, comes twice, or has a value that it cannot have.
    """
    check_names(params, _FIXED | collection.queryables.keys())
    order = _order(collection, params.get("sortby"))
    area = _area(params)
    after = params.get("cursor")
    return ItemsQuery(
        limit=_limit(params.get("limit")),
        **area,
        time=_time(params.get("datetime")),
        tree=_tree(collection, params),
        filter_system=read_system(params.get("filter-crs")),
        order=order,
        after=None if after is None else _read_cursor(after, collection, order),
        names=_names(collection, params.get("properties")),
        system=read_system(params.get("crs")),
    )


def check_names(params: QueryParams, known: Iterable[str]) -> None:
    """Make sure that every parameter is known and comes once.

    Raises
    ------
    Refused
        One is not.
    """
    allowed = known if isinstance(known, Set) else frozenset(known)
    seen = set()
    for name, _ in params.multi_items():
        if name not in allowed:
            raise Refused("ogc.unknown_parameter", name=name[:60], known=", ".join(sorted(allowed)))
        if name in seen:
            raise Refused("ogc.parameter_twice", name=name[:60])
        seen.add(name)


def read_system(words: str | None) -> ReferenceSystem:
    """Return the reference system of a parameter; CRS84 where there is none."""
    return CRS84 if words is None else find_reference_system(words)


def write_cursor(values: tuple[Any, ...]) -> str:
    """Return where a page ended as a word to hand back."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _limit(words: str | None) -> int:
    if words is None:
        return DEFAULT_LIMIT
    if not (words.isascii() and words.isdigit()) or not words.strip("0"):
        raise Refused("ogc.bad_limit", value=words[:20])
    # More than the most is the most, not an error (part 1, requirement 20).
    return MOST if len(words) > 9 else min(int(words), MOST)


def _area(params: QueryParams) -> dict[str, Any]:
    words = params.get("bbox")
    system = read_system(params.get("bbox-crs"))
    if words is None:
        return {}
    parts = [part.strip() for part in words.split(",")]
    if len(parts) not in {4, 6} or not all(_NUMBER.fullmatch(part) for part in parts):
        raise Refused("ogc.bad_box")
    corners = [float(part) for part in parts]
    sides = sides_of_box(corners, system)
    if system.geographic and sides[0] <= sides[2]:
        return {"box": sides}
    return {"area": area_of_box(corners, system)}


def _time(words: str | None) -> tuple[date | datetime | None, date | datetime | None] | None:
    if words is None:
        return None
    parts = words.split("/")
    ends = [None if part in {"", ".."} else _instant(part) for part in parts]
    if len(parts) > 2 or (len(parts) == 1 and ends[0] is None):
        raise Refused("ogc.bad_time", value=words[:60])
    begin, end = ends[0], ends[-1]
    if begin is not None and end is not None and _day(begin) > _day(end):
        raise Refused("ogc.bad_time", value=words[:60])
    return begin, end


def _instant(words: str) -> date | datetime:
    return read_day(words) if len(words) <= len("2014-11-19") else read_moment(words)


def _day(one: date | datetime) -> date:
    return one.date() if isinstance(one, datetime) else one


def _tree(collection: Collection, params: QueryParams) -> Any:
    """Return the filter, and the properties asked for by their name, as one condition."""
    names = [name for name in params if name not in _FIXED]
    parts = [_equals(collection.queryables[name], params[name]) for name in names]
    words = params.get("filter")
    given = params.get("filter-lang", Encoding.TEXT.value)
    if given not in set(Encoding):
        raise Refused("ogc.bad_filter_language", value=given[:40], known=", ".join(Encoding))
    if words is not None:
        parts.append(read_filter(words, Encoding(given)))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}


def _equals(one: Property, words: str) -> Any:
    try:
        value: Any = _VALUES.get(one.value_type, str)(words)
    except (ValueError, Refused) as error:
        raise Refused("ogc.bad_value", name=one.name, value=words[:60]) from error
    return {"op": "=", "args": [{"property": one.name}, value]}


def _truth(words: str) -> bool:
    if words not in {"true", "false"}:
        raise ValueError(words)
    return words == "true"


def _number(words: str) -> float:
    if not _NUMBER.fullmatch(words):
        raise ValueError(words)
    return float(words)


_VALUES: dict[ValueType, Callable[[str], Any]] = {
    ValueType.INTEGER: _number,
    ValueType.NUMBER: _number,
    ValueType.BOOLEAN: _truth,
    ValueType.ID: lambda words: str(UUID(words)),
    ValueType.DATE: lambda words: read_day(words).isoformat(),
    ValueType.MOMENT: lambda words: read_moment(words).isoformat(),
}


def _order(collection: Collection, words: str | None) -> Order:
    if words is None:
        return Order(())
    keys: list[SortKey] = []
    for part in words.split(","):
        # A plus in an address that is not escaped arrives as a space.
        name = part.strip().lstrip("+-")
        if name not in collection.sortables or len(keys) == 4:
            raise Refused("ogc.unknown_property", name=name[:60], known=", ".join(collection.sortables))
        keys.append(SortKey(name, descending=part.strip().startswith("-")))
    return Order(tuple(keys))


def _names(collection: Collection, words: str | None) -> tuple[str, ...] | None:
    if words is None:
        return None
    told = [one.name for one in collection.told]
    wanted = {part.strip() for part in words.split(",")} - {""}
    unknown = sorted(wanted - set(told))
    if unknown:
        raise Refused("ogc.unknown_property", name=unknown[0][:60], known=", ".join(told))
    return tuple(name for name in told if name in wanted)


def _read_cursor(words: str, collection: Collection, order: Order) -> tuple[Any, ...]:
    try:
        if len(words) > _LONGEST_CURSOR:
            raise ValueError(words[:20])
        padded = words + "=" * (-len(words) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        *sorts, key = values
        if not isinstance(key, int) or isinstance(key, bool) or len(sorts) != len(order.keys) or abs(key) >= 2**62:
            raise ValueError(words[:20])
        return (*(_sorted(collection.sortables[k.name], v) for k, v in zip(order.keys, sorts, strict=True)), key)
    except (binascii.Error, ValueError, TypeError, Refused) as error:
        raise Refused("list.bad_cursor") from error


def _sorted(one: Property, value: Any) -> Any:
    if value is None:
        return None
    if one.value_type in {ValueType.INTEGER, ValueType.NUMBER}:
        if not isinstance(value, int | float):
            raise ValueError(value)
        return value
    if one.value_type is ValueType.BOOLEAN:
        if not isinstance(value, bool):
            raise ValueError(value)
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    if one.value_type is ValueType.ID:
        return UUID(value)
    if one.value_type is ValueType.DATE:
        return read_day(value)
    return read_moment(value) if one.value_type is ValueType.MOMENT else value
