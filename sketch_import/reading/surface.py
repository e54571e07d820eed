"""The sheet as the camera saw it: perspective, lens, and a smooth field for paper that does not lie flat.

Seen from the camera and laid back onto the plane of the sheet, a paper that is bent about one direction moves each of
its points by ``f(u) (a + b v)``: u runs across the bend, v along it, and f is as smooth as the bend. That is exact for
a cylinder of any profile under any perspective, since every ruling stays straight. So the field is sought among such
functions of both directions of the paper, with a little freedom besides, by Gaussian process regression (Rasmussen,
Williams: Gaussian Processes for Machine Learning, 2006, chapters 2 and 5): it goes on from the margin into the middle
of the sheet, and says how far it can be trusted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates, spline_filter
from scipy.optimize import least_squares

from sketch_import.reading.registering import FittedMark

__all__ = ["Lens", "Surface", "fit_surface"]

FloatArray = NDArray[np.float64]

_NODES = 49
"""Nodes of the tabulated field along the long side."""
_BEYOND = 0.03
"""The table reaches beyond the paper by this share of its long side."""
_TREND_MM = 30.0
"""Freedom of the perspective around its first fit: as good as none."""
_LENS_FREEDOM = 0.03
"""Standard deviation of the distortion of phone lenses at the corner of the picture, as a share."""
_FLOOR_MM = 0.08
"""Printing and the paper itself are not better than this."""
_BENDS = (0.03, 0.2, 1.0, 5.0, 20.0)
_REST = (0.015, 0.08, 0.3, 1.2)
_LENGTHS = (0.4, 0.9)
_NOISES = (0.02, 0.06, 0.2)
_LONG_SIDE = 841.0
"""Bends are in mm on A1 (a smaller paper bends by less), lengths in halves of the long side, noise in mm."""
_GOES_ON, _GOES_ON_FROM = 0.5, 0.35
"""Share of the bend that is reckoned with at a distance beyond the marks, in halves of the long side."""
_LEAST_BENDS = {2: 1.0, 3: 1.0, 4: 0.2, 5: 0.2}
"""Least bend that is reckoned with, by the number of marks."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Radial distortion about the middle of the photo: ``q (1 + k1 r²)``, in half diagonals."""

    size: tuple[int, int]
    """Width and height of the photo."""
    k1: float = 0.0

    @property
    def _middle(self) -> FloatArray:
        return np.array(self.size, np.float64) / 2

    @property
    def _unit(self) -> float:
        return float(np.hypot(*self.size) / 2)

    def bend(self, straight: FloatArray) -> FloatArray:
        """Return where a pixel of a perfect lens is seen, shape (n, 2)."""
        q = (straight - self._middle) / self._unit
        return np.asarray(self._middle + self._unit * q * (1 + self.k1 * (q**2).sum(axis=1, keepdims=True)), np.float64)

    def straighten(self, seen: FloatArray) -> FloatArray:
        """Undo `bend`."""
        d = (seen - self._middle) / self._unit
        q = d.copy()
        for _ in range(8):
            q = d / (1 + self.k1 * (q**2).sum(axis=1, keepdims=True))
        return np.asarray(self._middle + self._unit * q, np.float64)


