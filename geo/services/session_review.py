"""The sessions of a village in a year beside the three that the method asks for (DOMAIN.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.events import GroupSex
from geo.domain.participation import review_sessions
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden
from geo.i18n import Text
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import group_of

__all__ = ["HeldSession", "SessionReview", "session_review"]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session that was held, and whom it was for."""

    event_id: UUID
    held_on: date
    age_from: int | None
    age_to: int | None
    sex: GroupSex
    other: str


@dataclass(frozen=True, slots=True)
class SessionReview:
    """The sessions of a village in a year, oldest first, and what the method would have otherwise."""

    settlement_id: UUID
    year: int
    sessions: tuple[HeldSession, ...]
    warnings: tuple[Text, ...]


def session_review(session: Session, settlement_id: UUID, year: int, *, actor: Actor) -> SessionReview:
    """Return which sessions a village held in a year, which groups are still missing, and which met too often.

    Advice for those at work there: the public, who sees published events alone, would read of groups that have met as
    missing.

    Raises
    ------
    NotFound
        There is no such settlement.
    Forbidden
        The actor may not read the unpublished events of the village.
    """
    territory = TerritoryRepository(session)
    village_id = territory.settlement(settlement_id).id
    rows = AppraisalRepository(session).sessions_of(village_id, year)
    owners = {municipality_id for _, municipality_id in rows}
    theirs = territory.last_municipality(village_id)
    # An earlier municipality's people see its events, those of today's the whole village.
    if not is_allowed(Action.READ, Subject.EVENTS, actor, theirs) and not (
        owners and all(is_allowed(Action.READ, Subject.EVENTS, actor, one) for one in owners)
    ):
        raise Forbidden("access.not_allowed")
    groups = [group_of(event) for event, _ in rows]
    held = [
        HeldSession(event.id, event.held_on, group.age_from, group.age_to, group.sex, group.other)
        for (event, _), group in zip(rows, groups, strict=True)
    ]
    return SessionReview(village_id, year, tuple(held), review_sessions(groups))
