"""Control points that do not belong: one that is wrong, two that are swapped, two that contradict each other.

Judged in the stiff transforms, which cannot bend towards a wrong point. A point is wrong where leaving it out explains
more than chance would (externally studentised residual; Cook & Weisberg, "Residuals and Influence in
Regression", 1982, 2.2), with the chance divided by the number of questions asked (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.domain.georeference import Method
from sketch_import.placing.error_field import READING
from sketch_import.transforms import FloatArray, Frame, flatness, leverages, polynomial_terms, spline_kernel

__all__ = ["Outlier", "Suspects", "suspects"]

_CHANCE = 0.03
"""Share of sound sheets on which a point may be called wrong, or two swapped."""
_UNKNOWNS = {Method.HELMERT: 4, Method.AFFINE: 6, Method.POLYNOMIAL2: 12, Method.TPS: 6}
_FEWEST = {Method.HELMERT: 5, Method.AFFINE: 6, Method.POLYNOMIAL2: 10, Method.TPS: 7}
_SAME_SPOT = 0.01
"""Share of the photo's longer side within which two points are one and the same to a finger."""
_NEAR = 0.06
"""Share of the diagonal of the points within which two points are neighbours."""
_THIN = 0.02


@dataclass(frozen=True, slots=True)
class Outlier:
    """A point that the others contradict: its number from 0, and by how much, metres."""

    index: int
    error_m: float


@dataclass(frozen=True, slots=True)
class Suspects:
    """What is suspicious about control points; indexes from 0, pairs ascending.

    Attributes
    ----------
    outliers
        Points far from where the others put them.
    swapped
        Pairs that fit far better with their places exchanged.
    contradicting
        Pairs close on paper but far apart on the ground, or the other way round, with both distances in metres
        (paper at the scale of the sheet).
    duplicates
        Pairs on nearly the same spot of the paper that agree: they count as one.
    """

    outliers: tuple[Outlier, ...] = ()
    swapped: tuple[tuple[int, int], ...] = ()
    contradicting: tuple[tuple[int, int, float, float], ...] = ()
    duplicates: tuple[tuple[int, int], ...] = field(default=())


def suspects(pixels: FloatArray, ground: FloatArray, *, side_px: float) -> Suspects:
    """Find control points that do not belong.

    Parameters
    ----------
    pixels, ground
        Shape (n, 2), y down on the sheet, metres east and north on the ground.
    side_px
        Longer side of the photo.
    """
    if len(pixels) < 3:
        return Suspects()
    x, y = Frame.around(pixels, flip=True).enter(pixels), ground - ground.mean(axis=0)
    floor = (READING * float(np.hypot(*np.ptp(ground, axis=0)))) ** 2
    pair = _swapped(x, y, floor=floor)
    if pair is not None:
        y = y.copy()
        y[list(pair)] = y[list(pair)[::-1]]
    outliers = _outliers(x, y, floor=floor)
    named = {outlier.index for outlier in outliers} | set(pair or ())
    contradicting, duplicates = _neighbours(pixels, x, y, named=named, side_px=side_px)
    return Suspects(
        outliers=tuple(outliers),
        swapped=(pair,) if pair else (),
        contradicting=tuple(contradicting),
        duplicates=tuple(duplicates),
    )


def _outliers(x: FloatArray, y: FloatArray, *, floor: float) -> list[Outlier]:
    found: list[Outlier] = []
    left = np.arange(len(x))
    # One wrong point also spoils its neighbours: at most one in four is named.
    while len(found) < len(x) // 4 and len(left) >= _FEWEST[Method.HELMERT]:
        chances, errors = _loneliness(x[left], y[left], floor=floor)
        index = int(np.argmin(chances))
        # Five points can be asked in one way only, and a bent sheet then looks like a wrong point.
        limit = _CHANCE if len(left) > _FEWEST[Method.HELMERT] else _CHANCE / 6
        if chances[index] * len(left) >= limit:
            break
        found.append(Outlier(index=int(left[index]), error_m=float(errors[index])))
        left = np.delete(left, index)
    return found


def _loneliness(x: FloatArray, y: FloatArray, *, floor: float) -> tuple[FloatArray, FloatArray]:
    """Return the chance that a sound point is as lonely, and how far the others put each point, shapes (n,).

    A point must be lonely by every measure: stiff transforms take a smooth bend of the whole sheet for loneliness of
    its corners, and a spline takes for it the wobble of two near neighbours.
    """
    flat = min(flatness(x), flatness(y)) < _THIN
    chances, errors = np.zeros(len(x)), np.full(len(x), np.inf)
    for method, fewest in _FEWEST.items():
        if len(x) < fewest or (flat and method is not Method.HELMERT):
            continue
        own, total, missed = _spline_parts(x, y) if method is Method.TPS else _parts(method, x, y)
        left_over = 2 * len(x) - _UNKNOWNS[method] - 2
        others = np.maximum(total - own, 0.0) + left_over * floor / 2 * (1.0 if method is not Method.TPS else 0.0)
        ratio = (own / 2) / np.maximum(others / left_over, 1e-300)
        # The survival function of F(2, m) in closed form.
        chances = np.maximum(chances, (1 + 2 * ratio / left_over) ** (-left_over / 2))
        errors = np.minimum(errors, missed)
    chances[errors < 3 * np.sqrt(floor)] = 1.0
    return chances, errors


