"""Stage 6: the joint action plan, table and map in one (DOMAIN.md section 8)."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from api.workbench.plan_view import Wanted, group_code, group_in_words, places_of, view_of
from geo.domain.clock import local_today
from geo.domain.labels import label
from geo.domain.plan.money import money_in_words
from geo.domain.plan_codes import (
    ActivityStage,
    ApprovalStep,
    ContributionForm,
    ContributionSource,
    ContributionState,
    Coverage,
    Purpose,
    Responsible,
)
from geo.domain.rights import Action, Subject
from geo.domain.territory import DatePrecision
from geo.services.plan_board import PlanBoard, plan_board
from geo.services.plan_comparison import Fate, PlanComparison, compare_plans
from maps.words import day_in_words, distance_in_words, span_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

E = TypeVar("E", bound=Enum)
_SCRIPTS = ("plan",)
_STYLES = ("plan", "plan_parts")
Word = Annotated[str, Query(max_length=200)]


@router.get("/work/{settlement_id}/{year}/plan", response_class=HTMLResponse)
def plan(
    *,
    frame: AtPlace,
    plan: Word = "",
    open: Word = "",
    village: Word = "",
    purpose: Word = "",
    source: Word = "",
    status: Word = "",
    group: Word = "",
    only: Word = "",
    compare: Word = "",
) -> HTMLResponse:
    """Show the plan of the municipality; what is asked for wrongly narrows nothing."""
    assert frame.place is not None
    wanted = Wanted(
        village=_id(village),
        purpose=_code(Purpose, purpose),
        source=_code(ContributionSource, source),
        status=_code(ActivityStage, status),
        group=group,
        only=only,
    )
    board, earlier = _read(frame, _id(plan), compare=bool(compare))
    shared = _shared(frame, board, wanted, earlier)
    if board is None or board.plan is None:
        return frame.show(
            "work/plan_none.html",
            room=Room.PLAN,
            title=frame.say("frame.room.plan"),
            scripts=("plan_begin",),
            styles=_STYLES,
            words=("plan_page.",),
            data={
                "municipality": frame.place.municipality_id,
                "cycle": frame.place.cycle_id,
                "year": frame.place.year,
                "mayWrite": shared["may_write"],
            },
            **shared,
        )
    view = view_of(board, wanted, frame.language)
    opened = next((one for one in view.rows if str(one.row.shown.id) == open), None)
    return frame.show(
        "work/plan.html",
        room=Room.PLAN,
        title=board.plan.title,
        scripts=_SCRIPTS,
        styles=_STYLES,
        words=("plan_page.", "stage.", "workbook."),
        data={
            **places_of(board, view.rows, frame.language),
            "plan": board.plan.id,
            "planVersion": board.version,
            "cycle": board.cycle_id,
            "municipality": board.municipality.id,
            "settlement": frame.place.settlement_id,
            "year": frame.place.year,
            "opened": opened.row.shown.id if opened else None,
            "mayWrite": shared["may_write"],
            "lonlat": frame.place.lonlat,
        },
        view=view,
        opened=opened,
        **shared,
    )


def _read(frame: Frame, plan_id: UUID | None, *, compare: bool) -> tuple[PlanBoard | None, PlanComparison | None]:
    place = frame.place
    if place is None or place.municipality_id is None:
        return None, None
    today = local_today()
    with frame.store.read() as session:
        board = plan_board(session, place.municipality_id, place.year, plan_id=plan_id, actor=frame.actor, today=today)
        if board is None or board.plan is None or not compare:
            return board, None
        return board, compare_plans(session, board, place.year, actor=frame.actor, today=today)


def _shared(frame: Frame, board: PlanBoard | None, wanted: Wanted, earlier: PlanComparison | None) -> dict[str, Any]:
    language = frame.language
    return {
        "board": board,
        "wanted": wanted,
        "earlier": earlier,
        "may_write": frame.may(Action.CHANGE, Subject.PLANS),
        "may_publish": frame.may(Action.PUBLISH, Subject.PLANS),
        "distance": lambda metres: distance_in_words(metres, language),
        "money": lambda som: money_in_words(som, language),
        "span": lambda one: span_in_words(one.deadline_from, one.deadline_to, language, one.deadline_precision),
        "dated": lambda day, precision=DatePrecision.DAY: day_in_words(day, language, precision),
        "group_words": lambda one: group_in_words(one, language),
        "group_code": group_code,
        "codes": {
            "purposes": sorted(Purpose, key=lambda one: (one is Purpose.OTHER, label(one, language))),
            "sources": tuple(ContributionSource),
            "forms": tuple(ContributionForm),
            "states": tuple(ContributionState),
            "stages": tuple(ActivityStage),
            "responsible": tuple(Responsible),
            "precisions": tuple(DatePrecision),
            "coverages": tuple(Coverage),
            "steps": tuple(ApprovalStep),
        },
        "fates": tuple(Fate),
        "query": dict(frame.request.query_params),
        "with_query": lambda **changed: _address(frame, changed),
    }


def _address(frame: Frame, changed: dict[str, Any]) -> str:
    """Return the address of this page with some of what is asked for changed."""
    asked = {name: value for name, value in frame.request.query_params.items() if name != "lang"}
    asked |= {name: str(value) for name, value in changed.items()}
    return frame.address(Room.PLAN, **{name: value for name, value in asked.items() if value})


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _code(kind: type[E], written: str) -> E | None:
    try:
        return kind(written)
    except ValueError:
        return None
