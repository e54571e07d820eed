"""Queries for reading a plan from a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.models import Activity, Contribution, Membership, PlanGoal, Settlement, Task
from geo.repositories.links import standing

__all__ = ["PlanIntakeRepository"]


class PlanIntakeRepository:
    """What hangs on a plan, for what one actor may see."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor

    def tasks(self, plan_id: UUID) -> Sequence[Task]:
        """Return the tasks of a plan in their order."""
        goals = select(PlanGoal.id).where(PlanGoal.plan_id == plan_id)
        return self.session.scalars(
            select(Task).where(Task.goal_id.in_(goals), standing(Task, self.actor)).order_by(Task.ordinal, Task.fid)
        ).all()

    def contributions(self, plan_id: UUID) -> Sequence[Contribution]:
        """Return what was promised and given to the activities of a plan, in the order in which it was entered."""
        activities = select(Activity.id).where(Activity.plan_id == plan_id, standing(Activity, self.actor))
        return self.session.scalars(
            select(Contribution)
            .where(Contribution.activity_id.in_(activities), standing(Contribution, self.actor))
            .order_by(Contribution.fid)
        ).all()

    def villages(self, municipality_id: UUID) -> Sequence[Settlement]:
        """Return the settlements that belong or belonged to a municipality."""
        ever = select(Membership.settlement_id).where(Membership.municipality_id == municipality_id)
        return self.session.scalars(select(Settlement).where(Settlement.id.in_(ever)).order_by(Settlement.fid)).all()
