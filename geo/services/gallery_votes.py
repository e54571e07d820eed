"""Votes of an event against its participants: asked by who counts notes and by who counts people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.gallery.notes import check_votes
from geo.models import AppraisalEvent
from geo.repositories.gallery import GalleryRepository

__all__ = ["check_event_votes", "check_statement_votes"]


def check_event_votes(session: Session, event: AppraisalEvent) -> None:
    """Make sure that an event with its number of participants can have the votes that are stored for it.

    To be asked whenever that number is changed.

    Raises
    ------
    Refused
        There are more than five votes for each participant.
    """
    check_votes(GalleryRepository(session).votes_of(event.id), event.participants)


def check_statement_votes(session: Session, event_id: UUID, statement_id: UUID | None, votes: int) -> AppraisalEvent:
    """Make sure that a statement's votes fit beside the others of its event; returns the event.

    Others who count votes of the same event wait until this transaction ends.

    Raises
    ------
    NotFound
        There is no such event.
    Refused
        There are more than five votes for each participant.
    """
    repository = GalleryRepository(session)
    event = repository.hold_event(event_id)
    check_votes(repository.votes_of(event_id, but=statement_id) + votes, event.participants)
    return event
