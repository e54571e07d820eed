"""The same real object drawn by several groups: one row for the object, one for each drawing of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.vocabulary import Condition, Kind, Layer
from geo.models.base import Record, spatial_index
from geo.models.territory import Named
from geo.models.types import EnumText, Id, Json, UtcDateTime, geometry

__all__ = ["FeatureMatch", "FeatureMatchSource"]

_AT_WORK = text("status IN ('proposed', 'confirmed')")


class FeatureMatch(Named, Record):
    """An object that several groups drew: proposed by the program, decided on by a person."""

    __tablename__ = "feature_match"
    __table_args__ = (
        spatial_index("feature_match"),
        Index("ix_feature_match_settlement_id_status", "settlement_id", "status"),
        {"sqlite_autoincrement": True},
    )

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"))
    status: Mapped[MatchStatus] = mapped_column(EnumText(MatchStatus))
    layer: Mapped[Layer] = mapped_column(EnumText(Layer))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    condition: Mapped[Condition | None] = mapped_column(EnumText(Condition))
    score: Mapped[float] = mapped_column(Double)
    """Agreement of the drawings, 0 to 1."""
    parts: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the score is made of; see docs/matching.md."""
    canonical_rule: Mapped[CanonicalRule] = mapped_column(EnumText(CanonicalRule))
    canonical_feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id", ondelete="SET NULL"))
    """The drawing that gives place and shape, or the shape alone where the place is a mean; None once it is deleted."""
    position_error_m: Mapped[float | None] = mapped_column(Double)
    replaces_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("feature_match.id"))
    """The confirmed match to which this one adds drawings."""
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    geometry: Mapped[BaseGeometry] = mapped_column(geometry())


class FeatureMatchSource(Record):
    """A drawing of an object. A feature is in one proposal and in one confirmed match at most."""

    __tablename__ = "feature_match_source"
    __table_args__ = (
        Index(
            "ix_feature_match_source_at_work",
            "feature_id",
            "status",
            unique=True,
            sqlite_where=_AT_WORK,
            postgresql_where=_AT_WORK,
        ),
        {"sqlite_autoincrement": True},
    )

    match_id: Mapped[UUID] = mapped_column(Id, ForeignKey("feature_match.id"), index=True)
    feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id", ondelete="SET NULL"))
    """None once the feature is deleted; the ledger knows which it was."""
    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    status: Mapped[MatchStatus] = mapped_column(EnumText(MatchStatus))
    feature_version: Mapped[int] = mapped_column()
    """Version of the feature's row when the match was last looked at: tells what changed since."""
