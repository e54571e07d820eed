"""What monitors saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shapely.geometry import Point

from geo.domain.clock import local_day
from geo.domain.evidence import Evidence
from geo.domain.monitoring.checklist import Score, Totals
from geo.domain.monitoring.comparison import Actual, Planned
from geo.domain.monitoring_codes import FollowUpState, Severity, VisitMethod, VisitTopic

__all__ = ["AgreementSnapshot", "FindingSnapshot", "PhotoCopy", "VisitSnapshot"]


@dataclass(frozen=True, slots=True)
class FindingSnapshot:
    """Something that was found."""

    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class AgreementSnapshot:
    """What was agreed to be done, and whether it was."""

    words: str
    state: FollowUpState
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """A small copy of a photo, without anything that a camera writes into it."""

    jpeg: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class VisitSnapshot:
    """A visit as its standing entry has it."""

    id: UUID
    settlement_id: UUID
    visited_at: datetime
    topic: VisitTopic
    method: VisitMethod
    activity_id: UUID | None = None
    feature_id: UUID | None = None
    service: str = ""
    point: Point | None = None
    """Where the device was; None where it is not known or not for this reader."""
    accuracy_m: float | None = None
    evidence: Evidence | None = None
    member_count: int | None = None
    members: tuple[str, ...] = ()
    """Names; never in anything public."""
    planned: Planned = field(default_factory=Planned)
    actual: Actual = field(default_factory=Actual)
    quantity_unit: str = ""
    standard_met: bool | None = None
    summary: str = ""
    recommendations: str = ""
    findings: tuple[FindingSnapshot, ...] = ()
    agreements: tuple[AgreementSnapshot, ...] = ()
    checklist: tuple[Score, ...] = ()
    checklist_totals: Totals | None = None
    photos: tuple[PhotoCopy, ...] = ()

    @property
    def day(self) -> date:
        """The day of the visit as people there count it."""
        return local_day(self.visited_at)
