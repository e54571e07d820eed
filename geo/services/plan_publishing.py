"""Showing a plan to everybody with all that belongs to it (DOMAIN.md section 11: plan and budget figures are open)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL, Action, Actor, Subject
from geo.models import Plan
from geo.models.base import now
from geo.models.governed import Governed
from geo.repositories.plans import PlanRepository

__all__ = ["publish_plan"]


def publish_plan(session: Session, plan_id: UUID, *, shown: bool = True, actor: Actor = LOCAL) -> int:
    """Show a plan with its approval, goals, tasks, activities, histories, contributions and microprojects, or hide it.

    Who gives, and who entered what, stays private; groups and their members are not touched.

    Returns
    -------
    int
        How many records changed.

    Raises
    ------
    NotFound
        There is no such plan for this actor.
    Forbidden
        The actor may not publish plans there.
    """
    repository = PlanRepository(session, actor)
    plan = repository.held(Plan, plan_id, Action.PUBLISH, Subject.PLANS)
    changed = _show([plan, *repository.contents(plan_id)], shown)
    session.flush()
    return changed


def _show(rows: Iterable[Governed], shown: bool) -> int:
    moment = now() if shown else None
    changed = 0
    for row in rows:
        if shown is (row.published_at is None):
            row.published_at = moment
            changed += 1
    return changed
