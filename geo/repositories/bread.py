"""Slices of the bread."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from geo.models import AppraisalEvent, BudgetShare, Cycle

__all__ = ["BreadRepository"]


class BreadRepository:
    """Queries on the bread of events."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def shares(self, event_id: UUID, *seen_by: ColumnElement[bool]) -> Sequence[BudgetShare]:
        """Return the slices of an event in their order."""
        return self.session.scalars(
            select(BudgetShare)
            .where(BudgetShare.event_id == event_id, *seen_by)
            .order_by(BudgetShare.ordinal, BudgetShare.fid)
        ).all()

    def is_incomplete(self, event_id: UUID) -> bool:
        """Return whether the minutes of an event do not have all slices."""
        found = self.session.scalar(select(AppraisalEvent.bread_incomplete).where(AppraisalEvent.id == event_id))
        return bool(found)

    def municipality_of(self, event: AppraisalEvent) -> UUID:
        """Return the municipality that an event is kept under."""
        return self.session.scalars(select(Cycle.municipality_id).where(Cycle.id == event.cycle_id)).one()
