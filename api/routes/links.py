"""Links in space: the chain of a problem, what is at a place, the audit of a plan, reach, proposals, evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, status
from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry import Point

from api.rest.texts import StorableText
from api.routes.access import Reader, Store, Who
from geo.domain.evidence import Grade
from geo.domain.linking import REACH_M, FeatureRole, LinkOrigin, LinkState
from geo.domain.plan_codes import ActivityStage, ContributionSource, ContributionState, Purpose
from geo.domain.problems import ProblemLevel
from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Language
from geo.services.link_proposals import (
    decide_activity_link,
    decide_feature_link,
    decide_site,
    propose_activities,
    propose_features,
    propose_sites,
)
from geo.services.plan_audit import UNVISITED_DAYS, PlanAudit, audit_plan
from geo.services.problem_chain import problem_chain
from geo.services.service_reach import settlement_reach
from geo.services.visit_evidence import VisitPlaces, visit_places
from geo.services.where import what_is_here
from geo.spatial.intake import take_geojson
from geo.spatial.plane import FARTHEST_M

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["links"])

_MOST_RADIUS_M: Final = FARTHEST_M
Distance = Annotated[float, Query(ge=0, le=FARTHEST_M, description="Metres.")]
Most = Annotated[int, Query(ge=1, le=1000, description="Most records returned.")]
Wanted = Annotated[Purpose | None, Query(description="What the problem is about, where its competence does not tell.")]
Id = Annotated[UUID, Path()]


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ChainProblemRead(_Read):
    """A problem of the chain."""

    id: UUID
    level: ProblemLevel
    title: str
    competence: str | None
    settlement_id: UUID | None
    merged_into_id: UUID | None


class ChainStatementRead(_Read):
    """What a session said, with its votes."""

    id: UUID
    problem_id: UUID
    event_id: UUID
    settlement_id: UUID
    held_on: date
    wording: str
    votes: int


class ChainMergeRead(_Read):
    """The decision that problems are the same one."""

    id: UUID
    into_id: UUID
    problem_ids: list[UUID]
    reason: str
    decided_at: datetime


class ChainCausesRead(_Read):
    """What a focus group found out."""

    id: UUID
    problem_id: UUID
    event_id: UUID | None
    causes: list[str]
    effects: list[str]
    solutions: list[str]


class ChainFeatureRead(_Read):
    """An object that causes or shows the problem, or is proposed to."""

    link_id: UUID
    feature_id: UUID
    kind: Kind
    name: str
    role: FeatureRole
    state: LinkState
    distance_m: float | None


class ChainContributionRead(_Read):
    """What a party promised or gave."""

    id: UUID
    source: ContributionSource
    state: ContributionState
    amount_som: int | None


class ChainVisitRead(_Read):
    """A visit, as its last entry has it."""

    id: UUID
    visited_at: datetime
    standard_met: bool | None
    summary: str


class ChainActivityRead(_Read):
    """An activity that answers the problem."""

    id: UUID
    plan_id: UUID
    title: str
    purpose: Purpose
    status: ActivityStage
    status_since: date | None
    need_som: int | None
    beneficiaries: int | None
    site_feature_id: UUID | None
    contributions: list[ChainContributionRead]
    visits: list[ChainVisitRead]


class ProblemChainRead(_Read):
    """Votes, merges, causes, objects, activities, contributions and visits of a problem."""

    problem: ChainProblemRead
    votes: int
    merged: list[ChainProblemRead]
    statements: list[ChainStatementRead]
    merges: list[ChainMergeRead]
    causes: list[ChainCausesRead]
    features: list[ChainFeatureRead]
    activities: list[ChainActivityRead]


class FoundRead(_Read):
    """Something at a place."""

    table: str
    id: UUID
    title: str
    at: datetime
    distance_m: float | None = Field(description="None: linked to something here, and itself elsewhere.")


class FoundPageRead(_Read):
    """What is at a place, newest first."""

    items: list[FoundRead]
    cursor: str | None = Field(description="What to ask for to go on; null where this was the last page.")


class Area(BaseModel):
    """A drawn place."""

    geometry: dict[str, Any] = Field(description="GeoJSON, lon lat.")
    radius: float = Field(default=0.0, ge=0, le=_MOST_RADIUS_M, description="Metres around it.")
    limit: int = Field(default=200, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=200, description="Of the page before.")


class LinkRead(_Read):
    """A link, proposed or decided."""

    id: UUID
    version: int
    state: LinkState
    origin: LinkOrigin
    distance_m: float | None
    score: float | None
    reason: str


class FeatureLinkRead(LinkRead):
    """An object that causes or shows a problem."""

    problem_id: UUID
    feature_id: UUID
    role: FeatureRole


class ActivityLinkRead(LinkRead):
    """An activity that answers a problem."""

    problem_id: UUID
    activity_id: UUID


class SiteRead(LinkRead):
    """An object at which an activity may take place."""

    activity_id: UUID
    feature_id: UUID


class Decision(BaseModel):
    """What people decided."""

    state: LinkState = Field(description="confirmed or rejected")
    reason: StorableText = Field(default="", max_length=2000, description="Needed to reject.")


class ReachFiguresRead(_Read):
    """Houses within the distance: certain and possible say what the positions' errors leave open."""

    houses: int
    within: int
    certain: int
    possible: int
    median_m: float | None
    mean_m: float | None


