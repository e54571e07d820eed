"""Plans in figures, the steps of their approval, how activities go on, and who is in the groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.routes.access import Reader, Store, Who
from api.routes.plan_answers import (
    ApprovalAnswer,
    CompositionAnswer,
    HistoryAnswer,
    PlanSummaryAnswer,
    PublishedAnswer,
    StatusAnswer,
    ViabilityAnswer,
    WarningAnswer,
)
from geo.domain.clock import local_today
from geo.domain.plan_codes import ActivityStage, ApprovalStep
from geo.domain.territory import DatePrecision
from geo.i18n import Language, Text
from geo.services.people_groups import group_composition
from geo.services.plan_approval import enter_step, take_back_step
from geo.services.plan_progress import set_status
from geo.services.plan_publishing import publish_plan
from geo.services.plan_summary import activity_viability, plan_summary

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["plans"])

_LONGEST = 2000


class StatusBody(BaseModel):
    """A new entry of an activity's history."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"status": "under_way", "since": "2014-10-01", "precision": "month"}},
    )

    id: UUID | None = Field(default=None, description="UUIDv7 of the writer's making: sent again it is the same entry.")
    status: ActivityStage
    since: date
    precision: DatePrecision = DatePrecision.DAY
    note: str = Field(default="", max_length=_LONGEST)
    corrects_id: UUID | None = Field(default=None, description="The entry in whose place this one shall stand.")


class StepBody(BaseModel):
    """A step of a plan's approval."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"step": "council_session", "taken_on": "2014-06-20", "document": "Токтом № 5"},
        },
    )

    step: ApprovalStep
    taken_on: date
    event_id: UUID | None = Field(default=None, description="The planning meeting or assembly, if it is an event here.")
    document: str = Field(default="", max_length=_LONGEST)
    correcting: bool = Field(default=False, description="Takes the place of the same step entered before.")


class TakingBack(BaseModel):
    """Why the last step is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "Кеңеш кайра карады"}})

    step: ApprovalStep
    reason: str = Field(min_length=1, max_length=_LONGEST)


class Showing(BaseModel):
    """Whether everybody sees the plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"published": True}})

    published: bool


@router.get("/plans/{plan_id}/summary", summary="A plan in figures: money, stages, goals, settlements, what is late")
def read_summary(plan_id: UUID, store: Store, who: Who) -> PlanSummaryAnswer:
    """Add up what who asks may see; every total is exact."""
    with store.read() as session:
        return PlanSummaryAnswer.of(plan_summary(session, plan_id, actor=who, today=local_today()))


@router.post("/plans/{plan_id}/approval-steps", status_code=201, summary="Enter the next step of a plan's approval")
def post_step(plan_id: UUID, body: StepBody, store: Store, who: Who) -> ApprovalAnswer:
    """Write planning meeting, assembly, council session or local budget, in this order; or correct one of them."""
    with store.write(actor=who.ledger_name) as session:
        path = enter_step(
            session,
            plan_id,
            step=body.step,
            taken_on=body.taken_on,
            event_id=body.event_id,
            document=body.document,
            correcting=body.correcting,
            actor=who,
            today=local_today(),
        )
        return ApprovalAnswer.model_validate(path)


@router.post("/plans/{plan_id}/approval-steps/take-back", summary="Take the last step of a plan's approval back")
def take_back(plan_id: UUID, body: TakingBack, store: Store, who: Who) -> ApprovalAnswer:
    """Withdraw it with its reason; it stays in the store."""
    with store.write(actor=who.ledger_name) as session:
        path = take_back_step(session, plan_id, body.step, reason=body.reason, actor=who)
        return ApprovalAnswer.model_validate(path)


@router.post("/plans/{plan_id}/publish-all", summary="Show a plan with all that belongs to it, or hide it")
def publish_all(plan_id: UUID, body: Showing, store: Store, who: Who) -> PublishedAnswer:
    """Publish approval, goals, tasks, activities, histories, contributions and microprojects with the plan."""
    with store.write(actor=who.ledger_name) as session:
        return PublishedAnswer(changed=publish_plan(session, plan_id, shown=body.published, actor=who))


@router.post("/activities/{activity_id}/status", status_code=201, summary="Set how far an activity has come")
def post_status(
    *, activity_id: UUID, body: StatusBody, store: Store, who: Who, language: Reader, response: Response
) -> StatusAnswer:
    """Add an entry to the history; nothing is overwritten, a mistake is answered by a correction."""
    with store.write(actor=who.ledger_name) as session:
        done = set_status(
            session,
            activity_id,
            stage=body.status,
            since=body.since,
            precision=body.precision,
            note=body.note,
            corrects_id=body.corrects_id,
            entry_id=body.id,
            actor=who,
            today=local_today(),
        )
    response.headers["ETag"] = f'"{done.version}"'
    return StatusAnswer(
        entry_id=done.entry_id,
        status=done.status,
        since=done.since,
        precision=done.precision,
        history=[HistoryAnswer.model_validate(line) for line in done.history],
        warnings=_warnings(done.warnings, language),
    )


@router.get("/activities/{activity_id}/viability", summary="Whether an activity has money enough to begin")
def read_viability(activity_id: UUID, store: Store, who: Who) -> ViabilityAnswer:
    """Compare need and capacity: a gap above half of the need is not viable, exactly half is."""
    with store.read() as session:
        return ViabilityAnswer.of(activity_viability(session, activity_id, actor=who))


@router.get("/groups/{group_id}/composition", summary="Who is in a group, in numbers, compared with the method")
def read_composition(group_id: UUID, store: Store, who: Who, language: Reader) -> CompositionAnswer:
    """Count members by sex and standing; counts below five are not for everybody."""
    with store.read() as session:
        found = group_composition(session, group_id, actor=who, today=local_today())
    return CompositionAnswer(
        members=found.members,
        women=found.women,
        men=found.men,
        young=found.young,
        poor_households=found.poor_households,
        by_standing=found.by_standing,
        villages_missing=list(found.villages_missing),
        from_list=found.from_list,
        warnings=_warnings(found.warnings, language),
    )


def _warnings(warnings: Iterable[Text], language: Language) -> list[WarningAnswer]:
    return [WarningAnswer(key=one.key, text=one(language)) for one in warnings]
