"""A municipality's year as a read model: whole for its people, published alone for everybody; on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from geo.domain.attendance import ParticipantRole
from geo.domain.events import EventKind, GroupSex
from geo.domain.evidence import Grade
from geo.domain.identifiers import new_id
from geo.domain.institutions import TieRelation
from geo.domain.monitoring_codes import FollowUpState, Severity, VisitMethod, VisitTopic
from geo.domain.plan_codes import (
    ActivityStage,
    ContributionSource,
    ContributionState,
    Coverage,
    GroupKind,
    Purpose,
)
from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.errors import NotFound
from geo.models import (
    Activity,
    ActivityStatus,
    AppraisalEvent,
    Contribution,
    Cycle,
    Finding,
    FollowUp,
    GroupMember,
    MapFeature,
    Membership,
    MonitoringVisit,
    Participant,
    PeopleGroup,
    Problem,
    ProblemStatement,
    Settlement,
    VisitPhoto,
)
from geo.models.base import now
from geo.models.governed import Withdrawable
from geo.services.snapshots import cycle_snapshot
from geo.services.workspace import Workspace
from geo.snapshots import Audience, CycleSnapshot
from tests.geo.linked_village import VISITED_AT, LinkedVillage, build
from tests.geo.repositories.test_nearness import VILLAGE, north_of

TODAY = date(2015, 6, 1)
SMALL = b"\xff\xd8 a small picture"


@pytest.fixture
def village(workspace: Workspace) -> LinkedVillage:
    with workspace.write(actor="test") as session:
        made = build(session)
        _fill(session, made, workspace.pictures.put(SMALL))
        return made


def _fill(session: Session, made: LinkedVillage, small: str) -> None:
    own = {"municipality_id": made.municipality}
    here = AppraisalEvent.id == made.event
    said = {"facilitator_names": ["Жылдыз Алыкулова"], "signatures": ["Асан Үсөнов"], "women": 28}
    session.execute(update(AppraisalEvent).where(here).values(**said))
    drawn = MapFeature.id.in_([made.features["standpipe"], made.features["school"]])
    session.execute(update(MapFeature).where(drawn).values(event_id=made.event))
    pipe = made.activities["pipe"]
    session.execute(update(Activity).where(Activity.id == pipe).values(need_som=900_000, beneficiaries_indirect=3))
    session.execute(update(VisitPhoto).values(small_sha256=small))
    session.execute(update(MonitoringVisit).values(members=["Бакыт Мамытов", "Нурлан Асанов", "Айгүл Жээнова"]))
    promise = session.scalars(select(Contribution).where(Contribution.activity_id == pipe)).one()
    group = PeopleGroup(kind=GroupKind.MONITORING, cycle_id=made.cycle, name="Мониторинг тобу", **own)
    session.add_all(
        [
            group,
            Participant(
                event_id=made.event,
                number=1,
                name="Асан Үсөнов",
                contact="0700 123456",
                role=ParticipantRole.PARTICIPANT,
                **own,
            ),
            Contribution(
                activity_id=pipe,
                source=ContributionSource.LOCAL_BUDGET,
                state=ContributionState.RECEIVED,
                promise_id=promise.id,
                amount_som=200_000,
                giver="Токтогул Сатылганов",
                **own,
            ),
            ActivityStatus(
                activity_id=pipe, status=ActivityStage.PLANNED, since=date(2014, 12, 1), set_by="Айгүл", **own
            ),
            ActivityStatus(
                activity_id=pipe, status=ActivityStage.UNDER_WAY, since=date(2015, 3, 1), set_by="Айгүл", **own
            ),
            Finding(visit_id=made.visit, severity=Severity.MAJOR, words="Үч колонкадан суу акпайт", **own),
            FollowUp(visit_id=made.visit, words="Колонкаларды оңдоо", due_on=date(2015, 4, 1), **own),
        ]
    )
    session.flush()
    people = ("Гүлнара Токтобекова", "Марат Исаков", "Сайра Бекова")
    session.add_all(GroupMember(group_id=group.id, name=name, contact="0555 654321", **own) for name in people)
    session.flush()


def publish_all(session: Session) -> None:
    """Publish every row that has a say of its own."""
    for model in (one.class_ for one in AppraisalEvent.registry.mappers if issubclass(one.class_, Withdrawable)):
        session.execute(update(model).values(published_at=now()))


def snapshot(workspace: Workspace, village: LinkedVillage, audience: Audience, actor: Actor = LOCAL) -> CycleSnapshot:
    with workspace.read() as session:
        return cycle_snapshot(
            session, workspace.pictures, village.municipality, 2014, actor=actor, audience=audience, as_of=TODAY
        )


def test_people_of_the_house_see_the_whole_year(workspace: Workspace, village: LinkedVillage) -> None:
    shown = snapshot(workspace, village, Audience.INTERNAL)
    assert [(one.id, one.population) for one in shown.municipality.settlements] == [(village.settlement, 120)]
    young = next(one for one in shown.events if one.id == village.event)
    assert (len(shown.events), young.participants, young.women) == (2, 30, 28)
    assert young.facilitator_names == ("Жылдыз Алыкулова",)
    assert [(one.name, one.contact, one.signed) for one in young.participant_list] == [
        ("Асан Үсөнов", "0700 123456", True)
    ]
    assert {one.id for one in young.features} == {village.features["standpipe"], village.features["school"]}
    [venn] = young.venns
    assert len(venn.institutions) == 3
    assert {one.relation for one in venn.ties} == {TieRelation.TOUCHING, TieRelation.APART}
    assert [one.is_local_government for one in venn.institutions] == [True, False, False]
    [group] = shown.groups
    assert (group.members, [one.name for one in group.member_list][1]) == (3, "Марат Исаков")


def test_problems_bring_votes_merges_causes_and_answers(workspace: Workspace, village: LinkedVillage) -> None:
    shown = snapshot(workspace, village, Audience.INTERNAL)
    water, roads, lighting = shown.problems
    assert [(one.votes, one.rank, one.is_priority) for one in shown.problems] == [
        (36, 1, True),
        (20, 2, True),
        (5, 3, True),
    ]
    assert (water.merged_titles, water.merge_reasons) == (("Колонкадан суу акпайт",), ("Экөө тең суу жөнүндө",))
    assert {one.votes for one in water.statements} == {26, 10}
    assert water.causes[0].causes == ("Түтүк эски",)
    assert water.activity_ids == (village.activities["pipe"],)
    assert [one.title for one in shown.activities_for(water)] == ["Түтүк тартуу"]
    assert roads.activity_ids == lighting.activity_ids == ()
    assert water.geometry is not None
    assert [one.id for one in shown.municipality_problems] == [one.id for one in shown.problems]


def test_the_plan_tells_money_history_and_place(workspace: Workspace, village: LinkedVillage) -> None:
    plan = snapshot(workspace, village, Audience.INTERNAL).plan
    assert plan is not None
    assert len(plan.activities) == 4 and len(plan.other_activities) == 3
    pipe = plan.goals[0].tasks[0].activities[0]
    assert pipe.gap is not None and (pipe.gap.need_som, pipe.gap.capacity_som) == (900_000, 300_000)
    assert [(one.state.value, one.amount_som, one.of_promise) for one in pipe.contributions] == [
        ("promised", 300_000, False),
        ("received", 200_000, True),
    ]
    assert pipe.money().total == 300_000
    assert pipe.contributions[1].giver == "Токтогул Сатылганов"
    assert [one.stage for one in pipe.history] == [ActivityStage.PLANNED, ActivityStage.UNDER_WAY]
    assert pipe.geometry is not None and pipe.geometry.geom_type == "LineString"
    assert (pipe.beneficiaries_direct, pipe.beneficiaries_indirect) == (1000, 3)


def test_visits_bring_evidence_photos_and_what_was_agreed(workspace: Workspace, village: LinkedVillage) -> None:
    [visit] = snapshot(workspace, village, Audience.INTERNAL).visits
    assert visit.evidence is not None and visit.evidence.grade is Grade.A
    assert [one.jpeg for one in visit.photos] == [SMALL]
    assert [one.words for one in visit.findings] == ["Үч колонкадан суу акпайт"]
    assert [(one.state, one.due_on) for one in visit.agreements] == [(FollowUpState.OVERDUE, date(2015, 4, 1))]
    assert len(visit.members) == 3 and visit.point is not None


def test_what_is_not_published_is_not_public(workspace: Workspace, village: LinkedVillage) -> None:
    shown = snapshot(workspace, village, Audience.PUBLIC)
    assert (shown.events, shown.problems, shown.municipality_problems, shown.plan) == ((), (), (), None)
    assert (shown.visits, shown.groups, shown.matches) == ((), (), ())
    assert shown.municipality.settlements


def test_what_is_published_is_public_without_people(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        publish_all(session)
    shown = snapshot(workspace, village, Audience.PUBLIC)
    # Without ids, in which any four digits may stand.
    told = re.sub(r"UUID\('[^']*'\)", "", repr(shown))
    people = ("Асан", "Жылдыз", "Бакыт", "Нурлан", "Гүлнара", "Марат", "Сайра", "Токтогул", "0700", "0555")
    assert [one for one in people if one in told] == []
    young = next(one for one in shown.events if one.id == village.event)
    # 28 of 30 are women: the men would follow from it.
    assert (young.participants, young.women, young.participant_list, young.signatures) == (30, None, (), ())
    assert [one.votes for one in shown.problems] == [36, 20, 5]
    assert shown.plan is not None
    pipe = next(one for one in shown.plan.activities if one.id == village.activities["pipe"])
    assert (pipe.beneficiaries_direct, pipe.beneficiaries_indirect) == (1000, None)
    assert [(one.members, one.member_list) for one in shown.groups] == [(None, ())]
    [visit] = shown.visits
    assert visit.members == () and visit.point is not None and len(visit.photos) == 1


def test_a_public_snapshot_tells_how_many_sessions_are_not_in_its_votes(
    workspace: Workspace, village: LinkedVillage
) -> None:
    with workspace.write(actor="test") as session:
        publish_all(session)
        other = _more(session, village, 1)
        of_other = AppraisalEvent.settlement_id == other
        session.execute(update(AppraisalEvent).where(of_other).values(published_at=now()))
        session.execute(update(AppraisalEvent).where(AppraisalEvent.id == village.event).values(published_at=None))
        session.execute(
            update(ProblemStatement).where(ProblemStatement.event_id == village.event).values(published_at=None)
        )
        # Neither a withdrawn session nor a focus group has votes of its own to miss.
        more = {"cycle_id": village.cycle, "settlement_id": other, "held_on": TODAY, "group_sex": GroupSex.MIXED}
        session.add(AppraisalEvent(kind=EventKind.SESSION, withdrawn_at=now(), **more))
        session.add(AppraisalEvent(kind=EventKind.FOCUS_GROUP, **more))
        session.flush()
    shown = snapshot(workspace, village, Audience.PUBLIC)
    assert (shown.unpublished_sessions, shown.unpublished_by_settlement) == (1, {village.settlement: 1})
    own, others = shown.of_settlement(village.settlement), shown.of_settlement(other)
    assert (own.unpublished_sessions, own.unpublished_by_settlement) == (1, {village.settlement: 1})
    assert (others.unpublished_sessions, others.unpublished_by_settlement) == (0, {})
    whole = snapshot(workspace, village, Audience.INTERNAL)
    assert (whole.unpublished_sessions, whole.unpublished_by_settlement) == (0, {})
    assert sum(one.votes for one in own.problems) < sum(
        one.votes for one in whole.problems if one.settlement_id == village.settlement
    )


def test_a_public_snapshot_is_the_same_whoever_asks(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        session.execute(update(AppraisalEvent).where(AppraisalEvent.id == village.event).values(published_at=now()))
    assert snapshot(workspace, village, Audience.PUBLIC, LOCAL) == snapshot(workspace, village, Audience.PUBLIC, PUBLIC)
    stranger = Actor("stranger", roles={new_id(): frozenset({Role.ADMINISTRATOR})})
    shown = snapshot(workspace, village, Audience.INTERNAL, stranger)
    assert [(one.facilitator_names, one.women) for one in shown.events] == [((), None)]
    member = Actor("member", roles={village.municipality: frozenset({Role.COUNCIL_MEMBER})})
    # A council member reads the record and no lists of people.
    shown = snapshot(workspace, village, Audience.INTERNAL, member)
    assert [one.participant_list for one in shown.events] == [(), ()]
    assert [(one.members, one.member_list) for one in shown.groups] == [(None, ())]
    assert [one.members for one in shown.visits] == [()]
    assert shown.plan is not None and len(shown.events) == 2


def test_a_visit_to_a_home_is_not_public(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        publish_all(session)
        site = village.features["standpipe"]
        session.execute(update(MapFeature).where(MapFeature.id == site).values(is_sensitive=True))
        session.execute(update(MonitoringVisit).values(feature_id=site))
    shown = snapshot(workspace, village, Audience.PUBLIC)
    assert shown.visits == ()
    assert all(one.id != site for held in shown.events for one in held.features)
    assert len(snapshot(workspace, village, Audience.INTERNAL).visits) == 1


def test_the_number_of_statements_does_not_grow(workspace: Workspace, village: LinkedVillage) -> None:
    def statements() -> tuple[int, CycleSnapshot]:
        with workspace.read() as session, counted(session) as sent:
            shown = cycle_snapshot(
                session,
                workspace.pictures,
                village.municipality,
                2014,
                actor=LOCAL,
                audience=Audience.INTERNAL,
                with_sheets=True,
                as_of=TODAY,
            )
            return len(sent), shown

    before, _ = statements()
    with workspace.write(actor="test") as session:
        for number in range(12):
            _more(session, village, number)
    after, shown = statements()
    assert len(shown.municipality.settlements) == 13
    assert (len(shown.events), len(shown.problems), len(shown.visits)) == (14, 15, 13)
    assert after == before


def test_nothing_is_cut_off(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        for _ in range(520):
            _visit(session, village, village.settlement, village.activities["pipe"])
        session.flush()
    assert len(snapshot(workspace, village, Audience.INTERNAL).visits) == 521


def test_one_village_alone(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        other = _more(session, village, 1)
    with workspace.read() as session:
        shown = cycle_snapshot(
            session,
            workspace.pictures,
            village.municipality,
            2014,
            actor=LOCAL,
            audience=Audience.INTERNAL,
            settlement_id=other,
            with_features=False,
            with_photos=False,
            as_of=TODAY,
        )
    assert [one.settlement_id for one in shown.events] == [other]
    assert [(one.settlement_id, one.rank) for one in shown.problems] == [(other, 1)]
    assert [(one.settlement_id, one.photos) for one in shown.visits] == [(other, ())]


def test_what_is_not_there_is_said(workspace: Workspace, village: LinkedVillage) -> None:
    def ask(municipality: UUID, year: int, **more: UUID) -> str:
        with workspace.read() as session, pytest.raises(NotFound) as raised:
            cycle_snapshot(
                session,
                workspace.pictures,
                municipality,
                year,
                actor=LOCAL,
                audience=Audience.PUBLIC,
                as_of=TODAY,
                **more,
            )
        return raised.value.key

    assert ask(new_id(), 2014) == "snapshot.no_municipality"
    assert ask(village.municipality, 2013) == "snapshot.no_cycle"
    assert ask(village.municipality, 2014, settlement_id=new_id()) == "snapshot.no_settlement"
    assert ask(village.municipality, 2014, plan_id=new_id()) == "snapshot.no_plan"
    with workspace.read() as session, pytest.raises(NotFound, match="2014"):
        cycle_snapshot(
            session,
            workspace.pictures,
            village.municipality,
            2031,
            actor=LOCAL,
            audience=Audience.PUBLIC,
            as_of=TODAY,
        )


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect the statements sent to the store."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _more(session: Session, village: LinkedVillage, number: int) -> UUID:
    """Store another village with a session, a problem, an activity and a visit."""
    own = {"municipality_id": village.municipality}
    place = north_of(500.0 * (number + 1), VILLAGE)
    other = Settlement(name_ky=f"Айыл {number}", geometry=place, population_women=50, population_men=50)
    session.add(other)
    session.flush()
    cycle = session.scalars(select(Cycle).where(Cycle.id == village.cycle)).one()
    session.add(Membership(settlement_id=other.id, municipality_id=village.municipality))
    held = AppraisalEvent(
        cycle_id=cycle.id,
        settlement_id=other.id,
        kind=EventKind.SESSION,
        held_on=date(2014, 11, 20),
        group_sex=GroupSex.MIXED,
        participants=40,
    )
    problem = Problem(
        level=ProblemLevel.SETTLEMENT, cycle_id=cycle.id, settlement_id=other.id, title=f"Көпүрө {number}", **own
    )
    activity = Activity(
        plan_id=village.plan,
        settlement_id=other.id,
        title=f"Көпүрө {number}",
        purpose=Purpose.BRIDGES,
        coverage=Coverage.SETTLEMENT,
        **own,
    )
    session.add_all([held, problem, activity])
    session.flush()
    said = {"event_id": held.id, "problem_id": problem.id, "settlement_id": other.id}
    session.add(ProblemStatement(wording=problem.title, votes=7, **said, **own))
    _visit(session, village, other.id, activity.id)
    session.flush()
    return other.id


def _visit(session: Session, village: LinkedVillage, settlement_id: UUID, activity_id: UUID) -> None:
    visit_id = new_id()
    session.add(
        MonitoringVisit(
            id=visit_id,
            chain_id=visit_id,
            settlement_id=settlement_id,
            activity_id=activity_id,
            topic=VisitTopic.ACTIVITY,
            method=VisitMethod.OBSERVATION,
            visited_at=VISITED_AT,
            municipality_id=village.municipality,
        )
    )
