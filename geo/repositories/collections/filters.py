"""CQL2 to SQL: the parsed expression is mapped to columns of one collection, every value bound.

Source: OGC 21-065r2, Common Query Language (CQL2). The library ``cql2`` reads both its encodings into one tree; here
every node is checked: an unknown property, operator or function, or a value of another type, is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import cql2
from sqlalchemy import ColumnElement, Double, and_, cast, func, literal, not_, or_, type_coerce
from sqlalchemy import Text as SqlText

from geo.errors import Refused
from geo.repositories.collections.collection import Collection, ValueType
from geo.repositories.collections.expressions import Like, Lower
from geo.repositories.collections.geometries import Store
from geo.repositories.collections.instants import TEMPORAL, temporal
from geo.repositories.collections.values import Family, Operand, Written, fitted
from geo.spatial.reference_systems import CRS84, ReferenceSystem

__all__ = ["Encoding", "condition", "read_filter"]

MOST_CHARACTERS: Final = 20_000
MOST_NESTING: Final = 12
MOST_NEGATIONS: Final = 32
MOST_SIGNS: Final = 64
MOST_LINKS: Final = 1_000
MOST_NODES: Final = 2_000

_GREATEST: Final = 1e300
_QUOTED = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"", re.DOTALL)
_NEGATION = re.compile(r"\bNOT\b", re.IGNORECASE)
_LINK = re.compile(r"[-=<>]")
"""What makes a chain; a minus before a coordinate counts too, which leaves room for hundreds of them."""
_SIGN = re.compile(r"[+*/%^]|\bdiv\b|-(?=\s*-)", re.IGNORECASE)


class Encoding(StrEnum):
    """How a filter is written."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


def read_filter(words: str, encoding: Encoding) -> Any:
    """Parse a filter into its CQL2 JSON tree.

    The parser is written for trusted text: deep or unclosed brackets cost it time that doubles with each, or the
    process. What could do that is refused before it is asked.

    Raises
    ------
    Refused
        It is not CQL2, or it is too long or too deep.
    """
    if len(words) > MOST_CHARACTERS:
        raise Refused("ogc.filter_too_long", most=MOST_CHARACTERS)
    try:
        if encoding is Encoding.TEXT:
            _check_text(words)
            tree = cql2.parse_text(words).to_json()
        else:
            _check_depth(json.loads(words))
            tree = cql2.parse_json(words).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError, TypeError, RecursionError) as error:
        raise Refused("ogc.filter_unreadable", place=_place(error)) from error
    if tree is None:
        raise Refused("ogc.filter_unreadable", place="null")
    _check_depth(tree)
    return tree


def condition(
    tree: Any, collection: Collection, store: Store, *, system: ReferenceSystem = CRS84
) -> ColumnElement[bool]:
    """Return the condition that a CQL2 tree says of a collection's rows.

    Parameters
    ----------
    tree
        Of `read_filter`.
    store
        Engine of the store: geometries are bound in its way.
    system
        Reference system of the tree's geometries (``filter-crs``).

    Raises
    ------
    Refused
        By what it names or compares.
    """
    return _Mapping(collection, store, system).truth(tree)