class ReachRead(_Read):
    """The reach of a kind of service in a settlement."""

    settlement_id: UUID
    kind: Kind
    distance_m: float
    households: int | None
    people_per_house: float | None
    now: ReachFiguresRead
    after: ReachFiguresRead | None = Field(description="With what the plan's activities have done; null without any.")
    planned: ReachFiguresRead | None = Field(description="As if all were done that are not stopped; null without any.")
    people_within: int | None
    people_certain: int | None
    people_possible: int | None


class PhotoPlaceRead(_Read):
    """A photo of a visit."""

    photo_id: UUID
    to_site_m: float | None
    to_device_m: float | None
    minutes: float | None


class EvidenceRead(BaseModel):
    """How far device, photos and site are apart, and the grade of the evidence with its reasons."""

    visit_id: UUID
    activity_id: UUID | None
    site_feature_id: UUID | None
    device_to_site_m: float | None
    site_error_m: float | None
    accuracy_m: float | None
    minutes_to_point: float | None
    photos: list[PhotoPlaceRead]
    members: int | None
    grade: Grade
    reasons: list[str]


@router.get("/problems/{problem_id}/chain", response_model=ProblemChainRead)
def chain(problem_id: Id, store: Store, actor: Who) -> object:
    """Return the whole chain of a problem."""
    with store.read() as session:
        return ProblemChainRead.model_validate(problem_chain(session, problem_id, actor=actor))


@router.get("/where", response_model=FoundPageRead)
def where_point(
    *,
    store: Store,
    actor: Who,
    point: Annotated[str, Query(description="Longitude and latitude, such as `78.24,42.49`.")],
    radius: Distance = 100.0,
    limit: Most = 200,
    cursor: Annotated[str | None, Query(max_length=200, description="Of the page before.")] = None,
) -> object:
    """Return what is at a point and everything linked to it, newest first, page by page."""
    with store.read() as session:
        return what_is_here(session, _point(point), actor=actor, radius_m=radius, most=limit, cursor=cursor)


@router.post("/where", response_model=FoundPageRead)
def where_area(area: Annotated[Area, Body()], store: Store, actor: Who) -> object:
    """Return what is in a drawn area and everything linked to it, newest first, page by page."""
    place, _ = take_geojson(area.geometry)
    with store.read() as session:
        return what_is_here(session, place, actor=actor, radius_m=area.radius, most=area.limit, cursor=area.cursor)


@router.get("/plans/{plan_id}/audit")
def audit(
    plan_id: Id,
    store: Store,
    actor: Who,
    distance: Distance = REACH_M,
    days: Annotated[int, Query(ge=1, le=3650, description="Days without a visit.")] = UNVISITED_DAYS,
) -> PlanAudit:
    """Hold a plan against votes and map: what is left out, what nobody asked for, how evenly the money goes."""
    with store.read() as session:
        return audit_plan(session, plan_id, actor=actor, reach_m=distance, unvisited_days=days)


@router.get("/settlements/{settlement_id}/reach", response_model=ReachRead)
def reach(settlement_id: Id, store: Store, actor: Who, kind: Kind, distance: Distance) -> object:
    """Count the houses that have a service within a distance, and what the positions' errors leave open."""
    with store.read() as session:
        found = settlement_reach(session, settlement_id, kind=kind, distance_m=distance, actor=actor)
    people = {f"people_{name}": found.people(getattr(found.now, name)) for name in ("within", "certain", "possible")}
    names = ("settlement_id", "kind", "distance_m", "households", "people_per_house", "now", "after", "planned")
    return ReachRead.model_validate({**{name: getattr(found, name) for name in names}, **people})


