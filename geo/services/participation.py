"""Who came to the events of municipalities, cycle by cycle."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.participation_table import EventCount, ParticipationTable, participation_table
from geo.domain.rights import Action, Actor, Subject
from geo.models import AppraisalEvent
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.visibility import visible
from geo.snapshots import Names

__all__ = ["CycleParticipation", "Participations", "participations"]


@dataclass(frozen=True, slots=True)
class CycleParticipation:
    """The participation table of a municipality in a year."""

    municipality_id: UUID
    municipality: Names
    cycle_id: UUID
    year: int
    table: ParticipationTable


@dataclass(frozen=True, slots=True)
class Participations:
    """Tables by municipality and year, and one over all of them."""

    cycles: tuple[CycleParticipation, ...]
    together: ParticipationTable


def participations(
    session: Session, *, actor: Actor, municipality_id: UUID | None = None, cycle_id: UUID | None = None
) -> Participations:
    """Return the participation of the events that an actor may see.

    For whoever has no role in a municipality, events with counts of fewer than 5 people are left out of its sums, and
    nobody's sums hold them in the table over all.
    """
    allowed = actor.municipalities(Action.READ, Subject.EVENTS)
    rows = AppraisalRepository(session).with_municipality(
        visible(AppraisalEvent, actor, Subject.EVENTS), municipality_id=municipality_id, cycle_id=cycle_id
    )
    by_cycle: dict[UUID, list[EventCount]] = {}
    heads = {}
    for event, cycle, municipality in rows:
        by_cycle.setdefault(cycle.id, []).append(EventCount(event.kind, event.participants, event.women))
        heads[cycle.id] = (cycle, municipality)
    everything = [count for counts in by_cycle.values() for count in counts]
    cycles = []
    for key, counts in by_cycle.items():
        cycle, municipality = heads[key]
        names = Names(municipality.name_ky, municipality.name_ru, municipality.name_en)
        is_own = allowed is None or municipality.id in allowed
        table = participation_table(counts, for_public=not is_own)
        cycles.append(CycleParticipation(municipality.id, names, cycle.id, cycle.year, table))
    every_own = allowed is None or all(one.municipality_id in allowed for one in cycles)
    return Participations(tuple(cycles), participation_table(everything, for_public=not every_own))
