"""The sessions of a village's year, for pages that are of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.workbench.frame import Frame
from geo.domain.events import GroupSex, SessionGroup
from geo.services.session_review import session_review
from maps.words import date_in_words

__all__ = ["Session", "chosen_session", "sessions_of"]

_MARKS = {GroupSex.WOMEN: "♀", GroupSex.MEN: "♂", GroupSex.MIXED: ""}


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is offered for choice."""

    id: UUID
    held_on: date
    group: str
    day: str
    sex: str
    mark: str
    """Whose session it was as a sign, beside its colour; empty of everybody's."""


def sessions_of(frame: Frame) -> tuple[Session, ...]:
    """Return the sessions of the frame's village and year, oldest first."""
    assert frame.place is not None
    with frame.store.read() as session:
        held = session_review(session, frame.place.settlement_id, frame.place.year, actor=frame.actor).sessions
    return tuple(
        Session(
            id=one.event_id,
            held_on=one.held_on,
            group=SessionGroup(one.age_from, one.age_to, one.sex, one.other).label(frame.language),
            day=date_in_words(one.held_on, frame.language),
            sex=one.sex.value,
            mark=_MARKS[one.sex],
        )
        for one in held
    )


def chosen_session(sessions: tuple[Session, ...], wanted: UUID | None) -> Session | None:
    """Return the session asked for, else the first; None where there is none."""
    return next((one for one in sessions if one.id == wanted), sessions[0] if sessions else None)
