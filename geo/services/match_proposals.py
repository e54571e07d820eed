"""Looking for objects that several groups drew: proposals are made, refreshed and withdrawn, decisions stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.match_decisions import PlannedMatch
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.vocabulary import Condition, Kind, layer_of
from geo.matches import Proposals
from geo.models import FeatureMatch, FeatureMatchSource, MapFeature
from geo.repositories.feature_matches import FeatureMatchRepository
from geo.services.match_drawings import Drawings, condition_of, drawings_of, planned

__all__ = ["change", "propose", "withdraw"]

_DIGITS = 6
"""Of a score: the same drawings give the same row, whatever the last bit of a sum."""
_DECIDED = (
    *("name_ky", "name_ru", "name_en", "layer", "kind", "condition"),
    *("canonical_rule", "canonical_feature_id", "position_error_m", "geometry"),
)
"""What a person says of an object."""


def propose(session: Session, settlement_id: UUID) -> Proposals:
    """Look for objects that several events of a village drew, and store the proposals.

    Doing it again changes nothing but what the drawings changed: decisions stay, proposals that still hold stay the
    same rows, those that no longer hold are withdrawn. What a person rejected is not proposed again; what a later event
    drew of a confirmed object is proposed as a match that replaces it.

    Raises
    ------
    NotFound
        There is no such settlement.
    """
    FeatureMatchRepository(session).hold_village(settlement_id)
    drawings = drawings_of(session, settlement_id)
    still_open = {_key(drawings, match): match for match in drawings.with_status(MatchStatus.PROPOSED)}
    new = kept = 0
    plans = planned(drawings)
    wanted = {(frozenset(map(UUID, plan.members)), plan.replaces) for plan in plans}
    gone = [match for key, match in still_open.items() if key not in wanted]
    for match in gone:
        withdraw(session, match, drawings.sources.get(match.id, ()))
    session.flush()  # before their drawings come into other proposals
    for plan in plans:
        there = still_open.get((frozenset(map(UUID, plan.members)), plan.replaces))
        if there is None:
            _store(session, settlement_id, plan, drawings)
            new += 1
        else:
            _refresh(there, plan, drawings)
            kept += 1
    session.flush()
    return Proposals(
        new=new,
        kept=kept,
        withdrawn=len(gone),
        confirmed=len(drawings.with_status(MatchStatus.CONFIRMED)),
        rejected=len(drawings.with_status(MatchStatus.REJECTED)),
    )


def withdraw(session: Session, match: FeatureMatch, sources: Iterable[FeatureMatchSource]) -> None:
    """Take away a proposal on which nobody decided; the ledger alone remembers it."""
    for source in sources:
        session.delete(source)
    session.flush()  # what refers to the match goes first
    session.delete(match)


def _key(drawings: Drawings, match: FeatureMatch) -> tuple[frozenset[UUID | None], UUID | None]:
    return frozenset(source.feature_id for source in drawings.sources.get(match.id, ())), match.replaces_id


def _store(session: Session, settlement_id: UUID, plan: PlannedMatch, drawings: Drawings) -> None:
    match = FeatureMatch(settlement_id=settlement_id, status=MatchStatus.PROPOSED, **_proposal(plan, drawings))
    session.add(match)
    session.flush()
    for member in map(UUID, plan.members):
        feature = drawings.features[member]
        session.add(
            FeatureMatchSource(
                match_id=match.id,
                feature_id=member,
                event_id=feature.event_id,
                status=MatchStatus.PROPOSED,
                feature_version=feature.version,
            )
        )


def _refresh(match: FeatureMatch, plan: PlannedMatch, drawings: Drawings) -> None:
    change(match, _proposal(plan, drawings))
    for source in drawings.sources[match.id]:
        feature = drawings.features.get(source.feature_id) if source.feature_id else None
        if feature is not None and source.feature_version != feature.version:
            source.feature_version = feature.version


def change(match: FeatureMatch, values: Mapping[str, Any]) -> None:
    """Set what differs and nothing else: an unchanged row keeps its version, and whoever looks at it may decide."""
    for name, value in values.items():
        if getattr(match, name) != value:
            setattr(match, name, value)


def _proposal(plan: PlannedMatch, drawings: Drawings) -> dict[str, Any]:
    """Return what a proposal says of its object."""
    members = [drawings.features[UUID(one)] for one in plan.members]
    agreement = plan.agreement
    told = ("kind", "place", "shape", "name", "neighbours", "distance_m", "combined_error_m")
    parts = {name: _rounded(getattr(agreement, name)) for name in told}
    shared = {"score": _rounded(agreement.score), "parts": parts, "replaces_id": plan.replaces}
    if plan.replaces is not None:  # what a person decided is proposed to stay
        before = next(match for match in drawings.matches if match.id == plan.replaces)
        if before.canonical_feature_id is not None:
            return shared | {name: getattr(before, name) for name in _DECIDED}
    chosen = drawings.features[UUID(plan.canonical)]
    kind = _most(one.kind for one in _first(chosen, members)) or chosen.kind
    return shared | {
        **{name: _name(name, _first(chosen, members)) for name in ("name_ky", "name_ru", "name_en")},
        "layer": layer_of(kind),
        "kind": kind,
        "condition": _most_of_all(condition_of(one) for one in members),
        "canonical_rule": CanonicalRule.SOURCE,
        "canonical_feature_id": chosen.id,
        "position_error_m": chosen.position_error_m,
        "geometry": chosen.geometry,
    }


def _first(chosen: MapFeature, members: list[MapFeature]) -> list[MapFeature]:
    return [chosen, *(one for one in members if one is not chosen)]


def _name(column: str, members: list[MapFeature]) -> str:
    return next((name for one in members if (name := getattr(one, column))), "")


def _most(kinds: Iterable[Kind]) -> Kind | None:
    """Return what most say; where two are even, the first; “some building” only where nobody knows better."""
    counted = Counter(kinds)
    better = {kind: count for kind, count in counted.items() if kind is not Kind.BUILDING} or counted
    return max(better, key=lambda kind: better[kind], default=None)


def _most_of_all(conditions: Iterable[Condition | None]) -> Condition | None:
    """Return the condition that most name; None where two are even: then the groups have to be asked."""
    counted = Counter(one for one in conditions if one is not None).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), _DIGITS)
