"""Which votes stand behind a plan's activities, and which priorities none of them answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.events import GroupSex
from geo.domain.gallery.book import Book
from geo.domain.gallery.ranking import rank, top
from geo.domain.linking import REACH_M
from geo.domain.plan_codes import ActivityStage, Coverage
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Actor
from geo.models import Activity, AppraisalEvent, MapFeature, Plan, Problem
from geo.repositories.gallery import GalleryRepository
from geo.repositories.plan_audit import PlanAuditRepository
from geo.services.gallery_book import book_of
from geo.spatial.plane import LocalPlanes

__all__ = ["Group", "Places", "PlanVotes", "UnansweredProblem", "Votes", "group_of", "not_stopped", "read_votes"]


@dataclass(frozen=True, slots=True)
class UnansweredProblem:
    """A priority that no activity answers within reach; ``nearest_m`` is how far the nearest that answers it is."""

    problem_id: UUID
    title: str
    level: ProblemLevel
    settlement_id: UUID | None
    votes: int
    has_activity: bool
    nearest_m: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The residents invited to sessions; ``other`` names a quarter or street."""

    age_from: int | None
    age_to: int | None
    sex: GroupSex
    other: str


class Places:
    """Where activities are: their own shape, else that of their site."""

    def __init__(self, sites: Mapping[UUID, MapFeature]) -> None:
        self._sites = sites

    def of(self, activity: Activity) -> BaseGeometry | None:
        if activity.geometry is not None:
            return activity.geometry
        site = self._sites.get(activity.site_feature_id) if activity.site_feature_id else None
        return None if site is None else site.geometry

    def apart_m(self, place: BaseGeometry, activity: Activity) -> float | None:
        """Return how far an activity is from a place, None where it has none."""
        other = np.empty(1, dtype=object)
        other[0] = self.of(activity)
        if other[0] is None or other[0].is_empty or place.is_empty:
            return None
        return float(LocalPlanes.at(place).distances_m(np.zeros(1, dtype=np.int64), other)[0])


class Votes:
    """The votes behind activities; a vote counts once for an activity, however many ways lead to it."""

    def __init__(self, book: Book, answered: Mapping[UUID, set[UUID]]) -> None:
        self.statements = {
            activity: [one for one in book.statements if problems & set(book.path(one.problem))]
            for activity, problems in answered.items()
        }
        self.all_statements = book.statements
        self._answered = answered
        self._above = {activity: {up for one in of for up in book.path(one)} for activity, of in answered.items()}

    def of_activity(self, activity: UUID) -> int:
        return sum(one.votes for one in self.statements.get(activity, ()))

    def answering(self, problem: UUID, path: Sequence[UUID]) -> set[UUID]:
        """Return the activities for a problem, for what it was merged into, or for a part of it."""
        return {
            activity
            for activity, above in self._above.items()
            if problem in above or self._answered[activity] & set(path)
        }


@dataclass(frozen=True, slots=True)
class PlanVotes:
    """The votes of a cycle held against a plan."""

    book: Book
    votes: Votes
    places: Places
    events: Mapping[UUID, AppraisalEvent]
    unanswered: tuple[UnansweredProblem, ...]

    def groups_behind(self, activity_id: UUID) -> frozenset[Group]:
        """Return the groups that voted for what an activity answers."""
        behind = self.votes.statements.get(activity_id, ())
        return frozenset(group_of(self.events[one.event]) for one in behind if one.votes and one.event in self.events)


def read_votes(
    session: Session, plan: Plan, activities: Sequence[Activity], *, actor: Actor, reach_m: float = REACH_M
) -> PlanVotes:
    """Hold the votes of a plan's cycle against its activities, by what the actor may see.

    Parameters
    ----------
    reach_m
        Within which distance of a problem an activity answers it; one for a whole village or municipality does anyway.
    """
    reading, gallery = PlanAuditRepository(session, actor), GalleryRepository(session)
    problems = {one.id: one for one in gallery.problems(plan.cycle_id)}
    book = book_of(problems.values(), gallery.statements(plan.cycle_id, actor=actor))
    answered = reading.answered([one.id for one in activities])
    # A village's problem is answered by what answers the one that it was merged into.
    settled = {one.id: {of for of in answered.get(one.id, ()) if of in problems} for one in activities}
    places = Places(reading.sites(activities))
    votes = Votes(book, settled)
    seen = gallery.seen(plan.cycle_id, actor=actor)
    unanswered = _unanswered(book, problems, not_stopped(activities), votes, places, reach_m)
    return PlanVotes(
        book=book,
        votes=votes,
        places=places,
        events=reading.groups(plan.cycle_id),
        unanswered=tuple(one for one in unanswered if one.problem_id in seen),
    )


def not_stopped(activities: Sequence[Activity]) -> list[Activity]:
    """Return the activities that are to come about: what was stopped answers no vote and takes no money."""
    return [one for one in activities if one.status is not ActivityStage.STOPPED]


def group_of(event: AppraisalEvent) -> Group:
    """Return the residents who were invited to an event."""
    return Group(event.group_age_from, event.group_age_to, event.group_sex, event.group_other.strip())


def _unanswered(  # noqa: PLR0917
    book: Book,
    problems: Mapping[UUID, Problem],
    activities: Sequence[Activity],
    votes: Votes,
    places: Places,
    reach_m: float,
) -> list[UnansweredProblem]:
    found = []
    lists: list[tuple[ProblemLevel, UUID | None]] = [(ProblemLevel.MUNICIPALITY, None)]
    lists += [(ProblemLevel.SETTLEMENT, one) for one in dict.fromkeys(said.settlement for said in book.statements)]
    for level, settlement in lists:
        for line in top(rank(book.tally(level, settlement=settlement))):
            problem = problems[line.key]
            path = book.path(problem.id)
            own = votes.answering(problem.id, path)
            answering = [one for one in activities if one.id in own]
            distances = [_reach_m(problem, one, places) for one in answering]
            if any(one is not None and one <= reach_m for one in distances):
                continue
            known = [one for one in distances if one is not None]
            found.append(
                UnansweredProblem(
                    problem.id, problem.title, level, settlement, line.votes, bool(answering), min(known, default=None)
                )
            )
    return found


def _reach_m(problem: Problem, activity: Activity, places: Places) -> float | None:
    """Return how far an activity is from a problem: nothing where it covers it whole, or where one has no place."""
    if activity.coverage is Coverage.MUNICIPALITY:
        return 0.0
    if activity.coverage is Coverage.SETTLEMENT:
        return 0.0 if problem.settlement_id in (None, activity.settlement_id) else None
    if problem.geometry is None or places.of(activity) is None:
        return 0.0  # people linked them, and no map says otherwise
    return places.apart_m(problem.geometry, activity)
