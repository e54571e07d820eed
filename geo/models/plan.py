"""The Joint Action Plan: goals, tasks, activities, what each party gives, and how it goes on (DOMAIN.md section 8)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.plan_codes import (
    ActivityStage,
    ApprovalStep,
    ContributionForm,
    ContributionSource,
    ContributionState,
    Coverage,
    Currency,
    Purpose,
    Responsible,
)
from geo.domain.territory import DatePrecision
from geo.models.base import spatial_index
from geo.models.governed import Governed
from geo.models.types import EnumText, Id, Json, geometry, som_type

__all__ = ["Activity", "ActivityStatus", "Contribution", "Plan", "PlanApproval", "PlanGoal", "Task"]

# GeoPackage's INTEGER has 64 bits; whole som add up exactly on both engines, decimals would not in SQLite.


class Plan(Governed):
    """A municipality's plan of a cycle."""

    __tablename__ = "plan"
    __table_args__ = ({"sqlite_autoincrement": True},)

    cycle_id: Mapped[UUID] = mapped_column(Id, ForeignKey("cycle.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    year_from: Mapped[int] = mapped_column()
    year_to: Mapped[int] = mapped_column()
    """The last year that it runs in."""
    note: Mapped[str] = mapped_column(Text, default="")


class PlanApproval(Governed):
    """A step that a plan has taken on its way to the budget. Rows are only added; the last of a step holds."""

    __tablename__ = "plan_approval"
    __table_args__ = ({"sqlite_autoincrement": True},)

    plan_id: Mapped[UUID] = mapped_column(Id, ForeignKey("plan.id"), index=True)
    step: Mapped[ApprovalStep] = mapped_column(EnumText(ApprovalStep))
    taken_on: Mapped[date] = mapped_column()
    event_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    document: Mapped[str] = mapped_column(Text, default="")
    """Minutes, decision of the council, line of the budget, in words."""
    set_by: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("plan_approval.id"))


class PlanGoal(Governed):
    """What shall be reached about a problem, so that it can be measured."""

    __tablename__ = "plan_goal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    plan_id: Mapped[UUID] = mapped_column(Id, ForeignKey("plan.id"), index=True)
    problem_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    problem_statement: Mapped[str] = mapped_column(Text, default="")
    """The problem in the plan's words, where it is not in the gallery or put otherwise there."""
    goal: Mapped[str] = mapped_column(Text)
    indicator: Mapped[str] = mapped_column(Text, default="")
    """What is measured."""
    unit: Mapped[str] = mapped_column(Text, default="")
    baseline_value: Mapped[float | None] = mapped_column(Double)
    baseline_year: Mapped[int | None] = mapped_column()
    target_value: Mapped[float | None] = mapped_column(Double)
    target_year: Mapped[int | None] = mapped_column()
    interim: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """Values to be reached on the way: ``[{"year": 2015, "value": 40}]``."""


class Task(Governed):
    """A step towards a goal."""

    __tablename__ = "task"
    __table_args__ = ({"sqlite_autoincrement": True},)

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("plan_goal.id"), index=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(Text)


class Activity(Governed):
    """Work to be done: what, where, by when, by whom, for whom, for how much.

    ``status`` and its date repeat the last entry of the history (`ActivityStatus`) that holds.
    """

    __tablename__ = "activity"
    __table_args__ = (
        spatial_index("activity"),
        # Spelt by the rule, it would be named like the index of a column of activity_site.
        Index("ix_activity_site", "site_feature_id"),
        {"sqlite_autoincrement": True},
    )

    plan_id: Mapped[UUID] = mapped_column(Id, ForeignKey("plan.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("task.id"), index=True)
    settlement_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    """None where it is of several settlements."""
    ordinal: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    title: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, default="")
    indicators: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[float | None] = mapped_column(Double)
    """How much is to be made, in `quantity_unit`; visits compare with it."""
    quantity_unit: Mapped[str] = mapped_column(Text, default="")
    deadline_from: Mapped[date | None] = mapped_column()
    deadline_to: Mapped[date | None] = mapped_column()
    deadline_precision: Mapped[DatePrecision] = mapped_column(EnumText(DatePrecision), default=DatePrecision.DAY)
    responsible: Mapped[Responsible | None] = mapped_column(EnumText(Responsible))
    responsible_group_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("people_group.id"), index=True)
    responsible_note: Mapped[str] = mapped_column(Text, default="")
    beneficiaries_direct: Mapped[int | None] = mapped_column()
    beneficiaries_indirect: Mapped[int | None] = mapped_column()
    need_som: Mapped[int | None] = mapped_column(som_type)
    capacity_som: Mapped[int | None] = mapped_column(som_type)
    currency: Mapped[Currency] = mapped_column(EnumText(Currency), default=Currency.KGS)
    site_feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id"))
    status: Mapped[ActivityStage] = mapped_column(EnumText(ActivityStage), default=ActivityStage.PLANNED)
    status_since: Mapped[date | None] = mapped_column()
    """Filled in when the row is entered, today where nobody says otherwise."""
    status_precision: Mapped[DatePrecision] = mapped_column(EnumText(DatePrecision), default=DatePrecision.DAY)
    coverage: Mapped[Coverage] = mapped_column(EnumText(Coverage))
    note: Mapped[str] = mapped_column(Text, default="")
    geometry: Mapped[BaseGeometry | None] = mapped_column(geometry())


class ActivityStatus(Governed):
    """An entry of an activity's history. Rows are only added."""

    __tablename__ = "activity_status"
    __table_args__ = ({"sqlite_autoincrement": True},)

    activity_id: Mapped[UUID] = mapped_column(Id, ForeignKey("activity.id"), index=True)
    status: Mapped[ActivityStage] = mapped_column(EnumText(ActivityStage))
    since: Mapped[date] = mapped_column()
    precision: Mapped[DatePrecision] = mapped_column(EnumText(DatePrecision), default=DatePrecision.DAY)
    set_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("activity_status.id"))
    """The entry in whose place this one stands."""


class Contribution(Governed):
    """What a party promises to an activity, or what came of it."""

    __tablename__ = "contribution"
    __table_args__ = ({"sqlite_autoincrement": True},)

    activity_id: Mapped[UUID] = mapped_column(Id, ForeignKey("activity.id"), index=True)
    source: Mapped[ContributionSource] = mapped_column(EnumText(ContributionSource))
    form: Mapped[ContributionForm] = mapped_column(EnumText(ContributionForm), default=ContributionForm.CASH)
    state: Mapped[ContributionState] = mapped_column(EnumText(ContributionState), default=ContributionState.PROMISED)
    promise_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("contribution.id"), index=True)
    """Of something received: the promise that it keeps."""
    amount_som: Mapped[int | None] = mapped_column(som_type)
    """None where no paper tells the sum."""
    at_least: Mapped[bool] = mapped_column(default=False)
    """The paper says "over" the sum."""
    currency: Mapped[Currency] = mapped_column(EnumText(Currency), default=Currency.KGS)
    on_date: Mapped[date | None] = mapped_column()
    giver: Mapped[str] = mapped_column(Text, default="")
    """Who gives, in words; may be a person's name."""
    note: Mapped[str] = mapped_column(Text, default="")
