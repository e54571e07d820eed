"""Plans in the store, on both engines: the first example, money, histories, approval, what hangs together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import select

from geo.domain.events import EventKind, GroupSex
from geo.domain.plan_codes import ActivityStage, ApprovalStep, ContributionSource, Coverage, Viability
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.territory import DatePrecision, MunicipalityKind
from geo.errors import Conflict, Forbidden, NotFound, Refused
from geo.models import (
    Activity,
    ActivityStatus,
    AppraisalEvent,
    AuditEvent,
    Contribution,
    Cycle,
    Municipality,
    PlanApproval,
    Settlement,
)
from geo.repositories.plans import PlanRepository
from geo.services.people_groups import group_composition
from geo.services.plan_approval import enter_step, take_back_step
from geo.services.plan_progress import set_status
from geo.services.plan_publishing import publish_plan
from geo.services.plan_summary import activity_viability, plan_summary
from geo.services.workspace import Workspace
from tests.geo.plan_records import altered, keys, made, make, withdrawn

TODAY = date(2016, 1, 1)


@dataclass(frozen=True)
class Place:
    cycle_id: UUID
    settlement_id: UUID
    municipality_id: UUID


@pytest.fixture
def place(workspace: Workspace, event_id: UUID) -> Place:
    with workspace.read() as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        municipality = session.scalars(select(Cycle.municipality_id).where(Cycle.id == event.cycle_id)).one()
        return Place(event.cycle_id, event.settlement_id, municipality)


@pytest.fixture
def plan_id(workspace: Workspace, place: Place) -> UUID:
    with workspace.write(actor="test") as session:
        return make(session, "plans", cycle_id=place.cycle_id, title="БАП", year_from=2014, year_to=2015)


def activity(workspace: Workspace, plan_id: UUID, **values: Any) -> UUID:
    with workspace.write(actor="test") as session:
        return make(session, "activities", **{"plan_id": plan_id, "purpose": "roads", "title": "Жол", **values})


def refused(workspace: Workspace, name: str, /, **values: Any) -> str:
    with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
        make(session, name, **values)
    return refusal.value.key


def give(workspace: Workspace, activity_id: UUID, source: str, amount: Any, **values: Any) -> UUID:
    with workspace.write(actor="test") as session:
        return make(session, "contributions", activity_id=activity_id, source=source, amount_som=amount, **values)


def test_the_first_example_of_the_handbook(workspace: Workspace, place: Place, plan_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        goal = make(
            session,
            "plan-goals",
            plan_id=plan_id,
            problem_statement="Көчөнүн 1000 тургуну таза сууга жетпейт",
            goal="Көчөнүн 1000 тургунун таза суу менен камсыздоо",
            indicator="Таза суу алган тургундар",
            target_value=1000,
        )
        tasks = [
            make(session, "tasks", goal_id=goal, ordinal=at, title=title)
            for at, title in enumerate(("Долбоорду даярдоо", "Каражат табуу", "Куруу"), 1)
        ]
        spans = (("2014-06-01", "2014-06-01"), ("2014-07-01", "2014-09-30"), ("2014-10-05", "2015-03-01"))
        ids = [
            make(
                session,
                "activities",
                task_id=task,
                settlement_id=place.settlement_id,
                purpose="drinking_water",
                title=f"Иш-чара {at}",
                deadline_from=first,
                deadline_to=last,
                deadline_precision="month",
                responsible="together",
                ordinal=at,
                **({"beneficiaries_direct": 1000, "beneficiaries_indirect": 500} if at == 3 else {}),
            )
            for at, (task, (first, last)) in enumerate(zip(tasks, spans, strict=True), 1)
        ]
        for at, source, amount in (
            (0, "local_budget", "300 миң сом"),
            (0, "sponsor", "100 миң сом"),
            (1, "local_budget", "400 миң сом"),
            (1, "community", "150 миң сом"),
            (1, "investor", "1,3 млн сом"),
        ):
            make(session, "contributions", activity_id=ids[at], source=source, amount_som=amount)
    with workspace.read() as session:
        summary = plan_summary(session, plan_id, today=date(2015, 3, 31))
        later = plan_summary(session, plan_id, today=date(2015, 4, 2))
        stored = session.scalars(select(Activity).where(Activity.id == ids[2])).one()
        assert (stored.deadline_from, stored.deadline_to) == (date(2014, 10, 1), date(2015, 3, 1))
        assert (stored.plan_id, stored.coverage) == (plan_id, Coverage.SETTLEMENT)
    assert {source: sums.promised for source, sums in summary.by_source.items()} == {
        ContributionSource.LOCAL_BUDGET: 700_000,
        ContributionSource.COMMUNITY: 150_000,
        ContributionSource.SPONSOR: 100_000,
        ContributionSource.INVESTOR: 1_300_000,
    }
    assert (summary.money.total, summary.money.received) == (2_250_000, 0)
    (figures,) = summary.by_goal
    assert (figures.activities, figures.money.total) == (3, 2_250_000)
    (village,) = summary.by_settlement
    assert (village.settlement_id, village.beneficiaries_direct) == (place.settlement_id, 1000)
    assert [one.title for one in summary.late] == ["Иш-чара 1", "Иш-чара 2"]
    assert [(one.title, one.days_late) for one in later.late][-1] == ("Иш-чара 3", 2)


def test_a_promise_that_is_kept_is_counted_once(workspace: Workspace, plan_id: UUID) -> None:
    work = activity(workspace, plan_id)
    promise = give(workspace, work, "local_budget", 1_000)
    give(workspace, work, "local_budget", 400, state="received", promise_id=promise)
    give(workspace, work, "sponsor", 70, state="received", form="materials")
    with workspace.read() as session:
        sums = PlanRepository(session).money_of_activity(work)
        assert (sums.promised, sums.received, sums.unpromised, sums.total) == (1_000, 470, 70, 1_070)
    with workspace.write(actor="test") as session:
        over = made(
            session,
            "contributions",
            activity_id=work,
            source="local_budget",
            amount_som=601,
            state="received",
            promise_id=promise,
        )
        assert keys(over) == {"contribution.over_promise"}
        assert keys(altered(session, "contributions", over.record.id, amount_som=600)) == set()
    with workspace.write(actor="test") as session:
        withdrawn(session, "contributions", promise)
    with workspace.read() as session:
        sums = PlanRepository(session).money_of_activity(work)
        assert (sums.promised, sums.received, sums.total) == (0, 1_070, 1_070)


def test_a_promise_of_another_activity_or_kind_is_refused(workspace: Workspace, plan_id: UUID) -> None:
    work, other = activity(workspace, plan_id), activity(workspace, plan_id)
    promise = give(workspace, work, "local_budget", 1_000)
    kept = {"amount_som": 5, "state": "received", "promise_id": promise}
    elsewhere = "contribution.promise_elsewhere"
    assert refused(workspace, "contributions", activity_id=other, source="local_budget", **kept) == elsewhere
    assert refused(workspace, "contributions", activity_id=work, source="sponsor", **kept) == elsewhere
    kept["state"] = "promised"
    assert refused(workspace, "contributions", activity_id=work, source="local_budget", **kept) == (
        "contribution.promise_of_promise"
    )


def test_great_sums_are_exact(workspace: Workspace, plan_id: UUID) -> None:
    work = activity(workspace, plan_id)
    amounts = [10**12, 10**12 - 1, 999_999_999_999, 1, 7]
    for amount in amounts:
        give(workspace, work, "state", amount)
    over = give(workspace, work, "state", "2,5 млн сомдон ашык")
    with workspace.read() as session:
        sums = PlanRepository(session).money_of_activity(work)
        assert sums.promised == sum(amounts) + 2_500_000
        assert sums.at_least
        assert session.scalars(select(Contribution.at_least).where(Contribution.id == over)).one() is True
    assert refused(workspace, "contributions", activity_id=work, source="state", amount_som=-1) == "money.negative"
    assert refused(workspace, "contributions", activity_id=work, source="state", amount_som=0.5) == (
        "money.part_of_som"
    )


def test_exactly_half_is_viable(workspace: Workspace, plan_id: UUID) -> None:
    since = "2014-01-01"
    half = activity(workspace, plan_id, need_som="2 млн сом", capacity_som=1_000_000)
    less = activity(workspace, plan_id, need_som="2 млн сом", capacity_som=999_999, status_since=since)
    promised = activity(workspace, plan_id, need_som=100)
    unknown = activity(workspace, plan_id, status_since=since)
    give(workspace, promised, "community", 49)
    with workspace.read() as session:
        found = [activity_viability(session, one) for one in (half, less, promised, unknown)]
        summary = plan_summary(session, plan_id, today=TODAY)
    assert [one.gap.viability for one in found] == [
        Viability.VIABLE,
        Viability.NOT_VIABLE,
        Viability.NOT_VIABLE,
        Viability.UNKNOWN,
    ]
    assert [one.capacity_entered for one in found] == [True, True, False, False]
    assert summary.not_viable == (less, promised)
    assert (summary.gap.need_som, summary.gap.gap_som, summary.gap_unknown) == (4_000_100, 2_000_052, 1)
    # What was stopped asks for nothing more.
    with workspace.write(actor="test") as session:
        for one in (less, unknown):
            set_status(session, one, stage=ActivityStage.STOPPED, since=TODAY, today=TODAY)
    with workspace.read() as session:
        summary = plan_summary(session, plan_id, today=TODAY)
    assert summary.not_viable == (promised,)
    assert (summary.gap.need_som, summary.gap.gap_som, summary.gap_unknown) == (2_000_100, 1_000_051, 0)
    assert [one.gap.gap_som for one in summary.by_goal] == [1_000_051]
    with workspace.write(actor="test") as session:
        wanted = {"plan_id": plan_id, "purpose": "roads", "title": "Жол", "need_som": 100, "capacity_som": 49}
        assert "activity.not_viable" in keys(made(session, "activities", **wanted))


def test_every_entry_of_a_history_stays(workspace: Workspace, plan_id: UUID) -> None:
    work = activity(workspace, plan_id, status_since="2014-06-01")
    with workspace.write(actor="Айгүл") as session:
        set_status(session, work, stage=ActivityStage.FUNDED, since=date(2014, 7, 1), today=TODAY)
        begun = set_status(
            session,
            work,
            stage=ActivityStage.UNDER_WAY,
            since=date(2014, 9, 9),
            precision=DatePrecision.MONTH,
            note="Токтом",
            today=TODAY,
        )
        assert (begun.since, begun.warnings) == (date(2014, 9, 1), ())
    with workspace.write(actor="Бакыт") as session:
        back = set_status(
            session,
            work,
            stage=ActivityStage.FUNDED,
            since=date(2014, 7, 1),
            corrects_id=begun.entry_id,
            note="Ката жазылган",
            today=TODAY,
        )
    assert (back.status, back.since) == (ActivityStage.FUNDED, date(2014, 7, 1))
    assert [(one.stage, one.set_by, one.stands) for one in back.history] == [
        (ActivityStage.PLANNED, "test", True),
        (ActivityStage.FUNDED, "Айгүл", True),
        (ActivityStage.UNDER_WAY, "Айгүл", False),
        (ActivityStage.FUNDED, "Бакыт", False),
    ]
    with workspace.read() as session:
        stored = session.scalars(select(Activity).where(Activity.id == work)).one()
        assert (stored.status, stored.status_since) == (ActivityStage.FUNDED, date(2014, 7, 1))
        entries = session.scalars(select(ActivityStatus).where(ActivityStatus.activity_id == work)).all()
        assert {one.version for one in entries} == {1}
    with pytest.raises(Refused), workspace.write(actor="test") as session:
        set_status(session, work, stage=ActivityStage.DONE, since=date(2014, 8, 1), today=TODAY)
    with pytest.raises(NotFound), workspace.write(actor="test") as session:
        set_status(session, uuid4(), stage=ActivityStage.DONE, since=date(2014, 8, 1), today=TODAY)
    with pytest.raises(Refused), workspace.write(actor="test") as session:
        altered(session, "activities", work, status="done")


def test_the_path_into_the_budget(workspace: Workspace, place: Place, plan_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        meeting = AppraisalEvent(
            cycle_id=place.cycle_id,
            settlement_id=place.settlement_id,
            kind=EventKind.PLANNING_MEETING,
            held_on=date(2014, 12, 1),
            group_sex=GroupSex.MIXED,
        )
        session.add(meeting)
        session.flush()
        meeting_id = meeting.id
    first = ApprovalStep.PLANNING_MEETING
    for step, day, key in (
        (ApprovalStep.ASSEMBLY, date(2014, 12, 1), "plan.step_event_kind"),
        (first, date(2014, 12, 2), "plan.step_event_day"),
    ):
        with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
            enter_step(session, plan_id, step=step, taken_on=day, event_id=meeting_id, today=TODAY)
        assert refusal.value.key == key
    with workspace.write(actor="test") as session:
        enter_step(session, plan_id, step=first, taken_on=date(2014, 12, 1), event_id=meeting_id, today=TODAY)
        enter_step(session, plan_id, step=ApprovalStep.ASSEMBLY, taken_on=date(2014, 12, 20), today=TODAY)
        path = enter_step(
            session,
            plan_id,
            step=ApprovalStep.ASSEMBLY,
            taken_on=date(2014, 12, 21),
            correcting=True,
            document="Протокол № 2",
            today=TODAY,
        )
    assert [(one.step, one.taken_on) for one in path.steps] == [
        (first, date(2014, 12, 1)),
        (ApprovalStep.ASSEMBLY, date(2014, 12, 21)),
    ]
    assert path.next_step is ApprovalStep.COUNCIL_SESSION
    for changed in ({"held_on": "2014-12-02"}, {"kind": "hearing"}):
        with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
            altered(session, "events", meeting_id, **changed)
        assert refusal.value.key == "event.plan_leans_on_it"
    with workspace.write(actor="test") as session:
        altered(session, "events", meeting_id, participants=40)
    with pytest.raises(Refused), workspace.write(actor="test") as session:
        take_back_step(session, plan_id, first, reason="ката")
    with workspace.write(actor="test") as session:
        assert take_back_step(session, plan_id, ApprovalStep.ASSEMBLY, reason="ката").next_step is ApprovalStep.ASSEMBLY
        kept = select(PlanApproval).execution_options(with_withdrawn=True)
        assert len(session.scalars(kept).all()) == 3


def test_references_are_looked_at(workspace: Workspace, place: Place, plan_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        far = Settlement(name_ky="Алыс", geometry=Point(72.8, 40.5))
        other = Municipality(name_ky="Башка", kind=MunicipalityKind.AIMAK)
        session.add_all([far, other])
        session.flush()
        cycle = Cycle(municipality_id=other.id, year=2014)
        session.add(cycle)
        session.flush()
        far_id, cycle_id = far.id, cycle.id
    wanted = {"plan_id": plan_id, "purpose": "roads", "title": "Жол"}
    assert refused(workspace, "activities", **wanted, settlement_id=far_id) == "activity.settlement_elsewhere"
    assert refused(workspace, "activities", purpose="roads", title="Жол") == "activity.plan_missing"
    for field in ("settlement_id", "site_feature_id", "responsible_group_id", "task_id"):
        with pytest.raises(NotFound), workspace.write(actor="test") as session:
            make(session, "activities", **wanted, **{field: uuid4()})
    line = LineString([(78.23, 42.49), (78.24, 42.5)])
    drawn = activity(workspace, plan_id, geometry=line, settlement_id=place.settlement_id)
    with workspace.read() as session:
        assert session.scalars(select(Activity.coverage).where(Activity.id == drawn)).one() is Coverage.LINE
    assert refused(workspace, "activities", **wanted, geometry=line, coverage="area") == "activity.shape_differs"
    with workspace.write(actor="test") as session:
        group = make(session, "people-groups", kind="initiative", cycle_id=cycle_id, name="Өнүгүү")
        monitors = make(session, "people-groups", kind="monitoring", cycle_id=place.cycle_id, name="БМжБ")
    by = {"responsible": "together", "responsible_group_id": group}
    assert refused(workspace, "activities", **wanted, **by) == "plan.elsewhere"
    by["responsible_group_id"] = monitors
    assert refused(workspace, "activities", **wanted, **by) == "activity.group_kind"


def test_nothing_is_withdrawn_from_under_others(workspace: Workspace, plan_id: UUID) -> None:
    work = activity(workspace, plan_id)
    give(workspace, work, "state", 5)
    with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
        withdrawn(session, "plans", plan_id)
    assert refusal.value.key == "plan.others_stand"
    with workspace.write(actor="test") as session:
        withdrawn(session, "activities", work)
        withdrawn(session, "plans", plan_id)
    with workspace.read() as session:
        assert session.scalars(select(Contribution)).all() == []
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.record_id == work)).all()) == 2
        with pytest.raises(NotFound):
            plan_summary(session, plan_id, today=TODAY)


def test_the_public_sees_what_is_published(workspace: Workspace, place: Place, plan_id: UUID) -> None:
    work = activity(workspace, plan_id, status_since="2014-06-01")
    promise = give(workspace, work, "state", 500)
    give(workspace, work, "state", 200, state="received", promise_id=promise)
    council = Actor("к", roles={place.municipality_id: frozenset({Role.COUNCIL_MEMBER})})
    elsewhere = Actor("а", roles={uuid4(): frozenset({Role.ADMINISTRATOR})})
    with workspace.read() as session:
        assert plan_summary(session, plan_id, actor=council, today=TODAY).money.total == 500
        for actor in (PUBLIC, elsewhere):
            with pytest.raises(NotFound):
                plan_summary(session, plan_id, actor=actor, today=TODAY)
    with pytest.raises(Forbidden), workspace.write(actor="к") as session:
        publish_plan(session, plan_id, actor=council)
    with pytest.raises(Forbidden), workspace.write(actor="к") as session:
        set_status(session, work, stage=ActivityStage.DONE, since=date(2014, 8, 1), actor=council, today=TODAY)
    with workspace.write(actor="test") as session:
        enter_step(session, plan_id, step=ApprovalStep.PLANNING_MEETING, taken_on=date(2014, 12, 1), today=TODAY)
        assert publish_plan(session, plan_id, actor=LOCAL) == 6
    with workspace.read() as session:
        seen = plan_summary(session, plan_id, actor=PUBLIC, today=TODAY)
        assert (seen.activities, seen.money.total, seen.money.received) == (1, 500, 200)
        assert [one.set_by for one in seen.approval.steps] == [""]
    with workspace.write(actor="test") as session:
        session.scalars(select(Contribution).where(Contribution.id == promise)).one().published_at = None
    with workspace.read() as session:
        seen = plan_summary(session, plan_id, actor=PUBLIC, today=TODAY)
        assert (seen.money.promised, seen.money.total) == (0, 200)
        assert plan_summary(session, plan_id, today=TODAY).money.total == 500


def test_a_group_and_its_members(workspace: Workspace, place: Place) -> None:
    with workspace.write(actor="test") as session:
        group = make(session, "people-groups", kind="investment_committee", cycle_id=place.cycle_id, name="Комитет")
        for at in range(6):
            make(
                session,
                "group-members",
                group_id=group,
                name=f"Мүчө {at}",
                sex="female" if at < 3 else "male",
                settlement_id=place.settlement_id,
                is_young=at == 0,
                is_poor_household=at == 1,
            )
        gone = make(session, "group-members", group_id=group, name="Кеткен", left_on="2014-01-01")
    assert refused(workspace, "group-members", group_id=group, name="М", standing="mobiliser") == (
        "people_group.mobiliser"
    )
    with pytest.raises(Refused), workspace.write(actor="test") as session:
        altered(session, "group-members", gone, standing="mobiliser")
    with workspace.read() as session:
        found = group_composition(session, group, today=TODAY)
        assert (found.members, found.women, found.men, found.young, found.poor_households) == (6, 3, 3, 1, 1)
        assert found.warnings == ()
        with pytest.raises(NotFound):
            group_composition(session, group, actor=PUBLIC, today=TODAY)
        council = Actor("к", roles={place.municipality_id: frozenset({Role.COUNCIL_MEMBER})})
        told = group_composition(session, group, actor=council, today=TODAY)
        assert (told.members, told.women, told.men, told.young, told.by_standing) == (6, None, None, None, {})


def test_a_microproject_is_an_activity_of_the_plan(workspace: Workspace, place: Place, plan_id: UUID) -> None:
    work = activity(workspace, plan_id, settlement_id=place.settlement_id, status_since="2014-01-01")
    with workspace.write(actor="test") as session:
        meetings = [
            AppraisalEvent(
                cycle_id=place.cycle_id,
                settlement_id=place.settlement_id,
                kind=EventKind.ASSEMBLY,
                held_on=day,
                group_sex=GroupSex.MIXED,
            )
            for day in (date(2014, 3, 1), date(2014, 4, 1))
        ]
        session.add_all(meetings)
        session.flush()
        first, second = (one.id for one in meetings)
        committee = make(session, "people-groups", kind="investment_committee", cycle_id=place.cycle_id, name="Комитет")
        working = make(session, "people-groups", kind="working", cycle_id=place.cycle_id, name="Жумушчу")
    whole = {
        "activity_id": work,
        "committee_id": committee,
        "first_meeting_id": first,
        "second_meeting_id": second,
        "agreed_on": "2014-05-01",
        "party_local_government": "АӨ",
        "party_community": "Комитет",
        "party_agency": "АРИС",
    }
    for wrong, key in (
        ({"committee_id": working}, "microproject.no_committee"),
        ({"second_meeting_id": first}, "microproject.same_meeting"),
        ({"first_meeting_id": second, "second_meeting_id": first}, "microproject.step_before"),
        ({"party_agency": ""}, "microproject.three_parties"),
    ):
        assert refused(workspace, "microprojects", **{**whole, **wrong}) == key
    with workspace.write(actor="test") as session:
        written = made(session, "microprojects", **whole)
        assert keys(written) == {"microproject.step_missing"}  # the community gave nothing yet
        microproject = written.record.id
    with pytest.raises(Conflict), workspace.write(actor="test") as session:
        make(session, "microprojects", activity_id=work)
    give(workspace, work, "community", 50_000, form="labour", state="received")
    with workspace.write(actor="test") as session:
        assert keys(altered(session, "microprojects", microproject, note="Баары жайында")) == set()
    with pytest.raises(Refused), workspace.write(actor="test") as session:
        withdrawn(session, "activities", work)
    # Work begins after the agreement, and what was noted stays open to be changed.
    begin = partial(set_status, activity_id=work, stage=ActivityStage.UNDER_WAY, today=TODAY)
    with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
        begin(session, since=date(2014, 4, 20))
    assert refusal.value.key == "microproject.step_before"
    with workspace.write(actor="test") as session:
        begin(session, since=date(2014, 5, 10), precision=DatePrecision.MONTH)
    with workspace.write(actor="test") as session:
        altered(session, "microprojects", microproject, agreed_on="2014-05-10")
    # The meetings stay what the microproject takes them for.
    for changed, key in (
        ({"kind": "hearing"}, "microproject.meeting_kind"),
        ({"held_on": "2014-04-15"}, "microproject.step_before"),
    ):
        with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
            altered(session, "events", first, **changed)
        assert refusal.value.key == key
    with workspace.write(actor="test") as session:
        altered(session, "events", first, held_on="2014-03-02")
