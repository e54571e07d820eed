"""Affine transform of six parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.transforms.degeneracy import refuse_singular
from sketch_import.transforms.frame import FloatArray

__all__ = ["Affine", "solve_affine"]


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """``target = matrix @ source + shift``."""

    matrix: FloatArray
    shift: FloatArray

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points, shape (n, 2), to the target."""
        return points @ self.matrix.T + self.shift

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the same matrix everywhere, shape (n, 2, 2)."""
        return np.broadcast_to(self.matrix, (len(points), 2, 2))

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward` in closed form."""
        return (points - self.shift) @ np.linalg.inv(self.matrix).T


def solve_affine(source: FloatArray, target: FloatArray) -> Affine:
    """Solve the affine transform that misses the target points least, in the sum of squares.

    Parameters
    ----------
    source, target
        Shape (n, 2), n ≥ 3, not on one line, unit frames with the second axis up.

    Raises
    ------
    geo.errors.Refused
        The points lie on one line.
    """
    design = np.column_stack([source, np.ones(len(source))])
    refuse_singular(design)
    solved: FloatArray = np.linalg.lstsq(design, target, rcond=None)[0].astype(np.float64)
    return Affine(matrix=solved[:2].T, shift=solved[2])
