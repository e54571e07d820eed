"""From a photo, control points and a person's labels to a sheet ready to be stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from geo.domain.drawing import CandidateState
from geo.domain.georeference import Method
from geo.domain.provenance import FeatureSource
from geo.drafts import NewCandidate, NewControlPoint, NewFeature, NewSheet
from sketch_import.candidate import Candidate
from sketch_import.control_points import read_control_points
from sketch_import.labelling import Label, Labelled, Labelling, label_candidates
from sketch_import.photo import Photo, load_photo
from sketch_import.placing import Placement, place
from sketch_import.tracing import Trace, trace
from sketch_import.warping import overlay_png

__all__ = ["Digitised", "digitise"]

_FINGER = 0.012
"""Width of a finger, as a part of the photo's longer side: how far a label may be from what it names."""


@dataclass(frozen=True, slots=True, eq=False)
class Digitised:
    """A sheet read, placed and labelled, and the steps that led there."""

    photo: Photo
    trace: Trace
    placement: Placement
    labelling: Labelling
    sheet: NewSheet


def digitise(
    photo_path: Path, points_path: Path, *, title: str, method: Method | None = None, labels: Sequence[Label] = ()
) -> Digitised:
    """Trace a photo, place it by control points, and make features of what the labels name.

    Parameters
    ----------
    photo_path, points_path
        The photo, and control points as `read_control_points` takes them.
    title
        What the sheet is called on maps.
    method
        Transform; None takes the one with the smallest leave-one-out error that does not fold.
    labels
        What a person says is where on the photo. What nobody names stays a proposal.

    Raises
    ------
    Refused
        The photo, the control points or the placement cannot be used.
    """
    photo = load_photo(photo_path)
    points = read_control_points(points_path, image_size=(photo.width, photo.height), method=method)
    found = trace(photo.pixels)
    drawn = shapely.GeometryCollection([candidate.geometry for candidate in found.candidates])
    placement = place(points, (photo.width, photo.height), method, drawing_extent=drawn.convex_hull)
    labelling = label_candidates(found.candidates, labels, tolerance_px=_FINGER * max(photo.width, photo.height))
    overlay, bounds = overlay_png(photo.pixels, placement)
    candidates, features = _accepted(labelling, found.candidates, placement)
    sheet = NewSheet(
        title=title,
        image=photo_path.read_bytes(),
        image_format=photo.format,
        size=(photo.width, photo.height),
        method=placement.method,
        georeference=_georeference(placement),
        position_error_m=placement.position_error_m,
        quality=_quality(placement),
        footprint=placement.footprint(),
        control_points=tuple(
            NewControlPoint(pixel=point.pixel, lonlat=point.lonlat, label=point.label, source=point.source)
            for point in points
        ),
        candidates=candidates,
        features=features,
        overlay_png=overlay,
        overlay_bounds=bounds,
        exif=_exif(photo),
    )
    return Digitised(photo, found, placement, labelling, sheet)


def _accepted(
    labelling: Labelling, found: Sequence[Candidate], placement: Placement
) -> tuple[tuple[NewCandidate, ...], tuple[NewFeature, ...]]:
    drafts = {
        candidate.ordinal: NewCandidate(
            ordinal=candidate.ordinal,
            kind=candidate.kind,
            ink=candidate.ink,
            width_px=candidate.width_px,
            confidence=candidate.confidence,
            geometry=candidate.geometry,
        )
        for candidate in found
    }
    features = []
    for labelled in labelling.accepted:
        ordinal = _accept(labelled, drafts)
        features.append(
            NewFeature(
                kind=labelled.label.kind,
                geometry=placement.place_geometry(labelled.geometry),
                names=labelled.label.names,
                attributes=labelled.label.attributes.to_json(),
                position_error_m=placement.position_error_m,
                source=FeatureSource.CANDIDATE,
                candidate=ordinal,
                ink=drafts[ordinal].ink,
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
        state=CandidateState.ACCEPTED,
    )
    drafts[whole.ordinal] = whole
    return whole.ordinal


def _georeference(placement: Placement) -> dict[str, Any]:
    return {"method": placement.method.value, "epsg": placement.metres.epsg, "points": len(placement.control_points)}


def _quality(placement: Placement) -> dict[str, Any]:
    return {
        "verdict": placement.verdict.value,
        "position_error_m": placement.position_error_m,
        "warnings": [warning.key for warning in placement.warnings],
        "methods": {
            report.method.value: {"rmse_m": report.rmse_m, "loo_rmse_m": report.loo_rmse_m, "usable": report.usable}
            for report in placement.reports
        },
    }


def _exif(photo: Photo) -> dict[str, Any]:
    facts = asdict(photo.exif)
    facts["taken_at"] = photo.exif.taken_at.isoformat() if photo.exif.taken_at else None
    return {name: value for name, value in facts.items() if value is not None}
