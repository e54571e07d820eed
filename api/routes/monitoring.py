"""Monitoring beyond single records: chains of corrections, checklists, agreements, progress, and phones' uploads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.rest.bodies import MEDIA_TYPE_GEOJSON, answer, read_draft, shown
from api.rest.schemas import request_body, responses
from api.routes.access import Reader, Store, Who
from geo.domain.attendance import Sex
from geo.domain.clock import local_today
from geo.domain.labels import label
from geo.domain.monitoring.exit_poll import HalfYear
from geo.domain.monitoring_codes import AgeBand, Direction, FollowUpState, IndicatorState, Measure, PollAspect
from geo.errors import Refused
from geo.services.indicator_progress import exit_poll_summary, indicator_progress
from geo.services.records.reading import represent
from geo.services.records.resource import Resource
from geo.services.resources.monitoring import FINDINGS, FOLLOW_UPS, SCORES, VISITS
from geo.services.visit_recording import record_once
from geo.services.visit_reports import agreements_of_visit, checklist_of_visit, visit_chain, visits_of_activity

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["monitoring"])


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TotalsAnswer(_Answer):
    """What a checklist comes to; ``most`` is what its scored items could have brought."""

    points: int
    most: int
    percent: float | None
    scored: int
    missing: list[int]
    is_partial: bool


class ItemAnswer(_Answer):
    """An item of the checklist."""

    number: int
    item: str
    label: str
    most: int
    points: int | None
    comment: str


class ChangeAnswer(_Answer):
    """An item that two checklists scored."""

    item: int
    earlier: int
    later: int


class EarlierAnswer(_Answer):
    """An earlier checklist; ``change`` is over the items that both scored."""

    visit_id: UUID
    visited_at: datetime
    totals: TotalsAnswer
    change: int | None
    common: list[ChangeAnswer]


class ChecklistAnswer(_Answer):
    """The checklist of a visit beside earlier ones of the same activity or service."""

    visit_id: UUID
    visited_at: datetime
    totals: TotalsAnswer
    items: list[ItemAnswer]
    earlier: list[EarlierAnswer]


class AgreementAnswer(_Answer):
    """Something agreed on a visit, and where it stands today."""

    id: UUID
    words: str
    finding_id: UUID | None
    state: FollowUpState
    due_on: date | None
    first_due_on: date | None
    done_on: date | None
    times_postponed: int


class ValueAnswer(_Answer):
    """A measured value; ``share`` is that of the way from baseline to target."""

    measured_on: date
    value: float
    share: float | None


class ProgressAnswer(_Answer):
    """An indicator from its baseline to its target; ``share`` is never cut off at 0 or 1."""

    id: UUID
    title: str
    unit: str
    measure: Measure
    direction: Direction
    baseline: float | None
    baseline_year: int | None
    target: float | None
    target_year: int | None
    state: IndicatorState
    share: float | None
    remaining: float | None
    values: list[ValueAnswer]


class CellAnswer(_Answer):
    """People of one sex and age; no count: fewer than the public is told."""

    sex: Sex | None
    age: AgeBand | None
    count: int | None


class PollAnswer(_Answer):
    """An exit poll in numbers; what is null is not known, or rests on too few people."""

    half_year: str | None = Field(description="Which half-year, such as `2014-2`; null: all answers.")
    count: int | None
    means: dict[PollAspect, float | None]
    with_result: int | None
    without_result: int | None
    mean_official_som: float | None
    mean_unofficial_som: float | None
    paid_unofficially: int | None
    mean_related_som: float | None
    cells: list[CellAnswer]


@router.get("/monitoring-visits/{visit_id}/chain", summary="A visit and its corrections, the first first")
def read_chain(visit_id: UUID, store: Store, who: Who) -> JSONResponse:
    """Return every entry; ``latest_id`` is the one that stands."""
    with store.read() as session:
        found = visit_chain(session, visit_id, actor=who)
        body = {
            "type": "FeatureCollection",
            "chain_id": str(found.chain_id),
            "latest_id": found.latest_id and str(found.latest_id),
            "features": [shown(VISITS, entry) for entry in found.entries],
        }
    return JSONResponse(body, media_type=MEDIA_TYPE_GEOJSON)


@router.get("/activities/{activity_id}/visits", summary="Visits of an activity, the last first, each as it stands")
def read_visits(activity_id: UUID, store: Store, who: Who) -> JSONResponse:
    """Return the latest entry of each visit; a correction stands in the place of what it corrects."""
    with store.read() as session:
        rows = visits_of_activity(session, activity_id, actor=who)
        body = {"type": "FeatureCollection", "features": [shown(VISITS, row) for row in rows]}
    return JSONResponse(body, media_type=MEDIA_TYPE_GEOJSON)


@router.get("/monitoring-visits/{visit_id}/checklist", summary="The checklist of a visit, beside earlier ones")
def read_checklist(visit_id: UUID, store: Store, who: Who, language: Reader) -> ChecklistAnswer:
    """Return points, what is missing, and the change over the items that both scored."""
    with store.read() as session:
        found = checklist_of_visit(session, visit_id, actor=who)
    return ChecklistAnswer(
        visit_id=found.visit_id,
        visited_at=found.visited_at,
        totals=TotalsAnswer.model_validate(found.totals),
        items=[
            ItemAnswer(
                number=line.number,
                item=line.item,
                label=label(line.item, language),
                most=line.most,
                points=line.points,
                comment=line.comment,
            )
            for line in found.items
        ],
        earlier=[EarlierAnswer.model_validate(one) for one in found.earlier],
    )


@router.get("/monitoring-visits/{visit_id}/agreements", summary="What was agreed on a visit, and where it stands")
def read_agreements(
    visit_id: UUID,
    store: Store,
    who: Who,
    on: Annotated[date | None, Query(description="Day for which it is reckoned; today where left out.")] = None,
) -> list[AgreementAnswer]:
    """Return each agreement with its last due day and whether it is done, overdue or open."""
    with store.read() as session:
        found = agreements_of_visit(session, visit_id, actor=who, today=on or local_today())
    return [
        AgreementAnswer(
            id=one.id,
            words=one.words,
            finding_id=one.finding_id,
            state=one.standing.state,
            due_on=one.standing.due_on,
            first_due_on=one.standing.first_due_on,
            done_on=one.standing.done_on,
            times_postponed=one.standing.times_postponed,
        )
        for one in found
    ]


@router.get("/indicators/{indicator_id}/progress", summary="How far an indicator has come")
def read_progress(indicator_id: UUID, store: Store, who: Who) -> ProgressAnswer:
    """Return baseline, target, what was measured and the share of the way."""
    with store.read() as session:
        found = indicator_progress(session, indicator_id, actor=who)
    return ProgressAnswer(
        id=found.id,
        title=found.title,
        unit=found.unit,
        measure=found.measure,
        direction=found.direction,
        baseline=found.baseline,
        baseline_year=found.baseline_year,
        target=found.target,
        target_year=found.target_year,
        state=found.now.state,
        share=found.now.share,
        remaining=found.now.remaining,
        values=[ValueAnswer(measured_on=value.on, value=value.value, share=share) for value, share in found.values],
    )


@router.get("/settlements/{settlement_id}/exit-poll", summary="What people leaving an office said of a service")
def read_poll(
    settlement_id: UUID,
    store: Store,
    who: Who,
    service: Annotated[str, Query(min_length=1, max_length=500)],
    half_year: Annotated[str | None, Query(description="`2014-1` is January to June, `2014-2` the rest.")] = None,
) -> PollAnswer:
    """Return means and counts.

    The public is told one half-year once it is over, and nothing that rests on fewer than 5 people.
    """
    half = None if half_year is None else HalfYear.read(half_year)
    with store.read() as session:
        found = exit_poll_summary(session, settlement_id, service, actor=who, half=half)
    numbers = {name: getattr(found.numbers, name) for name in PollAnswer.model_fields if name != "half_year"}
    return PollAnswer.model_validate({**numbers, "half_year": found.half and str(found.half)})


def _add_upload(resource: Resource[Any]) -> None:
    @router.put(
        f"/{resource.name}/{{record_id}}",
        status_code=201,
        summary=f"Store one of the {resource.name} under the UUIDv7 that a phone gave it; again: nothing is done",
        openapi_extra={"requestBody": request_body(resource)},
        responses={**responses(resource, 201), 200: {"description": "It is stored already, with the same content."}},
        tags=[resource.name],
    )
    def store_once(
        record_id: UUID, body: Annotated[Any, Body()], store: Store, who: Who, language: Reader
    ) -> JSONResponse:
        form, other_id = read_draft(resource, body)
        if other_id not in (None, record_id):
            raise Refused("record.bad_id", id=other_id)
        with store.write(actor=who.ledger_name) as session:
            found = record_once(session, resource, record_id, form, actor=who)
            values = represent(session, resource, [found.record], actor=who)[0]
        return answer(resource, values, language=language, warnings=found.warnings, status=201 if found.is_new else 200)


for _resource in (VISITS, FINDINGS, FOLLOW_UPS, SCORES):
    _add_upload(_resource)
