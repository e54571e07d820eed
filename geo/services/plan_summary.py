"""A plan in figures: money by source and form, by stage, goal and settlement; what is late; whether it is viable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import told_sum
from geo.domain.plan.periods import period
from geo.domain.plan.totals import Sums, add_up
from geo.domain.plan.viability import Gap, financial_gap, gap_of_all
from geo.domain.plan_codes import ActivityStage, ContributionForm, ContributionSource, Viability
from geo.domain.rights import LOCAL, Action, Actor, Subject, is_allowed
from geo.models import Activity, Plan
from geo.repositories.plans import PlanRepository
from geo.services.plan_approval import ApprovalPath, approval_path

__all__ = [
    "ActivityViability",
    "GoalFigures",
    "LateActivity",
    "PlanSummary",
    "SettlementFigures",
    "StageFigures",
    "activity_viability",
    "is_late",
    "plan_summary",
]

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class StageFigures:
    """Activities at one stage."""

    stage: ActivityStage
    activities: int
    money: Sums


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """Activities of one goal; ``goal_id`` is None for those of no goal."""

    goal_id: UUID | None
    problem_id: UUID | None
    goal: str
    activities: int
    money: Sums
    gap: Gap


@dataclass(frozen=True, slots=True)
class SettlementFigures:
    """Activities in one settlement; ``settlement_id`` is None for those of several."""

    settlement_id: UUID | None
    activities: int
    money: Sums
    beneficiaries_direct: int | None
    """Told for the activities, added up: who profits from two of them is counted twice. For the public without
    activities for fewer than 5 people; None where those are all."""


@dataclass(frozen=True, slots=True)
class LateActivity:
    """An activity whose deadline has passed while it is neither done nor stopped."""

    activity_id: UUID
    title: str
    stage: ActivityStage
    last_day: date
    days_late: int


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in figures; all money in whole som, every total exact.

    Each of `by_source`, `by_form`, `by_stage`, `by_goal` and `by_settlement` adds up to `money`.
    """

    plan_id: UUID
    title: str
    year_from: int
    year_to: int
    approval: ApprovalPath
    activities: int
    money: Sums
    by_source: Mapping[ContributionSource, Sums]
    by_form: Mapping[ContributionForm, Sums]
    by_stage: tuple[StageFigures, ...]
    by_goal: tuple[GoalFigures, ...]
    by_settlement: tuple[SettlementFigures, ...]
    gap: Gap
    """Over the activities that are not stopped and whose need and capacity are both known."""
    gap_unknown: int
    """Activities that are not stopped and that `gap` leaves out."""
    not_viable: tuple[UUID, ...]
    """Activities that are not stopped, with a gap above half of their need."""
    late: tuple[LateActivity, ...]


@dataclass(frozen=True, slots=True)
class ActivityViability:
    """Whether an activity has money enough to begin."""

    activity_id: UUID
    gap: Gap
    capacity_entered: bool
    """Whether people entered the capacity; else it is what was promised or came."""
    money: Sums


def plan_summary(session: Session, plan_id: UUID, *, actor: Actor = LOCAL, today: date) -> PlanSummary:
    """Return a plan in figures, as far as an actor may see it.

    Raises
    ------
    NotFound
        There is no such plan for them.
    """
    repository = PlanRepository(session, actor)
    plan = repository.seen(Plan, plan_id, Subject.PLANS)
    activities = repository.activities(plan_id)
    rows = repository.money_of_plan(plan_id)
    money = {one.id: add_up(row.sums for row in rows.get(one.id, ())) for one in activities}
    # What was stopped asks for nothing more.
    gaps = {one.id: _gap(one, money[one.id]) for one in activities if one.status is not ActivityStage.STOPPED}
    every = [row for found in rows.values() for row in found]
    is_own = is_allowed(Action.READ, Subject.PLANS, actor, plan.municipality_id)
    return PlanSummary(
        plan_id=plan.id,
        title=plan.title,
        year_from=plan.year_from,
        year_to=plan.year_to,
        approval=approval_path(session, plan_id, tells_who=is_own),
        activities=len(activities),
        money=add_up(money.values()),
        by_source=_added(((row.source, row.sums) for row in every), ContributionSource),
        by_form=_added(((row.form, row.sums) for row in every), ContributionForm),
        by_stage=tuple(
            StageFigures(stage, len(some), add_up(money[one.id] for one in some))
            for stage in ActivityStage
            if (some := [one for one in activities if one.status is stage])
        ),
        by_goal=_by_goal(repository, plan_id, activities, money, gaps),
        by_settlement=_by_settlement(activities, money, for_public=not is_own),
        gap=gap_of_all(gaps.values()),
        gap_unknown=sum(gap.viability is Viability.UNKNOWN for gap in gaps.values()),
        not_viable=tuple(one for one, gap in gaps.items() if gap.viability is Viability.NOT_VIABLE),
        late=_late(activities, today),
    )


