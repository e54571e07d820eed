"""What was recorded of a village's year, counted: a fixed number of statements, for it is asked at every page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.plan_codes import ActivityStage
from geo.domain.rights import Actor, Subject
from geo.models import (
    Activity,
    AppraisalEvent,
    BudgetShare,
    CauseAnalysis,
    InstitutionCircle,
    MapFeature,
    MonitoringVisit,
    Plan,
    ProblemStatement,
    SketchSheet,
)
from geo.repositories.links import answers, standing
from geo.repositories.monitoring import stands
from geo.repositories.visibility import visible

__all__ = ["ActivityRow", "SessionRow", "StageRepository"]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session, and how much was recorded of it."""

    event: AppraisalEvent
    features: int
    unplaced: int
    circles: int
    shares: int
    votes: int


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity of the village, or of the whole municipality."""

    id: UUID
    title: str
    status: ActivityStage
    last_visit: datetime | None


class StageRepository:
    """Queries on a village's year, for what one actor may see."""

    def __init__(self, session: Session, actor: Actor, *, cycle_id: UUID, settlement_id: UUID) -> None:
        self.session = session
        self.actor = actor
        self.cycle_id = cycle_id
        self.settlement_id = settlement_id

    def sessions(self) -> Sequence[SessionRow]:
        """Return the sessions of the village, oldest first."""
        query = (
            select(
                AppraisalEvent,
                self._number(MapFeature),
                self._number(SketchSheet, SketchSheet.method.is_(None)),
                self._number(InstitutionCircle),
                self._number(BudgetShare),
                self._number(ProblemStatement, what=func.coalesce(func.sum(ProblemStatement.votes), 0)),
            )
            .where(
                AppraisalEvent.cycle_id == self.cycle_id,
                AppraisalEvent.settlement_id == self.settlement_id,
                AppraisalEvent.kind == EventKind.SESSION,
                standing(AppraisalEvent, self.actor),
            )
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        )
        return [SessionRow(*row) for row in self.session.execute(query)]

    def _number(self, model: Any, *where: Any, what: Any = None) -> ScalarSelect[int]:
        counted = func.count() if what is None else what
        query = select(counted).where(model.event_id == AppraisalEvent.id, standing(model, self.actor), *where)
        return query.correlate(AppraisalEvent).scalar_subquery()

    def analysed(self, problem_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of some problems of which somebody has written down causes."""
        query = select(CauseAnalysis.problem_id).where(
            CauseAnalysis.problem_id.in_(problem_ids), standing(CauseAnalysis, self.actor)
        )
        return frozenset(self.session.scalars(query))

    def answered(self, problem_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of some problems that an activity answers which was not stopped."""
        pairs = answers(self.actor).subquery()
        query = (
            select(pairs.c.problem_id)
            .join(Activity, Activity.id == pairs.c.activity_id)
            .where(pairs.c.problem_id.in_(problem_ids), Activity.status != ActivityStage.STOPPED)
        )
        return frozenset(self.session.scalars(query))

    def plans(self) -> Sequence[Plan]:
        """Return the plans of the year, the oldest first."""
        query = select(Plan).where(Plan.cycle_id == self.cycle_id, standing(Plan, self.actor))
        return self.session.scalars(query.order_by(Plan.fid)).all()

    def activities(self) -> Sequence[ActivityRow]:
        """Return what the year's plans do in the village or in the whole municipality, in the plan's order."""
        last = (
            select(func.max(MonitoringVisit.visited_at))
            .where(
                MonitoringVisit.activity_id == Activity.id,
                MonitoringVisit.withdrawn_at.is_(None),
                visible(MonitoringVisit, self.actor, Subject.MONITORING),
                stands(self.actor),
            )
            .correlate(Activity)
            .scalar_subquery()
        )
        query = (
            select(Activity.id, Activity.title, Activity.status, last)
            .join(Plan, Plan.id == Activity.plan_id)
            .where(
                Plan.cycle_id == self.cycle_id,
                or_(Activity.settlement_id == self.settlement_id, Activity.settlement_id.is_(None)),
                standing(Activity, self.actor),
                standing(Plan, self.actor),
            )
            .order_by(Activity.ordinal, Activity.fid)
        )
        return [ActivityRow(*row) for row in self.session.execute(query)]