@dataclass(frozen=True, eq=False)
class Surface:
    """Paper (mm, x right, y down) to photo (pixels, corner origin) and back, with its expected error."""

    homography: FloatArray
    """3 × 3: the plane of the sheet, mm, to pixels of a perfect lens."""
    lens: Lens
    origin: FloatArray
    """Paper mm of the first node of the tables."""
    step: float
    """Millimetres between nodes."""
    shift: FloatArray
    """How far the paper seems moved in the plane of the sheet, mm, shape (rows, columns, 2)."""
    sigma: FloatArray
    """Expected error of a position, mm: root of the mean square, shape (rows, columns)."""
    left_out_mm: FloatArray
    """Distance on paper by which each mark is missed when the others alone say where it is, shape (n,)."""
    left_out_px: FloatArray
    residual_mm: FloatArray
    """Distance on paper that is left at each mark."""
    residual_px: FloatArray
    bend_mm: float
    """Largest shift within the paper: 0 for a flat sheet."""

    def to_photo(self, paper: ArrayLike) -> FloatArray:
        """Return pixels, shape (n, 2), of paper mm, shape (n, 2)."""
        mm = np.asarray(paper, np.float64).reshape(-1, 2)
        at = self._at(mm)
        moved = [map_coordinates(table, at, order=3, mode="nearest", prefilter=False) for table in self._splines]
        return self.lens.bend(_through(self.homography, mm + np.column_stack(moved)))

    def to_paper(self, photo: ArrayLike) -> FloatArray:
        """Return paper mm of pixels, shape (n, 2); undoes `to_photo` to a thousandth of a millimetre."""
        plane = _through(
            np.linalg.inv(self.homography), self.lens.straighten(np.asarray(photo, np.float64).reshape(-1, 2))
        )
        mm = plane
        for _ in range(12):
            at = self._at(mm)
            moved = [map_coordinates(table, at, order=3, mode="nearest", prefilter=False) for table in self._splines]
            mm = plane - np.column_stack(moved)
        return mm

    def error_mm(self, paper: ArrayLike) -> FloatArray:
        """Return the expected error on paper, mm, shape (n,)."""
        mm = np.asarray(paper, np.float64).reshape(-1, 2)
        return np.asarray(map_coordinates(self.sigma, self._at(mm), order=1, mode="nearest"), np.float64)

    def jacobian(self, paper: ArrayLike) -> FloatArray:
        """Return pixels a millimetre, shape (n, 2, 2): columns are the steps right and down on the paper."""
        mm = np.asarray(paper, np.float64).reshape(-1, 2)
        here = self.to_photo(mm)
        return np.stack([self.to_photo(mm + step) - here for step in np.eye(2)], axis=-1)

    def px_per_mm(self, paper: ArrayLike) -> FloatArray:
        """Return the smallest of the local scales, pixels a millimetre, shape (n,)."""
        return np.asarray(np.linalg.svd(self.jacobian(paper), compute_uv=False)[:, -1], np.float64)

    @cached_property
    def _splines(self) -> tuple[FloatArray, FloatArray]:
        return spline_filter(self.shift[..., 0], order=3, mode="nearest"), spline_filter(
            self.shift[..., 1], order=3, mode="nearest"
        )

    def _at(self, mm: FloatArray) -> FloatArray:
        return np.asarray(((mm - self.origin) / self.step)[:, ::-1].T, np.float64)


