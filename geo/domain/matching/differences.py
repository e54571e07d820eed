"""In what the drawings of one object differ: what a facilitator asks the groups about."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.domain.matching.evidence import Agreement
from geo.domain.matching.feature import MatchFeature

__all__ = ["Difference", "DifferenceKind", "differences_of"]

_ELSEWHERE = 1.73
"""In combined errors: two drawings of one place are farther apart once in twenty (Rayleigh, exp(-d²/s²))."""
_SAME_NAME = 0.85


class DifferenceKind(StrEnum):
    """What differs; texts under ``matching.difference.*``."""

    ONE_GROUP_ONLY = "one_group_only"
    PLACED_ELSEWHERE = "placed_elsewhere"
    OTHER_CONDITION = "other_condition"
    OTHER_NAME = "other_name"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference within an object, and whose drawings show it."""

    kind: DifferenceKind
    features: tuple[str, ...]
    """Ids, in the order of the members."""
    values: tuple[str, ...] = ()
    """What each of them says: codes of groups, kinds or conditions, names; for places nothing."""
    distance_m: float | None = None
    """How far apart, where placed elsewhere."""


def differences_of(
    members: Sequence[MatchFeature], between: dict[tuple[int, int], Agreement], *, groups_of_village: int
) -> tuple[Difference, ...]:
    """List the differences of the members of one object.

    Parameters
    ----------
    members
        One feature an event.
    between
        Agreement of members by their positions, the lower first.
    groups_of_village
        How many different groups drew in the village: with one alone nothing is its own.
    """
    found: list[Difference] = []
    ids = tuple(member.id for member in members)
    groups = {member.group for member in members}
    if len(groups) == 1 and groups_of_village > 1:
        found.append(Difference(DifferenceKind.ONE_GROUP_ONLY, ids, (members[0].group.value,)))
    for one, two in itertools.combinations(range(len(members)), 2):
        agreement = between.get((one, two))
        if agreement is None:
            continue
        pair = (ids[one], ids[two])
        if agreement.distance_m > _ELSEWHERE * agreement.combined_error_m:
            found.append(Difference(DifferenceKind.PLACED_ELSEWHERE, pair, distance_m=agreement.distance_m))
        if agreement.name is not None and agreement.name < _SAME_NAME:
            names = (members[one].names[0], members[two].names[0])
            found.append(Difference(DifferenceKind.OTHER_NAME, pair, names))
    told = [(member.id, member.condition.value) for member in members if member.condition is not None]
    if len({condition for _, condition in told}) > 1:
        tellers, conditions = (tuple(side) for side in zip(*told, strict=True))
        found.append(Difference(DifferenceKind.OTHER_CONDITION, tellers, conditions))
    if len({member.kind for member in members}) > 1:
        found.append(Difference(DifferenceKind.OTHER_KIND, ids, tuple(member.kind.value for member in members)))
    return tuple(found)
