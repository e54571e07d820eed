"""Solve a transform from control points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.domain.georeference import Method
from sketch_import.transforms.affine import solve_affine
from sketch_import.transforms.base import Mapping, Transform
from sketch_import.transforms.degeneracy import refuse_unfit
from sketch_import.transforms.frame import FloatArray, Frame
from sketch_import.transforms.helmert import solve_helmert
from sketch_import.transforms.inversion import Seeds
from sketch_import.transforms.polynomial import solve_polynomial
from sketch_import.transforms.projective import solve_projective
from sketch_import.transforms.thin_plate_spline import solve_thin_plate_spline

__all__ = ["POLYNOMIAL_ORDERS", "fit"]

POLYNOMIAL_ORDERS = {Method.POLYNOMIAL1: 1, Method.POLYNOMIAL2: 2, Method.POLYNOMIAL3: 3}


def fit(method: Method, pixels: npt.ArrayLike, ground: npt.ArrayLike, *, smoothing: float = 0.0) -> Transform:
    """Solve a transform from pixels to the ground.

    Parameters
    ----------
    method
        Kind of transform.
    pixels
        Control points on the sheet, shape (n, 2), x right, y down.
    ground
        The same points on the ground, shape (n, 2), x east, y north, any unit of length.
    smoothing
        For the thin plate spline only; 0 meets every point.

    Raises
    ------
    geo.errors.Refused
        Too few, coincident or collinear points, or points that leave the transform open.

    Examples
    --------
    >>> turned = fit(Method.HELMERT, [[0, 0], [10, 0]], [[100, 200], [120, 200]])
    >>> turned.forward([5, 5]).tolist()
    [110.0, 190.0]
    """
    source = np.array(pixels, dtype=np.float64)
    target = np.array(ground, dtype=np.float64)
    if source.ndim != 2 or source.shape[1:] != (2,) or source.shape != target.shape:
        raise ValueError(f"pixels and ground must both have shape (n, 2): {source.shape}, {target.shape}")
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise ValueError("control points must be finite numbers")
    if smoothing < 0:
        raise ValueError("smoothing must not be negative")
    refuse_unfit(method, source, target)
    source_frame, target_frame = Frame.around(source, flip=True), Frame.around(target, flip=False)
    mapping = _solve(method, source_frame.enter(source), target_frame.enter(target), smoothing=smoothing)
    return Transform(
        method=method,
        pixels=source,
        ground=target,
        mapping=mapping,
        source_frame=source_frame,
        target_frame=target_frame,
    )


def _solve(method: Method, source: FloatArray, target: FloatArray, *, smoothing: float) -> Mapping:
    match method:
        case Method.HELMERT:
            return solve_helmert(source, target)
        case Method.AFFINE:
            return solve_affine(source, target)
        case Method.PROJECTIVE:
            return solve_projective(source, target)
        case Method.TPS:
            return solve_thin_plate_spline(source, target, smoothing=smoothing, seeds=Seeds.over(source))
        case Method.POLYNOMIAL1 | Method.POLYNOMIAL2 | Method.POLYNOMIAL3:
            order = POLYNOMIAL_ORDERS[method]
            return solve_polynomial(source, target, order=order, seeds=Seeds.over(source))
