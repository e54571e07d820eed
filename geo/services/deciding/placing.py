"""Putting what is drawn on a sheet on the ground, by the placement that holds now."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M
from geo.errors import Refused
from geo.models import MapFeature, SketchSheet
from geo.placements import PlacementRequest, Solve, SolvedPlacement
from geo.repositories.territory import TerritoryRepository
from geo.services.sheet_versions import anchor_drawings, sheet_version
from geo.spatial.measuring import geodesic_m

__all__ = ["Ground"]


class Ground:
    """Where a sheet lies; solved when it is first asked for."""

    def __init__(self, session: Session, sheet: SketchSheet, settlement_id: object, solve: Solve) -> None:
        self._session, self._sheet, self._solve = session, sheet, solve
        self._settlement_id = settlement_id
        self._unsure: list[MapFeature] = []

    def put(self, feature: MapFeature) -> None:
        """Put a feature where its drawing says; how surely it lies there is told by `settle`.

        Raises
        ------
        Refused
            The sheet is not placed, the placement does not reach the drawing, or puts it far from the village.
        """
        drawing = feature.pixel_geometry
        if drawing is None:
            raise Refused("versions.not_drawn", id=feature.id)
        placed = self._solved.place_geometry(drawing)
        if not placed.is_valid:  # a ring that is bent may cross itself by a hair
            placed = shapely.make_valid(placed, method="structure", keep_collapsed=False)
        corners = shapely.get_coordinates(placed)
        if placed.is_empty or not np.isfinite(corners).all() or (np.abs(corners) > (180, 90)).any():
            raise Refused("decisions.beyond_placement")
        lon, lat = self._village
        away = float(geodesic_m(corners[:, 0], corners[:, 1], lon, lat).max())
        if away > LONGEST_DISTANCE_M:
            raise Refused("versions.moved_far_away", km=round(away / 1000))
        feature.geometry = placed
        feature.georeference_version = self._sheet.georeference_version
        self._unsure.append(feature)

    def settle(self) -> None:
        """Say of all features that were put somewhere how surely they lie there: together, for that is much quicker."""
        drawings = [one.pixel_geometry for one in self._unsure if one.pixel_geometry is not None]
        if drawings:
            for feature, error in zip(self._unsure, self._solved.errors_of(drawings), strict=True):
                feature.position_error_m = error
        self._unsure.clear()

    @cached_property
    def _solved(self) -> SolvedPlacement:
        if self._sheet.method is None:
            raise Refused("decisions.not_placed")
        version = sheet_version(self._session, self._sheet.id)
        points = tuple(point for point in version.control_points if point.enabled)
        return self._solve(
            PlacementRequest(
                control_points=points,
                size=(self._sheet.width_px, self._sheet.height_px),
                method=version.method,
                smoothing=version.smoothing,
                # It was examined over all that is drawn when it was stored: what its points span will do.
                drawn=shapely.MultiPoint([point.pixel for point in points]).convex_hull,
                photo=version.photo,
                anchors=version.anchors,
                anchor_drawings=anchor_drawings(self._session, self._sheet.id, version.anchors),
            )
        )

    @cached_property
    def _village(self) -> tuple[float, float]:
        point = TerritoryRepository(self._session).settlement(self._settlement_id).geometry  # type: ignore[arg-type]
        return point.x, point.y
