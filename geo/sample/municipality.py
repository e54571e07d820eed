"""Reading the sample municipality from the files beside this module (DOMAIN.md sections 1, 8 and 13).

Lipenka aimak and its four villages are real; the fifth settlement is a sample and says so. What the sources do
not give (head counts, an exact date, a population by sex) is None here, not invented. Ids are fixed, so that
loading twice meets the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from pydantic import TypeAdapter

from geo.domain.events import EventKind, SessionGroup
from geo.domain.membership import Membership
from geo.domain.participation import HeadCount
from geo.domain.territory import DatePrecision, MunicipalityKind
from geo.snapshots import Names

__all__ = [
    "Sample",
    "SampleBreadShare",
    "SampleCycle",
    "SampleEvent",
    "SampleInstitution",
    "SampleMembership",
    "SampleMinutes",
    "SampleMunicipality",
    "SampleProblem",
    "SampleSettlement",
    "load_sample",
]


@dataclass(frozen=True, slots=True)
class SampleMunicipality:
    """A municipality, with full names; rayon and oblast as bare names, without the word rayon or oblast."""

    id: UUID
    kind: MunicipalityKind
    names: Names
    rayon: Names
    oblast: Names
    population_over: int | None
    """The source says "over" this number; None where it gives none."""
    note: str
    """Where the facts come from, for whoever reads the file."""


@dataclass(frozen=True, slots=True)
class SampleSettlement:
    """A settlement as a point in EPSG:4326."""

    id: UUID
    names: Names
    rayon: Names
    oblast: Names
    lon: float
    lat: float
    source: str
    """Source and licence of the point, to be named wherever it is shown; empty for the sample village."""
    is_sample: bool
    is_uncertain: bool
    """Whether the point may be another village's."""
    note: str


@dataclass(frozen=True, slots=True)
class SampleMembership:
    """A settlement belongs to a municipality; ends are as in `geo.domain.membership.Membership`."""

    id: UUID
    settlement_id: UUID
    municipality_id: UUID
    valid_from: date | None
    valid_to: date | None
    precision: DatePrecision
    note: str

    def as_membership(self) -> Membership:
        """Return the value that the membership rules work on."""
        return Membership(self.settlement_id, self.municipality_id, self.valid_from, self.valid_to, self.precision)


@dataclass(frozen=True, slots=True)
class SampleCycle:
    """A year's cycle."""

    id: UUID
    municipality_id: UUID
    year: int


@dataclass(frozen=True, slots=True)
class SampleMinutes:
    """Minutes of the session: number, agenda, and what was drawn and said, paragraphs apart by an empty line."""

    number: int
    agenda: tuple[Names, ...]
    text: Names


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """The appraisal session of the sample village."""

    id: UUID
    cycle_id: UUID
    settlement_id: UUID
    kind: EventKind
    held_on: date
    place: Names
    group: SessionGroup
    people: HeadCount
    minutes: SampleMinutes
    note: str


@dataclass(frozen=True, slots=True)
class SampleInstitution:
    """An institution of the Venn diagram; rank 1 is the most important."""

    rank: int
    names: Names


@dataclass(frozen=True, slots=True)
class SampleBreadShare:
    """A slice of the bread: what participants think a budget line gets, in percent."""

    line: Names
    percent: float


@dataclass(frozen=True, slots=True)
class SampleProblem:
    """A problem of the gallery with its votes."""

    wording: Names
    votes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything the sample holds."""

    municipalities: tuple[SampleMunicipality, ...]
    settlements: tuple[SampleSettlement, ...]
    memberships: tuple[SampleMembership, ...]
    cycle: SampleCycle
    event: SampleEvent
    institutions: tuple[SampleInstitution, ...]
    bread: tuple[SampleBreadShare, ...]
    problems: tuple[SampleProblem, ...]


@dataclass(frozen=True, slots=True)
class _Territory:
    municipalities: tuple[SampleMunicipality, ...]
    settlements: tuple[SampleSettlement, ...]
    memberships: tuple[SampleMembership, ...]


@dataclass(frozen=True, slots=True)
class _Appraisal:
    cycle: SampleCycle
    event: SampleEvent
    institutions: tuple[SampleInstitution, ...]
    bread: tuple[SampleBreadShare, ...]
    problems: tuple[SampleProblem, ...]


@cache
def load_sample() -> Sample:
    """Return the sample municipality as plain values.

    >>> [place.names.ky for place in load_sample().settlements]
    ['Липенка', 'Богатыровка', 'Ичке-Булуң', 'Зеленый Гай', 'Х айылы (үлгү)']
    """
    territory = TypeAdapter(_Territory).validate_json(_read("territory.json"))
    appraisal = TypeAdapter(_Appraisal).validate_json(_read("appraisal.json"))
    return Sample(
        municipalities=territory.municipalities,
        settlements=territory.settlements,
        memberships=territory.memberships,
        cycle=appraisal.cycle,
        event=appraisal.event,
        institutions=appraisal.institutions,
        bread=appraisal.bread,
        problems=appraisal.problems,
    )


def _read(name: str) -> bytes:
    return files("geo.sample").joinpath(name).read_bytes()
