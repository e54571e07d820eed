"""The steps of a plan from the planning meeting into the local budget (DOMAIN.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.plan.approval import EVENTS_OF_STEPS, ApprovedStep, check_path, next_step, standing_path
from geo.domain.plan_codes import ApprovalStep
from geo.domain.rights import LOCAL, Action, Actor, Subject
from geo.errors import Refused
from geo.i18n import Text
from geo.models import AppraisalEvent, Cycle, Plan, PlanApproval
from geo.models.base import now
from geo.repositories.plans import PlanRepository

__all__ = ["ApprovalLine", "ApprovalPath", "approval_path", "enter_step", "take_back_step"]


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A step as it holds."""

    id: UUID
    step: ApprovalStep
    taken_on: date
    event_id: UUID | None
    document: str
    set_by: str


@dataclass(frozen=True, slots=True)
class ApprovalPath:
    """How far a plan has come."""

    steps: tuple[ApprovalLine, ...]
    next_step: ApprovalStep | None
    """None once it is in the budget."""


def enter_step(
    session: Session,
    plan_id: UUID,
    *,
    step: ApprovalStep,
    taken_on: date,
    event_id: UUID | None = None,
    document: str = "",
    correcting: bool = False,
    actor: Actor = LOCAL,
    today: date,
) -> ApprovalPath:
    """Write a step of a plan's approval.

    Parameters
    ----------
    step, taken_on
        What was taken and when.
    event_id
        The planning meeting or assembly, where it is entered as an event; it was held on that day.
    document
        Minutes, decision or line of the budget, in words.
    correcting
        Whether it takes the place of the same step entered before, which stays readable.
    actor
        Who writes it.
    today
        No step was taken after it.

    Raises
    ------
    NotFound
        There is no such plan for this actor, or no such event.
    Forbidden
        The actor may not change plans there.
    Refused
        The step is out of order (see `geo.domain.plan.approval.check_path`), or the event is of another kind, day or
        municipality.
    """
    repository = PlanRepository(session, actor)
    plan = repository.held(Plan, plan_id, Action.CHANGE, Subject.PLANS)
    written = repository.approvals(plan_id)
    if event_id is not None:
        _check_event(repository, plan, repository.one(AppraisalEvent, event_id), step, taken_on)
    check_path([_step(row) for row in written], ApprovedStep(step, taken_on), correcting=correcting, today=today)
    corrected = next((row for row in reversed(written) if row.step is step), None)
    session.add(
        PlanApproval(
            plan_id=plan_id,
            municipality_id=plan.municipality_id,
            published_at=plan.published_at,
            step=step,
            taken_on=taken_on,
            event_id=event_id,
            document=document.strip(),
            set_by=session.info[ACTOR],
            corrects_id=corrected.id if corrected else None,
        )
    )
    session.flush()
    return approval_path(session, plan_id, tells_who=True)


def take_back_step(
    session: Session, plan_id: UUID, step: ApprovalStep, *, reason: str, actor: Actor = LOCAL
) -> ApprovalPath:
    """Take the last step back: it was entered by mistake, or the decision fell. Its rows stay, withdrawn.

    Raises
    ------
    NotFound
        There is no such plan for this actor.
    Forbidden
        The actor may not change plans there.
    Refused
        It is not the last step that was taken.
    """
    repository = PlanRepository(session, actor)
    repository.held(Plan, plan_id, Action.CHANGE, Subject.PLANS)
    written = repository.approvals(plan_id)
    path = standing_path([_step(row) for row in written])
    if not path:
        raise Refused("plan.step_not_taken", step=_word(step))
    if path[-1].step is not step:
        raise Refused("plan.step_not_last", last=_word(path[-1].step))
    for row in written:
        if row.step is step:
            row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now(), session.info[ACTOR], reason.strip()
    session.flush()
    return approval_path(session, plan_id, tells_who=True)


def approval_path(session: Session, plan_id: UUID, *, tells_who: bool) -> ApprovalPath:
    """Return how far a plan has come; who entered the steps, and steps not published, are not for everybody."""
    written = [row for row in PlanRepository(session).approvals(plan_id) if tells_who or row.published_at is not None]
    latest = {row.step: row for row in written}
    lines = tuple(
        ApprovalLine(row.id, row.step, row.taken_on, row.event_id, row.document, row.set_by if tells_who else "")
        for row in (latest[step] for step in ApprovalStep if step in latest)
    )
    return ApprovalPath(lines, next_step([_step(row) for row in written]))


def _check_event(
    repository: PlanRepository, plan: Plan, event: AppraisalEvent, step: ApprovalStep, taken_on: date
) -> None:
    if EVENTS_OF_STEPS.get(step) is not event.kind:
        raise Refused("plan.step_event_kind", step=_word(step))
    if event.held_on != taken_on:
        raise Refused("plan.step_event_day", held_on=event.held_on, taken_on=taken_on)
    if repository.one(Cycle, event.cycle_id).municipality_id != plan.municipality_id:
        raise Refused("plan.elsewhere")


def _step(row: PlanApproval) -> ApprovedStep:
    return ApprovedStep(row.step, row.taken_on)


def _word(step: ApprovalStep) -> Text:
    return Text(f"approval_step.{step}", code=step.value)
