"""Stage 8: everything to hand out, of the village, of the municipality and of each event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.rendering.kinds import OFFERS, Chart, RenderingFormat, RenderingKind
from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.clock import local_today
from geo.domain.events import EventKind
from geo.domain.forms import FormKind
from geo.domain.labels import label
from geo.domain.rights import Action, Subject
from geo.services.handouts import year_to_hand_out
from geo.snapshots import Audience, CycleSnapshot, HeldEvent
from maps.words import date_in_words

__all__ = ["Paper", "Shelf", "router"]

router = APIRouter(include_in_schema=False)

_WORDS = {FormKind.SESSION_MINUTES, FormKind.FOCUS_GROUP_REPORT, FormKind.PLANNING_MEETING_REPORT}
"""Papers without a table: they are no workbook."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to make.

    Attributes
    ----------
    missing
        Key of the message that says what has to be done first; empty where nothing has.
    to
        Room where that is done.
    """

    kind: RenderingKind
    title: str
    parameters: dict[str, str]
    formats: tuple[RenderingFormat, ...]
    missing: str = ""
    to: Room | None = None
    public_only: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """Papers about one thing."""

    id: str
    title: str
    papers: tuple[Paper, ...]


@router.get("/work/{settlement_id}/{year}/report", response_class=HTMLResponse)
def report(frame: AtPlace) -> HTMLResponse:
    """Show what can be handed out of a village's year, and what is missing for the rest."""
    assert frame.place is not None
    cycle, years = _cycle(frame)
    return frame.show(
        "work/report.html",
        room=Room.REPORT,
        title=frame.say("report_page.title"),
        scripts=("report",),
        styles=("report",),
        words=("report_page.",),
        data={"language": frame.language},
        shelves=tuple(_shelves(frame, cycle, years)),
        may_see_all=frame.may(Action.READ, Subject.PLANS),
        audiences=tuple(Audience),
        plain=plain,
    )


def _cycle(frame: Frame) -> tuple[CycleSnapshot | None, tuple[int, ...]]:
    place = frame.place
    if place is None or place.municipality_id is None:
        return None, ()
    with frame.store.read() as session:
        return year_to_hand_out(
            session, frame.store.pictures, place.municipality_id, place.year, actor=frame.actor, today=local_today()
        )


def _shelves(frame: Frame, cycle: CycleSnapshot | None, years: tuple[int, ...]) -> Iterator[Shelf]:
    place = frame.place
    assert place is not None
    if cycle is not None:
        where = {"municipality_id": str(cycle.municipality.id), "year": str(place.year)}
        village = {**where, "settlement_id": str(place.settlement_id)}
        own = cycle.of_settlement(place.settlement_id)
        yield Shelf("village", place.settlement.best(frame.language), tuple(_of_village(frame, own, village, years)))
        yield Shelf("municipality", place.municipality.best(frame.language), tuple(_of_all(frame, cycle, where)))
        for event in own.events:
            title = f"{label(event.kind, frame.language)}, {date_in_words(event.held_on, frame.language)}"
            yield Shelf(
                f"event-{event.id}", f"{title} · {event.group.label(frame.language)}", tuple(_of_event(frame, event))
            )
    blank = tuple(_form(frame, form, {"blank": "true"}) for form in FormKind)
    yield Shelf("blank", frame.say("report_page.blank"), blank)


def _of_village(frame: Frame, cycle: CycleSnapshot, where: dict[str, str], years: tuple[int, ...]) -> Iterator[Paper]:
    sessions = "" if any(one.kind is EventKind.SESSION for one in cycle.events) else "report_page.no_sessions"
    problems = "" if cycle.problems else "report_page.no_problems"
    visits = "" if cycle.visits else "report_page.no_visits"
    yield _made(frame, RenderingKind.VILLAGE_MAP, where, missing=sessions, to=Room.MAP)
    yield _made(frame, RenderingKind.POSTER, where, missing=problems, to=Room.PROBLEMS)
    yield _form(frame, FormKind.SESSION_REPORT, where, missing=sessions, to=Room.MAP)
    yield _chart(frame, Chart.VOTES, where, missing=problems, to=Room.PROBLEMS)
    yield _form(frame, FormKind.MONITORING_REPORT, where, missing=visits, to=Room.MONITORING)
    if years:
        nearest = min(years, key=lambda one: abs(one - int(where["year"])))
        yield _made(
            frame,
            RenderingKind.YEARS_COMPARED,
            {**where, "other_year": str(nearest)},
            note=str(nearest),
            missing=sessions,
        )


