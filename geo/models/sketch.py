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

from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.georeference import ControlPointSource, Method
from geo.models.base import Record, spatial_index
from geo.models.governed import Withdrawable
from geo.models.types import PIXELS, EnumText, Id, Json, geometry

__all__ = ["Candidate", "ControlPoint", "EventLegend", "SheetPhoto", "SheetPlacement", "SketchSheet"]


class SketchSheet(Withdrawable, Record):
    """A drawing by its first photo, and how it is placed now.

    Its pixels are those of the picture named here, whatever photos come later: the first photo, or, of a printed
    sheet, that photo laid flat by its marks. Earlier placements are in `SheetPlacement`, all photos as they came
    in `SheetPhoto`.
    """

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
    """Id of the printed sheet; None for a freehand one."""
    layout_code: Mapped[str | None] = mapped_column(Text)
    """What the marks of the printed sheet say: enough to know its paper and its ground without this store."""
    paper: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[Method | None] = mapped_column(EnumText(Method))
    georeference: Mapped[dict[str, Any] | None] = mapped_column(Json)
    georeference_version: Mapped[int] = mapped_column(default=0)
    position_error_m: Mapped[float | None] = mapped_column(Double)
    quality: Mapped[dict[str, Any] | None] = mapped_column(Json)
    overlay_sha256: Mapped[str | None] = mapped_column(Text)
    overlay_bounds: Mapped[list[float] | None] = mapped_column(Json)
    geometry: Mapped[Polygon | None] = mapped_column(geometry("POLYGON"))


class SheetPhoto(Record):
    """A photograph of a sheet; the first has the number 1, and its pixels are the sheet's."""

    __tablename__ = "sheet_photo"
    __table_args__ = (UniqueConstraint("sheet_id", "number"), {"sqlite_autoincrement": True})

    sheet_id: Mapped[UUID] = mapped_column(Id, ForeignKey("sketch_sheet.id"))
    number: Mapped[int] = mapped_column()
    image_sha256: Mapped[str] = mapped_column(Text, index=True)
    image_format: Mapped[str] = mapped_column(Text)
    width_px: Mapped[int] = mapped_column()
    height_px: Mapped[int] = mapped_column()
    exif: Mapped[dict[str, Any] | None] = mapped_column(Json)
    to_first: Mapped[list[list[float]] | None] = mapped_column(Json)
    """Homography, 3 × 3: pixels of this photo, or of its flat picture, to those of the sheet; None for the first."""
    quality: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """How surely it was recognised as the same sheet."""
    flat_sha256: Mapped[str | None] = mapped_column(Text)
    """Of a printed sheet: the photo laid flat by its marks; of a file with several pages: the page. If the first photo
    has such a picture, the sheet's pixels are those of it."""


class SheetPlacement(Record):
    """One version of how a sheet is tied to the ground; written once and never changed."""

    __tablename__ = "sheet_placement"
    __table_args__ = (
        spatial_index("sheet_placement"),
        UniqueConstraint("sheet_id", "number"),
        {"sqlite_autoincrement": True},
    )

    sheet_id: Mapped[UUID] = mapped_column(Id, ForeignKey("sketch_sheet.id"))
    number: Mapped[int] = mapped_column()
    photo_number: Mapped[int] = mapped_column()
    """Photo that the overlay shows."""
    method: Mapped[Method] = mapped_column(EnumText(Method))
    georeference: Mapped[dict[str, Any]] = mapped_column(Json)
    control_points: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """The points as they were then, in pixels of the first photo; see `geo.snapshots.ControlPointSnapshot`."""
    position_error_m: Mapped[float | None] = mapped_column(Double)
    quality: Mapped[dict[str, Any] | None] = mapped_column(Json)
    overlay_sha256: Mapped[str | None] = mapped_column(Text)
    overlay_bounds: Mapped[list[float] | None] = mapped_column(Json)
    restored_from: Mapped[int | None] = mapped_column()
    """Number of the version that it brings back."""
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(Text, default="")
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
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    """How well the place is known on the ground, as a receiver says."""
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
    pattern: Mapped[Pattern] = mapped_column(EnumText(Pattern), default=Pattern.SOLID, server_default="solid")
    neighbours: Mapped[list[int] | None] = mapped_column(Json)
    """Ordinals of the candidates that it touches."""
    parts: Mapped[list[int] | None] = mapped_column(Json)
    """Ordinals of the candidates that it offers as one object."""
    photo_number: Mapped[int] = mapped_column(default=1, server_default="1")
    """Photo on which it was found; its geometry is in pixels of the first photo all the same."""
    state: Mapped[CandidateState] = mapped_column(EnumText(CandidateState), default=CandidateState.PROPOSED)
    geometry: Mapped[BaseGeometry] = mapped_column(geometry(srs_id=PIXELS))


class EventLegend(Record):
    """What inks and strokes mean on the sheets of an event, as people said once."""

    __tablename__ = "event_legend"
    __table_args__ = (UniqueConstraint("event_id"), {"sqlite_autoincrement": True})

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"))
    entries: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Ink, pattern and shape with the kind that they stand for, by their codes."""
