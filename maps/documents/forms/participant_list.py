"""The list that the participants of a session sign (DOMAIN.md section 10); it is never public (section 11)."""

from __future__ import annotations

from geo.domain.events import EventKind
from geo.errors import Refused
from geo.i18n import Language, text
from geo.snapshots import HeldEvent
from maps.documents.forms.openings import (
    event_fields,
    event_title,
    fields,
    head_count_fields,
    paper,
    place_fields,
    signatures,
)
from maps.documents.model import Align, Cell, Column, Document, Orientation, Row, Table, blank_rows
from maps.documents.request import FormRequest

__all__ = ["participant_list"]

_ROOM_FOR = {EventKind.PLANNING_MEETING: 45, EventKind.ASSEMBLY: 75, EventKind.HEARING: 75}
"""Lines of a blank list; a session and a focus group have 20 to 25 people (DOMAIN.md section 2)."""
_USUAL_ROOM = 25


def participant_list(request: FormRequest) -> Document:
    """Build the list.

    Raises
    ------
    Refused
        It is asked for the public.
    """
    if request.is_public:
        raise Refused("documents.list_not_public")
    event = request.event(tuple(EventKind))
    language = request.language
    known = fields(
        place_fields(request, request.settlement(event)),
        event_fields(request, event),
        head_count_fields(request, event),
        columns=2,
    )
    kind = event.kind if event else EventKind.SESSION
    return paper(
        request,
        text("documents.participant_list", language),
        [
            (
                Orientation.PORTRAIT,
                [
                    known,
                    _table(event, language),
                    *signatures(request, people=_signing(event, language)),
                ],
            )
        ],
        subtitle=event_title(request, kind),
    )


def _signing(event: HeldEvent | None, language: Language) -> list[tuple[str, str]]:
    names = event.facilitator_names[:2] if event else ()
    office = text("documents.facilitator", language)
    return [(office, name) for name in (*names, "", "")[:2]]


def _table(event: HeldEvent | None, language: Language) -> Table:
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.person", language), 3.6),
        Column(text("documents.age", language), 1.0, Align.RIGHT),
        Column(text("documents.occupation", language), 2.2),
        Column(text("documents.contact", language), 2.0),
        Column(text("documents.signature_column", language), 1.7),
    )
    people = sorted(event.participant_list, key=lambda one: one.number) if event else []
    rows = tuple(
        Row(
            (
                Cell(str(one.number), one.number),
                Cell(one.name),
                Cell("" if one.age is None else str(one.age), one.age),
                Cell(one.occupation),
                Cell(one.contact),
                Cell(text("documents.signed", language) if one.signed else ""),
            )
        )
        for one in people
    )
    if people:
        room = (event.participants or 0) if event else 0  # who was counted but not written down gets a line as well
    else:
        room = _ROOM_FOR.get(event.kind, _USUAL_ROOM) if event else _USUAL_ROOM
    last = people[-1].number if people else 0
    return Table(
        columns,
        rows + blank_rows(columns, max(0, room - len(rows)), numbered_from=last + 1),
        name=text("documents.sheet_participants", language),
        row_mm=6.4,
    )
