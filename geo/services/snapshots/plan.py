"""The plan of a cycle and the groups of people around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.disclosure import suppress_counts
from geo.domain.plan.approval import ApprovedStep, standing_path
from geo.domain.plan.groups import Member, StatedNumbers, review_group
from geo.domain.plan.totals import add_up
from geo.domain.plan.viability import Gap, financial_gap
from geo.domain.rights import Subject
from geo.errors import NotFound
from geo.models import Activity, ActivityStatus, Contribution, GroupMember, PeopleGroup, Plan
from geo.repositories.links import LinkRepository
from geo.repositories.plans import PlanRepository
from geo.services.plan_history import history_of
from geo.services.snapshots.reader import Reader
from geo.snapshots import (
    ActivitySnapshot,
    ContributionSnapshot,
    GoalSnapshot,
    MemberSnapshot,
    PeopleGroupSnapshot,
    PlanSnapshot,
    StatusSnapshot,
    TaskSnapshot,
)

__all__ = ["read_groups", "read_plan"]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What hangs on the activities, by activity."""

    contributions: Mapping[UUID, Sequence[Contribution]]
    histories: Mapping[UUID, Sequence[ActivityStatus]]
    gaps: Mapping[UUID, Gap]
    sites: Mapping[UUID, BaseGeometry]
    """By object of the map."""
    promises: frozenset[UUID]
    """That the reader may see."""
    names_givers: bool


def read_plan(reader: Reader, plan_id: UUID | None = None) -> PlanSnapshot | None:
    """Return a plan of the cycle: the one asked for, else the last that was made; None where there is none to be seen.

    Raises
    ------
    NotFound
        The plan asked for is none of this cycle that the reader may see.
    """
    plans = reader.rows.plans()
    if plan_id is not None:
        plan = next((one for one in plans if one.id == plan_id), None)
        if plan is None:
            raise NotFound("snapshot.no_plan", id=plan_id)
        return _plan(reader, plan)
    return _plan(reader, plans[-1]) if plans else None


def read_groups(reader: Reader) -> tuple[PeopleGroupSnapshot, ...]:
    """Return the groups, with lists of their members for those who may read them."""
    members = reader.rows.members(reader.as_of)
    tells_people = reader.tells(Subject.PEOPLE)
    return tuple(_group(reader, one, members.get(one.id, ()), tells_people) for one in reader.rows.groups())


def _plan(reader: Reader, plan: Plan) -> PlanSnapshot:
    repository = PlanRepository(reader.session, reader.actor)
    activities = repository.activities(plan.id)
    contents = _contents(reader, repository, plan, activities)
    by_task: defaultdict[UUID | None, list[ActivitySnapshot]] = defaultdict(list)
    for one in activities:
        by_task[one.task_id].append(_activity(reader, one, contents))
    by_goal: defaultdict[UUID, list[TaskSnapshot]] = defaultdict(list)
    goals = repository.goals(plan.id)
    shown = {one.id for one in goals}
    for task in reader.rows.tasks(plan.id):
        if task.goal_id in shown:
            by_goal[task.goal_id].append(TaskSnapshot(task.id, task.title, tuple(by_task.pop(task.id, ()))))
    steps = [ApprovedStep(one.step, one.taken_on) for one in reader.rows.approvals(plan.id)]
    return PlanSnapshot(
        id=plan.id,
        title=plan.title,
        year_from=plan.year_from,
        year_to=plan.year_to,
        goals=tuple(
            GoalSnapshot(
                id=one.id,
                problem_id=one.problem_id,
                problem_statement=one.problem_statement,
                goal=one.goal,
                tasks=tuple(by_goal[one.id]),
                indicator=one.indicator,
                unit=one.unit,
                baseline_value=one.baseline_value,
                baseline_year=one.baseline_year,
                target_value=one.target_value,
                target_year=one.target_year,
            )
            for one in goals
        ),
        # Without a task, or of a task that is not for the reader.
        other_activities=tuple(one for some in by_task.values() for one in some),
        approvals=standing_path(steps),
        note=plan.note,
    )


