"""A new version of a sheet's placement: every feature that still hangs on the sheet is placed anew.

A revision is worked out first, which may take a moment and changes nothing, and then stored in one
transaction that finds out whether anything changed in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.drafts import PlacementChange
from geo.errors import Conflict, NotFound, Refused
from geo.models import MapFeature, SheetPlacement, SketchSheet
from geo.placements import FeatureShift, PlacementRequest, ShiftReport, Solve, SolvedPlacement
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.sheets import SheetRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.services.sheet_photos import PlannedPhotograph
from geo.services.sheet_rows import as_snapshots, control_points
from geo.services.sheet_versions import anchor_drawings, drawn_on, photo_snapshot, request_of, sheet_version
from geo.services.sheets import refuse_far_away
from geo.services.shift_reports import kept, report_of
from geo.snapshots import ControlPointSnapshot, PhotoSnapshot
from geo.spatial.shifting import shift_m
from geo.storage import PictureStore

__all__ = [
    "Revision",
    "plan_restoration",
    "plan_revision",
    "replay",
    "restore_placement",
    "revise_placement",
    "store_revision",
]


@dataclass(frozen=True, slots=True)
class _Replayed:
    """Where a feature is to lie."""

    feature_id: UUID
    seen: int
    """Version of its row when this was worked out."""
    geometry: BaseGeometry | None
    """None where it stays."""
    position_error_m: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A new version of a placement, worked out and not stored yet."""

    sheet_id: UUID
    base: int
    """Version that it follows."""
    control_points: tuple[ControlPointSnapshot, ...]
    photo: int
    solved: SolvedPlacement
    footprint: Polygon
    overlay: tuple[bytes, tuple[float, float, float, float]] | None
    replayed: tuple[_Replayed, ...]
    report: ShiftReport
    reason: str = ""
    restored_from: int | None = None


def plan_revision(
    session: Session,
    sheet_id: UUID,
    change: PlacementChange,
    solve: Solve,
    *,
    photograph: PlannedPhotograph | None = None,
    seen: int | None = None,
    draw: bool = True,
) -> Revision:
    """Work out what a change of the control points, the method or the photo means; nothing is stored.

    Parameters
    ----------
    session
        May be one that only reads.
    sheet_id
        The sheet.
    change
        What is to be different.
    solve
        Solves the placement.
    photograph
        A photo that the sheet does not have yet and that is shown from now on; see `plan_photograph`.
    seen
        Number of the version that the person looked at; None takes the one that holds now.
    draw
        Make the picture for the map too, which a mere question does not need.

    Raises
    ------
    NotFound
        There is no such sheet or photo.
    Refused
        Nothing would change, the sheet would lie far from its village, or the placement is refused.
    Conflict
        Somebody else made a new version since.
    """
    sheets = SheetRepository(session)
    sheet, current = sheets.sheet(sheet_id), sheet_version(session, sheet_id)
    if seen is not None and seen != current.number:
        raise Conflict("versions.revised_meanwhile", seen=seen, current=current.number)
    points = current.control_points if change.control_points is None else as_snapshots(change.control_points)
    anchors = current.anchors if change.anchors is None else change.anchors
    asked = PlacementRequest(
        control_points=tuple(point for point in points if point.enabled),
        size=(sheet.width_px, sheet.height_px),
        method=None if change.choose_method else change.method or current.method,
        smoothing=current.smoothing if change.smoothing is None else change.smoothing,
        drawn=drawn_on(session, sheet_id, () if photograph is None else photograph.candidates),
        photo=photograph.photo if photograph else _photo(session, sheet_id, change.photo) or current.photo,
        anchors=anchors,
        anchor_drawings=anchor_drawings(session, sheet_id, anchors),
    )
    as_before = (current.control_points, current.smoothing, current.photo.number, current.anchors)
    solved = solve(asked)
    if (points, asked.smoothing, asked.photo.number, anchors) == as_before and solved.method is current.method:
        raise Refused("versions.nothing_changes", number=current.number)
    revision = replay(session, sheet, current.number, solved, draw=draw)
    return replace(revision, control_points=points, photo=asked.photo.number, reason=change.reason.strip())


def plan_restoration(
    session: Session,
    sheet_id: UUID,
    number: int,
    solve: Solve,
    *,
    reason: str = "",
    seen: int | None = None,
    draw: bool = True,
) -> Revision:
    """Work out a new version that is equal to an old one; see `plan_revision`."""
    sheet, current = SheetRepository(session).sheet(sheet_id), sheet_version(session, sheet_id)
    if seen is not None and seen != current.number:
        raise Conflict("versions.revised_meanwhile", seen=seen, current=current.number)
    old = sheet_version(session, sheet_id, number)
    if old.number == current.number:
        raise Refused("versions.nothing_changes", number=current.number)
    revision = replay(session, sheet, current.number, solve(request_of(session, sheet, old)), draw=draw)
    return replace(
        revision,
        control_points=old.control_points,
        photo=old.photo.number,
        reason=reason.strip(),
        restored_from=old.number,
    )


