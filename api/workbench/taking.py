"""The first stage of a year: who met, the photos of the sheets they drew, and what to do with each."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.routes.access import serving
from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.events import STANDARD_GROUPS, EventKind, GroupSex
from geo.domain.rights import Action, Subject
from geo.errors import Forbidden
from geo.i18n import Text
from geo.services.session_review import session_review
from geo.services.session_sheets import EventSheets, SheetLine, sheets_of_year

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TODO = {
    "reading.blurred": "blurred",
    "reading.too_far": "too_far",
    "reading.dark": "dark",
    "reading.glare": "glare",
    "reading.slanted": "slanted",
    "reading.inexact": "uneven",
    "reading.uneven": "uneven",
    "reading.contradicting": "uneven",
    "reading.cut_off": "cut_off",
    "reading.few_marks": "few_marks",
    "reading.too_few_marks": "few_marks",
    "reading.blank": "blank",
    "sheets.nothing_drawn": "blank",
    "sheets.no_drawing": "no_drawing",
    "sheets.small_photo": "small",
}
"""What was found wanting, and what to do about it; what is not here concerns the control points or the key."""


@router.get("/work/{settlement_id}/{year}/map", response_class=HTMLResponse)
def sheets_page(frame: AtPlace) -> HTMLResponse:
    """Show the meetings of a village's year with their sheets; photos of more are taken here."""
    place = frame.place
    assert place is not None
    can_withdraw = frame.may(Action.WITHDRAW, Subject.SHEETS)
    with frame.store.read() as session:
        events = sheets_of_year(session, place.settlement_id, place.year, actor=frame.actor)
        missing = _missing(session, frame)
    return frame.show(
        "work/taking.html",
        room=Room.MAP,
        title=frame.say("taking.title", village=place.settlement.best(frame.language), year=place.year),
        scripts=["taking", "taking_event"],
        styles=["taking"],
        words=("taking.",),
        data={
            "settlement": place.settlement_id,
            "year": place.year,
            "events": [_event_data(frame, event) for event in events],
            "upload_megabytes": serving(frame.request).upload_megabytes,
            "sheet_page": frame.address("sheets/"),
            "can_withdraw": can_withdraw,
        },
        events=events,
        todo=lambda sheet: _todo(frame, sheet),
        missing=missing,
        is_begun=any(event.draws for event in events),
        next_event=next((event.id for event in events if event.draws and not event.sheets), None),
        can_take=frame.may(Action.CREATE, Subject.SHEETS),
        can_withdraw=can_withdraw,
        can_add=frame.may(Action.CREATE, Subject.EVENTS),
        is_compared=sum(event.draws for event in events) > 1,
        kinds=tuple(EventKind),
        sexes=tuple(GroupSex),
        groups=STANDARD_GROUPS,
        first_day=date(place.year, 1, 1),
        last_day=date(place.year, 12, 31),
    )


def _missing(session: Session, frame: Frame) -> tuple[Text, ...]:
    """Return what the method would have otherwise; nothing for those who do not see all that was held."""
    assert frame.place is not None
    try:
        return session_review(session, frame.place.settlement_id, frame.place.year, actor=frame.actor).warnings
    except Forbidden:
        return ()


def _event_data(frame: Frame, event: EventSheets) -> dict[str, Any]:
    return {"id": event.id, "group": event.group.label(frame.language), "sheets": len(event.sheets)}


def _todo(frame: Frame, sheet: SheetLine) -> list[str]:
    """Return what to do about a sheet, each thing once."""
    found = {}
    for reason in sheet.reasons:
        name = _TODO.get(reason) or ("key" if reason.startswith("reading.") else "points")
        found[name] = frame.say(f"taking.todo.{name}")
    return list(found.values())
