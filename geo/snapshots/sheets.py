"""Sheets, their photographs and how they are placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import ControlPointSource, Method
from geo.sheet_layout import SheetCode

__all__ = [
    "AnchorSnapshot",
    "ControlPointSnapshot",
    "ListedSheet",
    "PhotoSnapshot",
    "PlacementSnapshot",
    "PrintedSnapshot",
]


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as a list shows it."""

    id: UUID
    event_id: UUID
    title: str
    version: int
    """Of its placement; 0 where it was never placed."""
    method: Method | None
    position_error_m: float | None
    features: int
    """How many objects on the map come from it."""
    layout_id: str | None


@dataclass(frozen=True, slots=True)
class ControlPointSnapshot:
    """A place on the sheet, in pixels of its first photo, and on the ground, lon lat."""

    pixel: tuple[float, float]
    lonlat: tuple[float, float]
    label: str = ""
    enabled: bool = True
    source: ControlPointSource = ControlPointSource.CLICKED
    accuracy_m: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what a version of a placement keeps of the point."""
        return {
            "pixel": list(self.pixel),
            "lonlat": list(self.lonlat),
            "label": self.label,
            "enabled": self.enabled,
            "source": self.source.value,
            "accuracy_m": self.accuracy_m,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ControlPointSnapshot:
        """Return a point as a version of a placement keeps it."""
        (x, y), (lon, lat) = kept["pixel"], kept["lonlat"]
        source = ControlPointSource(kept["source"])
        return cls((x, y), (lon, lat), kept["label"], kept["enabled"], source, kept["accuracy_m"])


@dataclass(frozen=True, slots=True)
class AnchorSnapshot:
    """A real line or area that what was drawn beside or inside its drawing keeps to."""

    candidate: int
    """Ordinal of the candidate that is drawn of it."""
    geometry: BaseGeometry
    """Lon lat."""

    def to_json(self) -> dict[str, Any]:
        """Return what a version of a placement keeps of the anchor; the geometry as GeoJSON."""
        return {"candidate": self.candidate, "geometry": mapping(self.geometry)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> AnchorSnapshot:
        """Return an anchor as a version of a placement keeps it."""
        return cls(int(kept["candidate"]), shape(kept["geometry"]))


@dataclass(frozen=True, slots=True)
class PhotoSnapshot:
    """A photograph of a sheet."""

    number: int
    sha256: str
    image_format: str
    size: tuple[int, int]
    to_first: tuple[tuple[float, ...], ...] | None
    """Homography, 3 × 3: its pixels to those of the first photo; None for the first."""
    taken_at: str | None
    """As the camera says, ISO 8601 without zone."""
    page: int | None = None
    """Of a file with several pages, which it is, counted from 1."""
    flat_sha256: str | None = None
    """Of a printed sheet: the photo laid flat, in whose pixels the sheet is measured."""

    @property
    def shown_sha256(self) -> str:
        """The picture that lies on maps."""
        return self.flat_sha256 or self.sha256

    @property
    def shown_page(self) -> int | None:
        """Page of that picture's file."""
        return None if self.flat_sha256 else self.page


@dataclass(frozen=True, slots=True)
class PrintedSnapshot:
    """What a sheet was printed as."""

    code: SheetCode
    points: tuple[ControlPointSnapshot, ...]
    """The printed places by which it was placed first, in pixels of its flat picture."""


@dataclass(frozen=True, slots=True)
class PlacementSnapshot:
    """One version of how a sheet is tied to the ground."""

    number: int
    photo: PhotoSnapshot
    method: Method
    georeference: Mapping[str, Any]
    control_points: tuple[ControlPointSnapshot, ...]
    position_error_m: float | None
    quality: Mapping[str, Any]
    made_by: str
    made_at: datetime
    reason: str
    restored_from: int | None
    is_current: bool

    @property
    def smoothing(self) -> float:
        """Of the thin plate spline."""
        return float(self.georeference.get("smoothing", 0.0))

    @property
    def anchors(self) -> tuple[AnchorSnapshot, ...]:
        """Real lines and areas that drawings keep to."""
        return tuple(AnchorSnapshot.from_json(one) for one in self.georeference.get("anchors", ()))
