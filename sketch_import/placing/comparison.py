"""Every method side by side: what it misses, how it does on points it has not seen, whether it folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.errors import Refused
from sketch_import.control_points import ControlPoint, PointRow, named
from sketch_import.placing.folding import Folding, Turning, examine
from sketch_import.transforms import FloatArray, Transform, fit, leave_one_out

__all__ = ["METHODS_BY_SIMPLICITY", "MethodReport", "choose", "compare"]

METHODS_BY_SIMPLICITY = (
    Method.HELMERT,
    Method.AFFINE,
    Method.POLYNOMIAL1,
    Method.PROJECTIVE,
    Method.POLYNOMIAL2,
    Method.TPS,
    Method.POLYNOMIAL3,
)
"""From the stiffest to the most pliable; a polynomial of order 1 is an affine transform."""

_NEARLY_EQUAL = 1.1
"""A simpler method is kept while its leave-one-out error is at most this many times the best."""


@dataclass(frozen=True, slots=True, eq=False)
class MethodReport:
    """One method with the control points of one sheet. Lengths in metres on the ground.

    Attributes
    ----------
    method
        Kind of transform.
    points
        Number of control points.
    transform
        The solved transform; None where it cannot be solved.
    refusal
        The reason where it cannot be solved.
    rmse_m
        Root mean square of the residuals. For a spline, and for as many points as unknowns, it is zero
        whatever the points are worth.
    errors_m
        Leave-one-out error vectors, east and north, shape (n, 2); NaN where unknown.
    loo_rmse_m, loo_median_m
        Root mean square and median length of those vectors; None unless all are known.
    worst
        Name of the point that the others predict worst; empty where unknown.
    folding
        Whether the region of the drawing is folded or mirrored.
    """

    method: Method
    points: int
    transform: Transform | None
    refusal: Refused | None
    rmse_m: float | None
    errors_m: FloatArray
    loo_rmse_m: float | None
    loo_median_m: float | None
    worst: str
    folding: Folding | None

    @property
    def usable(self) -> bool:
        """True where the transform exists and keeps the drawing the right way up."""
        return self.folding is not None and self.folding.turning is Turning.UPRIGHT

    @property
    def lengths_m(self) -> FloatArray:
        """Length of the leave-one-out error of every point, shape (n,)."""
        return np.hypot(self.errors_m[:, 0], self.errors_m[:, 1])


def compare(
    points: Sequence[ControlPoint | PointRow],
    pixels: FloatArray,
    metres: FloatArray,
    *,
    region: BaseGeometry,
    smoothing: float = 0.0,
) -> tuple[MethodReport, ...]:
    """Try every method on the same control points.

    Parameters
    ----------
    points
        For their names.
    pixels, metres
        Shape (n, 2): y down on the sheet, east and north on the ground.
    region
        Part of the sheet that must not fold, in pixels.
    smoothing
        Of the thin plate spline.
    """
    return tuple(
        _report(method, points, pixels, metres, region=region, smoothing=smoothing) for method in METHODS_BY_SIMPLICITY
    )


def choose(reports: Sequence[MethodReport]) -> MethodReport | None:
    """Choose the method that predicts unseen points best, the simplest of those that do nearly as well.

    A method whose leave-one-out error is unknown is only taken where none is known, and a method
    that folds or mirrors the drawing never. None where no method is left.
    """
    usable = [report for report in reports if report.usable]
    known = [report for report in usable if report.loo_rmse_m is not None]
    if not known:
        return usable[0] if usable else None
    best = min(report.loo_rmse_m for report in known if report.loo_rmse_m is not None)
    # A millimetre keeps exact points from being decided by rounding.
    limit = best * _NEARLY_EQUAL + 1e-3
    return next(report for report in known if report.loo_rmse_m is not None and report.loo_rmse_m <= limit)


def _report(
    method: Method,
    points: Sequence[ControlPoint | PointRow],
    pixels: FloatArray,
    metres: FloatArray,
    *,
    region: BaseGeometry,
    smoothing: float,
) -> MethodReport:
    try:
        transform = fit(method, pixels, metres, smoothing=smoothing)
    except Refused as refusal:
        return MethodReport(
            method=method,
            points=len(points),
            transform=None,
            refusal=refusal,
            rmse_m=None,
            errors_m=np.full_like(metres, np.nan),
            loo_rmse_m=None,
            loo_median_m=None,
            worst="",
            folding=None,
        )
    errors = leave_one_out(method, pixels, metres, smoothing=smoothing)
    lengths = np.hypot(errors[:, 0], errors[:, 1])
    known = bool(np.isfinite(lengths).all())
    return MethodReport(
        method=method,
        points=len(points),
        transform=transform,
        refusal=None,
        rmse_m=transform.rmse,
        errors_m=errors,
        loo_rmse_m=float(np.sqrt((lengths**2).mean())) if known else None,
        loo_median_m=float(np.median(lengths)) if known else None,
        worst=named([points[int(np.argmax(lengths))]]) if known else "",
        folding=examine(transform, region),
    )
