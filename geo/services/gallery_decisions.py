"""What people decided about the likeness of problems, as a story to read: merges that stand, and pairs told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.clock import local_day
from geo.domain.events import SessionGroup
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.gallery import PriorityList
from geo.models import AppraisalEvent
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.gallery import GalleryRepository
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import visible
from geo.services.event_map import group_of, names_of
from geo.services.gallery_merging import list_merges
from geo.services.gallery_reading import Wall
from geo.snapshots import Names

__all__ = ["ApartPair", "Decisions", "MergedPart", "StandingMerge", "list_decisions"]


@dataclass(frozen=True, slots=True)
class MergedPart:
    """A problem that was put into another one."""

    problem_id: UUID
    title: str
    votes: int
    settlement_id: UUID | None


@dataclass(frozen=True, slots=True)
class StandingMerge:
    """A merge that stands, with what it put together and why."""

    id: UUID
    version: int
    into_title: str
    reason: str
    decided_by: str
    """Empty for whoever has no role in the municipality."""
    decided_on: date
    parts: tuple[MergedPart, ...]


@dataclass(frozen=True, slots=True)
class ApartPair:
    """Two problems that people decided not to be the same one."""

    id: UUID
    version: int
    first_title: str
    second_title: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions behind a list, newest first, and the names of its villages."""

    merges: tuple[StandingMerge, ...]
    apart: tuple[ApartPair, ...]
    villages: dict[UUID, Names]
    titles: dict[UUID, str]
    """Of every merge of the year that stands, by its id: what things were put into."""
    events: dict[UUID, tuple[date, SessionGroup]]
    """Of every event of the year that is seen: when it was held and whom it was for."""


def list_decisions(session: Session, listed: PriorityList, actor: Actor) -> Decisions:
    """Return the decisions that made a list what it is: those of its village, or those over the villages."""
    wall = Wall(session, listed.cycle_id, actor)
    votes = wall.book.votes()
    problems = wall.book.problems
    # Who decided is told where lists of the records tell it.
    tells_who = is_allowed(Action.READ, Subject.PROBLEMS, actor, listed.municipality_id)
    merges = []
    standing = list_merges(session, listed.cycle_id, actor, standing_only=True)
    for one in standing:
        if one.level is not listed.level or (
            listed.level is ProblemLevel.SETTLEMENT and problems[one.into_id].settlement != listed.settlement_id
        ):
            continue
        parts = tuple(
            MergedPart(part, wall.title(part), votes.get(part, 0), problems[part].settlement)
            for part in one.problem_ids
        )
        merges.append(
            StandingMerge(
                one.id,
                one.version,
                wall.title(one.into_id),
                one.reason,
                one.decided_by if tells_who else "",
                local_day(one.decided_at),
                parts,
            )
        )
    apart = tuple(
        ApartPair(
            one.id,
            one.version,
            wall.title(one.first_id),
            wall.title(one.second_id),
            one.reason,
            one.decided_by if tells_who else "",
        )
        for one in GalleryRepository(session).distinctions_seen(listed.cycle_id, actor=actor)
        if listed.settlement_id is None
        or {problems[one.first_id].settlement, problems[one.second_id].settlement} == {listed.settlement_id}
    )
    territory = TerritoryRepository(session)
    events = AppraisalRepository(session).of_cycle(listed.cycle_id, visible(AppraisalEvent, actor))
    villages = {village for line in listed.lines for village in line.by_settlement}
    return Decisions(
        merges=tuple(reversed(merges)),
        apart=apart,
        villages={one: names_of(territory.settlement(one)) for one in villages},
        titles={one.id: wall.title(one.into_id) for one in standing},
        events={one.id: (one.held_on, group_of(one)) for one in events},
    )
