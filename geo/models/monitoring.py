"""Monitoring: visits and what hangs on them (DOMAIN.md section 9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import Double, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.monitoring_codes import PhotoTime, Severity, VisitMethod, VisitTopic
from geo.models.base import spatial_index
from geo.models.governed import Governed
from geo.models.types import EnumText, Id, Json, UtcDateTime, geometry, som_type

__all__ = ["ChecklistScore", "Finding", "FollowUp", "MonitoringVisit", "VisitPhoto"]

# GeoPackage's INTEGER has 64 bits; GDAL knows no BIGINT there.
_STANDING = text("withdrawn_at IS NULL")


class MonitoringVisit(Governed):
    """A visit, or a correction of one: entry ``number`` of the chain that the visit ``chain_id`` began."""

    __tablename__ = "monitoring_visit"
    __table_args__ = (
        spatial_index("monitoring_visit"),
        UniqueConstraint("chain_id", "number"),  # two corrections at once: one of them is told
        {"sqlite_autoincrement": True},
    )

    activity_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("activity.id"), index=True)
    feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("people_group.id"), index=True)
    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    corrects_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    chain_id: Mapped[UUID] = mapped_column(Id)
    number: Mapped[int] = mapped_column(default=1)
    topic: Mapped[VisitTopic] = mapped_column(EnumText(VisitTopic))
    service: Mapped[str] = mapped_column(Text, default="")
    """A service in words, where it has no place on the map."""
    method: Mapped[VisitMethod] = mapped_column(EnumText(VisitMethod))
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    located_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    members: Mapped[list[str]] = mapped_column(Json, default=list)
    member_count: Mapped[int | None] = mapped_column()
    signs: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """Of members: ``[{"name": "…", "strokes": [[[0.1, 0.2], …]]}]``, without strokes a tick; never public."""
    quantity_unit: Mapped[str] = mapped_column(Text, default="")
    planned_quantity: Mapped[float | None] = mapped_column(Double)
    actual_quantity: Mapped[float | None] = mapped_column(Double)
    planned_som: Mapped[int | None] = mapped_column(som_type)
    actual_som: Mapped[int | None] = mapped_column(som_type)
    planned_on: Mapped[date | None] = mapped_column()
    actual_on: Mapped[date | None] = mapped_column()
    standard_met: Mapped[bool | None] = mapped_column()
    summary: Mapped[str] = mapped_column(Text, default="")
    recommendations: Mapped[str] = mapped_column(Text, default="")
    geometry: Mapped[Point | None] = mapped_column(geometry("POINT"))
    """Where the device was."""


class Finding(Governed):
    """What a visit found, at a place of its own where it has one."""

    __tablename__ = "finding"
    __table_args__ = (spatial_index("finding"), {"sqlite_autoincrement": True})

    visit_id: Mapped[UUID] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    severity: Mapped[Severity] = mapped_column(EnumText(Severity))
    words: Mapped[str] = mapped_column(Text)
    geometry: Mapped[Point | None] = mapped_column(geometry("POINT"))


class FollowUp(Governed):
    """Something agreed on a visit, or (``follows_id``) an entry added to it: a new day, or that it is done."""

    __tablename__ = "follow_up"
    __table_args__ = ({"sqlite_autoincrement": True},)

    visit_id: Mapped[UUID] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    finding_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("finding.id"), index=True)
    follows_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("follow_up.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column()
    done_on: Mapped[date | None] = mapped_column()
    done_by: Mapped[str] = mapped_column(Text, default="")


class ChecklistScore(Governed):
    """Points of one of the 18 items of a service's checklist."""

    __tablename__ = "checklist_score"
    __table_args__ = (
        # An item is scored once on a visit; a withdrawn score makes room.
        Index(
            "ix_checklist_score_visit_id_item",
            "visit_id",
            "item",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        {"sqlite_autoincrement": True},
    )

    visit_id: Mapped[UUID] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    item: Mapped[int] = mapped_column()
    score: Mapped[int] = mapped_column()
    comment: Mapped[str] = mapped_column(Text)


class VisitPhoto(Governed):
    """A photo of a visit: the original as it came, two copies without metadata, and what the metadata said."""

    __tablename__ = "visit_photo"
    __table_args__ = (
        spatial_index("visit_photo"),
        UniqueConstraint("visit_id", "image_sha256"),
        {"sqlite_autoincrement": True},
    )

    visit_id: Mapped[UUID] = mapped_column(Id, ForeignKey("monitoring_visit.id"), index=True)
    caption: Mapped[str] = mapped_column(Text, default="")
    image_sha256: Mapped[str] = mapped_column(Text, index=True)
    image_format: Mapped[str] = mapped_column(Text)
    image_bytes: Mapped[int] = mapped_column()
    width_px: Mapped[int] = mapped_column()
    height_px: Mapped[int] = mapped_column()
    """Upright."""
    large_sha256: Mapped[str] = mapped_column(Text)
    small_sha256: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    time_source: Mapped[PhotoTime | None] = mapped_column(EnumText(PhotoTime))
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    geometry: Mapped[Point | None] = mapped_column(geometry("POINT"))
    """Where the camera was, by its own account."""
