"""Projective transform of eight parameters: a flat sheet seen at a slant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from sketch_import.transforms.degeneracy import refuse_singular
from sketch_import.transforms.frame import FloatArray

__all__ = ["Projective", "solve_projective"]


@dataclass(frozen=True, slots=True, eq=False)
class Projective:
    """A 3 × 3 matrix on homogeneous coordinates, positive in front of the horizon."""

    matrix: FloatArray

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points, shape (n, 2), to the target; NaN on and behind the horizon."""
        return _apply(self.matrix, points)

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the derivative, shape (n, 2, 2)."""
        weight = points @ self.matrix[2, :2] + self.matrix[2, 2]
        image = (points @ self.matrix[:2, :2].T + self.matrix[:2, 2]) / weight[:, None]
        numerator = self.matrix[None, :2, :2] - image[:, :, None] * self.matrix[None, 2:3, :2]
        jacobian: FloatArray = numerator / weight[:, None, None]
        jacobian[weight <= 0] = np.nan
        return jacobian

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward` in closed form; NaN where no point in front of the horizon arrives."""
        inverse: FloatArray = np.linalg.inv(self.matrix).astype(np.float64)
        # Scaled so that the target of the frame's origin, which is in front, has a positive weight.
        origin = _apply(self.matrix, np.zeros((1, 2)))[0]
        if inverse[2, :2] @ origin + inverse[2, 2] < 0:
            inverse = -inverse
        return _apply(inverse, points)


def solve_projective(source: FloatArray, target: FloatArray) -> Projective:
    """Solve the projective transform that misses the target points least, in the sum of squares.

    The direct linear transform (Hartley & Zisserman, "Multiple View Geometry", 4.1) starts a
    Levenberg-Marquardt search that minimises the distances on the ground.

    Parameters
    ----------
    source, target
        Shape (n, 2), n ≥ 4, no three of a set of four on one line, unit frames with the second axis up.

    Raises
    ------
    geo.errors.Refused
        The points do not determine it, or its horizon runs between them.
    """
    x, y, u, v = *source.T, *target.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    rows_u = np.column_stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u])
    rows_v = np.column_stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v])
    design = np.concatenate([rows_u, rows_v])
    refuse_singular(design, unknowns=8)
    # Four points give eight rows, and then the ninth vector is only in the full decomposition.
    matrix = np.linalg.svd(design, full_matrices=len(design) < 9)[2][-1].reshape(3, 3)
    weights = source @ matrix[2, :2] + matrix[2, 2]
    if weights.sum() < 0:
        matrix, weights = -matrix, -weights
    if weights.min() <= 1e-6 * np.abs(weights).max() or abs(np.linalg.det(matrix)) < 1e-12:
        raise Refused("transform.horizon", advised=label_text(Method.AFFINE))
    matrix = matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-9 else matrix
    if len(source) > 4:
        matrix = _refined(matrix, source, target)
    return Projective(matrix=matrix)


def _refined(matrix: FloatArray, source: FloatArray, target: FloatArray) -> FloatArray:
    ones = np.column_stack([source, np.ones(len(source))])

    def miss(free: FloatArray) -> FloatArray:
        trial = np.append(free, matrix[2, 2]).reshape(3, 3)
        with np.errstate(divide="ignore", invalid="ignore"):
            image = _apply(trial, source)
        return np.nan_to_num((image - target).ravel(), nan=1e6)

    def slope(free: FloatArray) -> FloatArray:
        trial = np.append(free, matrix[2, 2]).reshape(3, 3)
        weight = source @ trial[2, :2] + trial[2, 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = ones / np.where(weight > 0, weight, np.nan)[:, None]
            image = _apply(trial, source)
        rows = np.zeros((len(source), 2, 8))
        rows[:, 0, 0:3] = rows[:, 1, 3:6] = part
        rows[:, :, 6:8] = -image[:, :, None] * part[:, None, :2]
        return np.nan_to_num(rows.reshape(-1, 8))

    found = least_squares(miss, matrix.ravel()[:8], jac=slope, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    free = found.x
    # The search stops where the sum of squares no longer falls; the place of its minimum is sharper than that.
    for _ in range(3):
        step = np.linalg.lstsq(slope(free), miss(free), rcond=None)[0]
        if not np.abs(step).max() < 1e-4:
            break
        free = free - step
    refined: FloatArray = np.append(free, matrix[2, 2]).reshape(3, 3)
    weights = source @ refined[2, :2] + refined[2, 2]
    return refined if weights.min() > 0 else matrix


def _apply(matrix: FloatArray, points: FloatArray) -> FloatArray:
    weight = points @ matrix[2, :2] + matrix[2, 2]
    image: FloatArray = (points @ matrix[:2, :2].T + matrix[:2, 2]) / np.where(weight > 0, weight, np.nan)[:, None]
    return image
