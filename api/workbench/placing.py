"""Tying a sheet to the ground: the sheet and the map side by side, control points on both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.sheets.bodies import said_method
from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.georeference import Method
from geo.domain.labels import label
from geo.domain.rights import Action, Subject
from geo.services.session_sheets import EarlierSheet, sheet_to_place
from maps.words import date_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}/sheets/{sheet_id}/place", response_class=HTMLResponse)
def place_page(frame: AtPlace, sheet_id: UUID) -> HTMLResponse:
    """Show a sheet beside the map; its control points are set and moved on both."""
    place = frame.place
    assert place is not None
    with frame.store.read() as session:
        found = sheet_to_place(session, place.settlement_id, sheet_id, actor=frame.actor)
    methods = {said_method(method): label(method, frame.language) for method in Method}
    title = found.sheet.title or frame.say("taking.untitled")
    return frame.show(
        "work/placing.html",
        room=Room.MAP,
        title=frame.say("georef.title", title=title),
        scripts=["placing"],
        styles=["placing"],
        words=("georef.", "taking.good", "taking.doubtful", "taking.not_placed", "taking.error"),
        data={
            "sheet": {"id": found.sheet.id, "width_px": found.sheet.size[0], "height_px": found.sheet.size[1]},
            "version": f'"{found.sheet.version}"',
            "placement": found.placement,
            "method": said_method(found.sheet.method) if found.sheet.method else None,
            "smoothing": found.smoothing,
            "points": [point.to_json() for point in found.points],
            "lonlat": place.lonlat,
            "methods": methods,
            "others": [_beside(frame, other) for other in found.others],
            "draw_page": frame.address(f"sheets/{sheet_id}/draw"),
            "may_save": frame.may(Action.CHANGE, Subject.SHEETS),
        },
        sheet=found.sheet,
        sheet_title=title,
        whose=f"{found.group.label(frame.language)} · {date_in_words(found.held_on, frame.language)}",
        methods=methods,
        can_save=frame.may(Action.CHANGE, Subject.SHEETS),
    )


def _beside(frame: Frame, other: EarlierSheet) -> dict[str, Any]:
    named = other.title or frame.say("taking.untitled")
    group = other.group.label(frame.language)
    return {
        "id": other.id,
        "bounds": other.bounds,
        # Sheets are called by their group at first; that need not be said twice.
        "title": named if named.startswith(group) else f"{named} ({group})",
        "day": date_in_words(other.held_on, frame.language),
    }
