"""The first page of a village and year: what is done, what is next, and the map."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from api.workbench.recent import remember
from geo.domain.plan_codes import ActivityStage
from geo.domain.rights import Action, Subject
from geo.domain.stages import Stage, StageProgress
from geo.services.village_year import village_year

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_NEEDED: Final = MappingProxyType(
    {
        Stage.MAP: (Action.CREATE, Subject.FEATURES),
        Stage.VENN: (Action.CREATE, Subject.INSTITUTIONS),
        Stage.BREAD: (Action.CREATE, Subject.BUDGET),
        Stage.PROBLEMS: (Action.CREATE, Subject.PROBLEMS),
        Stage.CAUSES: (Action.CREATE, Subject.PROBLEMS),
        Stage.PLAN: (Action.CREATE, Subject.PLANS),
        Stage.MONITORING: (Action.CREATE, Subject.MONITORING),
        Stage.REPORT: (Action.PUBLISH, Subject.EVENTS),
    }
)
"""What somebody must be allowed for the next step of a stage to be theirs."""


@router.get("/work/{settlement_id}/{year}", response_class=HTMLResponse)
def village(frame: AtPlace) -> HTMLResponse:
    """Show a village's year."""
    place = frame.place
    assert place is not None
    with frame.store.read() as session:
        glance = village_year(session, place, actor=frame.actor)
    counted = [(stage, (glance.activities or {}).get(stage, 0)) for stage in ActivityStage]
    answer = frame.show(
        "work/village.html",
        room=Room.HOME,
        title=f"{place.settlement.best(frame.language)} · {place.year}",
        scripts=["village", "tour"],
        styles=["village", "tour"],
        words=("tour.", "kind."),
        data={
            "lonlat": place.lonlat,
            "settlement": place.settlement_id,
            "events": glance.event_ids,
            "problems": [{"id": one.id, "rank": one.rank, "centre": one.centre} for one in glance.problems],
        },
        glance=glance,
        next=_next(frame),
        may_enter_events=frame.may(Action.CREATE, Subject.EVENTS),
        activities=[(stage, number) for stage, number in counted if number],
    )
    remember(answer, frame.request, place.settlement_id, place.year)
    return answer


def _next(frame: Frame) -> StageProgress | None:
    """Return the first thing missing that whoever looks can see to; else the first that is missing at all."""
    missing = [one for one in frame.progress if one.next is not None]
    own = [one for one in missing if frame.may(*_NEEDED[one.stage])]
    return next(iter(own or missing), None)
