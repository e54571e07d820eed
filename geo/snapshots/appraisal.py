"""What was said at an event: circles, slices of the bread, problems with their votes and causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.bread import BreadLine
from geo.domain.events import EventKind, SessionGroup
from geo.domain.institutions import Diagram, Importance, Satisfaction, Weight
from geo.domain.problems import ProblemLevel, Solvability
from geo.domain.venn.diagram import Tie
from geo.domain.venn.drawn import DrawnCircle
from geo.domain.vocabulary import Kind
from geo.snapshots.events import FeatureSnapshot, SheetSnapshot
from geo.snapshots.names import Names

__all__ = [
    "BreadSnapshot",
    "CausesSnapshot",
    "HeldEvent",
    "InstitutionSnapshot",
    "ParticipantSnapshot",
    "ProblemSnapshot",
    "StatementSnapshot",
    "VennSnapshot",
]


@dataclass(frozen=True, slots=True)
class InstitutionSnapshot:
    """A circle of a Venn diagram and what was said of the institution."""

    id: UUID
    names: Names
    kind: Kind
    importance: Importance | None = None
    ranking: int | None = None
    """1 is the most important."""
    satisfaction: Satisfaction | None = None
    satisfaction_reason: str = ""
    serves: str = ""
    women_take_part: bool | None = None
    local_government_role: str = ""
    is_local_government: bool | None = None
    influence: Weight | None = None
    stakeholder_importance: Weight | None = None
    lonlat: tuple[float, float] | None = None
    """Its place, or the place of the object it is at, in degrees."""
    drawn: DrawnCircle | None = None
    """As it was drawn, in pixels of its sheet (y down)."""


@dataclass(frozen=True, slots=True)
class VennSnapshot:
    """One diagram of an event. A pair that no tie names is apart."""

    event_id: UUID
    diagram: Diagram
    institutions: tuple[InstitutionSnapshot, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class BreadSnapshot:
    """The slices, with the budget's own figures beside them where they are known."""

    lines: tuple[BreadLine, ...]
    names: tuple[Names, ...]
    """Of the lines, in their order."""
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class ParticipantSnapshot:
    """A line of the participant list; never in anything public."""

    number: int
    name: str
    age: int | None = None
    occupation: str = ""
    contact: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A meeting of the cycle and everything that came out of it."""

    id: UUID
    kind: EventKind
    settlement_id: UUID
    held_on: date
    group: SessionGroup
    place: Names = field(default_factory=Names)
    participants: int | None = None
    women: int | None = None
    facilitators: int | None = None
    facilitator_names: tuple[str, ...] = ()
    """Never in anything public."""
    minutes: Mapping[str, Any] | None = None
    """Fields of the minutes; see `geo.services.resources.events`."""
    programme: tuple[Mapping[str, Any], ...] = ()
    signatures: tuple[str, ...] = ()
    """Never in anything public."""
    participant_list: tuple[ParticipantSnapshot, ...] = ()
    """Never in anything public."""
    features: tuple[FeatureSnapshot, ...] = ()
    sheets: tuple[SheetSnapshot, ...] = ()
    venns: tuple[VennSnapshot, ...] = ()
    bread: BreadSnapshot | None = None


@dataclass(frozen=True, slots=True)
class StatementSnapshot:
    """What was written on the notes of an event, with their number."""

    id: UUID
    event_id: UUID
    settlement_id: UUID
    wording: str
    votes: int
    competence: str | None = None
    """As `ProblemSnapshot.competence`."""


@dataclass(frozen=True, slots=True)
class CausesSnapshot:
    """What a focus group found out about a problem."""

    id: UUID
    event_id: UUID | None
    description: str = ""
    causes: tuple[str, ...] = ()
    effects_seen: tuple[str, ...] = ()
    effects_to_come: tuple[str, ...] = ()
    solutions: tuple[str, ...] = ()
    contribution_ao: str = ""
    contribution_ak: str = ""
    contribution_community: str = ""
    contribution_others: str = ""
    solvable_by: Solvability | None = None


@dataclass(frozen=True, slots=True)
class ProblemSnapshot:
    """A problem of a village or of the municipality, with everything that was merged into it."""

    id: UUID
    level: ProblemLevel
    title: str
    settlement_id: UUID | None
    """None at the level of the municipality."""
    votes: int
    rank: int | None = None
    is_tied: bool = False
    is_priority: bool = False
    """Whether it is among the first five of its list, ties included."""
    competence: str | None = None
    """Number of the local matter 1 to 23, ``delegated`` or ``outside``; see `geo.domain.local_matters`."""
    statements: tuple[StatementSnapshot, ...] = ()
    merged_titles: tuple[str, ...] = ()
    merge_reasons: tuple[str, ...] = ()
    causes: tuple[CausesSnapshot, ...] = ()
    geometry: BaseGeometry | None = None
    feature_ids: tuple[UUID, ...] = ()
    """Objects that cause or show it, confirmed."""
    activity_ids: tuple[UUID, ...] = ()
    """Activities that answer it."""
