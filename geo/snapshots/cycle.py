"""A year of a municipality as one reader may see it: what every map, drawing and paper is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.plan_codes import ActivityStage
from geo.snapshots.appraisal import HeldEvent, ProblemSnapshot
from geo.snapshots.monitoring import VisitSnapshot
from geo.snapshots.plan import ActivitySnapshot, PeopleGroupSnapshot, PlanSnapshot
from geo.snapshots.territory import MunicipalitySnapshot, SettlementSnapshot

__all__ = ["Audience", "CycleSnapshot", "MatchSnapshot"]


class Audience(StrEnum):
    """For whom something is made (DOMAIN.md section 11)."""

    PUBLIC = "public"
    """Everybody: what is published, without names of people, contacts and small counts."""
    INTERNAL = "internal"
    """Those who work with the record, as far as their rights go."""


@dataclass(frozen=True, slots=True)
class MatchSnapshot:
    """A real object that several groups drew, confirmed to be one."""

    id: UUID
    feature_ids: tuple[UUID, ...]
    agreement: float
    """0 to 1."""
    geometry: BaseGeometry
    canonical_feature_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CycleSnapshot:
    """Everything of a municipality's year, free of what its audience may not see.

    What is not for the audience is not in it: a public snapshot has empty lists of people, no contacts, no names of
    monitors, and no count below the least that may be shown. Whoever draws from it need not know the rules.
    """

    audience: Audience
    municipality: MunicipalitySnapshot
    year: int
    as_of: date
    events: tuple[HeldEvent, ...] = ()
    """In the order of their days."""
    problems: tuple[ProblemSnapshot, ...] = ()
    """Of the villages, each village's most votes first; merged ones only inside what they were merged into."""
    municipality_problems: tuple[ProblemSnapshot, ...] = ()
    """Of the municipality's list."""
    plan: PlanSnapshot | None = None
    visits: tuple[VisitSnapshot, ...] = ()
    """Newest first."""
    groups: tuple[PeopleGroupSnapshot, ...] = ()
    matches: tuple[MatchSnapshot, ...] = ()
    credits: tuple[str, ...] = ()
    """Sources and licences that must be named, already in words."""
    unpublished_sessions: int = 0
    """How many sessions everybody does not see: their votes are in no sum of a public snapshot. The number alone is no
    secret; it tells why public priorities may differ from those of the record. An internal snapshot lacks none."""
    unpublished_by_settlement: Mapping[UUID, int] = field(default_factory=dict)
    """The same by village; only villages that have any."""

    def settlement(self, settlement_id: UUID | None) -> SettlementSnapshot | None:
        """Return one of its villages."""
        return next((one for one in self.municipality.settlements if one.id == settlement_id), None)

    def of_settlement(self, settlement_id: UUID) -> CycleSnapshot:
        """Return what belongs to one village, with the plan's activities and visits there."""
        unpublished = {key: count for key, count in self.unpublished_by_settlement.items() if key == settlement_id}
        return CycleSnapshot(
            audience=self.audience,
            municipality=self.municipality,
            year=self.year,
            as_of=self.as_of,
            events=tuple(one for one in self.events if one.settlement_id == settlement_id),
            problems=tuple(one for one in self.problems if one.settlement_id == settlement_id),
            plan=self.plan,
            visits=tuple(one for one in self.visits if one.settlement_id == settlement_id),
            groups=tuple(one for one in self.groups if one.settlement_id in (None, settlement_id)),
            matches=_of_features(
                self.matches, {f.id for e in self.events if e.settlement_id == settlement_id for f in e.features}
            ),
            credits=self.credits,
            unpublished_sessions=sum(unpublished.values()),
            unpublished_by_settlement=unpublished,
        )

    def activities_for(self, problem: ProblemSnapshot) -> tuple[ActivitySnapshot, ...]:
        """Return the activities that answer a problem."""
        return tuple(one for one in (self.plan.activities if self.plan else ()) if one.id in problem.activity_ids)

    def is_answered(self, problem: ProblemSnapshot) -> bool:
        """Return whether an activity answers a problem; one that was stopped does not."""
        return any(one.status is not ActivityStage.STOPPED for one in self.activities_for(problem))

    def visits_to(self, activity_id: UUID) -> tuple[VisitSnapshot, ...]:
        """Return the visits to an activity, newest first."""
        return tuple(one for one in self.visits if one.activity_id == activity_id)


def _of_features(matches: Iterable[MatchSnapshot], features: set[UUID]) -> tuple[MatchSnapshot, ...]:
    return tuple(one for one in matches if features & set(one.feature_ids))
