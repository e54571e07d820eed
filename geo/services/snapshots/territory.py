"""The municipality and its villages in the year shown."""

from __future__ import annotations

from uuid import UUID

from geo.domain.disclosure import suppress_counts
from geo.domain.rights import Subject
from geo.domain.territory import BoundaryStatus
from geo.models import Municipality, Settlement, SettlementBoundary
from geo.services.event_map import names_of
from geo.services.snapshots.reader import Reader
from geo.snapshots import MunicipalitySnapshot, Names, SettlementSnapshot

__all__ = ["read_credits", "read_municipality"]


def read_municipality(reader: Reader, municipality: Municipality) -> MunicipalitySnapshot:
    """Return the municipality with the villages that belonged to it in the year."""
    settlements = reader.rows.settlements()
    boundaries: dict[UUID, SettlementBoundary] = {}
    for one in reader.rows.boundaries():
        known = boundaries.get(one.settlement_id)
        if known is None or _weight(one) >= _weight(known):
            boundaries[one.settlement_id] = one
    return MunicipalitySnapshot(
        id=municipality.id,
        names=names_of(municipality),
        rayon=Names(municipality.rayon_ky, municipality.rayon_ru, municipality.rayon_en),
        oblast=Names(municipality.oblast_ky, municipality.oblast_ru, municipality.oblast_en),
        settlements=tuple(_settlement(reader, one, boundaries.get(one.id)) for one in settlements),
        boundary=municipality.geometry,
        population_over=municipality.population_over,
    )


def read_credits(reader: Reader, municipality: Municipality) -> tuple[str, ...]:
    """Return the sources that must be named."""
    sources = (municipality.source, *(one.source for one in reader.rows.settlements()))
    return tuple(dict.fromkeys(filter(None, sources)))


def _settlement(reader: Reader, one: Settlement, boundary: SettlementBoundary | None) -> SettlementSnapshot:
    counts = {"population_women": one.population_women, "population_men": one.population_men}
    told = counts if reader.tells(Subject.TERRITORY) else suppress_counts(counts).values
    return SettlementSnapshot(
        id=one.id,
        names=names_of(one),
        point=one.geometry,
        boundary=boundary.geometry if boundary else None,
        women=told["population_women"],
        men=told["population_men"],
        households=one.households,
        is_sample=one.is_sample,
    )


def _weight(one: SettlementBoundary) -> tuple[bool, str]:
    """An approved boundary stands before a proposed one, a later before an earlier."""
    return one.status is BoundaryStatus.APPROVED, one.decided_on.isoformat() if one.decided_on else ""
