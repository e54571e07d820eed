"""The whole chain of one problem: votes, merges, causes, objects, activities, contributions, visits.

A problem is followed down its merges by one recursive query, which every further query carries inside itself: the
number of statements is the same for a village's smallest problem and for a municipality's largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small
from geo.domain.linking import FeatureRole, LinkState
from geo.domain.plan_codes import ActivityStage, ContributionSource, ContributionState, Purpose
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.domain.vocabulary import Kind
from geo.models import (
    Activity,
    AppraisalEvent,
    CauseAnalysis,
    Contribution,
    MapFeature,
    MonitoringVisit,
    Problem,
    ProblemFeature,
    ProblemMerge,
    ProblemMergeSource,
    ProblemStatement,
)
from geo.repositories.links import LinkRepository, answers, standing, under
from geo.repositories.monitoring import stands

__all__ = [
    "ChainActivity",
    "ChainCauses",
    "ChainContribution",
    "ChainFeature",
    "ChainMerge",
    "ChainProblem",
    "ChainStatement",
    "ChainVisit",
    "ProblemChain",
    "problem_chain",
]


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The problem asked for, or one that was merged into it."""

    id: UUID
    level: ProblemLevel
    title: str
    competence: str | None
    settlement_id: UUID | None
    merged_into_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChainStatement:
    """What a session said, with its votes."""

    id: UUID
    problem_id: UUID
    event_id: UUID
    settlement_id: UUID
    held_on: date
    wording: str
    votes: int


@dataclass(frozen=True, slots=True)
class ChainMerge:
    """The decision that problems are the same one."""

    id: UUID
    into_id: UUID
    problem_ids: tuple[UUID, ...]
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ChainCauses:
    """What a focus group found out."""

    id: UUID
    problem_id: UUID
    event_id: UUID | None
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    solutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainFeature:
    """An object that causes or shows the problem, or is proposed to."""

    link_id: UUID
    feature_id: UUID
    kind: Kind
    name: str
    role: FeatureRole
    state: LinkState
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class ChainContribution:
    """What a party promised or gave."""

    id: UUID
    source: ContributionSource
    state: ContributionState
    amount_som: int | None


@dataclass(frozen=True, slots=True)
class ChainVisit:
    """A visit, as its last entry has it."""

    id: UUID
    visited_at: datetime
    standard_met: bool | None
    summary: str


@dataclass(frozen=True, slots=True)
class ChainActivity:
    """An activity that answers the problem."""

    id: UUID
    plan_id: UUID
    title: str
    purpose: Purpose
    status: ActivityStage
    status_since: date | None
    need_som: int | None
    beneficiaries: int | None
    """Direct ones; None where nobody said, or for the public where they are fewer than 5."""
    site_feature_id: UUID | None
    contributions: tuple[ChainContribution, ...]
    visits: tuple[ChainVisit, ...]


@dataclass(frozen=True, slots=True)
class ProblemChain:
    """Everything that hangs on a problem."""

    problem: ChainProblem
    votes: int
    merged: tuple[ChainProblem, ...]
    statements: tuple[ChainStatement, ...]
    merges: tuple[ChainMerge, ...]
    causes: tuple[ChainCauses, ...]
    features: tuple[ChainFeature, ...]
    activities: tuple[ChainActivity, ...]


def problem_chain(session: Session, problem_id: UUID, *, actor: Actor) -> ProblemChain:
    """Return the chain of a problem, of what the actor may see.

    Raises
    ------
    NotFound
        There is no such problem for the actor.
    """
    LinkRepository(session).seen(Problem, problem_id, actor)
    problems = _problems(session, problem_id, actor)
    statements = _statements(session, problem_id, actor)
    return ProblemChain(
        problem=problems[problem_id],
        votes=sum(one.votes for one in statements),
        merged=tuple(one for one in problems.values() if one.id != problem_id),
        statements=statements,
        merges=_merges(session, problem_id, actor),
        causes=_causes(session, problem_id, actor),
        features=_features(session, problem_id, actor),
        activities=_activities(session, problem_id, actor),
    )


def _problems(session: Session, problem_id: UUID, actor: Actor) -> dict[UUID, ChainProblem]:
    query = select(Problem).where(Problem.id.in_(under(problem_id)), standing(Problem, actor)).order_by(Problem.fid)
    return {
        one.id: ChainProblem(one.id, one.level, one.title, one.competence, one.settlement_id, one.merged_into_id)
        for one in session.scalars(query)
    }


def _statements(session: Session, problem_id: UUID, actor: Actor) -> tuple[ChainStatement, ...]:
    query = (
        select(ProblemStatement, AppraisalEvent.held_on)
        .join(AppraisalEvent, AppraisalEvent.id == ProblemStatement.event_id)
        .where(
            ProblemStatement.problem_id.in_(under(problem_id)),
            standing(ProblemStatement, actor),
            AppraisalEvent.withdrawn_at.is_(None),
        )
        .order_by(AppraisalEvent.held_on, ProblemStatement.fid)
    )
    return tuple(
        ChainStatement(one.id, one.problem_id, one.event_id, one.settlement_id, held_on, one.wording, one.votes)
        for one, held_on in session.execute(query)
    )


