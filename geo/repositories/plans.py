"""Plans, their activities, and the money put into them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from geo.domain.plan.totals import NOTHING, Sums, add_up
from geo.domain.plan_codes import ContributionForm, ContributionSource, ContributionState
from geo.domain.rights import LOCAL, Action, Actor, Subject, is_allowed
from geo.errors import Forbidden, NotFound
from geo.models import (
    Activity,
    ActivityStatus,
    Contribution,
    Cycle,
    GroupMember,
    Membership,
    Microproject,
    PeopleGroup,
    Plan,
    PlanApproval,
    PlanGoal,
    Record,
    Task,
)
from geo.models.governed import Governed
from geo.repositories.visibility import visible

__all__ = ["ActivityMoney", "PlanRepository", "money_by_activity"]

R = TypeVar("R", bound=Record)
G = TypeVar("G", bound=Governed)


@dataclass(frozen=True, slots=True)
class ActivityMoney:
    """What one source puts into an activity in one form."""

    activity_id: UUID
    source: ContributionSource
    form: ContributionForm
    sums: Sums


def money_by_activity(
    actor: Actor = LOCAL,
) -> Select[UUID, ContributionSource, ContributionForm, Any, Any, Any, Any, Any]:
    """Return the query of the money put into activities: one row for each activity, source and form.

    Parameters
    ----------
    actor
        Only contributions that this actor may see are counted.

    Returns
    -------
    Select
        Columns ``activity_id``, ``source``, ``form``; ``promised``, ``received`` and ``unpromised`` (what came without
        a promise) in whole som, exact on both engines; ``at_least`` (1 where a paper says "over") and ``untold`` (how
        many have no sum). What may be counted on is ``promised + unpromised``. Use it as a subquery, or execute it.
    """
    kept = aliased(Contribution)
    seen = visible(Contribution, actor, Subject.PLANS)
    of_promise: ColumnElement[bool] = kept.id == Contribution.promise_id
    if actor.municipalities(Action.READ, Subject.PLANS) is not None:
        # A promise that the actor may not see is none to them: what came of it counts by itself.
        of_promise = and_(of_promise, kept.id.in_(select(Contribution.id).where(seen)))
    amount = func.coalesce(Contribution.amount_som, 0)
    is_promise = Contribution.state == ContributionState.PROMISED
    is_unpromised = and_(Contribution.state == ContributionState.RECEIVED, kept.id.is_(None))
    return (
        select(
            Contribution.activity_id,
            Contribution.source,
            Contribution.form,
            func.sum(case((is_promise, amount), else_=0)).label("promised"),
            func.sum(case((is_promise, 0), else_=amount)).label("received"),
            func.sum(case((is_unpromised, amount), else_=0)).label("unpromised"),
            func.max(case((Contribution.at_least, 1), else_=0)).label("at_least"),
            func.sum(case((Contribution.amount_som.is_(None), 1), else_=0)).label("untold"),
        )
        .outerjoin(kept, of_promise)
        .where(seen)
        .group_by(Contribution.activity_id, Contribution.source, Contribution.form)
    )


class PlanRepository:
    """Queries on plans, for what one actor may see.

    Parameters
    ----------
    actor
        Lists and sums are of what this actor may see; the rows of a plan asked for by their id are not narrowed.
    """

    def __init__(self, session: Session, actor: Actor = LOCAL) -> None:
        self.session = session
        self.actor = actor

    def one(self, model: type[R], record_id: UUID, *, to_change: bool = False) -> R:
        """Return a row; ``to_change`` makes other writers wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        query = select(model).where(model.id == record_id)
        if to_change:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("record.unknown", id=record_id)
        return found

    def find(self, model: type[R], record_id: UUID | None) -> R | None:
        """Return a row, None where there is none with this id or it is withdrawn."""
        return None if record_id is None else self.session.scalar(select(model).where(model.id == record_id))

    def seen(self, model: type[R], record_id: UUID, subject: Subject) -> R:
        """Return a row that the actor may see.

        Raises
        ------
        NotFound
            There is none, or none for them.
        """
        found = self.session.scalar(select(model).where(model.id == record_id, visible(model, self.actor, subject)))
        if found is None:
            raise NotFound("record.unknown", id=record_id)
        return found

    def held(self, model: type[G], record_id: UUID, action: Action, subject: Subject) -> G:
        """Return a row to be changed; other writers wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none, or none for this actor.
        Forbidden
            The actor may see it and may not do this.
        """
        found = self.seen(model, record_id, subject)
        if not is_allowed(action, subject, self.actor, found.municipality_id):
            raise Forbidden("access.not_allowed")
        return self.one(model, record_id, to_change=True)

    def goals(self, plan_id: UUID) -> Sequence[PlanGoal]:
        """Return the goals of a plan in their order."""
        return self.session.scalars(
            select(PlanGoal)
            .where(PlanGoal.plan_id == plan_id, self._seen(PlanGoal))
            .order_by(PlanGoal.ordinal, PlanGoal.fid)
        ).all()

    def activities(self, plan_id: UUID) -> Sequence[Activity]:
        """Return the activities of a plan in their order."""
        return self.session.scalars(
            select(Activity)
            .where(Activity.plan_id == plan_id, self._seen(Activity))
            .order_by(Activity.ordinal, Activity.fid)
        ).all()

    def contents(self, plan_id: UUID) -> Sequence[Governed]:
        """Return all that belongs to a plan: approval, goals, tasks, activities and what hangs on these."""
        goals = select(PlanGoal.id).where(PlanGoal.plan_id == plan_id)
        activities = select(Activity.id).where(Activity.plan_id == plan_id)
        queries: tuple[Select[Any], ...] = (
            select(PlanApproval).where(PlanApproval.plan_id == plan_id),
            select(PlanGoal).where(PlanGoal.plan_id == plan_id),
            select(Task).where(Task.goal_id.in_(goals)),
            select(Activity).where(Activity.plan_id == plan_id),
            select(ActivityStatus).where(ActivityStatus.activity_id.in_(activities)),
            select(Contribution).where(Contribution.activity_id.in_(activities)),
            select(Microproject).where(Microproject.activity_id.in_(activities)),
        )
        return [row for query in queries for row in self.session.scalars(query)]

    def goals_of_tasks(self, plan_id: UUID) -> dict[UUID, UUID]:
        """Return the goal of each task of a plan."""
        rows = self.session.execute(
            select(Task.id, Task.goal_id).join(PlanGoal, PlanGoal.id == Task.goal_id).where(PlanGoal.plan_id == plan_id)
        )
        return {row.id: row.goal_id for row in rows}

    def money(self, *where: ColumnElement[bool]) -> dict[UUID, list[ActivityMoney]]:
        """Return the money put into activities, by activity; conditions are on the activity."""
        sums = money_by_activity(self.actor).subquery()
        rows = self.session.execute(
            select(sums).join(Activity, Activity.id == sums.c.activity_id).where(self._seen(Activity), *where)
        )
        found: defaultdict[UUID, list[ActivityMoney]] = defaultdict(list)
        for row in rows:
            counted = Sums(
                int(row.promised), int(row.received), int(row.unpromised), bool(row.at_least), int(row.untold)
            )
            found[row.activity_id].append(ActivityMoney(row.activity_id, row.source, row.form, counted))
        return dict(found)

    def money_of_plan(self, plan_id: UUID) -> dict[UUID, list[ActivityMoney]]:
        """Return the money of a plan's activities."""
        return self.money(Activity.plan_id == plan_id)

    def money_of_activity(self, activity_id: UUID) -> Sums:
        """Return the money put into one activity, all sources together."""
        found = self.money(Activity.id == activity_id).get(activity_id, [])
        return add_up(one.sums for one in found) if found else NOTHING

    def history(self, activity_id: UUID) -> Sequence[ActivityStatus]:
        """Return the entries of an activity's history in the order in which they were written."""
        return self.session.scalars(
            select(ActivityStatus).where(ActivityStatus.activity_id == activity_id).order_by(ActivityStatus.fid)
        ).all()

    def by_id(self, model: type[R], record_ids: Collection[UUID | None], subject: Subject) -> dict[UUID, R]:
        """Return the rows of these ids that stand and that the actor may see."""
        wanted = {one for one in record_ids if one is not None}
        if not wanted:
            return {}
        rows = self.session.scalars(select(model).where(model.id.in_(wanted), visible(model, self.actor, subject)))
        return {row.id: row for row in rows}

    def histories(self, activity_ids: Collection[UUID]) -> dict[UUID, list[ActivityStatus]]:
        """Return the entries of many activities' histories that the actor may see, in the order they were written."""
        rows = self.session.scalars(
            select(ActivityStatus)
            .where(ActivityStatus.activity_id.in_(activity_ids), self._seen(ActivityStatus))
            .order_by(ActivityStatus.fid)
        )
        found: defaultdict[UUID, list[ActivityStatus]] = defaultdict(list)
        for row in rows:
            found[row.activity_id].append(row)
        return dict(found)

    def given_to(self, activity_ids: Collection[UUID], source: ContributionSource) -> frozenset[UUID]:
        """Return the activities to which a source gave something that the actor may see; a promise is no gift."""
        return frozenset(
            self.session.scalars(
                select(Contribution.activity_id).where(
                    Contribution.activity_id.in_(activity_ids),
                    Contribution.source == source,
                    Contribution.state == ContributionState.RECEIVED,
                    self._seen(Contribution),
                )
            )
        )

    def approvals(self, plan_id: UUID) -> Sequence[PlanApproval]:
        """Return the steps of a plan's approval in the order in which they were written."""
        return self.session.scalars(
            select(PlanApproval).where(PlanApproval.plan_id == plan_id).order_by(PlanApproval.fid)
        ).all()

    def approvals_at(self, event_id: UUID) -> Sequence[PlanApproval]:
        """Return the steps that were taken at an event and that no later entry of the same step stands for."""
        later = aliased(PlanApproval)
        return self.session.scalars(
            select(PlanApproval)
            .where(
                PlanApproval.event_id == event_id,
                ~exists().where(
                    later.plan_id == PlanApproval.plan_id,
                    later.step == PlanApproval.step,
                    later.fid > PlanApproval.fid,
                    later.withdrawn_at.is_(None),
                ),
            )
            .order_by(PlanApproval.fid)
        ).all()

    def microprojects_of_meeting(self, event_id: UUID) -> Sequence[Microproject]:
        """Return the microprojects for which an event is one of the village's two meetings."""
        is_meeting = or_(Microproject.first_meeting_id == event_id, Microproject.second_meeting_id == event_id)
        return self.session.scalars(select(Microproject).where(is_meeting).order_by(Microproject.fid)).all()

    def microprojects_of_committee(self, group_id: UUID) -> Sequence[Microproject]:
        """Return the microprojects that a group is the committee of."""
        query = select(Microproject).where(Microproject.committee_id == group_id).order_by(Microproject.fid)
        return self.session.scalars(query).all()

    def received_of(self, promise_id: UUID, *, but: UUID) -> int:
        """Return what came of a promise in som, without one of the contributions."""
        received = select(func.sum(Contribution.amount_som)).where(
            Contribution.promise_id == promise_id, Contribution.id != but
        )
        return int(self.session.scalar(received) or 0)

    def members(self, group_id: UUID, today: date) -> Sequence[GroupMember]:
        """Return the members of a group, without those who have left."""
        return self.session.scalars(
            select(GroupMember)
            .where(
                GroupMember.group_id == group_id,
                or_(GroupMember.left_on.is_(None), GroupMember.left_on > today),
            )
            .order_by(GroupMember.fid)
        ).all()

    def villages(self, group: PeopleGroup) -> Sequence[UUID]:
        """Return where a group's members ought to come from: its village, or every village of its municipality.

        The villages are those of the year of the group's cycle; of a group of no cycle, those of all times.
        """
        if group.settlement_id is not None:
            return (group.settlement_id,)
        in_force: ColumnElement[bool] = true()
        if group.cycle_id is not None:
            year = self.session.scalar(select(Cycle.year).where(Cycle.id == group.cycle_id)) or 1
            in_force = and_(
                or_(Membership.valid_from.is_(None), Membership.valid_from <= date(year, 12, 31)),
                or_(Membership.valid_to.is_(None), Membership.valid_to > date(year, 1, 1)),
            )
        return self.session.scalars(
            select(Membership.settlement_id)
            .where(Membership.municipality_id == group.municipality_id, in_force)
            .group_by(Membership.settlement_id)
            .order_by(func.min(Membership.fid))
        ).all()

    def has_belonged(self, settlement_id: UUID, municipality_id: UUID) -> bool:
        """Return whether a settlement is or was part of a municipality."""
        found = select(Membership.fid).where(
            Membership.settlement_id == settlement_id, Membership.municipality_id == municipality_id
        )
        return self.session.scalar(found.limit(1)) is not None

    def hold_activity(self, activity_id: UUID) -> None:
        """Make other writers who hold an activity wait until this transaction ends."""
        held = select(Activity.fid).where(Activity.id == activity_id)
        self.session.execute(held.with_for_update(key_share=True))

    def microproject_of(self, activity_id: UUID, *, but: UUID | None = None) -> Microproject | None:
        """Return the microproject that an activity is, or one beside ``but``; None where there is none."""
        query = select(Microproject).where(Microproject.activity_id == activity_id)
        return self.session.scalar((query if but is None else query.where(Microproject.id != but)).limit(1))

    def plan_of(self, activity: Activity) -> Plan:
        """Return the plan of an activity."""
        return self.one(Plan, activity.plan_id)

    def _seen(self, model: type[Record]) -> ColumnElement[bool]:
        return visible(model, self.actor, Subject.PLANS)
