"""Where the public pages are: a municipality's years, and the year of a problem."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import PUBLIC
from geo.errors import NotFound
from geo.repositories.cycles import years_of
from geo.repositories.gallery import GalleryRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.snapshots import Names

__all__ = ["ProblemPlace", "PublicYear", "problem_place", "public_year"]


@dataclass(frozen=True, slots=True)
class PublicYear:
    """A municipality and one of its years."""

    municipality_id: UUID
    names: Names
    year: int | None
    """None before it has any."""
    years: tuple[int, ...]
    """All of them, the last first."""

    @property
    def is_last(self) -> bool:
        """Whether it is the last year there is."""
        return bool(self.years) and self.year == self.years[0]


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """Whose problem it is."""

    municipality_id: UUID
    year: int
    merged_into_id: UUID | None
    """What it is part of now, as far as everybody may know."""


def public_year(session: Session, municipality_id: UUID, year: int | None) -> PublicYear:
    """Return a municipality's year; without a number the last.

    Raises
    ------
    NotFound
        There is no such municipality, or it has nothing of that year.
    """
    municipality = TerritoryRepository(session).municipality(municipality_id)
    years = tuple(reversed(years_of(session, municipality_id)))
    if year is not None and year not in years:
        raise NotFound(
            "snapshot.no_cycle",
            municipality=names_of(municipality).ky,
            year=str(year),
            years=", ".join(str(one) for one in years),
        )
    return PublicYear(municipality_id, names_of(municipality), year or (years[0] if years else None), years)


def problem_place(session: Session, problem_id: UUID) -> ProblemPlace:
    """Return the place of a problem; whether everybody may see the problem itself its year's list tells.

    Raises
    ------
    NotFound
        There is none.
    """
    gallery = GalleryRepository(session)
    found = gallery.problem(problem_id)
    cycle = TerritoryRepository(session).cycle_by_id(found.cycle_id)
    known = found.merged_into_id is not None and problem_id in gallery.seen(cycle.id, actor=PUBLIC)
    return ProblemPlace(cycle.municipality_id, cycle.year, found.merged_into_id if known else None)
