"""Looking at the versions of a sheet's placement."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from geo.domain.georeference import ControlPointSource
from geo.drafts import NewCandidate
from geo.errors import NotFound, Refused
from geo.models import MapFeature, SheetPhoto, SheetPlacement, SketchSheet
from geo.placements import FeatureShift, PlacementRequest, ShiftReport, Solve
from geo.repositories.sheets import SheetRepository
from geo.services.event_map import names_of
from geo.services.shift_reports import kept, report_of
from geo.sheet_layout import SheetCodeError, parse_sheet_code
from geo.snapshots import (
    AnchorSnapshot,
    ControlPointSnapshot,
    ListedSheet,
    PhotoSnapshot,
    PlacementSnapshot,
    PrintedSnapshot,
)
from geo.spatial.shifting import shift_m

__all__ = [
    "anchor_drawings",
    "candidate_ordinals",
    "compare_versions",
    "drawn_on",
    "first_photo",
    "listed_sheets",
    "photo_snapshot",
    "printed_sheet",
    "request_of",
    "sheet_version",
    "sheet_versions",
]


def listed_sheets(session: Session, event_id: UUID | None = None) -> tuple[ListedSheet, ...]:
    """Return all sheets, or those of one event, in the order in which they came."""
    sheets = SheetRepository(session)
    features = sheets.feature_counts()
    return tuple(
        ListedSheet(
            id=sheet.id,
            event_id=sheet.event_id,
            title=sheet.title,
            version=sheet.georeference_version,
            method=sheet.method,
            position_error_m=sheet.position_error_m,
            features=features.get(sheet.id, 0),
            layout_id=sheet.layout_id,
        )
        for sheet in sheets.sheets(event_id)
    )


def first_photo(session: Session, sheet_id: UUID) -> PhotoSnapshot:
    """Return the photo whose pixels are those of a sheet.

    Raises
    ------
    NotFound
        There is no such sheet.
    """
    sheets = SheetRepository(session)
    sheets.sheet(sheet_id)
    return photo_snapshot(sheets.photos(sheet_id)[0])


def printed_sheet(session: Session, sheet_id: UUID) -> PrintedSnapshot | None:
    """Return what a sheet was printed as; None for a freehand one, or one whose marks a later version of them made.

    Raises
    ------
    NotFound
        There is no such sheet.
    """
    sheet = SheetRepository(session).sheet(sheet_id)
    versions = sheet_versions(session, sheet_id)
    points = (
        [point for point in versions[0].control_points if point.source is ControlPointSource.FIDUCIAL]
        if versions
        else []
    )
    if not sheet.layout_code or not points:
        return None
    try:
        code = parse_sheet_code(sheet.layout_code)
    except SheetCodeError:
        return None
    return PrintedSnapshot(code, tuple(points))


def candidate_ordinals(session: Session, sheet_id: UUID) -> frozenset[int]:
    """Return the numbers of what was found on a sheet and not rejected.

    Raises
    ------
    NotFound
        There is no such sheet.
    """
    sheets = SheetRepository(session)
    sheets.sheet(sheet_id)
    return frozenset(candidate.ordinal for candidate in sheets.candidates(sheet_id))


def sheet_versions(session: Session, sheet_id: UUID) -> tuple[PlacementSnapshot, ...]:
    """Return all versions of a sheet's placement, oldest first.

    Raises
    ------
    NotFound
        There is no such sheet.
    """
    sheets = SheetRepository(session)
    sheet = sheets.sheet(sheet_id)
    photos = {photo.number: photo for photo in sheets.photos(sheet_id)}
    return tuple(_snapshot(one, sheet, photos[one.photo_number]) for one in sheets.placements(sheet_id))


def sheet_version(session: Session, sheet_id: UUID, number: int | None = None) -> PlacementSnapshot:
    """Return one version of a sheet's placement; without a number the one that holds now.

    Raises
    ------
    NotFound
        There is no such sheet, or it has no version of this number.
    Refused
        The sheet was never placed.
    """
    versions = sheet_versions(session, sheet_id)
    if not versions:
        raise Refused("versions.not_placed", id=sheet_id)
    for version in versions:
        if version.number == number or (number is None and version.is_current):
            return version
    known = ", ".join(str(version.number) for version in versions)
    raise NotFound("versions.unknown_number", number=number, known=known)


def compare_versions(session: Session, sheet_id: UUID, first: int, second: int, solve: Solve) -> ShiftReport:
    """Return how far each feature of a sheet lies apart under two versions of its placement.

    Both are solved anew from what they keep. Features that were moved by hand lie where they lie under both.

    Raises
    ------
    NotFound
        There is no such sheet or version.
    """
    sheets = SheetRepository(session)
    sheet, features = sheets.sheet(sheet_id), sheets.features(sheet_id)
    versions = [sheet_version(session, sheet_id, number) for number in (first, second)]
    one, other = (solve(request_of(session, sheet, version)) for version in versions)

    def shift(feature: MapFeature) -> FeatureShift:
        if feature.moved_by_hand or feature.pixel_geometry is None:
            return kept(feature)
        drawing = feature.pixel_geometry
        middle, largest = shift_m(one.place_geometry(drawing), other.place_geometry(drawing))
        return FeatureShift(feature.id, feature.kind, names_of(feature), middle, largest)

    return report_of(sheet_id, first, second, [shift(feature) for feature in features])


def request_of(session: Session, sheet: SketchSheet, version: PlacementSnapshot) -> PlacementRequest:
    """Return what a version is solved from."""
    return PlacementRequest(
        control_points=tuple(point for point in version.control_points if point.enabled),
        size=(sheet.width_px, sheet.height_px),
        method=version.method,
        smoothing=version.smoothing,
        drawn=drawn_on(session, sheet.id),
        photo=version.photo,
        anchors=version.anchors,
        anchor_drawings=anchor_drawings(session, sheet.id, version.anchors),
    )


def anchor_drawings(
    session: Session, sheet_id: UUID, anchors: Sequence[AnchorSnapshot]
) -> dict[int, shapely.geometry.base.BaseGeometry]:
    """Return what is drawn of each anchor, by the ordinal of its candidate, in pixels of the sheet's first photo.

    Raises
    ------
    Refused
        ``versions.unknown_candidates``: the sheet has no such candidate.
    """
    wanted = {anchor.candidate for anchor in anchors}
    found = SheetRepository(session).drawings(sheet_id, wanted)
    if wanted - found.keys():
        raise Refused("versions.unknown_candidates", numbers=", ".join(map(str, sorted(wanted - found.keys()))))
    return found


def drawn_on(
    session: Session, sheet_id: UUID, more: Sequence[NewCandidate] = ()
) -> shapely.geometry.base.BaseGeometry | None:
    """Return the hull of all that is drawn on a sheet, in pixels of its first photo; None where nothing is.

    ``more`` is what was found on it and is not stored yet.
    """
    sheets = SheetRepository(session)
    shapes = [candidate.geometry for candidate in sheets.candidates(sheet_id)]
    shapes += [candidate.geometry for candidate in more]
    shapes += [one.pixel_geometry for one in sheets.features(sheet_id) if one.pixel_geometry is not None]
    return shapely.GeometryCollection(shapes).convex_hull if shapes else None


def photo_snapshot(photo: SheetPhoto) -> PhotoSnapshot:
    """Return a photo of a sheet as a value."""
    return PhotoSnapshot(
        number=photo.number,
        sha256=photo.image_sha256,
        image_format=photo.image_format,
        size=(photo.width_px, photo.height_px),
        to_first=None if photo.to_first is None else tuple(tuple(row) for row in photo.to_first),
        taken_at=(photo.exif or {}).get("taken_at"),
        page=(photo.exif or {}).get("page"),
        flat_sha256=photo.flat_sha256,
    )


def _snapshot(placement: SheetPlacement, sheet: SketchSheet, photo: SheetPhoto) -> PlacementSnapshot:
    return PlacementSnapshot(
        number=placement.number,
        photo=photo_snapshot(photo),
        method=placement.method,
        georeference=placement.georeference,
        control_points=tuple(ControlPointSnapshot.from_json(point) for point in placement.control_points),
        position_error_m=placement.position_error_m,
        quality=placement.quality or {},
        made_by=placement.made_by,
        made_at=placement.created_at,
        reason=placement.reason,
        restored_from=placement.restored_from,
        is_current=placement.number == sheet.georeference_version,
    )
