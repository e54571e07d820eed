"""Words in cells of tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["inert"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


def inert(value: Any) -> Any:
    """Return a value of a cell of a CSV file so that no spreadsheet takes words for a formula; numbers stay.

    >>> inert("=1+1"), inert("Мектеп"), inert(-3)
    ("'=1+1", 'Мектеп', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
