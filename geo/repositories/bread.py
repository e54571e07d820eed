"""Slices of the bread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
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

    def shares_of(self, event_ids: Collection[UUID]) -> dict[UUID, list[BudgetShare]]:
        """Return the slices of many events, each in their order."""
        rows = self.session.scalars(
            select(BudgetShare)
            .where(BudgetShare.event_id.in_(event_ids))
            .order_by(BudgetShare.ordinal, BudgetShare.fid)
        )
        found: defaultdict[UUID, list[BudgetShare]] = defaultdict(list)
        for row in rows:
            found[row.event_id].append(row)
        return dict(found)

    def incomplete(self, event_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return the events whose minutes do not have all slices."""
        query = select(AppraisalEvent.id).where(
            AppraisalEvent.id.in_(event_ids), AppraisalEvent.bread_incomplete.is_(True)
        )
        return frozenset(self.session.scalars(query))

    def municipality_of(self, event: AppraisalEvent) -> UUID:
        """Return the municipality that an event is kept under."""
        return self.session.scalars(select(Cycle.municipality_id).where(Cycle.id == event.cycle_id)).one()
