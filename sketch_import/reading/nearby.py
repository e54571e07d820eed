"""Around a marker that was found: where the paper beside it lies in the photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.sheet_layout import Mark
from sketch_import.reading.finding import FoundMarker

__all__ = ["Nearby"]

FloatArray = NDArray[np.float64]


class Nearby:
    """Paper mm to pixels near one marker: a rough homography, moved and turned so that the marker agrees.

    A sheet that is bent lies elsewhere than its perspective says, but a mark is too small to be bent itself.
    """

    def __init__(self, homography: FloatArray, mark: Mark, marker: FoundMarker) -> None:
        self._homography = homography
        there = np.array(mark.marker.corners)
        inverse = np.asarray(np.linalg.inv(homography), np.float64)
        here = _through(inverse, marker.corners)
        self._from, self._to = there.mean(axis=0), here.mean(axis=0)
        # Turn and enlarge, by least squares over the four corners (as complex numbers).
        first, second = (there - self._from) @ [1, 1j], (here - self._to) @ [1, 1j]
        self._turn = complex(np.vdot(first, second) / np.vdot(first, first))

    def __call__(self, paper: ArrayLike) -> FloatArray:
        """Return pixels, shape (n, 2), of paper mm, shape (n, 2)."""
        turned = ((np.asarray(paper, np.float64) - self._from) @ np.array([1, 1j])) * self._turn
        return _through(self._homography, self._to + np.column_stack([turned.real, turned.imag]))


def _through(matrix: FloatArray, points: FloatArray) -> FloatArray:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)
