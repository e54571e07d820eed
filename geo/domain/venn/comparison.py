"""Two diagrams side by side: what one has and the other has not, other sizes, other ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geo.domain.institutions import Importance, TieRelation
from geo.domain.venn.diagram import Circle, Tie, pair_of, standing_ties

__all__ = ["DiagramComparison", "OtherSize", "OtherTie", "compare_diagrams"]


@dataclass(frozen=True, slots=True)
class OtherSize:
    """An institution that the two sides find differently important."""

    circle: Circle
    """As the first side has it."""
    first: Importance
    second: Importance

    @property
    def steps(self) -> int:
        """Steps from small over medium to large by which the second side's circle is larger."""
        sizes = list(Importance)
        return sizes.index(self.second) - sizes.index(self.first)


@dataclass(frozen=True, slots=True)
class OtherTie:
    """Two institutions between which the two sides see another contact; names are those of the first side."""

    one: Circle
    other: Circle
    first: TieRelation
    second: TieRelation


@dataclass(frozen=True, slots=True)
class DiagramComparison:
    """What is different in two diagrams."""

    only_first: tuple[Circle, ...]
    only_second: tuple[Circle, ...]
    other_sizes: tuple[OtherSize, ...]
    other_ties: tuple[OtherTie, ...]
    same: int
    """Number of institutions on both."""


def compare_diagrams(
    first: Sequence[Circle], first_ties: Iterable[Tie], second: Sequence[Circle], second_ties: Iterable[Tie]
) -> DiagramComparison:
    """Compare two diagrams by the names of their institutions, whatever the language and spelling.

    An institution that a side has twice is taken by its first circle. A pair of which a side says nothing lies apart;
    where a side could not say (unknown), the pair is not compared.
    """
    ours = _by_key(first)
    theirs = _by_key(second)
    both = [key for key in ours if key in theirs]
    our_ties = standing_ties(first, first_ties)
    their_ties = standing_ties(second, second_ties)
    other_ties = []
    for number, key in enumerate(both):
        for other in both[number + 1 :]:
            here = _relation(our_ties.get(pair_of(ours[key].id, ours[other].id)))
            there = _relation(their_ties.get(pair_of(theirs[key].id, theirs[other].id)))
            if here is not there and TieRelation.UNKNOWN not in (here, there):
                other_ties.append(OtherTie(ours[key], ours[other], here, there))
    return DiagramComparison(
        only_first=tuple(circle for key, circle in ours.items() if key not in theirs),
        only_second=tuple(circle for key, circle in theirs.items() if key not in ours),
        other_sizes=tuple(_other_sizes((ours[key], theirs[key]) for key in both)),
        other_ties=tuple(other_ties),
        same=len(both),
    )


def _other_sizes(pairs: Iterable[tuple[Circle, Circle]]) -> Iterator[OtherSize]:
    for ours, theirs in pairs:
        here, there = ours.importance, theirs.importance
        if here is not None and there is not None and here is not there:
            yield OtherSize(ours, here, there)


def _by_key(circles: Sequence[Circle]) -> dict[str, Circle]:
    found: dict[str, Circle] = {}
    for circle in circles:
        found.setdefault(circle.key, circle)
    return found


def _relation(tie: Tie | None) -> TieRelation:
    return TieRelation.APART if tie is None else tie.relation
