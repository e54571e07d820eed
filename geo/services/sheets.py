"""Storing a photographed sheet: picture, placement, what was found on it and what a person accepted."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import numpy as np
from shapely.geometry import Polygon
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M, FeatureAttributes, check_attributes
from geo.drafts import NewFeature, NewPhoto, NewSheet
from geo.errors import Conflict, Refused
from geo.models import AppraisalEvent, MapFeature, Settlement, SheetPhoto, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.sheet_rows import as_snapshots, control_points, first_placement, photographed, store_candidates
from geo.spatial.measuring import geodesic_m
from geo.storage import PictureStore

__all__ = ["find_sheet", "refuse_far_away", "store_sheet"]


def find_sheet(session: Session, event_id: UUID, image: bytes, *, page: int | None = None) -> UUID | None:
    """Return the id of the event's sheet with exactly this picture, None where there is none.

    ``page`` is that of a file with several, counted from 1: each may be a sheet of its own.

    Raises
    ------
    Conflict
        The sheet was withdrawn: it can be put back, and its photo is not taken a second time.
    """
    found = AppraisalRepository(session).sheet_of_image(event_id, hashlib.sha256(image).hexdigest(), page=page)
    if found is not None and found.withdrawn_at is not None:
        raise Conflict("sheets.photo_withdrawn", id=found.id)
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
    sheet, first_photo = photographed(event_id, new, pictures)
    _place(sheet, new, pictures)
    session.add(sheet)
    session.flush()
    points = as_snapshots(new.control_points)
    session.add(first_photo)
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


def _place(sheet: SketchSheet, new: NewSheet, pictures: PictureStore) -> None:
    """Say where a new sheet lies."""
    sheet.paper = new.paper
    sheet.layout_id, sheet.layout_code = new.layout_id, new.layout_code
    sheet.method, sheet.georeference, sheet.georeference_version = new.method, dict(new.georeference), 1
    sheet.position_error_m = new.position_error_m
    sheet.overlay_sha256, sheet.overlay_bounds = pictures.put(new.overlay_png), list(new.overlay_bounds)
    sheet.geometry = new.footprint


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
