"""The history of an activity as it was written, with what of it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from geo.domain.plan.progress import StatusEntry, standing_history
from geo.domain.plan_codes import ActivityStage
from geo.domain.territory import DatePrecision
from geo.models import ActivityStatus

__all__ = ["HistoryLine", "entry_of", "history_of"]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of a history, as it was written."""

    id: UUID
    stage: ActivityStage
    since: date
    precision: DatePrecision
    set_by: str
    set_at: datetime
    note: str
    corrects_id: UUID | None
    stands: bool
    """Whether it is part of the history that holds."""


def history_of(rows: Iterable[ActivityStatus]) -> tuple[HistoryLine, ...]:
    """Return a history as it was written, with what of it holds."""
    rows = tuple(rows)
    standing = {entry.id for entry in standing_history([entry_of(row) for row in rows])}
    return tuple(
        HistoryLine(
            row.id,
            row.status,
            row.since,
            row.precision,
            row.set_by,
            row.created_at,
            row.note,
            row.corrects_id,
            row.id in standing,
        )
        for row in rows
    )


def entry_of(row: ActivityStatus) -> StatusEntry:
    """Return an entry as the rules of a history know it."""
    return StatusEntry(row.id, row.status, row.since, row.precision, row.corrects_id)
