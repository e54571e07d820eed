"""Fit a homography to matched spots, and say whether its shape can be that of a sheet photographed twice."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Fit", "Shape", "apply", "fit_homography", "polish", "shape_of"]

FloatArray = NDArray[np.float64]
_LEAST = 8


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A homography and what supports it."""

    matrix: FloatArray
    """3 × 3, from the first points to the second, last element 1."""
    inliers: NDArray[np.bool_]
    """Which pairs agree with it, shape (n,)."""
    residuals: FloatArray
    """Distance of each pair, in pixels of the second image, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a homography does to the picture."""

    plausible: bool
    mirrored: bool
    area_ratio: float
    """Area of the image of the first picture over its own."""
    perspective: float
    """Largest over smallest local scale within the picture."""


def apply(homography: FloatArray, points: FloatArray) -> FloatArray:
    """Return points (n, 2) through a homography."""
    flat = np.asarray(points, np.float64).reshape(-1, 1, 2)
    return np.asarray(cv2.perspectiveTransform(flat, homography)[:, 0], np.float64)


def fit_homography(one: FloatArray, two: FloatArray, *, tolerance: float) -> Fit | None:
    """Fit robustly (MAGSAC++, Barath et al. 2020), then by least squares that doubts what is far.

    Parameters
    ----------
    one, two
        Matched points, shape (n, 2) each.
    tolerance
        Distance in pixels of the second image within which a pair agrees.

    Returns
    -------
    Fit or None
        None where fewer than eight pairs are given or agree. The same points give the same fit.
    """
    if len(one) < _LEAST:
        return None
    cv2.setRNGSeed(1)
    first, agreed = cv2.findHomography(one, two, cv2.USAC_MAGSAC, tolerance, maxIters=5000, confidence=0.9999)
    if first is None or agreed is None or int(agreed.sum()) < _LEAST or not np.isfinite(first).all():
        return None
    return polish(np.asarray(first, np.float64), one, two, tolerance=tolerance)


def polish(start: FloatArray, one: FloatArray, two: FloatArray, *, tolerance: float) -> Fit | None:
    """Reweighted least squares (Tukey's biweight) from a start."""
    matrix = start
    for _ in range(6):
        away = np.hypot(*(apply(matrix, one) - two).T)
        weight = np.clip(1 - (away / (2 * tolerance)) ** 2, 0, None)
        if np.count_nonzero(weight) < _LEAST:
            return None
        matrix = _solve(one, two, weight, matrix)
    away = np.hypot(*(apply(matrix, one) - two).T)
    inliers = away <= tolerance
    return Fit(matrix, inliers, away) if int(inliers.sum()) >= _LEAST else None


def _solve(one: FloatArray, two: FloatArray, weight: FloatArray, before: FloatArray) -> FloatArray:
    """Weighted direct linear transform on normalised points, errors counted in pixels of the second image."""
    to_one, to_two = _normalising(one), _normalising(two)
    a, b = apply(to_one, one), apply(to_two, two)
    homogeneous = np.column_stack([one, np.ones(len(one))])
    # Dividing by the denominator of the last round makes the algebraic error the geometric one.
    root = weight / np.maximum(np.abs(homogeneous @ before[2]), 1e-9)
    zero, unit = np.zeros(len(a)), np.ones(len(a))
    x, y, u, v = a[:, 0], a[:, 1], b[:, 0], b[:, 1]
    rows = np.concatenate(
        [
            np.stack([x, y, unit, zero, zero, zero, -u * x, -u * y, -u], axis=1) * root[:, None],
            np.stack([zero, zero, zero, x, y, unit, -v * x, -v * y, -v], axis=1) * root[:, None],
        ]
    )
    _, vectors = np.linalg.eigh(rows.T @ rows)
    matrix = np.linalg.inv(to_two) @ vectors[:, 0].reshape(3, 3) @ to_one
    return matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-12 else before


def _normalising(points: FloatArray) -> FloatArray:
    middle = points.mean(axis=0)
    spread = max(float(np.hypot(*(points - middle).T).mean()) / np.sqrt(2), 1e-9)
    return np.array([[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]])


def shape_of(homography: FloatArray, points: FloatArray) -> Shape:
    """Judge a homography where it is supported.

    It must keep the turn of the corners of the points' bounding box (not mirror, not fold over the horizon), must not
    enlarge or shrink more than eightfold in length, and its scale must not vary more than sixfold over the box.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.linspace(low[i], high[i], 5) for i in (0, 1))), axis=-1).reshape(-1, 2)
    w = np.column_stack([grid, np.ones(len(grid))]) @ homography[2]
    determinant = float(np.linalg.det(homography))
    # On the horizon the scale has no bounds: a large number stands for it.
    turned = determinant / np.where(np.abs(w) < 1e-6, 1e-6, w) ** 3
    mirrored = bool(np.all(turned < 0))
    folded = bool(w.min() <= 1e-6 and w.max() >= -1e-6) or not np.isfinite(turned).all()
    scales = np.sqrt(np.abs(turned))
    spread = float(scales.max() / max(scales.min(), 1e-12))
    area = float(np.median(np.abs(turned)))
    plausible = not mirrored and not folded and 1 / 64 <= area <= 64 and spread <= 6
    return Shape(plausible, mirrored, area, spread)
