"""Links proposed by nearness and kind, and what people decide about them (`geo.domain.linking`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.linking import (
    REACH_M,
    LinkOrigin,
    LinkState,
    check_decision,
    fitting_kinds,
    is_in_trouble,
    likeness,
    purposes_of,
)
from geo.domain.local_matters import Competence
from geo.domain.plan_codes import Purpose
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.domain.vocabulary import Kind
from geo.errors import Forbidden
from geo.models import Activity, MapFeature, Problem, ProblemActivity, ProblemFeature, SiteProposal
from geo.models.base import now
from geo.repositories.links import LinkRepository, standing
from geo.repositories.nearness import NearnessRepository, map_features, rows_of

__all__ = [
    "decide_activity_link",
    "decide_feature_link",
    "decide_site",
    "problem_purposes",
    "propose_activities",
    "propose_features",
    "propose_sites",
]

L = TypeVar("L", ProblemFeature, ProblemActivity, SiteProposal)
_MOST = 20
"""Proposals at once: what a person looks through."""


def problem_purposes(problem: Problem, purpose: Purpose | None = None) -> frozenset[Purpose]:
    """Return what would answer a problem: what a person says, else what its local matter comprises."""
    if purpose is not None:
        return frozenset({purpose})
    return purposes_of(Competence.from_code(problem.competence).matter) if problem.competence else frozenset()


def propose_features(
    session: Session,
    problem_id: UUID,
    *,
    actor: Actor,
    reach_m: float = REACH_M,
    purpose: Purpose | None = None,
) -> tuple[ProblemFeature, ...]:
    """Propose objects that may cause or show a problem; returns all its open proposals, the best first.

    Objects of a fitting kind within the reach are proposed; for a problem without a place, those of its village that
    people called worn, short or troublesome. What was linked or rejected before is not proposed again.

    Parameters
    ----------
    reach_m
        How far to look, metres.
    purpose
        What the problem is about, where its competence does not tell: irrigation, schools, health.

    Raises
    ------
    NotFound, Forbidden
        There is no such problem for the actor, or they may not link it.
    Refused
        The reach is no distance.
    """
    repository = LinkRepository(session)
    problem = repository.seen(Problem, problem_id, actor)
    _check_may_link(actor, problem.municipality_id)
    roles = fitting_kinds(problem_purposes(problem, purpose))
    distances = _features_near(session, problem, roles, actor, reach_m)
    features = repository.features(distances, actor)
    known = {link.feature_id for link in repository.linked_features(problem_id)}
    found = [
        ProblemFeature(
            municipality_id=problem.municipality_id,
            problem_id=problem_id,
            feature_id=feature.id,
            role=roles[feature.kind],
            state=LinkState.PROPOSED,
            origin=LinkOrigin.NEARNESS,
            distance_m=distances[feature.id],
            score=likeness(
                distances[feature.id], reach_m=reach_m, speaks_for=is_in_trouble(feature.attributes or {})
            ).score,
        )
        for feature in (features[one] for one in distances if one in features)
        if feature.id not in known
    ]
    session.add_all(sorted(found, key=lambda link: (-(link.score or 0), str(link.feature_id)))[:_MOST])
    session.flush()
    return tuple(link for link in repository.linked_features(problem_id) if link.state is LinkState.PROPOSED)


def propose_activities(
    session: Session, problem_id: UUID, *, actor: Actor, reach_m: float = REACH_M, purpose: Purpose | None = None
) -> tuple[ProblemActivity, ...]:
    """Propose activities that may answer a problem; returns all its open proposals, the best first.

    Those with a fitting purpose within the reach (of their own shape or of their site), and those of the same village
    or of the whole municipality. One whose goal names the problem is linked already.

    Raises
    ------
    NotFound, Forbidden, Refused
        As `propose_features`.
    """
    repository = LinkRepository(session)
    problem = repository.seen(Problem, problem_id, actor)
    _check_may_link(actor, problem.municipality_id)
    purposes = problem_purposes(problem, purpose)
    fitting = select(Activity).where(
        standing(Activity, actor),
        Activity.municipality_id == problem.municipality_id,
        Activity.purpose.in_(sorted(purposes)),
    )
    activities = session.scalars(fitting.order_by(Activity.fid)).all() if purposes else []
    distances = _activities_near(session, problem.geometry, activities, actor, reach_m)
    known = {link.activity_id for link in repository.linked_activities(problem_id)}
    known |= repository.answering(problem_id, actor)
    found = []
    for activity in activities:
        same_village = activity.settlement_id in (None, problem.settlement_id) or problem.settlement_id is None
        if activity.id in known or not (activity.id in distances or (same_village and not _is_placed(activity))):
            continue
        near = likeness(distances.get(activity.id), reach_m=reach_m, speaks_for=same_village)
        found.append(
            ProblemActivity(
                municipality_id=problem.municipality_id,
                problem_id=problem_id,
                activity_id=activity.id,
                state=LinkState.PROPOSED,
                origin=LinkOrigin.NEARNESS,
                distance_m=near.distance_m,
                score=near.score,
            )
        )
    session.add_all(sorted(found, key=lambda link: (-(link.score or 0), str(link.activity_id)))[:_MOST])
    session.flush()
    return tuple(link for link in repository.linked_activities(problem_id) if link.state is LinkState.PROPOSED)


def propose_sites(
    session: Session, activity_id: UUID, *, actor: Actor, reach_m: float = REACH_M
) -> tuple[SiteProposal, ...]:
    """Propose objects at which an activity may take place; returns all its open proposals, the best first.

    Raises
    ------
    NotFound, Forbidden, Refused
        As `propose_features`.
    """
    repository = LinkRepository(session)
    activity = repository.seen(Activity, activity_id, actor)
    _check_may_link(actor, activity.municipality_id)
    roles = fitting_kinds(frozenset({activity.purpose}))
    near = (
        ()
        if activity.geometry is None
        else NearnessRepository(session).within(
            activity.geometry, map_features(actor, kinds=list(roles)), distance_m=reach_m, most=_MOST
        )
    )
    distances = {one.id: one.distance_m for one in near}
    features = repository.features(distances, actor)
    known = {link.feature_id for link in repository.proposed_sites(activity_id)}
    for one, distance_m in distances.items():
        if one not in known and one in features:
            in_trouble = is_in_trouble(features[one].attributes or {})
            session.add(
                SiteProposal(
                    municipality_id=activity.municipality_id,
                    activity_id=activity_id,
                    feature_id=one,
                    state=LinkState.PROPOSED,
                    origin=LinkOrigin.NEARNESS,
                    distance_m=distance_m,
                    score=likeness(distance_m, reach_m=reach_m, speaks_for=in_trouble).score,
                )
            )
    session.flush()
    return tuple(link for link in repository.proposed_sites(activity_id) if link.state is LinkState.PROPOSED)


def decide_feature_link(
    session: Session, link_id: UUID, *, to: LinkState, reason: str = "", actor: Actor
) -> ProblemFeature:
    """Confirm or reject that an object causes or shows a problem.

    Raises
    ------
    NotFound, Forbidden
        There is no such link for the actor, or they may not decide.
    Refused, Conflict
        It is no decision, a rejection has no reason, or it was decided so before.
    """
    link = LinkRepository(session).held(ProblemFeature, link_id, actor)
    return _decided(session, link, to, reason, actor)


def decide_activity_link(
    session: Session, link_id: UUID, *, to: LinkState, reason: str = "", actor: Actor
) -> ProblemActivity:
    """Confirm or reject that an activity answers a problem; see `decide_feature_link`."""
    link = LinkRepository(session).held(ProblemActivity, link_id, actor)
    return _decided(session, link, to, reason, actor)


def decide_site(session: Session, link_id: UUID, *, to: LinkState, reason: str = "", actor: Actor) -> SiteProposal:
    """Confirm or reject a site; a confirmed one becomes the activity's, so it takes who may change the plan.

    See `decide_feature_link`.
    """
    repository = LinkRepository(session)
    held = repository.held(SiteProposal, link_id, actor)
    activity = repository.seen(Activity, held.activity_id, actor)
    if not is_allowed(Action.CHANGE, Subject.PLANS, actor, activity.municipality_id):
        raise Forbidden("access.not_allowed")
    link = _decided(session, held, to, reason, actor)
    if to is LinkState.CONFIRMED:
        activity.site_feature_id = link.feature_id
    elif activity.site_feature_id == link.feature_id:
        activity.site_feature_id = None
    session.flush()
    return link


def _decided(session: Session, link: L, to: LinkState, reason: str, actor: Actor) -> L:
    check_decision(link.state, to, reason)
    link.state, link.reason = to, reason.strip()
    link.decided_by, link.decided_at = actor.name, now()
    session.flush()
    return link


def _check_may_link(actor: Actor, municipality_id: UUID) -> None:
    if not is_allowed(Action.CREATE, Subject.LINKS, actor, municipality_id):
        raise Forbidden("access.not_allowed")


def _features_near(
    session: Session, problem: Problem, kinds: Iterable[Kind], actor: Actor, reach_m: float
) -> dict[UUID, float | None]:
    rows = map_features(actor, kinds=list(kinds))
    if problem.geometry is not None:
        near = NearnessRepository(session).within(problem.geometry, rows, distance_m=reach_m)
        return {one.id: one.distance_m for one in near}
    if problem.settlement_id is None:
        return {}
    there = select(MapFeature).where(*rows.conditions, MapFeature.settlement_id == problem.settlement_id)
    return {one.id: None for one in session.scalars(there) if is_in_trouble(one.attributes or {})}


def _is_placed(activity: Activity) -> bool:
    return activity.geometry is not None or activity.site_feature_id is not None


def _activities_near(
    session: Session, place: BaseGeometry | None, activities: Iterable[Activity], actor: Actor, reach_m: float
) -> dict[UUID, float]:
    """Return the distances of activities within the reach, by their own shape or by that of their site."""
    if place is None:
        return {}
    nearness = NearnessRepository(session)
    wanted = list(activities)
    ids, sites = [one.id for one in wanted], [one.site_feature_id for one in wanted if one.site_feature_id]
    by_shape = nearness.within(
        place, rows_of(Activity, actor, Subject.PLANS).where(Activity.id.in_(ids)), distance_m=reach_m
    )
    by_site = {
        one.id: one.distance_m
        for one in nearness.within(place, map_features(actor).where(MapFeature.id.in_(sites)), distance_m=reach_m)
    }
    found = {one.id: by_site[one.site_feature_id] for one in wanted if one.site_feature_id in by_site}
    for near in by_shape:
        found[near.id] = min(near.distance_m, found.get(near.id, near.distance_m))
    return found
