"""In what the maps of a village's groups differ (DOMAIN.md section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import combinations
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from geo.domain.match_decisions import groups_of
from geo.domain.match_status import MatchStatus
from geo.domain.matching import Agreement, Difference, DifferenceKind, DrawnBy, MatchFeature
from geo.domain.matching.differences import differences_of
from geo.domain.matching.evidence import gather
from geo.matches import DrawingSnapshot, ObjectDifference, OneGroupOnly, VillageDifferences
from geo.models import FeatureMatch
from geo.repositories.feature_matches import FeatureMatchRepository
from geo.services.event_map import group_of
from geo.services.match_drawings import Drawings, drawing_of, drawings_of, planned

__all__ = ["differences"]

_ASKED_FIRST = (DrawnBy.WOMEN, DrawnBy.YOUNG_PEOPLE)
"""Whose places are to be marked as such."""
_CONFIRMED_APART_M = 8.0
"""Beside their errors, as the rule of the match takes it."""


def differences(session: Session, settlement_id: UUID) -> VillageDifferences:
    """Return what one group drew alone, and in what the drawings of one object differ.

    Reckoned from the drawings as they are now: by what people confirmed or told apart, and for the rest by what
    would be proposed. Nothing is stored.

    Raises
    ------
    NotFound
        There is no such settlement.
    """
    FeatureMatchRepository(session).require_village(settlement_id)
    drawings = drawings_of(session, settlement_id)
    objects = _objects(drawings)
    compared = {UUID(one.id): one for one in drawings.compared}
    differing: list[ObjectDifference] = []
    for members, match in objects:
        found = _differences([compared[one] for one in members])
        differing += [_told(one, match, drawings) for one in found]
    matched = {one for members, _ in objects for one in members}
    singles = [(one,) for one in drawings.features if one not in matched]
    only: list[OneGroupOnly] = []
    if len(drawings.events) > 1:
        drawn = [*(members for members, _ in objects), *singles]
        only = [one for members in drawn if (one := _one_group(members, drawings)) is not None]
    return VillageDifferences(
        events=len(drawings.events),
        agreed=len(objects),
        only=tuple(sorted(only, key=_urgency)),
        differing=tuple(differing),
    )


def _objects(drawings: Drawings) -> list[tuple[tuple[UUID, ...], FeatureMatch | None]]:
    """Return the features of each object that several events drew, with its stored match."""
    plans = planned(drawings)
    replaced = {plan.replaces for plan in plans}
    found: list[tuple[tuple[UUID, ...], FeatureMatch | None]] = [
        (members, match)
        for match in drawings.with_status(MatchStatus.CONFIRMED)
        if match.id not in replaced and len(members := tuple(drawings.members(match))) > 1
    ]
    stored = {frozenset(drawings.members(match)): match for match in drawings.with_status(MatchStatus.PROPOSED)}
    for plan in plans:
        members = tuple(map(UUID, plan.members))
        found.append((members, stored.get(frozenset(members))))
    return found


def _differences(members: Sequence[MatchFeature]) -> list[Difference]:
    evidence = gather(members)
    between: dict[tuple[int, int], Agreement] = {}
    for one, two in combinations(range(len(members)), 2):
        # A person may have confirmed what the rule would never put together.
        between[one, two] = evidence.agreement(one, two) or Agreement(
            score=0.0,
            kind=0.0,
            place=0.0,
            shape=0.0,
            distance_m=float(shapely.distance(evidence.shapes[one], evidence.shapes[two])),
            combined_error_m=float(
                (members[one].position_error_m ** 2 + members[two].position_error_m ** 2 + _CONFIRMED_APART_M**2) ** 0.5
            ),
        )
    # Which group drew an object alone is told for all objects together, in finer words.
    found = differences_of(members, between, groups_of_village=1)
    return [one for one in found if one.kind is not DifferenceKind.ONE_GROUP_ONLY]


def _told(difference: Difference, match: FeatureMatch | None, drawings: Drawings) -> ObjectDifference:
    return ObjectDifference(
        kind=difference.kind,
        match_id=match.id if match else None,
        is_confirmed=match is not None and match.status is MatchStatus.CONFIRMED,
        drawings=_drawings(map(UUID, difference.features), drawings),
        values=difference.values,
        distance_m=difference.distance_m,
    )


def _one_group(members: Sequence[UUID], drawings: Drawings) -> OneGroupOnly | None:
    """Return whose alone an object is, None where it is everybody's."""
    drawn = _drawings(members, drawings)
    shared = reduce(frozenset.__and__, (one.groups for one in drawn))
    others = [groups_of(group_of(event)) for event in drawings.events.values()]
    words = shared - {DrawnBy.MIXED}
    own = tuple(word for word in DrawnBy if word in words and any(word not in other for other in others))
    return OneGroupOnly(own, drawn) if own or len(drawn) == 1 else None


def _drawings(members: Iterable[UUID], drawings: Drawings) -> tuple[DrawingSnapshot, ...]:
    features = [drawings.features[one] for one in members]
    return tuple(drawing_of(one, drawings.events[one.event_id]) for one in features if one.event_id is not None)


def _urgency(only: OneGroupOnly) -> tuple[int, str, str]:
    ranks = [_ASKED_FIRST.index(word) for word in only.groups if word in _ASKED_FIRST]
    first = only.drawings[0]
    return min(ranks, default=len(_ASKED_FIRST)), str(first.event_id), str(first.feature_id)
