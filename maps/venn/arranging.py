"""Circles find their places: the distances of all pairs are made true by minimising what they miss.

The middles begin in space and are pressed into the plane, so that circles pass each other where in the plane they would
block each other; several beginnings are tried, always the same ones, so that a diagram always looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from maps.venn.distances import Distances, Floats

__all__ = ["ASPECT", "EXACT", "Arrangement", "arrange", "arrange_near", "improve", "settle"]

EXACT: Final = 2e-3
"""What a pair may miss, in radii of its smaller circle; a fiftieth of what counts as touching."""
ASPECT: Final = 1.25
"""Width over height at which a drawing fills its paper."""
_PRESSING: Final = (0.01, 0.3, 8.0)
_HOPELESS: Final = 0.12
"""Where a pair misses so much after the circles were pressed, no polishing helps."""
_GRAVITY: Final = 2e-3
_NEAR_TRIES: Final = 5
_ENOUGH: Final = 3
"""So many drawings without a miss are compared; the smallest is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """Places of the middles, shape (n, 2), x right, y down, and what pairs miss."""

    places: Floats
    misses: Floats

    @property
    def worst(self) -> float:
        """The greatest miss of a pair, in radii of its smaller circle."""
        return float(self.misses.max(initial=0.0))

    @property
    def total(self) -> float:
        """Sum of all misses."""
        return float(self.misses.sum()) / 2

    @property
    def is_exact(self) -> bool:
        """Whether every pair lies as it should."""
        return self.worst <= EXACT


def arrange(distances: Distances, radii: Floats, *, tries: int) -> Arrangement:
    """Place circles from several beginnings.

    Returns
    -------
    Arrangement
        Of the drawings without a miss the smallest on paper, else the one that misses least.
    """
    exact: list[Arrangement] = []
    best: Arrangement | None = None
    for start in _starts(distances, radii, tries):
        found = settle(distances, radii, start)
        if found.is_exact:
            exact.append(found)
            if len(exact) == _ENOUGH:
                break
        elif best is None or found.total < best.total:
            best = found
    if exact:
        return min(exact, key=lambda one: _paper(one.places, radii))
    if best is None:
        raise ValueError("nothing was tried")
    return best


def improve(distances: Distances, radii: Floats, places: Floats) -> Arrangement:
    """Make distances true from given places in the plane, shape (n, 2)."""
    return _polished(_Energy(distances, radii, dimensions=2), places, distances)


def arrange_near(distances: Distances, radii: Floats, keep: Floats) -> Arrangement | None:
    """Place circles near given places, so that a look is kept.

    Parameters
    ----------
    keep
        Shape (n, 2); not a number where a circle has no place yet.

    Returns
    -------
    Arrangement or None
        Of the drawings without a miss the one that is nearest to the given places; None where none was found.
    """
    middle = np.nanmean(keep, axis=0)
    known = np.asarray(~np.isnan(keep[:, 0]))
    best: tuple[float, Arrangement] | None = None
    for seed in range(_NEAR_TRIES):
        random = np.random.default_rng(seed).normal(size=(len(radii), 3)) * radii.mean()
        start = random * (0.25 * seed)
        start[:, :2] += np.where(known[:, None], keep, middle + random[:, :2])
        found = settle(distances, radii, start, keep=keep)
        if found.is_exact:
            off = found.places - found.places[known].mean(axis=0) - (keep - keep[known].mean(axis=0))
            far = float(np.nansum(off**2))
            if best is None or far < best[0]:
                best = far, found
    return best[1] if best is not None else None


def settle(distances: Distances, radii: Floats, start: Floats, *, keep: Floats | None = None) -> Arrangement:
    """Press middles from space, shape (n, 3), into the plane, and make the distances true."""
    energy = _Energy(distances, radii, dimensions=3)
    energy.keep = keep
    energy.gravity = _GRAVITY if keep is None else 0.0
    places = start
    for pressing in _PRESSING:
        energy.pressing = pressing
        places = energy.minimise(places, steps=70)
    flat = _Energy(distances, radii, dimensions=2)
    flat.keep = keep
    flat.gravity = energy.gravity
    places = flat.minimise(places[:, :2], steps=120)
    misses = distances.misses(places)
    if misses.max(initial=0.0) > _HOPELESS:
        return Arrangement(places, misses)
    return _polished(flat, places, distances)


