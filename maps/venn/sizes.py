"""How large circles are drawn: by importance, else by ranking, else as they were drawn (DOMAIN.md section 4)."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from geo.domain.institutions import Importance, TieRelation
from geo.domain.venn.diagram import Tie
from geo.snapshots import InstitutionSnapshot

__all__ = ["SPREADS", "Spread", "radii_of"]

_COVERED: Final = 0.86
"""Radius of a covered circle over that of the one that covers it, where both are of one size: else the two would be one
line. It stays above the next smaller size."""
_LEAST_COVERED: Final = 0.74
_DRAWN: Final = (0.6, 3.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far sizes are apart, in radii of a small circle, and how closely circles lie.

    The sizes are an order, not a measure: where the institution in the middle has many contacts it is drawn larger, so
    that all of them find room around it. All limits are farther from each other than drawn circles may be off before
    they say something else, see `geo.domain.venn.drawn.TOUCHING_TOLERANCE`.
    """

    medium: float
    large: float
    power: float
    """A circle's radius falls with this power of its rank."""
    gap: float = 0.14
    """Least gap between circles that lie apart, in radii of the smaller one: more than what counts as touching."""
    lens: tuple[float, float] = (0.25, 1.5)
    """How deep circles overlap that partly do, in radii of the smaller one."""
    edge: float = 0.0
    """Least distance of a covered circle's edge from that of the one that covers it, in its radii."""

    def of(self, importance: Importance) -> float:
        """Return the radius of a size."""
        return {Importance.SMALL: 1.0, Importance.MEDIUM: self.medium, Importance.LARGE: self.large}[importance]


SPREADS: Final = (
    Spread(1.5, 2.2, 0.3, gap=0.22, lens=(0.36, 1.15), edge=0.06),
    Spread(1.5, 2.2, 0.3),
    Spread(1.6, 2.9, 0.45),
    Spread(1.8, 3.8, 0.6),
    Spread(2.0, 4.8, 0.72),
)
"""From the calmest and roomiest to the widest and tightest; the first in which everything finds room is taken."""


def radii_of(institutions: Sequence[InstitutionSnapshot], ties: Iterable[Tie], spread: Spread) -> dict[UUID, float]:
    """Return the radius of every circle, in radii of a small one."""
    radii = _plain_radii(institutions, spread)
    order = {one.id: (one.ranking or len(institutions) + 1, at) for at, one in enumerate(institutions)}
    # The less important first is wrong: whoever covers has to have its size before what it covers.
    covers = [
        tuple(sorted((tie.first, tie.second), key=order.__getitem__))
        for tie in ties
        if tie.relation is TieRelation.FULL and tie.first in radii and tie.second in radii
    ]
    full_size = dict(radii)
    for outer, inner in sorted(covers, key=lambda pair: (order[pair[0]], order[pair[1]])):
        if full_size[inner] > full_size[outer] * _COVERED and full_size[inner] * _COVERED < full_size[outer]:
            large, small = (outer, inner) if full_size[outer] >= full_size[inner] else (inner, outer)
            radii[small] = max(min(radii[small], radii[large] * _COVERED), full_size[small] * _LEAST_COVERED)
    return radii


def _plain_radii(institutions: Sequence[InstitutionSnapshot], spread: Spread) -> dict[UUID, float]:
    ranks = _places(institutions)
    sized = any(one.importance is not None for one in institutions)
    drawn = [one.drawn.radius for one in institutions if one.drawn is not None]
    usual = statistics.median(drawn) if drawn else 1.0

    def radius(one: InstitutionSnapshot) -> float:
        if one.importance is not None:
            return spread.of(one.importance)
        if one.id in ranks:
            place, last = ranks[one.id]
            if sized:
                sizes = (Importance.LARGE, Importance.MEDIUM, Importance.SMALL)
                return spread.of(sizes[min(2, 3 * (place - 1) // last)])
            return float((last / place) ** spread.power)
        if one.drawn is not None:
            least, most = _DRAWN
            return spread.medium * min(max(one.drawn.radius / usual, least), most)
        return spread.medium

    return {one.id: radius(one) for one in institutions}


def _places(institutions: Sequence[InstitutionSnapshot]) -> Mapping[UUID, tuple[int, int]]:
    """Return the place of every ranked institution, without gaps, and the number of places."""
    places = {
        rank: place for place, rank in enumerate(sorted({one.ranking for one in institutions if one.ranking}), start=1)
    }
    return {one.id: (places[one.ranking], len(places)) for one in institutions if one.ranking}
