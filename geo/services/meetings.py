"""Events that plans and microprojects lean on: what was decided there holds only as long as it was that meeting."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.labels import label_text
from geo.domain.plan.approval import EVENTS_OF_STEPS
from geo.errors import Refused
from geo.i18n import Text
from geo.models import AppraisalEvent, Plan
from geo.repositories.plans import PlanRepository
from geo.services.microprojects import check_microprojects

__all__ = ["check_meeting"]


def check_meeting(session: Session, event: AppraisalEvent) -> tuple[Text, ...]:
    """Hold an event with its changed kind and day against the plans that it approved and the microprojects it began.

    Returns
    -------
    tuple of Text
        What the method warns of in those microprojects.

    Raises
    ------
    Refused
        A plan's step was taken there, and the event is of another kind or day now; or a microproject has it as a
        meeting of the village, and it is none now or out of order.
    """
    repository = PlanRepository(session)
    with session.no_autoflush:
        for row in repository.approvals_at(event.id):
            if EVENTS_OF_STEPS.get(row.step) is not event.kind or row.taken_on != event.held_on:
                raise Refused(
                    "event.plan_leans_on_it",
                    title=repository.one(Plan, row.plan_id).title,
                    step=Text(f"approval_step.{row.step}", code=row.step.value),
                    taken_on=row.taken_on,
                )
        leaning = repository.microprojects_of_meeting(event.id)
        if leaning and event.kind is not EventKind.ASSEMBLY:
            raise Refused("microproject.meeting_kind", kind=label_text(event.kind))
        return check_microprojects(session, leaning)
