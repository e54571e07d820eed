"""A plan from a workbook: looked at first, then taken in as a whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from api.routes.access import Reader, Store, Who
from api.uploads import ANY_SIZE, receive, upload_body
from geo.domain.labels import label
from geo.domain.plan.money import money_in_words
from geo.domain.plan_codes import ContributionSource
from geo.domain.rights import Action, Actor, Subject
from geo.domain.territory import DatePrecision
from geo.errors import Forbidden
from geo.exchange.plan_workbook import MOST_MEGABYTES
from geo.i18n import Language, text
from geo.services.plan_import import import_workbook
from geo.services.plan_intake import PlanReading, ReadRow, RowState, SumChange, read_workbook
from geo.services.workspace import Workspace
from geo.snapshots import Names
from maps.words import span_in_words

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["plans"])

_FILE = "XLSX, of ours or with the columns of a joint action plan."


class DifferenceRead(BaseModel):
    """What a row would change, in words."""

    field: str
    label: str
    was: str
    now: str


class ReadRowRead(BaseModel):
    """A row of the workbook and what it would do."""

    row: int = Field(description="Number of the row in the sheet, counting from 1.")
    state: RowState
    title: str
    activity_id: UUID | None
    goal: str
    task: str
    differences: list[DifferenceRead]
    reason: str = Field(description="Why it cannot be read, and what to do.")
    reason_key: str


class WorkbookReading(BaseModel):
    """A workbook held against a plan; nothing is stored."""

    plan_id: UUID
    sheet: str
    fingerprint: str = Field(description="Sent back to take in exactly what was looked at.")
    new: int
    changed: int
    same: int
    unreadable: int
    rows: list[ReadRowRead]
    missing: list[str] = Field(description="Activities of the plan that are not in the workbook; they stay.")


class WorkbookImport(BaseModel):
    """What was taken in."""

    plan_id: UUID
    new: int
    changed: int
    left_out: int


@router.post(
    "/plans/{plan_id}/workbook-readings",
    max_body_size=ANY_SIZE,
    summary="Look at what a workbook would change in a plan",
    openapi_extra={"requestBody": upload_body(_FILE)},
)
async def post_reading(plan_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> WorkbookReading:
    """Read a workbook and hold it against the plan, row by row; nothing is stored."""
    _refuse_public(who)
    with tempfile.TemporaryFile() as file:
        await receive(request, file, megabytes=MOST_MEGABYTES, fields=frozenset())
        return await run_in_threadpool(_read, store, plan_id, file, who, language)


@router.post(
    "/plans/{plan_id}/workbook-imports",
    max_body_size=ANY_SIZE,
    status_code=201,
    summary="Take a workbook into a plan",
    openapi_extra={
        "requestBody": upload_body(
            _FILE,
            fingerprint={"type": "string", "description": "Of the reading that was looked at."},
            leave_out_unreadable={"type": "string", "enum": ["true", "false"]},
        )
    },
)
async def post_import(plan_id: UUID, request: Request, store: Store, who: Who) -> WorkbookImport:
    """Store what was looked at, all of it or nothing; 409 where the plan or the file is another one now."""
    _refuse_public(who)
    with tempfile.TemporaryFile() as file:
        received = await receive(
            request, file, megabytes=MOST_MEGABYTES, fields=frozenset({"fingerprint", "leave_out_unreadable"})
        )
        take = partial(
            _take,
            store,
            plan_id,
            file,
            who,
            fingerprint=received.fields.get("fingerprint", ""),
            leave_out=received.fields.get("leave_out_unreadable") == "true",
        )
        return await run_in_threadpool(take)


def _refuse_public(who: Actor) -> None:
    if who.municipalities(Action.CHANGE, Subject.PLANS) == frozenset():
        raise Forbidden("access.not_allowed")  # before anything is taken in


def _read(store: Workspace, plan_id: UUID, file: Any, who: Actor, language: Language) -> WorkbookReading:
    with store.read() as session:
        reading = read_workbook(session, plan_id, file, actor=who)
        return WorkbookReading(
            plan_id=plan_id,
            sheet=reading.sheet,
            fingerprint=reading.fingerprint,
            **_counts(reading),
            rows=[_row(one, reading.villages, language) for one in reading.rows],
            missing=list(reading.missing),
        )


def _take(
    store: Workspace, plan_id: UUID, file: Any, who: Actor, *, fingerprint: str, leave_out: bool
) -> WorkbookImport:
    with store.write(actor=who.ledger_name) as session:
        done = import_workbook(
            session, plan_id, file, fingerprint=fingerprint, leave_out_unreadable=leave_out, actor=who
        )
    unreadable = done.reading.count(RowState.UNREADABLE)
    return WorkbookImport(plan_id=plan_id, new=done.new, changed=done.changed, left_out=unreadable)


def _counts(reading: PlanReading) -> dict[str, int]:
    return {state.value: reading.count(state) for state in RowState}


def _row(one: ReadRow, villages: Mapping[UUID, Names], language: Language) -> ReadRowRead:
    return ReadRowRead(
        row=one.number,
        state=one.state,
        title=one.title,
        activity_id=one.activity.id if one.activity else None,
        goal=one.goal.text if one.goal else "",
        task=one.task.text if one.task else "",
        differences=[*_differences(one, villages, language), *(_sum(change, language) for change in one.sums)],
        reason=one.reason(language) if one.reason else "",
        reason_key=one.reason.key if one.reason else "",
    )


def _differences(one: ReadRow, villages: Mapping[UUID, Names], language: Language) -> Iterator[DifferenceRead]:
    for difference in one.differences:
        if difference.field.startswith("deadline_"):
            continue
        yield DifferenceRead(
            field=difference.field,
            label=text(f"plan_page.field.{difference.field}", language),
            was=_in_words(difference.was, difference.field, villages, language),
            now=_in_words(difference.now, difference.field, villages, language),
        )
    if any(difference.field.startswith("deadline_") for difference in one.differences):
        yield DifferenceRead(
            field="deadline",
            label=text("plan_page.field.deadline", language),
            was=_span(one, language, is_now=False),
            now=_span(one, language, is_now=True),
        )


def _span(one: ReadRow, language: Language, *, is_now: bool) -> str:
    names = ("deadline_from", "deadline_to", "deadline_precision")
    kept: dict[str, Any] = {name: getattr(one.activity, name, None) for name in names}
    shown = {**kept, **one.fields} if is_now else kept
    precision = shown["deadline_precision"] or DatePrecision.DAY
    return span_in_words(shown["deadline_from"], shown["deadline_to"], language, precision)


def _sum(change: SumChange, language: Language) -> DifferenceRead:
    source: ContributionSource = change.source
    now = change.now
    words = money_in_words(now.som, language, at_least=now.at_least) if now.som is not None else ""
    if now.som is None and now.is_untold:
        words = text("plan_page.sum_untold", language)
    return DifferenceRead(
        field=f"sum.{source}",
        label=label(source, language),
        was=money_in_words(change.was, language) if change.was else "",
        now=words,
    )


def _in_words(value: Any, field: str, villages: Mapping[UUID, Names], language: Language) -> str:
    if value is None or value == "":
        return ""
    if field == "settlement_id":
        return villages[value].best(language) if value in villages else ""
    if field.endswith("_som"):
        return money_in_words(int(value), language)
    if isinstance(value, Enum):
        return label(value, language)
    return f"{value:g}" if isinstance(value, float) else str(value)
