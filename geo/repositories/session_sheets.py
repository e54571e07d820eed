"""The meetings of a village in a year with their sheets, and how far people have come with each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateKind, CandidateState
from geo.models import AppraisalEvent, Candidate, Cycle, MapFeature, SketchSheet

__all__ = ["SessionSheetRepository"]


class SessionSheetRepository:
    """Queries on the sheets of a village's year."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def events(self, settlement_id: UUID, year: int, *seen: ColumnElement[bool]) -> Sequence[AppraisalEvent]:
        """Return the events of a village in the cycles of a year that fit the conditions, oldest first."""
        return self.session.scalars(
            select(AppraisalEvent)
            .join(Cycle, Cycle.id == AppraisalEvent.cycle_id)
            .where(AppraisalEvent.settlement_id == settlement_id, Cycle.year == year, *seen)
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        ).all()

    def sheets(self, settlement_id: UUID, *seen: ColumnElement[bool]) -> Sequence[SketchSheet]:
        """Return the sheets of all years of a village that fit the conditions, in the order in which they came."""
        return self.session.scalars(
            select(SketchSheet)
            .join(AppraisalEvent, AppraisalEvent.id == SketchSheet.event_id)
            .where(AppraisalEvent.settlement_id == settlement_id, *seen)
            .order_by(SketchSheet.fid)
        ).all()

    def events_by_id(self, ids: Collection[UUID]) -> dict[UUID, AppraisalEvent]:
        """Return events by their ids."""
        rows = self.session.scalars(select(AppraisalEvent).where(AppraisalEvent.id.in_(ids)))
        return {event.id: event for event in rows}

    def decisions(self, sheet_ids: Collection[UUID]) -> dict[tuple[UUID, CandidateState], int]:
        """Return how many drawings of each sheet are in which state; writing is nothing to decide on."""
        rows = self.session.execute(
            select(Candidate.sheet_id, Candidate.state, func.count())
            .where(Candidate.sheet_id.in_(sheet_ids), Candidate.kind != CandidateKind.TEXT)
            .group_by(Candidate.sheet_id, Candidate.state)
        )
        return {(sheet_id, state): count for sheet_id, state, count in rows}

    def features(self, sheet_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return how many objects of the map come from each sheet."""
        rows = self.session.execute(
            select(MapFeature.sheet_id, func.count())
            .where(MapFeature.sheet_id.in_(sheet_ids))
            .group_by(MapFeature.sheet_id)
        )
        return {sheet_id: count for sheet_id, count in rows if sheet_id is not None}
