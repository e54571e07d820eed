"""Thin plate spline: an affine transform plus the least bending that meets the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.transforms.degeneracy import refuse_singular
from sketch_import.transforms.frame import FloatArray
from sketch_import.transforms.inversion import Seeds, invert

__all__ = ["ThinPlateSpline", "solve_thin_plate_spline", "spline_kernel"]

_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ThinPlateSpline:
    """``affine(p) + sum of weight_i · U(|p - knot_i|)`` with ``U(r) = r² ln r``.

    Attributes
    ----------
    knots
        Source points, shape (n, 2).
    weights
        Shape (n, 2), a column for each target coordinate.
    affine
        Shape (3, 2): rows for 1, x, y.
    seeds
        Where the search for an inverse begins.
    """

    knots: FloatArray
    weights: FloatArray
    affine: FloatArray
    seeds: Seeds

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points, shape (n, 2), to the target."""
        result: FloatArray = points @ self.affine[1:] + self.affine[0]
        for part in self._blocks(len(points)):
            result[part] += _kernel(_squared_distances(points[part], self.knots)) @ self.weights
        return result

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the derivative, shape (n, 2, 2)."""
        result = np.empty((len(points), 2, 2))
        for part in self._blocks(len(points)):
            squared = _squared_distances(points[part], self.knots)
            # dU/dp = (2 ln r + 1)(p - knot); it tends to 0 at the knot.
            slope = np.log(np.where(squared > 0, squared, 1.0)) + 1.0
            for axis in (0, 1):
                offset = points[part][:, axis, None] - self.knots[None, :, axis]
                result[part, :, axis] = (slope * offset) @ self.weights + self.affine[1 + axis]
        return result

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward` by Newton's method."""
        return invert(self, points, seeds=self.seeds)

    def _blocks(self, count: int) -> list[slice]:
        size = max(1, _BLOCK // len(self.knots))
        return [slice(start, start + size) for start in range(0, count, size)]


def solve_thin_plate_spline(
    source: FloatArray, target: FloatArray, *, smoothing: float, seeds: Seeds
) -> ThinPlateSpline:
    """Solve the spline (Bookstein, "Principal Warps", 1989; smoothing as in Wahba, 1990).

    Parameters
    ----------
    source, target
        Shape (n, 2), n ≥ 3, not on one line, unit frames with the second axis up.
    smoothing
        0 meets every point; larger values trade misses for less bending and tend to the affine
        transform. No unit: it is relative to the spread of the points.
    seeds
        Where the search for an inverse begins.

    Raises
    ------
    geo.errors.Refused
        The points lie on one line or coincide.
    """
    count = len(source)
    plane = np.column_stack([np.ones(count), source])
    refuse_singular(plane)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _kernel(_squared_distances(source, source)) + smoothing * count * np.eye(count)
    system[:count, count:] = plane
    system[count:, :count] = plane.T
    solved = np.linalg.solve(system, np.concatenate([target, np.zeros((3, 2))]))
    return ThinPlateSpline(knots=source, weights=solved[:count], affine=solved[count:], seeds=seeds)


def spline_kernel(points: FloatArray, knots: FloatArray) -> FloatArray:
    """Return ``r² ln r`` of the distances r between points, shape (n, 2), and knots, shape (k, 2): shape (n, k)."""
    return _kernel(_squared_distances(points, knots))


def _squared_distances(points: FloatArray, knots: FloatArray) -> FloatArray:
    dx = points[:, 0, None] - knots[None, :, 0]
    dy = points[:, 1, None] - knots[None, :, 1]
    return dx * dx + dy * dy


def _kernel(squared: FloatArray) -> FloatArray:
    return 0.5 * squared * np.log(np.where(squared > 0, squared, 1.0))
