"""The bread: two loaves that are cut on the page (DOMAIN.md section 5)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from api.workbench.sessions import chosen_session, sessions_of
from geo.domain.rights import Action, Subject
from geo.services.bread import Slice, event_bread

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_USUAL: Final = (
    *("staff", "schools", "kindergartens", "post", "club", "library", "roads"),
    *("water", "light", "waste", "youth", "feasts", "help"),
)


@router.get("/work/{settlement_id}/{year}/bread", response_class=HTMLResponse)
def bread(frame: AtPlace, session: UUID | None = None) -> HTMLResponse:
    """Show what people of a session think the budget is spent on, beside what it is spent on."""
    sessions = sessions_of(frame)
    chosen = chosen_session(sessions, session)
    editable = frame.may(Action.CREATE, Subject.BUDGET)
    return frame.show(
        "work/bread.html",
        room=Room.BREAD,
        title=frame.say("bread_page.title"),
        scripts=["bread"] if chosen else ["settled"],
        styles=["session_choice", "bread"],
        words=("bread_page.",),
        data={"language": frame.language.value, "editable": editable, **(_loaf(frame, chosen.id) if chosen else {})},
        sessions=sessions,
        chosen=chosen,
        editable=editable,
        usual=[frame.say(f"bread_page.usual.{one}") for one in _USUAL],
    )


def _loaf(frame: Frame, event_id: UUID) -> dict[str, Any]:
    with frame.store.read() as session:
        found = event_bread(session, event_id, actor=frame.actor)
    return {"event": event_id, "tag": f'"{found.tag}"', "lines": [_line(one) for one in found.slices]}


def _line(one: Slice) -> dict[str, Any]:
    return {
        "name_ky": one.names.ky,
        "name_ru": one.names.ru,
        "name_en": one.names.en,
        "perceived_percent": one.perceived_percent,
        "perceived_som": one.perceived_som,
        "actual_percent": one.actual_percent,
        "actual_som": one.actual_som,
        "note": one.note,
    }
