"""A plan held against the votes and the map: what is left out, what nobody asked for, how evenly the money goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small, told_sum
from geo.domain.evenness import Evenness, Stake, evenness
from geo.domain.gallery.book import Book
from geo.domain.linking import REACH_M
from geo.domain.plan.totals import add_up
from geo.domain.plan_codes import ActivityStage, Coverage, Purpose
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.models import Activity, AppraisalEvent, Plan
from geo.repositories.links import LinkRepository
from geo.repositories.plan_audit import Circle, PlanAuditRepository
from geo.repositories.plans import PlanRepository
from geo.services.plan_votes import (
    Group,
    Places,
    UnansweredProblem,
    Votes,
    group_of,
    not_stopped,
    read_votes,
)

__all__ = [
    "OVERLAP_M",
    "UNVISITED_DAYS",
    "Group",
    "Overlap",
    "PlanAudit",
    "UnansweredProblem",
    "Unasked",
    "Untied",
    "Unvisited",
    "audit_plan",
]

OVERLAP_M = 50.0
"""Two works with one purpose this near to each other may be the same work planned twice."""
UNVISITED_DAYS = 180
"""Monitoring groups survey every half-year (DOMAIN.md section 9)."""

NEEDED: Mapping[Purpose, frozenset[str]] = MappingProxyType(
    {
        Purpose.DRINKING_WATER: frozenset({"drinking_water_users"}),
        Purpose.IRRIGATION: frozenset({"irrigation_water_users"}),
        Purpose.PASTURE: frozenset({"pasture_committee"}),
        Purpose.FARMING: frozenset({"irrigation_water_users", "veterinary_service"}),
        Purpose.SCHOOL: frozenset({"school"}),
        Purpose.PRESCHOOL: frozenset({"kindergarten"}),
        Purpose.HEALTH: frozenset({"first_aid_post", "health_committee"}),
        Purpose.CULTURE: frozenset({"club"}),
        Purpose.FOLK_ART: frozenset({"club"}),
        Purpose.LIBRARY: frozenset({"library"}),
        Purpose.SPORT: frozenset({"sports_hall"}),
        Purpose.YOUTH: frozenset({"youth_committee"}),
        Purpose.BUDGET_INFORMATION: frozenset({"information_centre"}),
    }
)
"""Which institution an activity of a purpose depends on, by the key of `geo.domain.venn.synonyms`."""

_AT_WORK = frozenset({ActivityStage.FUNDED, ActivityStage.UNDER_WAY, ActivityStage.DONE})


@dataclass(frozen=True, slots=True)
class Unasked:
    """An activity that no vote asked for."""

    activity_id: UUID
    title: str
    som: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two activities with one purpose at one place; the distance is None where both cover the same whole village."""

    first_id: UUID
    second_id: UUID
    purpose: Purpose
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Unvisited:
    """An activity at work or done that nobody visited in time; ``last_visit`` None: never."""

    activity_id: UUID
    title: str
    status: ActivityStage
    last_visit: datetime | None


@dataclass(frozen=True, slots=True)
class Untied:
    """An institution that an activity depends on and that has no tie to the local government on its diagram."""

    activity_id: UUID
    circle_id: UUID
    name: str
    by_site: bool
    """Its place is the site of the activity; else its name is that of an institution that the purpose needs."""


@dataclass(frozen=True, slots=True)
class PlanAudit:
    """What an audit of a plan found, of what was not stopped; money is what the plan may count on, in whole som.

    Beneficiaries are those of the activities; the public is told none that are fewer than 5, nor sums with them.
    """

    plan_id: UUID
    reach_m: float
    unvisited_days: int
    unanswered: tuple[UnansweredProblem, ...]
    unasked: tuple[Unasked, ...]
    by_settlement: Evenness[UUID | None]
    by_group: Evenness[Group]
    settlement_names: Mapping[UUID, str]
    overlaps: tuple[Overlap, ...]
    unvisited: tuple[Unvisited, ...]
    untied: tuple[Untied, ...]


