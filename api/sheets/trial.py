"""A placement tried and not stored: what it would be worth, and how the sheet would lie."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pydantic import JsonValue

from api.sheets.bodies import said_method
from api.sheets.previews import Preview
from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.drafts import NewControlPoint
from geo.errors import Refused
from geo.i18n import Language, Text
from sketch_import.control_points import ControlPoint, ground_array, named, pixel_array
from sketch_import.control_points.checking import check_points
from sketch_import.control_points.points import PointRow, PointTable
from sketch_import.placing import LocalMetres, MethodReport, Placement, place
from sketch_import.placing.comparison import compare
from sketch_import.placing.folding import region_of_points
from sketch_import.placing.suspects import Suspects
from sketch_import.warping import overlay_png

__all__ = ["Tried", "check_sheet_points", "methods_of", "tie_points_of", "try_placement"]

_SHOWN_PX: Final = 700
"""Longer side of the picture of a trial: it lies over a map of about that size."""
_MESHES: Final = 8
"""Of the grid along the longer side of the sheet."""
_STEPS: Final = 25
"""Points of a line of the grid."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a placement is tried with."""

    points: tuple[NewControlPoint, ...]
    size: tuple[int, int]
    """Width and height of the sheet's picture."""
    method: Method | None
    smoothing: float
    drawn: shapely.geometry.base.BaseGeometry | None
    """Hull of all that is drawn, in pixels."""
    title: str


def try_placement(tried: Tried, preview: Preview, language: Language) -> dict[str, JsonValue]:
    """Place a sheet and say what the placement is worth.

    Raises
    ------
    Refused
        The points cannot place it; see `place`.
    """
    check_sheet_points(tried)
    placement = place(
        tie_points_of(tried.points),
        tried.size,
        tried.method,
        drawing_extent=tried.drawn,
        smoothing=tried.smoothing,
    )
    return {
        "verdict": placement.verdict.value,
        "method": said_method(placement.method),
        "is_chosen_by_program": tried.method is None,
        "position_error_m": _rounded(placement.position_error_m),
        "methods": _methods(placement.reports, language),
        "points": _points(tried.points, placement, language),
        "advice": [warning(language) for warning in placement.warnings],
        "distortion": _grid(placement),
        "overlay": _overlay(placement, preview),
    }


def methods_of(tried: Tried, language: Language) -> list[JsonValue]:
    """Return the methods side by side for points that cannot place a sheet, as far as they can be compared."""
    points = tie_points_of(tried.points)
    if len(points) < 2:
        return []
    pixels, lonlat = pixel_array(points), ground_array(points)
    try:
        ground = LocalMetres.around(lonlat).from_lonlat(lonlat)
        reports = compare(points, pixels, ground, region=region_of_points(pixels), smoothing=tried.smoothing)
    except Refused:
        return []
    return _methods(reports, language)


def check_sheet_points(tried: Tried) -> None:
    """Refuse points outside the sheet, twice the same, too many or too few; the message names them by their numbers.

    Raises
    ------
    Refused
        See `check_points`.
    """
    rows = [
        PointRow(row=row, pixel=one.pixel, map=one.lonlat, label=one.label)
        for row, one in enumerate(tried.points, start=1)
        if one.enabled
    ]
    table = PointTable(path=f"«{tried.title}»", rows=tuple(rows), crs=None, disabled=len(tried.points) - len(rows))
    check_points(table, method=tried.method, image_size=tried.size)


def tie_points_of(points: Sequence[NewControlPoint]) -> tuple[ControlPoint, ...]:
    """Return the enabled points as the placing takes them; each keeps its number, counted from 1 over all."""
    return tuple(
        ControlPoint(
            pixel=one.pixel,
            lonlat=one.lonlat,
            label=one.label,
            source=one.source,
            row=row,
            accuracy_m=one.accuracy_m,
        )
        for row, one in enumerate(points, start=1)
        if one.enabled
    )


def _methods(reports: Sequence[MethodReport], language: Language) -> list[JsonValue]:
    return [
        {
            "method": said_method(report.method),
            "label": label_text(report.method)(language),
            "needs": report.method.minimum_points,
            "rmse_m": _rounded(report.rmse_m),
            "loo_rmse_m": _rounded(report.loo_rmse_m),
            "usable": report.usable,
            "reason": _why_not(report, language),
        }
        for report in reports
    ]