@dataclass(frozen=True, slots=True)
class _Mapping:
    collection: Collection
    store: Store
    system: ReferenceSystem

    def truth(self, node: Any) -> ColumnElement[bool]:
        if isinstance(node, bool):
            return literal(node)
        if isinstance(node, Mapping) and "property" in node:
            found = self.operand(node)
            if found.family is not Family.BOOLEAN or found.column is None:
                raise Refused("ogc.filter_not_a_condition")
            return found.column
        op, arguments = _call(node)
        count, answer = _OPERATORS.get(op, (0, None))
        if answer is None or (len(arguments) < 2 if count is None else len(arguments) != count):
            raise Refused("ogc.filter_unknown_operator", operator=op[:40])
        return answer(self, op, *arguments)

    def both(self, op: str, *conditions: Any) -> ColumnElement[bool]:
        return (and_ if op == "and" else or_)(*(self.truth(one) for one in conditions))

    def opposite(self, _op: str, one: Any) -> ColumnElement[bool]:
        return not_(self.truth(one))

    def missing(self, _op: str, one: Any) -> ColumnElement[bool]:
        return self._column(one).is_(None)

    def between(self, _op: str, *three: Any) -> ColumnElement[bool]:
        value, low, high = fitted([self.operand(one) for one in three])
        return value.sql.between(low.sql, high.sql)

    def among(self, _op: str, one: Any, listed: Any) -> ColumnElement[bool]:
        if not isinstance(listed, list) or not listed:
            raise Refused("ogc.filter_types")
        value, *rest = fitted([self.operand(node) for node in (one, *listed)])
        return value.sql.in_([other.sql for other in rest])

    def in_time(self, op: str, first: Any, second: Any) -> ColumnElement[bool]:
        return temporal(op, self.operand(first), self.operand(second))

    def operand(self, node: Any) -> Operand:
        if not isinstance(node, Mapping):
            return Operand((written := _plain(node)).family, written=written)
        if "property" in node:
            return self._property(str(node["property"]))
        written_time = Written.of(node)
        if written_time is not None:
            return Operand(written_time.family, written=written_time)
        op, arguments = _call(node)
        if op == "casei" and len(arguments) == 1:
            return self._lower(arguments[0])
        if op in _RECKON and len(arguments) == 2:
            return self._reckon(op, *arguments)
        raise Refused("ogc.filter_unknown_operator", operator=op[:40])

    def _lower(self, node: Any) -> Operand:
        (inner,) = fitted([self.operand(node)])
        if inner.family is not Family.TEXT:
            raise Refused("ogc.filter_types")
        return Operand(Family.TEXT, Lower(inner.sql))

    def _property(self, name: str) -> Operand:
        found = self.collection.queryables.get(name)
        if found is None:
            raise Refused("ogc.unknown_property", name=name[:60], known=", ".join(self.collection.queryables))
        column = type_coerce(found.column, SqlText) if found.value_type is ValueType.CODE else found.column
        return Operand(Family.of(found.value_type), column)

    def _column(self, node: Any) -> ColumnElement[Any]:
        if isinstance(node, Mapping) and node.get("property") in _GEOMETRY_NAMES:
            return self.collection.geometry
        found = self.operand(node)
        if found.column is None:
            raise Refused("ogc.filter_types")
        return found.column

    def compare(self, op: str, first: Any, second: Any) -> ColumnElement[bool]:
        left, right = fitted([self.operand(first), self.operand(second)])
        if left.family in {Family.ID, Family.BOOLEAN} and op not in {"=", "<>"}:
            raise Refused("ogc.filter_types")
        return _COMPARE[op](left.sql, right.sql)

    def like(self, _op: str, first: Any, second: Any) -> ColumnElement[bool]:
        words, pattern = fitted([self.operand(first), self.operand(second)])
        shown = _pattern(second)
        if words.family is not Family.TEXT or shown is None:
            raise Refused("ogc.filter_types")
        if (len(shown) - len(shown.rstrip("\\"))) % 2:
            raise Refused("ogc.filter_unreadable", place="\\")
        return Like(words.sql, pattern.sql)

    def _reckon(self, op: str, first: Any, second: Any) -> Operand:
        left, right = fitted([self.operand(first), self.operand(second)])
        if left.family is not Family.NUMBER:
            raise Refused("ogc.filter_types")
        return Operand(Family.NUMBER, _RECKON[op](cast(left.sql, Double), cast(right.sql, Double)))

    def spatial(self, op: str, first: Any, second: Any) -> ColumnElement[bool]:
        name, swapped = _SPATIAL[op]
        if not _is_geometry(first):
            first, second, name = second, first, swapped
        if not _is_geometry(first) or not isinstance(second, Mapping) or "property" in second:
            raise Refused("ogc.filter_geometry")
        area = self.store.read_geometry(second, self.system)
        return self.store.holds(name, self.collection, area)


