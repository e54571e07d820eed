"""A village's year at a glance: its first problems, how its plan stands, and when somebody last went to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.clock import local_day
from geo.domain.plan_codes import ActivityStage
from geo.domain.rights import Actor
from geo.models import MonitoringVisit
from geo.repositories.cycles import CycleRepository, years_of
from geo.repositories.gallery import GalleryRepository
from geo.repositories.stages import StageRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.gallery_reading import settlement_priorities
from geo.services.workplace import Workplace

__all__ = ["FirstProblem", "LastVisit", "VillageYear", "village_year"]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FirstProblem:
    """One of the problems with most votes.

    Attributes
    ----------
    centre
        Lon lat of its place; None where nobody has given one.
    """

    id: UUID
    title: str
    votes: int
    rank: int
    is_tied: bool
    centre: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class LastVisit:
    """The newest visit of the year's work in the village."""

    id: UUID
    on: date
    summary: str


@dataclass(frozen=True, slots=True)
class VillageYear:
    """What the first page of a village's year shows.

    Attributes
    ----------
    event_ids
        Events of the village in that year, whose objects are on the map.
    has_plan
        Whether the municipality has a plan of that year.
    activities
        How many activities of the village, or of the whole municipality, stand where.
    years
        The municipality's years, newest first.
    """

    event_ids: tuple[UUID, ...] = ()
    problems: tuple[FirstProblem, ...] = ()
    has_plan: bool = False
    activities: Mapping[ActivityStage, int] | None = None
    last_visit: LastVisit | None = None
    years: tuple[int, ...] = ()


def village_year(session: Session, place: Workplace, *, actor: Actor) -> VillageYear:
    """Return a village's year at a glance, for what an actor may see."""
    years = tuple(sorted(years_of(session, place.municipality_id), reverse=True)) if place.municipality_id else ()
    if place.cycle_id is None:
        return VillageYear(years=years)
    cycle = TerritoryRepository(session).cycle_by_id(place.cycle_id)
    of_year = CycleRepository(session, cycle, actor, settlement_id=place.settlement_id)
    rows = StageRepository(session, actor, cycle_id=cycle.id, settlement_id=place.settlement_id)
    visits = of_year.visits()
    return VillageYear(
        event_ids=tuple(one.id for one in of_year.events()),
        problems=_first(session, place, actor),
        has_plan=bool(rows.plans()),
        activities=dict(Counter(one.status for one in rows.activities())),
        last_visit=_visit(visits[0]) if visits else None,
        years=years,
    )


def _first(session: Session, place: Workplace, actor: Actor) -> tuple[FirstProblem, ...]:
    listed = settlement_priorities(session, place.settlement_id, actor, cycle_id=place.cycle_id)
    lines = [one for one in listed.lines if one.votes][:_SHOWN]
    gallery = GalleryRepository(session)
    seen = gallery.seen(listed.cycle_id, actor=actor)
    shapes = {one.id: one.geometry for one in gallery.some([one.problem_id for one in lines]) if one.id in seen}
    return tuple(
        FirstProblem(one.problem_id, one.title, one.votes, one.rank, one.is_tied, _centre(shapes.get(one.problem_id)))
        for one in lines
    )


def _centre(shape: BaseGeometry | None) -> tuple[float, float] | None:
    """Return a point on a shape, to move a map to."""
    if shape is None or shape.is_empty:
        return None
    point = shape.representative_point()
    return point.x, point.y


def _visit(visit: MonitoringVisit) -> LastVisit:
    return LastVisit(visit.id, local_day(visit.visited_at), visit.summary)
