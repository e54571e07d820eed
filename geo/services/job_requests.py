"""Long work asked for an event or a village: in the municipality whose people may ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.jobs import JobKind
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden
from geo.models import AppraisalEvent, Job
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.records import municipalities_of
from geo.repositories.territory import TerritoryRepository
from geo.services.jobs import ask

__all__ = ["ask_for_event", "ask_for_village"]


def ask_for_event(
    session: Session, kind: JobKind, event_id: UUID, parameters: Mapping[str, Any], *, actor: Actor
) -> Job:
    """Ask for work that goes into an event.

    Raises
    ------
    NotFound, Forbidden
        There is no such event, or the actor may not write into it.
    """
    event: AppraisalEvent = AppraisalRepository(session).event(event_id)
    # What a job makes, it makes with no further question: the photo of a sheet becomes a sheet.
    subject = Subject.SHEETS if kind in {JobKind.READ_SHEET, JobKind.TAKE_PHOTO} else Subject.FEATURES
    owner = _allowed(municipalities_of(session, event), subject, actor)
    return ask(session, kind, {**parameters, "event_id": str(event_id)}, municipality_id=owner, actor=actor)


def ask_for_village(session: Session, kind: JobKind, settlement_id: UUID, *, actor: Actor) -> Job:
    """Ask for work on what is recorded of a village.

    Raises
    ------
    NotFound, Forbidden
        There is no such village, or the actor may not write there.
    """
    TerritoryRepository(session).settlement(settlement_id)
    owner = _allowed([TerritoryRepository(session).last_municipality(settlement_id)], Subject.FEATURES, actor)
    return ask(session, kind, {"settlement_id": str(settlement_id)}, municipality_id=owner, actor=actor)


def _allowed(municipalities: Any, subject: Subject, actor: Actor) -> UUID:
    for one in municipalities:
        if is_allowed(Action.CHANGE, subject, actor, one):
            owner: UUID = one
            return owner
    raise Forbidden("access.not_allowed")
