"""Plans, goals, tasks, activities and contributions as records (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from geo.domain.plan_codes import ApprovalStep, ContributionSource, ContributionState, Currency
from geo.domain.plan_codes import ContributionForm as GivenAs
from geo.domain.rights import Action, Subject
from geo.errors import Refused
from geo.i18n import Text
from geo.models import Activity, Contribution, Cycle, Plan, PlanApproval, PlanGoal, Problem, Task
from geo.repositories.plans import PlanRepository
from geo.services.records.resource import Form, Resource, returns_alone
from geo.services.resources.plan_fields import SomAmount, refuse_while, return_with, says_at_least, withdraw_with

__all__ = ["RESOURCES", "ContributionFields", "PlanForm", "PlanGoalForm", "TaskForm"]

MOST_YEARS = 3
"""A plan runs up to three years (DOMAIN.md section 2)."""
_EARLIEST, _LATEST = 1991, 2200


class PlanForm(Form):
    """A plan of a municipality's cycle."""

    cycle_id: UUID
    title: str = Field(min_length=1)
    year_from: int = Field(ge=_EARLIEST, le=_LATEST)
    year_to: int = Field(ge=_EARLIEST, le=_LATEST)
    note: str = ""


class PlanApprovalForm(Form):
    """A step of a plan's approval, to read."""

    plan_id: UUID
    step: ApprovalStep
    taken_on: date
    event_id: UUID | None = None
    document: str = ""


class InterimValue(TypedDict):
    """A value to be reached on the way to the target."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    year: int
    value: float


class PlanGoalForm(Form):
    """A measurable goal."""

    plan_id: UUID
    problem_id: UUID | None = None
    ordinal: int = Field(default=0, ge=0, le=100_000)
    problem_statement: str = ""
    goal: str = Field(min_length=1)
    indicator: str = ""
    unit: str = ""
    baseline_value: float | None = None
    baseline_year: int | None = Field(default=None, ge=_EARLIEST, le=_LATEST)
    target_value: float | None = None
    target_year: int | None = Field(default=None, ge=_EARLIEST, le=_LATEST)
    interim: list[InterimValue] = Field(default_factory=list)


class TaskForm(Form):
    """A task of a goal."""

    goal_id: UUID
    ordinal: int = Field(default=0, ge=0, le=100_000)
    title: str = Field(min_length=1)


class ContributionFields(Form):
    """What a party promises, or what came of it."""

    activity_id: UUID
    source: ContributionSource
    form: GivenAs = GivenAs.CASH
    state: ContributionState = ContributionState.PROMISED
    promise_id: UUID | None = None
    amount_som: SomAmount | None = None
    at_least: bool = False
    currency: Currency = Currency.KGS
    on_date: date | None = None
    giver: str = ""
    note: str = ""

    @classmethod
    def changed(cls, before: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields after a change: "over" was said of the sum before, not of another one."""
        plain = "amount_som" in values and values["amount_som"] != before["amount_som"] and "at_least" not in values
        return {**before, **({"at_least": False} if plain else {}), **values}

    @model_validator(mode="before")
    @classmethod
    def _over(cls, values: Any) -> Any:
        if isinstance(values, Mapping) and says_at_least(values.get("amount_som")):
            return {**values, "at_least": True}
        return values


def _plan_owner(session: Session, plan: Plan) -> UUID:
    return PlanRepository(session).one(Cycle, plan.cycle_id).municipality_id


def _check_plan(session: Session, plan: Plan) -> tuple[Text, ...]:
    if plan.year_to < plan.year_from:
        raise Refused("plan.years_reversed", year_from=plan.year_from, year_to=plan.year_to)
    found: list[Text] = []
    years = plan.year_to - plan.year_from + 1
    if years > MOST_YEARS:
        found.append(Text("plan.too_long", {"years": years, "most": MOST_YEARS}))
    cycle = PlanRepository(session).one(Cycle, plan.cycle_id)
    if plan.year_from < cycle.year:
        found.append(Text("plan.before_cycle", {"year_from": plan.year_from, "cycle": cycle.year}))
    return tuple(found)


def _leave_plan(session: Session, plan: Plan) -> None:
    refuse_while(session, plan.id, PlanGoal.plan_id, Activity.plan_id)
    withdraw_with(session, plan, PlanApproval.plan_id)


def _goal_owner(session: Session, goal: PlanGoal) -> UUID:
    return PlanRepository(session).one(Plan, goal.plan_id).municipality_id


def _check_goal(session: Session, goal: PlanGoal) -> tuple[Text, ...]:
    repository = PlanRepository(session)
    # A problem that was withdrawn since is no fault of who changes something else.
    if goal.problem_id is not None and not (
        _is_kept(goal, "problem_id") and repository.find(Problem, goal.problem_id) is None
    ):
        problem = repository.one(Problem, goal.problem_id)
        if problem.municipality_id != repository.one(Plan, goal.plan_id).municipality_id:
            raise Refused("plan.elsewhere")
    years = [goal.baseline_year, *(value["year"] for value in goal.interim or ()), goal.target_year]
    known = [year for year in years if year is not None]
    if known != sorted(set(known)):
        raise Refused("plan_goal.years_reversed")
    found: list[Text] = []
    if goal.problem_id is None and not (goal.problem_statement or "").strip():
        found.append(Text("plan_goal.no_problem", {}))
    if goal.target_value is None or not (goal.indicator or "").strip():
        found.append(Text("plan_goal.not_measurable", {}))
    return tuple(found)


