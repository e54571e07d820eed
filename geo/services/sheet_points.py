"""How a stored sheet is placed now: what it takes to place its photo again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.georeference import ControlPointSource, Method
from geo.errors import NotFound, Refused
from geo.models import SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.services.sheet_versions import drawn_on

__all__ = ["SheetPoints", "StoredPoint", "sheet_points"]


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A control point that is switched on; the pixel counts the sheet's first photo, the place is lon lat."""

    ordinal: int
    pixel: tuple[float, float]
    lonlat: tuple[float, float]
    label: str
    source: ControlPointSource
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class SheetPoints:
    """A sheet's picture, method and control points."""

    title: str
    image_sha256: str
    """Key of the first photo in the picture store."""
    method: Method
    smoothing: float
    points: tuple[StoredPoint, ...]
    drawn: shapely.geometry.base.BaseGeometry | None
    """Hull of all that is drawn, in pixels."""


def sheet_points(session: Session, sheet_id: UUID) -> SheetPoints:
    """Return how a sheet is placed.

    Raises
    ------
    NotFound
        ``sheet_export.unknown_sheet``.
    Refused
        ``sheet_export.not_placed``: it has no control points.
    """
    sheet = session.scalar(select(SketchSheet).where(SketchSheet.id == sheet_id))
    if sheet is None:
        raise NotFound("sheet_export.unknown_sheet", id=sheet_id)
    points = tuple(
        StoredPoint(
            ordinal=point.ordinal,
            pixel=(point.pixel_x, point.pixel_y),
            lonlat=(point.geometry.x, point.geometry.y),
            label=point.label,
            source=point.source,
            accuracy_m=point.accuracy_m,
        )
        for point in AppraisalRepository(session).control_points(sheet_id)
        if point.enabled
    )
    if sheet.method is None or not points:
        raise Refused("sheet_export.not_placed", title=sheet.title)
    return SheetPoints(
        title=sheet.title,
        image_sha256=sheet.image_sha256,
        method=sheet.method,
        smoothing=float((sheet.georeference or {}).get("smoothing") or 0.0),
        points=points,
        drawn=drawn_on(session, sheet_id),
    )