def _polished(energy: _Energy, places: Floats, distances: Distances) -> Arrangement:
    energy.gravity = 0.0
    energy.keep = None
    places = energy.minimise(places, steps=400, exactly=True)
    places = places - places.mean(axis=0)
    return Arrangement(places, distances.misses(places))


def _paper(places: Floats, radii: Floats) -> float:
    width, height = ((places + radii[:, None]).max(axis=0) - (places - radii[:, None]).min(axis=0)).tolist()
    return float(max(width / ASPECT, height))


def _starts(distances: Distances, radii: Floats, tries: int) -> Iterator[Floats]:
    count = len(radii)
    size = float(np.sqrt((radii**2).sum()))
    for seed in range(tries):
        random = np.random.default_rng(seed)
        places = random.normal(size=(count, 3)) * size * 0.6
        if seed % 2 == 0:
            places[:, :2] = _scaled(distances) + random.normal(size=(count, 2)) * 0.15 * seed
            places[:, 2] *= 0.5
        yield places


def _scaled(distances: Distances) -> Floats:
    """Return a first guess by classical scaling of the distances that the graph of ties suggests."""
    from scipy.sparse.csgraph import shortest_path  # noqa: PLC0415

    ties = np.where(distances.most < 1e5, distances.most + 1e-6, 0.0)
    apart: npt.NDArray[np.float64] = shortest_path(ties, directed=False)
    reached = np.isfinite(apart)
    apart = np.maximum(np.where(reached, apart, 1.4 * np.max(apart, where=reached, initial=1.0)), distances.least)
    squared = apart**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    # The sign of an eigenvector is anybody's choice: the largest entry is made positive, so that it is always the same.
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), range(len(values))])
    found: Floats = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    return found[:, ::-1] if found.shape[1] == 2 else np.hstack([found, np.zeros_like(found)])


class _Energy:
    """What pairs miss, squared and weighed, with its slope."""

    def __init__(self, distances: Distances, radii: Floats, *, dimensions: int) -> None:
        self.distances = distances
        self.dimensions = dimensions
        self.weights = 1.0 / distances.small
        np.fill_diagonal(self.weights, 0.0)
        self.mass = radii / radii.max()
        self.gravity = 0.0
        self.pressing = 0.0
        self.keep: Floats | None = None

    def minimise(self, places: Floats, *, steps: int, exactly: bool = False) -> Floats:
        found = minimize(
            self._value,
            places.ravel(),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": steps, "ftol": 1e-15 if exactly else 1e-7, "gtol": 1e-9 if exactly else 1e-5},
        )
        return np.asarray(found.x, dtype=np.float64).reshape(-1, self.dimensions)

    def _value(self, flat: Floats) -> tuple[float, Floats]:
        places = flat.reshape(-1, self.dimensions)
        squares = np.full_like(self.weights, 1e-12)
        for axis in places.T:
            steps = axis[:, None] - axis
            squares += steps * steps
        apart = np.sqrt(squares)
        off = np.maximum(apart - self.distances.most, 0.0) - np.maximum(self.distances.least - apart, 0.0)
        pull = self.weights * off
        value = 0.5 * float((pull * off).sum())
        pull /= apart
        slope = 2.0 * (pull.sum(axis=1)[:, None] * places - pull @ places)
        if self.gravity:
            # Weaker from left to right, so that the drawing is as wide as the paper.
            stretch = np.array([1 / ASPECT**2, 1.0, 1.0])[: self.dimensions] * self.gravity
            value += float((self.mass[:, None] * places**2 * stretch).sum())
            slope = slope + 2.0 * self.mass[:, None] * places * stretch
        if self.pressing:
            value += self.pressing * float((places[:, 2] ** 2).sum())
            slope[:, 2] += 2.0 * self.pressing * places[:, 2]
        if self.keep is not None:
            off_keep = np.zeros_like(places)
            off_keep[:, :2] = np.nan_to_num(places[:, :2] - self.keep, nan=0.0)
            value += 0.02 * float((off_keep**2).sum())
            slope = slope + 0.04 * off_keep
        return value, slope.ravel()
