"""Solving stored placements again, for the services that keep their versions.

The other place, beside `api.digitising`, where the reading of sheets and the record meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from api.digitising import georeference_of, quality_of, sheet_error_m
from geo.domain.georeference import Method
from geo.placements import PlacementRequest, Solve
from geo.snapshots import AnchorSnapshot, ControlPointSnapshot, PhotoSnapshot
from geo.storage import PictureStore
from sketch_import.candidate import candidate_id
from sketch_import.control_points import ControlPoint
from sketch_import.neighbourhood import Anchor, RealShape, anchors_of, place_drawings
from sketch_import.photo import load_photo_bytes
from sketch_import.placing import Placement, place
from sketch_import.warping import overlay_png

__all__ = ["SolvedSheet", "solver", "tie_points"]


@dataclass(frozen=True, slots=True, eq=False)
class SolvedSheet:
    """A stored sheet, placed; see `geo.placements.SolvedPlacement`."""

    placement: Placement
    photo: PhotoSnapshot
    anchors: tuple[Anchor, ...]
    kept: tuple[AnchorSnapshot, ...]
    """The same anchors as the store keeps them."""
    pictures: PictureStore
    pending: Mapping[str, bytes]

    @property
    def method(self) -> Method:
        """The transform that was taken."""
        return self.placement.method

    @property
    def georeference(self) -> Mapping[str, Any]:
        """With the control points, all that it takes to solve it again."""
        return georeference_of(self.placement, self.kept)

    @property
    def position_error_m(self) -> float | None:
        """Of the whole sheet, in metres."""
        return sheet_error_m(self.placement)

    @property
    def quality(self) -> Mapping[str, Any]:
        """Verdict, warnings, and the methods side by side."""
        return quality_of(self.placement)

    def footprint(self) -> Polygon:
        """Return the outline of the sheet, lon lat."""
        return self.placement.footprint()

    def place_geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels of the first photo as lon lat."""
        if not self.anchors:
            return self.placement.place_geometry(geometry)
        return place_drawings(self.placement, [("", geometry)], self.anchors).geometries[0]

    def errors_of(self, geometries: Sequence[BaseGeometry]) -> Sequence[float | None]:
        """Return the position error of geometries in pixels of the first photo, in metres."""
        return place_drawings(self.placement, [("", one) for one in geometries], self.anchors).errors_m

    def overlay(self) -> tuple[bytes, tuple[float, float, float, float]]:
        """Return the shown photo as a PNG for web maps, and its west, south, east, north in degrees."""
        sha256 = self.photo.shown_sha256
        kept = self.pending[sha256] if sha256 in self.pending else self.pictures.get(sha256)
        picture = load_photo_bytes(kept, name=self.photo.shown_sha256, page=self.photo.shown_page)
        return overlay_png(_in_first(picture.pixels, self.photo, self.placement.image_size), self.placement)


def solver(pictures: PictureStore, *, pending: Mapping[str, bytes] | None = None) -> Solve:
    """Return what solves the placements of stored sheets whose photos lie in a store of pictures.

    ``pending`` are pictures that are not in the store yet, by their SHA-256.
    """

    def solve(request: PlacementRequest) -> SolvedSheet:
        placement = place(
            tie_points(request.control_points),
            request.size,
            request.method,
            drawing_extent=request.drawn,
            smoothing=request.smoothing,
        )
        drawn = {candidate_id(ordinal): shape for ordinal, shape in request.anchor_drawings.items()}
        shapes = [RealShape(candidate_id(one.candidate), one.geometry) for one in request.anchors]
        return SolvedSheet(
            placement=placement,
            photo=request.photo,
            anchors=anchors_of(shapes, drawn, placement),
            kept=request.anchors,
            pictures=pictures,
            pending=pending or {},
        )

    return solve


def tie_points(points: Sequence[ControlPointSnapshot]) -> tuple[ControlPoint, ...]:
    """Return stored control points as the placing takes them, numbered from 1."""
    return tuple(
        ControlPoint(
            pixel=point.pixel,
            lonlat=point.lonlat,
            label=point.label,
            source=point.source,
            row=row,
            accuracy_m=point.accuracy_m,
        )
        for row, point in enumerate(points, start=1)
    )


def _in_first(pixels: npt.NDArray[np.uint8], photo: PhotoSnapshot, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return a photo as if taken from where the first one was; what that one did not see is left out."""
    if photo.to_first is None:
        return pixels
    # OpenCV counts from the centre of the first pixel, the house from its corner.
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    matrix = np.linalg.inv(half) @ np.array(photo.to_first) @ half
    turned = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)
