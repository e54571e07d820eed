"""From a photo, control points and a person's labels to a sheet ready to be stored.

The only place where the reading of sheets and the record meet.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from geo.domain.drawing import CandidateState
from geo.domain.georeference import ControlPointSource, Method
from geo.domain.provenance import FeatureSource
from geo.drafts import NewCandidate, NewControlPoint, NewFeature, NewFlat, NewSheet
from geo.snapshots import AnchorSnapshot
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint, read_control_points
from sketch_import.labelling import Label, Labelled, Labelling, label_candidates
from sketch_import.neighbourhood import Anchor, place_drawings
from sketch_import.photo import Photo, load_photo
from sketch_import.placed_sheet import PlacedSheet, place_sheet
from sketch_import.placing import Placement, place
from sketch_import.placing.gps_readings import control_points_by_gps, read_gps
from sketch_import.tracing import trace
from sketch_import.warping import overlay_png

__all__ = [
    "accepted_of",
    "draft_sheet",
    "exif_of",
    "georeference_of",
    "jpeg_of",
    "label_sheet",
    "new_candidate",
    "new_control_point",
    "quality_of",
    "read_and_place",
    "sheet_error_m",
]

_QUALITY = 92
_FINGER = 0.012
"""Width of a finger, as a part of the photo's longer side: how far a label may be from what it names."""


def read_and_place(
    photo: Path,
    points: Path,
    *,
    method: Method | None = None,
    crs: str | None = None,
    smoothing: float = 0.0,
    page: int | None = None,
    gps: Path | None = None,
    anchors: Path | None = None,
    begin: Callable[[str], None] = lambda step: None,
) -> PlacedSheet:
    """Load a photo, trace it, and place it by control points.

    Parameters
    ----------
    photo, points
        The photo, and control points as `read_control_points` takes them.
    method
        Transform; None takes the one with the smallest leave-one-out error that does not fold.
    crs
        System of the map coordinates, where the file does not name it.
    smoothing
        Of the thin plate spline.
    page
        Of a file with several pages.
    gps
        GPS readings of the landmarks that the control points only label; see `read_gps`.
    anchors
        Real lines and areas with the candidate drawn for each; see `read_anchors`.
    begin
        Called with the message key of each step as it begins.

    Raises
    ------
    Refused
        The photo, the control points or the placement cannot be used.
    """
    begin("placing.step.load")
    picture = load_photo(photo, page=page)
    size = (picture.width, picture.height)
    if gps is None:
        control_points = read_control_points(points, crs=crs, method=method, image_size=size)
    else:
        control_points = control_points_by_gps(points, read_gps(gps), image_size=size)
    # Points that cannot place anything are refused before the long work.
    place(control_points, size, method, smoothing=smoothing)
    begin("placing.step.trace")
    candidates = trace(picture.pixels).candidates
    begin("placing.step.place")
    return place_sheet(picture, control_points, candidates, method=method, smoothing=smoothing, anchors=anchors)


def label_sheet(placed: PlacedSheet, labels: Sequence[Label]) -> Labelling:
    """Match what a person says is where on the photo with what was traced."""
    finger = _FINGER * max(placed.photo.width, placed.photo.height)
    return label_candidates([feature.candidate for feature in placed.features], labels, tolerance_px=finger)


def draft_sheet(placed: PlacedSheet, labelling: Labelling, *, title: str, image: bytes) -> NewSheet:
    """Put together what is stored of a sheet: features for what was labelled, proposals for the rest.

    Parameters
    ----------
    placed, labelling
        The placed sheet and what a person said of it.
    title
        What the sheet is called on maps.
    image
        The bytes of the photo as they came.
    """
    placement, photo = placed.placement, placed.photo
    overlay, bounds = overlay_png(photo.pixels, placement)
    candidates, features = accepted_of(
        labelling, [feature.candidate for feature in placed.features], placement, placed.anchors
    )
    ordinals = {feature.candidate.id: feature.candidate.ordinal for feature in placed.features}
    kept = tuple(AnchorSnapshot(ordinals[one.candidate], one.geometry) for one in placed.real_shapes)
    return NewSheet(
        title=title,
        image=image,
        image_format=photo.format,
        size=placement.image_size,
        method=placement.method,
        georeference=georeference_of(placement, kept),
        position_error_m=placement.position_error_m,
        quality=quality_of(placement),
        footprint=placement.footprint(),
        control_points=tuple(new_control_point(point) for point in placement.control_points),
        candidates=candidates,
        features=features,
        overlay_png=overlay,
        overlay_bounds=bounds,
        exif=exif_of(photo),
        # Pages of one file share its bytes, but each is a sheet.
        flat=NewFlat(jpeg_of(photo.pixels), "JPEG", (photo.width, photo.height)) if photo.pages > 1 else None,
    )


