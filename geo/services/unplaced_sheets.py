"""Storing a photographed drawing before anybody has said where it lies."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from geo.drafts import NewUnplacedSheet
from geo.errors import Conflict
from geo.repositories.appraisal import AppraisalRepository
from geo.services.sheet_rows import photographed, store_candidates
from geo.services.sheets import find_sheet
from geo.storage import PictureStore

__all__ = ["refuse_known_photo", "store_unplaced_sheet"]


def refuse_known_photo(session: Session, event_id: UUID, image: bytes, *, page: int | None = None) -> None:
    """Refuse a photo that an event has already.

    Raises
    ------
    Conflict
        The message names the sheet, and whether it was withdrawn.
    """
    found = find_sheet(session, event_id, image, page=page)
    if found is not None:
        raise Conflict("sheets.photo_known", id=found)


def store_unplaced_sheet(session: Session, pictures: PictureStore, event_id: UUID, new: NewUnplacedSheet) -> UUID:
    """Store a drawing with what was found on it; its placement is still to come.

    Returns
    -------
    UUID
        Id of the sheet.

    Raises
    ------
    NotFound
        There is no such event.
    Conflict
        The event already has a sheet with exactly this picture.
    """
    AppraisalRepository(session).event(event_id)
    refuse_known_photo(session, event_id, new.image, page=new.exif.get("page"))
    sheet, first_photo = photographed(event_id, new, pictures)
    session.add(sheet)
    session.flush()
    session.add(first_photo)
    store_candidates(session, sheet.id, new.candidates)
    session.flush()
    return sheet.id
