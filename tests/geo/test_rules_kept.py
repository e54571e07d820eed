"""Rules that were kept when a record was made stay kept when another one changes; on both engines."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from geo.domain.plan_codes import ApprovalStep
from geo.domain.rights import LOCAL
from geo.domain.territory import MunicipalityKind
from geo.errors import NotFound, Refused
from geo.models import (
    Activity,
    AppraisalEvent,
    Contribution,
    Cycle,
    Membership,
    Municipality,
    PlanApproval,
    ProblemStatement,
    Settlement,
)
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.plans import PlanRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.bread import NewSlice, replace_bread
from geo.services.event_contents import publish_event
from geo.services.gallery_reading import settlement_priorities
from geo.services.plan_approval import enter_step, take_back_step
from geo.services.records.writing import create
from geo.services.resources.monitoring import VISITS
from geo.services.workspace import Workspace
from geo.snapshots import Names
from tests.geo import plan_records
from tests.geo.monitored import Monitored, monitored
from tests.geo.test_appraisal_record import alter, make, remove

__all__ = ["monitored"]


def test_a_bread_that_is_not_whole_stays_marked_so(workspace: Workspace, event_id: UUID) -> None:
    part = [NewSlice(names=Names("Жолдор", "", ""), perceived_percent=40.0)]
    with workspace.write(actor="test") as session:
        replace_bread(session, event_id, part, actor=LOCAL, incomplete=True)
    with pytest.raises(Refused) as refusal:
        alter(workspace, "events", event_id, bread_incomplete=False)
    assert refusal.value.key == "bread.sum"
    rest = [*part, NewSlice(names=Names("Мектептер", "", ""), perceived_percent=60.0)]
    with workspace.write(actor="test") as session:
        replace_bread(session, event_id, rest, actor=LOCAL, incomplete=True)
    alter(workspace, "events", event_id, bread_incomplete=False)


def test_an_event_with_votes_keeps_its_year(workspace: Workspace, event_id: UUID) -> None:
    make(workspace, "problem-statements", event_id=event_id, wording="Ичүүчү суу жетишсиз", votes=3)
    with pytest.raises(Refused) as refusal:
        alter(workspace, "events", event_id, held_on=date(2015, 1, 20))
    assert refusal.value.key == "gallery.event_other_year"
    alter(workspace, "events", event_id, held_on=date(2014, 1, 20))
    with workspace.read() as session:
        village = session.scalars(select(Settlement.id)).one()
        assert settlement_priorities(session, village, LOCAL).votes == 3


def test_an_event_without_votes_may_move_to_another_year(workspace: Workspace, event_id: UUID) -> None:
    alter(workspace, "events", event_id, held_on=date(2015, 1, 20))
    with workspace.read() as session:
        event = AppraisalRepository(session).event(event_id)
        assert TerritoryRepository(session).cycle_by_id(event.cycle_id).year == 2015


def test_a_visited_work_is_not_withdrawn_from_under_its_visit(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        visit_id = create(session, VISITS, monitored.visit(), actor=LOCAL).record.id
    with pytest.raises(Refused) as refusal:
        remove(workspace, "activities", monitored.activity_id)
    assert refusal.value.key == "plan.others_stand"
    remove(workspace, "monitoring-visits", visit_id)
    remove(workspace, "activities", monitored.activity_id)


def test_what_is_measured_stays_in_its_municipality(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        other = Municipality(name_ky="Башка аймак", kind=MunicipalityKind.AIMAK)
        place = Settlement(name_ky="Алыскы айыл", geometry=Point(78.3, 42.5))
        session.add_all([other, place])
        session.flush()
        session.add(Membership(settlement_id=place.id, municipality_id=other.id))
        session.flush()
        visit = monitored.visit(
            settlement_id=place.id,
            activity_id=None,
            group_id=None,
            topic="service",
            service="Суу",
            geometry=None,
            accuracy_m=None,
            located_at=None,
        )
        elsewhere = create(session, VISITS, visit, actor=LOCAL).record.id
        here = create(session, VISITS, monitored.visit(), actor=LOCAL).record.id
        far = place.id
    fields = {
        "activity_id": monitored.activity_id,
        "title": "Суу булагына чейинки аралык",
        "kind": "impact",
        "measure": "number",
        "direction": "lower",
    }
    with pytest.raises(Refused) as refusal:
        make(workspace, "indicators", **fields, settlement_id=far)
    assert refusal.value.key == "indicator.settlement_elsewhere"
    indicator = make(workspace, "indicators", **fields, settlement_id=monitored.settlement_id).record.id
    value = {"indicator_id": indicator, "measured_on": date(2014, 11, 20), "value": 350}
    with pytest.raises(Refused) as refusal:
        make(workspace, "indicator-values", **value, visit_id=elsewhere)
    assert refusal.value.key == "indicator.visit_elsewhere"
    make(workspace, "indicator-values", **value, visit_id=here)


def test_a_year_with_events_stays_their_year(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        cycle = session.scalars(select(Cycle)).one()
        cycle_id, municipality_id = cycle.id, cycle.municipality_id
    with pytest.raises(Refused) as refusal:
        alter(workspace, "cycles", cycle_id, year=2015)
    assert refusal.value.key == "cycle.events_stand"
    empty = make(workspace, "cycles", municipality_id=municipality_id, year=2091).record.id
    alter(workspace, "cycles", empty, year=2019)
    with workspace.read() as session:
        assert session.scalars(select(Cycle.year).order_by(Cycle.year)).all() == [2014, 2019]
        assert AppraisalRepository(session).event(event_id).cycle_id == cycle_id


def work_of(workspace: Workspace, event_id: UUID) -> UUID:
    """Return an activity of a plan of the event's year."""
    with workspace.write(actor="test") as session:
        cycle_id = session.scalars(select(AppraisalEvent.cycle_id).where(AppraisalEvent.id == event_id)).one()
        plan = plan_records.make(session, "plans", cycle_id=cycle_id, title="БАП", year_from=2014, year_to=2015)
        return plan_records.make(session, "activities", plan_id=plan, purpose="roads", title="Жол")


