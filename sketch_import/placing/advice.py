"""What is said about a placement: why it is refused, what makes it doubtful, what else to know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import Text
from sketch_import.control_points import ControlPoint, named, pixel_array, shortened
from sketch_import.placing.bending import Bend, strongest_bend
from sketch_import.placing.comparison import MethodReport, choose
from sketch_import.placing.folding import Turning, examine
from sketch_import.placing.suspects import Suspects
from sketch_import.transforms import FloatArray, flatness

__all__ = ["doubts_about", "hints_about", "refusal_of_fold", "refuse_contradiction", "refuse_mirrored"]

_NAMED_PAIRS = 5
_SMALL_COVER = 0.25
_THIN = 0.1
_LARGE_ERROR = 0.25
"""Share of the spread of the control points from which an error makes a placement doubtful."""


def refuse_mirrored(report: MethodReport, reports: Sequence[MethodReport]) -> None:
    """Refuse points that show the drawing from the back.

    A similarity cannot mirror and only fits badly then, so that the affine transform is asked as well.

    Raises
    ------
    geo.errors.Refused
        ``placing.mirrored``.
    """
    mirrored = report.folding is not None and report.folding.turning is Turning.MIRRORED
    affine = next(other for other in reports if other.method is Method.AFFINE)
    if affine.folding is not None and affine.folding.turning is Turning.MIRRORED and affine.points > 3:
        # Three points nearly on a line tip over by a small slip; four that agree do not.
        mirrored = mirrored or _fits_much_better(affine, report)
    if mirrored:
        raise Refused("placing.mirrored", method=label_text(report.method), count=report.points)


def refusal_of_fold(
    report: MethodReport, reports: Sequence[MethodReport], points: Sequence[ControlPoint], *, found: Suspects
) -> Refused:
    """Return the refusal of a method that folds the drawing: where, between which points, and what to take instead."""
    if report.folding is None or report.folding.region is None or report.transform is None:
        return report.refusal or Refused("transform.singular")
    left, top, right, bottom = report.folding.region
    where = {
        "method": label_text(report.method),
        "region": f"x {left:.0f}–{right:.0f}, y {top:.0f}–{bottom:.0f}",
        "points": named([points[index] for index in _at_fold(report, points)]),
    }
    better = choose(reports)
    if found.swapped:
        return Refused("placing.folds_swapped", swapped=named([points[index] for index in found.swapped[0]]), **where)
    if better is None:
        return Refused("placing.folds_always", **where)
    if better.loo_rmse_m is None:
        return Refused("placing.folds", advised=label_text(better.method), **where)
    return Refused(
        "placing.folds_advised", advised=label_text(better.method), error_m=_metres(better.loo_rmse_m), **where
    )


def _at_fold(report: MethodReport, points: Sequence[ControlPoint]) -> list[int]:
    if report.transform is None or report.folding is None or report.folding.region is None:
        return []
    bend = strongest_bend(report.transform)
    if bend is not None and bend.folds:
        return [bend.first, bend.second]
    left, top, right, bottom = report.folding.region
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    distances = np.hypot(*(pixel_array(points) - centre).T)
    return [int(index) for index in np.argsort(distances, kind="stable")[:2]]


def refuse_contradiction(
    reports: Sequence[MethodReport], ground: FloatArray, *, points: Sequence[ControlPoint], found: Suspects
) -> None:
    """Refuse points that have nothing to do with each other.

    That is so where even the best method predicts a point worse than the middle of all of them would.

    Raises
    ------
    geo.errors.Refused
        ``placing.contradiction``, or ``placing.contradiction_swapped`` where two points explain it.
    """
    errors = [report.loo_rmse_m for report in reports if report.usable and report.loo_rmse_m is not None]
    if len(ground) < 5 or not errors or min(errors) < _spread(ground):
        return
    if found.swapped:
        pair = named([points[index] for index in found.swapped[0]])
        raise Refused("placing.contradiction_swapped", points=pair, error_m=_metres(min(errors)), count=len(ground))
    raise Refused("placing.contradiction", error_m=_metres(min(errors)), count=len(ground))


def doubts_about(
    report: MethodReport,
    reports: Sequence[MethodReport],
    points: Sequence[ControlPoint],
    ground: FloatArray,
    *,
    found: Suspects,
) -> tuple[Text, ...]:
    """Return what makes a placement doubtful."""
    doubts: list[Text] = []
    if report.loo_rmse_m is None:
        doubts.append(Text("placing.error_unknown", {"count": len(points), "method": label_text(report.method)}))
    elif report.loo_rmse_m > _LARGE_ERROR * _spread(ground):
        percent = round(100 * report.loo_rmse_m / _spread(ground))
        doubts.append(Text("placing.large_error", {"error_m": _metres(report.loo_rmse_m), "percent": percent}))
    doubts.extend(_about_suspects(found, points))
    better = choose(reports)
    if better is not None and _is_clearly_worse(report, better):
        params = {
            "method": label_text(report.method),
            "error_m": _metres(report.loo_rmse_m or 0.0),
            "advised": label_text(better.method),
            "advised_error_m": _metres(better.loo_rmse_m or 0.0),
        }
        bend = None if report.transform is None else strongest_bend(report.transform)
        if bend is not None and bend.is_strong:
            doubts.append(Text("placing.bends_safer", {**params, **_bend(bend, points)}))
        else:
            doubts.append(Text("placing.better_method", params))
    pixels = pixel_array(points)
    if len(points) > 2 and flatness(pixels) < _THIN:
        doubts.append(Text("placing.nearly_on_line", {"points": named(points)}))
    return tuple(doubts)


def _about_suspects(found: Suspects, points: Sequence[ControlPoint]) -> list[Text]:
    said = [Text("placing.swapped", {"points": named([points[i] for i in pair])}) for pair in found.swapped]
    said += [
        Text("placing.outlier", {"point": named([points[one.index]]), "error_m": _metres(one.error_m)})
        for one in found.outliers
    ]
    said += [
        Text(
            "placing.points_contradict",
            {"points": named([points[i], points[j]]), "paper_m": _metres(paper), "ground_m": _metres(ground)},
        )
        for i, j, paper, ground in found.contradicting[:_NAMED_PAIRS]
    ]
    return said


def _is_clearly_worse(report: MethodReport, better: MethodReport) -> bool:
    if better.loo_rmse_m is None or report.loo_rmse_m is None:
        return False
    return report.loo_rmse_m > 1.5 * better.loo_rmse_m + 1e-3


def _bend(bend: Bend, points: Sequence[ControlPoint]) -> dict[str, str]:
    return {
        "points": named([points[bend.first], points[bend.second]]),
        "ratio": f"{min(bend.scale_ratio, 99):.1f}",
        "degrees": f"{bend.turn_deg:.0f}",
    }


def hints_about(
    report: MethodReport,
    reports: Sequence[MethodReport],
    points: Sequence[ControlPoint],
    *,
    image_size: tuple[int, int],
    region: BaseGeometry,
    found: Suspects,
) -> tuple[Text, ...]:
    """Return what else a person should know about a placement."""
    hints: list[Text] = []
    if report.method is Method.TPS:
        hints.append(Text("placing.spline_meets_points", {}))
    better = choose(reports)
    bend = None if report.transform is None else strongest_bend(report.transform)
    if bend is not None and bend.is_strong and not (better is not None and _is_clearly_worse(report, better)):
        hints.append(_about_bend(bend, report, reports, points))
    if found.duplicates:
        pairs = [f"{named([points[i]])} = {named([points[j]])}" for i, j in found.duplicates]
        hints.append(Text("placing.near_duplicates", {"points": shortened(pairs)}))
    hull = shapely.MultiPoint(pixel_array(points)).convex_hull
    cover = hull.area / region.area if region.area else 1.0
    if cover < _SMALL_COVER:
        hints.append(Text("placing.small_cover", {"percent": round(100 * cover)}))
    if report.transform is not None:
        outside = examine(report.transform, shapely.box(0, 0, *image_size))
        if outside.turning is not Turning.UPRIGHT:
            hints.append(Text("placing.folds_elsewhere", {"percent": max(1, round(100 * outside.share))}))
    return tuple(hints)


def _about_bend(
    bend: Bend, report: MethodReport, reports: Sequence[MethodReport], points: Sequence[ControlPoint]
) -> Text:
    """Say where it bends, and what a method that does not bend would miss."""
    stiffest = next((r for r in reports if r.usable and r.loo_rmse_m is not None), None)
    params = {"method": label_text(report.method), **_bend(bend, points)}
    if stiffest is None or stiffest.loo_rmse_m is None or stiffest.method is report.method or report.loo_rmse_m is None:
        return Text("placing.bends", params)
    params |= {
        "error_m": _metres(report.loo_rmse_m),
        "advised": label_text(stiffest.method),
        "advised_error_m": _metres(stiffest.loo_rmse_m),
    }
    safer = stiffest.loo_rmse_m < report.loo_rmse_m
    return Text("placing.bends_safer" if safer else "placing.bends_still_better", params)


def _fits_much_better(affine: MethodReport, report: MethodReport) -> bool:
    if affine.rmse_m is None or report.rmse_m is None:
        return False
    return report.method is Method.HELMERT and affine.rmse_m < report.rmse_m / 2


def _spread(ground: FloatArray) -> float:
    return float(np.sqrt(((ground - ground.mean(axis=0)) ** 2).sum(axis=1).mean()))


def _metres(length: float) -> str:
    return f"{length:.0f}" if length >= 10 else f"{length:.1f}"
