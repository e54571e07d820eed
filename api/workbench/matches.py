"""Drawings of several groups that may show one object: proposed as cards and on the map, decided by people."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse

from api.routes.matches import match_read
from api.workbench.frame import AtPlace, Room
from geo.domain.match_status import MatchStatus
from geo.domain.rights import Action, Subject
from geo.services.match_deciding import village_matches

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_SHOWN = (MatchStatus.PROPOSED, MatchStatus.CONFIRMED, MatchStatus.REJECTED)


@router.get("/work/{settlement_id}/{year}/matches", response_class=HTMLResponse)
def matches(frame: AtPlace) -> HTMLResponse:
    """Show what several groups of a village drew that may be one object."""
    assert frame.place is not None
    with frame.store.read() as session:
        found = village_matches(session, frame.place.settlement_id, actor=frame.actor, statuses=_SHOWN)
    return frame.show(
        "work/matches.html",
        room=Room.MAP,
        title=frame.say("matches_page.title"),
        scripts=["matches"],
        styles=["session_choice", "matches"],
        words=("matches_page.",),
        data={
            "settlement": frame.place.settlement_id,
            "lonlat": frame.place.lonlat,
            "editable": frame.may(Action.CHANGE, Subject.FEATURES),
            "matches": jsonable_encoder([match_read(one, frame.language) for one in found]),
        },
        editable=frame.may(Action.CHANGE, Subject.FEATURES),
    )
