"""What the public reads of figures and of derived fields: no few people, and no record that is hidden; both engines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.models import (
    Activity,
    AppraisalEvent,
    Plan,
    Problem,
    ProblemMerge,
    ProblemStatement,
    Record,
)
from geo.models.base import now
from geo.services.event_contents import publish_event
from geo.services.gallery_decisions import list_decisions
from geo.services.gallery_merging import merge_problems
from geo.services.gallery_reading import list_stability, municipality_priorities, settlement_priorities
from geo.services.people_groups import group_composition
from geo.services.plan_audit import audit_plan
from geo.services.plan_publishing import publish_plan
from geo.services.plan_summary import plan_summary
from geo.services.problem_chain import problem_chain
from geo.services.records.reading import read_record
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import publish
from geo.services.session_sheets import sheets_of_year
from geo.services.visit_recording import record_once
from geo.services.workspace import Workspace
from tests.geo.gallery_walls import problem_of, say
from tests.geo.linked_village import LinkedVillage, build
from tests.geo.plan_records import make

TODAY = date(2016, 1, 1)


@pytest.fixture
def village(workspace: Workspace) -> LinkedVillage:
    """With its plan, events, problems and statements shown to everybody."""
    with workspace.write(actor="test") as session:
        found = build(session)
        for activity, people in (("pipe", 3), ("second pipe", 40), ("park", 2)):
            row = session.scalars(select(Activity).where(Activity.id == found.activities[activity])).one()
            row.beneficiaries_direct, row.beneficiaries_indirect = people, people
        publish_plan(session, found.plan)
        for model in (AppraisalEvent, Problem, ProblemStatement, ProblemMerge):
            show(session.scalars(select(model)))
        return found


def show(rows: Iterable[Any], *, shown: bool = True) -> None:
    for row in rows:
        row.published_at = now() if shown else None


def seen(workspace: Workspace, name: str, record_id: UUID, actor: Actor) -> dict[str, Any]:
    with workspace.read() as session:
        return read_record(session, RESOURCES[name], record_id, actor=actor)


def test_few_beneficiaries_are_for_people_with_a_role(workspace: Workspace, village: LinkedVillage) -> None:
    planner = Actor("planner", roles={village.municipality: frozenset({Role.PLANNER})})
    pipe = village.activities["pipe"]
    assert seen(workspace, "activities", pipe, planner)["beneficiaries_direct"] == 3
    told = seen(workspace, "activities", pipe, PUBLIC)
    assert (told["beneficiaries_direct"], told["beneficiaries_indirect"]) == (None, None)
    assert told["suppressed"] == ["beneficiaries_direct", "beneficiaries_indirect"]
    with workspace.read() as session:
        for actor, sums, chained in ((planner, 45, 3), (PUBLIC, 40, None)):
            (figures,) = plan_summary(session, village.plan, actor=actor, today=TODAY).by_settlement
            assert figures.beneficiaries_direct == sums
            audit = audit_plan(session, village.plan, actor=actor)
            assert [one.beneficiaries for one in audit.by_settlement.lines] == [sums]
            chain = problem_chain(session, village.problems["water"], actor=actor)
            assert [one.beneficiaries for one in chain.activities if one.id == pipe] == [chained]
        assert (
            sum(one.beneficiaries or 0 for one in audit_plan(session, village.plan, actor=planner).by_group.lines) == 3
        )
        assert {one.beneficiaries for one in audit_plan(session, village.plan, actor=PUBLIC).by_group.lines} == {0}


def test_a_group_of_few_women_does_not_show_its_men(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        group = make(
            session,
            "people-groups",
            kind="working",
            cycle_id=village.cycle,
            name="Топ",
            stated_members=11,
            stated_women=8,
        )
        publish(session, RESOURCES["people-groups"], group, actor=LOCAL, seen=None, shown=True)
    with workspace.read() as session:
        inside = group_composition(session, group, today=TODAY)
        outside = group_composition(session, group, actor=PUBLIC, today=TODAY)
        assert (inside.members, inside.women, inside.men) == (11, 8, 3)
        assert (outside.members, outside.women, outside.men) == (11, None, None)


def test_a_correction_that_is_not_out_is_not_named(workspace: Workspace, village: LinkedVillage) -> None:
    visits = RESOURCES["monitoring-visits"]
    with workspace.write(actor="test") as session:
        publish(session, visits, village.visit, actor=LOCAL, seen=None, shown=True)
        first = read_record(session, visits, village.visit, actor=LOCAL)
        fields = {name: first[name] for name in visits.form.model_fields if name in first}
        form = visits.form.model_validate({**fields, "corrects_id": village.visit, "summary": "Оңдолду"})
        later = record_once(session, visits, UUID("019f0000-0000-7000-8000-000000000001"), form, actor=LOCAL).record.id
    assert seen(workspace, "monitoring-visits", village.visit, LOCAL)["latest_id"] == str(later)
    told = seen(workspace, "monitoring-visits", village.visit, PUBLIC)
    assert (told["latest_id"], told["is_latest"]) == (str(village.visit), False)


def test_hidden_parts_of_a_merge_are_not_named(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        merge = session.scalars(select(ProblemMerge)).one().id
        show(session.scalars(select(Problem).where(Problem.id == village.problems["pipes"])), shown=False)
    for actor, named in ((LOCAL, [village.problems["pipes"]]), (PUBLIC, [])):
        assert seen(workspace, "problem-merges", merge, actor)["problem_ids"] == [str(one) for one in named]
        with workspace.read() as session:
            chain = problem_chain(session, village.problems["water"], actor=actor)
            assert [part for one in chain.merges for part in one.problem_ids] == named


def test_what_is_hidden_is_not_taken_away_from_a_list(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        hidden = merge_problems(
            session,
            [village.problems["roads"], village.problems["lighting"]],
            reason="Экөө тең көчө жөнүндө",
            title="Көчөлөр",
            level=ProblemLevel.MUNICIPALITY,
        ).id
        rows: list[Record] = [session.scalars(select(ProblemMerge).where(ProblemMerge.id == hidden)).one()]
        rows.append(session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == village.event)).one())
        show(rows, shown=False)

    def taken_away(actor: Actor) -> set[UUID]:
        with workspace.read() as session:
            listed = municipality_priorities(session, village.municipality, actor)
            return {one.id for one in list_stability(session, listed, actor).stability.removals}

    assert {hidden, village.event} < taken_away(LOCAL)
    told = taken_away(PUBLIC)
    assert told
    assert not {hidden, village.event} & told


def test_steps_of_a_microproject_follow_from_what_may_be_seen(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        meeting = make(
            session, "events", settlement_id=village.settlement, kind="assembly", held_on="2014-03-01", participants=60
        )
        pipe = village.activities["pipe"]
        made = make(session, "microprojects", activity_id=pipe, title="Түтүк", first_meeting_id=meeting)
        microprojects = RESOURCES["microprojects"]
        publish(session, microprojects, made, actor=LOCAL, seen=None, shown=True)

    def first_step(actor: Actor) -> tuple[bool, str | None]:
        step = seen(workspace, "microprojects", made, actor)["steps"][0]
        return step["is_taken"], step["taken_on"]

    assert first_step(LOCAL) == (True, "2014-03-01")
    assert first_step(PUBLIC) == (False, None)
    with workspace.write(actor="test") as session:
        assert session.scalars(select(Plan)).one().id == village.plan
        publish(session, RESOURCES["events"], meeting, actor=LOCAL, seen=None, shown=True)
    assert first_step(PUBLIC) == (True, "2014-03-01")


def test_the_story_of_a_list_names_who_decided_to_those_at_work_there_alone(
    workspace: Workspace, event_id: UUID
) -> None:
    with workspace.write(actor="Асанова") as session:
        parts = [problem_of(say(session, event_id, wording, 3)) for wording in ("Жол начар", "Көчөлөр бузук")]
        publish_event(session, event_id, actor=LOCAL)
        made = merge_problems(session, parts, reason="Бир эле көйгөй", title="Жолдор начар")
        # At half past two in the night by the clocks of Kyrgyzstan it is still the day before in Greenwich.
        night = datetime(2014, 11, 19, 20, 30, tzinfo=UTC)
        session.execute(update(ProblemMerge).where(ProblemMerge.id == made.id).values(decided_at=night))
    with workspace.read() as session:
        village = session.scalars(select(AppraisalEvent.settlement_id)).one()
        for actor, by in ((LOCAL, "Асанова"), (PUBLIC, "")):
            listed = settlement_priorities(session, village, actor)
            (merge,) = list_decisions(session, listed, actor).merges
            assert (merge.into_title, merge.decided_by) == ("Жолдор начар", by)
            assert merge.decided_on == date(2014, 11, 20)


def test_meetings_of_a_village_tell_few_women_to_those_at_work_there_alone(
    workspace: Workspace, event_id: UUID
) -> None:
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent)).one()
        event.participants, event.women = 24, 3
        publish_event(session, event_id, actor=LOCAL)
    with workspace.read() as session:
        (event,) = session.scalars(select(AppraisalEvent))
        elsewhere = Actor("elsewhere", roles={uuid4(): frozenset({Role.FACILITATOR})})
        for actor, women in ((LOCAL, 3), (elsewhere, None), (PUBLIC, None)):
            (shown,) = sheets_of_year(session, event.settlement_id, 2014, actor=actor)
            assert (shown.participants, shown.women) == (24, women)
