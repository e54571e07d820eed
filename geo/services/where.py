"""What is here: everything at a place, or linked to something at it, newest first, page by page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, Final
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from geo.domain.linking import LinkState
from geo.domain.rights import Actor
from geo.errors import Refused
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

__all__ = ["MOST_AT_A_PLACE", "Found", "FoundPage", "what_is_here"]

MOST_AT_A_PLACE: Final = 10_000
"""Rows of one table that a place may hold: to look through more, and through what hangs on them, takes too long."""
_IN_ONE_QUERY = 10_000
"""Ids; SQLite takes 32 766 values."""


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


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of what is at a place; ``cursor`` is what to ask for to go on, None where this was the last page."""

    items: tuple[Found, ...]
    cursor: str | None


def _named(row: Any) -> str:
    return str(row.name_ky or row.name_ru or row.name_en or getattr(row.kind, "value", ""))


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
    session: Session,
    place: BaseGeometry,
    *,
    actor: Actor,
    radius_m: float = 0.0,
    most: int = 200,
    cursor: str | None = None,
) -> FoundPage:
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
        Most records of a page.
    cursor
        `FoundPage.cursor` of the page before.

    Raises
    ------
    Refused
        The place is empty, the radius no distance, the cursor none, or more than `MOST_AT_A_PLACE` rows of one table
        lie there.
    """
    before = None if cursor is None else _read_cursor(cursor)
    near = _near(session, place, actor, radius_m)
    _add(near, Problem, _linked_problems(session, near[MapFeature], actor))
    _add(near, MapFeature, _linked_features(session, near[Problem], actor))
    _add(near, Activity, _linked_activities(session, near[Problem], near[MapFeature], actor))
    _add(near, MonitoringVisit, _linked_visits(session, near[Activity], near[MapFeature], actor))
    dated = [
        (at, str(one), model, one)
        for model, distances in near.items()
        for one, at in _moments(session, model, distances, actor)
    ]
    listed = sorted((one for one in dated if before is None or one[:2] < before), key=lambda one: one[:2], reverse=True)
    page = listed[:most]
    titles = {model: _titles(session, model, [one[3] for one in page if one[2] is model]) for model in near}
    return FoundPage(
        items=tuple(
            Found(model.__tablename__, one, titles[model][one], at, near[model][one]) for at, _, model, one in page
        ),
        cursor=_write_cursor(*page[-1][:2]) if len(listed) > most else None,
    )


def _near(session: Session, place: BaseGeometry, actor: Actor, radius_m: float) -> dict[Any, dict[UUID, float | None]]:
    nearness = NearnessRepository(session)
    near: dict[Any, dict[UUID, float | None]] = {}
    for model in _TITLE:
        rows = NearRows(model, _conditions(model, actor))
        found = nearness.within(place, rows, distance_m=radius_m, most=MOST_AT_A_PLACE + 1)
        if len(found) > MOST_AT_A_PLACE:
            raise Refused("where.too_much", most=MOST_AT_A_PLACE)
        near[model] = {one.id: one.distance_m for one in found}
    return near


def _conditions(model: Any, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    # An entry that was corrected is no longer what is here.
    return (standing(model, actor), stands(actor)) if model is MonitoringVisit else (standing(model, actor),)


def _moments(session: Session, model: Any, ids: Collection[UUID], actor: Actor) -> Iterator[tuple[UUID, datetime]]:
    """Return when rows happened, were set or entered, of those that the actor may see."""
    days: dict[Any, Any] = {
        ProblemStatement: AppraisalEvent.held_on,
        AppraisalEvent: AppraisalEvent.held_on,
        Activity: Activity.status_since,
        MonitoringVisit: MonitoringVisit.visited_at,
    }
    query = select(model.id, days.get(model, model.created_at), model.created_at).where(*_conditions(model, actor))
    if model is ProblemStatement:
        query = query.join(AppraisalEvent, AppraisalEvent.id == ProblemStatement.event_id)
    for some in _parts(ids):
        for one, at, entered in session.execute(query.where(model.id.in_(some))):
            yield one, _moment(at, entered)


def _moment(at: date | datetime | None, entered: datetime) -> datetime:
    if at is None:
        return entered
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)


def _titles(session: Session, model: Any, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.scalars(select(model).where(model.id.in_(ids))) if ids else ()
    return {row.id: _TITLE[model](row) for row in rows}


def _parts(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, _IN_ONE_QUERY)):
        yield some


def _add(near: dict[Any, dict[UUID, float | None]], model: Any, ids: Iterable[UUID]) -> None:
    for one in ids:
        near[model].setdefault(one, None)


def _linked_problems(session: Session, features: Collection[UUID], actor: Actor) -> list[UUID]:
    query = select(ProblemFeature.problem_id).where(
        ProblemFeature.state == LinkState.CONFIRMED, standing(ProblemFeature, actor)
    )
    return [
        one for some in _parts(features) for one in session.scalars(query.where(ProblemFeature.feature_id.in_(some)))
    ]


def _linked_features(session: Session, problems: Collection[UUID], actor: Actor) -> list[UUID]:
    query = select(ProblemFeature.feature_id).where(
        ProblemFeature.state == LinkState.CONFIRMED, standing(ProblemFeature, actor)
    )
    return [
        one for some in _parts(problems) for one in session.scalars(query.where(ProblemFeature.problem_id.in_(some)))
    ]


def _linked_activities(
    session: Session, problems: Collection[UUID], features: Collection[UUID], actor: Actor
) -> list[UUID]:
    pairs = answers(actor).subquery()
    query = select(Activity.id).where(standing(Activity, actor))
    found = [
        one for some in _parts(features) for one in session.scalars(query.where(Activity.site_feature_id.in_(some)))
    ]
    for some in _parts(problems):
        answering = select(pairs.c.activity_id).where(pairs.c.problem_id.in_(some))
        found += session.scalars(query.where(Activity.id.in_(answering)))
    return found


def _linked_visits(
    session: Session, activities: Collection[UUID], features: Collection[UUID], actor: Actor
) -> list[UUID]:
    query = select(MonitoringVisit.id).where(*_conditions(MonitoringVisit, actor))
    return [
        one
        for column, ids in ((MonitoringVisit.activity_id, activities), (MonitoringVisit.feature_id, features))
        for some in _parts(ids)
        for one in session.scalars(query.where(column.in_(some)))
    ]


def _write_cursor(at: datetime, identity: str) -> str:
    return base64.urlsafe_b64encode(f"{at.astimezone(UTC).isoformat()} {identity}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, identity = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(" ")
        moment, identity = datetime.fromisoformat(at), str(UUID(identity))
    except (binascii.Error, ValueError) as error:
        raise Refused("list.bad_cursor") from error
    if moment.tzinfo is None:
        raise Refused("list.bad_cursor")
    return moment, identity
