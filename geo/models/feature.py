"""Objects on the village map."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.drawing import Ink
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind, Layer
from geo.models.base import Record, spatial_index
from geo.models.governed import Withdrawable
from geo.models.territory import Named
from geo.models.types import EnumText, Id, Json, PixelShape, geometry

__all__ = ["MapFeature"]


def _where_known(column: str) -> Index:
    """Return an index of the rows that have a value: most of what is loaded in bulk has none, and needs no entry."""
    known = text(f"{column} IS NOT NULL")
    return Index(f"ix_map_feature_{column}", column, postgresql_where=known, sqlite_where=known)


class MapFeature(Named, Withdrawable, Record):
    """A resource, infrastructure object, institution's place, problem pin or wish, with its position error."""

    __tablename__ = "map_feature"
    __table_args__ = (
        spatial_index("map_feature"),
        Index("ix_map_feature_settlement_id_layer", "settlement_id", "layer"),
        *(_where_known(column) for column in ("event_id", "sheet_id", "candidate_id")),
        {"sqlite_autoincrement": True},
    )

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"))
    event_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"))
    layer: Mapped[Layer] = mapped_column(EnumText(Layer))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    position_error_m: Mapped[float | None] = mapped_column(Double)
    source: Mapped[FeatureSource] = mapped_column(EnumText(FeatureSource))
    sheet_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("sketch_sheet.id"))
    candidate_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("candidate.id"))
    georeference_version: Mapped[int | None] = mapped_column()
    """Number of the placement by which the geometry was last placed."""
    ink: Mapped[Ink | None] = mapped_column(EnumText(Ink))
    pixel_geometry: Mapped[BaseGeometry | None] = mapped_column(PixelShape)
    """What was drawn, in pixels of the sheet's first photo; no placement ever changes it."""
    moved_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A person put it where it is: it no longer follows its sheet."""
    is_sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The home of a vulnerable household, or a place that would give one away: never shown to the public."""
    geometry: Mapped[BaseGeometry] = mapped_column(geometry())
