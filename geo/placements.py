"""How a sheet is placed, as the services see it: they keep the versions, somebody else knows the transforms.

Pixels are those of the sheet's first photo, x right, y down; places are lon lat, EPSG:4326.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.domain.vocabulary import Kind
from geo.snapshots import AnchorSnapshot, ControlPointSnapshot, Names, PhotoSnapshot

__all__ = ["FeatureShift", "PlacementRequest", "ShiftReport", "Solve", "SolvedPlacement"]


@dataclass(frozen=True, slots=True)
class PlacementRequest:
    """What a placement is solved from.

    Attributes
    ----------
    control_points
        The enabled ones.
    size
        Width and height of the first photo in pixels.
    method
        The transform; None chooses by leave-one-out error.
    smoothing
        Of the thin plate spline.
    drawn
        Hull of all that is drawn, in pixels: there it must not fold.
    photo
        The photo to show over the map.
    anchors
        Real lines and areas: what is drawn beside or inside the drawing of each stays there.
    anchor_drawings
        What is drawn of each anchor, by the ordinal of the candidate, in pixels.
    """

    control_points: tuple[ControlPointSnapshot, ...]
    size: tuple[int, int]
    method: Method | None
    smoothing: float
    drawn: BaseGeometry | None
    photo: PhotoSnapshot
    anchors: tuple[AnchorSnapshot, ...] = ()
    anchor_drawings: Mapping[int, BaseGeometry] = field(default_factory=dict)


class SolvedPlacement(Protocol):
    """A sheet tied to the ground."""

    @property
    def method(self) -> Method:
        """The transform that was taken."""
        ...

    @property
    def georeference(self) -> Mapping[str, Any]:
        """With the control points, all that it takes to solve it again."""
        ...

    @property
    def position_error_m(self) -> float | None:
        """Of the whole sheet, in metres; None where it cannot be known."""
        ...

    @property
    def quality(self) -> Mapping[str, Any]:
        """Verdict, warnings, and the methods side by side."""
        ...

    def footprint(self) -> Polygon:
        """Return the outline of the sheet."""
        ...

    def place_geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels as lon lat."""
        ...

    def errors_of(self, geometries: Sequence[BaseGeometry]) -> Sequence[float | None]:
        """Return the expected error of the position of each geometry in pixels, in metres."""
        ...

    def overlay(self) -> tuple[bytes, tuple[float, float, float, float]]:
        """Return the shown photo as a PNG for web maps, and its west, south, east, north."""
        ...


class Solve(Protocol):
    """Places a sheet, or refuses with the reason (folds, mirrored, contradicting points …)."""

    def __call__(self, request: PlacementRequest) -> SolvedPlacement:
        """Return the solved placement."""
        ...


@dataclass(frozen=True, slots=True)
class FeatureShift:
    """How far a new placement moves a feature."""

    feature_id: UUID
    kind: Kind
    names: Names
    centroid_m: float
    """Of its middle, geodesic."""
    largest_m: float
    """Of the part that moves most."""
    moved_by_hand: bool = False
    """It stays where a person put it."""
    undrawn: bool = False
    """It stays, for the store does not know what was drawn of it."""

    @property
    def kept(self) -> bool:
        """Whether it stays where it was, whatever becomes of the sheet."""
        return self.moved_by_hand or self.undrawn


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """How far the features of a sheet move from one version of its placement to another."""

    sheet_id: UUID
    before: int
    after: int
    shifts: tuple[FeatureShift, ...]
    median_m: float | None
    """Of the middles of those that follow the sheet; None where there is none."""
    largest_m: float | None

    @property
    def placed(self) -> int:
        """How many follow the sheet."""
        return sum(not shift.kept for shift in self.shifts)

    @property
    def kept(self) -> int:
        """How many stay where they were."""
        return len(self.shifts) - self.placed
