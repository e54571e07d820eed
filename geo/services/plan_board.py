"""A year's plan as people work on it: every row with its version, the votes behind it, and what is left unanswered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.local_matters import LocalMatter
from geo.domain.plan.purposes import local_matter
from geo.domain.plan_codes import ContributionForm, ContributionSource, ContributionState, GroupKind
from geo.domain.rights import Actor, Subject
from geo.models import Activity, Contribution, Plan, Problem
from geo.repositories.links import LinkRepository
from geo.repositories.plans import PlanRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.plan_history import HistoryLine, history_of
from geo.services.plan_summary import LateActivity, PlanSummary, plan_summary
from geo.services.plan_votes import Group, PlanVotes, UnansweredProblem, read_votes
from geo.services.snapshots.gallery import read_problems
from geo.services.snapshots.plan import read_plan
from geo.services.snapshots.reader import Reader
from geo.services.snapshots.territory import read_municipality
from geo.snapshots import ActivitySnapshot, Audience, MunicipalitySnapshot, PlanSnapshot, ProblemSnapshot

__all__ = ["ActivityRow", "ContributionRow", "Named", "PlanBoard", "ProblemLink", "plan_board"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose from a list."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ProblemLink:
    """That an activity answers a problem; ``link_id`` is None where its goal says so."""

    problem_id: UUID
    title: str
    votes: int
    link_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """What a party promised or gave, to be changed."""

    id: UUID
    version: int
    source: ContributionSource
    form: ContributionForm
    state: ContributionState
    amount_som: int | None
    at_least: bool
    on_date: date | None
    giver: str
    """Empty for whoever has no role in the municipality."""
    promise_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A line of the plan: what the papers show, and what is needed to change it.

    Attributes
    ----------
    votes
        Behind what it answers, each once.
    groups
        Who gave them.
    """

    shown: ActivitySnapshot
    version: int
    task_id: UUID | None
    group_id: UUID | None
    capacity_som: int | None
    """As people entered it; what was promised or came is no entry."""
    is_drawn: bool
    """Whether it has a shape of its own, and not its site's."""
    matter: LocalMatter | None
    votes: int
    groups: frozenset[Group]
    links: tuple[ProblemLink, ...]
    contributions: tuple[ContributionRow, ...]
    history: tuple[HistoryLine, ...]
    late: LateActivity | None


@dataclass(frozen=True, slots=True)
class PlanBoard:
    """The plan of a year, None where there is none yet, and what stands beside it."""

    cycle_id: UUID
    municipality: MunicipalitySnapshot
    plans: tuple[Named, ...]
    people_groups: tuple[Named, ...]
    problems: tuple[ProblemSnapshot, ...]
    """The municipality's list, most votes first."""
    plan: PlanSnapshot | None = None
    version: int = 0
    is_published: bool = False
    summary: PlanSummary | None = None
    rows: Mapping[UUID, ActivityRow] | None = None
    """By activity."""
    versions: Mapping[UUID, int] | None = None
    """Of goals and tasks."""
    unanswered: tuple[UnansweredProblem, ...] = ()
    """Each problem once, most votes first."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups whose votes stand behind the plan, the youngest first."""
        found = {group for row in (self.rows or {}).values() for group in row.groups}
        return tuple(sorted(found, key=lambda one: (one.age_from or 0, one.age_to or 999, one.sex, one.other)))


def plan_board(
    session: Session, municipality_id: UUID, year: int, *, plan_id: UUID | None = None, actor: Actor, today: date
) -> PlanBoard | None:
    """Return the plan of a municipality's year as an actor may see it; None before the year has begun.

    Parameters
    ----------
    plan_id
        Which plan, where the year has several; without, the last that was made.
    today
        By which activities are late.

    Raises
    ------
    NotFound
        There is no such municipality, or the plan asked for is none of the year.
    """
    territory = TerritoryRepository(session)
    municipality = territory.municipality(municipality_id)
    cycle = territory.cycle(municipality_id, year)
    if cycle is None:
        return None
    reader = Reader.of(session, cycle, actor, Audience.INTERNAL, as_of=today)
    shown = read_municipality(reader, municipality)
    plan = read_plan(reader, plan_id)
    board = PlanBoard(
        cycle_id=cycle.id,
        municipality=shown,
        plans=tuple(Named(one.id, one.title) for one in reader.rows.plans()),
        people_groups=tuple(
            Named(one.id, one.name)
            for one in reader.rows.groups()
            if one.kind in {GroupKind.INITIATIVE, GroupKind.INVESTMENT_COMMITTEE}
        ),
        problems=read_problems(reader, (one.id for one in shown.settlements), plan).municipality,
    )
    return board if plan is None else _with_plan(reader, board, plan, today)


