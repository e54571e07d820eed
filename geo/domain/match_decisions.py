"""Matches that people decided on: what holds, and what is proposed beside it (`geo.domain.matching`)."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from geo.domain.events import SessionGroup
from geo.domain.matching import Agreement, DrawnBy, MatchFeature, ProposedMatch, propose_matches

__all__ = [
    "PlannedMatch",
    "groups_of",
    "main_group",
    "plan_matches",
]

_YOUNG_TO = 35
_MIDDLE = (36, 55)
_ELDER_FROM = 56
"""The method's three age groups (DOMAIN.md section 2)."""

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class PlannedMatch:
    """What is to be proposed beside the decisions that hold."""

    members: tuple[str, ...]
    canonical: str
    """Id of the member whose geometry is proposed."""
    agreement: Agreement
    replaces: UUID | None = None
    """A confirmed match to which this one adds drawings."""


def groups_of(group: SessionGroup) -> frozenset[DrawnBy]:
    """Return every word for a group by which maps are compared: young women are women and young people.

    >>> sorted(groups_of(SessionGroup(18, 35)))
    [<DrawnBy.YOUNG_PEOPLE: 'young_people'>]
    """
    found = {DrawnBy.WOMEN, DrawnBy.MEN} & {DrawnBy(group.sex.value)}
    if group.age_to is not None and group.age_to <= _YOUNG_TO:
        found.add(DrawnBy.YOUNG_PEOPLE)
    elif group.age_from is not None and group.age_from >= _ELDER_FROM:
        found.add(DrawnBy.ELDERS)
    elif (
        group.age_from is not None
        and group.age_to is not None
        and _MIDDLE[0] <= group.age_from
        and group.age_to <= _MIDDLE[1]
    ):
        found.add(DrawnBy.MIDDLE_AGED)
    return frozenset(found or {DrawnBy.MIXED})


def main_group(group: SessionGroup) -> DrawnBy:
    """Return the first of `groups_of`: sex before age.

    >>> from geo.domain.events import GroupSex
    >>> main_group(SessionGroup(18, 35, GroupSex.WOMEN))
    <DrawnBy.WOMEN: 'women'>
    """
    found = groups_of(group)
    return next(word for word in DrawnBy if word in found)


def plan_matches(
    features: Iterable[MatchFeature],
    *,
    confirmed: Mapping[UUID, Collection[str]] | None = None,
    apart: Collection[Pair] = (),
) -> tuple[PlannedMatch, ...]:
    """Propose matches beside what people decided.

    Parameters
    ----------
    features
        Of one village, all events.
    confirmed
        Ids of the features of each confirmed match. They are compared with the rest: what a later event drew of the
        same object is proposed as a match that replaces the confirmed one.
    apart
        Pairs that a person said are different objects; they never come into one match.

    Returns
    -------
    tuple of PlannedMatch
        The surest first; no feature is in two of them.
    """
    drawn = {feature.id: feature for feature in features}
    holds = {match: sorted(set(ids) & set(drawn)) for match, ids in (confirmed or {}).items()}
    match_of = {one: match for match, ids in holds.items() for one in ids}
    planned: list[PlannedMatch] = []
    extended: set[UUID] = set()
    for proposal in _keeping_apart(list(drawn.values()), apart):
        matches = {match_of[one] for one in proposal.members if one in match_of}
        if not matches:
            planned.append(PlannedMatch(proposal.members, proposal.canonical, proposal.agreement))
            continue
        more = [one for one in proposal.members if one not in match_of]
        if not more or len(matches) > 1:
            continue  # decided already, or between two objects that are told apart already
        (match,) = matches
        members = sorted({*holds[match], *more}, key=lambda one: (drawn[one].event, one))
        once = len({drawn[one].event for one in members}) == len(members)
        if once and match not in extended and not _rivals(members, apart):
            extended.add(match)
            planned.append(PlannedMatch(tuple(members), proposal.canonical, proposal.agreement, match))
    return tuple(planned)


def _keeping_apart(features: Sequence[MatchFeature], apart: Collection[Pair]) -> tuple[ProposedMatch, ...]:
    """Propose matches none of which holds two features that were told apart.

    The rule knows no such pairs. Of a pair that it would join, the one that fits the others less stands aside; then it
    is asked what else that one could be, without those it is told apart from.
    """
    proposals = propose_matches(features)
    rivals: dict[str, set[str]] = defaultdict(set)
    for pair in apart:
        for one, other in itertools.permutations(pair, 2):
            rivals[one].add(other)
    aside: list[str] = []
    while quarrels := [(proposal, pairs[0]) for proposal in proposals if (pairs := _rivals(proposal.members, apart))]:
        aside += [_weaker(proposal, pair, features) for proposal, pair in quarrels]
        proposals = propose_matches(feature for feature in features if feature.id not in aside)
    while aside:
        # All at once, but for those that are told apart from each other.
        asked: list[str] = []
        for one in aside:
            if not rivals[one] & set(asked):
                asked.append(one)
        aside = [one for one in aside if one not in asked]
        out = set(aside).union(*(rivals[one] for one in asked))
        taken = {member for proposal in proposals for member in proposal.members}
        for proposal in propose_matches(feature for feature in features if feature.id not in out):
            members = set(proposal.members)
            if members & set(asked) and not members & taken and not _rivals(members, apart):
                proposals += (proposal,)
    return proposals


def _rivals(members: Iterable[str], apart: Collection[Pair]) -> list[tuple[str, str]]:
    return [pair for pair in itertools.combinations(sorted(members), 2) if frozenset(pair) in apart]


def _weaker(proposal: ProposedMatch, pair: tuple[str, str], features: Sequence[MatchFeature]) -> str:
    """Return the one of a pair without which the rest of a proposal agrees better."""

    def score_without(one: str) -> float:
        rest = [feature for feature in features if feature.id in proposal.members and feature.id != one]
        return max((match.agreement.score for match in propose_matches(rest)), default=0.0)

    return max(sorted(pair, reverse=True), key=score_without)