def _merges(session: Session, problem_id: UUID, actor: Actor) -> tuple[ChainMerge, ...]:
    query = (
        select(ProblemMerge, ProblemMergeSource.problem_id)
        .join(ProblemMergeSource, ProblemMergeSource.merge_id == ProblemMerge.id)
        .join(Problem, Problem.id == ProblemMergeSource.problem_id)
        .where(
            ProblemMerge.into_id.in_(under(problem_id)),
            ProblemMergeSource.undone_at.is_(None),
            standing(ProblemMerge, actor),
            standing(Problem, actor),
        )
        .order_by(ProblemMerge.decided_at, ProblemMerge.fid, ProblemMergeSource.fid)
    )
    parts: dict[UUID, tuple[ProblemMerge, list[UUID]]] = {}
    for merge, part in session.execute(query):
        parts.setdefault(merge.id, (merge, []))[1].append(part)
    return tuple(
        ChainMerge(one.id, one.into_id, tuple(of), one.reason, one.decided_by, one.decided_at)
        for one, of in parts.values()
    )


def _causes(session: Session, problem_id: UUID, actor: Actor) -> tuple[ChainCauses, ...]:
    query = select(CauseAnalysis).where(CauseAnalysis.problem_id.in_(under(problem_id)), standing(CauseAnalysis, actor))
    return tuple(
        ChainCauses(
            one.id,
            one.problem_id,
            one.event_id,
            tuple(one.causes or ()),
            (*(one.effects_seen or ()), *(one.effects_to_come or ())),
            tuple(one.solutions or ()),
        )
        for one in session.scalars(query.order_by(CauseAnalysis.fid))
    )


def _features(session: Session, problem_id: UUID, actor: Actor) -> tuple[ChainFeature, ...]:
    query = (
        select(ProblemFeature, MapFeature)
        .join(MapFeature, MapFeature.id == ProblemFeature.feature_id)
        .where(
            ProblemFeature.problem_id.in_(under(problem_id)),
            ProblemFeature.state != LinkState.REJECTED,
            standing(ProblemFeature, actor),
            standing(MapFeature, actor),
        )
        .order_by(ProblemFeature.state, ProblemFeature.score.desc().nulls_last(), ProblemFeature.fid)
    )
    return tuple(
        ChainFeature(
            link.id,
            feature.id,
            feature.kind,
            feature.name_ky or feature.name_ru or feature.name_en,
            link.role,
            link.state,
            link.distance_m,
        )
        for link, feature in session.execute(query)
    )


def _activities(session: Session, problem_id: UUID, actor: Actor) -> tuple[ChainActivity, ...]:
    pairs = answers(actor).subquery()
    which = select(pairs.c.activity_id).where(pairs.c.problem_id.in_(under(problem_id)))
    contributions: dict[UUID, list[ChainContribution]] = {}
    for given in session.scalars(
        select(Contribution)
        .where(Contribution.activity_id.in_(which), standing(Contribution, actor))
        .order_by(Contribution.fid)
    ):
        line = ChainContribution(given.id, given.source, given.state, given.amount_som)
        contributions.setdefault(given.activity_id, []).append(line)
    visits: dict[UUID, list[ChainVisit]] = {}
    for visit in session.scalars(
        select(MonitoringVisit)
        .where(MonitoringVisit.activity_id.in_(which), standing(MonitoringVisit, actor), stands(actor))
        .order_by(MonitoringVisit.visited_at, MonitoringVisit.fid)
    ):
        if visit.activity_id is not None:
            seen = ChainVisit(visit.id, visit.visited_at, visit.standard_met, visit.summary)
            visits.setdefault(visit.activity_id, []).append(seen)
    query = select(Activity).where(Activity.id.in_(which), standing(Activity, actor)).order_by(Activity.fid)

    def told(count: int | None, municipality_id: UUID) -> int | None:
        is_own = is_allowed(Action.READ, Subject.PLANS, actor, municipality_id)
        return count if is_own or not is_small(count) else None

    return tuple(
        ChainActivity(
            id=one.id,
            plan_id=one.plan_id,
            title=one.title,
            purpose=one.purpose,
            status=one.status,
            status_since=one.status_since,
            need_som=one.need_som,
            beneficiaries=told(one.beneficiaries_direct, one.municipality_id),
            site_feature_id=one.site_feature_id,
            contributions=tuple(contributions.get(one.id, ())),
            visits=tuple(visits.get(one.id, ())),
        )
        for one in session.scalars(query)
    )
