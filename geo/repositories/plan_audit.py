"""What an audit of a plan reads: a fixed number of statements, however large the plan is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.domain.venn.synonyms import institution_key, is_local_government
from geo.models import (
    Activity,
    AppraisalEvent,
    InstitutionCircle,
    InstitutionTie,
    MapFeature,
    MonitoringVisit,
    Settlement,
)
from geo.repositories.links import answers, standing
from geo.repositories.monitoring import stands

__all__ = ["Circle", "PlanAuditRepository"]


@dataclass(frozen=True, slots=True)
class Circle:
    """An institution of the cycle's diagrams, and whether a tie leads from it to the local government there."""

    id: UUID
    name: str
    key: str
    feature_id: UUID | None
    is_government: bool
    has_tie: bool


class PlanAuditRepository:
    """Queries of an audit, for what one actor may see."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor

    def answered(self, activity_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """Return the problems that each activity answers."""
        pairs = answers(self.actor).subquery()
        found: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for problem, activity in self.session.execute(
            select(pairs.c.problem_id, pairs.c.activity_id).where(pairs.c.activity_id.in_(activity_ids))
        ):
            found[activity].add(problem)
        return dict(found)

    def sites(self, activities: Sequence[Activity]) -> dict[UUID, MapFeature]:
        """Return the site objects of activities by the object's id."""
        wanted = {one.site_feature_id for one in activities if one.site_feature_id is not None}
        query = select(MapFeature).where(MapFeature.id.in_(wanted), standing(MapFeature, self.actor))
        return {one.id: one for one in self.session.scalars(query)}

    def last_visits(self, activity_ids: Collection[UUID]) -> dict[UUID, datetime]:
        """Return when each activity was last visited."""
        query = (
            select(MonitoringVisit.activity_id, func.max(MonitoringVisit.visited_at))
            .where(
                MonitoringVisit.activity_id.in_(activity_ids),
                standing(MonitoringVisit, self.actor),
                stands(self.actor),
            )
            .group_by(MonitoringVisit.activity_id)
        )
        return {activity: last for activity, last in self.session.execute(query) if activity is not None}

    def groups(self, cycle_id: UUID) -> dict[UUID, AppraisalEvent]:
        """Return the events of a cycle, for the group that met in each."""
        query = select(AppraisalEvent).where(AppraisalEvent.cycle_id == cycle_id, standing(AppraisalEvent, self.actor))
        return {one.id: one for one in self.session.scalars(query)}

    def settlement_names(self, settlement_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what settlements are called."""
        query = select(Settlement).where(Settlement.id.in_(settlement_ids))
        return {one.id: one.name_ky or one.name_ru or one.name_en for one in self.session.scalars(query)}

    def circles(self, cycle_id: UUID) -> tuple[Circle, ...]:
        """Return the institutions of a cycle's diagrams; a tie is touching, partial or full (DOMAIN.md section 4)."""
        events = select(AppraisalEvent.id).where(
            AppraisalEvent.cycle_id == cycle_id, AppraisalEvent.withdrawn_at.is_(None)
        )
        rows = self.session.scalars(
            select(InstitutionCircle)
            .where(InstitutionCircle.event_id.in_(events), standing(InstitutionCircle, self.actor))
            .order_by(InstitutionCircle.fid)
        ).all()
        named = {one.id: [one.name_ky, one.name_ru, one.name_en] for one in rows}
        government = {
            one.id
            for one in rows
            if (is_local_government(named[one.id]) if one.is_local_government is None else one.is_local_government)
        }
        tied: set[UUID] = set()
        for tie in self.session.scalars(
            select(InstitutionTie).where(InstitutionTie.event_id.in_(events), standing(InstitutionTie, self.actor))
        ):
            if tie.relation.is_tie and (tie.first_id in government) != (tie.second_id in government):
                tied |= {tie.first_id, tie.second_id}
        return tuple(
            Circle(
                one.id,
                next((name for name in named[one.id] if name), ""),
                institution_key(named[one.id]).removeprefix("="),
                one.feature_id,
                one.id in government,
                one.id in tied,
            )
            for one in rows
        )
