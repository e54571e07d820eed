"""Everything of a municipality's year in sets: as many statements for one village as for a hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from geo.domain.clock import KYRGYZSTAN
from geo.domain.linking import LinkState
from geo.domain.match_status import MatchStatus
from geo.domain.rights import Actor
from geo.models import (
    Activity,
    ActivityStatus,
    AppraisalEvent,
    CauseAnalysis,
    Contribution,
    Cycle,
    FeatureMatch,
    FeatureMatchSource,
    GroupMember,
    MapFeature,
    Membership,
    MonitoringVisit,
    Participant,
    PeopleGroup,
    Plan,
    PlanApproval,
    PlanGoal,
    Problem,
    ProblemFeature,
    ProblemMerge,
    ProblemMergeSource,
    Record,
    Settlement,
    SettlementBoundary,
    SketchSheet,
    Task,
)
from geo.repositories.links import answers, standing
from geo.repositories.monitoring import stands
from geo.repositories.visibility import visible

__all__ = ["CycleRepository", "years_of"]

R = TypeVar("R", bound=Record)


def years_of(session: Session, municipality_id: UUID) -> Sequence[int]:
    """Return the years in which a municipality had a cycle, the first first."""
    query = select(Cycle.year).where(Cycle.municipality_id == municipality_id).order_by(Cycle.year)
    return session.scalars(query).all()


class CycleRepository:
    """Queries on a cycle, each of everything that one actor may see of it.

    Parameters
    ----------
    cycle
        The municipality's year.
    actor
        Who reads.
    settlement_id
        One village's events only.
    """

    def __init__(self, session: Session, cycle: Cycle, actor: Actor, *, settlement_id: UUID | None = None) -> None:
        self.session = session
        self.cycle = cycle
        self.actor = actor
        self.settlement_id = settlement_id

    def settlements(self) -> Sequence[Settlement]:
        """Return the villages that belonged to the municipality on a day of the year, in the order they came."""
        first, last = date(self.cycle.year, 1, 1), date(self.cycle.year, 12, 31)
        belonged = select(Membership.settlement_id).where(
            Membership.municipality_id == self.cycle.municipality_id,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= last),
            or_(Membership.valid_to.is_(None), Membership.valid_to > first),
        )
        return self.session.scalars(
            select(Settlement).where(Settlement.id.in_(belonged)).order_by(Settlement.fid)
        ).all()

    def boundaries(self) -> Sequence[SettlementBoundary]:
        """Return every boundary of villages that were ever the municipality's, as they came."""
        ever = select(Membership.settlement_id).where(Membership.municipality_id == self.cycle.municipality_id)
        return self.session.scalars(
            select(SettlementBoundary)
            .where(SettlementBoundary.settlement_id.in_(ever))
            .order_by(SettlementBoundary.fid)
        ).all()

    def events(self) -> Sequence[AppraisalEvent]:
        """Return the events in the order of their days."""
        return self.session.scalars(
            select(AppraisalEvent).where(*self._of_cycle()).order_by(AppraisalEvent.held_on, AppraisalEvent.fid)
        ).all()

    def of_events(self, model: type[R], *order: Any) -> dict[UUID, list[R]]:
        """Return what was recorded in the events, by event; in the order asked for, then as it came.

        Rows of tables that the public never reads are only returned to those who may.
        """
        table: Any = model
        seen = visible(model, self.actor, never_public=model in (Participant, SketchSheet))
        query = (select(model).where(table.event_id.in_(self._event_ids()), seen, *_not_withdrawn(model))).order_by(
            *order, table.fid
        )
        found: defaultdict[UUID, list[R]] = defaultdict(list)
        for row in self.session.scalars(query):
            found[row.event_id].append(row)  # type: ignore[attr-defined]
        return dict(found)

    def matches(self, *, all_of_them: bool) -> list[tuple[FeatureMatch, tuple[UUID, ...]]]:
        """Return the confirmed matches of several drawings of the cycle with those that may be seen, the surest first.

        Parameters
        ----------
        all_of_them
            Whether the actor sees matches as such; else only those of which they see every drawing: a shape that
            others had a part in would tell of theirs.
        """
        here = FeatureMatchSource.event_id.in_(self._event_ids())
        drawn_here = select(FeatureMatchSource.match_id).where(here)
        shown = select(MapFeature.id).where(standing(MapFeature, self.actor))
        confirmed = (FeatureMatch.status == MatchStatus.CONFIRMED, FeatureMatch.id.in_(drawn_here))
        sources = self.session.execute(
            select(
                FeatureMatchSource.match_id,
                FeatureMatchSource.feature_id,
                FeatureMatchSource.feature_id.in_(shown),
                here,
            )
            .join(FeatureMatch, FeatureMatch.id == FeatureMatchSource.match_id)
            .where(*confirmed, FeatureMatchSource.feature_id.is_not(None))
            .order_by(FeatureMatchSource.fid)
        )
        drawings: defaultdict[UUID, list[UUID]] = defaultdict(list)
        hidden: set[UUID] = set()
        for match_id, feature_id, is_shown, is_here in sources:
            if not is_shown:
                hidden.add(match_id)
            elif is_here and feature_id is not None:
                drawings[match_id].append(feature_id)
        rows = self.session.scalars(
            select(FeatureMatch).where(*confirmed).order_by(FeatureMatch.score.desc(), FeatureMatch.fid)
        )
        return [
            (one, tuple(drawings[one.id]))
            for one in rows
            if len(drawings[one.id]) > 1 and (all_of_them or one.id not in hidden)
        ]

    def causes(self) -> Sequence[CauseAnalysis]:
        """Return what focus groups found out about the problems, as it came."""
        return self.session.scalars(
            select(CauseAnalysis)
            .where(CauseAnalysis.problem_id.in_(self._problem_ids()), standing(CauseAnalysis, self.actor))
            .order_by(CauseAnalysis.fid)
        ).all()

    def merge_reasons(self) -> list[tuple[UUID, str]]:
        """Return the reasons of standing merges with the problem that each put others into, the oldest first."""
        undone = select(ProblemMergeSource.merge_id).where(ProblemMergeSource.undone_at.is_(None))
        query = (
            select(ProblemMerge.into_id, ProblemMerge.reason)
            .where(
                ProblemMerge.into_id.in_(self._problem_ids()),
                ProblemMerge.id.in_(undone),
                standing(ProblemMerge, self.actor),
            )
            .order_by(ProblemMerge.decided_at, ProblemMerge.fid)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def problem_features(self) -> list[tuple[UUID, UUID]]:
        """Return the objects that cause or show problems: pairs of problem and object, confirmed ones alone."""
        query = (
            select(ProblemFeature.problem_id, ProblemFeature.feature_id)
            .join(MapFeature, MapFeature.id == ProblemFeature.feature_id)
            .where(
                ProblemFeature.problem_id.in_(self._problem_ids()),
                ProblemFeature.state == LinkState.CONFIRMED,
                standing(ProblemFeature, self.actor),
                standing(MapFeature, self.actor),
            )
            .order_by(ProblemFeature.score.desc().nulls_last(), ProblemFeature.fid)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def answers(self) -> list[tuple[UUID, UUID]]:
        """Return which activities answer which problems: pairs of problem and activity, in the order of the plan."""
        pairs = answers(self.actor).subquery()
        query = (
            select(pairs.c.problem_id, pairs.c.activity_id)
            .join(Activity, Activity.id == pairs.c.activity_id)
            .where(pairs.c.problem_id.in_(self._problem_ids()), standing(Activity, self.actor))
            .order_by(Activity.ordinal, Activity.fid)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def plans(self) -> Sequence[Plan]:
        """Return the plans of the cycle, the oldest first."""
        return self.session.scalars(
            select(Plan).where(Plan.cycle_id == self.cycle.id, standing(Plan, self.actor)).order_by(Plan.fid)
        ).all()

    def tasks(self, plan_id: UUID) -> Sequence[Task]:
        """Return the tasks of a plan in their order."""
        goals = select(PlanGoal.id).where(PlanGoal.plan_id == plan_id)
        return self.session.scalars(
            select(Task).where(Task.goal_id.in_(goals), standing(Task, self.actor)).order_by(Task.ordinal, Task.fid)
        ).all()

    def contributions(self, plan_id: UUID) -> dict[UUID, list[Contribution]]:
        """Return what was promised and given to the activities of a plan, by activity."""
        return self._of_activities(Contribution, plan_id)

    def histories(self, plan_id: UUID) -> dict[UUID, list[ActivityStatus]]:
        """Return the entries of the histories of a plan's activities as they were written, by activity."""
        return self._of_activities(ActivityStatus, plan_id)

    def approvals(self, plan_id: UUID) -> Sequence[PlanApproval]:
        """Return the steps of a plan's approval in the order in which they were written."""
        return self.session.scalars(
            select(PlanApproval)
            .where(PlanApproval.plan_id == plan_id, standing(PlanApproval, self.actor))
            .order_by(PlanApproval.fid)
        ).all()

    def visits(self) -> Sequence[MonitoringVisit]:
        """Return every visit by its standing entry, newest first.

        Those to activities of the cycle's plans whenever they were made; those to services, offices and problems where
        they were made from the cycle's year to the last of its plans.
        """
        plans = select(Plan.id).where(Plan.cycle_id == self.cycle.id)
        # Whoever may see the plans: which years are shown together does not depend on who asks.
        last = self.session.scalar(select(func.max(Plan.year_to)).where(Plan.cycle_id == self.cycle.id))
        years = (self.cycle.year, max(self.cycle.year, last or 0) + 1)
        begin, end = (datetime(year, 1, 1, tzinfo=KYRGYZSTAN) for year in years)
        of_plans = MonitoringVisit.activity_id.in_(select(Activity.id).where(Activity.plan_id.in_(plans)))
        of_years = and_(
            MonitoringVisit.activity_id.is_(None),
            MonitoringVisit.municipality_id == self.cycle.municipality_id,
            MonitoringVisit.visited_at >= begin,
            MonitoringVisit.visited_at < end,
        )
        query = select(MonitoringVisit).where(
            or_(of_plans, of_years), standing(MonitoringVisit, self.actor), stands(self.actor)
        )
        if self.settlement_id is not None:
            query = query.where(MonitoringVisit.settlement_id == self.settlement_id)
        return self.session.scalars(query.order_by(MonitoringVisit.visited_at.desc(), MonitoringVisit.fid.desc())).all()

    def groups(self) -> Sequence[PeopleGroup]:
        """Return the groups of people of the cycle, and those of the municipality that are of no cycle."""
        return self.session.scalars(
            select(PeopleGroup).where(*self._groups(), standing(PeopleGroup, self.actor)).order_by(PeopleGroup.fid)
        ).all()

    def members(self, day: date) -> dict[UUID, list[GroupMember]]:
        """Return the members of the groups, by group, without those who have left; for whoever counts them."""
        query = select(GroupMember).where(
            GroupMember.group_id.in_(select(PeopleGroup.id).where(*self._groups())),
            or_(GroupMember.left_on.is_(None), GroupMember.left_on > day),
        )
        found: defaultdict[UUID, list[GroupMember]] = defaultdict(list)
        for member in self.session.scalars(query.order_by(GroupMember.fid)):
            found[member.group_id].append(member)
        return dict(found)

    def _of_activities(self, model: type[R], plan_id: UUID) -> dict[UUID, list[R]]:
        table: Any = model
        activities = select(Activity.id).where(Activity.plan_id == plan_id)
        query = select(model).where(table.activity_id.in_(activities), standing(model, self.actor))
        found: defaultdict[UUID, list[R]] = defaultdict(list)
        for row in self.session.scalars(query.order_by(table.fid)):
            found[row.activity_id].append(row)  # type: ignore[attr-defined]
        return dict(found)

    def _of_cycle(self) -> list[ColumnElement[bool]]:
        found = [AppraisalEvent.cycle_id == self.cycle.id, standing(AppraisalEvent, self.actor)]
        if self.settlement_id is not None:
            found.append(AppraisalEvent.settlement_id == self.settlement_id)
        return found

    def _event_ids(self) -> Select[UUID]:
        return select(AppraisalEvent.id).where(*self._of_cycle())

    def _problem_ids(self) -> Select[UUID]:
        return select(Problem.id).where(Problem.cycle_id == self.cycle.id)

    def _groups(self) -> list[ColumnElement[bool]]:
        return [
            PeopleGroup.municipality_id == self.cycle.municipality_id,
            or_(PeopleGroup.cycle_id == self.cycle.id, PeopleGroup.cycle_id.is_(None)),
        ]


def _not_withdrawn(model: Any) -> list[ColumnElement[bool]]:
    return [model.withdrawn_at.is_(None)] if hasattr(model, "withdrawn_at") else []