def audit_plan(
    session: Session,
    plan_id: UUID,
    *,
    actor: Actor,
    at: datetime | None = None,
    reach_m: float = REACH_M,
    unvisited_days: int = UNVISITED_DAYS,
) -> PlanAudit:
    """Audit a plan by what the actor may see.

    Parameters
    ----------
    at
        The present moment.
    reach_m
        Within which distance of a problem an activity answers it; one for a whole village or municipality does anyway.
    unvisited_days
        After how many days without a visit an activity is named.

    Raises
    ------
    NotFound
        There is no such plan that the actor may see.
    """
    plan = LinkRepository(session).seen(Plan, plan_id, actor)
    is_own = is_allowed(Action.READ, Subject.PLANS, actor, plan.municipality_id)
    plans, reading = PlanRepository(session, actor), PlanAuditRepository(session, actor)
    activities = not_stopped(plans.activities(plan_id))
    behind = read_votes(session, plan, activities, actor=actor, reach_m=reach_m)
    book, votes = behind.book, behind.votes
    money = {one: add_up(line.sums for line in lines).total for one, lines in plans.money_of_plan(plan_id).items()}
    villages = {one.settlement for one in book.statements} | {one.settlement_id for one in activities}
    return PlanAudit(
        plan_id=plan_id,
        reach_m=reach_m,
        unvisited_days=unvisited_days,
        unanswered=behind.unanswered,
        unasked=tuple(
            Unasked(one.id, one.title, money.get(one.id, 0)) for one in activities if votes.of_activity(one.id) == 0
        ),
        by_settlement=_by_settlement(book, activities, money, for_public=not is_own),
        by_group=_by_group(activities, votes, money, behind.events, for_public=not is_own),
        settlement_names=reading.settlement_names([one for one in villages if one is not None]),
        overlaps=_overlaps(activities, behind.places),
        unvisited=_unvisited(
            activities,
            reading.last_visits([one.id for one in activities]),
            (at or datetime.now(UTC)) - timedelta(days=unvisited_days),
        ),
        untied=_untied(activities, reading.circles(plan.cycle_id)),
    )


def _by_settlement(
    book: Book, activities: Sequence[Activity], money: Mapping[UUID, int], *, for_public: bool
) -> Evenness[UUID | None]:
    votes: defaultdict[UUID | None, int] = defaultdict(int)
    som: defaultdict[UUID | None, int] = defaultdict(int)
    people: defaultdict[UUID | None, list[int | None]] = defaultdict(list)
    for said in book.statements:
        votes[said.settlement] += said.votes
    for one in activities:
        som[one.settlement_id] += money.get(one.id, 0)
        people[one.settlement_id].append(one.beneficiaries_direct)
    keys = sorted({*votes, *som}, key=str)
    told = {key: told_sum(people[key], for_public=for_public) for key in keys}
    return evenness([Stake(key, votes[key], som[key], told[key]) for key in keys])


def _by_group(
    activities: Sequence[Activity],
    votes: Votes,
    money: Mapping[UUID, int],
    events: Mapping[UUID, AppraisalEvent],
    *,
    for_public: bool,
) -> Evenness[Group]:
    """Share the money of each activity among the groups that voted for its problems, by their votes for them."""
    voted: defaultdict[Group, float] = defaultdict(float)
    som: defaultdict[Group, float] = defaultdict(float)
    people: defaultdict[Group, float] = defaultdict(float)
    for one in activities:
        behind = [said for said in votes.statements.get(one.id, ()) if said.event in events]
        total = sum(said.votes for said in behind)
        profit = told_sum([one.beneficiaries_direct], for_public=for_public) or 0
        for said in behind:
            group = group_of(events[said.event])
            if total:
                som[group] += money.get(one.id, 0) * said.votes / total
                people[group] += profit * said.votes / total
    for said in votes.all_statements:
        if said.event in events:
            voted[group_of(events[said.event])] += said.votes
    shared = {key: round(people[key]) for key in voted}
    hidden = {key for key, count in shared.items() if for_public and is_small(count)}
    return evenness([Stake(key, voted[key], som[key], None if key in hidden else shared[key]) for key in voted])


def _overlaps(activities: Sequence[Activity], places: Places) -> tuple[Overlap, ...]:
    found = []
    for place, first in enumerate(activities):
        for second in activities[place + 1 :]:
            if first.purpose is not second.purpose or first.purpose is Purpose.OTHER:
                continue
            if first.task_id is not None and first.task_id == second.task_id:
                continue  # steps of one task
            here = places.of(first)
            whole = first.coverage is second.coverage and first.coverage in (Coverage.SETTLEMENT, Coverage.MUNICIPALITY)
            if whole and first.settlement_id == second.settlement_id:
                found.append(Overlap(first.id, second.id, first.purpose, None))
            elif here is not None:
                distance_m = places.apart_m(here, second)
                if distance_m is not None and distance_m <= OVERLAP_M:
                    found.append(Overlap(first.id, second.id, first.purpose, distance_m))
    return tuple(found)


def _unvisited(activities: Sequence[Activity], last: Mapping[UUID, datetime], since: datetime) -> tuple[Unvisited, ...]:
    return tuple(
        Unvisited(one.id, one.title, one.status, last.get(one.id))
        for one in activities
        if one.status in _AT_WORK and (one.id not in last or last[one.id] < since)
    )


def _untied(activities: Sequence[Activity], circles: Sequence[Circle]) -> tuple[Untied, ...]:
    found = []
    for one in activities:
        for circle in circles:
            by_site = circle.feature_id is not None and circle.feature_id == one.site_feature_id
            needed = by_site or circle.key in NEEDED.get(one.purpose, frozenset())
            if needed and not circle.has_tie and not circle.is_government:
                found.append(Untied(one.id, circle.id, circle.name, by_site))
    return tuple(found)
