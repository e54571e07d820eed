"""How each control point is predicted from all the others, without solving the transform once a point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.domain.georeference import Method
from geo.errors import Refused
from sketch_import.transforms.degeneracy import COLLINEAR, coincident_pairs, flatness
from sketch_import.transforms.frame import BoolArray, FloatArray, Frame
from sketch_import.transforms.polynomial import polynomial_terms
from sketch_import.transforms.projective import solve_projective
from sketch_import.transforms.solving import POLYNOMIAL_ORDERS, fit
from sketch_import.transforms.thin_plate_spline import spline_kernel

__all__ = ["leave_one_out", "leave_one_out_by_solving", "leverages"]

_NEARLY_DECISIVE = 1e-5
"""A point whose leverage is as near to 1 carries the transform alone: it is really left out."""

_NEARLY_OPEN = 1e-6
"""A system of equations as near to leaving unknowns open is solved without each point in turn."""

_STEPS = 60
_STEP_SETTLED = 1e-11
_WORST_CONDITION = 1e13


def leave_one_out(
    method: Method, pixels: npt.ArrayLike, ground: npt.ArrayLike, *, smoothing: float = 0.0
) -> FloatArray:
    """Predict every control point from all the others.

    Transforms that are linear in their unknowns need one solution: leaving point i out changes its residual
    r to ``r / (1 - h)`` with the leverage h (Cook & Weisberg, "Residuals and Influence in Regression", 1982, 2.2).
    For the spline the error is the weight of the point over the diagonal of the inverse system (Rippa, "An algorithm
    for selecting a good value for the parameter c in radial basis function interpolation", 1999). The projective
    transform is solved again from the solution of all points. Points without which little is left to
    carry the transform are left out in earnest.

    Returns
    -------
    FloatArray
        Predicted minus given ground position, shape (n, 2), ground units; a row of NaN where the other
        points cannot carry the transform.
    """
    source, target = np.array(pixels, dtype=np.float64), np.array(ground, dtype=np.float64)
    count = len(source)
    if count <= method.minimum_points or coincident_pairs(source) or coincident_pairs(target):
        return leave_one_out_by_solving(method, source, target, smoothing=smoothing)
    source_frame, target_frame = Frame.around(source, flip=True), Frame.around(target, flip=False)
    x, y = source_frame.enter(source), target_frame.enter(target)
    if method is not Method.HELMERT and _nearly_singular(polynomial_terms(x, POLYNOMIAL_ORDERS.get(method, 1))):
        return leave_one_out_by_solving(method, source, target, smoothing=smoothing)
    hats = leverages(method, x)
    doubtful = 1.0 - hats < _NEARLY_DECISIVE
    if method is not Method.HELMERT:
        doubtful |= _nearly_on_line(source) | _nearly_on_line(target)
    if method is Method.PROJECTIVE:
        try:
            whole = solve_projective(x, y)
        except Refused:
            return leave_one_out_by_solving(method, source, target)
        unit, lost = _projective(x, y, whole.matrix)
        doubtful |= lost
    elif method is Method.TPS:
        unit = _spline(source, x, y, smoothing=smoothing)
    else:
        unit = _linear(method, x, y) / np.maximum(1.0 - hats, _NEARLY_DECISIVE)[:, None]
    errors = unit / target_frame.factors
    if doubtful.any():
        errors[doubtful] = leave_one_out_by_solving(method, source, target, smoothing=smoothing, only=doubtful)
    return errors


def leave_one_out_by_solving(
    method: Method, pixels: FloatArray, ground: FloatArray, *, smoothing: float = 0.0, only: BoolArray | None = None
) -> FloatArray:
    """Predict control points by solving the transform without each in turn: slow, and what is meant.

    Parameters
    ----------
    method, pixels, ground, smoothing
        As for `leave_one_out`.
    only
        Which points to leave out, shape (n,); None for all.

    Returns
    -------
    FloatArray
        Predicted minus given ground position, a row for each point that was left out.
    """
    everything = np.arange(len(pixels))
    chosen = everything if only is None else everything[only]
    errors = np.full((len(chosen), 2), np.nan)
    for row, index in enumerate(chosen):
        others = everything != index
        try:
            transform = fit(method, pixels[others], ground[others], smoothing=smoothing)
        except Refused:
            continue
        errors[row] = transform.forward(pixels[index]) - ground[index]
    return errors


def leverages(method: Method, points: FloatArray) -> FloatArray:
    """Return how much of its own fitted place each point decides, shape (n,), 0 to 1.

    For methods that are not linear in their unknowns those of the affine transform.

    Parameters
    ----------
    points
        Shape (n, 2), unit frame.
    """
    if method is Method.HELMERT:
        centred = points - points.mean(axis=0)
        squared = (centred**2).sum(axis=1)
        hats: FloatArray = 1.0 / len(points) + squared / squared.sum()
        return hats
    q, _ = np.linalg.qr(polynomial_terms(points, POLYNOMIAL_ORDERS.get(method, 1)))
    shares: FloatArray = np.minimum((q**2).sum(axis=1), 1.0)
    return shares


def _linear(method: Method, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return residuals, fitted minus given, of a least-squares solution."""
    if method is Method.HELMERT:
        z, w = x @ [1, 1j], y @ [1, 1j]
        z, w = z - z.mean(), w - w.mean()
        missed = np.vdot(z, w) / np.vdot(z, z) * z - w
        return np.column_stack([missed.real, missed.imag])
    q, _ = np.linalg.qr(polynomial_terms(x, POLYNOMIAL_ORDERS.get(method, 1)))
    residuals: FloatArray = q @ (q.T @ y) - y
    return residuals


def _spline(source: FloatArray, x: FloatArray, y: FloatArray, *, smoothing: float) -> FloatArray:
    count = len(x)
    plane = np.column_stack([np.ones(count), x])
    free = np.linalg.qr(plane, mode="complete")[0][:, 3:]
    # On what no plane can explain, the kernel is positive definite; its spectrum serves every smoothing at once.
    values, vectors = np.linalg.eigh(free.T @ spline_kernel(x, x) @ free)
    modes = free @ vectors
    # The unit frame of the other points is a little larger or smaller, and smoothing is relative to it and
    # to their number.
    everything = np.arange(count)
    damping = np.zeros(count)
    if smoothing > 0:
        scale = abs(Frame.around(source, flip=True).factors[0])
        own = np.array([abs(Frame.around(source[everything != i], flip=True).factors[0]) for i in everything])
        damping = smoothing * (count - 1) * (scale / own) ** 2
    damped = 1.0 / (np.maximum(values, 1e-300)[None, :] + damping[:, None])
    weights = (modes * damped) @ (modes.T @ y)
    diagonal = ((modes**2) * damped).sum(axis=1)
    errors: FloatArray = -weights / diagonal[:, None]
    return errors


def _projective(x: FloatArray, y: FloatArray, start: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Solve for all points but one, every one at once, by Gauss-Newton steps from the solution of all points."""
    count = len(x)
    kept = 1.0 - np.eye(count)
    ones = np.column_stack([x, np.ones(count)])
    matrices = np.repeat((start / start[2, 2])[None], count, axis=0)
    settled = np.zeros(count, dtype=bool)
    for _ in range(_STEPS):
        # Axes: left out, point, coordinate.
        image = ones @ matrices.transpose(0, 2, 1)
        weight = image[:, :, 2]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            places = image[:, :, :2] / weight[:, :, None]
            slope = ones[None] / weight[:, :, None]
        settled &= (weight > 0).all(axis=1)
        usable = np.isfinite(places).all(axis=(1, 2)) & np.isfinite(slope).all(axis=(1, 2))
        rows = np.zeros((count, count, 2, 8))
        rows[:, :, 0, 0:3] = rows[:, :, 1, 3:6] = slope
        rows[:, :, :, 6:8] = -places[:, :, :, None] * slope[:, :, None, :2]
        rows *= kept[:, :, None, None]
        missed = (places - y) * kept[:, :, None]
        rows[~usable], missed[~usable] = 0.0, 0.0
        flat = rows.reshape(count, 2 * count, 8)
        normal = flat.transpose(0, 2, 1) @ flat
        usable &= np.linalg.cond(normal) < _WORST_CONDITION
        normal[~usable] = np.eye(8)
        step = np.linalg.solve(normal, flat.transpose(0, 2, 1) @ missed.reshape(count, 2 * count, 1))[:, :, 0]
        matrices.reshape(count, 9)[usable, :8] -= step[usable]
        settled = usable & (np.abs(step).max(axis=1) < _STEP_SETTLED)
        if settled.all():
            break
    own = np.einsum("nij,nj->ni", matrices, ones)
    in_front = (ones @ matrices[:, 2, :].T > 0).all(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors: FloatArray = own[:, :2] / own[:, 2:] - y
    return errors, ~(settled & in_front)


def _nearly_singular(design: FloatArray) -> bool:
    values = np.linalg.svd(design, compute_uv=False)
    return bool(values[-1] < _NEARLY_OPEN * values[0])


def _nearly_on_line(points: FloatArray) -> BoolArray:
    everything = np.arange(len(points))
    return np.array([flatness(points[everything != index]) < 1.1 * COLLINEAR for index in everything])
