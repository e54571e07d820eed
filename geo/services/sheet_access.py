"""Who may look at a sheet, and who may work on it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import ChangedMeanwhile, Forbidden
from geo.models import AppraisalEvent, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.records import RecordRepository, municipalities_of
from geo.repositories.visibility import visible

__all__ = ["DECIDING", "PLACING", "TAKING", "event_to_change", "sheet_to_change", "sheet_to_read"]

PLACING: Final = ((Action.CHANGE, Subject.SHEETS),)
"""What it takes to place a sheet: its features follow by themselves."""
TAKING: Final = ((Action.CREATE, Subject.SHEETS),)
"""What it takes to bring a photo in."""
DECIDING: Final = (*PLACING, *((action, Subject.FEATURES) for action in (Action.CREATE, Action.CHANGE)))
"""What it takes to make objects of the map from what is drawn."""

Rights = Collection[tuple[Action, Subject]]


def sheet_to_read(session: Session, sheet_id: UUID, *, actor: Actor) -> SketchSheet:
    """Return a sheet that an actor may see; the public sees none.

    Raises
    ------
    NotFound
        There is none, its event is withdrawn, or the actor may not see it.
    """
    seen_by = visible(SketchSheet, actor, Subject.SHEETS, never_public=True)
    sheet = RecordRepository(session, SketchSheet).one(sheet_id, seen_by)
    AppraisalRepository(session).event(sheet.event_id)
    return sheet


def sheet_to_change(
    session: Session,
    sheet_id: UUID,
    *,
    actor: Actor,
    rights: Rights,
    seen: int | None = None,
    with_withdrawn: bool = False,
) -> tuple[SketchSheet, AppraisalEvent]:
    """Return a sheet that an actor may work on, with its event; other writers wait until this transaction ends.

    Parameters
    ----------
    session, sheet_id, actor
        What is worked on by whom.
    rights
        All that is needed.
    seen
        Version of the sheet's row that the actor saw; None takes the one that holds now.
    with_withdrawn
        Whether a sheet that was withdrawn is meant too.

    Raises
    ------
    NotFound
        As in `sheet_to_read`.
    Forbidden
        The actor sees it and may not work on it.
    ChangedMeanwhile
        Somebody changed it since.
    """
    seen_by = visible(SketchSheet, actor, Subject.SHEETS, never_public=True)
    sheet = RecordRepository(session, SketchSheet).one(sheet_id, seen_by, to_change=True, with_withdrawn=with_withdrawn)
    event = event_to_change(session, sheet.event_id, actor=actor, rights=rights)
    if seen is not None and seen != sheet.version:
        raise ChangedMeanwhile(current=_told(sheet), yours={}, seen=seen, version=sheet.version)
    return sheet, event


def event_to_change(session: Session, event_id: UUID, *, actor: Actor, rights: Rights) -> AppraisalEvent:
    """Return an event in which an actor may do all that is named.

    Raises
    ------
    NotFound, Forbidden
        There is none, or the actor may not.
    """
    event: AppraisalEvent = AppraisalRepository(session).event(event_id)
    owners = municipalities_of(session, event)
    if not any(all(is_allowed(action, subject, actor, one) for action, subject in rights) for one in owners):
        raise Forbidden("access.not_allowed")
    return event


def _told(sheet: SketchSheet) -> dict[str, Any]:
    return {
        "id": str(sheet.id),
        "version": sheet.version,
        "title": sheet.title,
        "method": sheet.method.value if sheet.method else None,
        "position_error_m": sheet.position_error_m,
        "georeference_version": sheet.georeference_version,
        "quality": sheet.quality,
        "updated_at": sheet.updated_at.isoformat(),
    }
