"""The read model of a village's first stage: who met, the sheets they drew, and what is still to be done with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import suppress_counts
from geo.domain.drawing import CandidateState
from geo.domain.events import EventKind, SessionGroup
from geo.domain.georeference import Method
from geo.domain.rights import Action, Actor, Subject
from geo.errors import NotFound
from geo.models import AppraisalEvent, SketchSheet
from geo.repositories.records import municipalities_of_each
from geo.repositories.session_sheets import SessionSheetRepository
from geo.repositories.sheets import SheetRepository
from geo.repositories.visibility import visible
from geo.services.event_map import group_of
from geo.snapshots import ControlPointSnapshot

__all__ = ["EarlierSheet", "EventSheets", "SheetLine", "SheetToPlace", "sheet_to_place", "sheets_of_year"]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet and how far people have come with it.

    Attributes
    ----------
    verdict
        Of its reading or its placement: ``pass`` or ``doubtful``; empty where neither was judged.
    reasons
        Message keys of what was found wanting.
    drawings, decided
        How many drawings were found, and on how many somebody has decided.
    """

    id: UUID
    version: int
    """Of the record, for whoever changes it."""
    title: str
    size: tuple[int, int]
    is_printed: bool
    method: Method | None
    position_error_m: float | None
    verdict: str
    reasons: tuple[str, ...]
    drawings: int
    decided: int
    features: int

    @property
    def is_placed(self) -> bool:
        """Whether it lies on the map."""
        return self.method is not None


@dataclass(frozen=True, slots=True)
class EventSheets:
    """A meeting with its sheets, in the order in which they came."""

    id: UUID
    kind: EventKind
    held_on: date
    group: SessionGroup
    participants: int | None
    women: int | None
    """None, too, where they are fewer than 5 and not for the reader."""
    sheets: tuple[SheetLine, ...]

    @property
    def draws(self) -> bool:
        """Whether its people draw a map (DOMAIN.md section 2), or did."""
        return self.kind in {EventKind.SESSION, EventKind.FOCUS_GROUP} or bool(self.sheets)


@dataclass(frozen=True, slots=True)
class EarlierSheet:
    """Another sheet of the village that lies on the map, to be looked at beside one that is being placed."""

    id: UUID
    title: str
    held_on: date
    group: SessionGroup
    bounds: tuple[float, float, float, float]
    """West, south, east, north of its picture, degrees."""


@dataclass(frozen=True, slots=True)
class SheetToPlace:
    """A sheet, whose it is, and what can be seen beside it."""

    sheet: SheetLine
    event_id: UUID
    held_on: date
    group: SessionGroup
    placement: int
    """Number of the placement that holds; 0 where it was never placed."""
    smoothing: float
    points: tuple[ControlPointSnapshot, ...]
    """As they are now, in pixels of the sheet."""
    others: tuple[EarlierSheet, ...]


def sheets_of_year(session: Session, settlement_id: UUID, year: int, *, actor: Actor) -> tuple[EventSheets, ...]:
    """Return the meetings of a village in a year that an actor sees, oldest first, with their sheets."""
    repository = SessionSheetRepository(session)
    events = repository.events(settlement_id, year, visible(AppraisalEvent, actor))
    known = {event.id for event in events}
    sheets = [
        sheet for sheet in repository.sheets(settlement_id, visible(SketchSheet, actor)) if sheet.event_id in known
    ]
    lines = _lines(repository, sheets)
    allowed = actor.municipalities(Action.READ, Subject.EVENTS)
    counts = {
        event.id: _counts(event, for_public=allowed is not None and not (whose & allowed))
        for event, whose in zip(events, municipalities_of_each(session, events), strict=True)
    }
    return tuple(
        EventSheets(
            id=event.id,
            kind=event.kind,
            held_on=event.held_on,
            group=group_of(event),
            participants=counts[event.id]["participants"],
            women=counts[event.id]["women"],
            sheets=tuple(lines[sheet.id] for sheet in sheets if sheet.event_id == event.id),
        )
        for event in events
    )


def sheet_to_place(session: Session, settlement_id: UUID, sheet_id: UUID, *, actor: Actor) -> SheetToPlace:
    """Return a sheet of a village with its other sheets that lie on the map.

    Raises
    ------
    NotFound
        The village has no such sheet, or the actor may not see it.
    """
    repository = SessionSheetRepository(session)
    sheets = repository.sheets(settlement_id, visible(SketchSheet, actor))
    sheet = next((one for one in sheets if one.id == sheet_id), None)
    if sheet is None:
        raise NotFound("taking.unknown_sheet")
    events = repository.events_by_id({one.event_id for one in sheets})
    mine = events[sheet.event_id]
    return SheetToPlace(
        sheet=_lines(repository, [sheet])[sheet.id],
        event_id=mine.id,
        held_on=mine.held_on,
        group=group_of(mine),
        placement=sheet.georeference_version,
        smoothing=float((sheet.georeference or {}).get("smoothing", 0.0)),
        points=tuple(
            ControlPointSnapshot(
                pixel=(one.pixel_x, one.pixel_y),
                lonlat=(one.geometry.x, one.geometry.y),
                label=one.label,
                enabled=one.enabled,
                source=one.source,
                accuracy_m=one.accuracy_m,
            )
            for one in SheetRepository(session).control_points(sheet_id)
        ),
        others=tuple(
            EarlierSheet(one.id, one.title, events[one.event_id].held_on, group_of(events[one.event_id]), bounds)
            for one in sheets
            if one.id != sheet_id and (bounds := _bounds(one.overlay_bounds)) is not None
        ),
    )


def _counts(event: AppraisalEvent, *, for_public: bool) -> Mapping[str, int | None]:
    counts = {"participants": event.participants, "women": event.women}
    return suppress_counts(counts).values if for_public else counts


def _lines(repository: SessionSheetRepository, sheets: list[SketchSheet]) -> dict[UUID, SheetLine]:
    ids = [sheet.id for sheet in sheets]
    decisions, features = repository.decisions(ids), repository.features(ids)
    return {sheet.id: _line(sheet, decisions, features.get(sheet.id, 0)) for sheet in sheets}


def _line(sheet: SketchSheet, decisions: dict[tuple[UUID, CandidateState], int], features: int) -> SheetLine:
    quality: dict[str, Any] = sheet.quality or {}
    decided = sum(decisions.get((sheet.id, state), 0) for state in (CandidateState.ACCEPTED, CandidateState.REJECTED))
    # Pieces that were joined are decided on with the whole that they became.
    return SheetLine(
        id=sheet.id,
        version=sheet.version,
        title=sheet.title,
        size=(sheet.width_px, sheet.height_px),
        is_printed=sheet.layout_id is not None,
        method=sheet.method,
        position_error_m=sheet.position_error_m,
        verdict=str(quality.get("verdict", "")),
        reasons=tuple(str(key) for key in quality.get("warnings", ())),
        drawings=decided + decisions.get((sheet.id, CandidateState.PROPOSED), 0),
        decided=decided,
        features=features,
    )


def _bounds(stored: list[float] | None) -> tuple[float, float, float, float] | None:
    if not stored:
        return None
    west, south, east, north = stored
    return west, south, east, north
