"""Lists take no statement for each of their rows: counted on both engines."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.i18n import Language
from geo.models import Activity, AppraisalEvent, BudgetShare, Cycle, Microproject, Problem
from geo.repositories.records import ListQuery
from geo.services.bread import NewSlice, replace_bread
from geo.services.overview import overview
from geo.services.records.reading import list_records
from geo.services.records.registry import RESOURCES
from geo.services.territory import find_settlements
from geo.services.workspace import Workspace
from geo.snapshots import Names
from tests.geo.gallery_walls import new_event, say
from tests.geo.linked_village import LinkedVillage, build
from tests.geo.plan_records import make
from tests.support.statements import counted

MANY = 6


@pytest.fixture
def village(workspace: Workspace) -> LinkedVillage:
    with workspace.write(actor="test") as session:
        return build(session)


def microprojects(session: Session, village: LinkedVillage, number: int) -> None:
    meetings = [
        make(session, "events", settlement_id=village.settlement, kind="assembly", held_on=day, participants=60)
        for day in (f"2014-01-{number + 1:02}", f"2014-02-{number + 1:02}")
    ]
    committee = make(session, "people-groups", kind="investment_committee", cycle_id=village.cycle, name=f"К {number}")
    work = make(session, "activities", plan_id=village.plan, purpose="roads", title=f"Жол {number}")
    first, second = meetings
    ends: dict[str, Any] = {"first_meeting_id": first, "second_meeting_id": second, "committee_id": committee}
    make(session, "microprojects", activity_id=work, **ends)


def problems(session: Session, village: LinkedVillage, number: int) -> None:
    cycle = Cycle(municipality_id=village.municipality, year=2020 + number)
    session.add(cycle)
    session.flush()
    event = new_event(session, cycle.id, village.settlement, participants=30)
    say(session, event.id, f"Жол начар {number}", 5)


def loaves(session: Session, village: LinkedVillage, number: int) -> None:
    event = make(
        session,
        "events",
        settlement_id=village.settlement,
        kind="assembly",
        held_on=f"2014-03-{number + 1:02}",
        participants=60,
    )
    slices = [
        NewSlice(names=Names(ky=name), perceived_percent=50, actual_percent=40 + 20 * at)
        for at, name in enumerate(("мектеп", "жол"))
    ]
    replace_bread(session, event, slices, actor=LOCAL)


def events(session: Session, village: LinkedVillage, number: int) -> None:
    cycle = Cycle(municipality_id=village.municipality, year=2030 + number)
    session.add(cycle)
    session.flush()
    new_event(session, cycle.id, village.settlement, participants=30)


def villages(session: Session, village: LinkedVillage, number: int) -> None:
    place = {"type": "Point", "coordinates": [78.2, 42.4]}
    one = make(session, "settlements", name_ky=f"Айыл {number}", geometry=place)
    make(session, "memberships", settlement_id=one, municipality_id=village.municipality)


MAKERS = {
    "events": (events, AppraisalEvent),
    "settlements": (villages, AppraisalEvent),
    "microprojects": (microprojects, Microproject),
    "problems": (problems, Problem),
    "budget-shares": (loaves, BudgetShare),
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("by", ["local", "facilitator", "public"])
def test_a_long_list_takes_as_many_statements_as_a_short_one(
    workspace: Workspace, village: LinkedVillage, name: str, by: str
) -> None:
    make_one, model = MAKERS[name]
    own = Actor("facilitator", roles={village.municipality: frozenset({Role.FACILITATOR})})
    actor = {"local": LOCAL, "facilitator": own, "public": PUBLIC}[by]

    def told() -> tuple[int, list[dict[str, Any]]]:
        with workspace.read() as session, counted(session) as sent:
            listed = list_records(session, RESOURCES[name], ListQuery(limit=100), actor=actor)
        return len(sent), list(listed.items)

    def add(numbers: range) -> None:
        with workspace.write(actor="test") as session:
            for number in numbers:
                make_one(session, village, number)
            for table in (model, AppraisalEvent, Activity):
                for row in session.scalars(select(table)):
                    row.published_at = row.created_at

    add(range(1))
    statements, short = told()
    add(range(1, MANY))
    again, long = told()
    assert len(long) >= len(short) + MANY - 1
    assert again == statements


def test_what_is_reckoned_set_wise_is_what_was_entered(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        for number in range(3):
            microprojects(session, village, number)
            problems(session, village, number)
            loaves(session, village, number)
        make(
            session,
            "contributions",
            activity_id=session.scalars(select(Microproject.activity_id).limit(1)).one(),
            source="community",
            amount_som=50_000,
            state="received",
        )

    def items(name: str) -> list[dict[str, Any]]:
        with workspace.read() as session:
            return list(list_records(session, RESOURCES[name], ListQuery(limit=100), actor=LOCAL).items)

    steps = [{step["step"]: step["taken_on"] for step in one["steps"]} for one in items("microprojects")]
    assert [one["first_meeting"] for one in steps] == ["2014-01-01", "2014-01-02", "2014-01-03"]
    given = [
        {step["step"]: step["is_taken"] for step in one["steps"]}["contribution"] for one in items("microprojects")
    ]
    assert given == [True, False, False]
    votes = {UUID(one["id"]): one["votes"] for one in items("problems")}
    assert [votes[village.problems[name]] for name in ("water", "pipes", "roads", "lighting")] == [36, 10, 20, 5]
    assert sorted(votes.values()) == [5, 5, 5, 5, 10, 20, 36]
    assert [one["difference_percent"] for one in items("budget-shares")] == [10, -10] * 3


def test_the_list_of_villages_takes_as_many_statements_for_many_as_for_one(
    workspace: Workspace, village: LinkedVillage
) -> None:
    day = date(2020, 1, 1)

    def told() -> tuple[list[int], list[str]]:
        sent = []
        with workspace.read() as session:
            with counted(session) as statements:
                lines = overview(session, Language.KY, today=day)
            sent.append(len(statements))
            with counted(session) as statements:
                find_settlements(session, "айыл", language=Language.KY, today=day)
            sent.append(len(statements))
        return sent, [line.municipality.ky for line in lines]

    before, _ = told()
    with workspace.write(actor="test") as session:
        for number in range(MANY):
            villages(session, village, number)
    after, municipalities = told()
    assert after == before
    assert len(municipalities) > MANY and all(municipalities)