def _contents(reader: Reader, repository: PlanRepository, plan: Plan, activities: Sequence[Activity]) -> _Contents:
    money = repository.money_of_plan(plan.id)
    sites = {one.site_feature_id for one in activities if one.site_feature_id is not None}
    features = LinkRepository(reader.session).features(sites, reader.actor)
    contributions = reader.rows.contributions(plan.id)
    return _Contents(
        contributions=contributions,
        histories=reader.rows.histories(plan.id),
        gaps={
            one.id: financial_gap(
                one.need_som,
                one.capacity_som,
                contributed_som=add_up(row.sums for row in money.get(one.id, ())).total,
            )
            for one in activities
        },
        sites={one: feature.geometry for one, feature in features.items()},
        promises=frozenset(one.id for some in contributions.values() for one in some),
        names_givers=reader.tells(Subject.PLANS),
    )


def _activity(reader: Reader, one: Activity, contents: _Contents) -> ActivitySnapshot:
    counts = {"direct": one.beneficiaries_direct, "indirect": one.beneficiaries_indirect}
    told = counts if reader.tells(Subject.PLANS) else suppress_counts(counts).values
    site = contents.sites.get(one.site_feature_id) if one.site_feature_id else None
    return ActivitySnapshot(
        id=one.id,
        title=one.title,
        purpose=one.purpose,
        status=one.status,
        coverage=one.coverage,
        settlement_id=one.settlement_id,
        status_since=one.status_since,
        status_precision=one.status_precision,
        history=tuple(
            StatusSnapshot(line.stage, line.since, line.precision)
            for line in history_of(contents.histories.get(one.id, ()))
            if line.stands
        ),
        result=one.result,
        indicators=one.indicators,
        quantity=one.quantity,
        quantity_unit=one.quantity_unit,
        deadline_from=one.deadline_from,
        deadline_to=one.deadline_to,
        deadline_precision=one.deadline_precision,
        responsible=one.responsible,
        responsible_note=one.responsible_note,
        beneficiaries_direct=told["direct"],
        beneficiaries_indirect=told["indirect"],
        gap=contents.gaps[one.id],
        contributions=tuple(_contribution(given, contents) for given in contents.contributions.get(one.id, ())),
        site_feature_id=one.site_feature_id if site is not None else None,
        geometry=one.geometry if one.geometry is not None else site,
        note=one.note,
    )


def _contribution(one: Contribution, contents: _Contents) -> ContributionSnapshot:
    return ContributionSnapshot(
        source=one.source,
        form=one.form,
        state=one.state,
        amount_som=one.amount_som,
        at_least=one.at_least,
        giver=one.giver if contents.names_givers else "",
        on_date=one.on_date,
        of_promise=one.promise_id in contents.promises,
    )


def _group(reader: Reader, one: PeopleGroup, members: Sequence[GroupMember], tells_people: bool) -> PeopleGroupSnapshot:
    counted = review_group(
        one.kind,
        [Member(member.sex, member.settlement_id, member.standing) for member in members],
        stated=StatedNumbers(one.stated_members, one.stated_women),
    )
    counts = {"members": counted.members, "women": counted.women}
    told = counts if tells_people else suppress_counts(counts).values
    listed = [_member(member) for member in members] if tells_people else []
    return PeopleGroupSnapshot(
        id=one.id,
        kind=one.kind,
        name=one.name,
        purpose=one.purpose,
        settlement_id=one.settlement_id,
        members=told["members"],
        women=told["women"],
        confirmed_on=one.confirmed_on,
        confirmed_by=one.confirmed_by,
        member_list=tuple(listed),
    )


def _member(one: GroupMember) -> MemberSnapshot:
    return MemberSnapshot(one.name, one.contact, one.standing, one.role, one.settlement_id)
