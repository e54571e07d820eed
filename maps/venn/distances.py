"""From what two circles have to say to how far apart their middles may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import shortest_path

from geo.domain.institutions import TieOrigin, TieRelation
from geo.domain.venn.diagram import Tie
from maps.venn.sizes import Spread

__all__ = ["Distances", "distances_of", "strength", "unsayable"]

_FAR: Final = 1e6

Floats = npt.NDArray[np.float64]

_STRENGTH = {TieRelation.TOUCHING: 1.0, TieRelation.PARTIAL: 1.4, TieRelation.FULL: 1.8}


def strength(tie: Tie) -> float:
    """Return what a tie weighs where one of several has to give way: the closer the contact, the more."""
    return _STRENGTH[tie.relation] * (0.5 if tie.weak else 1.0) * (0.8 if tie.origin is TieOrigin.DERIVED else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Least and greatest distance of the middles of any two circles, shape (n, n), symmetric."""

    least: Floats
    most: Floats
    small: Floats
    """Radius of the smaller of the two."""

    def misses(self, places: Floats) -> Floats:
        """Return by how much each pair misses its distance, in radii of its smaller circle; shape (n, n)."""
        apart = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
        miss = np.maximum(self.least - apart, 0.0) + np.maximum(apart - self.most, 0.0)
        np.fill_diagonal(miss, 0.0)
        found: Floats = miss / self.small
        return found


def distances_of(ids: Sequence[UUID], radii: Mapping[UUID, float], ties: Sequence[Tie], spread: Spread) -> Distances:
    """Return the distances at which circles say what the ties say, and apart where no tie joins them."""
    radius = np.array([radii[one] for one in ids])
    small = np.minimum.outer(radius, radius)
    large = np.maximum.outer(radius, radius)
    least = small * (1 + spread.gap) + large
    most = np.full_like(least, _FAR)
    place = {one: at for at, one in enumerate(ids)}
    for tie in ties:
        i, j = place[tie.first], place[tie.second]
        low, high = _band(tie.relation, small[i, j], large[i, j], spread)
        least[i, j] = least[j, i] = low
        most[i, j] = most[j, i] = high
    np.fill_diagonal(least, 0.0)
    np.fill_diagonal(most, 0.0)
    return Distances(least, most, small)


def _band(relation: TieRelation, small: float, large: float, spread: Spread) -> tuple[float, float]:
    match relation:
        case TieRelation.TOUCHING:
            return large + small, large + small
        case TieRelation.PARTIAL:
            shallow, deep = spread.lens
            return large + small * (1 - deep), large + small * (1 - shallow)
        case TieRelation.FULL:
            room = large - small
            return 0.0, max(room - spread.edge * small, 0.3 * room)
        case _:
            raise ValueError(f"{relation} is no tie")


def unsayable(
    ids: Sequence[UUID], radii: Mapping[UUID, float], ties: Sequence[Tie], spread: Spread
) -> list[tuple[Tie, tuple[UUID, UUID]]]:
    """Return the fewest ties that no drawing in the plane can have beside the others, each with the pair it forbids.

    Where one circle lies in another and that one in a third, the first and the third cannot lie apart: the middles of
    two circles cannot be farther from each other than the way over others is long. What is left out weighs least.
    """
    standing = list(ties)
    left_out: list[tuple[Tie, tuple[UUID, UUID]]] = []
    while True:
        clashes = _clashes(ids, distances_of(ids, radii, standing, spread), standing)
        if not clashes:
            return left_out
        counts = {tie.pair: sum(tie in clash for clash, _ in clashes) for tie in standing}
        worst = max(standing, key=lambda tie: (counts[tie.pair] / strength(tie), -standing.index(tie)))
        left_out.append((worst, next(pair for clash, pair in clashes if worst in clash)))
        standing.remove(worst)


def _clashes(
    ids: Sequence[UUID], distances: Distances, ties: Sequence[Tie]
) -> list[tuple[list[Tie], tuple[UUID, UUID]]]:
    ways, before = shortest_path(np.where(distances.most < _FAR, distances.most + 1e-9, 0.0), return_predecessors=True)
    by_pair = {tie.pair: tie for tie in ties}
    found = []
    for i, j in zip(*np.nonzero(np.triu(distances.least - ways > 1e-6, 1)), strict=True):
        steps, at = [], int(j)
        while at != i:
            steps.append((int(before[i, at]), at))
            at = int(before[i, at])
        steps.append((int(i), int(j)))
        pairs = [tuple(sorted((ids[one], ids[other]))) for one, other in steps]
        found.append(([by_pair[pair] for pair in pairs if pair in by_pair], (ids[int(i)], ids[int(j)])))
    return found
