"""The gallery as people look at it: lists with ranks, merges, likenesses; read models without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from geo.domain.events import GroupSex
from geo.domain.gallery.stability import Stability
from geo.domain.problems import ProblemLevel
from geo.i18n import Text

__all__ = [
    "EventGallery",
    "GalleryLine",
    "MergeSnapshot",
    "MergeSuggestion",
    "PriorityCount",
    "PriorityLine",
    "PriorityList",
    "ProblemMove",
    "RankStability",
    "SessionWall",
    "Statement",
    "WallGroup",
    "WallNote",
]


@dataclass(frozen=True, slots=True)
class Statement:
    """What an event said, in its own words and with its own votes, whatever was merged since."""

    id: UUID
    problem_id: UUID
    event_id: UUID
    settlement_id: UUID
    wording: str
    votes: int
    competence: str | None


@dataclass(frozen=True, slots=True)
class GalleryLine:
    """A statement in the order of votes of its event, and the village's problem that it counts for."""

    statement: Statement
    rank: int
    is_tied: bool
    problem_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class EventGallery:
    """The wall of one event."""

    event_id: UUID
    settlement_id: UUID
    held_on: date
    participants: int | None
    votes: int
    most_votes: int | None
    """None where the number of participants is not known."""
    lines: tuple[GalleryLine, ...]


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A problem on the list of a village or a municipality."""

    problem_id: UUID
    version: int | None
    """None where the problem itself is not for the reader."""
    level: ProblemLevel
    title: str
    competence: str | None
    votes: int
    rank: int
    is_tied: bool
    is_priority: bool
    by_settlement: Mapping[UUID, int]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class PriorityList:
    """The problems of a village or a municipality in one cycle, the most votes first."""

    level: ProblemLevel
    municipality_id: UUID
    settlement_id: UUID | None
    cycle_id: UUID
    year: int
    votes: int
    lines: tuple[PriorityLine, ...]

    @property
    def priorities(self) -> tuple[PriorityLine, ...]:
        """The first five, with ties."""
        return tuple(line for line in self.lines if line.is_priority)


@dataclass(frozen=True, slots=True)
class MergeSnapshot:
    """The decision that problems are the same one."""

    id: UUID
    version: int
    into_id: UUID
    into_title: str
    problem_ids: tuple[UUID, ...]
    level: ProblemLevel
    reason: str
    decided_by: str
    decided_at: datetime
    undone_at: datetime | None
    undone_by: str
    undone_reason: str
    votes: int
    """Votes of the problem that they were put into, as it stands now."""


@dataclass(frozen=True, slots=True)
class MergeSuggestion:
    """Two problems that might be the same, with the reasons; a person decides."""

    first_id: UUID
    first_title: str
    second_id: UUID
    second_title: str
    level: ProblemLevel
    score: float
    distance_m: float | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RankStability:
    """Whether the priorities of a list hold, with the titles of the problems named."""

    list: PriorityList
    stability: Stability
    titles: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """In how many places a matter is a priority."""

    competence: str
    places: int
    rank: int
    is_tied: bool
    place_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class WallNote:
    """A statement on the wall: one note, or, with more votes, a pile of notes with the same words."""

    id: UUID
    version: int
    problem_id: UUID
    wording: str
    votes: int
    competence: str | None


@dataclass(frozen=True, slots=True)
class WallGroup:
    """Notes of an event that count for one problem of the village."""

    problem_id: UUID
    version: int | None
    """None where the problem itself is not for the reader."""
    title: str
    competence: str | None
    votes: int
    """Of this event alone."""
    votes_elsewhere: int
    """What other events gave the same problem."""
    rank: int
    is_tied: bool
    is_priority: bool
    notes: tuple[WallNote, ...]


@dataclass(frozen=True, slots=True)
class SessionWall:
    """The wall of an event while it is worked at: its notes in groups, the most votes first, ties as ties."""

    event_id: UUID
    settlement_id: UUID
    held_on: date
    sex: GroupSex
    participants: int | None
    votes: int
    most_votes: int | None
    """None where the number of participants is not known."""
    groups: tuple[WallGroup, ...]


@dataclass(frozen=True, slots=True)
class ProblemMove:
    """A problem that was put into another one on the wall, or taken out."""

    problem_id: UUID
    before_id: UUID | None
    """What it counted for before; None where it stood for itself."""
    into_id: UUID | None
    others_id: UUID | None
    """What those count for now that had been put into it and stayed behind; None where there were none."""
