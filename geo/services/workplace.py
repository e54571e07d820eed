"""Where somebody is at work: a village, its municipality, and the year of the cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.clock import local_today
from geo.errors import NotFound
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.snapshots import Names

__all__ = ["Workplace", "workplace"]


@dataclass(frozen=True, slots=True)
class Workplace:
    """A village in a year."""

    settlement_id: UUID
    settlement: Names
    lonlat: tuple[float, float]
    municipality_id: UUID | None
    """None where nobody says to which municipality the village belonged at the end of that year, or belongs now."""
    municipality: Names
    year: int
    cycle_id: UUID | None
    """None before anything of that year is recorded."""
    is_sample: bool


def workplace(session: Session, settlement_id: UUID, year: int) -> Workplace:
    """Return a village in a year.

    Raises
    ------
    NotFound
        There is no such village.
    """
    territory = TerritoryRepository(session)
    village = territory.settlement(settlement_id)
    if not 1990 <= year <= 2100:
        raise NotFound("http.not_found")
    belongs = territory.municipality_of(settlement_id, date(year, 12, 31)) or territory.municipality_of(
        settlement_id, local_today()
    )
    cycle = territory.cycle(belongs.id, year) if belongs else None
    return Workplace(
        settlement_id=village.id,
        settlement=names_of(village),
        lonlat=(village.geometry.x, village.geometry.y),
        municipality_id=belongs.id if belongs else None,
        municipality=names_of(belongs) if belongs else Names(),
        year=year,
        cycle_id=cycle.id if cycle else None,
        is_sample=village.is_sample,
    )
