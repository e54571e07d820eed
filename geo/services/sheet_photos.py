"""A further photograph of a sheet: what is on it is carried into the pixels of the first one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateState
from geo.drafts import NewCandidate, NewPhoto
from geo.errors import Conflict, NotFound
from geo.models import SheetPhoto
from geo.repositories.sheets import SheetRepository
from geo.services.sheet_rows import store_candidates
from geo.services.sheets import find_sheet
from geo.spatial.homography import FloatArray, carried, checked_homography, scale_of
from geo.storage import PictureStore

__all__ = ["AddedPhoto", "add_photograph", "homography_to_first"]


@dataclass(frozen=True, slots=True)
class AddedPhoto:
    """A photo that a sheet now has; ``number`` is what a change of the placement names it by."""

    number: int
    candidates: int
    """How many proposals came with it."""


def add_photograph(
    session: Session, pictures: PictureStore, sheet_id: UUID, new: NewPhoto, candidates: Sequence[NewCandidate] = ()
) -> AddedPhoto:
    """Store a further photo of a sheet, and what is new on it as proposals.

    The original and everything known of the sheet stay as they are. The photo is shown on maps once a new
    version of the placement names it.

    Parameters
    ----------
    session, pictures
        Of one transaction.
    sheet_id
        The sheet.
    new
        The photo, with the homography to one that the sheet has.
    candidates
        What was found on it and not on the photos before, in its own pixels; their ordinals count among
        themselves and are continued from those of the sheet.

    Raises
    ------
    NotFound
        There is no such sheet, or it has no photo of the number that the homography leads to.
    Conflict
        The event has exactly this picture already.
    Refused
        The homography cannot belong to two photos of one sheet.
    """
    sheets = SheetRepository(session)
    sheet = sheets.sheet(sheet_id, to_change=True)
    if find_sheet(session, sheet.event_id, new.image) is not None:
        raise Conflict("versions.photo_stored", title=sheet.title)
    photos = sheets.photos(sheet_id)
    to_first = homography_to_first(session, sheet_id, new)
    photo = SheetPhoto(
        sheet_id=sheet_id,
        number=max(photo.number for photo in photos) + 1,
        image_sha256=pictures.put(new.image),
        image_format=new.image_format,
        width_px=new.size[0],
        height_px=new.size[1],
        exif=dict(new.exif),
        to_first=(to_first / to_first[2, 2]).tolist(),
        quality=dict(new.quality),
    )
    session.add(photo)
    session.flush()
    proposals = _proposals(candidates, to_first, after=sheets.last_ordinal(sheet_id))
    store_candidates(session, sheet_id, proposals, photo=photo.number)
    return AddedPhoto(photo.number, len(proposals))


def homography_to_first(session: Session, sheet_id: UUID, new: NewPhoto) -> FloatArray:
    """Return the homography, shape (3, 3), from a new photo to the first photo of its sheet.

    Raises
    ------
    NotFound
        The sheet has no photo of the number that ``new`` names.
    Refused
        ``versions.bad_homography``.
    """
    matrix = checked_homography(new.to_known, new.size)
    photos = {photo.number: photo for photo in SheetRepository(session).photos(sheet_id)}
    if new.known not in photos:
        raise NotFound("versions.unknown_photo", number=new.known, known=", ".join(map(str, photos)))
    further = photos[new.known].to_first
    if further is not None:
        matrix = np.array(further, dtype=np.float64) @ matrix
    return checked_homography(matrix.tolist(), new.size)


def _proposals(candidates: Sequence[NewCandidate], to_first: FloatArray, *, after: int) -> list[NewCandidate]:
    numbers = {candidate.ordinal: after + place for place, candidate in enumerate(candidates, start=1)}

    def carry(candidate: NewCandidate) -> NewCandidate:
        middle = candidate.geometry.centroid
        return replace(
            candidate,
            ordinal=numbers[candidate.ordinal],
            geometry=_valid(carried(candidate.geometry, to_first)),
            width_px=candidate.width_px * scale_of(to_first, middle.x, middle.y),
            state=CandidateState.PROPOSED,
            # What it touched among the strokes that are known already has another number, or none.
            neighbours=tuple(numbers[other] for other in candidate.neighbours if other in numbers),
            parts=tuple(numbers[other] for other in candidate.parts if other in numbers),
        )

    return [carry(candidate) for candidate in candidates]


def _valid(geometry: shapely.geometry.base.BaseGeometry) -> shapely.geometry.base.BaseGeometry:
    return geometry if geometry.is_valid else shapely.make_valid(geometry)
