"""Propose which features of several events are one object."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.domain.matching.differences import Difference, differences_of
from geo.domain.matching.evidence import Agreement, Evidence, gather
from geo.domain.matching.feature import DrawnBy, MatchFeature

__all__ = ["DrawnAlone", "ProposedMatch", "drawn_alone", "propose_matches"]

_LEAST = 0.6
"""Agreement below which nothing is proposed."""
_NEIGHBOURS = 5
_NEIGHBOURHOOD_M = 600.0
_LEAST_SURE = 3
_TIGHTER = 0.7
"""Neighbours of one sheet are displaced together: what is left between them is this share of the error."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ProposedMatch:
    """Features of different events that are probably one object. A person confirms, changes or rejects it."""

    members: tuple[str, ...]
    """Ids, by event; one of each event at most."""
    canonical: str
    """Id of the member with the smallest position error, whose geometry is proposed for the object."""
    agreement: Agreement
    """Means over its pairs of members; the score is 0 to 1."""
    differences: tuple[Difference, ...]
    missing_events: tuple[str, ...]
    """Events of the village on whose map it is not drawn."""


@dataclass(frozen=True, slots=True)
class DrawnAlone:
    """A feature that one event drew and no other."""

    feature: str
    event: str
    group: DrawnBy


def propose_matches(features: Iterable[MatchFeature]) -> tuple[ProposedMatch, ...]:
    """Match the features of several events of one village.

    For each two events: kind, name, distance against both position errors, and shape give an agreement; the best
    one-to-one assignment is found (Jonker and Volgenant, by scipy); then each pair is asked whether it is displaced as
    its matched neighbours are, and the assignment is found anew. Pairs of all events, the surest first, are joined
    to objects that hold at most one feature of each event.

    Parameters
    ----------
    features
        Of one village, any number of events; ids are unique.

    Returns
    -------
    tuple of ProposedMatch
        The surest first; the order of the input makes no difference. Nothing is merged.

    Raises
    ------
    ValueError
        Two features have one id.
    """
    ordered = sorted(features, key=lambda feature: (feature.event, feature.id))
    if len({feature.id for feature in ordered}) < len(ordered):
        raise ValueError("ids of features must be unique")
    evidence = gather(ordered)
    events: dict[str, list[int]] = defaultdict(list)
    for index, feature in enumerate(ordered):
        events[feature.event].append(index)
    agreements: dict[Pair, Agreement] = {}
    chosen: list[Pair] = []
    for one, two in itertools.combinations(sorted(events), 2):
        between = _compare(evidence, events[one], events[two])
        first = _assign(between, events[one], events[two])
        between = _relax(evidence, between, first)
        agreements |= between
        chosen += _assign(between, events[one], events[two])
    objects = _join(chosen, agreements, ordered)
    groups = len({feature.group for feature in ordered})
    proposed = [_propose(members, agreements, ordered, groups, sorted(events)) for members in objects]
    return tuple(sorted(proposed, key=lambda match: (-match.agreement.score, match.members)))


def drawn_alone(features: Iterable[MatchFeature], matches: Iterable[ProposedMatch]) -> tuple[DrawnAlone, ...]:
    """Return what one event drew and no other: the places that only women, or only young people, know or name.

    Nothing is returned where a single event drew: there was nobody else to draw it.
    """
    listed = list(features)
    matched = {member for match in matches for member in match.members}
    if len({feature.event for feature in listed}) < 2:
        return ()
    alone = [feature for feature in listed if feature.id not in matched]
    return tuple(
        DrawnAlone(feature.id, feature.event, feature.group)
        for feature in sorted(alone, key=lambda feature: (feature.event, feature.id))
    )


def _compare(evidence: Evidence, ones: Sequence[int], twos: Sequence[int]) -> dict[Pair, Agreement]:
    compared = (((one, two), evidence.agreement(one, two)) for one in ones for two in twos)
    return {pair: agreement for pair, agreement in compared if agreement is not None}


def _assign(between: dict[Pair, Agreement], ones: Sequence[int], twos: Sequence[int]) -> list[Pair]:
    """Return the one-to-one pairs whose agreements beyond the least add up to the most."""
    gain = np.zeros((len(ones), len(twos)))
    rows, columns = ({index: place for place, index in enumerate(side)} for side in (ones, twos))
    for (one, two), agreement in between.items():
        gain[rows[one], columns[two]] = max(0.0, agreement.score - _LEAST)
    best = np.column_stack(linear_sum_assignment(gain, maximize=True)).tolist()
    return [(ones[row], twos[column]) for row, column in best if gain[row, column] > 0]