@router.post("/problems/{problem_id}/feature-proposals", response_model=list[FeatureLinkRead])
def feature_proposals(
    problem_id: Id, store: Store, actor: Who, distance: Distance = REACH_M, purpose: Wanted = None
) -> object:
    """Propose objects that may cause or show a problem; returns all open proposals, the best first."""
    with store.write(actor=actor.ledger_name) as session:
        found = propose_features(session, problem_id, actor=actor, reach_m=distance, purpose=purpose)
        return [FeatureLinkRead.model_validate(one) for one in found]


@router.post("/problems/{problem_id}/activity-proposals", response_model=list[ActivityLinkRead])
def activity_proposals(
    problem_id: Id, store: Store, actor: Who, distance: Distance = REACH_M, purpose: Wanted = None
) -> object:
    """Propose activities that may answer a problem; returns all open proposals, the best first."""
    with store.write(actor=actor.ledger_name) as session:
        found = propose_activities(session, problem_id, actor=actor, reach_m=distance, purpose=purpose)
        return [ActivityLinkRead.model_validate(one) for one in found]


@router.post("/activities/{activity_id}/site-proposals", response_model=list[SiteRead])
def site_proposals(activity_id: Id, store: Store, actor: Who, distance: Distance = REACH_M) -> object:
    """Propose objects at which an activity may take place; returns all open proposals, the best first."""
    with store.write(actor=actor.ledger_name) as session:
        found = propose_sites(session, activity_id, actor=actor, reach_m=distance)
        return [SiteRead.model_validate(one) for one in found]


@router.post("/problem-features/{link_id}/decision", response_model=FeatureLinkRead, status_code=status.HTTP_200_OK)
def decide_feature(link_id: Id, decision: Decision, store: Store, actor: Who) -> object:
    """Confirm or reject that an object causes or shows a problem."""
    with store.write(actor=actor.ledger_name) as session:
        link = decide_feature_link(session, link_id, to=decision.state, reason=decision.reason, actor=actor)
        return FeatureLinkRead.model_validate(link)


@router.post("/problem-activities/{link_id}/decision", response_model=ActivityLinkRead)
def decide_activity(link_id: Id, decision: Decision, store: Store, actor: Who) -> object:
    """Confirm or reject that an activity answers a problem."""
    with store.write(actor=actor.ledger_name) as session:
        link = decide_activity_link(session, link_id, to=decision.state, reason=decision.reason, actor=actor)
        return ActivityLinkRead.model_validate(link)


@router.post("/site-proposals/{link_id}/decision", response_model=SiteRead)
def decide_on_site(link_id: Id, decision: Decision, store: Store, actor: Who) -> object:
    """Confirm or reject a site; a confirmed one becomes the activity's."""
    with store.write(actor=actor.ledger_name) as session:
        link = decide_site(session, link_id, to=decision.state, reason=decision.reason, actor=actor)
        return SiteRead.model_validate(link)


@router.get("/monitoring-visits/{visit_id}/evidence", response_model=EvidenceRead)
def evidence(visit_id: Id, store: Store, actor: Who, language: Reader) -> object:
    """Return how well a visit is evidenced, with the reasons in the reader's language."""
    with store.read() as session:
        found = visit_places(session, visit_id, actor=actor)
    return _evidence(found, language)


def _evidence(found: VisitPlaces, language: Language) -> EvidenceRead:
    return EvidenceRead(
        visit_id=found.visit_id,
        activity_id=found.activity_id,
        site_feature_id=found.site_feature_id,
        device_to_site_m=found.device_to_site_m,
        site_error_m=found.site_error_m,
        accuracy_m=found.accuracy_m,
        minutes_to_point=found.minutes_to_point,
        photos=[PhotoPlaceRead.model_validate(one) for one in found.photos],
        members=found.members,
        grade=found.evidence.grade,
        reasons=[reason(language) for reason in found.evidence.reasons],
    )


def _point(value: str) -> Point:
    try:
        lon, lat = map(float, value.split(","))
    except ValueError:
        raise Refused("where.point", value=value[:40]) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # refuses NaN too
        raise Refused("where.point", value=value[:40])
    return Point(lon, lat)