def _is_kept(record: PlanGoal | Contribution, name: str) -> bool:
    """Return whether a stored record is changed in other fields than this one."""
    state: Any = inspect(record)
    return bool(state.persistent) and not state.attrs[name].history.has_changes()


def _task_owner(session: Session, task: Task) -> UUID:
    return PlanRepository(session).one(PlanGoal, task.goal_id).municipality_id


def _contribution_owner(session: Session, contribution: Contribution) -> UUID:
    return PlanRepository(session).one(Activity, contribution.activity_id).municipality_id


def _check_contribution(session: Session, contribution: Contribution) -> tuple[Text, ...]:
    found: list[Text] = []
    if contribution.amount_som is None:
        found.append(Text("contribution.no_amount", {}))
    if contribution.promise_id is None:
        return tuple(found)
    if contribution.state is ContributionState.PROMISED:
        raise Refused("contribution.promise_of_promise")
    repository = PlanRepository(session)
    if _is_kept(contribution, "promise_id") and repository.find(Contribution, contribution.promise_id) is None:
        return tuple(found)  # the promise was withdrawn since: what came of it stands by itself
    promise = repository.one(Contribution, contribution.promise_id)
    if promise.state is not ContributionState.PROMISED:
        raise Refused("contribution.promise_of_promise")
    if (promise.activity_id, promise.source) != (contribution.activity_id, contribution.source):
        raise Refused("contribution.promise_elsewhere")
    received = repository.received_of(promise.id, but=contribution.id) + (contribution.amount_som or 0)
    if promise.amount_som is not None and received > promise.amount_som:
        found.append(Text("contribution.over_promise", {"received": received, "promised": promise.amount_som}))
    return tuple(found)


def _approval_owner(_session: Session, approval: PlanApproval) -> UUID:
    return approval.municipality_id


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="plans",
        subject=Subject.PLANS,
        model=Plan,
        form=PlanForm,
        owner=_plan_owner,
        check=_check_plan,
        leaving=_leave_plan,
        returning=lambda session, plan: return_with(session, plan, PlanApproval.plan_id),
        filters=("cycle_id", "municipality_id", "year_from", "year_to"),
        sorts=("title", "year_from"),
        fixed=frozenset({"cycle_id"}),
        example={
            "cycle_id": "01a20004-b16b-71b2-bc71-6bcc207c45c4",
            "title": "Липенка айыл аймагынын Биргелешкен аракеттер планы",
            "year_from": 2014,
            "year_to": 2016,
        },
    ),
    Resource(
        name="plan-approvals",
        subject=Subject.PLANS,
        model=PlanApproval,
        form=PlanApprovalForm,
        owner=_approval_owner,
        filters=("plan_id", "step"),
        sorts=("taken_on",),
        actions=frozenset({Action.READ, Action.PUBLISH}),
        private=frozenset({"set_by"}),
    ),
    Resource(
        name="plan-goals",
        subject=Subject.PLANS,
        model=PlanGoal,
        form=PlanGoalForm,
        owner=_goal_owner,
        check=_check_goal,
        leaving=lambda session, goal: refuse_while(session, goal.id, Task.goal_id),
        returning=returns_alone,
        filters=("plan_id", "problem_id"),
        sorts=("ordinal",),
        fixed=frozenset({"plan_id"}),
        example={
            "plan_id": "01a20004-b16b-71b2-bc71-6bd000000001",
            "goal": "Көчөнүн 1000 тургунун таза суу менен камсыздоо",
            "problem_statement": "Көчөнүн 1000 тургуну таза сууга жетпейт",
            "indicator": "Таза суу алган тургундар",
            "unit": "адам",
            "baseline_value": 0,
            "baseline_year": 2014,
            "target_value": 1000,
            "target_year": 2015,
        },
    ),
    Resource(
        name="tasks",
        subject=Subject.PLANS,
        model=Task,
        form=TaskForm,
        owner=_task_owner,
        leaving=lambda session, task: refuse_while(session, task.id, Activity.task_id),
        returning=returns_alone,
        filters=("goal_id",),
        sorts=("ordinal",),
        fixed=frozenset({"goal_id"}),
        example={"goal_id": "01a20004-b16b-71b2-bc71-6bd000000002", "title": "Долбоорду даярдоо", "ordinal": 1},
    ),
    Resource(
        name="contributions",
        subject=Subject.PLANS,
        model=Contribution,
        form=ContributionFields,
        owner=_contribution_owner,
        check=_check_contribution,
        filters=("activity_id", "source", "form", "state"),
        sorts=("amount_som", "on_date"),
        fixed=frozenset({"activity_id", "source", "state"}),
        private=frozenset({"giver"}),
        example={
            "activity_id": "01a20004-b16b-71b2-bc71-6bd000000004",
            "source": "local_budget",
            "form": "cash",
            "state": "promised",
            "amount_som": "300 миң сом",
        },
    ),
)
