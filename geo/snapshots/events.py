"""What groups drew: the objects, the sheets and the map of one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind, Layer
from geo.snapshots.names import Names

__all__ = ["EventSnapshot", "FeatureSnapshot", "GroupSnapshot", "SheetSnapshot"]


@dataclass(frozen=True, slots=True)
class FeatureSnapshot:
    """One object on the map and what is known of it."""

    id: UUID
    layer: Layer
    kind: Kind
    names: Names
    geometry: BaseGeometry
    position_error_m: float | None
    """Expected error of the position in metres; None where it is not known."""
    source: str
    """How it came here: candidate, drawn, gps or import."""
    sheet_id: UUID | None
    sheet_title: str
    ink: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetSnapshot:
    """A placed sheet as a picture with transparent paper, in EPSG:3857 rows and columns."""

    id: UUID
    title: str
    overlay_png: bytes
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    method: str
    position_error_m: float | None


@dataclass(frozen=True, slots=True)
class GroupSnapshot:
    """The features and sheets of one session group (such as 18-35)."""

    id: UUID
    label: str
    features: tuple[FeatureSnapshot, ...]
    sheets: tuple[SheetSnapshot, ...]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class EventSnapshot:
    """Everything the map of one appraisal event shows."""

    id: UUID
    municipality: Names
    settlement: Names
    settlement_is_sample: bool
    place: str
    held_on: date
    centre: tuple[float, float]
    """Lon, lat of the settlement."""
    groups: tuple[GroupSnapshot, ...]
    credits: tuple[str, ...] = ()
    """Sources and licences that must be named, already in words."""
