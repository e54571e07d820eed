"""Links between problems, objects and activities, and what follows from them as one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, select, true, union
from sqlalchemy.orm import Session

from geo.domain.linking import LinkState
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden, NotFound
from geo.models import (
    Activity,
    MapFeature,
    PlanGoal,
    Problem,
    ProblemActivity,
    ProblemFeature,
    Record,
    SiteProposal,
    Task,
)
from geo.repositories.visibility import visible

__all__ = ["LinkRepository", "answers", "standing", "under"]

Link = TypeVar("Link", ProblemFeature, ProblemActivity, SiteProposal)
R = TypeVar("R", bound=Record)


def standing(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a row is not withdrawn and the actor may see it."""
    withdrawn = getattr(model, "withdrawn_at", None)
    return and_(visible(model, actor), true() if withdrawn is None else withdrawn.is_(None))


def under(problem_id: UUID) -> Select[UUID]:
    """Return the query of a problem and of all that was merged into it, at any depth."""
    inside = select(Problem.id.label("id")).where(Problem.id == problem_id).cte("inside", recursive=True)
    # UNION, not UNION ALL: were there ever a ring of merges, it would end all the same.
    inside = inside.union(select(Problem.id).join(inside, Problem.merged_into_id == inside.c.id))
    return select(inside.c.id)


def answers(actor: Actor) -> CompoundSelect[UUID, UUID]:
    """Return the query of (problem, activity) that answer each other.

    An activity answers the problem of its goal, and every problem that people linked it to.
    """
    by_goal = (
        select(PlanGoal.problem_id.label("problem_id"), Activity.id.label("activity_id"))
        .join(Task, Task.goal_id == PlanGoal.id)
        .join(Activity, Activity.task_id == Task.id)
        .where(
            PlanGoal.problem_id.is_not(None),
            standing(PlanGoal, actor),
            standing(Task, actor),
            standing(Activity, actor),
        )
    )
    by_people = select(ProblemActivity.problem_id, ProblemActivity.activity_id).where(
        ProblemActivity.state == LinkState.CONFIRMED, standing(ProblemActivity, actor)
    )
    return union(by_goal, by_people)


class LinkRepository:
    """Queries on links."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def seen(self, model: type[R], record_id: UUID, actor: Actor) -> R:
        """Return a row that an actor may see.

        Raises
        ------
        NotFound
            There is none, it is withdrawn, or it is none for them.
        """
        found = self.session.scalar(select(model).where(model.id == record_id, standing(model, actor)))
        if found is None:
            raise NotFound("record.unknown", id=record_id)
        return found

    def held(self, model: type[Link], link_id: UUID, actor: Actor) -> Link:
        """Return a link to decide on; others who decide on it wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none that the actor may see.
        Forbidden
            They may see it and may not decide.
        """
        query = select(model).where(model.id == link_id, standing(model, actor))
        found = self.session.scalar(query.with_for_update().execution_options(populate_existing=True))
        if found is None:
            raise NotFound("link.unknown", id=link_id)
        if not is_allowed(Action.CHANGE, Subject.LINKS, actor, found.municipality_id):
            raise Forbidden("access.not_allowed")
        return found

    def linked_features(self, problem_id: UUID) -> Sequence[ProblemFeature]:
        """Return every link of a problem with an object, the best first; rejected ones too."""
        return self.session.scalars(
            select(ProblemFeature)
            .where(ProblemFeature.problem_id == problem_id)
            .order_by(ProblemFeature.score.desc().nulls_last(), ProblemFeature.fid)
        ).all()

    def linked_activities(self, problem_id: UUID) -> Sequence[ProblemActivity]:
        """Return every link of a problem with an activity, the best first; rejected ones too."""
        return self.session.scalars(
            select(ProblemActivity)
            .where(ProblemActivity.problem_id == problem_id)
            .order_by(ProblemActivity.score.desc().nulls_last(), ProblemActivity.fid)
        ).all()

    def answered_by_hand(self, activity_ids: Collection[UUID], actor: Actor) -> Sequence[ProblemActivity]:
        """Return the confirmed links of activities with problems, in the order in which they were made."""
        return self.session.scalars(
            select(ProblemActivity)
            .where(
                ProblemActivity.activity_id.in_(activity_ids),
                ProblemActivity.state == LinkState.CONFIRMED,
                standing(ProblemActivity, actor),
            )
            .order_by(ProblemActivity.fid)
        ).all()

    def proposed_sites(self, activity_id: UUID) -> Sequence[SiteProposal]:
        """Return every object that was proposed as the site of an activity; rejected ones too."""
        return self.session.scalars(
            select(SiteProposal)
            .where(SiteProposal.activity_id == activity_id)
            .order_by(SiteProposal.score.desc().nulls_last(), SiteProposal.fid)
        ).all()

    def answering(self, problem_id: UUID, actor: Actor) -> frozenset[UUID]:
        """Return the activities that answer a problem or one that was merged into it."""
        pairs = answers(actor).subquery()
        query = select(pairs.c.activity_id).where(pairs.c.problem_id.in_(under(problem_id)))
        return frozenset(self.session.scalars(query))

    def features(self, feature_ids: Collection[UUID], actor: Actor) -> dict[UUID, MapFeature]:
        """Return features by id."""
        query = select(MapFeature).where(MapFeature.id.in_(feature_ids), standing(MapFeature, actor))
        return {one.id: one for one in self.session.scalars(query)}

    def activities(self, activity_ids: Collection[UUID], actor: Actor) -> dict[UUID, Activity]:
        """Return activities by id."""
        query = select(Activity).where(Activity.id.in_(activity_ids), standing(Activity, actor))
        return {one.id: one for one in self.session.scalars(query)}
