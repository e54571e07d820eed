"""The layout of a diagram: true circles that lie as the ties say, and what the plane has no room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Final
from uuid import UUID

import numpy as np
from scipy.linalg import orthogonal_procrustes
from threadpoolctl import ThreadpoolController

from geo.domain.institutions import TieRelation
from geo.domain.venn.diagram import Circle, Pair, Tie, pair_of, standing_ties
from geo.domain.venn.drawn import DrawnCircle, relation_of
from geo.domain.venn.synonyms import institution_key
from geo.snapshots import InstitutionSnapshot, VennSnapshot
from maps.venn.arranging import Arrangement, arrange, arrange_near, improve
from maps.venn.distances import Distances, Floats, distances_of, strength, unsayable
from maps.venn.sizes import SPREADS, Spread, radii_of

__all__ = ["LineReason", "TieLine", "VennLayout", "circle_of", "layout_venn"]

_TRIES: Final = 150
"""Beginnings times circles; between 3 and 10 beginnings."""
_WARM_TRIES: Final = 2
_GAPS: Final = (0.42, 0.28, 0.19)
"""Gaps between circles that lie apart, in radii of the smaller one; the widest for which there is room is taken."""


class LineReason(StrEnum):
    """Why a tie is shown by a line instead of by how its circles lie."""

    CONTRADICTION = "contradiction"
    """Other ties say the opposite: a circle cannot be in two that lie apart."""
    NO_ROOM = "no_room"
    """The plane has no room: only so many circles can touch one."""


@dataclass(frozen=True, slots=True)
class TieLine:
    """A tie that is shown by a line; its circles lie apart."""

    tie: Tie
    reason: LineReason
    because: Pair | None = None
    """Of a contradiction, the two that could not lie as recorded beside it."""


@dataclass(frozen=True, slots=True)
class VennLayout:
    """Where the circles lie, in radii of a small one: x right, y down, the middle at 0 0.

    Attributes
    ----------
    circles
        In the order of the diagram's institutions.
    shown
        Ties that are read off the circles.
    lines
        Ties that no circles of this drawing can show.
    unknown
        Pairs of which the participants could not say; they lie apart.
    """

    circles: tuple[DrawnCircle, ...]
    shown: tuple[Tie, ...] = ()
    lines: tuple[TieLine, ...] = ()
    unknown: tuple[Tie, ...] = ()
    by_id: Mapping[UUID, DrawnCircle] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {one.id: one for one in self.circles})

    def misread(self) -> tuple[Pair, ...]:
        """Return the pairs whose circles say something else than the ties; none, if the drawing is true."""
        said = {tie.pair: tie.relation for tie in self.shown}
        return tuple(
            pair_of(one.id, other.id)
            for one, other in combinations(self.circles, 2)
            if relation_of(one, other) is not said.get(pair_of(one.id, other.id), TieRelation.APART)
        )


def circle_of(institution: InstitutionSnapshot) -> Circle:
    """Return an institution as the values that diagrams are compared and measured by."""
    names = institution.names
    return Circle(
        institution.id,
        tuple(filter(None, (names.ky, names.ru, names.en))),
        importance=institution.importance,
        kind=institution.kind,
        ranking=institution.ranking,
        satisfaction=institution.satisfaction,
        local_government=institution.is_local_government,
    )


def layout_venn(venn: VennSnapshot, *, near: Mapping[str, tuple[float, float]] | None = None) -> VennLayout:
    """Lay out a diagram.

    Parameters
    ----------
    venn
        Any number of circles and ties; a tie that was entered wins over one read off a drawing.
    near
        Places to begin at, in radii of a small circle, by what all names of an institution share
        (`geo.domain.venn.synonyms.institution_key`), for a diagram that lies beside another one. Without it the circles
        begin where they were drawn on their sheet, if they were.

    Returns
    -------
    VennLayout
        Every two circles lie exactly as recorded, or their tie is among the lines. The same diagram always gives the
        same layout.
    """
    if not venn.institutions:
        return VennLayout(())
    # The matrices are small: threads of the library of algebra would wait for each other most of the time.
    with _pools().limit(limits=1, user_api="blas"):
        layout = _laid_out(venn, near)
    if layout.misread():
        raise AssertionError(f"a layout says something else than its ties: {layout.misread()}")
    return layout


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


def _laid_out(venn: VennSnapshot, near: Mapping[str, tuple[float, float]] | None) -> VennLayout:
    institutions = venn.institutions
    standing = standing_ties([circle_of(one) for one in institutions], venn.ties)
    ties = tuple(tie for tie in standing.values() if tie.relation.is_tie)
    unknown = tuple(tie for tie in standing.values() if tie.relation is TieRelation.UNKNOWN)
    attempts = [_Attempt(institutions, ties, spread, near) for spread in SPREADS]
    # What cannot be said at all depends on the sizes; then the calmest sizes in which everything finds room.
    least = min(attempt.weight for attempt in attempts)
    hopeful = [attempt for attempt in attempts if attempt.weight == least]
    for attempt in hopeful:
        attempt.arrange(tries=max(3, min(10, _TRIES // len(institutions))) if attempt is hopeful[0] else 3)
        if attempt.arrangement.is_exact:
            best = attempt
            break
    else:
        best = min(hopeful, key=lambda one: one.arrangement.total)
        best.give_way()
    best.spread_out()
    if best.kept is not None:
        best.turn_back()
    return VennLayout(best.circles(), tuple(best.ties), tuple(best.lines), unknown)


class _Attempt:
    """One choice of sizes, and what comes of it."""

    def __init__(
        self,
        institutions: Sequence[InstitutionSnapshot],
        ties: Sequence[Tie],
        spread: Spread,
        near: Mapping[str, tuple[float, float]] | None,
    ) -> None:
        self.ids = [one.id for one in institutions]
        self.spread = spread
        self.by_id = radii_of(institutions, ties, spread)
        self.radii: Floats = np.array([self.by_id[one] for one in self.ids])
        self.lines = [
            TieLine(tie, LineReason.CONTRADICTION, pair) for tie, pair in unsayable(self.ids, self.by_id, ties, spread)
        ]
        gone = {line.tie.pair for line in self.lines}
        self.ties = [tie for tie in ties if tie.pair not in gone]
        self.weight = sum(strength(line.tie) for line in self.lines)
        self.kept = _kept(institutions, self.radii, near)
        self.arrangement = Arrangement(np.zeros((len(self.ids), 2)), np.zeros((len(self.ids),) * 2))

    def _distances(self, ties: Iterable[Tie]) -> Distances:
        return distances_of(self.ids, self.by_id, list(ties), self.spread)

    def arrange(self, *, tries: int) -> None:
        """Give the circles their places, where they were drawn if that can be."""
        distances = self._distances(self.ties)
        if self.kept is not None:
            found = arrange_near(distances, self.radii, self.kept)
            if found is not None:
                self.arrangement = found
                return
        self.arrangement = arrange(distances, self.radii, tries=tries)

    def spread_out(self) -> None:
        """Move circles that lie apart farther from each other, and overlap the others well, as far as there is room."""
        for gap in _GAPS:
            roomier = replace(self.spread, gap=gap, lens=SPREADS[0].lens, edge=SPREADS[0].edge)
            found = improve(distances_of(self.ids, self.by_id, self.ties, roomier), self.radii, self.arrangement.places)
            if found.is_exact:
                self.arrangement = found
                return

    def give_way(self) -> None:
        """Show ties by lines, the fewest and weakest that are found, until the rest can be drawn."""
        dropped: list[Tie] = []
        while not self.arrangement.is_exact:
            worst = self._most_strained()
            self.ties.remove(worst)
            dropped.append(worst)
            self.arrangement = self._again(self.ties)
        for tie in sorted(dropped, key=strength, reverse=True):
            # A later one that gave way may have made room for an earlier one.
            with_it = [*self.ties, tie]
            found = self._again(with_it)
            if not found.is_exact:
                found = arrange(self._distances(with_it), self.radii, tries=_WARM_TRIES)
            if found.is_exact:
                self.ties.append(tie)
                self.arrangement = found
            else:
                self.lines.append(TieLine(tie, LineReason.NO_ROOM))

    def _again(self, ties: Sequence[Tie]) -> Arrangement:
        """Arrange other ties, beginning where the circles lie now."""
        return improve(self._distances(ties), self.radii, self.arrangement.places)

    def _most_strained(self) -> Tie:
        place = {one: at for at, one in enumerate(self.ids)}
        misses = self.arrangement.misses
        around = misses.sum(axis=0)

        def strain(tie: Tie) -> float:
            i, j = place[tie.first], place[tie.second]
            return float(around[i] + around[j] + 2 * misses[i, j]) / strength(tie)

        return max(self.ties, key=strain)

    def turn_back(self) -> None:
        """Turn and mirror the drawing so that circles come as near as can be to where they were to lie."""
        if self.kept is None:
            return
        known = ~np.isnan(self.kept).any(axis=1)
        places = self.arrangement.places
        middle, aim = places[known].mean(axis=0), self.kept[known].mean(axis=0)
        turn, _ = orthogonal_procrustes(places[known] - middle, self.kept[known] - aim)
        self.arrangement = Arrangement((places - middle) @ turn + aim, self.arrangement.misses)

    def circles(self) -> tuple[DrawnCircle, ...]:
        """Return the circles at their places."""
        places = self.arrangement.places
        return tuple(
            DrawnCircle(one, float(x), float(y), float(radius))
            for one, (x, y), radius in zip(self.ids, places, self.radii, strict=True)
        )


def _kept(
    institutions: Sequence[InstitutionSnapshot], radii: Floats, near: Mapping[str, tuple[float, float]] | None
) -> Floats | None:
    """Return places whose look is to be kept, not a number where there is none; None where there are none at all."""
    places = np.full((len(institutions), 2), np.nan)
    if near is not None:
        for at, one in enumerate(institutions):
            key = institution_key((one.names.ky, one.names.ru, one.names.en))
            if key in near:
                places[at] = near[key]
    else:
        drawn = [(at, one.drawn) for at, one in enumerate(institutions) if one.drawn is not None]
        if drawn:
            # The paper's pixels become radii: circles are on the whole as large as they were drawn.
            unit = sum(float(radii[at]) for at, _ in drawn) / sum(circle.radius for _, circle in drawn)
            for at, circle in drawn:
                places[at] = circle.x * unit, circle.y * unit
            places -= np.nanmean(places, axis=0)
    return None if np.isnan(places).all() else places
