"""Events and their sheets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.errors import NotFound
from geo.models import (
    AppraisalEvent,
    Candidate,
    ControlPoint,
    Cycle,
    Municipality,
    Participant,
    SheetPhoto,
    SketchSheet,
)

__all__ = ["AppraisalRepository"]


class AppraisalRepository:
    """Queries on events and sheets."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def event(self, event_id: UUID, *seen: ColumnElement[bool]) -> AppraisalEvent:
        """Return an event, where it fits the conditions that say who may see it.

        Raises
        ------
        NotFound
            There is none with this id that may be seen.
        """
        found = self.session.scalar(select(AppraisalEvent).where(AppraisalEvent.id == event_id, *seen))
        if found is None:
            raise NotFound("record.unknown", id=event_id)
        return found

    def some(self, event_ids: Collection[UUID]) -> dict[UUID, AppraisalEvent]:
        """Return events by their ids, withdrawn ones too: of what came to nothing they are told all the same."""
        query = select(AppraisalEvent).where(AppraisalEvent.id.in_(event_ids)).execution_options(with_withdrawn=True)
        return {one.id: one for one in self.session.scalars(query)}

    def hold_event(self, event_id: UUID) -> None:
        """Make other writers who hold an event wait until this transaction ends, but not who refers to it."""
        held = select(AppraisalEvent.fid).where(AppraisalEvent.id == event_id)
        self.session.execute(held.with_for_update(key_share=True))

    def events(self, *seen: ColumnElement[bool]) -> Sequence[AppraisalEvent]:
        """Return all events that fit the conditions, newest first."""
        return self.session.scalars(
            select(AppraisalEvent).where(*seen).order_by(AppraisalEvent.held_on.desc(), AppraisalEvent.fid)
        ).all()

    def with_municipality(
        self, seen_by: ColumnElement[bool], *, municipality_id: UUID | None = None, cycle_id: UUID | None = None
    ) -> Sequence[tuple[AppraisalEvent, Cycle, Municipality]]:
        """Return events with their cycle and municipality, by municipality, year and day."""
        query = (
            select(AppraisalEvent, Cycle, Municipality)
            .join(Cycle, Cycle.id == AppraisalEvent.cycle_id)
            .join(Municipality, Municipality.id == Cycle.municipality_id)
            .where(seen_by)
            .order_by(Municipality.fid, Cycle.year, AppraisalEvent.held_on, AppraisalEvent.fid)
        )
        if municipality_id is not None:
            query = query.where(Cycle.municipality_id == municipality_id)
        if cycle_id is not None:
            query = query.where(Cycle.id == cycle_id)
        return [(event, cycle, municipality) for event, cycle, municipality in self.session.execute(query)]

    def of_cycle(self, cycle_id: UUID, *seen: ColumnElement[bool]) -> Sequence[AppraisalEvent]:
        """Return the events of a cycle that fit the conditions, of all its villages, oldest first."""
        return self.session.scalars(
            select(AppraisalEvent)
            .where(AppraisalEvent.cycle_id == cycle_id, *seen)
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        ).all()

    def sessions_of(self, settlement_id: UUID, year: int) -> Sequence[tuple[AppraisalEvent, UUID]]:
        """Return the sessions of a village in the cycles of a year with their municipality, oldest first."""
        query = (
            select(AppraisalEvent, Cycle.municipality_id)
            .join(Cycle, Cycle.id == AppraisalEvent.cycle_id)
            .where(
                AppraisalEvent.settlement_id == settlement_id,
                AppraisalEvent.kind == EventKind.SESSION,
                Cycle.year == year,
            )
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        )
        return [(event, municipality_id) for event, municipality_id in self.session.execute(query)]

    def sisters(self, event: AppraisalEvent, *seen: ColumnElement[bool]) -> Sequence[AppraisalEvent]:
        """Return the other events of the same village in the same cycle that fit the conditions."""
        return self.session.scalars(
            select(AppraisalEvent)
            .where(
                AppraisalEvent.cycle_id == event.cycle_id,
                AppraisalEvent.settlement_id == event.settlement_id,
                AppraisalEvent.id != event.id,
                *seen,
            )
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        ).all()

    def participants(self, event_id: UUID) -> Sequence[Participant]:
        """Return the participant list of an event."""
        return self.session.scalars(
            select(Participant).where(Participant.event_id == event_id).order_by(Participant.number, Participant.fid)
        ).all()

    def sheets(self, event_id: UUID, *seen: ColumnElement[bool]) -> Sequence[SketchSheet]:
        """Return the sheets of an event that fit the conditions in the order in which they came."""
        return self.session.scalars(
            select(SketchSheet).where(SketchSheet.event_id == event_id, *seen).order_by(SketchSheet.fid)
        ).all()

    def sheet_of_image(self, event_id: UUID, sha256: str, *, page: int | None = None) -> SketchSheet | None:
        """Return the event's sheet of which exactly this picture is a photo, a withdrawn one too; None for none.

        ``page`` is that of a file with several.
        """
        found = self.session.execute(
            select(SketchSheet, SheetPhoto.exif)
            .join(SheetPhoto, SheetPhoto.sheet_id == SketchSheet.id)
            .where(SketchSheet.event_id == event_id, SheetPhoto.image_sha256 == sha256)
            .order_by(SketchSheet.fid)
            .execution_options(with_withdrawn=True)
        )
        return next((sheet for sheet, exif in found if (exif or {}).get("page") == page), None)

    def control_points(self, sheet_id: UUID) -> Sequence[ControlPoint]:
        """Return the control points of a sheet."""
        return self.session.scalars(
            select(ControlPoint).where(ControlPoint.sheet_id == sheet_id).order_by(ControlPoint.ordinal)
        ).all()

    def candidates(self, sheet_id: UUID) -> Sequence[Candidate]:
        """Return the candidates of a sheet."""
        return self.session.scalars(
            select(Candidate).where(Candidate.sheet_id == sheet_id).order_by(Candidate.ordinal)
        ).all()