def _parts(method: Method, x: FloatArray, y: FloatArray) -> tuple[FloatArray, float, FloatArray]:
    """Return what leaving each point out takes off the sum of squares, that sum, and the error of each point."""
    residuals = _residuals(method, x, y)
    free = 1.0 - np.minimum(leverages(method, x), 1.0 - 1e-6)
    squared = (residuals**2).sum(axis=1)
    return squared / free, float(squared.sum()), np.sqrt(squared) / free


def _spline_parts(x: FloatArray, y: FloatArray) -> tuple[FloatArray, float, FloatArray]:
    """The same for the spline, whose sum of squares is its bending (Wahba, "Spline Models", 1990, 4.2)."""
    free = np.linalg.qr(polynomial_terms(x, 1), mode="complete")[0][:, 3:]
    inner = np.linalg.inv(free.T @ spline_kernel(x, x) @ free)
    bending = free @ inner @ free.T
    weights = bending @ y
    diagonal = np.maximum(np.diag(bending), 1e-300)
    squared = (weights**2).sum(axis=1)
    return squared / diagonal, float((weights * y).sum()), np.sqrt(squared) / diagonal


def _residuals(method: Method, x: FloatArray, y: FloatArray) -> FloatArray:
    if method is Method.HELMERT:
        z, w = x @ [1, 1j], y @ [1, 1j]
        z, w = z - z.mean(), w - w.mean()
        missed = w - np.vdot(z, w) / np.vdot(z, z) * z
        return np.column_stack([missed.real, missed.imag])
    q, _ = np.linalg.qr(polynomial_terms(x, 2 if method is Method.POLYNOMIAL2 else 1))
    residuals: FloatArray = y - q @ (q.T @ y)
    return residuals


def _swapped(x: FloatArray, y: FloatArray, *, floor: float) -> tuple[int, int] | None:
    """Return the pair that fits far better exchanged: every exchange is tried, in closed form."""
    count = len(x)
    best: tuple[float, tuple[int, int]] | None = None
    for method, fewest in ((Method.HELMERT, 4), (Method.AFFINE, 6)):
        if count < fewest or (method is Method.AFFINE and min(flatness(x), flatness(y)) < _THIN):
            continue
        a, b = x - x.mean(axis=0), y - y.mean(axis=0)
        # An exchange leaves both clouds as they are and only changes their product.
        product = a.T @ b
        dx, dy = a[:, None] - a[None], b[:, None] - b[None]
        exchanged = product - dx[..., :, None] * dy[..., None, :]
        explained = _explained(method, exchanged, a)
        total = float((b**2).sum())
        free = 2 * count - _UNKNOWNS[method]
        before = total - float(_explained(method, product[None], a)[0]) + free * floor / 2
        after = np.maximum(total - explained, 0.0) + free * floor / 2
        np.fill_diagonal(after, np.inf)
        index = int(np.argmin(after))
        first, second = sorted(divmod(index, count))
        least = float(after[first, second])
        pairs = count * (count - 1) / 2
        # As if the exchange were two further unknowns, and each of the pairs a question.
        chance = pairs * (least / before) ** (free / 2)
        if least < before / 4 and chance < _CHANCE / 2 and (best is None or chance < best[0]):
            best = (chance, (first, second))
    return best[1] if best else None


def _explained(method: Method, product: FloatArray, a: FloatArray) -> FloatArray:
    """Return the part of the sum of squares that the transform explains, for products of shape (..., 2, 2)."""
    if method is Method.HELMERT:
        real = product[..., 0, 0] + product[..., 1, 1]
        imaginary = product[..., 0, 1] - product[..., 1, 0]
        result: FloatArray = (real**2 + imaginary**2) / (a**2).sum()
        return result
    inner = np.linalg.inv(a.T @ a)
    affine: FloatArray = np.einsum("...ik,ij,...jk->...", product, inner, product)
    return affine


def _neighbours(
    pixels: FloatArray, x: FloatArray, y: FloatArray, *, named: set[int], side_px: float
) -> tuple[list[tuple[int, int, float, float]], list[tuple[int, int]]]:
    paper_px = np.hypot(*(pixels[:, None] - pixels[None]).transpose(2, 0, 1))
    on_ground = np.hypot(*(y[:, None] - y[None]).transpose(2, 0, 1))
    scale = np.sqrt(((y - y.mean(axis=0)) ** 2).sum() / ((pixels - pixels.mean(axis=0)) ** 2).sum())
    on_paper = scale * paper_px
    diagonal = float(np.hypot(*np.ptp(y, axis=0)))
    residuals = _residuals(Method.HELMERT, x, y)
    free = 1.0 - np.minimum(leverages(Method.HELMERT, x), 0.99)
    usual = float(np.median(np.hypot(*residuals.T) / free))
    contradicting, duplicates = [], []
    for first, second in zip(*np.triu_indices(len(pixels), 1), strict=True):
        paper, ground = float(on_paper[first, second]), float(on_ground[first, second])
        near, far = sorted((paper, ground))
        if paper_px[first, second] < _SAME_SPOT * side_px and ground < max(0.03 * diagonal, 2 * paper):
            duplicates.append((int(first), int(second)))
        elif near < _NEAR * diagonal and far > 3 * near + 5 * usual + 0.05 * diagonal and not named & {first, second}:
            contradicting.append((int(first), int(second), paper, ground))
    return contradicting, duplicates
