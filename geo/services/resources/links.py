"""Links made by hand, as records: an object that causes or shows a problem, an activity that answers one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.linking import FeatureRole, LinkOrigin, LinkState
from geo.domain.rights import LOCAL, Subject
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import Activity, MapFeature, Problem, ProblemActivity, ProblemFeature
from geo.repositories.links import LinkRepository
from geo.repositories.plans import PlanRepository
from geo.services.records.resource import Form, Resource

__all__ = ["RESOURCES", "ProblemActivityForm", "ProblemFeatureForm"]


class ProblemFeatureForm(Form):
    """An object of the map that causes or shows a problem."""

    problem_id: UUID
    feature_id: UUID
    role: FeatureRole
    reason: str = ""


class ProblemActivityForm(Form):
    """An activity that answers a problem, beside the problem of its goal."""

    problem_id: UUID
    activity_id: UUID
    reason: str = ""


def _problem(session: Session, problem_id: UUID) -> Problem:
    return LinkRepository(session).seen(Problem, problem_id, LOCAL)


def _feature_link_owner(session: Session, link: ProblemFeature) -> UUID:
    with session.no_autoflush:
        LinkRepository(session).seen(MapFeature, link.feature_id, LOCAL)
        return _problem(session, link.problem_id).municipality_id


def _check_feature_link(session: Session, link: ProblemFeature) -> tuple[Text, ...]:
    with session.no_autoflush:
        feature = LinkRepository(session).seen(MapFeature, link.feature_id, LOCAL)
        municipality_id = _problem(session, link.problem_id).municipality_id
        if not PlanRepository(session).has_belonged(feature.settlement_id, municipality_id):
            raise Refused("link.elsewhere")
        twice = select(ProblemFeature.id).where(
            ProblemFeature.problem_id == link.problem_id, ProblemFeature.feature_id == link.feature_id
        )
        _refuse_second(session, twice, link.id)
    _by_hand(link)
    return ()


def _activity_link_owner(session: Session, link: ProblemActivity) -> UUID:
    with session.no_autoflush:
        LinkRepository(session).seen(Activity, link.activity_id, LOCAL)
        return _problem(session, link.problem_id).municipality_id


def _check_activity_link(session: Session, link: ProblemActivity) -> tuple[Text, ...]:
    with session.no_autoflush:
        activity = LinkRepository(session).seen(Activity, link.activity_id, LOCAL)
        if activity.municipality_id != _problem(session, link.problem_id).municipality_id:
            raise Refused("link.other_cycle")
        twice = select(ProblemActivity.id).where(
            ProblemActivity.problem_id == link.problem_id, ProblemActivity.activity_id == link.activity_id
        )
        _refuse_second(session, twice, link.id)
    _by_hand(link)
    return ()


def _refuse_second(session: Session, query: Any, own: UUID | None) -> None:
    other = session.scalar(query)
    if other is not None and other != own:
        raise Conflict("link.twice")


def _by_hand(link: ProblemFeature | ProblemActivity) -> None:
    state: LinkState | None = link.state
    if state is None:
        link.state, link.origin = LinkState.CONFIRMED, LinkOrigin.BY_HAND


_PROBLEM = "01a20004-b16b-71b2-bc71-6bcda59b6452"
RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="problem-features",
        subject=Subject.LINKS,
        model=ProblemFeature,
        form=ProblemFeatureForm,
        owner=_feature_link_owner,
        check=_check_feature_link,
        filters=("problem_id", "feature_id", "role", "state", "origin"),
        sorts=("score", "distance_m"),
        fixed=frozenset({"problem_id", "feature_id"}),
        private=frozenset({"decided_by"}),
        example={
            "problem_id": _PROBLEM,
            "feature_id": "01a20004-b16b-71b2-bc71-6bd0b9a3c1f0",
            "role": "shows",
            "reason": "Колонкадан суу акпайт",
        },
    ),
    Resource(
        name="problem-activities",
        subject=Subject.LINKS,
        model=ProblemActivity,
        form=ProblemActivityForm,
        owner=_activity_link_owner,
        check=_check_activity_link,
        filters=("problem_id", "activity_id", "state", "origin"),
        sorts=("score", "distance_m"),
        fixed=frozenset({"problem_id", "activity_id"}),
        private=frozenset({"decided_by"}),
        example={"problem_id": _PROBLEM, "activity_id": "01a20004-b16b-71b2-bc71-6bd1f0e2a7c4", "reason": ""},
    ),
)
