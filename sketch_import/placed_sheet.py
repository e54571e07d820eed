"""A freehand sheet on the ground: its candidates placed, its picture, its quality; each file written whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.errors import Failed, Refused
from geo.i18n import Language
from geo.storage.whole_file import whole_files
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.neighbourhood import Anchor, Keeping, RealShape, anchors_of, place_drawings, read_real_shapes
from sketch_import.neighbourhood.report import neighbourhood_of
from sketch_import.photo import Photo
from sketch_import.placing import Placement, distortion, distortion_to_geojson, place
from sketch_import.placing.quality import quality_of
from sketch_import.warping import write_geotiff

__all__ = ["PlacedCandidate", "PlacedSheet", "place_sheet", "write_placed_sheet"]

_DECIMALS = 8
"""Of a degree: about a millimetre."""


@dataclass(frozen=True, slots=True)
class PlacedCandidate:
    """A candidate and where it lies."""

    candidate: Candidate
    geometry: BaseGeometry
    """Lon lat, EPSG:4326."""
    position_error_m: float | None
    """Expected error of the position; None where it cannot be known."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedSheet:
    """A photo, its placement, and everything found on it."""

    photo: Photo
    placement: Placement
    features: tuple[PlacedCandidate, ...]
    keeping: Keeping | None = None
    """What was kept of the neighbourhood of anchors; None where there are none."""
    real_shapes: tuple[RealShape, ...] = ()
    """The real lines and areas that the anchors are made of, as they were given."""
    anchors: tuple[Anchor, ...] = ()


def place_sheet(
    photo: Photo,
    control_points: Sequence[ControlPoint],
    candidates: Sequence[Candidate],
    *,
    method: Method | None = None,
    smoothing: float = 0.0,
    anchors: Path | None = None,
) -> PlacedSheet:
    """Place a photo and the candidates traced on it.

    Parameters
    ----------
    photo
        Upright photo.
    control_points
        Points known on the sheet and on the ground.
    candidates
        Shapes in pixels of the photo; their hull must not fold over.
    method
        The transform; None chooses by leave-one-out error.
    smoothing
        For the thin plate spline.
    anchors
        Real lines and areas that name the candidate drawn for each (see `read_real_shapes`): what was drawn beside or
        inside them stays there.

    Raises
    ------
    geo.errors.Refused
        See `place`, `read_real_shapes` and `anchors_of`.
    """
    drawn = shapely.GeometryCollection([candidate.geometry for candidate in candidates]).convex_hull
    placement = place(
        control_points,
        (photo.width, photo.height),
        method,
        drawing_extent=drawn if candidates else None,
        smoothing=smoothing,
    )
    drawn_by_id = {candidate.id: candidate.geometry for candidate in candidates}
    shapes = () if anchors is None else read_real_shapes(anchors, drawn_by_id.keys())
    held = anchors_of(shapes, drawn_by_id, placement)
    placed = place_drawings(placement, list(drawn_by_id.items()), held)
    features = tuple(
        PlacedCandidate(candidate=candidate, geometry=geometry, position_error_m=error)
        for candidate, geometry, error in zip(candidates, placed.geometries, placed.errors_m, strict=True)
    )
    return PlacedSheet(photo, placement, features, placed.keeping, shapes, held)


def write_placed_sheet(sheet: PlacedSheet, folder: Path, *, language: Language) -> dict[str, Any]:
    """Write ``features.geojson``, ``distortion.geojson``, ``sheet.tif`` and ``quality.json``: all of them, or nothing.

    Parameters
    ----------
    sheet
        What to write.
    folder
        Created where it is missing; of an existing folder only these files are replaced.
    language
        Of the sentences in ``quality.json``.

    Returns
    -------
    dict
        The content of ``quality.json``.

    Raises
    ------
    geo.errors.Refused
        ``placing.out_is_file``.
    geo.errors.Failed
        ``placing.cannot_write``.
    """
    if folder.exists() and not folder.is_dir():
        raise Refused("placing.out_is_file", path=str(folder))
    quality = quality_of(sheet.placement, language=language)
    quality["image"]["sha256"] = sheet.photo.sha256
    if sheet.keeping is not None:
        quality["neighbourhood"] = neighbourhood_of(sheet.keeping, language=language)
    kinds = Counter(feature.candidate.kind.value for feature in sheet.features)
    quality["features"] = {"count": len(sheet.features), **dict(sorted(kinds.items()))}

    try:
        with whole_files(folder) as draft:
            lookup = write_geotiff(sheet.photo.pixels, sheet.placement, draft / "sheet.tif")
            quality["geotiff"] = {
                "crs": quality["crs"],
                "metres_per_pixel": round(lookup.raster.resolution, 6),
                "interpolation_error_px": round(lookup.error_px, 4),
            }
            _write_json(draft / "features.geojson", _geojson(sheet.features))
            shown = distortion_to_geojson(distortion(sheet.placement), sheet.placement)
            _write_json(draft / "distortion.geojson", shown)
            _write_json(draft / "quality.json", quality)
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(folder)) from error
    return quality


def _geojson(features: Sequence[PlacedCandidate]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": feature.candidate.id,
                "geometry": mapping(shapely.transform(feature.geometry, lambda xy: xy.round(_DECIMALS))),
                "properties": {
                    "id": feature.candidate.id,
                    "kind": feature.candidate.kind.value,
                    "ink": feature.candidate.ink.value,
                    "width_px": round(feature.candidate.width_px, 2),
                    "confidence": round(feature.candidate.confidence, 3),
                    "position_error_m": None
                    if feature.position_error_m is None
                    else round(feature.position_error_m, 2),
                },
            }
            for feature in features
        ],
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")
