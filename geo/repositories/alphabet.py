"""Texts in one order on both engines: names by the Kyrgyz alphabet, codes by the numbers of their letters.

The rules of a server's locale or of ICU set Ё among Е and differ from version to version; a list would not go on where
its last page ended.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from geo.domain.names import GAPS, LATIN, LATIN_LAST, OUT_OF_PLACE
from geo.models.types import EnumText

__all__ = ["ByLetter", "KyrgyzOrder", "in_order"]


_ODD = r"[^ !-@\[-`{-~\u0400-\u04ff-]|[ -][ -]|^[ -]|[ -]$"
"""What keeps a name from the short way, a third of the work: Latin letters, printed marks, odd gaps."""


class ByLetter(FunctionElement[str]):
    """A text to be ordered by the numbers of its letters, whatever language the server was set up in."""

    name = "by_letter"
    type = Text()
    inherit_cache = True


class KyrgyzOrder(FunctionElement[str]):
    """What `geo.domain.names.kyrgyz_order` makes of a text."""

    name = "kyrgyz_order"
    type = Text()
    inherit_cache = True


def in_order(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what to order a column by and to compare a cursor with; anything but text is its own order."""
    if isinstance(column.type, EnumText):
        return ByLetter(type_coerce(column, Text))
    return KyrgyzOrder(column) if isinstance(column.type, Text) else column


@compiles(ByLetter, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(ByLetter, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(KyrgyzOrder, "postgresql")
def _(element: Any, compiler: Any, **options: Any) -> str:
    words = f"({compiler.process(element.clauses, **options)})::text"
    gathered = f"btrim(regexp_replace(normalize({words}), '{GAPS}', ' ', 'g'), ' ')"
    whole = f"translate({_in_places(gathered)}, '{LATIN}', '{LATIN_LAST}')"
    plain = _in_places(f"replace({words}, '-', ' ')")
    return f"(CASE WHEN {words} ~ '{_ODD}' THEN {whole} ELSE {plain} END COLLATE \"C\")"


def _in_places(words: str) -> str:
    # Small letters by ICU, for a database set up in the locale C knows them for Latin alone.
    placed = f'lower({words} COLLATE "und-x-icu")'
    for letter, written in OUT_OF_PLACE.items():
        placed = f"replace({placed}, '{letter}', '{written}')"
    return placed


@compiles(KyrgyzOrder, "sqlite")
def _(element: Any, compiler: Any, **options: Any) -> str:
    return f"kyrgyz_order({compiler.process(element.clauses, **options)})"
