"""Where a village's problems are, and what "the whole village" is as a place."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pyproj import CRS
from shapely import union_all
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.domain.vocabulary import Kind, Layer, layer_of
from geo.gallery import PriorityLine
from geo.repositories.territory import TerritoryRepository
from geo.repositories.village_shapes import shapes_of
from geo.services.gallery_reading import Wall, settlement_priorities
from geo.spatial.measuring import WGS84, project, utm_epsg

__all__ = ["ProblemPlace", "ProblemPlaces", "problem_places", "village_outline"]

_ALONE_M = 400.0
"""A village of which nothing is drawn is taken as a circle of this radius (metres)."""
_AROUND_M = 30.0
"""The outline goes around what was drawn at this distance (metres): a house is drawn as its middle."""


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """A problem of the list with its place, None where nobody has said."""

    line: PriorityLine
    geometry: BaseGeometry | None
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class ProblemPlaces:
    """A village's problems, those without a place first, then by votes; and the outline of the village."""

    problems: tuple[ProblemPlace, ...]
    outline: BaseGeometry


def problem_places(session: Session, settlement_id: UUID, cycle_id: UUID, actor: Actor) -> ProblemPlaces:
    """Return where the problems of a village's list are.

    Raises
    ------
    NotFound
        There is no such village or cycle.
    """
    listed = settlement_priorities(session, settlement_id, actor, cycle_id=cycle_id)
    wall = Wall(session, cycle_id, actor)
    found = [
        ProblemPlace(line, wall.problems[line.problem_id].geometry, wall.problems[line.problem_id].is_placed_by_hand)
        for line in listed.lines
    ]
    return ProblemPlaces(
        tuple(sorted(found, key=lambda one: one.geometry is not None)), village_outline(session, settlement_id, actor)
    )


def village_outline(session: Session, settlement_id: UUID, actor: Actor) -> BaseGeometry:
    """Return the outline of a village: around what was drawn of it, or a circle where nothing was.

    Lon lat in degrees; reckoned in the village's UTM zone.
    """
    village = TerritoryRepository(session).settlement(settlement_id)
    # Its pastures and fields are the village's too, but not where people live.
    kinds = [kind for kind in Kind if layer_of(kind) is Layer.INFRASTRUCTURE]
    shapes = [*shapes_of(session, settlement_id, kinds, actor=actor), village.geometry]
    zone = CRS.from_epsg(utm_epsg(village.geometry.x, village.geometry.y))
    drawn = project(union_all(shapes), source=WGS84, target=zone).convex_hull
    around = drawn.buffer(_ALONE_M if isinstance(drawn, Point) else _AROUND_M, quad_segs=4).simplify(2.0)
    return project(around, source=zone, target=WGS84)