def test_over_is_said_of_the_sum_it_was_said_of(workspace: Workspace, event_id: UUID) -> None:
    given = make(
        workspace,
        "contributions",
        activity_id=work_of(workspace, event_id),
        source="state",
        amount_som="2,5 млн сомдон ашык",
    ).record.id

    def kept() -> tuple[int | None, bool]:
        with workspace.read() as session:
            row = session.scalars(select(Contribution)).one()
            return row.amount_som, row.at_least

    assert kept() == (2_500_000, True)
    alter(workspace, "contributions", given, note="кагазда ушундай", amount_som=2_500_000)
    assert kept() == (2_500_000, True)
    alter(workspace, "contributions", given, amount_som=3_000_000)
    assert kept() == (3_000_000, False)
    alter(workspace, "contributions", given, amount_som="3 млн сомдон ашык")
    assert kept() == (3_000_000, True)
    alter(workspace, "contributions", given, amount_som=4_000_000, at_least=True)
    assert kept() == (4_000_000, True)


def test_what_came_of_a_withdrawn_promise_can_still_be_mended(workspace: Workspace, event_id: UUID) -> None:
    work = work_of(workspace, event_id)
    ends = {"activity_id": work, "source": "community", "amount_som": 50_000}
    promise = make(workspace, "contributions", **ends).record.id
    came = make(workspace, "contributions", **ends, state="received", promise_id=promise).record.id
    remove(workspace, "contributions", promise)
    alter(workspace, "contributions", came, note="накталай")
    with pytest.raises(NotFound):
        make(workspace, "contributions", **ends, state="received", promise_id=promise)
    with workspace.read() as session:
        assert PlanRepository(session).money_of_activity(work).total == 50_000