def activity_viability(session: Session, activity_id: UUID, *, actor: Actor = LOCAL) -> ActivityViability:
    """Return whether an activity has money enough to begin, as far as an actor may see it.

    Raises
    ------
    NotFound
        There is no such activity for them.
    """
    repository = PlanRepository(session, actor)
    activity = repository.seen(Activity, activity_id, Subject.PLANS)
    money = repository.money_of_activity(activity_id)
    return ActivityViability(activity_id, _gap(activity, money), activity.capacity_som is not None, money)


def is_late(activity: Activity, today: date) -> bool:
    """Return whether the deadline has passed while the activity is neither done nor stopped."""
    if activity.deadline_to is None or activity.status in {ActivityStage.DONE, ActivityStage.STOPPED}:
        return False
    return period(activity.deadline_to, activity.deadline_precision).last < today


def _gap(activity: Activity, money: Sums) -> Gap:
    return financial_gap(activity.need_som, activity.capacity_som, contributed_som=money.total)


def _added(rows: Iterable[tuple[K, Sums]], order: Iterable[K]) -> dict[K, Sums]:
    found: defaultdict[K, Sums] = defaultdict(Sums)
    for key, sums in rows:
        found[key] += sums
    return {one: found[one] for one in order if one in found}


def _by_goal(
    repository: PlanRepository,
    plan_id: UUID,
    activities: Sequence[Activity],
    money: Mapping[UUID, Sums],
    gaps: Mapping[UUID, Gap],
) -> tuple[GoalFigures, ...]:
    goal_of = repository.goals_of_tasks(plan_id)
    goals = {goal.id: goal for goal in repository.goals(plan_id)}
    by_goal: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for one in activities:
        goal_id = goal_of.get(one.task_id) if one.task_id else None
        by_goal[goal_id if goal_id in goals else None].append(one.id)
    order: list[UUID | None] = [*goals, *([None] if None in by_goal else [])]
    return tuple(
        GoalFigures(
            goal_id=goal_id,
            problem_id=goals[goal_id].problem_id if goal_id else None,
            goal=goals[goal_id].goal if goal_id else "",
            activities=len(by_goal[goal_id]),
            money=add_up(money[one] for one in by_goal[goal_id]),
            gap=gap_of_all(gaps[one] for one in by_goal[goal_id] if one in gaps),
        )
        for goal_id in order
    )


def _by_settlement(
    activities: Sequence[Activity], money: Mapping[UUID, Sums], *, for_public: bool
) -> tuple[SettlementFigures, ...]:
    found: defaultdict[UUID | None, list[Activity]] = defaultdict(list)
    for one in activities:
        found[one.settlement_id].append(one)
    return tuple(
        SettlementFigures(
            settlement_id,
            len(some),
            add_up(money[one.id] for one in some),
            told_sum((one.beneficiaries_direct for one in some), for_public=for_public),
        )
        for settlement_id, some in found.items()
    )


def _late(activities: Iterable[Activity], today: date) -> tuple[LateActivity, ...]:
    late = []
    for one in activities:
        if one.deadline_to is not None and is_late(one, today):
            last_day = period(one.deadline_to, one.deadline_precision).last
            late.append(LateActivity(one.id, one.title, one.status, last_day, (today - last_day).days))
    return tuple(sorted(late, key=lambda one: one.last_day))
