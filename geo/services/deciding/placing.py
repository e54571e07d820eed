"""Putting what is drawn on a sheet on the ground, by the placement that holds now."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M
from geo.errors import Refused
from geo.models import MapFeature, SketchSheet
from geo.placements import Solve, SolvedPlacement
from geo.repositories.territory import TerritoryRepository
from geo.services.sheet_versions import request_of, sheet_version
from geo.spatial.measuring import geodesic_m

__all__ = ["Ground"]


class Ground:
    """Where a sheet lies; solved when it is first asked for."""

    def __init__(self, session: Session, sheet: SketchSheet, settlement_id: object, solve: Solve) -> None:
        self._session, self._sheet, self._solve = session, sheet, solve
        self._settlement_id = settlement_id

    def put(self, feature: MapFeature) -> None:
        """Put a feature where its drawing says.

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
        (feature.position_error_m,) = self._solved.errors_of([drawing])
        feature.georeference_version = self._sheet.georeference_version

    @cached_property
    def _solved(self) -> SolvedPlacement:
        if self._sheet.method is None:
            raise Refused("decisions.not_placed")
        version = sheet_version(self._session, self._sheet.id)
        return self._solve(request_of(self._session, self._sheet, version))

    @cached_property
    def _village(self) -> tuple[float, float]:
        point = TerritoryRepository(self._session).settlement(self._settlement_id).geometry  # type: ignore[arg-type]
        return point.x, point.y
