"""``ayilmap event …``: sessions, focus groups, meetings, assemblies and hearings."""

from __future__ import annotations

import re
import sys
from typing import Annotated
from uuid import UUID

import typer

from api.cli.day_option import DAY, read_day
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.clock import local_today
from geo.domain.events import EventKind, GroupSex, SessionGroup
from geo.domain.labels import label
from geo.domain.participation import HeadCount
from geo.errors import Refused
from geo.i18n import text

__all__ = ["event"]

event = typer.Typer(help="Sessions, focus groups, meetings, assemblies and hearings.", no_args_is_help=True)

_AGES = re.compile(r"\s*(\d{1,3})\s*(?:\+|[-–]\s*(\d{1,3}))\s*")


@event.command("list", epilog="Example: ayilmap event list --lang en")
def list_events(as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """List the events with their ids."""
    from geo.services.overview import overview

    chosen = language(lang)
    with open_settings().workspace.read() as session:
        villages = overview(session, chosen, today=local_today())
    rows = [(village, item) for village in villages for item in village.events]
    lines = [
        f"{item.id}  {item.held_on}  {village.names.best(chosen)}  {label(item.kind, chosen)}, {item.group}  "
        + text("page.features", chosen, count=item.features)
        for village, item in rows
    ]
    values = [
        {"id": item.id, "held_on": item.held_on, "settlement": village.names.best(chosen), "features": item.features}
        for village, item in rows
    ]
    report({"events": values}, as_json=as_json, lines=lines or [text("command.no_events", chosen)])


@event.command("add")
def add_event(
    *,
    settlement_id: Annotated[UUID, typer.Option("--settlement", help="Id; see “ayilmap settlement find”.")],
    day: Annotated[str, typer.Option("--date", metavar=DAY, help="The day, such as 2026-03-01.")],
    kind: Annotated[EventKind, typer.Option(help="What it was.")] = EventKind.SESSION,
    ages: Annotated[str, typer.Option(help="Ages invited, such as 18-35 or 56+; without: all.")] = "",
    sex: Annotated[GroupSex, typer.Option(help="Who was invited.")] = GroupSex.MIXED,
    other: Annotated[str, typer.Option(help="Another grouping in words, such as one street.")] = "",
    reason: Annotated[str, typer.Option(help="Why another group than 18-35, 36-55, 56+ was invited.")] = "",
    participants: Annotated[int | None, typer.Option(help="How many came.")] = None,
    women: Annotated[int | None, typer.Option(help="Women among them.")] = None,
    facilitators: Annotated[int | None, typer.Option(help="How many facilitators led it.")] = None,
    place: Annotated[str, typer.Option(help="Where it was held, in words.")] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Enter an event; what the method advises otherwise is said, but does not stop it.

    Example: ayilmap event add --settlement 01a20004-b16b-71b2-bc71-6bc1d5b423e8 --date 2026-03-01 --ages 18-35
    --participants 24 --women 13 --facilitators 2 --place "мектеп"
    """
    from geo.services.events import add_event as enter

    chosen = language(lang)
    held_on = read_day(day)
    age_from, age_to = _ages(ages)
    group = SessionGroup(age_from=age_from, age_to=age_to, sex=sex, other=other, reason=reason)
    people = HeadCount(participants=participants, women=women, facilitators=facilitators)
    with open_settings().workspace.write(actor="ayilmap event add") as session:
        added = enter(
            session,
            settlement_id=settlement_id,
            kind=kind,
            held_on=held_on,
            group=group,
            people=people,
            place=place,
        )
    warnings = [warning(chosen) for warning in added.warnings]
    sys.stderr.writelines(line + "\n" for line in warnings)
    what = f"{held_on}, {label(kind, chosen)}, {group.label(chosen)}"
    report(
        {"event": added.id, "cycle": added.cycle_id, "warnings": warnings},
        as_json=as_json,
        lines=[text("command.event_added", chosen, what=what, id=added.id)],
    )


def _ages(words: str) -> tuple[int | None, int | None]:
    """Return the first and last age of ``18-35`` or ``56+``; None where there is none."""
    if not words.strip():
        return None, None
    found = _AGES.fullmatch(words)
    if found is None:
        raise Refused("group.ages_unreadable", ages=words)
    first, last = found.groups()
    return int(first), None if last is None else int(last)
