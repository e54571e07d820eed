"""Ties read off circles that were drawn or laid out and photographed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from geo.domain.institutions import TieOrigin, TieRelation
from geo.domain.venn.diagram import Tie
from geo.errors import Refused

__all__ = ["TOUCHING_TOLERANCE", "DrawnCircle", "derive_ties", "relation_of"]

TOUCHING_TOLERANCE = 0.1
"""Part of the smaller radius by which circles laid out by hand may miss or overlap and still count as touching.

A paper circle of 5 cm radius cut by hand is out of round by some millimetres and is glued some millimetres off: half a
centimetre in all. By the same length a covered circle may stick out of the one that covers it.
"""


@dataclass(frozen=True, slots=True)
class DrawnCircle:
    """A circle in pixels of its sheet: x right, y down.

    Raises
    ------
    Refused
        A radius that is not above zero, or a coordinate that is no number.
    """

    id: UUID
    x: float
    y: float
    radius: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.x, self.y, self.radius))) or self.radius <= 0:
            raise Refused("venn.circle_impossible", x=self.x, y=self.y, radius=self.radius)


def relation_of(first: DrawnCircle, second: DrawnCircle, *, tolerance: float = TOUCHING_TOLERANCE) -> TieRelation:
    """Return how two circles lie.

    Parameters
    ----------
    first, second
        In pixels of one sheet; the order does not matter.
    tolerance
        Part of the smaller radius, 0 to 1, see `TOUCHING_TOLERANCE`.

    Returns
    -------
    TieRelation
        FULL where one covers the other, TOUCHING where the edges meet, PARTIAL where they overlap, else APART.
    """
    small, large = sorted((first.radius, second.radius))
    slack = tolerance * small
    distance = math.hypot(second.x - first.x, second.y - first.y)
    gap = distance - small - large
    if distance + small <= large + slack:
        return TieRelation.FULL
    if gap > slack:
        return TieRelation.APART
    return TieRelation.TOUCHING if gap >= -slack else TieRelation.PARTIAL


def derive_ties(circles: Sequence[DrawnCircle], *, tolerance: float = TOUCHING_TOLERANCE) -> tuple[Tie, ...]:
    """Return the ties of one diagram; circles that lie apart have none.

    >>> from uuid import UUID
    >>> a, b = (DrawnCircle(UUID(int=n), x, 0, 10) for n, x in ((1, 0), (2, 15)))
    >>> [tie.relation.value for tie in derive_ties([a, b])]
    ['partial']
    """
    found = (
        Tie(first.id, second.id, relation_of(first, second, tolerance=tolerance), TieOrigin.DERIVED)
        for first, second in combinations(circles, 2)
    )
    return tuple(tie for tie in found if tie.relation.is_tie)
