"""A plan beside the one before it: what was carried over, done or dropped, what people voted for then and now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from geo.domain.gallery.candidates import candidates
from geo.domain.gallery.likeness import ENOUGH, likeness
from geo.domain.plan_codes import ActivityStage
from geo.domain.rights import Actor
from geo.repositories.cycles import years_of
from geo.services.plan_board import PlanBoard, plan_board
from geo.snapshots import ActivitySnapshot, ProblemSnapshot
from geo.spatial.plane import LocalPlanes

__all__ = ["SAME_PLACE_M", "Fate", "FormerActivity", "PlanComparison", "VotesThen", "compare_plans"]

SAME_PLACE_M = 50.0
"""Works with one purpose this near to each other are the same work; the audit of a plan holds it so too."""


class Fate(StrEnum):
    """What became of an activity of the plan before."""

    DONE = "done"
    CARRIED_OVER = "carried_over"
    UNDER_WAY = "under_way"
    """Begun, not done, and not in the new plan."""
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FormerActivity:
    """An activity of the plan before, and the one of this plan that takes it up."""

    activity: ActivitySnapshot
    fate: Fate
    successor: ActivitySnapshot | None
    by_place: bool
    """Whether the two are held for one by their place; else by their words."""


@dataclass(frozen=True, slots=True)
class VotesThen:
    """A problem on the lists of both years, or of one; None: it was on no list that year."""

    title: str
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Two plans side by side."""

    year: int
    plan_title: str
    former: tuple[FormerActivity, ...]
    new: tuple[ActivitySnapshot, ...]
    """That nothing of the plan before leads to."""
    votes: tuple[VotesThen, ...]

    def count(self, fate: Fate) -> int:
        """Return how many activities of the plan before met a fate."""
        return sum(one.fate is fate for one in self.former)


def compare_plans(session: Session, board: PlanBoard, year: int, *, actor: Actor, today: date) -> PlanComparison | None:
    """Hold a plan beside the last one before it; None where there is none that the actor may see.

    Two activities are one work where they have one purpose and their words are alike or they lie within
    `SAME_PLACE_M`; each is taken once, the most alike first. Problems are paired by their words alone.
    """
    before = _before(session, board, year, actor=actor, today=today)
    if before is None or board.plan is None:
        return None
    earlier_year, earlier = before
    assert earlier.plan is not None
    successors = _successors(earlier.plan.activities, board.plan.activities)
    former = tuple(
        FormerActivity(one, _fate(one, one.id in successors), *successors.get(one.id, (None, False)))
        for one in earlier.plan.activities
    )
    taken = {one.successor.id for one in former if one.successor is not None}
    return PlanComparison(
        year=earlier_year,
        plan_title=earlier.plan.title,
        former=former,
        new=tuple(one for one in board.plan.activities if one.id not in taken),
        votes=_votes(earlier.problems, board.problems),
    )


def _before(
    session: Session, board: PlanBoard, year: int, *, actor: Actor, today: date
) -> tuple[int, PlanBoard] | None:
    for earlier in sorted((one for one in years_of(session, board.municipality.id) if one < year), reverse=True):
        found = plan_board(session, board.municipality.id, earlier, actor=actor, today=today)
        if found is not None and found.plan is not None:
            return earlier, found
    return None


def _fate(activity: ActivitySnapshot, is_taken_up: bool) -> Fate:
    if activity.status is ActivityStage.DONE:
        return Fate.DONE
    if is_taken_up:
        return Fate.CARRIED_OVER
    return Fate.UNDER_WAY if activity.status is ActivityStage.UNDER_WAY else Fate.DROPPED


def _successors(
    former: Sequence[ActivitySnapshot], present: Sequence[ActivitySnapshot]
) -> dict[UUID, tuple[ActivitySnapshot, bool]]:
    pairs = []
    for old in former:
        for new in present:
            if old.purpose is not new.purpose:
                continue
            if old.settlement_id and new.settlement_id and old.settlement_id != new.settlement_id:
                continue
            score = likeness([old.title], [new.title]).score
            if score >= ENOUGH:
                pairs.append((score, False, old, new))
            elif _same_place(old, new):
                pairs.append((ENOUGH, True, old, new))
    found: dict[UUID, tuple[ActivitySnapshot, bool]] = {}
    taken: set[UUID] = set()
    for _, by_place, old, new in sorted(pairs, key=lambda one: -one[0]):
        if old.id not in found and new.id not in taken:
            found[old.id] = (new, by_place)
            taken.add(new.id)
    return found


def _same_place(old: ActivitySnapshot, new: ActivitySnapshot) -> bool:
    if old.geometry is None or new.geometry is None or old.geometry.is_empty or new.geometry.is_empty:
        return False
    other = np.empty(1, dtype=object)
    other[0] = new.geometry
    return float(LocalPlanes.at(old.geometry).distances_m(np.zeros(1, dtype=np.int64), other)[0]) <= SAME_PLACE_M


def _votes(then: Sequence[ProblemSnapshot], now: Sequence[ProblemSnapshot]) -> tuple[VotesThen, ...]:
    open_now = dict(enumerate(now, start=len(then)))
    near: defaultdict[int, list[int]] = defaultdict(list)
    # Every problem of one year against every one of the other takes long; few can be alike at all.
    for old_at, new_at in candidates([[one.title] for one in (*then, *now)], least=ENOUGH):
        if old_at < len(then) <= new_at:
            near[old_at].append(new_at)
    found = []
    for at, old in enumerate(then):
        alike = [(likeness([old.title], [open_now[one].title]).score, one) for one in near[at] if one in open_now]
        score, best = max(alike, key=lambda one: one[0], default=(0.0, -1))
        if score >= ENOUGH:
            taken = open_now.pop(best)
            found.append(VotesThen(taken.title, old.votes, taken.votes))
        else:
            found.append(VotesThen(old.title, old.votes, None))
    found += [VotesThen(one.title, None, one.votes) for one in open_now.values()]
    return tuple(sorted(found, key=lambda one: (-(one.now or 0), -(one.then or 0))))
