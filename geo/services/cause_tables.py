"""The cause and effect tables of a village's priorities, as a focus group works at them (DOMAIN.md section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.rights import Actor
from geo.errors import NotFound
from geo.gallery import PriorityLine
from geo.models import AppraisalEvent, CauseAnalysis
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.gallery import GalleryRepository
from geo.repositories.visibility import visible
from geo.services.gallery_reading import settlement_priorities

__all__ = ["CauseTable", "CauseTables", "FocusGroup", "cause_tables"]


@dataclass(frozen=True, slots=True)
class FocusGroup:
    """An event at which causes are looked for."""

    event_id: UUID
    held_on: date


@dataclass(frozen=True, slots=True)
class CauseTable:
    """A problem with what focus groups found out about it; mostly one analysis, or none yet."""

    line: PriorityLine
    analyses: tuple[CauseAnalysis, ...]


@dataclass(frozen=True, slots=True)
class CauseTables:
    """The tables of a village in a year: of its priorities, and of what else was analysed; and its focus groups."""

    tables: tuple[CauseTable, ...]
    focus_groups: tuple[FocusGroup, ...]
    """The newest first."""
    events: frozenset[UUID] = frozenset()
    """The year's events that the actor may know of."""


def cause_tables(session: Session, settlement_id: UUID, cycle_id: UUID, actor: Actor) -> CauseTables:
    """Return the tables of a village's priorities, the most votes first.

    An analysis of a problem that was merged since belongs to what it was merged into, and that of a problem of all
    villages to the village's part of it.

    Raises
    ------
    NotFound
        There is no such village or cycle.
    """
    try:
        listed = settlement_priorities(session, settlement_id, actor, cycle_id=cycle_id)
    except NotFound as error:
        if error.key != "gallery.no_cycle":
            raise
        return CauseTables((), ())
    repository = GalleryRepository(session)
    book = repository.book(cycle_id, actor=actor)
    analyses = repository.analyses(cycle_id, actor=actor)
    tables = []
    for line in listed.lines:
        above = set(book.path(line.problem_id))
        under = {one.problem_id for one in line.statements}
        own = tuple(
            one for one in analyses if one.problem_id in above | under or line.problem_id in book.path(one.problem_id)
        )
        if line.is_priority or own:
            tables.append(CauseTable(line, own))
    events = AppraisalRepository(session).of_cycle(cycle_id, visible(AppraisalEvent, actor))
    groups = [
        FocusGroup(one.id, one.held_on)
        for one in events
        if one.settlement_id == settlement_id and one.kind is EventKind.FOCUS_GROUP
    ]
    return CauseTables(tuple(tables), tuple(reversed(groups)), frozenset(one.id for one in events))
