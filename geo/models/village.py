"""What a session says of money and of the village itself (DOMAIN.md sections 3 and 5)."""

from __future__ import annotations

from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.village_profile import ProfileTopic
from geo.models.base import spatial_index
from geo.models.governed import Governed
from geo.models.territory import Named
from geo.models.types import EnumText, Id, geometry, som_type

__all__ = ["BudgetShare", "VillageNote"]


class BudgetShare(Named, Governed):
    """A slice of the bread: a line of the budget, as participants see it and as it is."""

    __tablename__ = "budget_share"
    __table_args__ = ({"sqlite_autoincrement": True},)

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    ordinal: Mapped[int] = mapped_column()
    perceived_percent: Mapped[float | None] = mapped_column(Double)
    perceived_som: Mapped[int | None] = mapped_column(som_type)
    actual_percent: Mapped[float | None] = mapped_column(Double)
    actual_som: Mapped[int | None] = mapped_column(som_type)
    note: Mapped[str] = mapped_column(Text, default="")


class VillageNote(Governed):
    """A fact of the village profile, with its place where it has one."""

    __tablename__ = "village_note"
    __table_args__ = (
        spatial_index("village_note"),
        Index("ix_village_note_settlement_id_topic", "settlement_id", "topic"),
        {"sqlite_autoincrement": True},
    )

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"))
    event_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    """Where it was said; None for what comes from papers."""
    topic: Mapped[ProfileTopic] = mapped_column(EnumText(ProfileTopic))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    year_from: Mapped[int | None] = mapped_column()
    year_to: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(Text, default="")
    feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id"), index=True)
    geometry: Mapped[BaseGeometry | None] = mapped_column(geometry())