def _plain(node: Any) -> Written:
    if isinstance(node, bool):
        return Written(Family.BOOLEAN, node)
    if isinstance(node, int | float):
        if not math.isfinite(node) or abs(node) > _GREATEST:
            raise Refused("ogc.filter_number")
        return Written(Family.NUMBER, float(node))
    if not isinstance(node, str) or "\0" in node:
        raise Refused("ogc.filter_types")
    return Written(Family.TEXT, node)


def _call(node: Any) -> tuple[str, list[Any]]:
    if not isinstance(node, Mapping) or not isinstance(node.get("op"), str) or not isinstance(node.get("args"), list):
        raise Refused("ogc.filter_not_a_condition")
    return node["op"], node["args"]


def _is_geometry(node: Any) -> bool:
    return isinstance(node, Mapping) and node.get("property") in _GEOMETRY_NAMES


def _pattern(node: Any) -> str | None:
    while isinstance(node, Mapping) and node.get("op") == "casei" and node.get("args"):
        node = node["args"][0]
    return node if isinstance(node, str) else None


def _check_text(words: str) -> None:
    bare = _QUOTED.sub("''", words)
    depth = deepest = 0
    for sign in bare:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth or "'" in bare.replace("''", ""):
        raise Refused("ogc.filter_unreadable", place="( )" if depth else "'")
    counted = ((_NEGATION, MOST_NEGATIONS), (_SIGN, MOST_SIGNS), (_LINK, MOST_LINKS))
    if deepest > MOST_NESTING or any(len(sign.findall(bare)) > most for sign, most in counted):
        raise Refused("ogc.filter_too_deep")


def _check_depth(tree: Any) -> None:
    level, nodes, depth = [tree], 0, 0
    while level:
        below: list[Any] = []
        for node in level:
            # Coordinates are not part of the condition.
            if isinstance(node, Mapping) and "coordinates" not in node:
                below.extend(node.values())
            elif isinstance(node, list):
                below.extend(node)
        nodes, depth, level = nodes + len(level), depth + 1, below
        if depth > 4 * MOST_NESTING or nodes > 4 * MOST_NODES:
            raise Refused("ogc.filter_too_deep")


def _place(error: Exception) -> str:
    found = re.search(r"-->\s*(\d+):(\d+)", str(error))
    return f"{found[1]}:{found[2]}" if found else "?"


_GEOMETRY_NAMES = frozenset({"geometry", "geom"})
_COMPARE: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_RECKON: dict[str, Callable[[Any, Any], ColumnElement[Any]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    # Divided by nothing there is no number, on either engine.
    "/": lambda left, right: left / func.nullif(right, 0.0),
    "^": lambda left, right: func.power(left, right, type_=Double),
}
_SPATIAL: dict[str, tuple[str, str]] = {
    "s_intersects": ("ST_Intersects", "ST_Intersects"),
    "s_disjoint": ("ST_Disjoint", "ST_Disjoint"),
    "s_equals": ("ST_Equals", "ST_Equals"),
    "s_touches": ("ST_Touches", "ST_Touches"),
    "s_within": ("ST_Within", "ST_Contains"),
    "s_contains": ("ST_Contains", "ST_Within"),
    "s_overlaps": ("ST_Overlaps", "ST_Overlaps"),
    "s_crosses": ("ST_Crosses", "ST_Crosses"),
}
"""Name of the engine's function, and of the one that says the same with the arguments changed about."""
_OPERATORS: dict[str, tuple[int | None, Callable[..., ColumnElement[bool]] | None]] = {
    "and": (None, _Mapping.both),
    "or": (None, _Mapping.both),
    "not": (1, _Mapping.opposite),
    "isNull": (1, _Mapping.missing),
    "like": (2, _Mapping.like),
    "between": (3, _Mapping.between),
    "in": (2, _Mapping.among),
    **dict.fromkeys(_COMPARE, (2, _Mapping.compare)),
    **dict.fromkeys(_SPATIAL, (2, _Mapping.spatial)),
    **dict.fromkeys(TEMPORAL, (2, _Mapping.in_time)),
}
"""How many arguments an operator has, None for two or more, and what it means."""