def accepted_of(
    labelling: Labelling, found: Sequence[Candidate], placement: Placement, anchors: Sequence[Anchor] = ()
) -> tuple[tuple[NewCandidate, ...], tuple[NewFeature, ...]]:
    """Return all candidates as they are stored, and the features of those that the labels name."""
    drafts = {candidate.ordinal: new_candidate(candidate) for candidate in found}
    features = []
    placed = place_drawings(placement, [("", one.geometry) for one in labelling.accepted], anchors)
    for labelled, geometry, error in zip(labelling.accepted, placed.geometries, placed.errors_m, strict=True):
        ordinal = _accept(labelled, drafts)
        features.append(
            NewFeature(
                kind=labelled.label.kind,
                geometry=geometry,
                names=labelled.label.names,
                attributes=labelled.label.attributes.to_json(),
                position_error_m=error,
                source=FeatureSource.CANDIDATE,
                candidate=ordinal,
                ink=drafts[ordinal].ink,
                drawing=labelled.geometry,
            )
        )
    return tuple(drafts.values()), tuple(features)


def _accept(labelled: Labelled, drafts: dict[int, NewCandidate]) -> int:
    """Mark what was accepted and return its ordinal; pieces of one line become one new candidate."""
    pieces = [drafts[candidate.ordinal] for candidate in labelled.candidates]
    if len(pieces) == 1:
        drafts[pieces[0].ordinal] = replace(pieces[0], state=CandidateState.ACCEPTED)
        return pieces[0].ordinal
    for piece in pieces:
        drafts[piece.ordinal] = replace(piece, state=CandidateState.MERGED)
    whole = replace(
        pieces[0],
        ordinal=max(drafts) + 1,
        geometry=labelled.geometry,
        confidence=min(piece.confidence for piece in pieces),
        parts=tuple(piece.ordinal for piece in pieces),
        state=CandidateState.ACCEPTED,
    )
    drafts[whole.ordinal] = whole
    return whole.ordinal


def new_candidate(candidate: Candidate) -> NewCandidate:
    """Return a candidate as it is stored."""
    return NewCandidate(
        ordinal=candidate.ordinal,
        kind=candidate.kind,
        ink=candidate.ink,
        width_px=candidate.width_px,
        confidence=candidate.confidence,
        geometry=candidate.geometry,
        pattern=candidate.pattern,
        neighbours=candidate.neighbours,
        parts=candidate.parts,
    )


def new_control_point(point: ControlPoint) -> NewControlPoint:
    """Return a control point as it is stored."""
    return NewControlPoint(
        pixel=point.pixel, lonlat=point.lonlat, label=point.label, source=point.source, accuracy_m=point.accuracy_m
    )


def georeference_of(placement: Placement, anchors: Sequence[AnchorSnapshot] = ()) -> dict[str, Any]:
    """Return what, with the control points, it takes to place the same drawings at the same places again."""
    kept = {"method": placement.method.value, "epsg": placement.metres.epsg, "smoothing": placement.smoothing}
    return {**kept, "anchors": [anchor.to_json() for anchor in anchors]} if anchors else kept


def sheet_error_m(placement: Placement) -> float | None:
    """Return the position error of a sheet, metres: with points of printed marks, also what these are not exact to.

    They agree with each other by construction, so leaving one out says nothing of how exactly they were seen.
    """
    error, points = placement.position_error_m, placement.control_points
    known = [one.accuracy_m for one in points if one.source is ControlPointSource.FIDUCIAL and one.accuracy_m]
    if error is None or len(known) < len(points):
        return error
    return math.sqrt(error**2 + sum(accuracy**2 for accuracy in known) / len(known))


def quality_of(placement: Placement) -> dict[str, Any]:
    """Return what the record keeps of the quality of a placement."""
    return {
        "verdict": placement.verdict.value,
        "position_error_m": placement.position_error_m,
        "warnings": [warning.key for warning in placement.warnings],
        "methods": {
            report.method.value: {"rmse_m": report.rmse_m, "loo_rmse_m": report.loo_rmse_m, "usable": report.usable}
            for report in placement.reports
        },
    }


def jpeg_of(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return a picture, RGB, shape (h, w, 3), as the store keeps those that are not photos as they came."""
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, format="JPEG", quality=_QUALITY)
    return written.getvalue()


def exif_of(photo: Photo) -> dict[str, Any]:
    """Return what the record keeps of what a photo says of itself."""
    facts = asdict(photo.exif)
    facts["taken_at"] = photo.exif.taken_at.isoformat() if photo.exif.taken_at else None
    if photo.pages > 1:
        facts["page"] = photo.page
    return {name: value for name, value in facts.items() if value is not None}
