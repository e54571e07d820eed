"""Polynomials of order 1 to 3 in both coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.transforms.degeneracy import refuse_singular
from sketch_import.transforms.frame import FloatArray
from sketch_import.transforms.inversion import Seeds, invert

__all__ = ["Polynomial", "polynomial_terms", "solve_polynomial"]


@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """A polynomial surface for each target coordinate.

    Attributes
    ----------
    powers
        Exponents of x and y of each term, shape (k, 2).
    coefficients
        Shape (k, 2), a column for each target coordinate.
    seeds
        Where the search for an inverse begins.
    """

    powers: FloatArray
    coefficients: FloatArray
    seeds: Seeds

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points, shape (n, 2), to the target."""
        return _terms(points, self.powers) @ self.coefficients

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the derivative, shape (n, 2, 2)."""
        columns = []
        for axis in (0, 1):
            lowered = self.powers.copy()
            lowered[:, axis] = np.maximum(lowered[:, axis] - 1, 0)
            derivative = _terms(points, lowered) * self.powers[:, axis]
            columns.append(derivative @ self.coefficients)
        return np.stack(columns, axis=-1)

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward` by Newton's method."""
        return invert(self, points, seeds=self.seeds)


def solve_polynomial(source: FloatArray, target: FloatArray, *, order: int, seeds: Seeds) -> Polynomial:
    """Solve the polynomial that misses the target points least, in the sum of squares.

    Parameters
    ----------
    source, target
        Shape (n, 2), n ≥ 3, 6, 10 for order 1, 2, 3; unit frames with the second axis up.
    order
        1, 2 or 3.
    seeds
        Where the search for an inverse begins.

    Raises
    ------
    geo.errors.Refused
        The points do not determine the polynomial (such as six points on one ellipse).
    """
    powers = _powers(order)
    design = _terms(source, powers)
    refuse_singular(design)
    coefficients: FloatArray = np.linalg.lstsq(design, target, rcond=None)[0].astype(np.float64)
    return Polynomial(powers=powers, coefficients=coefficients, seeds=seeds)


def polynomial_terms(points: FloatArray, order: int) -> FloatArray:
    """Return the terms of a polynomial at points, shape (n, 2): 1, x, y, x², xy, y² … in columns, shape (n, k)."""
    return _terms(points, _powers(order))


def _powers(order: int) -> FloatArray:
    return np.array([(total - j, j) for total in range(order + 1) for j in range(total + 1)], dtype=np.float64)


def _terms(points: FloatArray, powers: FloatArray) -> FloatArray:
    highest = int(powers.max())
    ladder = np.ones((highest + 1, len(points), 2))
    for exponent in range(1, highest + 1):
        ladder[exponent] = ladder[exponent - 1] * points
    exponents = powers.astype(np.intp)
    return np.stack([ladder[i, :, 0] * ladder[j, :, 1] for i, j in exponents], axis=1)
