"""Fit the print of each mark onto the photo: where it is to a fraction of a pixel, how sharp, how bright.

All of a mark is known beforehand, every module of its code included, so that the whole pattern is fitted rather than
single corners. It also proves the mark: another sheet's code, or no mark at all, does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import Mark, Rect, SheetCode
from sketch_import.reading.pattern import mark_box, render

__all__ = ["FittedMark", "Pyramid", "fit_mark"]

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Pixels = NDArray[np.integer[Any] | np.floating[Any]]
"""What the image library returns, by its stubs."""
FloatArray = NDArray[np.float64]
ToPhoto = Callable[[FloatArray], FloatArray]

_LONG_SIDE = 190
"""Pixels of the long side of a patch: bounds the work whatever the photo."""
_AROUND_MM = 2.0
_BLURS = np.geomspace(0.35, 9.0, 14)
"""Standard deviations tried, in pixels of the patch."""
_FIRST_BLUR = 4
_ITERATIONS = 40
_LEAST_FIT = 0.6
_CLIPPED = 252
_COVERED = 0.25
"""Where a module differs from the print by more than this share of the contrast, something lies over it."""
_MOST_COVERED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class FittedMark:
    """A mark on the photo."""

    mark: Mark
    paper: FloatArray
    """Corners of the pair of code and marker (or of the marker alone), mm, shape (4, 2)."""
    photo: FloatArray
    """The same in pixels, corner origin."""
    fit: float
    """Correlation of photo and print where nothing lies over it, to 1."""
    covered: float
    """Share of the pattern that does not look like the print: drawn over, glare, cut off."""
    blur_mm: float
    """Standard deviation of the blur on paper."""
    px_per_mm: float
    black: float
    white: float
    """Grey values of ink and paper, 0 to 255."""
    clipped: float
    """Share of pixels that are overexposed."""

    @property
    def blur_px(self) -> float:
        """Standard deviation of the blur in pixels of the photo."""
        return self.blur_mm * self.px_per_mm


class Pyramid:
    """A grey photo and its halves, made when asked for."""

    def __init__(self, grey: Grey) -> None:
        self._levels = [grey]

    def level(self, shrink: float) -> tuple[Grey, float]:
        """Return the smallest level that keeps one pixel in `shrink`, and its scale."""
        wanted = max(0, int(np.log2(max(shrink, 1.0))))
        while len(self._levels) <= wanted:
            last = self._levels[-1]
            size = (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2))
            self._levels.append(np.asarray(cv2.resize(last, size, interpolation=cv2.INTER_AREA), np.uint8))
        return self._levels[wanted], 0.5**wanted


def fit_mark(
    pyramid: Pyramid, mark: Mark, code: SheetCode | None, to_photo: ToPhoto, *, search_mm: float = 0.0
) -> FittedMark | None:
    """Fit one mark.

    Parameters
    ----------
    pyramid
        The photo.
    mark
        Which one.
    code
        The code of the sheet, whichever mark it names; None fits the marker alone.
    to_photo
        Roughly where paper mm, shape (n, 2), lie in the photo: right to a module of the marker, or to `search_mm`.
    search_mm
        How far to look around first.

    Returns
    -------
    FittedMark or None
        None where the mark is not to be seen.
    """
    box = mark_box(mark, code)
    around = _AROUND_MM + search_mm
    size_mm = np.array([box.width, box.height]) + 2 * around
    start = np.array([box.x, box.y]) - around
    ends = to_photo(np.array(box.corners))
    px_per_mm = float(np.sqrt(_area(ends) / (box.width * box.height)))
    if not np.isfinite(px_per_mm) or px_per_mm <= 0:
        return None
    detail = min(_LONG_SIDE / max(box.width, box.height), max(1.3 * px_per_mm, 2.0))
    picture, scale = pyramid.level(px_per_mm / detail)
    size = np.ceil(size_mm * detail).astype(int)
    local = _local_map(to_photo, start, size_mm, detail)
    corners = _through(local, np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float64))
    limit = np.array(picture.shape[1::-1]) / scale
    if (corners.max(axis=0) < 0).any() or (corners.min(axis=0) > limit).any():
        return None
    # Between corner and centre origin on both sides, and to the level of the pyramid.
    half, shrink = _shift(0.5), np.diag([scale, scale, 1.0])
    look = _shift(-0.5) @ shrink @ local @ half
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpPerspective(picture, look, size.tolist(), flags=flags, borderMode=cv2.BORDER_CONSTANT)
    inside = np.ones(patch.shape, np.uint8)
    if (corners.min(axis=0) < 1).any() or (corners.max(axis=0) > limit - 1).any():
        seen = cv2.warpPerspective(np.full_like(picture, 255), look, size.tolist(), flags=flags)
        inside = (seen > 250).astype(np.uint8)
    if inside.mean() < _MOST_COVERED:
        return None
    print_ = render(mark, code, detail=detail, around_mm=around, size=(int(size[0]), int(size[1])))
    offset = np.zeros(2)
    if search_mm:
        offset = _searched(patch, print_, detail, search_mm)
    warp = np.array([[1, 0, offset[0]], [0, 1, offset[1]]], np.float32)
    return _aligned(
        patch, inside, print_, warp, local=local, box=box, mark=mark, start=start, detail=detail, px_per_mm=px_per_mm
    )


def _aligned(
    patch: Pixels,
    inside: Grey,
    print_: Floats,
    warp: Floats,
    *,
    local: FloatArray,
    box: Rect,
    mark: Mark,
    start: FloatArray,
    detail: float,
    px_per_mm: float,
) -> FittedMark | None:
    grey = patch.astype(np.float32)
    free = inside
    place = _FIRST_BLUR
    blur = float(_BLURS[place])
    for _ in range(2):
        soft = cv2.GaussianBlur(print_, (0, 0), blur)
        try:
            criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ITERATIONS, 1e-4)
            _, moved = cv2.findTransformECC(soft, grey, warp, cv2.MOTION_AFFINE, criteria, free, 1)
            warp = np.asarray(moved, np.float32)
        except cv2.error:
            return None
        if np.abs(warp[:, :2] - np.eye(2)).max() > 0.25:
            return None
        upright = cv2.warpAffine(grey, warp, grey.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        sound = cv2.warpAffine(inside, warp, grey.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP) > 0
        blur, place = _best_blur(upright, print_, sound, start=place)
        soft = cv2.GaussianBlur(print_, (0, 0), blur)
        slope, base = _levels(upright, soft, sound)
        if slope <= 0:
            return None
        off = np.abs(upright - (base + slope * soft)) > max(_COVERED * slope, 6.0)
        off = cv2.morphologyEx(off.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
        kept = sound & ~cv2.dilate(off.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        pattern = _pattern_area(print_)
        covered = 1.0 - float(kept[pattern].mean())
        if covered > _MOST_COVERED:
            break
        slope, base = _levels(upright, soft, kept)
        # The mask of the next round is in the frame of the patch.
        back = cv2.warpAffine(kept.astype(np.uint8), warp, grey.shape[::-1], flags=cv2.INTER_NEAREST, borderValue=0)
        free = np.asarray(back, np.uint8) & inside
    fit = _correlation(upright, soft, kept & pattern)
    if fit < _LEAST_FIT or covered > _MOST_COVERED or slope <= 0:
        return None
    paper = np.array(box.corners)
    nodes = (paper - start) * detail - 0.5
    moved = nodes @ warp[:, :2].T.astype(np.float64) + warp[:, 2].astype(np.float64) + 0.5
    return FittedMark(
        mark=mark,
        paper=paper,
        photo=_through(local, moved),
        fit=fit,
        covered=covered,
        blur_mm=blur / detail,
        px_per_mm=px_per_mm,
        black=base,
        white=base + slope,
        clipped=float((upright[sound] >= _CLIPPED).mean()),
    )


def _pattern_area(print_: Floats) -> NDArray[np.bool_]:
    dark = (print_ < 0.5).astype(np.uint8)
    return cv2.dilate(dark, np.ones((5, 5), np.uint8)) > 0


def _best_blur(upright: Pixels, print_: Floats, sound: NDArray[np.bool_], *, start: int) -> tuple[float, int]:
    """Climb to the blur under which print and photo agree best; return it, and its place in the list."""
    known: dict[int, float] = {}

    def fit(place: int) -> float:
        if not 0 <= place < len(_BLURS):
            return -1.0
        if place not in known:
            known[place] = _correlation(upright, cv2.GaussianBlur(print_, (0, 0), float(_BLURS[place])), sound)
        return known[place]

    best = start
    while True:
        better = max((best - 1, best, best + 1), key=fit)
        if better == best:
            break
        best = better
    if not 0 < best < len(_BLURS) - 1:
        return float(_BLURS[best]), best
    before, here, after = fit(best - 1), fit(best), fit(best + 1)
    bend = before - 2 * here + after
    step = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(_BLURS[best] * (_BLURS[1] / _BLURS[0]) ** step), best


def _correlation(one: Pixels, two: Pixels, where: NDArray[np.bool_]) -> float:
    a, b = one[where], two[where]
    if a.size < 16:
        return 0.0
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def _levels(upright: Pixels, soft: Pixels, where: NDArray[np.bool_]) -> tuple[float, float]:
    a, b = soft[where], upright[where]
    if a.size < 16:
        return 0.0, 0.0
    deviation = a - a.mean()
    spread = float(deviation @ deviation)
    slope = float(deviation @ (b - b.mean())) / spread if spread > 0 else 0.0
    return slope, float(b.mean() - slope * a.mean())


def _searched(patch: Pixels, print_: Floats, detail: float, search_mm: float) -> FloatArray:
    reach = int(search_mm * detail)
    core = np.asarray(cv2.GaussianBlur(print_, (0, 0), 1.0)[reach:-reach, reach:-reach] * 255, np.uint8)
    answer = cv2.matchTemplate(patch, core, cv2.TM_CCOEFF_NORMED)
    row, column = np.unravel_index(int(np.argmax(answer)), answer.shape)
    return np.array([float(column) - reach, float(row) - reach])


def _local_map(to_photo: ToPhoto, start: FloatArray, size_mm: FloatArray, detail: float) -> FloatArray:
    """Return the homography from pixels of the patch (corner origin) to the photo."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    nodes = square * size_mm
    return np.asarray(
        cv2.getPerspectiveTransform((nodes * detail).astype(np.float32), to_photo(start + nodes).astype(np.float32)),
        np.float64,
    )


def _through(matrix: NDArray[np.floating[Any]], points: NDArray[np.floating[Any]]) -> FloatArray:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def _shift(by: float) -> FloatArray:
    return np.array([[1, 0, by], [0, 1, by], [0, 0, 1]], np.float64)


def _area(quad: FloatArray) -> float:
    x, y = quad.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
