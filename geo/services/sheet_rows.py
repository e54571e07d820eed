"""Rows of a sheet that more than one service writes: control points, candidates, versions of the placement."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.database import contents
from geo.database.audit import ACTOR, note_load
from geo.domain.identifiers import new_id
from geo.drafts import NewCandidate, NewControlPoint, NewSheet, NewUnplacedSheet
from geo.models import Candidate, ControlPoint, SheetPhoto, SheetPlacement, SketchSheet
from geo.models.base import now
from geo.snapshots import ControlPointSnapshot
from geo.storage import PictureStore

__all__ = ["as_snapshots", "control_points", "first_placement", "photographed", "store_candidates"]


def as_snapshots(points: Sequence[NewControlPoint]) -> tuple[ControlPointSnapshot, ...]:
    """Return control points that came in as a version of a placement keeps them."""
    return tuple(
        ControlPointSnapshot(point.pixel, point.lonlat, point.label, point.enabled, point.source, point.accuracy_m)
        for point in points
    )


def control_points(sheet_id: UUID, points: Sequence[ControlPointSnapshot]) -> list[ControlPoint]:
    """Return the rows of a sheet's control points, numbered from 1."""
    return [
        ControlPoint(
            sheet_id=sheet_id,
            ordinal=ordinal,
            label=point.label,
            enabled=point.enabled,
            source=point.source,
            pixel_x=point.pixel[0],
            pixel_y=point.pixel[1],
            accuracy_m=point.accuracy_m,
            geometry=Point(point.lonlat),
        )
        for ordinal, point in enumerate(points, start=1)
    ]


def photographed(
    event_id: UUID, new: NewSheet | NewUnplacedSheet, pictures: PictureStore
) -> tuple[SketchSheet, SheetPhoto]:
    """Return a new sheet that lies nowhere yet, and its first photo, which is stored after it."""
    shown_sha256 = pictures.put(new.flat.image if new.flat else new.image)
    sheet = SketchSheet(
        id=new_id(),
        event_id=event_id,
        title=new.title,
        image_sha256=shown_sha256,
        image_format=new.flat.image_format if new.flat else new.image_format,
        width_px=new.size[0],
        height_px=new.size[1],
        exif=dict(new.exif),
        quality=dict(new.quality),
    )
    width, height = new.flat.photo_size if new.flat else new.size
    photo = SheetPhoto(
        sheet_id=sheet.id,
        number=1,
        image_sha256=pictures.put(new.image),
        image_format=new.image_format,
        width_px=width,
        height_px=height,
        exif=sheet.exif,
        flat_sha256=shown_sha256 if new.flat else None,
    )
    return sheet, photo


def first_placement(session: Session, sheet: SketchSheet, points: Sequence[ControlPointSnapshot]) -> SheetPlacement:
    """Return the version that a sheet comes with."""
    return SheetPlacement(
        sheet_id=sheet.id,
        number=sheet.georeference_version,
        photo_number=1,
        method=sheet.method,
        georeference=sheet.georeference,
        control_points=[point.to_json() for point in points],
        position_error_m=sheet.position_error_m,
        quality=sheet.quality,
        overlay_sha256=sheet.overlay_sha256,
        overlay_bounds=sheet.overlay_bounds,
        made_by=session.info[ACTOR],
        geometry=sheet.geometry,
    )


def store_candidates(
    session: Session, sheet_id: UUID, candidates: Sequence[NewCandidate], *, photo: int = 1
) -> dict[int, UUID]:
    """Store what was found on a photo of a sheet, in pixels of its first photo; returns their ids by ordinal."""
    ids = {candidate.ordinal: new_id() for candidate in candidates}
    rows = [
        {
            "id": ids[candidate.ordinal],
            "sheet_id": sheet_id,
            "ordinal": candidate.ordinal,
            "kind": candidate.kind,
            "ink": candidate.ink,
            "width_px": candidate.width_px,
            "confidence": candidate.confidence,
            "pattern": candidate.pattern,
            "neighbours": list(candidate.neighbours) or None,
            "parts": list(candidate.parts) or None,
            "photo_number": photo,
            "state": candidate.state,
            "geometry": candidate.geometry,
            "version": 1,
            "created_at": now(),
            "updated_at": now(),
        }
        for candidate in candidates
    ]
    if rows:
        session.execute(insert(Candidate.__table__), rows)  # type: ignore[arg-type]
        if session.get_bind().dialect.name == "sqlite":
            contents.touch(session, Candidate.__tablename__, [candidate.geometry for candidate in candidates])
        # The machine's proposals get one line in the ledger; what a person makes of each gets its own.
        note_load(session, Candidate, len(rows), sheet_id=sheet_id, photo=photo)
    return ids
