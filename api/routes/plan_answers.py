"""What routes of the plan answer; money in whole som."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from geo.domain.plan.totals import Sums
from geo.domain.plan.viability import Gap
from geo.domain.plan_codes import (
    ActivityStage,
    ApprovalStep,
    ContributionForm,
    ContributionSource,
    Standing,
    Viability,
)
from geo.domain.territory import DatePrecision
from geo.services.plan_summary import ActivityViability, PlanSummary

__all__ = [
    "ApprovalAnswer",
    "CompositionAnswer",
    "HistoryAnswer",
    "PlanSummaryAnswer",
    "PublishedAnswer",
    "StatusAnswer",
    "ViabilityAnswer",
    "WarningAnswer",
]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class WarningAnswer(_Answer):
    """What the method advises otherwise."""

    key: str
    text: str


class SumsAnswer(_Answer):
    """Sums of contributions."""

    total: int = Field(description="What may be counted on: promises, and what came beside them.")
    promised: int
    received: int
    unpromised: int = Field(description="What came without a promise; part of received.")
    at_least: bool = Field(description="A paper says “over” one of the sums.")
    untold: int = Field(description="Contributions whose sum is not told.")


class GapAnswer(_Answer):
    """Need, capacity, and the gap between them."""

    need_som: int | None
    capacity_som: int | None
    gap_som: int | None
    gap_percent: float | None
    viability: Viability = Field(description="Not viable above half of the need; exactly half is viable.")


class ApprovalLineAnswer(_Answer):
    """A step that was taken."""

    id: UUID
    step: ApprovalStep
    taken_on: date
    event_id: UUID | None
    document: str
    set_by: str = Field(description="Empty for whoever has no role in the municipality.")


class ApprovalAnswer(_Answer):
    """How far a plan has come."""

    steps: list[ApprovalLineAnswer]
    next_step: ApprovalStep | None


class BySource(SumsAnswer):
    """Money of one source."""

    source: ContributionSource


class ByForm(SumsAnswer):
    """Money in one form."""

    form: ContributionForm


class ByStage(_Answer):
    """Activities at one stage."""

    stage: ActivityStage
    activities: int
    money: SumsAnswer


class ByGoal(_Answer):
    """Activities of one goal."""

    goal_id: UUID | None
    problem_id: UUID | None
    goal: str
    activities: int
    money: SumsAnswer
    gap: GapAnswer


class BySettlement(_Answer):
    """Activities in one settlement."""

    settlement_id: UUID | None = Field(description="Null for activities of several settlements.")
    activities: int
    money: SumsAnswer
    beneficiaries_direct: int | None = Field(
        description="For the public without activities for fewer than 5 people; null where those are all."
    )


class Late(_Answer):
    """An activity whose deadline has passed."""

    activity_id: UUID
    title: str
    stage: ActivityStage
    last_day: date
    days_late: int


class PlanSummaryAnswer(_Answer):
    """A plan in figures; every breakdown adds up to ``money``."""

    plan_id: UUID
    title: str
    year_from: int
    year_to: int
    currency: str = "KGS"
    approval: ApprovalAnswer
    activities: int
    money: SumsAnswer
    by_source: list[BySource]
    by_form: list[ByForm]
    by_stage: list[ByStage]
    by_goal: list[ByGoal]
    by_settlement: list[BySettlement]
    gap: GapAnswer = Field(description="Over activities not stopped whose need and capacity are both known.")
    gap_unknown: int
    not_viable: list[UUID]
    late: list[Late]

    @classmethod
    def of(cls, summary: PlanSummary) -> PlanSummaryAnswer:
        """Return a summary as it is sent."""
        plain = {name: getattr(summary, name) for name in cls.model_fields if hasattr(summary, name)}
        plain["by_source"] = [{"source": one, **_sums(sums)} for one, sums in summary.by_source.items()]
        plain["by_form"] = [{"form": one, **_sums(sums)} for one, sums in summary.by_form.items()]
        return cls.model_validate(plain)


class ViabilityAnswer(GapAnswer):
    """Whether an activity has money enough to begin."""

    activity_id: UUID
    capacity_entered: bool = Field(description="Whether people entered the capacity; else it is the contributions.")
    money: SumsAnswer

    @classmethod
    def of(cls, found: ActivityViability) -> ViabilityAnswer:
        """Return it as it is sent."""
        return cls.model_validate(
            {
                "activity_id": found.activity_id,
                "capacity_entered": found.capacity_entered,
                "money": found.money,
                **_gap(found.gap),
            }
        )


class HistoryAnswer(_Answer):
    """An entry of an activity's history."""

    id: UUID
    stage: ActivityStage
    since: date
    precision: DatePrecision
    set_by: str
    set_at: datetime
    note: str
    corrects_id: UUID | None
    stands: bool


class StatusAnswer(_Answer):
    """Where an activity is now, and how it came there."""

    entry_id: UUID
    status: ActivityStage
    since: date
    precision: DatePrecision
    history: list[HistoryAnswer]
    warnings: list[WarningAnswer]


class CompositionAnswer(_Answer):
    """Who is in a group, in numbers; null where not known or not for everybody."""

    members: int | None
    women: int | None
    men: int | None
    young: int | None
    poor_households: int | None
    by_standing: dict[Standing, int]
    villages_missing: list[UUID]
    from_list: bool = Field(description="Whether the numbers are counted from the list; else they are a paper's.")
    warnings: list[WarningAnswer]


class PublishedAnswer(_Answer):
    """How many records are shown, or no more."""

    changed: int


def _sums(sums: Sums) -> dict[str, object]:
    return {name: getattr(sums, name) for name in SumsAnswer.model_fields}


def _gap(gap: Gap) -> dict[str, object]:
    return {name: getattr(gap, name) for name in GapAnswer.model_fields}