def _with_plan(reader: Reader, board: PlanBoard, plan: PlanSnapshot, today: date) -> PlanBoard:
    session, actor = reader.session, reader.actor
    plans = PlanRepository(session, actor)
    row = plans.seen(Plan, plan.id, Subject.PLANS)
    activities = plans.activities(plan.id)
    votes = read_votes(session, row, activities, actor=actor)
    summary = plan_summary(session, plan.id, actor=actor, today=today)
    return PlanBoard(
        cycle_id=board.cycle_id,
        municipality=board.municipality,
        plans=board.plans,
        people_groups=board.people_groups,
        problems=board.problems,
        plan=plan,
        version=row.version,
        is_published=row.published_at is not None,
        summary=summary,
        rows=_rows(reader, plan, activities, votes, summary),
        versions={one.id: one.version for one in (*plans.goals(plan.id), *reader.rows.tasks(plan.id))},
        unanswered=_each_once(votes.unanswered),
    )


def _rows(
    reader: Reader, plan: PlanSnapshot, activities: Sequence[Activity], votes: PlanVotes, summary: PlanSummary
) -> dict[UUID, ActivityRow]:
    tells = reader.tells(Subject.PLANS)
    shown = {one.id: one for one in plan.activities}
    links = _links(reader, plan, list(shown), votes)
    contributions = reader.rows.contributions(plan.id)
    histories = reader.rows.histories(plan.id)
    late = {one.activity_id: one for one in summary.late}
    return {
        one.id: ActivityRow(
            shown=shown[one.id],
            version=one.version,
            task_id=one.task_id,
            group_id=one.responsible_group_id,
            capacity_som=one.capacity_som,
            is_drawn=one.geometry is not None,
            matter=local_matter(one.purpose),
            votes=votes.votes.of_activity(one.id),
            groups=votes.groups_behind(one.id),
            links=tuple(links.get(one.id, {}).values()),
            contributions=tuple(_contribution(given, tells=tells) for given in contributions.get(one.id, ())),
            history=tuple(history_of(histories.get(one.id, ()))) if tells else (),
            late=late.get(one.id),
        )
        for one in activities
        if one.id in shown
    }


def _links(
    reader: Reader, plan: PlanSnapshot, activity_ids: Sequence[UUID], votes: PlanVotes
) -> dict[UUID, dict[UUID, ProblemLink]]:
    """Return the problems that activities answer, by activity: of their goals first, then those that people linked."""
    confirmed = LinkRepository(reader.session).answered_by_hand(activity_ids, reader.actor)
    of_goals = {one.problem_id for one in plan.goals if one.problem_id}
    wanted = {*of_goals, *(one.problem_id for one in confirmed)}
    titles = {
        one.id: one.title
        for one in PlanRepository(reader.session, reader.actor).by_id(Problem, wanted, Subject.PROBLEMS).values()
    }
    counted = votes.book.votes()
    found: defaultdict[UUID, dict[UUID, ProblemLink]] = defaultdict(dict)
    for goal in plan.goals:
        if goal.problem_id in titles:
            for activity in (one for task in goal.tasks for one in task.activities):
                found[activity.id][goal.problem_id] = ProblemLink(
                    goal.problem_id, titles[goal.problem_id], counted.get(goal.problem_id, 0)
                )
    for link in confirmed:
        if link.problem_id in titles:
            found[link.activity_id].setdefault(
                link.problem_id,
                ProblemLink(
                    link.problem_id, titles[link.problem_id], counted.get(link.problem_id, 0), link.id, link.version
                ),
            )
    return found


def _contribution(one: Contribution, *, tells: bool) -> ContributionRow:
    return ContributionRow(
        id=one.id,
        version=one.version,
        source=one.source,
        form=one.form,
        state=one.state,
        amount_som=one.amount_som,
        at_least=one.at_least,
        on_date=one.on_date,
        giver=one.giver if tells else "",
        promise_id=one.promise_id,
    )


def _each_once(problems: Iterable[UnansweredProblem]) -> tuple[UnansweredProblem, ...]:
    """Return each problem with the most votes that it has on a list: a village's may be the municipality's too."""
    found: dict[UUID, UnansweredProblem] = {}
    for one in problems:
        if one.problem_id not in found or one.votes > found[one.problem_id].votes:
            found[one.problem_id] = one
    return tuple(sorted(found.values(), key=lambda one: -one.votes))