def store_revision(session: Session, pictures: PictureStore, revision: Revision) -> ShiftReport:
    """Store a new version: the placement, its control points, and the features where they lie now.

    Raises
    ------
    Conflict
        The sheet or one of its features changed since the revision was worked out; nothing is stored.
    """
    sheets = SheetRepository(session)
    sheet = sheets.sheet(revision.sheet_id, to_change=True)
    if sheet.georeference_version != revision.base:
        raise Conflict("versions.revised_meanwhile", seen=revision.base, current=sheet.georeference_version)
    features = {feature.id: feature for feature in sheets.features(sheet.id)}
    if {one.feature_id: one.seen for one in revision.replayed} != {one.id: one.version for one in features.values()}:
        raise Conflict("versions.features_changed")
    number = revision.report.after
    png, bounds = revision.overlay or revision.solved.overlay()
    sheet.method = revision.solved.method
    sheet.georeference = dict(revision.solved.georeference)
    sheet.georeference_version = number
    sheet.position_error_m = revision.solved.position_error_m
    sheet.quality = dict(revision.solved.quality)
    sheet.overlay_sha256 = pictures.put(png)
    sheet.overlay_bounds = list(bounds)
    sheet.geometry = revision.footprint
    _renew_points(session, sheet.id, revision.control_points)
    session.add(_placement(session, sheet, revision))
    for one in revision.replayed:
        if one.geometry is not None:
            feature = features[one.feature_id]
            feature.geometry = one.geometry
            feature.position_error_m = one.position_error_m
            feature.georeference_version = number
    session.flush()
    return revision.report


def revise_placement(
    session: Session,
    pictures: PictureStore,
    sheet_id: UUID,
    change: PlacementChange,
    solve: Solve,
    *,
    seen: int | None = None,
) -> ShiftReport:
    """Change a placement and replay the sheet in one go; see `plan_revision` and `store_revision`."""
    return store_revision(session, pictures, plan_revision(session, sheet_id, change, solve, seen=seen))


def restore_placement(
    session: Session, pictures: PictureStore, sheet_id: UUID, number: int, solve: Solve, *, seen: int | None = None
) -> ShiftReport:
    """Bring back an old version as a new one; see `plan_restoration` and `store_revision`."""
    return store_revision(session, pictures, plan_restoration(session, sheet_id, number, solve, seen=seen))


def _photo(session: Session, sheet_id: UUID, number: int | None) -> PhotoSnapshot | None:
    if number is None:
        return None
    photos = SheetRepository(session).photos(sheet_id)
    for photo in photos:
        if photo.number == number:
            return photo_snapshot(photo)
    raise NotFound("versions.unknown_photo", number=number, known=", ".join(str(one.number) for one in photos))


def replay(session: Session, sheet: SketchSheet, base: int, solved: SolvedPlacement, *, draw: bool) -> Revision:
    """Work out where the features of a sheet lie by a placement that was solved; its points are still to be named.

    Raises
    ------
    Refused
        The sheet would lie far from its village.
    """
    event = AppraisalRepository(session).event(sheet.event_id)
    footprint = solved.footprint()
    refuse_far_away(footprint, TerritoryRepository(session).settlement(event.settlement_id))
    features = SheetRepository(session).features(sheet.id)
    following = [one for one in features if not one.moved_by_hand and one.pixel_geometry is not None]
    errors = solved.errors_of([one.pixel_geometry for one in following if one.pixel_geometry is not None])
    expected = {feature.id: error for feature, error in zip(following, errors, strict=True)}
    replayed, shifts = [], []
    for feature in features:
        one, shift = _place_anew(feature, solved, expected.get(feature.id))
        replayed.append(one)
        shifts.append(shift)
    return Revision(
        sheet_id=sheet.id,
        base=base,
        control_points=(),
        photo=1,
        solved=solved,
        footprint=footprint,
        overlay=solved.overlay() if draw else None,
        replayed=tuple(replayed),
        report=report_of(sheet.id, base, base + 1, shifts),
    )


def _place_anew(feature: MapFeature, solved: SolvedPlacement, error_m: float | None) -> tuple[_Replayed, FeatureShift]:
    drawing = feature.pixel_geometry
    if feature.moved_by_hand or drawing is None:
        return _Replayed(feature.id, feature.version, None, None), kept(feature)
    placed = solved.place_geometry(drawing)
    middle, largest = shift_m(feature.geometry, placed)
    return (
        _Replayed(feature.id, feature.version, placed, error_m),
        FeatureShift(feature.id, feature.kind, names_of(feature), middle, largest),
    )


def _renew_points(session: Session, sheet_id: UUID, points: Sequence[ControlPointSnapshot]) -> None:
    """Change the rows that are there, so that the ledger tells what became of each point."""
    rows = SheetRepository(session).control_points(sheet_id)
    for row, point in zip(rows, points, strict=False):
        row.label, row.enabled, row.source = point.label, point.enabled, point.source
        row.pixel_x, row.pixel_y = point.pixel
        row.accuracy_m = point.accuracy_m
        row.geometry = Point(point.lonlat)
    session.add_all(control_points(sheet_id, points)[len(rows) :])
    for row in rows[len(points) :]:
        session.delete(row)


def _placement(session: Session, sheet: SketchSheet, revision: Revision) -> SheetPlacement:
    return SheetPlacement(
        sheet_id=sheet.id,
        number=sheet.georeference_version,
        photo_number=revision.photo,
        method=sheet.method,
        georeference=sheet.georeference,
        control_points=[point.to_json() for point in revision.control_points],
        position_error_m=sheet.position_error_m,
        quality=sheet.quality,
        overlay_sha256=sheet.overlay_sha256,
        overlay_bounds=sheet.overlay_bounds,
        restored_from=revision.restored_from,
        reason=revision.reason,
        made_by=session.info[ACTOR],
        geometry=sheet.geometry,
    )
