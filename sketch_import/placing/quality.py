"""The quality of a placement as plain values, with the reason in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.domain.labels import label_text
from geo.i18n import Language, Text
from sketch_import.placing.comparison import MethodReport
from sketch_import.placing.folding import Turning
from sketch_import.placing.placement import Placement

__all__ = ["quality_of"]


def quality_of(placement: Placement, *, language: Language) -> dict[str, Any]:
    """Return what `quality.json` says of a placement.

    Lengths are metres on the ground. ``loo_…`` are leave-one-out errors: every point predicted from all the
    others. A residual is what a point misses in the fit that it took part in.

    Parameters
    ----------
    placement
        The sheet on the ground.
    language
        Of the sentences.
    """
    return {
        "verdict": placement.verdict.value,
        "reason": _reason(placement, language),
        "method": placement.method.value,
        "crs": f"EPSG:{placement.metres.epsg}",
        "image": {"width": placement.image_size[0], "height": placement.image_size[1]},
        "position_error_m": _rounded(placement.position_error_m),
        "rmse_m": _rounded(placement.report.rmse_m),
        "loo_rmse_m": _rounded(placement.report.loo_rmse_m),
        "loo_median_m": _rounded(placement.report.loo_median_m),
        "methods": [_method(report) for report in placement.reports],
        "points": _points(placement),
        "warnings": [_sentence(warning, language) for warning in placement.warnings],
    }


def _reason(placement: Placement, language: Language) -> str:
    if placement.doubts:
        doubts = " ".join(doubt(language) for doubt in placement.doubts)
        return Text("placing.reason.doubtful", {"method": label_text(placement.method), "doubts": doubts})(language)
    error = placement.position_error_m or 0.0
    shown = f"{error:.0f}" if error >= 10 else f"{error:.1f}"
    return Text("placing.reason.pass", {"method": label_text(placement.method), "error_m": shown})(language)


def _method(report: MethodReport) -> dict[str, Any]:
    turning = None if report.folding is None else report.folding.turning
    return {
        "method": report.method.value,
        "n": report.points,
        "rmse_m": _rounded(report.rmse_m),
        "loo_rmse_m": _rounded(report.loo_rmse_m),
        "loo_median_m": _rounded(report.loo_median_m),
        "worst_point": report.worst or None,
        "folds": None if turning is None else turning is Turning.FOLDED,
        "mirrored": None if turning is None else turning is Turning.MIRRORED,
        "usable": report.usable,
        "not_solved": report.refusal.key if report.refusal else None,
    }


def _points(placement: Placement) -> list[dict[str, Any]]:
    residuals = placement.transform.residuals
    return [
        {
            "row": point.row,
            "label": point.label,
            "source": point.source.value,
            "pixel": list(point.pixel),
            "lonlat": list(point.lonlat),
            "residual_m": _rounded(float(np.hypot(*residual))),
            "residual_east_m": _rounded(float(residual[0])),
            "residual_north_m": _rounded(float(residual[1])),
            "loo_m": _rounded(float(np.hypot(*error))),
        }
        for point, residual, error in zip(placement.control_points, residuals, placement.report.errors_m, strict=True)
    ]


def _sentence(warning: Text, language: Language) -> dict[str, str]:
    return {"key": warning.key, "text": warning(language)}


def _rounded(value: float | None) -> float | None:
    return round(value, 3) if value is not None and np.isfinite(value) else None
