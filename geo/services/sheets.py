"""Storing a photographed sheet: picture, placement, what was found on it and what a person accepted."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import numpy as np
from shapely.geometry import Polygon
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M, FeatureAttributes, check_attributes
from geo.domain.identifiers import new_id
from geo.drafts import NewFeature, NewPhoto, NewSheet
from geo.errors import Conflict, Refused
from geo.models import AppraisalEvent, MapFeature, Settlement, SheetPhoto, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.sheet_rows import as_snapshots, control_points, first_placement, store_candidates
from geo.spatial.measuring import geodesic_m
from geo.storage import PictureStore

__all__ = ["find_sheet", "refuse_far_away", "store_sheet"]


def find_sheet(session: Session, event_id: UUID, image: bytes, *, page: int | None = None) -> UUID | None:
    """Return the id of the event's sheet with exactly this picture, None where there is none.

    ``page`` is that of a file with several, counted from 1: each may be a sheet of its own.
    """
    found = AppraisalRepository(session).sheet_of_image(event_id, hashlib.sha256(image).hexdigest(), page=page)
    return found.id if found else None


def store_sheet(session: Session, pictures: PictureStore, event_id: UUID, new: NewSheet) -> UUID:
    """Store a placed sheet with its control points, candidates and features.

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
    Refused
        The sheet lies farther from the village than its pastures can be, or a feature's attributes are not as
        the vocabulary allows.
    """
    event = AppraisalRepository(session).event(event_id)
    photos: tuple[NewSheet | NewPhoto, ...] = (new, *new.further)
    for photo in photos:
        if find_sheet(session, event_id, photo.image, page=photo.exif.get("page")) is not None:
            raise Conflict("sheet.already_stored", title=new.title)
    refuse_far_away(new.footprint, TerritoryRepository(session).settlement(event.settlement_id))
    sheet = _sheet(event_id, new, pictures)
    session.add(sheet)
    session.flush()
    points = as_snapshots(new.control_points)
    session.add(_first_photo(sheet, new, pictures))
    session.add_all(_further_photo(sheet, number, one, pictures) for number, one in enumerate(new.further, start=2))
    session.add_all([first_placement(session, sheet, points)])
    session.add_all(control_points(sheet.id, points))
    candidate_ids = store_candidates(session, sheet.id, new.candidates)
    session.add_all(_features(event, sheet, new, candidate_ids))
    session.flush()
    return sheet.id


def refuse_far_away(footprint: Polygon, village: Settlement) -> None:
    """Refuse a sheet that lies farther from its village than pastures can be."""
    sheet, place = footprint.centroid, village.geometry
    (away,) = geodesic_m(np.array([sheet.x]), np.array([sheet.y]), place.x, place.y)
    if not away <= LONGEST_DISTANCE_M:
        raise Refused("sheet.far_away", km=round(away / 1000))


def _sheet(event_id: UUID, new: NewSheet, pictures: PictureStore) -> SketchSheet:
    return SketchSheet(
        id=new_id(),
        event_id=event_id,
        title=new.title,
        image_sha256=pictures.put(new.flat.image if new.flat else new.image),
        image_format=new.flat.image_format if new.flat else new.image_format,
        width_px=new.size[0],
        height_px=new.size[1],
        exif=dict(new.exif),
        paper=new.paper,
        layout_id=new.layout_id,
        layout_code=new.layout_code,
        method=new.method,
        georeference=dict(new.georeference),
        georeference_version=1,
        position_error_m=new.position_error_m,
        quality=dict(new.quality),
        overlay_sha256=pictures.put(new.overlay_png),
        overlay_bounds=list(new.overlay_bounds),
        geometry=new.footprint,
    )


def _first_photo(sheet: SketchSheet, new: NewSheet, pictures: PictureStore) -> SheetPhoto:
    width, height = new.flat.photo_size if new.flat else new.size
    return SheetPhoto(
        sheet_id=sheet.id,
        number=1,
        image_sha256=pictures.put(new.image),
        image_format=new.image_format,
        width_px=width,
        height_px=height,
        exif=sheet.exif,
        flat_sha256=sheet.image_sha256 if new.flat else None,
    )


def _further_photo(sheet: SketchSheet, number: int, photo: NewPhoto, pictures: PictureStore) -> SheetPhoto:
    """Return a photo of another part of the sheet, which the flat picture was joined from."""
    return SheetPhoto(
        sheet_id=sheet.id,
        number=number,
        image_sha256=pictures.put(photo.image),
        image_format=photo.image_format,
        width_px=photo.size[0],
        height_px=photo.size[1],
        exif=dict(photo.exif),
        to_first=[list(row) for row in photo.to_known],
        quality=dict(photo.quality),
    )


def _features(
    event: AppraisalEvent, sheet: SketchSheet, new: NewSheet, candidate_ids: dict[int, UUID]
) -> list[MapFeature]:
    drawings = {candidate.ordinal: candidate.geometry for candidate in new.candidates}
    return [
        MapFeature(
            id=feature.id,
            settlement_id=event.settlement_id,
            event_id=event.id,
            layer=feature.layer,
            kind=feature.kind,
            name_ky=feature.names.ky,
            name_ru=feature.names.ru,
            name_en=feature.names.en,
            attributes=_attributes(feature),
            geometry=feature.geometry,
            position_error_m=feature.position_error_m,
            source=feature.source,
            sheet_id=sheet.id,
            candidate_id=None if feature.candidate is None else candidate_ids[feature.candidate],
            georeference_version=sheet.georeference_version,
            ink=feature.ink,
            pixel_geometry=feature.drawing or (drawings[feature.candidate] if feature.candidate else None),
        )
        for feature in new.features
    ]


def _attributes(feature: NewFeature) -> dict[str, Any]:
    answers = FeatureAttributes.from_json(feature.attributes)
    check_attributes(answers, feature.kind)
    return answers.to_json()