def _why_not(report: MethodReport, language: Language) -> str:
    if report.usable:
        return ""
    if report.refusal is not None:
        return Text(report.refusal.key, report.refusal.params)(language)
    return Text("sheets.method_folds")(language)


def _points(points: Sequence[NewControlPoint], placement: Placement, language: Language) -> list[JsonValue]:
    pixels = np.array([one.pixel for one in points], np.float64)
    given = placement.metres.from_lonlat(np.array([one.lonlat for one in points], np.float64))
    reached = placement.transform.forward(pixels)
    predicted, missed = placement.metres.to_lonlat(reached), reached - given
    errors = dict(zip((one.row for one in placement.control_points), placement.report.lengths_m.tolist(), strict=True))
    reasons = _reasons(placement.suspects, placement.control_points)
    told: list[JsonValue] = []
    for ordinal, (lonlat, (east, north)) in enumerate(zip(predicted.tolist(), missed.tolist(), strict=True), start=1):
        reason = reasons.get(ordinal)
        told.append(
            {
                "ordinal": ordinal,
                "enabled": points[ordinal - 1].enabled,
                "predicted": [round(part, 7) for part in lonlat] if np.isfinite(lonlat).all() else None,
                "residual_m": _rounded(float(np.hypot(east, north))),
                "dx_m": _rounded(east),
                "dy_m": _rounded(north),
                "loo_m": _rounded(errors.get(ordinal)),
                "is_suspect": reason is not None,
                "reason": reason(language) if reason else "",
            }
        )
    return told


def _reasons(found: Suspects, points: Sequence[ControlPoint]) -> dict[int, Text]:
    """Return why points are suspicious, by their numbers; the gravest reason where there are several."""
    reasons: dict[int, Text] = {}
    for one, other, paper, ground in found.contradicting:
        said = {"points": named([points[one], points[other]]), "paper_m": _metres(paper), "ground_m": _metres(ground)}
        reasons |= dict.fromkeys((points[one].row, points[other].row), Text("placing.points_contradict", said))
    for outlier in found.outliers:
        point = points[outlier.index]
        told = {"point": named([point]), "error_m": _metres(outlier.error_m)}
        reasons[point.row] = Text("placing.outlier", told)
    for pair in found.swapped:
        swapped = Text("placing.swapped", {"points": named([points[index] for index in pair])})
        reasons |= {points[index].row: swapped for index in pair}
    return reasons


def _grid(placement: Placement) -> dict[str, JsonValue]:
    """Return straight lines of the paper as they lie on the ground: where they bend, the drawing is bent."""
    width, height = placement.image_size
    mesh = max(width, height) / _MESHES
    features: list[JsonValue] = []
    for across, along, axis in ((width, height, "x"), (height, width, "y")):
        steps = np.linspace(0, along, _STEPS)
        for at in np.linspace(0, across, max(2, round(across / mesh) + 1)):
            fixed = np.full_like(steps, at)
            placed = placement.to_lonlat(np.column_stack([fixed, steps] if axis == "x" else [steps, fixed]))
            kept = placed[np.isfinite(placed).all(axis=1)].round(7)
            if len(kept) > 1:
                line: dict[str, JsonValue] = {"type": "LineString", "coordinates": kept.tolist()}
                properties: dict[str, JsonValue] = {"what": "grid", "axis": axis, "at": round(float(at), 1)}
                features.append({"type": "Feature", "geometry": line, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _overlay(placement: Placement, preview: Preview) -> dict[str, JsonValue] | None:
    try:
        png, bounds = overlay_png(preview.pixels, placement, ink_mask=preview.ink, max_side=_SHOWN_PX, quick=True)
    except Refused:  # folded everywhere: the table says so
        return None
    return {"png": "data:image/png;base64," + base64.b64encode(png).decode(), "bounds": list(bounds)}


def _rounded(value: float | None) -> float | None:
    return round(value, 3) if value is not None and np.isfinite(value) else None


def _metres(length: float) -> str:
    return f"{length:.0f}" if length >= 10 else f"{length:.1f}"
