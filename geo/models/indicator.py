"""Indicators with their values, and exit polls (DOMAIN.md section 9)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.attendance import Sex
from geo.domain.monitoring_codes import AgeBand, Direction, IndicatorKind, Measure
from geo.models.governed import Governed
from geo.models.types import EnumText, Id, som_type

__all__ = ["ExitPollAnswer", "Indicator", "IndicatorValue"]

# GeoPackage's INTEGER has 64 bits; GDAL knows no BIGINT there.


class Indicator(Governed):
    """What is measured to see whether an activity, or the work in a village, helps."""

    __tablename__ = "indicator"
    __table_args__ = ({"sqlite_autoincrement": True},)

    activity_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("activity.id"), index=True)
    settlement_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[IndicatorKind] = mapped_column(EnumText(IndicatorKind))
    measure: Mapped[Measure] = mapped_column(EnumText(Measure))
    direction: Mapped[Direction] = mapped_column(EnumText(Direction))
    unit: Mapped[str] = mapped_column(Text, default="")
    baseline: Mapped[float | None] = mapped_column(Double)
    baseline_year: Mapped[int | None] = mapped_column()
    target: Mapped[float | None] = mapped_column(Double)
    target_year: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(Text, default="")
    """How it is measured, or who knows."""


class IndicatorValue(Governed):
    """A value of an indicator, measured on a day."""

    __tablename__ = "indicator_value"
    __table_args__ = ({"sqlite_autoincrement": True},)

    indicator_id: Mapped[UUID] = mapped_column(Id, ForeignKey("indicator.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    measured_on: Mapped[date] = mapped_column()
    value: Mapped[float] = mapped_column(Double)
    note: Mapped[str] = mapped_column(Text, default="")


class ExitPollAnswer(Governed):
    """What somebody leaving an office said; no name, no hour, no place but the village and the service."""

    __tablename__ = "exit_poll_answer"
    __table_args__ = ({"sqlite_autoincrement": True},)

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    service: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date] = mapped_column()
    conditions: Mapped[int | None] = mapped_column()
    staff: Mapped[int | None] = mapped_column()
    information: Mapped[int | None] = mapped_column()
    requirements: Mapped[int | None] = mapped_column()
    timing: Mapped[int | None] = mapped_column()
    has_result: Mapped[bool | None] = mapped_column()
    official_som: Mapped[int | None] = mapped_column(som_type)
    unofficial_som: Mapped[int | None] = mapped_column(som_type)
    related_som: Mapped[int | None] = mapped_column(som_type)
    sex: Mapped[Sex | None] = mapped_column(EnumText(Sex))
    age: Mapped[AgeBand | None] = mapped_column(EnumText(AgeBand))
