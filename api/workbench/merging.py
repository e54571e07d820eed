"""Merging like problems: the list of the village or the municipality, what might be the same, and what was decided."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.gallery.stability import What
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Subject
from geo.gallery import PriorityList, RankStability
from geo.services.gallery_decisions import Decisions, list_decisions
from geo.services.gallery_reading import list_stability, municipality_priorities, settlement_priorities
from maps.words import date_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}/problems/merging", response_class=HTMLResponse)
def merging(frame: AtPlace, level: ProblemLevel = ProblemLevel.SETTLEMENT) -> HTMLResponse:
    """Show what counts as one problem, in the village or over the villages of its municipality."""
    place = frame.place
    assert place is not None
    listed: PriorityList | None = None
    decisions: Decisions | None = None
    holds: list[str] = []
    with frame.store.read() as session:
        if place.cycle_id is not None and place.municipality_id is not None:
            if level is ProblemLevel.SETTLEMENT:
                listed = settlement_priorities(session, place.settlement_id, frame.actor, cycle_id=place.cycle_id)
            else:
                listed = municipality_priorities(session, place.municipality_id, frame.actor, year=place.year)
            decisions = list_decisions(session, listed, frame.actor)
            holds = _in_words(frame, list_stability(session, listed, frame.actor), decisions)
    may_write = frame.may(Action.CHANGE, Subject.PROBLEMS)
    return frame.show(
        "work/merging.html",
        room=Room.PROBLEMS,
        title=frame.say("merging.title"),
        scripts=["merging"],
        styles=["problems", "merging"],
        words=("merging.",),
        data={"may_write": may_write, "suggestions": _address(listed), "level": level, "lines": _lines(listed)},
        part="merging",
        level=level,
        levels=ProblemLevel,
        listed=listed,
        decisions=decisions,
        holds=holds,
        may_write=may_write,
    )


def _address(listed: PriorityList | None) -> str:
    """Return where the pairs that might be the same are asked for."""
    if listed is None:
        return ""
    if listed.settlement_id is not None:
        return f"/api/v1/settlements/{listed.settlement_id}/merge-suggestions?cycle={listed.cycle_id}"
    return f"/api/v1/municipalities/{listed.municipality_id}/merge-suggestions?year={listed.year}"


def _lines(listed: PriorityList | None) -> dict[str, Any]:
    """Return what the script needs to know of the problems of the list."""
    return {
        str(one.problem_id): {"title": one.title, "votes": one.votes, "level": one.level, "version": one.version}
        for one in (listed.lines if listed else ())
    }


def _in_words(frame: Frame, found: RankStability, decisions: Decisions) -> list[str]:
    """Say what hangs on one merge or one session, a sentence each; nothing where the first five hold anyway."""
    told = []
    for removal in found.stability.removals:
        is_known = removal.what is What.MERGE or removal.id in decisions.events
        if not removal.changes_priorities or not is_known:
            continue
        if removal.what is What.MERGE:
            without = frame.say("merging.holds.without_merge", title=decisions.titles.get(removal.id, "—"))
        else:
            held_on, group = decisions.events[removal.id]
            day = date_in_words(held_on, frame.language)
            without = frame.say("merging.holds.without_event", day=day, group=group.label(frame.language))
        named = {
            "merging.holds.entered": dict.fromkeys(found.titles[one] for one in removal.entered),
            "merging.holds.left": dict.fromkeys(found.titles[one] for one in removal.left),
        }
        parts = [frame.say(key, titles=", ".join(f"«{one}»" for one in some)) for key, some in named.items() if some]
        told.append(f"{without}: {'; '.join(parts)}.")
    return told
