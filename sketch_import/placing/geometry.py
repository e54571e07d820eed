"""Geometries of the sheet on the ground."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.spatial.corners import with_corners_moved
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.transforms import FloatArray, Transform

__all__ = ["place_geometry"]

_STRAIGHT = {Method.HELMERT, Method.AFFINE, Method.POLYNOMIAL1}
_SEGMENTS_ACROSS = 100
_POLYGONAL = {"Polygon", "MultiPolygon"}


def place_geometry(geometry: BaseGeometry, *, transform: Transform, metres: LocalMetres) -> BaseGeometry:
    """Return a geometry in pixels as lon lat, EPSG:4326.

    Straight lines stay straight under similarity and affine transforms. Under the others a long segment is
    divided first, to a hundredth of the extent of the control points, so that it bends as the sheet does.

    Parameters
    ----------
    geometry
        In pixels, x right, y down.
    transform
        Pixels to metres.
    metres
        The zone of those metres.

    Raises
    ------
    geo.errors.Refused
        ``placing.beyond_horizon``: a projective transform does not reach a part of the geometry.
    """
    if geometry.is_empty:
        return geometry
    fine = geometry
    if transform.method not in _STRAIGHT:
        length = float(np.hypot(*np.ptp(transform.pixels, axis=0))) / _SEGMENTS_ACROSS
        fine = shapely.segmentize(geometry, length)

    def to_lonlat(xy: FloatArray) -> FloatArray:
        places = metres.to_lonlat(transform.forward(xy))
        if not np.isfinite(places).all():
            raise Refused(
                "placing.beyond_horizon", method=label_text(transform.method), advised=label_text(Method.AFFINE)
            )
        return places

    placed: BaseGeometry = with_corners_moved(fine, to_lonlat)
    if placed.geom_type not in _POLYGONAL:
        return placed
    if not placed.is_valid:
        placed = _areas(shapely.make_valid(placed))
    return shapely.orient_polygons(placed)


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    """Keep the areas of a repaired polygon; repairing also leaves lines where it was pinched."""
    if geometry.geom_type in _POLYGONAL:
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in _POLYGONAL]
    return shapely.union_all(parts) if parts else shapely.Polygon()
