"""The session of village X, ready to be written down through the forms of the records (DOMAIN.md section 13)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["SessionX", "load_session_x"]


@dataclass(frozen=True, slots=True)
class SessionX:
    """What the minutes say, by kind of record; ids of the village and the event are to be filled in.

    Attributes
    ----------
    event
        Fields of ``events``, without the settlement.
    circles
        Fields of ``institution-circles``, without the event.
    ties
        As in ``institution-ties``, with Kyrgyz names of the institutions in ``first`` and ``second`` instead of ids.
        "In contact" is the least of ties, touching; "no contact" and "not known" are said too.
    bread
        Lines of the bread.
    statements
        Fields of ``problem-statements``, without the event.
    notes
        Fields of ``village-notes``, without settlement and event.
    """

    event: dict[str, Any]
    circles: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    bread: list[dict[str, Any]]
    statements: list[dict[str, Any]]
    notes: list[dict[str, Any]]


def load_session_x() -> SessionX:
    """Return the session as plain values, new ones at every call.

    >>> session = load_session_x()
    >>> len(session.circles), sum(line["perceived_percent"] for line in session.bread)
    (15, 100)
    """
    content = json.loads(files("geo.sample").joinpath("session_x.json").read_text(encoding="utf-8"))
    return SessionX(**{name: content[name] for name in SessionX.__slots__})
