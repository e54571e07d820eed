"""The inverse of a mapping that has no closed form, by a damped Newton iteration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from sketch_import.transforms.frame import BoolArray, FloatArray, determinants

__all__ = ["Seeds", "invert"]

_INNER_SEEDS_A_SIDE = 32
_OUTER_SEEDS_A_SIDE = 40
_RESTARTS = 6
_MAX_ITERATIONS = 60
_MAX_STEP = 0.5
_STEP_TOLERANCE = 1e-13
_MISS_TOLERANCE = 1e-11


class _Differentiable(Protocol):
    def forward(self, points: FloatArray) -> FloatArray: ...
    def jacobian(self, points: FloatArray) -> FloatArray: ...


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Source points where a search begins: within the extent of the control points, and around it."""

    inner: FloatArray
    outer: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def over(cls, points: FloatArray) -> Seeds:
        """Spread seeds over the extent of points, shape (n, 2), and over three times that extent."""
        low, high = points.min(axis=0), points.max(axis=0)
        margin = np.maximum(high - low, 0.2)
        return cls(
            inner=np.concatenate([points, _grid(low, high, _INNER_SEEDS_A_SIDE)]),
            outer=_grid(low - margin, high + margin, _OUTER_SEEDS_A_SIDE),
            low=low - 0.02 * margin,
            high=high + 0.02 * margin,
        )

    def contain(self, points: FloatArray) -> BoolArray:
        """Tell which points lie in the extent of the control points (never true for NaN)."""
        within: BoolArray = np.all((points >= self.low) & (points <= self.high), axis=1)
        return within


def _grid(low: FloatArray, high: FloatArray, side: int) -> FloatArray:
    axes = [np.linspace(low[i], high[i], side) for i in (0, 1)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


def invert(mapping: _Differentiable, targets: FloatArray, *, seeds: Seeds) -> FloatArray:
    """Find the source point of each target.

    Each target starts at the seed whose image is nearest. Where a mapping folds over, several source
    points arrive at one target: the one among the control points that is seen from the front is
    preferred to one outside them, and that to one on the folded part.

    Parameters
    ----------
    mapping
        Has `forward` and `jacobian`.
    targets
        Shape (n, 2), unit frame.
    seeds
        Where to start.

    Returns
    -------
    FloatArray
        Shape (n, 2); rows of NaN where no source point was found.
    """
    everywhere = np.concatenate([seeds.inner, seeds.outer])
    even = _Evened.of(mapping, seeds.inner)
    wanted = targets @ even.matrix.T
    turns = determinants(even.jacobian(everywhere))
    finite_turns = turns[np.isfinite(turns)]
    front = turns * np.sign(np.median(finite_turns)) > 0
    inside = np.zeros(len(everywhere), dtype=bool)
    inside[: len(seeds.inner)] = True
    found = np.full_like(targets, np.nan)
    open_rows = np.nonzero(np.isfinite(wanted).all(axis=1))[0]
    for chosen, restarts in ((front, 1), (front & inside, _RESTARTS), (front, _RESTARTS), (~front, 2)):
        starts = everywhere[chosen]
        images = even.forward(starts)
        reached = np.isfinite(images).all(axis=1)
        if not len(open_rows) or reached.sum() < restarts:
            continue
        starts, tree = starts[reached], cKDTree(images[reached])
        _, nearest = tree.query(wanted[open_rows], k=restarts)
        for column in nearest.reshape(len(open_rows), restarts).T:
            trial = _newton(even, wanted[open_rows], starts[column])
            arrived = np.isfinite(trial[:, 0])
            improved = arrived & (np.isnan(found[open_rows, 0]) | seeds.contain(trial))
            found[open_rows[improved]] = trial[improved]
        missing = np.isnan(found[open_rows, 0])
        # A row outside the extent is looked for once more inside it, then left alone.
        outside = ~missing & ~seeds.contain(found[open_rows]) if restarts == 1 and (~front).any() else missing
        open_rows = open_rows[missing | outside]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Evened:
    """A mapping whose target is stretched so that it is about as wide as it is high.

    Without this, "nearest" means little on a ground ten times longer than wide.
    """

    mapping: _Differentiable
    matrix: FloatArray

    @classmethod
    def of(cls, mapping: _Differentiable, points: FloatArray) -> _Evened:
        images = mapping.forward(points)
        finite = np.isfinite(images).all(axis=1)
        design = np.column_stack([points[finite], np.ones(finite.sum())])
        linear: FloatArray = np.linalg.lstsq(design, images[finite], rcond=None)[0][:2].T.astype(np.float64)
        values = np.linalg.svd(linear, compute_uv=False)
        wide = values[1] > 1e-9 * values[0]
        matrix: FloatArray = np.linalg.inv(linear).astype(np.float64) if wide else np.eye(2)
        return cls(mapping=mapping, matrix=matrix)

    def forward(self, points: FloatArray) -> FloatArray:
        return self.mapping.forward(points) @ self.matrix.T

    def jacobian(self, points: FloatArray) -> FloatArray:
        return self.matrix @ self.mapping.jacobian(points)


def _newton(mapping: _Differentiable, targets: FloatArray, start: FloatArray) -> FloatArray:
    found = start.copy()
    miss = mapping.forward(found) - targets
    length = np.hypot(miss[:, 0], miss[:, 1])
    damping = np.ones(len(found))
    active = np.arange(len(found))
    for _ in range(_MAX_ITERATIONS):
        step = _solve(mapping.jacobian(found[active]), miss[active]) * damping[active, None]
        step_length = np.hypot(step[:, 0], step[:, 1])
        step *= np.minimum(1.0, _MAX_STEP / np.maximum(step_length, 1e-300))[:, None]
        trial = found[active] - step
        trial_miss = mapping.forward(trial) - targets[active]
        trial_length = np.hypot(trial_miss[:, 0], trial_miss[:, 1])
        # Near the end rounding may raise the miss a little; such a step is harmless and is the last one.
        better = trial_length <= np.maximum(length[active], _STEP_TOLERANCE)
        taken = active[better]
        found[taken], miss[taken], length[taken] = trial[better], trial_miss[better], trial_length[better]
        damping[taken] = np.minimum(1.0, damping[taken] * 2)
        damping[active[~better]] /= 4
        done = (step_length < _STEP_TOLERANCE) | (length[active] < _STEP_TOLERANCE) | (damping[active] < 1e-6)
        active = active[~done & np.isfinite(step_length)]
        if not len(active):
            break
    scale = 1.0 + np.hypot(targets[:, 0], targets[:, 1])
    found[~(length < _MISS_TOLERANCE * scale)] = np.nan
    return found


def _solve(jacobian: FloatArray, miss: FloatArray) -> FloatArray:
    a, b, c, d = jacobian[:, 0, 0], jacobian[:, 0, 1], jacobian[:, 1, 0], jacobian[:, 1, 1]
    determinant = a * d - b * c
    tiny = np.abs(determinant) < 1e-12
    determinant = np.where(tiny, np.copysign(1e-12, determinant), determinant)
    return np.stack(
        [(d * miss[:, 0] - b * miss[:, 1]) / determinant, (a * miss[:, 1] - c * miss[:, 0]) / determinant], axis=1
    )
