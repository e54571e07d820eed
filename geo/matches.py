"""What services tell of objects that several groups drew; free of sessions and engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.events import SessionGroup
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.matching import DifferenceKind, DrawnBy
from geo.domain.vocabulary import Condition, Kind
from geo.snapshots import Names

__all__ = ["DrawingSnapshot", "MatchSnapshot", "ObjectDifference", "OneGroupOnly", "Proposals", "VillageDifferences"]


@dataclass(frozen=True, slots=True)
class DrawingSnapshot:
    """How one event drew an object."""

    feature_id: UUID | None
    """None where the feature was deleted since."""
    event_id: UUID
    held_on: date
    group: SessionGroup
    groups: frozenset[DrawnBy]
    kind: Kind | None
    names: Names
    condition: Condition | None
    status: MatchStatus = MatchStatus.PROPOSED
    changed: bool = False
    """Whether the feature was changed or deleted since the match was last looked at."""


@dataclass(frozen=True, slots=True)
class MatchSnapshot:
    """An object and its drawings."""

    id: UUID
    version: int
    settlement_id: UUID
    status: MatchStatus
    score: float
    parts: Mapping[str, Any]
    kind: Kind
    names: Names
    condition: Condition | None
    canonical: CanonicalRule
    canonical_feature_id: UUID | None
    geometry: BaseGeometry
    """Lon lat."""
    position_error_m: float | None
    drawings: tuple[DrawingSnapshot, ...]
    replaces: UUID | None
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a search for matches changed."""

    new: int
    kept: int
    """Proposals that were there already."""
    withdrawn: int
    """Proposals that no longer hold: a drawing was moved, deleted or matched otherwise."""
    confirmed: int
    """Decisions that stay as they are, here and below."""
    rejected: int


@dataclass(frozen=True, slots=True)
class OneGroupOnly:
    """What one group drew and others did not."""

    groups: tuple[DrawnBy, ...]
    """What those who drew it have in common and somebody else has not; empty where it is one event among its like."""
    drawings: tuple[DrawingSnapshot, ...]


@dataclass(frozen=True, slots=True)
class ObjectDifference:
    """In what drawings of one object differ."""

    kind: DifferenceKind
    match_id: UUID | None
    """The stored match; None where it is not stored yet."""
    is_confirmed: bool
    drawings: tuple[DrawingSnapshot, ...]
    values: tuple[str, ...]
    """What each drawing says: codes of kinds or conditions, names; for places nothing."""
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class VillageDifferences:
    """In what the maps of a village's groups differ."""

    events: int
    """How many events drew something."""
    agreed: int
    """Objects that several events drew."""
    only: tuple[OneGroupOnly, ...]
    """Women's and young people's first."""
    differing: tuple[ObjectDifference, ...]
