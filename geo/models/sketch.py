"""Sheets, the points that tie them to the ground, and what was found on them.

Pixel geometry never changes with placement: it is what was drawn (DESIGN.md, principle 1).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Double, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.drawing import CandidateKind, CandidateState, Ink
from geo.domain.georeference import ControlPointSource, Method
from geo.models.base import Record, spatial_index
from geo.models.types import PIXELS, EnumText, Id, Json, geometry

__all__ = ["Candidate", "ControlPoint", "SketchSheet"]


class SketchSheet(Record):
    """A photographed drawing: the original picture by its hash, and how it is placed."""

    __tablename__ = "sketch_sheet"
    __table_args__ = (
        spatial_index("sketch_sheet"),
        UniqueConstraint("event_id", "image_sha256"),
        {"sqlite_autoincrement": True},
    )

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    image_sha256: Mapped[str] = mapped_column(Text)
    image_format: Mapped[str] = mapped_column(Text)
    width_px: Mapped[int] = mapped_column()
    height_px: Mapped[int] = mapped_column()
    exif: Mapped[dict[str, Any] | None] = mapped_column(Json)
    layout_id: Mapped[str | None] = mapped_column(Text)
    paper: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[Method | None] = mapped_column(EnumText(Method))
    georeference: Mapped[dict[str, Any] | None] = mapped_column(Json)
    georeference_version: Mapped[int] = mapped_column(default=0)
    position_error_m: Mapped[float | None] = mapped_column(Double)
    quality: Mapped[dict[str, Any] | None] = mapped_column(Json)
    overlay_sha256: Mapped[str | None] = mapped_column(Text)
    overlay_bounds: Mapped[list[float] | None] = mapped_column(Json)
    geometry: Mapped[Polygon | None] = mapped_column(geometry("POLYGON"))


class ControlPoint(Record):
    """A place known both on the sheet (pixels, x right, y down) and on the ground (lon lat)."""

    __tablename__ = "control_point"
    __table_args__ = (spatial_index("control_point"), {"sqlite_autoincrement": True})

    sheet_id: Mapped[UUID] = mapped_column(Id, ForeignKey("sketch_sheet.id"), index=True)
    ordinal: Mapped[int] = mapped_column()
    label: Mapped[str] = mapped_column(Text, default="")
    enabled: Mapped[bool] = mapped_column(default=True)
    source: Mapped[ControlPointSource] = mapped_column(EnumText(ControlPointSource))
    pixel_x: Mapped[float] = mapped_column(Double)
    pixel_y: Mapped[float] = mapped_column(Double)
    geometry: Mapped[Point] = mapped_column(geometry("POINT"))


class Candidate(Record):
    """Something traced on a sheet that a person may accept, reject or merge."""

    __tablename__ = "candidate"
    __table_args__ = (
        spatial_index("candidate"),
        UniqueConstraint("sheet_id", "ordinal"),
        {"sqlite_autoincrement": True},
    )

    sheet_id: Mapped[UUID] = mapped_column(Id, ForeignKey("sketch_sheet.id"), index=True)
    ordinal: Mapped[int] = mapped_column()
    kind: Mapped[CandidateKind] = mapped_column(EnumText(CandidateKind))
    ink: Mapped[Ink] = mapped_column(EnumText(Ink))
    width_px: Mapped[float] = mapped_column(Double)
    confidence: Mapped[float] = mapped_column(Double)
    state: Mapped[CandidateState] = mapped_column(EnumText(CandidateState), default=CandidateState.PROPOSED)
    geometry: Mapped[BaseGeometry] = mapped_column(geometry(srs_id=PIXELS))
