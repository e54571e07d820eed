"""The Joint Action Plan and the groups of people who carry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.plan.approval import ApprovedStep
from geo.domain.plan.totals import Sums, add_up, sums_of
from geo.domain.plan.viability import Gap
from geo.domain.plan_codes import (
    ActivityStage,
    ContributionForm,
    ContributionSource,
    ContributionState,
    Coverage,
    GroupKind,
    Purpose,
    Responsible,
    Standing,
)
from geo.domain.territory import DatePrecision

__all__ = [
    "ActivitySnapshot",
    "ContributionSnapshot",
    "GoalSnapshot",
    "MemberSnapshot",
    "PeopleGroupSnapshot",
    "PlanSnapshot",
    "StatusSnapshot",
    "TaskSnapshot",
]


@dataclass(frozen=True, slots=True)
class ContributionSnapshot:
    """What a party promised or gave; whole som."""

    source: ContributionSource
    form: ContributionForm
    state: ContributionState
    amount_som: int | None
    at_least: bool = False
    giver: str = ""
    on_date: date | None = None
    of_promise: bool = False
    """It came, and it had been promised by another contribution of the activity: a sum counts it once."""

    @property
    def sums(self) -> Sums:
        """As it counts in a sum."""
        return sums_of(self.state, self.amount_som, at_least=self.at_least, of_promise=self.of_promise)


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """An entry of an activity's standing history."""

    stage: ActivityStage
    since: date
    precision: DatePrecision = DatePrecision.DAY


@dataclass(frozen=True, slots=True)
class ActivitySnapshot:
    """A line of the plan."""

    id: UUID
    title: str
    purpose: Purpose
    status: ActivityStage
    coverage: Coverage
    settlement_id: UUID | None = None
    """None: the whole municipality."""
    status_since: date | None = None
    status_precision: DatePrecision = DatePrecision.DAY
    history: tuple[StatusSnapshot, ...] = ()
    result: str = ""
    indicators: str = ""
    quantity: float | None = None
    quantity_unit: str = ""
    deadline_from: date | None = None
    deadline_to: date | None = None
    deadline_precision: DatePrecision = DatePrecision.DAY
    responsible: Responsible | None = None
    responsible_note: str = ""
    beneficiaries_direct: int | None = None
    beneficiaries_indirect: int | None = None
    gap: Gap | None = None
    """Need, capacity and what is missing; its viability."""
    contributions: tuple[ContributionSnapshot, ...] = ()
    site_feature_id: UUID | None = None
    geometry: BaseGeometry | None = None
    """Where to draw it: its own place, else its site's; None where it has none."""
    note: str = ""

    def money(self, source: ContributionSource | None = None) -> Sums:
        """Return the sum of its contributions, of one source or of all."""
        return add_up(one.sums for one in self.contributions if source in (None, one.source))


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """A task and its activities in their order."""

    id: UUID
    title: str
    activities: tuple[ActivitySnapshot, ...]


@dataclass(frozen=True, slots=True)
class GoalSnapshot:
    """A measurable goal that answers a problem."""

    id: UUID
    problem_id: UUID | None
    problem_statement: str
    goal: str
    tasks: tuple[TaskSnapshot, ...]
    indicator: str = ""
    unit: str = ""
    baseline_value: float | None = None
    baseline_year: int | None = None
    target_value: float | None = None
    target_year: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """A plan; activities without a task come last."""

    id: UUID
    title: str
    year_from: int
    year_to: int
    goals: tuple[GoalSnapshot, ...]
    other_activities: tuple[ActivitySnapshot, ...] = ()
    approvals: tuple[ApprovedStep, ...] = ()
    note: str = ""

    @property
    def activities(self) -> tuple[ActivitySnapshot, ...]:
        """All activities in the order of the plan."""
        in_tasks = (one for goal in self.goals for task in goal.tasks for one in task.activities)
        return (*in_tasks, *self.other_activities)


@dataclass(frozen=True, slots=True)
class MemberSnapshot:
    """A member of a group; never in anything public."""

    name: str
    contact: str = ""
    standing: Standing = Standing.COMMUNITY
    role: str = ""
    settlement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PeopleGroupSnapshot:
    """An initiative, working or monitoring group, or an investment committee."""

    id: UUID
    kind: GroupKind
    name: str
    purpose: str = ""
    settlement_id: UUID | None = None
    members: int | None = None
    women: int | None = None
    confirmed_on: date | None = None
    confirmed_by: str = ""
    member_list: tuple[MemberSnapshot, ...] = ()
    """Never in anything public."""
