"""Where problems are: placed on the map by hand, and linked to what causes or shows them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from shapely.geometry import mapping

from api.workbench.frame import AtPlace, Room
from geo.domain.rights import Action, Subject
from geo.errors import NotFound
from geo.services.problem_places import ProblemPlaces, problem_places

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}/problems/places", response_class=HTMLResponse)
def places(frame: AtPlace) -> HTMLResponse:
    """Show the map with the village's problems on it, those without a place first in the list."""
    place = frame.place
    assert place is not None
    found: ProblemPlaces | None = None
    if place.cycle_id is not None:
        with frame.store.read() as session:
            try:
                found = problem_places(session, place.settlement_id, place.cycle_id, frame.actor)
            except NotFound as error:
                if error.key != "gallery.no_cycle":
                    raise
    problems = _problems(found)
    may_write = frame.may(Action.CHANGE, Subject.PROBLEMS)
    return frame.show(
        "work/places.html",
        room=Room.PROBLEMS,
        title=frame.say("pins.title"),
        scripts=["places"] if problems else [],
        styles=["problems", "places"],
        words=("pins.", "kind.", "feature_role.", "link_state."),
        data={
            "may_write": may_write,
            "may_link": frame.may(Action.CHANGE, Subject.LINKS),
            "problems": problems,
            "outline": mapping(found.outline) if found else None,
            "lonlat": place.lonlat,
            "settlement_id": place.settlement_id,
        },
        part="places",
        problems=problems,
        may_write=may_write,
    )


def _problems(found: ProblemPlaces | None) -> list[dict[str, Any]]:
    """Return the problems as the page and its script take them."""
    return [
        {
            "id": str(one.line.problem_id),
            "title": one.line.title,
            "votes": one.line.votes,
            "rank": one.line.rank,
            "is_priority": one.line.is_priority,
            "geometry": mapping(one.geometry) if one.geometry is not None else None,
        }
        for one in (found.problems if found else ())
    ]
