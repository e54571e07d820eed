"""Days on the command line, such as 2026-03-01."""

from __future__ import annotations

import re
from datetime import date

from geo.errors import Refused

__all__ = ["DAY", "read_day"]

DAY = "YYYY-MM-DD"
"""How a day is written, for help texts."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(words: str) -> date:
    """Return the day that was written.

    Raises
    ------
    Refused
        It is written another way, or the calendar has no such day.
    """
    try:
        if _DAY.fullmatch(words.strip()) is None:
            raise ValueError
        return date.fromisoformat(words.strip())
    except ValueError as error:
        raise Refused("day.unreadable", day=words) from error
