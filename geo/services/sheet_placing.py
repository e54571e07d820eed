"""Placing a sheet by what a person says: the first time, or anew with its features following."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.georeference import Method
from geo.domain.rights import Actor
from geo.drafts import NewControlPoint, PlacementChange
from geo.models import SketchSheet
from geo.placements import PlacementRequest, ShiftReport, Solve
from geo.repositories.sheets import SheetRepository
from geo.services.sheet_access import PLACING, sheet_to_change
from geo.services.sheet_replay import (
    Revision,
    plan_restoration,
    plan_revision,
    replay,
    store_revision,
)
from geo.services.sheet_rows import as_snapshots
from geo.services.sheet_versions import drawn_on, photo_snapshot
from geo.snapshots import PhotoSnapshot
from geo.storage import PictureStore

__all__ = [
    "SheetGround",
    "WantedPlacement",
    "ground_of",
    "plan_placement",
    "plan_return",
    "shown_photo",
    "store_placement",
]


@dataclass(frozen=True, slots=True)
class WantedPlacement:
    """How a person wants a sheet to lie.

    Attributes
    ----------
    control_points
        All of them, in pixels of the sheet.
    method
        The transform; None takes the one with the smallest leave-one-out error.
    smoothing
        Of the thin plate spline.
    reason
        Why, in the person's words.
    """

    control_points: tuple[NewControlPoint, ...]
    method: Method | None = None
    smoothing: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetGround:
    """What a placement is tried on."""

    size: tuple[int, int]
    """Width and height of the sheet's picture in pixels."""
    title: str
    photo: PhotoSnapshot
    """The picture that a person sees: that in whose pixels the sheet is measured."""
    drawn: BaseGeometry | None
    """Hull of all that is drawn, in pixels."""


def ground_of(session: Session, sheet: SketchSheet, *, drawn: BaseGeometry | None = None) -> SheetGround:
    """Return what a placement of a sheet is tried on.

    Parameters
    ----------
    session, sheet
        Which.
    drawn
        Hull of all that is drawn, where it is known already.
    """
    hull = drawn_on(session, sheet.id) if drawn is None else drawn
    return SheetGround((sheet.width_px, sheet.height_px), sheet.title, shown_photo(session, sheet), hull)


def shown_photo(session: Session, sheet: SketchSheet) -> PhotoSnapshot:
    """Return the picture in whose pixels a sheet is measured."""
    photos: Sequence[PhotoSnapshot] = [photo_snapshot(one) for one in SheetRepository(session).photos(sheet.id)[:1]]
    if photos:
        return photos[0]
    return PhotoSnapshot(
        number=1,
        sha256=sheet.image_sha256,
        image_format=sheet.image_format,
        size=(sheet.width_px, sheet.height_px),
        to_first=None,
        taken_at=None,
    )


def plan_placement(session: Session, sheet_id: UUID, wanted: WantedPlacement, solve: Solve) -> Revision:
    """Work out a placement, the first or a further one; nothing is stored. See `plan_revision`.

    Raises
    ------
    Refused
        Nothing would change, the sheet would lie far from its village, or the placement is refused.
    """
    sheets = SheetRepository(session)
    sheet = sheets.sheet(sheet_id)
    if sheets.placements(sheet_id):
        change = PlacementChange(
            control_points=wanted.control_points,
            method=wanted.method,
            choose_method=wanted.method is None,
            smoothing=wanted.smoothing,
            reason=wanted.reason,
        )
        return plan_revision(session, sheet_id, change, solve)
    points = as_snapshots(wanted.control_points)
    photo = shown_photo(session, sheet)
    solved = solve(
        PlacementRequest(
            control_points=tuple(point for point in points if point.enabled),
            size=(sheet.width_px, sheet.height_px),
            method=wanted.method,
            smoothing=wanted.smoothing,
            drawn=drawn_on(session, sheet_id),
            photo=photo,
        )
    )
    first = replay(session, sheet, sheet.georeference_version, solved, draw=True)
    return replace(first, control_points=points, photo=photo.number, reason=wanted.reason.strip())


def plan_return(session: Session, sheet_id: UUID, number: int, solve: Solve, *, reason: str = "") -> Revision:
    """Work out that an old version holds again; nothing is stored. See `plan_restoration`."""
    return plan_restoration(session, sheet_id, number, solve, reason=reason)


def store_placement(
    session: Session, pictures: PictureStore, revision: Revision, *, actor: Actor, seen: int | None
) -> tuple[SketchSheet, ShiftReport]:
    """Store a placement that was worked out, if nobody changed the sheet since the actor saw it.

    Raises
    ------
    NotFound, Forbidden
        The actor may not see the sheet, or not place it.
    ChangedMeanwhile, Conflict
        Somebody changed the sheet or one of its features since.
    """
    sheet, _ = sheet_to_change(session, revision.sheet_id, actor=actor, rights=PLACING, seen=seen)
    report = store_revision(session, pictures, revision)
    session.flush()
    return sheet, report
