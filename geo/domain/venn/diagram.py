"""A diagram as values: circles with what was said of them, and ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from geo.domain.institutions import Importance, Satisfaction, TieOrigin, TieRelation, Weight
from geo.domain.venn.synonyms import institution_key, is_local_government
from geo.domain.vocabulary import Kind

__all__ = ["Circle", "Tie", "pair_of", "standing_ties"]

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Circle:
    """An institution on a diagram.

    Parameters
    ----------
    names
        In any language; all of them tell who it is.
    importance
        Size of the circle; None where the minutes have the ranking alone.
    ranking
        1 is the most important.
    local_government
        Whether it is the executive or the council; None asks its names.
    lonlat
        Where it is, degrees east and north; None where no place is known.
    needs
        Institutions whose service it needs, by id.
    """

    id: UUID
    names: tuple[str, ...]
    importance: Importance | None = None
    kind: Kind | None = None
    ranking: int | None = None
    satisfaction: Satisfaction | None = None
    influence: Weight | None = None
    stakeholder_importance: Weight | None = None
    local_government: bool | None = None
    lonlat: tuple[float, float] | None = None
    needs: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The first name."""
        return self.names[0] if self.names else ""

    @property
    def key(self) -> str:
        """What all names of this institution share, whatever the language and spelling."""
        return institution_key(self.names)

    @property
    def is_local_government(self) -> bool:
        """Whether it is the municipality's executive or council."""
        return is_local_government(self.names) if self.local_government is None else self.local_government


@dataclass(frozen=True, slots=True)
class Tie:
    """What is known of two circles of one diagram; direction means nothing."""

    first: UUID
    second: UUID
    relation: TieRelation
    origin: TieOrigin = TieOrigin.ENTERED
    weak: bool = False
    """Whether the participants called the contact weak."""

    @property
    def pair(self) -> Pair:
        """Both ends in one fixed order."""
        return pair_of(self.first, self.second)


def pair_of(first: UUID, second: UUID) -> Pair:
    """Return two ids in one fixed order."""
    return (first, second) if first <= second else (second, first)


def standing_ties(circles: Iterable[Circle], ties: Iterable[Tie]) -> dict[Pair, Tie]:
    """Return what holds between any two circles: an entered tie wins over one derived from the drawing.

    Entered "apart" and "unknown" are kept: they win as well, and are no edges. A tie of a circle that is not given is
    left out.
    """
    known = {circle.id for circle in circles}
    found: dict[Pair, Tie] = {}
    for tie in ties:
        if tie.first not in known or tie.second not in known or tie.first == tie.second:
            continue
        other = found.get(tie.pair)
        if other is None or (other.origin is TieOrigin.DERIVED and tie.origin is TieOrigin.ENTERED):
            found[tie.pair] = tie
    return found
