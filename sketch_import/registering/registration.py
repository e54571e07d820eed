"""Register a re-photograph to the photograph of the same sheet that is known already, or refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.registering.agreement import Agreement, ink_agreement
from sketch_import.registering.by_paper import homography_by_paper
from sketch_import.registering.homography import Fit, apply, fit_homography, polish, shape_of
from sketch_import.registering.keypoints import Keypoints, find_keypoints, match, match_near
from sketch_import.registering.sheet_marks import SeenMarks, find_marks, marks_homography
from sketch_import.registering.sheet_view import SheetView, view_sheet

__all__ = ["Reason", "Registration", "Verdict", "confirm_by_paper", "register"]

FloatArray = NDArray[np.float64]
_SMALLEST = (320, 240)
"""Long and short side in pixels below which a photograph shows too little of a sheet."""
_LEAST_KEYPOINTS = 40
_TOLERANCE = 4.0
"""Working pixels within which a match agrees: curl and lens bend a sheet by as much."""
_GUIDED_REACH = 8.0
_MARKS_REACH = 20.0
_SURE_INLIERS, _LEAST_INLIERS = 40, 15
_MIRROR_INLIERS = 100
_SURE_SPREAD, _LEAST_SPREAD = 0.2, 0.1
_SURE_KEPT, _LEAST_KEPT = 0.92, 0.85
_MOST_LOST, _MOST_LOST_STROKES = 0.02, 4
_LEAST_CELLS = 15
_MARKS_APART = 0.015
"""How far the marks may contradict the drawing, as a share of the long side."""


class Verdict(StrEnum):
    """What to do with a registration."""

    PASS = "pass"
    DOUBTFUL = "doubtful"
    """Probably right: a person looks at it before anything is built on it."""
    REFUSED = "refused"


class Reason(StrEnum):
    """Why; texts under ``register.reason.*``."""

    SAME_SHEET = "same_sheet"
    FEW_INLIERS = "few_inliers"
    SMALL_SPREAD = "small_spread"
    INK_MISSING = "ink_missing"
    TOO_SMALL = "too_small"
    LOW_DETAIL = "low_detail"
    NO_MATCH = "no_match"
    CLUSTERED = "clustered"
    SHAPE = "shape"
    MIRRORED = "mirrored"
    OTHER_SHEET = "other_sheet"
    OTHER_DRAWING = "other_drawing"
    MARKS_DISAGREE = "marks_disagree"


_UNMATCHED = frozenset({Reason.NO_MATCH, Reason.SHAPE, Reason.CLUSTERED, Reason.LOW_DETAIL})
"""Refusals that say only that too little was found in common."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """How a new photograph lies on an old one of the same sheet."""

    verdict: Verdict
    reason: Reason
    homography: FloatArray | None = None
    """3 × 3, pixels of the new photograph to pixels of the old (x right, y down, corner origin); None if refused."""
    inliers: int = 0
    """Matched spots that agree with it."""
    inlier_ratio: float = 0.0
    """Share of the matches found without knowing where to look that agree with it."""
    spread: float = 0.0
    """Share of the sheet, in the photograph that shows less of it, within the hull of the inliers."""
    reprojection_px: float | None = None
    """Median distance of the inliers from where it puts them, in pixels of the old photograph."""
    kept_ink: float = 0.0
    """Share of the old drawing that is found again, where both photographs show the sheet."""
    lost_strokes: int = 0
    """Strokes of the old drawing, or long pieces of them, that the new photograph does not show."""


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    view: SheetView
    keypoints: Keypoints


def register(new: NDArray[np.uint8], old: NDArray[np.uint8]) -> Registration:
    """Register a new photograph of a sheet to an old one.

    Spots of drawn ink are matched (RootSIFT, both ways), a homography is fitted robustly, matched again where it
    expects them and fitted by least squares; then the drawing decides: every old stroke must be found on the new
    photograph. What was added since does not count. Printed marks, where seen, must name one sheet and agree.

    Parameters
    ----------
    new, old
        Upright RGB, shape (h, w, 3), uint8; any sizes, any turn, cropped or not.

    Returns
    -------
    Registration
        With a homography unless refused. The same pixels give the same result.
    """
    if any(max(p.shape[:2]) < _SMALLEST[0] or min(p.shape[:2]) < _SMALLEST[1] for p in (new, old)):
        return Registration(Verdict.REFUSED, Reason.TOO_SMALL)
    found = _register_large(new, old)
    if found.homography is not None and new.shape == old.shape and np.array_equal(new, old):
        return replace(found, homography=np.eye(3), reprojection_px=0.0)
    return found


def confirm_by_paper(new: NDArray[np.uint8], old: NDArray[np.uint8], homography: NDArray[np.float64]) -> Registration:
    """Judge by what is drawn whether two photographs of sheets with the same print show one sheet.

    Of a printed sheet many copies may be drawn on. The print says where they would lie on each other; on the same copy
    every old stroke is found on the new photograph.

    Parameters
    ----------
    new, old
        Upright RGB, shape (h, w, 3), uint8.
    homography
        3 × 3, pixels of the new photograph to pixels of the old one, as the print says.
    """
    return _judged_by_paper(view_sheet(new), view_sheet(old), homography)


def _judged_by_paper(one: SheetView, two: SheetView, homography: FloatArray) -> Registration:
    there = two.to_working @ homography @ np.linalg.inv(one.to_working)
    rows, columns = two.shape
    corners = np.array([[0.0, 0.0], [columns, 0.0], [columns, rows], [0.0, rows]])
    agreement = ink_agreement(one, two, there, corners)
    found = Registration(
        Verdict.PASS,
        Reason.SAME_SHEET,
        homography=homography,
        spread=1.0,
        kept_ink=agreement.kept,
        lost_strokes=agreement.lost_strokes,
    )
    if agreement.cells == 0:
        # Nothing was drawn when the old photograph was taken: the print alone does not tell copies apart.
        return replace(found, verdict=Verdict.DOUBTFUL, reason=Reason.LOW_DETAIL)
    if agreement.cells < _LEAST_CELLS and agreement.kept >= _LEAST_KEPT and agreement.lost_strokes > 0:
        return replace(found, verdict=Verdict.DOUBTFUL, reason=Reason.INK_MISSING)
    if agreement.kept < _LEAST_KEPT or agreement.lost > _MOST_LOST or agreement.lost_strokes > _MOST_LOST_STROKES:
        return _refused(found, Reason.OTHER_DRAWING)
    if agreement.kept < _SURE_KEPT or agreement.lost_strokes > 0:
        return replace(found, verdict=Verdict.DOUBTFUL, reason=Reason.INK_MISSING)
    return found


def _register_large(new: NDArray[np.uint8], old: NDArray[np.uint8]) -> Registration:
    marks = find_marks(new), find_marks(old)
    if marks[0].sheet_ids and marks[1].sheet_ids and not marks[0].sheet_ids & marks[1].sheet_ids:
        return Registration(Verdict.REFUSED, Reason.OTHER_SHEET)
    one, two = (_side(pixels, seen) for pixels, seen in zip((new, old), marks, strict=True))
    if min(len(one.keypoints.at), len(two.keypoints.at)) < _LEAST_KEYPOINTS:
        found = Registration(Verdict.REFUSED, Reason.LOW_DETAIL)
    else:
        found = _register(one, two, marks_homography(*marks))
    if found.reason in _UNMATCHED and marks[0].sheet_ids & marks[1].sheet_ids:
        # A few strokes on a sheet are too few spots to match, or lie too near each other; the paper knows better.
        paper = homography_by_paper(new, old)
        if paper is not None:
            judged = _judged_by_paper(one.view, two.view, paper.homography)
            known = judged.homography is not None
            return replace(judged, inliers=paper.corners, reprojection_px=paper.reprojection_px if known else None)
    # Where many spots fit, the photo is not mirrored: it shares its print with another sheet.
    unmatched = found.reason is not Reason.LOW_DETAIL and found.verdict is Verdict.REFUSED
    unmatched &= found.inliers < _MIRROR_INLIERS
    if unmatched and _register(_mirrored(one), two, None).verdict is Verdict.PASS:
        return replace(found, reason=Reason.MIRRORED)
    return found


def _side(pixels: NDArray[np.uint8], marks: SeenMarks) -> _Side:
    view = view_sheet(pixels)
    if marks.frame is not None:
        # The margin is the same on every copy of a printed sheet.
        frame = np.zeros_like(view.inside)
        cv2.fillConvexPoly(frame, np.rint(marks.frame * view.scale).astype(np.int32), 1)
        view = replace(view, inside=view.inside & frame, drawn=view.drawn & frame)
    return _Side(view, find_keypoints(view))


def _mirrored(side: _Side) -> _Side:
    view = side.view
    flipped = replace(
        view,
        darkness=np.ascontiguousarray(view.darkness[:, ::-1]),
        ink=np.ascontiguousarray(view.ink[:, ::-1]),
        drawn=np.ascontiguousarray(view.drawn[:, ::-1]),
        inside=np.ascontiguousarray(view.inside[:, ::-1]),
    )
    return _Side(flipped, find_keypoints(flipped))


def _register(new: _Side, old: _Side, by_marks: FloatArray | None) -> Registration:
    one, two = new.keypoints, old.keypoints
    pairs = match(one, two)
    first = fit_homography(one.at[pairs[:, 0]], two.at[pairs[:, 1]], tolerance=_TOLERANCE)
    marked = None if by_marks is None else old.view.to_working @ by_marks @ np.linalg.inv(new.view.to_working)
    if first is None and marked is None:
        return Registration(Verdict.REFUSED, Reason.NO_MATCH)
    ratio = 0.0 if first is None else float(first.inliers.mean())
    start, reach = (first.matrix, _GUIDED_REACH) if first is not None else (marked, _MARKS_REACH)
    assert start is not None
    near = match_near(one, two, start, reach=reach)
    fit = polish(start, one.at[near[:, 0]], two.at[near[:, 1]], tolerance=_TOLERANCE)
    if fit is None:
        return Registration(Verdict.REFUSED, Reason.NO_MATCH, inlier_ratio=ratio)
    here, there = one.at[near[fit.inliers, 0]], two.at[near[fit.inliers, 1]]
    shape = shape_of(fit.matrix, here)
    agreement = ink_agreement(new.view, old.view, fit.matrix, there) if shape.plausible else None
    found = Registration(
        Verdict.PASS,
        Reason.SAME_SHEET,
        homography=_to_photos(fit.matrix, new.view, old.view),
        inliers=int(fit.inliers.sum()),
        inlier_ratio=ratio,
        spread=max(_hull_share(here, new.view), _hull_share(there, old.view)),
        reprojection_px=_reprojection(fit, old.view),
        kept_ink=agreement.kept if agreement else 0.0,
        lost_strokes=agreement.lost_strokes if agreement else 0,
    )
    if not shape.plausible or agreement is None:
        return _refused(found, Reason.MIRRORED if shape.mirrored else Reason.SHAPE)
    if marked is not None and np.median(np.hypot(*(apply(marked, here) - there).T)) > _MARKS_APART * max(
        old.view.shape
    ):
        return _refused(found, Reason.MARKS_DISAGREE)
    return _judge(found, agreement)


def _judge(found: Registration, agreement: Agreement) -> Registration:
    refusals = {
        Reason.NO_MATCH: found.inliers < _LEAST_INLIERS,
        Reason.CLUSTERED: found.spread < _LEAST_SPREAD,
        Reason.OTHER_DRAWING: agreement.kept < _LEAST_KEPT
        or agreement.lost > _MOST_LOST
        or agreement.lost_strokes > _MOST_LOST_STROKES,
        Reason.LOW_DETAIL: agreement.cells < _LEAST_CELLS,
    }
    doubts = {
        Reason.INK_MISSING: agreement.kept < _SURE_KEPT or agreement.lost_strokes > 0,
        Reason.FEW_INLIERS: found.inliers < _SURE_INLIERS,
        Reason.SMALL_SPREAD: found.spread < _SURE_SPREAD,
    }
    for reason, holds in refusals.items():
        if holds:
            return _refused(found, reason)
    for reason, holds in doubts.items():
        if holds:
            return replace(found, verdict=Verdict.DOUBTFUL, reason=reason)
    return found


def _refused(found: Registration, reason: Reason) -> Registration:
    return replace(found, verdict=Verdict.REFUSED, reason=reason, homography=None, reprojection_px=None)


def _to_photos(matrix: FloatArray, new: SheetView, old: SheetView) -> FloatArray:
    whole = np.linalg.inv(old.to_working) @ matrix @ new.to_working
    return np.asarray(whole / whole[2, 2], np.float64)


def _reprojection(fit: Fit, old: SheetView) -> float:
    return float(np.median(fit.residuals[fit.inliers]) / np.mean(old.scale))


def _hull_share(points: FloatArray, view: SheetView) -> float:
    hull = cv2.contourArea(cv2.convexHull(points.astype(np.float32)))
    return float(min(1.0, hull / max(int(np.count_nonzero(view.inside)), 1)))
