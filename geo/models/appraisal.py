"""Events of the appraisal: who met where and when (DOMAIN.md section 2)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.events import EventKind, GroupSex
from geo.models.base import Record, spatial_index
from geo.models.governed import Withdrawable
from geo.models.types import EnumText, Id, Json, geometry

__all__ = ["AppraisalEvent"]


class AppraisalEvent(Withdrawable, Record):
    """A session, focus group, planning meeting, assembly or hearing."""

    __tablename__ = "appraisal_event"
    __table_args__ = (spatial_index("appraisal_event"), {"sqlite_autoincrement": True})

    cycle_id: Mapped[UUID] = mapped_column(Id, ForeignKey("cycle.id"), index=True)
    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(EnumText(EventKind))
    held_on: Mapped[date] = mapped_column()
    place: Mapped[dict[str, str] | None] = mapped_column(Json)
    group_age_from: Mapped[int | None] = mapped_column()
    group_age_to: Mapped[int | None] = mapped_column()
    group_sex: Mapped[GroupSex] = mapped_column(EnumText(GroupSex))
    group_other: Mapped[str] = mapped_column(Text, default="")
    group_reason: Mapped[str] = mapped_column(Text, default="")
    participants: Mapped[int | None] = mapped_column()
    women: Mapped[int | None] = mapped_column()
    facilitators: Mapped[int | None] = mapped_column()
    facilitator_names: Mapped[list[str] | None] = mapped_column(Json)
    programme: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """Points with times of day; see `geo.domain.programme`."""
    minutes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Fields of the minutes; see `geo.services.resources.events`."""
    signatures: Mapped[list[str] | None] = mapped_column(Json)
    """Who signed the minutes."""
    bread_incomplete: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the minutes do not have all slices of the bread."""
    geometry: Mapped[Point | None] = mapped_column(geometry("POINT"))
