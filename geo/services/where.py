"""What is here: everything at a place, or linked to something at it, newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.domain.linking import LinkState
from geo.domain.rights import Actor
from geo.models import (
    Activity,
    AppraisalEvent,
    Finding,
    InstitutionCircle,
    MapFeature,
    MonitoringVisit,
    Problem,
    ProblemFeature,
    ProblemStatement,
    VillageNote,
)
from geo.repositories.links import answers, standing
from geo.repositories.monitoring import stands
from geo.repositories.near_rows import NearRows
from geo.repositories.nearness import NearnessRepository

__all__ = ["Found", "what_is_here"]


@dataclass(frozen=True, slots=True)
class Found:
    """Something at a place.

    Parameters
    ----------
    table, id
        Which record.
    title
        Its name, title or words.
    at
        When it happened, was set or entered.
    distance_m
        From the place asked about; None for what is linked to something there and lies elsewhere or nowhere.
    """

    table: str
    id: UUID
    title: str
    at: datetime
    distance_m: float | None


def _named(row: Any) -> str:
    return str(row.name_ky or row.name_ru or row.name_en or getattr(row.kind, "value", ""))


def _day(value: date | None, row: Any) -> datetime:
    return row.created_at if value is None else datetime.combine(value, time(), UTC)


_TITLE: dict[Any, Callable[[Any], str]] = {
    MapFeature: _named,
    InstitutionCircle: _named,
    Problem: lambda row: str(row.title),
    ProblemStatement: lambda row: str(row.wording),
    Activity: lambda row: str(row.title),
    MonitoringVisit: lambda row: str(row.summary or row.service),
    Finding: lambda row: str(row.words),
    VillageNote: lambda row: str(row.title),
    AppraisalEvent: lambda row: str(row.kind.value),
}
"""Tables that are looked through, with what a row is called."""


def what_is_here(
    session: Session, place: BaseGeometry, *, actor: Actor, radius_m: float = 0.0, most: int = 200
) -> tuple[Found, ...]:
    """Return what lies within a distance of a point, line or area, and what is linked to it, newest first.

    Linked are: the problems that objects here cause or show and the objects of problems here, the activities at
    objects here or answering problems here, and the visits to objects and activities here.

    Parameters
    ----------
    place
        Lon lat.
    radius_m
        How far around it, metres; 0: what meets it.
    most
        Most records returned.

    Raises
    ------
    Refused
        The place is empty, or the radius no distance.
    """
    nearness = NearnessRepository(session)
    near: dict[Any, dict[UUID, float | None]] = {}
    for model in _TITLE:
        rows = NearRows(model, _conditions(model, actor))
        found = nearness.within(place, rows, distance_m=radius_m, most=most)
        near[model] = {one.id: one.distance_m for one in found}
    _add(near, Problem, _linked_problems(session, near[MapFeature], actor))
    _add(near, MapFeature, _linked_features(session, near[Problem], actor))
    _add(near, Activity, _linked_activities(session, near[Problem], near[MapFeature], actor))
    _add(near, MonitoringVisit, _linked_visits(session, near[Activity], near[MapFeature], actor))
    listed: list[Found] = []
    for model, distances in near.items():
        for row in _rows(session, model, distances, actor):
            distance = distances[row.id]
            listed.append(Found(model.__tablename__, row.id, _TITLE[model](row), _moment(row), distance))
    dated = _statement_days(session, [one.id for one in listed if one.table == ProblemStatement.__tablename__])
    listed = [
        one if one.id not in dated else Found(one.table, one.id, one.title, dated[one.id], one.distance_m)
        for one in listed
    ]
    listed.sort(key=lambda one: (one.at, str(one.id)), reverse=True)
    return tuple(listed[:most])


def _conditions(model: Any, actor: Actor) -> tuple[Any, ...]:
    # An entry that was corrected is no longer what is here.
    return (standing(model, actor), stands(actor)) if model is MonitoringVisit else (standing(model, actor),)


def _moment(row: Any) -> datetime:
    if isinstance(row, MonitoringVisit):
        return row.visited_at
    if isinstance(row, AppraisalEvent):
        return _day(row.held_on, row)
    if isinstance(row, Activity):
        return _day(row.status_since, row)
    moment: datetime = row.created_at
    return moment


def _add(near: dict[Any, dict[UUID, float | None]], model: Any, ids: Iterable[UUID]) -> None:
    for one in ids:
        near[model].setdefault(one, None)


def _rows(session: Session, model: Any, ids: Collection[UUID], actor: Actor) -> list[Any]:
    if not ids:
        return []
    return list(session.scalars(select(model).where(model.id.in_(ids), *_conditions(model, actor))))


def _statement_days(session: Session, ids: Collection[UUID]) -> dict[UUID, datetime]:
    query = (
        select(ProblemStatement.id, AppraisalEvent.held_on)
        .join(AppraisalEvent, AppraisalEvent.id == ProblemStatement.event_id)
        .where(ProblemStatement.id.in_(ids))
    )
    return {one: datetime.combine(held_on, time(), UTC) for one, held_on in session.execute(query)} if ids else {}


def _linked_problems(session: Session, features: Collection[UUID], actor: Actor) -> Iterable[UUID]:
    return session.scalars(
        select(ProblemFeature.problem_id).where(
            ProblemFeature.feature_id.in_(features),
            ProblemFeature.state == LinkState.CONFIRMED,
            standing(ProblemFeature, actor),
        )
    ).all()


def _linked_features(session: Session, problems: Collection[UUID], actor: Actor) -> Iterable[UUID]:
    return session.scalars(
        select(ProblemFeature.feature_id).where(
            ProblemFeature.problem_id.in_(problems),
            ProblemFeature.state == LinkState.CONFIRMED,
            standing(ProblemFeature, actor),
        )
    ).all()


def _linked_activities(
    session: Session, problems: Collection[UUID], features: Collection[UUID], actor: Actor
) -> Iterable[UUID]:
    pairs = answers(actor).subquery()
    answering = select(pairs.c.activity_id).where(pairs.c.problem_id.in_(problems))
    at_sites = or_(Activity.site_feature_id.in_(features), Activity.id.in_(answering))
    return session.scalars(select(Activity.id).where(at_sites, standing(Activity, actor))).all()


def _linked_visits(
    session: Session, activities: Collection[UUID], features: Collection[UUID], actor: Actor
) -> Iterable[UUID]:
    of = or_(MonitoringVisit.activity_id.in_(activities), MonitoringVisit.feature_id.in_(features))
    return session.scalars(select(MonitoringVisit.id).where(of, standing(MonitoringVisit, actor), stands(actor))).all()
