"""A further photograph of a sheet: what is on it is carried into the pixels of the first one."""

from __future__ import annotations

import hashlib
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
from geo.snapshots import PhotoSnapshot
from geo.spatial.homography import FloatArray, carried, checked_homography, scale_of
from geo.storage import PictureStore

__all__ = ["AddedPhoto", "PlannedPhotograph", "add_photograph", "plan_photograph", "store_photograph"]


@dataclass(frozen=True, slots=True)
class AddedPhoto:
    """A photo that a sheet now has; ``number`` is what a change of the placement names it by."""

    number: int
    candidates: int
    """How many proposals came with it."""


@dataclass(frozen=True, slots=True)
class PlannedPhotograph:
    """A further photo of a sheet, worked out and not stored yet."""

    sheet_id: UUID
    new: NewPhoto
    photo: PhotoSnapshot
    """As it will be, with the number that it gets."""
    to_first: FloatArray
    """Homography, shape (3, 3): pixels of the picture shown of it to those of the sheet."""
    candidates: tuple[NewCandidate, ...]
    """What is new on it, in pixels of the sheet, numbered on from what the sheet has."""

    @property
    def pictures(self) -> dict[str, bytes]:
        """The pictures that come with it, by their SHA-256."""
        kept = (self.new.image, self.new.flat.image) if self.new.flat else (self.new.image,)
        return {hashlib.sha256(one).hexdigest(): one for one in kept}

    def to_sheet(self, pixels: FloatArray) -> FloatArray:
        """Return pixels of the picture shown of it, shape (n, 2), as pixels of the sheet."""
        return shapely.get_coordinates(carried(shapely.MultiPoint(pixels), self.to_first))


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
    SheetRepository(session).sheet(sheet_id, to_change=True)
    return store_photograph(session, pictures, plan_photograph(session, sheet_id, new, candidates))


def plan_photograph(
    session: Session, sheet_id: UUID, new: NewPhoto, candidates: Sequence[NewCandidate] = ()
) -> PlannedPhotograph:
    """Work out what a further photo means; nothing is stored. See `add_photograph`."""
    sheets = SheetRepository(session)
    sheet = sheets.sheet(sheet_id)
    stored = find_sheet(session, sheet.event_id, new.image, page=new.exif.get("page"))
    if stored == sheet_id:
        raise Conflict("versions.photo_stored", title=sheet.title)
    if stored is not None:
        raise Conflict("versions.photo_of_another", title=sheets.sheet(stored).title, id=stored)
    matrix = _homography_to_first(session, sheet_id, new)
    to_first = matrix / matrix[2, 2]
    width, height = new.flat.photo_size if new.flat else new.size
    photo = PhotoSnapshot(
        number=max(photo.number for photo in sheets.photos(sheet_id)) + 1,
        sha256=hashlib.sha256(new.image).hexdigest(),
        image_format=new.image_format,
        size=(width, height),
        to_first=tuple(tuple(row) for row in to_first.tolist()),
        taken_at=new.exif.get("taken_at"),
        page=new.exif.get("page"),
        flat_sha256=hashlib.sha256(new.flat.image).hexdigest() if new.flat else None,
    )
    proposals = _proposals(candidates, to_first, after=sheets.last_ordinal(sheet_id))
    return PlannedPhotograph(sheet_id, new, photo, to_first, tuple(proposals))


def store_photograph(session: Session, pictures: PictureStore, planned: PlannedPhotograph) -> AddedPhoto:
    """Store a further photo as it was worked out.

    Raises
    ------
    Conflict
        Another photo came in between; nothing is stored.
    """
    sheets = SheetRepository(session)
    sheets.sheet(planned.sheet_id, to_change=True)
    new, shown = planned.new, planned.photo
    here = max(photo.number for photo in sheets.photos(planned.sheet_id))
    numbers = [candidate.ordinal for candidate in planned.candidates]
    if here + 1 != shown.number or (numbers and min(numbers) != sheets.last_ordinal(planned.sheet_id) + 1):
        raise Conflict("versions.photo_meanwhile")
    photo = SheetPhoto(
        sheet_id=planned.sheet_id,
        number=shown.number,
        image_sha256=pictures.put(new.image),
        image_format=new.image_format,
        width_px=shown.size[0],
        height_px=shown.size[1],
        exif=dict(new.exif),
        to_first=planned.to_first.tolist(),
        quality=dict(new.quality),
        flat_sha256=pictures.put(new.flat.image) if new.flat else None,
    )
    session.add(photo)
    session.flush()
    store_candidates(session, planned.sheet_id, planned.candidates, photo=photo.number)
    return AddedPhoto(photo.number, len(planned.candidates))


def _homography_to_first(session: Session, sheet_id: UUID, new: NewPhoto) -> FloatArray:
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
    return geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure", keep_collapsed=False)
