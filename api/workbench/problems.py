"""The gallery of problems as pages: the wall of a session, merging over villages, and where problems are."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from api.workbench.sessions import chosen_session, sessions_of
from geo.domain.local_matters import Competence
from geo.domain.rights import Action, Subject
from geo.i18n import text
from geo.services.gallery_wall import session_wall

__all__ = ["competences", "router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}/problems", response_class=HTMLResponse)
def wall(frame: AtPlace, session: UUID | None = None) -> HTMLResponse:
    """Show the wall of one session; of the newest one, if none is chosen."""
    assert frame.place is not None
    held = tuple(reversed(sessions_of(frame)))
    chosen = chosen_session(held, session)
    found = None
    if chosen is not None:
        with frame.store.read() as transaction:
            found = session_wall(transaction, chosen.id, frame.actor)
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


def competences(frame: Frame) -> list[dict[str, str]]:
    """Return who may deal with a problem, in words: the 23 local matters, delegated, outside."""
    return [
        {"code": one.code, "text": text(one.label_key, frame.language, code=one.code)} for one in Competence.every()
    ]
