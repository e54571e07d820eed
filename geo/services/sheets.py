"""Storing a photographed sheet: picture, placement, what was found on it and what a person accepted."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import numpy as np
from shapely.geometry import Point
from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.database import contents
from geo.database.audit import note_load
from geo.domain.attributes import LONGEST_DISTANCE_M, FeatureAttributes, check_attributes
from geo.domain.identifiers import new_id
from geo.drafts import NewFeature, NewSheet
from geo.errors import Conflict, Refused
from geo.models import AppraisalEvent, Candidate, ControlPoint, MapFeature, Settlement, SketchSheet
from geo.models.base import now
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.spatial.measuring import geodesic_m
from geo.storage import PictureStore

__all__ = ["find_sheet", "store_sheet"]


def find_sheet(session: Session, event_id: UUID, image: bytes) -> UUID | None:
    """Return the id of the event's sheet with exactly this picture, None where there is none."""
    found = AppraisalRepository(session).sheet_of_image(event_id, hashlib.sha256(image).hexdigest())
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
    if find_sheet(session, event_id, new.image) is not None:
        raise Conflict("sheet.already_stored", title=new.title)
    _refuse_far_away(new, TerritoryRepository(session).settlement(event.settlement_id))
    sheet = _sheet(event_id, new, pictures)
    session.add(sheet)
    session.flush()
    session.add_all(_control_points(sheet.id, new))
    candidate_ids = _store_candidates(session, sheet.id, new)
    session.add_all(_features(event, sheet, new, candidate_ids))
    session.flush()
    return sheet.id


def _refuse_far_away(new: NewSheet, village: Settlement) -> None:
    sheet, place = new.footprint.centroid, village.geometry
    (away,) = geodesic_m(np.array([sheet.x]), np.array([sheet.y]), place.x, place.y)
    if not away <= LONGEST_DISTANCE_M:
        raise Refused("sheet.far_away", km=round(away / 1000))


def _sheet(event_id: UUID, new: NewSheet, pictures: PictureStore) -> SketchSheet:
    return SketchSheet(
        id=new_id(),
        event_id=event_id,
        title=new.title,
        image_sha256=pictures.put(new.image),
        image_format=new.image_format,
        width_px=new.size[0],
        height_px=new.size[1],
        exif=dict(new.exif),
        paper=new.paper,
        method=new.method,
        georeference=dict(new.georeference),
        georeference_version=1,
        position_error_m=new.position_error_m,
        quality=dict(new.quality),
        overlay_sha256=pictures.put(new.overlay_png),
        overlay_bounds=list(new.overlay_bounds),
        geometry=new.footprint,
    )


def _control_points(sheet_id: UUID, new: NewSheet) -> list[ControlPoint]:
    return [
        ControlPoint(
            sheet_id=sheet_id,
            ordinal=ordinal,
            label=point.label,
            enabled=point.enabled,
            source=point.source,
            pixel_x=point.pixel[0],
            pixel_y=point.pixel[1],
            geometry=Point(point.lonlat),
        )
        for ordinal, point in enumerate(new.control_points, start=1)
    ]


def _store_candidates(session: Session, sheet_id: UUID, new: NewSheet) -> dict[int, UUID]:
    ids = {candidate.ordinal: new_id() for candidate in new.candidates}
    rows = [
        {
            "id": ids[candidate.ordinal],
            "sheet_id": sheet_id,
            "ordinal": candidate.ordinal,
            "kind": candidate.kind,
            "ink": candidate.ink,
            "width_px": candidate.width_px,
            "confidence": candidate.confidence,
            "state": candidate.state,
            "geometry": candidate.geometry,
            "version": 1,
            "created_at": now(),
            "updated_at": now(),
        }
        for candidate in new.candidates
    ]
    if rows:
        session.execute(insert(Candidate.__table__), rows)  # type: ignore[arg-type]
        if session.get_bind().dialect.name == "sqlite":
            contents.touch(session, Candidate.__tablename__, [candidate.geometry for candidate in new.candidates])
        # The machine's proposals get one line in the ledger; what a person makes of each gets its own.
        note_load(session, Candidate, len(rows), sheet_id=sheet_id)
    return ids


def _features(
    event: AppraisalEvent, sheet: SketchSheet, new: NewSheet, candidate_ids: dict[int, UUID]
) -> list[MapFeature]:
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
        )
        for feature in new.features
    ]


def _attributes(feature: NewFeature) -> dict[str, Any]:
    answers = FeatureAttributes.from_json(feature.attributes)
    check_attributes(answers, feature.kind)
    return answers.to_json()
