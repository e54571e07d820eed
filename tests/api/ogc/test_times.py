"""Temporal operators of CQL2 against their definition, written down a second time in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from geo.models import AppraisalEvent
from geo.services.workspace import Workspace

DAYS = (date(2014, 11, 10), date(2014, 11, 19), date(2014, 11, 25))
EVENTS = "/ogc/collections/events/items"
FIRST, LAST = date.min, date.max
"""An open end is before, or after, everything."""

Span = tuple[date, date]
RULES: dict[str, Callable[[Span, Span], bool]] = {
    # OGC 21-065r2, table 14: a is the first argument, b the second; an instant begins and ends at once.
    "T_AFTER": lambda a, b: a[0] > b[1],
    "T_BEFORE": lambda a, b: a[1] < b[0],
    "T_DISJOINT": lambda a, b: a[1] < b[0] or a[0] > b[1],
    "T_INTERSECTS": lambda a, b: not (a[1] < b[0] or a[0] > b[1]),
    "T_EQUALS": lambda a, b: a == b,
    "T_DURING": lambda a, b: a[0] > b[0] and a[1] < b[1],
    "T_CONTAINS": lambda a, b: a[0] < b[0] and a[1] > b[1],
    "T_FINISHES": lambda a, b: a[0] > b[0] and a[1] == b[1],
    "T_FINISHEDBY": lambda a, b: a[0] < b[0] and a[1] == b[1],
    "T_STARTS": lambda a, b: a[0] == b[0] and a[1] < b[1],
    "T_STARTEDBY": lambda a, b: a[0] == b[0] and a[1] > b[1],
    "T_MEETS": lambda a, b: a[1] == b[0],
    "T_METBY": lambda a, b: a[0] == b[1],
    "T_OVERLAPS": lambda a, b: a[0] < b[0] < a[1] < b[1],
    "T_OVERLAPPEDBY": lambda a, b: b[0] < a[0] < b[1] < a[1],
}
SPANS: dict[str, Span] = {
    "DATE('2014-11-19')": (DAYS[1], DAYS[1]),
    "INTERVAL('2014-11-10','2014-11-25')": (DAYS[0], DAYS[2]),
    "INTERVAL('2014-11-19','2014-11-25')": (DAYS[1], DAYS[2]),
    "INTERVAL('2014-11-10','2014-11-19')": (DAYS[0], DAYS[1]),
    "INTERVAL('..','2014-11-19')": (FIRST, DAYS[1]),
    "INTERVAL('2014-11-19','..')": (DAYS[1], LAST),
}


@pytest.fixture
def days(workspace: Workspace, event_id: Any) -> None:
    """Three events, nine and six days apart."""
    with workspace.write(actor="test") as session:
        event = session.query(AppraisalEvent).one()
        for day in (DAYS[0], DAYS[2]):
            session.add(
                AppraisalEvent(
                    cycle_id=event.cycle_id,
                    settlement_id=event.settlement_id,
                    kind=event.kind,
                    held_on=day,
                    group_age_from=18,
                    group_age_to=35,
                    group_sex=event.group_sex,
                )
            )


def test_temporal_operators_say_what_their_definition_says(service: TestClient, days: None) -> None:
    told = 0
    for name, rule in RULES.items():
        for words, span in SPANS.items():
            for asked, expected in (
                (f"{name}(held_on, {words})", {day for day in DAYS if rule((day, day), span)}),
                (f"{name}({words}, held_on)", {day for day in DAYS if rule(span, (day, day))}),
            ):
                answer = service.get(EVENTS, params={"filter": asked})
                assert answer.status_code == 200, (asked, answer.text)
                found = {date.fromisoformat(one["properties"]["held_on"]) for one in answer.json()["features"]}
                assert found == expected, asked
                told += bool(expected)
    assert told > 50