def fit_surface(marks: Sequence[FittedMark], *, paper_mm: tuple[float, float], photo_size: tuple[int, int]) -> Surface:
    """Fit perspective, lens and bend to the marks.

    How much bend there is, and of what kind, is chosen by how well each mark is foretold by the others: every choice
    is tried, and the likelihood of each mark under the rest (section 5.4.2 of the book, by whole marks) decides.

    Parameters
    ----------
    marks
        At least two.
    paper_mm
        Width and height of the paper.
    photo_size
        Width and height of the photo in pixels.
    """
    paper = np.concatenate([mark.paper for mark in marks])
    photo = np.concatenate([mark.photo for mark in marks])
    homography, lens = _camera(paper, photo, photo_size)
    half = max(paper_mm) / 2
    middle = np.array(paper_mm) / 2
    plane = _through(np.linalg.inv(homography), lens.straighten(photo))
    process = _Process(paper, plane - paper, middle=middle, half=half, homography=homography, lens=lens)
    choice = process.choose()

    beyond = _BEYOND * max(paper_mm)
    step = (max(paper_mm) + 2 * beyond) / (_NODES - 1)
    counts = [int(np.ceil((side + 2 * beyond) / step)) + 1 for side in paper_mm]
    axes = [(-beyond + step * np.arange(count)) for count in counts]
    nodes = np.stack(np.meshgrid(*axes), axis=-1)
    shift, variance = process.predict(nodes.reshape(-1, 2), choice)
    variance += process.beyond(nodes.reshape(-1, 2), choice) ** 2
    within = shift.reshape(*nodes.shape)

    blocks = process.left_out(choice)
    jump = _through(homography, paper + process.targets - blocks) - _through(homography, paper + process.targets)
    fitted, _ = process.predict(paper, choice)
    rest = process.targets - fitted
    rest_px = _through(homography, paper + process.targets - rest) - _through(homography, paper + process.targets)
    return Surface(
        homography=homography,
        lens=lens,
        origin=np.array([-beyond, -beyond]),
        step=step,
        shift=within,
        sigma=np.sqrt(variance + _FLOOR_MM**2).reshape(nodes.shape[:2]),
        left_out_mm=_by_mark(blocks),
        left_out_px=_by_mark(jump),
        residual_mm=_by_mark(rest),
        residual_px=_by_mark(rest_px),
        bend_mm=float(np.hypot(*within.reshape(-1, 2).T).max()),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    bend: float
    rest: float
    length: float
    noise: float


class _Process:
    """Gaussian process of the shift in the plane of the sheet; x first, then y."""

    def __init__(
        self,
        paper: FloatArray,
        shift: FloatArray,
        *,
        middle: FloatArray,
        half: float,
        homography: FloatArray,
        lens: Lens,
    ) -> None:
        self.targets = shift
        self._middle, self._half = middle, half
        self._size = 2 * half / _LONG_SIDE
        self._homography, self._lens = homography, lens
        self._points = self._unit(paper)
        self._values = shift.T.ravel()
        basis = self._trend(paper)
        self._basis = basis
        self._trend_covariance = basis @ basis.T

    def choose(self) -> _Choice:
        """Return the likeliest choice: one number after another is tried, twice round."""
        parts = {length: self._kernels(self._points, self._points, length) for length in _LENGTHS}
        known: dict[_Choice, float] = {}

        def score(choice: _Choice) -> float:
            if choice not in known:
                known[choice] = self._score(np.linalg.inv(self._full(*parts[choice.length], choice)))
            return known[choice]

        # A few marks cannot prove that the paper lies flat.
        least = _LEAST_BENDS.get(len(self._blocks), 0.0)
        bends = [bend for bend in _BENDS if bend >= least]
        best = _Choice(bends[1], _REST[1], _LENGTHS[-1], _NOISES[1])
        tried = {"bend": bends, "rest": _REST, "length": _LENGTHS, "noise": _NOISES}
        for _ in range(2):
            for name, values in tried.items():
                best = max((replace(best, **{name: value}) for value in values), key=score)
        return best

    def left_out(self, choice: _Choice) -> FloatArray:
        """Return what is missed of each corner by the marks without its own, shape (n, 2)."""
        ruled, free = self._kernels(self._points, self._points, choice.length)
        inverse = np.linalg.inv(self._full(ruled, free, choice))
        weights = inverse @ self._values
        missed = np.empty_like(self._values)
        for block in self._blocks:
            missed[block] = np.linalg.solve(inverse[np.ix_(block, block)], weights[block])
        return missed.reshape(2, -1).T

    def predict(self, paper: FloatArray, choice: _Choice) -> tuple[FloatArray, FloatArray]:
        """Return the shift, shape (n, 2), and the variance of a position (both directions together), shape (n,)."""
        ruled, free = self._kernels(self._points, self._points, choice.length)
        inverse = np.linalg.inv(self._full(ruled, free, choice))
        there = self._unit(paper)
        ruled, free = self._kernels(there, self._points, choice.length)
        one = self._size**2 * (choice.bend**2 * ruled + choice.rest**2 * free)
        basis = self._trend(paper)
        across = np.kron(np.eye(2), one) + basis @ self._basis.T
        shift = (across @ (inverse @ self._values)).reshape(2, -1).T
        u, v = there.T
        prior = self._size**2 * (choice.bend**2 * (1 + (u**2 + v**2) / 2) + choice.rest**2)
        own = np.tile(prior, 2) + (basis**2).sum(axis=1)
        variance = np.maximum(own - ((across @ inverse) * across).sum(axis=1), 0.0)
        return shift, variance.reshape(2, -1).sum(axis=0)

    def beyond(self, paper: FloatArray, choice: _Choice) -> FloatArray:
        """Return what the bend may add beyond the outermost marks, mm, shape (n,).

        A bend that goes on moves the paper by the square of the distance; the process, which expects it to come back,
        is too sure of itself there.
        """
        marks = shapely.convex_hull(shapely.multipoints(self._points))
        distance = shapely.distance(shapely.points(self._unit(paper)), marks)
        return np.asarray(_GOES_ON * choice.bend * self._size * (distance / _GOES_ON_FROM) ** 2, np.float64)

    def _full(self, ruled: FloatArray, free: FloatArray, choice: _Choice) -> FloatArray:
        one = self._size**2 * (choice.bend**2 * ruled + choice.rest**2 * free) + choice.noise**2 * np.eye(len(ruled))
        return np.asarray(np.kron(np.eye(2), one) + self._trend_covariance, np.float64)

    def _score(self, inverse: NDArray[np.floating[Any]]) -> float:
        """Log likelihood of each mark under the others, added up."""
        weights = (inverse @ self._values)[self._blocks]
        precision = inverse[self._blocks[:, :, None], self._blocks[:, None, :]]
        missed = np.linalg.solve(precision, weights[..., None])[..., 0]
        return 0.5 * float(np.linalg.slogdet(precision)[1].sum() - (missed * weights).sum())

    @cached_property
    def _blocks(self) -> NDArray[np.intp]:
        """Places of the eight values of each mark, shape (marks, 8)."""
        count = len(self._points)
        corners = np.arange(count).reshape(-1, 4)
        return np.hstack([corners, corners + count])

    def _kernels(self, one: FloatArray, two: FloatArray, length: float) -> tuple[FloatArray, FloatArray]:
        """Return the covariance of bends about either direction, and that of anything smooth."""
        du, dv = (np.abs(one[:, None, axis] - two[None, :, axis]) for axis in (0, 1))
        across_u = _matern(du / length) * (1 + one[:, None, 1] * two[None, :, 1])
        across_v = _matern(dv / length) * (1 + one[:, None, 0] * two[None, :, 0])
        return (across_u + across_v) / 2, _matern(np.hypot(du, dv) / length)

    def _trend(self, paper: FloatArray) -> FloatArray:
        """Return what a small change of perspective or lens does, shape (2 n, 9), scaled by its freedom."""
        u, v = self._unit(paper).T
        one, none = np.ones_like(u), np.zeros_like(u)
        in_x = np.column_stack([one, u, v, none, none, none, u * u, u * v])
        in_y = np.column_stack([none, none, none, one, u, v, u * v, v * v])
        step = 1e-4
        straight = _through(self._homography, paper)
        other = Lens(self._lens.size, self._lens.k1 - step)
        moved = _through(np.linalg.inv(self._homography), other.straighten(self._lens.bend(straight)))
        lens = (moved - paper) / step * _LENS_FREEDOM
        return np.column_stack([np.vstack([in_x, in_y]) * _TREND_MM, lens.T.ravel()])

    def _unit(self, paper: FloatArray) -> FloatArray:
        return np.asarray((paper - self._middle) / self._half, np.float64)


def _camera(paper: FloatArray, photo: FloatArray, size: tuple[int, int]) -> tuple[FloatArray, Lens]:
    first, _ = cv2.findHomography(paper, photo, 0)
    if first is None:
        raise ValueError("the marks lie on one line")
    scale = np.ptp(photo, axis=0).max() / np.ptp(paper, axis=0).max()

    def misfit(values: FloatArray) -> FloatArray:
        seen = Lens(size, values[8]).bend(_through(np.append(values[:8], 1.0).reshape(3, 3), paper))
        # Half a millimetre of misfit is as likely as a lens of the usual distortion.
        return np.append((seen - photo).ravel() / (0.5 * scale), values[8] / _LENS_FREEDOM)

    first = first / first[2, 2]
    start = np.append(first.ravel()[:8], 0.0)
    found = least_squares(misfit, start, x_scale="jac", loss="soft_l1", max_nfev=30).x
    return np.append(found[:8], 1.0).reshape(3, 3), Lens(size, float(found[8]))


def _matern(distance: FloatArray) -> FloatArray:
    """Matérn covariance of smoothness 5/2 (equation 4.17 of the book)."""
    scaled = np.sqrt(5.0) * distance
    return np.asarray((1 + scaled + scaled**2 / 3) * np.exp(-scaled), np.float64)


def _by_mark(offsets: FloatArray) -> FloatArray:
    """Root mean square over the four corners of each mark."""
    squares = (offsets**2).sum(axis=1).reshape(-1, 4)
    return np.asarray(np.sqrt(squares.mean(axis=1)), np.float64)


def _through(matrix: NDArray[np.floating[Any]], points: NDArray[np.floating[Any]]) -> FloatArray:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)
