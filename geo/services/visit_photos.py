"""Photos of visits: taken in whole, given out as copies that say nothing but the picture."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geo.domain.identifiers import new_id
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Conflict, Forbidden, Refused
from geo.models import MonitoringVisit, VisitPhoto
from geo.photos import Photograph, PhotoLimits, read_photograph
from geo.photos.kinds import PictureKind, media_type
from geo.repositories.monitoring import MonitoringRepository
from geo.services.workspace import Workspace
from geo.storage import PictureStore

__all__ = ["AddedPhoto", "PhotoContent", "PhotoSize", "add_visit_photo", "photo_content"]


class PhotoSize(StrEnum):
    """Which file of a photo: copies by the pixels of their longer side, or what was handed in."""

    SMALL = "320"
    LARGE = "1600"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class AddedPhoto:
    """A photo that a visit has now."""

    photo: VisitPhoto
    is_new: bool
    """False where the visit had exactly these bytes already."""


@dataclass(frozen=True, slots=True)
class PhotoContent:
    """A file to hand out."""

    content: bytes
    media_type: str
    file_name: str
    is_original: bool


def add_visit_photo(
    workspace: Workspace,
    visit_id: UUID,
    file: BinaryIO,
    *,
    actor: Actor,
    caption: str = "",
    photo_id: UUID | None = None,
    limits: PhotoLimits | None = None,
) -> AddedPhoto:
    """Take in a photo of a visit; the same bytes sent again are met and stored once.

    It is read before the transaction that stores it, which so keeps no other writer waiting.

    Parameters
    ----------
    workspace
        The store and its pictures.
    file
        The photo as it came, seekable.
    actor
        Who hands it in.
    photo_id
        Its UUIDv7 where a phone gave it one.
    limits
        How much a photo may ask for.

    Raises
    ------
    NotFound
        There is no such visit.
    Forbidden
        The actor may not add to it.
    Conflict
        Another photo has this id.
    Refused
        See `geo.photos.read_photograph`.
    """
    if photo_id is not None and photo_id.version != 7:
        raise Refused("visit.id_of_other_kind", id=photo_id)
    with workspace.read() as session:
        _visit_to_add_to(session, visit_id, actor)
    photograph = read_photograph(file, limits=limits)
    file.seek(0, os.SEEK_SET)
    original = file.read()
    with workspace.write(actor=actor.ledger_name) as session:
        visit = _visit_to_add_to(session, visit_id, actor)
        visits = MonitoringRepository(session)
        visits.hold_chain(visit.id)
        known = visits.photo_of_image(visit_id, hashlib.sha256(original).hexdigest())
        if known is not None and known.withdrawn_at is None:
            return AddedPhoto(known, False)
        if known is not None:
            raise Conflict("visit_photo.was_withdrawn", id=known.id)
        if photo_id is not None and visits.stored(VisitPhoto, photo_id):
            raise Conflict("visit.other_content", id=photo_id)
        photo = _row(visit, photograph, original, workspace.pictures, caption=caption, photo_id=photo_id)
        session.add(photo)
        session.flush()
        return AddedPhoto(photo, True)


def photo_content(
    session: Session, pictures: PictureStore, photo_id: UUID, size: PhotoSize, *, actor: Actor
) -> PhotoContent:
    """Return a file of a photo: a copy for whoever may see it, the original for people with a role.

    Raises
    ------
    NotFound
        There is no such photo, or none to be seen.
    Forbidden
        The original, and the actor has no role in its municipality.
    """
    photo = MonitoringRepository(session).photo(photo_id, actor)
    if size is not PhotoSize.ORIGINAL:
        sha256 = photo.small_sha256 if size is PhotoSize.SMALL else photo.large_sha256
        return PhotoContent(pictures.get(sha256), "image/jpeg", f"{photo.id}-{size}.jpg", is_original=False)
    if not is_allowed(Action.READ, Subject.MONITORING, actor, photo.municipality_id):
        raise Forbidden("visit_photo.original_closed")
    kind = PictureKind(photo.image_format)
    ending = media_type(kind).removeprefix("image/").replace("jpeg", "jpg")
    return PhotoContent(pictures.get(photo.image_sha256), media_type(kind), f"{photo.id}.{ending}", is_original=True)


def _visit_to_add_to(session: Session, visit_id: UUID, actor: Actor) -> MonitoringVisit:
    visit = MonitoringRepository(session).visit(visit_id, actor)
    if not is_allowed(Action.CREATE, Subject.MONITORING, actor, visit.municipality_id):
        raise Forbidden("access.not_allowed")
    return visit


def _row(
    visit: MonitoringVisit,
    photograph: Photograph,
    original: bytes,
    pictures: PictureStore,
    *,
    caption: str,
    photo_id: UUID | None,
) -> VisitPhoto:
    facts = photograph.facts
    place = Point(facts.lon, facts.lat) if facts.lon is not None and facts.lat is not None else None
    return VisitPhoto(
        id=photo_id or new_id(),
        municipality_id=visit.municipality_id,
        visit_id=visit.id,
        caption=caption.strip(),
        image_sha256=pictures.put(original),
        image_format=photograph.format,
        image_bytes=len(original),
        width_px=photograph.width_px,
        height_px=photograph.height_px,
        large_sha256=pictures.put(photograph.large),
        small_sha256=pictures.put(photograph.small),
        taken_at=facts.taken_at,
        time_source=facts.time_source,
        accuracy_m=facts.accuracy_m,
        geometry=place,
    )