def _of_all(frame: Frame, cycle: CycleSnapshot, where: dict[str, str]) -> Iterator[Paper]:
    plan = "" if cycle.plan else "report_page.no_plan"
    visits = "" if cycle.visits else "report_page.no_visits"
    problems = "" if cycle.municipality_problems else "report_page.no_problems"
    yield _made(frame, RenderingKind.MUNICIPALITY_MAP, where, missing=problems, to=Room.PROBLEMS)
    yield _made(frame, RenderingKind.PLAN_MAP, where, missing=plan, to=Room.PLAN)
    yield _form(frame, FormKind.JOINT_ACTION_PLAN, where, missing=plan, to=Room.PLAN)
    yield _chart(frame, Chart.MONEY, where, missing=plan, to=Room.PLAN)
    yield _chart(frame, Chart.STATUS, where, missing=plan, to=Room.PLAN)
    yield _made(frame, RenderingKind.MONITORING_MAP, where, missing=visits, to=Room.MONITORING)
    yield _form(frame, FormKind.MONITORING_REPORT, where, missing=visits, to=Room.MONITORING)
    yield _made(frame, RenderingKind.POSTER, where, missing=problems, to=Room.PROBLEMS)


def _of_event(frame: Frame, event: HeldEvent) -> Iterator[Paper]:
    about = {"event_id": str(event.id)}
    people = "" if event.participant_list else "report_page.no_people"
    yield _form(frame, FormKind.PARTICIPANT_LIST, about, missing=people, to=Room.HOME)
    if event.kind is EventKind.FOCUS_GROUP:
        yield _form(frame, FormKind.FOCUS_GROUP_REPORT, about)
    elif event.kind is EventKind.PLANNING_MEETING:
        yield _form(frame, FormKind.PLANNING_MEETING_REPORT, about)
    elif event.kind is EventKind.SESSION:
        yield _form(frame, FormKind.SESSION_MINUTES, about)
        yield _made(frame, RenderingKind.SESSION_MAP, about)
        venn = "" if event.venns else "report_page.no_venn"
        yield _made(frame, RenderingKind.VENN, about, missing=venn, to=Room.VENN)
        if len(event.venns) > 1:
            yield _made(frame, RenderingKind.VENN_PAIR, about)
        bread = "" if event.bread else "report_page.no_bread"
        yield _chart(frame, Chart.BREAD, about, missing=bread, to=Room.BREAD)


def _made(
    frame: Frame,
    kind: RenderingKind,
    parameters: dict[str, str],
    *,
    note: str = "",
    missing: str = "",
    to: Room | None = None,
) -> Paper:
    offer = OFFERS[kind]
    title = frame.say(f"rendering.kind.{kind}") + (f" · {note}" if note else "")
    return Paper(kind, title, parameters, offer.formats, missing, to, offer.public_only)


def _chart(
    frame: Frame, chart: Chart, parameters: dict[str, str], *, missing: str = "", to: Room | None = None
) -> Paper:
    title = frame.say(f"report_page.chart.{chart}")
    formats = OFFERS[RenderingKind.CHART].formats
    return Paper(RenderingKind.CHART, title, {**parameters, "chart": chart.value}, formats, missing, to)


def _form(
    frame: Frame, form: FormKind, parameters: dict[str, str], *, missing: str = "", to: Room | None = None
) -> Paper:
    formats = tuple(
        one for one in OFFERS[RenderingKind.FORM].formats if one is not RenderingFormat.XLSX or form not in _WORDS
    )
    given = {**parameters, "form": form.value}
    return Paper(RenderingKind.FORM, label(form, frame.language), given, formats, missing, to)


def plain(paper: Paper) -> dict[str, Any]:
    """Return what is asked of the service for a paper."""
    values: dict[str, Any] = dict(paper.parameters)
    for name in ("year", "other_year"):
        if name in values:
            values[name] = int(values[name])
    if "blank" in values:
        values["blank"] = True
    return {"kind": paper.kind.value, "parameters": values}
