"""Venn diagrams: institutions as circles, and how they lie to one another (DOMAIN.md section 4)."""

from __future__ import annotations

from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.institutions import Diagram, Importance, Satisfaction, TieOrigin, TieRelation, Weight
from geo.domain.vocabulary import Kind
from geo.models.base import spatial_index
from geo.models.governed import Governed
from geo.models.territory import Named
from geo.models.types import EnumText, Id, Json, geometry

__all__ = ["InstitutionCircle", "InstitutionTie"]


class InstitutionCircle(Named, Governed):
    """An institution on one diagram of an event, and what was said of it."""

    __tablename__ = "institution_circle"
    __table_args__ = (
        spatial_index("institution_circle"),
        Index("ix_institution_circle_event_id_diagram", "event_id", "diagram"),
        {"sqlite_autoincrement": True},
    )

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"))
    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    """That of the event."""
    diagram: Mapped[Diagram] = mapped_column(EnumText(Diagram), default=Diagram.EVERYBODY)
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    importance: Mapped[Importance | None] = mapped_column(EnumText(Importance))
    """Size of the circle; minutes may have the ranking alone."""
    ranking: Mapped[int | None] = mapped_column()
    satisfaction: Mapped[Satisfaction | None] = mapped_column(EnumText(Satisfaction))
    satisfaction_reason: Mapped[str] = mapped_column(Text, default="")
    serves: Mapped[str] = mapped_column(Text, default="")
    women_take_part: Mapped[bool | None] = mapped_column()
    women_why_not: Mapped[str] = mapped_column(Text, default="")
    local_government_role: Mapped[str] = mapped_column(Text, default="")
    is_local_government: Mapped[bool | None] = mapped_column()
    """None asks the name."""
    influence: Mapped[Weight | None] = mapped_column(EnumText(Weight))
    stakeholder_importance: Mapped[Weight | None] = mapped_column(EnumText(Weight))
    needs: Mapped[list[str] | None] = mapped_column(Json)
    """Ids of the circles whose service it needs."""
    note: Mapped[str] = mapped_column(Text, default="")
    sheet_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("sketch_sheet.id"), index=True)
    pixel_x: Mapped[float | None] = mapped_column(Double)
    pixel_y: Mapped[float | None] = mapped_column(Double)
    pixel_radius: Mapped[float | None] = mapped_column(Double)
    """Centre and radius in pixels of its sheet, x right, y down; what was drawn never follows an entered tie."""
    feature_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("map_feature.id"), index=True)
    geometry: Mapped[BaseGeometry | None] = mapped_column(geometry())
    """A place of its own, where the map has no object for it."""


class InstitutionTie(Governed):
    """What is known of two circles of one diagram."""

    __tablename__ = "institution_tie"
    __table_args__ = (
        Index("ix_institution_tie_event_id_diagram", "event_id", "diagram"),
        {"sqlite_autoincrement": True},
    )

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"))
    diagram: Mapped[Diagram] = mapped_column(EnumText(Diagram))
    first_id: Mapped[UUID] = mapped_column(Id, ForeignKey("institution_circle.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(Id, ForeignKey("institution_circle.id"), index=True)
    relation: Mapped[TieRelation] = mapped_column(EnumText(TieRelation))
    origin: Mapped[TieOrigin] = mapped_column(EnumText(TieOrigin), default=TieOrigin.ENTERED)
    weak: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(Text, default="")
