"""The gallery of problems as pages: the wall of a session, merging over villages, and where problems are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.events import GroupSex, SessionGroup
from geo.domain.local_matters import Competence
from geo.domain.rights import Action, Subject
from geo.i18n import text
from geo.services.gallery_wall import session_wall
from geo.services.session_review import HeldSession, session_review

__all__ = ["competences", "router", "sessions_of"]

router = APIRouter(include_in_schema=False)

_MARKS = {GroupSex.WOMEN: "♀", GroupSex.MEN: "♂", GroupSex.MIXED: ""}


@router.get("/work/{settlement_id}/{year}/problems", response_class=HTMLResponse)
def wall(frame: AtPlace, session: UUID | None = None) -> HTMLResponse:
    """Show the wall of one session; of the newest one, if none is chosen."""
    assert frame.place is not None
    held = sessions_of(frame)
    chosen = next((one for one in held if session is None or one["id"] == session), None)
    if session is not None and chosen is None:
        chosen = next(iter(held), None)
    found = None
    if chosen is not None:
        with frame.store.read() as transaction:
            found = session_wall(transaction, chosen["id"], frame.actor)
    return frame.show(
        "work/problems.html",
        room=Room.PROBLEMS,
        title=frame.say("wall.title"),
        scripts=["problems"] if chosen else [],
        styles=["problems"],
        words=("wall.", "group_sex."),
        data={
            "event": chosen,
            "wall": found,
            "may_write": frame.may(Action.CHANGE, Subject.PROBLEMS),
            "competences": competences(frame),
        },
        part="wall",
        sessions=held,
        chosen=chosen,
        wall=found,
        may_write=frame.may(Action.CHANGE, Subject.PROBLEMS),
    )


def sessions_of(frame: Frame) -> list[dict[str, Any]]:
    """Return the sessions of the village in the year in words, the newest first."""
    assert frame.place is not None
    with frame.store.read() as session:
        found = session_review(session, frame.place.settlement_id, frame.place.year, actor=frame.actor).sessions
    return [_in_words(one, frame) for one in reversed(found)]


def competences(frame: Frame) -> list[dict[str, str]]:
    """Return who may deal with a problem, in words: the 23 local matters, delegated, outside."""
    return [
        {"code": one.code, "text": text(one.label_key, frame.language, code=one.code)} for one in Competence.every()
    ]


def _in_words(held: HeldSession, frame: Frame) -> dict[str, Any]:
    group = SessionGroup(held.age_from, held.age_to, held.sex, held.other)
    return {
        "id": held.event_id,
        "held_on": held.held_on,
        "group": group.label(frame.language),
        "sex": held.sex.value,
        "mark": _MARKS[held.sex],
    }
