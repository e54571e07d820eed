"""What is read of visits beyond the rows: the chain, the checklist over time, what was agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.monitoring.checklist import ITEMS, MOST_POINTS, Change, Score, Totals, changes, totals
from geo.domain.monitoring.follow_up import FollowUpEntry, Standing, standing
from geo.domain.monitoring_codes import ChecklistItem
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.models import ChecklistScore, FollowUp, MonitoringVisit
from geo.repositories.monitoring import MonitoringRepository
from geo.services.records.reading import represent
from geo.services.resources.monitoring import VISITS

__all__ = [
    "Agreement",
    "ChecklistReport",
    "EarlierChecklist",
    "ItemLine",
    "VisitChain",
    "agreements_of_chains",
    "agreements_of_visit",
    "checklist_of_visit",
    "visit_chain",
    "visits_of_activity",
]


@dataclass(frozen=True, slots=True)
class VisitChain:
    """A visit and its corrections, the first first; each as `represent` gives it, with what was withdrawn."""

    chain_id: UUID
    latest_id: UUID | None
    """None where the whole visit was withdrawn."""
    entries: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the checklist on a visit; no points where it was not looked at."""

    number: int
    item: ChecklistItem
    most: int
    points: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class EarlierChecklist:
    """An earlier checklist of the same activity or service, and what has changed since."""

    visit_id: UUID
    visited_at: datetime
    totals: Totals
    common: tuple[Change, ...]
    """Items that both scored: only they can be compared."""

    @property
    def change(self) -> int | None:
        """Points gained over the common items; None where there are none."""
        return sum(one.points for one in self.common) if self.common else None


@dataclass(frozen=True, slots=True)
class ChecklistReport:
    """The checklist of a visit, its corrections included, beside earlier ones, the last first."""

    visit_id: UUID
    visited_at: datetime
    items: tuple[ItemLine, ...]
    totals: Totals
    earlier: tuple[EarlierChecklist, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something agreed on a visit, and where it stands."""

    id: UUID
    words: str
    finding_id: UUID | None
    standing: Standing


def visit_chain(session: Session, visit_id: UUID, *, actor: Actor) -> VisitChain:
    """Return a visit with all its corrections that the actor may see, whichever entry is asked for.

    Raises
    ------
    NotFound
        There is no such visit, or none to be seen.
    """
    visits = MonitoringRepository(session)
    asked = visits.visit(visit_id, actor)
    rows = visits.chain(asked.chain_id, actor)
    if not is_allowed(Action.READ, Subject.MONITORING, actor, asked.municipality_id):
        rows = [row for row in rows if row.withdrawn_at is None]
    shown = represent(session, VISITS, rows, actor=actor)
    entries = tuple(
        {**values, "withdrawn_at": row.withdrawn_at, "withdrawn_reason": row.withdrawn_reason}
        for row, values in zip(rows, shown, strict=True)
    )
    standing_ids = [row.id for row in rows if row.withdrawn_at is None]
    return VisitChain(asked.chain_id, standing_ids[-1] if standing_ids else None, entries)


def visits_of_activity(session: Session, activity_id: UUID, *, actor: Actor) -> list[dict[str, Any]]:
    """Return the visits of an activity, the last first, each by its latest entry, as `represent` gives it."""
    rows = MonitoringRepository(session).standing_visits(actor, activity_id=activity_id)
    return represent(session, VISITS, rows, actor=actor)


def checklist_of_visit(session: Session, visit_id: UUID, *, actor: Actor) -> ChecklistReport:
    """Return the checklist of a visit beside the earlier ones of the same activity or service.

    A score given with a correction stands for the one before; the others of the chain hold on.

    Raises
    ------
    NotFound
        There is no such visit, or none to be seen.
    """
    visits = MonitoringRepository(session)
    asked = visits.visit(visit_id, actor)
    before = _earlier_of_same(visits, asked, actor)
    chains = {asked.chain_id, *(one.chain_id for one in before)}
    scores = _scores(visits.of_chains(ChecklistScore, chains, actor))
    own = scores.get(asked.chain_id, {})
    earlier = tuple(
        EarlierChecklist(
            one.id,
            one.visited_at,
            totals(scores[one.chain_id].values()),
            changes(scores[one.chain_id].values(), own.values()),
        )
        for one in before
        if one.chain_id in scores
    )
    items = tuple(
        ItemLine(
            number,
            item,
            MOST_POINTS[number],
            own[number].points if number in own else None,
            own[number].comment if number in own else "",
        )
        for number, item in enumerate(ITEMS, start=1)
    )
    return ChecklistReport(asked.id, asked.visited_at, items, totals(own.values()), earlier)


def agreements_of_visit(session: Session, visit_id: UUID, *, actor: Actor, today: date) -> tuple[Agreement, ...]:
    """Return what was agreed on a visit and where each of it stands.

    Raises
    ------
    NotFound
        There is no such visit, or none to be seen.
    """
    chain_id = MonitoringRepository(session).visit(visit_id, actor).chain_id
    return agreements_of_chains(session, [chain_id], actor=actor, today=today).get(chain_id, ())


def agreements_of_chains(
    session: Session, chain_ids: Collection[UUID], *, actor: Actor, today: date
) -> dict[UUID, tuple[Agreement, ...]]:
    """Return what was agreed on visits that the actor may see, by chain, and where each of it stands."""
    by_chain: dict[UUID, list[FollowUp]] = {}
    for chain_id, _, row in MonitoringRepository(session).of_chains(FollowUp, chain_ids, actor):
        by_chain.setdefault(chain_id, []).append(row)
    return {chain_id: _agreements(rows, today) for chain_id, rows in by_chain.items()}


def _agreements(rows: list[FollowUp], today: date) -> tuple[Agreement, ...]:
    # In the order in which they were stored, whichever entry of the chain they hang on.
    rows.sort(key=lambda row: row.fid)
    return tuple(
        Agreement(
            first.id,
            first.words,
            first.finding_id,
            standing(
                [
                    FollowUpEntry(row.words, row.due_on, row.done_on)
                    for row in rows
                    if first.id in (row.id, row.follows_id)
                ],
                today=today,
            ),
        )
        for first in rows
        if first.follows_id is None
    )


def _earlier_of_same(visits: MonitoringRepository, asked: MonitoringVisit, actor: Actor) -> Sequence[MonitoringVisit]:
    if asked.activity_id is not None:
        found = visits.standing_visits(actor, activity_id=asked.activity_id, before=asked.visited_at)
    elif asked.feature_id is not None:
        found = visits.standing_visits(actor, feature_id=asked.feature_id, before=asked.visited_at)
    else:
        found = [
            one
            for one in visits.standing_visits(actor, settlement_id=asked.settlement_id, before=asked.visited_at)
            if one.service and one.service.casefold() == asked.service.casefold()
        ]
    return [one for one in found if one.chain_id != asked.chain_id]


def _scores(rows: Iterable[tuple[UUID, int, ChecklistScore]]) -> dict[UUID, dict[int, Score]]:
    found: dict[UUID, dict[int, Score]] = {}
    for chain_id, _, row in rows:  # in the order of the chain: the later stands
        found.setdefault(chain_id, {})[row.item] = Score(row.item, row.score, row.comment)
    return found
