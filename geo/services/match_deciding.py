"""What people decide on proposals of objects that several groups drew, by the rights of the village."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.match_status import MatchStatus
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import ChangedMeanwhile, Forbidden, Refused
from geo.matches import MatchSnapshot
from geo.models import FeatureMatch
from geo.repositories.feature_matches import FeatureMatchRepository
from geo.repositories.records import RecordRepository
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import visible
from geo.services.feature_matches import confirm, find_match, list_matches, reject, undo

__all__ = ["DrawnMatch", "decide_match", "drawn_match", "village_matches"]


@dataclass(frozen=True, slots=True)
class DrawnMatch:
    """A match, and the place and shape of each of its drawings, lon lat, by feature; deleted ones are not in it."""

    match: MatchSnapshot
    shapes: Mapping[UUID, BaseGeometry]


def village_matches(
    session: Session, settlement_id: UUID, *, actor: Actor, statuses: Collection[MatchStatus] = ()
) -> tuple[DrawnMatch, ...]:
    """Return the matches of a village with what was drawn, the surest first; of some statuses only, if given.

    For those who may read what the groups drew before it is published.

    Raises
    ------
    NotFound, Forbidden
        There is no such village, or the actor may not read its unpublished objects.
    """
    territory = TerritoryRepository(session)
    owner = territory.last_municipality(territory.settlement(settlement_id).id)
    if not is_allowed(Action.READ, Subject.FEATURES, actor, owner):
        raise Forbidden("access.not_allowed")
    found = list_matches(session, settlement_id, statuses=statuses)
    shapes = FeatureMatchRepository(session).shapes([one.id for one in found])
    return tuple(DrawnMatch(one, shapes.get(one.id, {})) for one in found)


def drawn_match(session: Session, match_id: UUID, *, actor: Actor) -> DrawnMatch:
    """Return one match; see `village_matches`."""
    _held(session, match_id, Action.READ, actor)
    found = find_match(session, match_id)
    return DrawnMatch(found, FeatureMatchRepository(session).shapes([match_id]).get(match_id, {}))


def decide_match(
    session: Session,
    match_id: UUID,
    *,
    to: MatchStatus,
    actor: Actor,
    version: int | None = None,
    reason: str = "",
    canonical: UUID | None = None,
    mean: bool = False,
    without: Collection[UUID] = (),
) -> DrawnMatch:
    """Confirm a proposal, keep its drawings apart, or take a decision back.

    Parameters
    ----------
    session
        Of the transaction.
    match_id
        The match.
    to
        CONFIRMED, REJECTED or UNDONE.
    actor
        Who decides; who may change the village's objects.
    version
        Version of the match that the person saw; None takes the one that holds now.
    reason
        Needed to reject.
    canonical, mean, without
        Of a confirmation, see `geo.services.feature_matches.confirm`.

    Raises
    ------
    NotFound, Forbidden
        There is no such match for the actor, or they may not decide.
    ChangedMeanwhile
        Somebody decided or drew otherwise since the version named; carries both.
    Conflict
        It was decided already, or a drawing was changed since it was proposed.
    Refused
        It is no decision, a rejection has no reason, or what was named does not fit.
    """
    _held(session, match_id, Action.CHANGE, actor)
    match = _locked(session, match_id)
    if version is not None and match.version != version:
        yours = {
            "state": to.value,
            "reason": reason,
            "canonical_feature_id": canonical,
            "mean": mean,
            "without": list(without),
        }
        raise ChangedMeanwhile(current=_told(match), yours=yours, seen=version, version=match.version)
    if to is MatchStatus.CONFIRMED:
        confirm(
            session, match_id, version=version, canonical=canonical, mean=mean, without=tuple(without), comment=reason
        )
    elif to is MatchStatus.REJECTED:
        if not reason.strip():
            raise Refused("match_decision.no_reason")
        reject(session, match_id, reason=reason, version=version)
    elif to is MatchStatus.UNDONE:
        undo(session, match_id, version=version, reason=reason)
    else:
        raise Refused("match_decision.none", state=to.value)
    session.flush()
    return drawn_match(session, match_id, actor=actor)


def _locked(session: Session, match_id: UUID) -> FeatureMatch:
    """Return a match that nobody else decides on until this transaction ends."""
    repository = FeatureMatchRepository(session)
    repository.hold_village(repository.match(match_id).settlement_id)
    return repository.match(match_id, to_change=True)


def _told(match: FeatureMatch) -> dict[str, Any]:
    return {
        "id": match.id,
        "version": match.version,
        "status": match.status.value,
        "note": match.note,
        "decided_by": match.decided_by,
        "decided_at": match.decided_at,
        "canonical": match.canonical_rule.value,
        "canonical_feature_id": match.canonical_feature_id,
    }


def _held(session: Session, match_id: UUID, action: Action, actor: Actor) -> None:
    match = RecordRepository(session, FeatureMatch).one(match_id, visible(FeatureMatch, actor, Subject.FEATURES))
    owner = TerritoryRepository(session).last_municipality(match.settlement_id)
    if not is_allowed(action, Subject.FEATURES, actor, owner):
        raise Forbidden("access.not_allowed")