def _relax(evidence: Evidence, between: dict[Pair, Agreement], matched: Sequence[Pair]) -> dict[Pair, Agreement]:
    """Ask for every pair whether it is displaced as its nearest matched neighbours are."""
    if len(matched) < 3:
        return between
    firsts = np.array([one for one, _ in matched])
    at = evidence.middles[firsts]
    # Lines drawn in part have middles of their own: they say nothing of a displacement.
    spots = np.array([evidence.shapes[one].area > 0 or evidence.shapes[one].length == 0 for one in firsts])
    moved = evidence.middles[[two for _, two in matched]] - at
    sure = np.array([evidence.only_one[one] and evidence.only_one[two] for one, two in matched])
    if np.count_nonzero(spots & sure) >= _LEAST_SURE:
        # A row of houses may be matched one house off, and would then bear itself out: places that are the only one
        # of their kind speak for the rest.
        spots &= sure
    relaxed: dict[Pair, Agreement] = {}
    for (one, two), agreement in between.items():
        here = evidence.middles[one]
        away = np.where(spots & (firsts != one), np.hypot(*(at - here).T), np.inf)
        near = np.argsort(away, kind="stable")[:_NEIGHBOURS]
        near = near[away[near] <= _NEIGHBOURHOOD_M]
        if len(near) < 2 or (evidence.shapes[one].length > 0 and evidence.shapes[one].area == 0):
            relaxed[one, two] = agreement
            continue
        expected = np.median(moved[near], axis=0)
        off = float(np.hypot(*(evidence.middles[two] - here - expected)))
        likeness = float(np.exp(-0.5 * (off / (_TIGHTER * agreement.combined_error_m)) ** 2))
        relaxed[one, two] = agreement.with_neighbours(likeness)
    return relaxed


def _join(
    chosen: Sequence[Pair], agreements: dict[Pair, Agreement], features: Sequence[MatchFeature]
) -> list[tuple[int, ...]]:
    """Join pairs to objects, the surest first, as long as no event would be in one object twice."""
    object_of: dict[int, set[int]] = {}
    for one, two in sorted(chosen, key=lambda pair: (-agreements[pair].score, pair)):
        first, second = object_of.get(one, {one}), object_of.get(two, {two})
        if first is second or {features[i].event for i in first} & {features[i].event for i in second}:
            continue
        joined = first | second
        for index in joined:
            object_of[index] = joined
    return sorted({tuple(sorted(members)) for members in object_of.values()})


def _propose(
    members: tuple[int, ...],
    agreements: dict[Pair, Agreement],
    features: Sequence[MatchFeature],
    groups: int,
    events: Sequence[str],
) -> ProposedMatch:
    drawn = [features[index] for index in members]
    between = {
        (i, j): agreements[members[i], members[j]]
        for i, j in itertools.combinations(range(len(members)), 2)
        if (members[i], members[j]) in agreements
    }
    return ProposedMatch(
        members=tuple(feature.id for feature in drawn),
        canonical=min(drawn, key=lambda feature: (feature.position_error_m, feature.id)).id,
        agreement=_mean(list(between.values()), pairs=len(members) * (len(members) - 1) // 2),
        differences=differences_of(drawn, between, groups_of_village=groups),
        missing_events=tuple(event for event in events if event not in {feature.event for feature in drawn}),
    )


def _mean(parts: Sequence[Agreement], *, pairs: int) -> Agreement:
    """Average agreements; a pair that cannot be one object by itself counts as nothing in the score."""

    def mean(values: Iterable[float | None]) -> float | None:
        told = [value for value in values if value is not None]
        return sum(told) / len(told) if told else None

    first = max(parts, key=lambda part: part.distance_m)
    return replace(
        first,
        score=sum(part.score for part in parts) / pairs,
        kind=mean(part.kind for part in parts) or 0.0,
        place=mean(part.place for part in parts) or 0.0,
        shape=mean(part.shape for part in parts) or 0.0,
        name=mean(part.name for part in parts),
        neighbours=mean(part.neighbours for part in parts),
    )