def test_the_day_of_a_committee_stays_between_the_meetings(workspace: Workspace, event_id: UUID) -> None:
    work = work_of(workspace, event_id)
    with workspace.read() as session:
        event = AppraisalRepository(session).event(event_id)
        settlement_id, cycle_id = event.settlement_id, event.cycle_id
    first, second = (
        make(workspace, "events", settlement_id=settlement_id, kind="assembly", held_on=day, participants=60).record.id
        for day in ("2014-02-01", "2014-03-01")
    )
    committee = make(
        workspace,
        "people-groups",
        kind="investment_committee",
        cycle_id=cycle_id,
        name="Комитет",
        confirmed_on="2014-02-10",
    ).record.id
    ends = {"first_meeting_id": first, "second_meeting_id": second, "committee_id": committee}
    project = make(workspace, "microprojects", activity_id=work, **ends).record.id
    with pytest.raises(Refused) as refusal:
        alter(workspace, "people-groups", committee, confirmed_on=date(2014, 4, 1))
    assert refusal.value.key == "microproject.step_before"
    alter(workspace, "people-groups", committee, confirmed_on=date(2014, 2, 20))
    alter(workspace, "microprojects", project, note="уланууда")


def test_a_meeting_on_which_a_plan_leans_is_not_withdrawn_from_under_it(workspace: Workspace, event_id: UUID) -> None:
    work = work_of(workspace, event_id)
    with workspace.read() as session:
        event = AppraisalRepository(session).event(event_id)
        settlement_id = event.settlement_id
        plan_id = PlanRepository(session).one(Activity, work).plan_id
    planning, meeting = (
        make(workspace, "events", settlement_id=settlement_id, kind=kind, held_on=day, participants=60).record.id
        for kind, day in (("planning_meeting", "2014-03-01"), ("assembly", "2014-04-01"))
    )
    today = date(2016, 1, 1)
    with workspace.write(actor="test") as session:
        day = date(2014, 3, 1)
        enter_step(session, plan_id, step=ApprovalStep.PLANNING_MEETING, taken_on=day, event_id=planning, today=today)
    project = make(workspace, "microprojects", activity_id=work, first_meeting_id=meeting).record.id
    for held, leaning in ((planning, "plan_approval"), (meeting, "microproject")):
        with pytest.raises(Refused) as refusal:
            remove(workspace, "events", held)
        assert refusal.value.key == "event.needed"
        assert leaning in str(refusal.value.params["kept"])
    with workspace.write(actor="test") as session:
        # Shown with its plan, not with the meeting.
        publish_event(session, planning, actor=LOCAL)
        assert session.scalars(select(PlanApproval.published_at)).all() == [None]
        take_back_step(session, plan_id, ApprovalStep.PLANNING_MEETING, reason="жаңылыш")
    remove(workspace, "events", planning)
    remove(workspace, "microprojects", project)
    remove(workspace, "events", meeting)


def test_a_goal_outlives_a_problem_without_votes(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        cycle_id = AppraisalRepository(session).event(event_id).cycle_id
    with workspace.write(actor="test") as session:
        plan_id = plan_records.make(session, "plans", cycle_id=cycle_id, title="БАП", year_from=2014, year_to=2015)
        said = plan_records.made(session, "problem-statements", event_id=event_id, wording="Жол начар", votes=3)
        assert isinstance(said.record, ProblemStatement)
        statement, problem = said.record.id, said.record.problem_id
        goal = plan_records.make(session, "plan-goals", plan_id=plan_id, goal="Жолду оңдоо", problem_id=problem)
    remove(workspace, "problem-statements", statement)
    remove(workspace, "problems", problem)
    alter(workspace, "plan-goals", goal, indicator="Оңдолгон жол")
    alter(workspace, "plan-goals", goal, problem_id=None)
    with pytest.raises(NotFound):
        alter(workspace, "plan-goals", goal, problem_id=problem)
