"""Which problems of a list might be the same; a person decides, nothing is merged by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from pyproj import CRS
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.gallery.candidates import candidates
from geo.domain.gallery.likeness import ENOUGH, MOST_ADDED, likeness
from geo.domain.problems import ProblemLevel
from geo.gallery import MergeSuggestion, PriorityLine, PriorityList
from geo.repositories.gallery import GalleryRepository
from geo.spatial.gathering import gather
from geo.spatial.measuring import WGS84, project, utm_epsg

__all__ = ["suggest_merges"]


def suggest_merges(session: Session, listed: PriorityList, *, least: float = ENOUGH) -> tuple[MergeSuggestion, ...]:
    """Return pairs of a list's problems that might be the same, the most alike first.

    Parameters
    ----------
    listed
        The list of a village or a municipality.
    least
        Score from which a pair is named; above what place and competence can add (0.15).

    Pairs that people decided not to be the same (``problem-distinctions``) are left out.
    """
    repository = GalleryRepository(session)
    statements = {one.id: one for one in repository.statements(listed.cycle_id)}
    places = _Places(
        {line.problem_id: gather(statements[one.id].geometry for one in line.statements) for line in listed.lines}
    )
    said = [_wordings(line) for line in listed.lines]
    told_apart = _told_apart(repository, listed)
    found = []
    # Places alone make nothing alike, and add no more than that to words.
    for one, other in candidates(said, least=least - MOST_ADDED):
        first, second = listed.lines[one], listed.lines[other]
        if frozenset((first.problem_id, second.problem_id)) in told_apart:
            continue
        metres = places.apart_m(first.problem_id, second.problem_id)
        alike = likeness(
            said[one],
            said[other],
            distance_m=metres,
            competences=(first.competence, second.competence),
        )
        if alike.score >= least:
            found.append(
                MergeSuggestion(
                    first_id=first.problem_id,
                    first_title=first.title,
                    second_id=second.problem_id,
                    second_title=second.title,
                    level=_level(first, second),
                    score=round(alike.score, 3),
                    distance_m=None if metres is None else round(metres, 1),
                    reasons=alike.reasons,
                )
            )
    return tuple(sorted(found, key=lambda one: -one.score))


def _told_apart(repository: GalleryRepository, listed: PriorityList) -> frozenset[frozenset[UUID]]:
    """Return the pairs of a list that people decided not to be the same, by what they are merged into now."""
    decided = repository.distinctions(listed.cycle_id)
    if not decided:
        return frozenset()
    book = repository.book(listed.cycle_id)
    return frozenset(
        frozenset(book.head(problem, listed.level) for problem in pair if problem in book.problems) for pair in decided
    )


class _Places:
    """Distances between problems, each put into a plane once."""

    def __init__(self, shapes: Mapping[UUID, BaseGeometry | None]) -> None:
        self._shapes = shapes
        self._zones: dict[UUID, CRS] = {}
        self._flat: dict[tuple[UUID, str], BaseGeometry] = {}

    def apart_m(self, first: UUID, second: UUID) -> float | None:
        """Return the distance in metres in the UTM zone of the first, None where one has no place."""
        if self._shapes[first] is None or self._shapes[second] is None:
            return None
        zone = self._zone(first)
        return float(self._projected(first, zone).distance(self._projected(second, zone)))

    def _zone(self, problem: UUID) -> CRS:
        shape = self._shapes[problem]
        if problem not in self._zones and shape is not None:
            centre = shape.centroid
            self._zones[problem] = _zone_of(utm_epsg(centre.x, centre.y))
        return self._zones[problem]

    def _projected(self, problem: UUID, zone: CRS) -> BaseGeometry:
        shape = self._shapes[problem]
        if (problem, zone.srs) not in self._flat and shape is not None:
            self._flat[problem, zone.srs] = project(shape, source=WGS84, target=zone)
        return self._flat[problem, zone.srs]


@cache
def _zone_of(epsg: int) -> CRS:
    return CRS.from_epsg(epsg)


def _wordings(line: PriorityLine) -> tuple[str, ...]:
    return tuple(dict.fromkeys((line.title, *(one.wording for one in line.statements))))


def _level(first: PriorityLine, second: PriorityLine) -> ProblemLevel:
    alone = first.by_settlement.keys() == second.by_settlement.keys() and len(first.by_settlement) == 1
    is_village = first.level is ProblemLevel.SETTLEMENT and second.level is ProblemLevel.SETTLEMENT
    return ProblemLevel.SETTLEMENT if alone and is_village else ProblemLevel.MUNICIPALITY
