"""On which side of a line something lies, and whether it is inside an area."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sketch_import.transforms import BoolArray, FloatArray

__all__ = ["Relation", "relation_to", "wrong_points"]

_SAMPLES_ALONG = 24


class Relation(StrEnum):
    """How a drawn object lies to a line (in the direction in which it was drawn) or an area."""

    LEFT = "left"
    RIGHT = "right"
    INSIDE = "inside"
    OUTSIDE = "outside"


def relation_to(geometry: BaseGeometry, reference: BaseGeometry) -> Relation | None:
    """Return how a geometry lies to a line or an area, both with the second axis up.

    Parameters
    ----------
    geometry
        Point, line or polygon.
    reference
        Line string or polygon.

    Returns
    -------
    Relation or None
        None where the relation is not clear: it crosses, lies on both sides, or beyond the ends of the line.
    """
    points = points_of(geometry)
    if not len(points):
        return None
    if reference.geom_type == "Polygon":
        inside = shapely.covers(reference, shapely.points(points))
        return Relation.INSIDE if inside.all() else Relation.OUTSIDE if not inside.any() else None
    sides = side_of(points, shapely.get_coordinates(reference))
    if (sides > 0).all():
        return Relation.LEFT
    return Relation.RIGHT if (sides < 0).all() else None


def wrong_points(geometry: BaseGeometry, reference: BaseGeometry, wanted: Relation) -> FloatArray:
    """Return the points of a geometry that are not where the relation wants them, shape (k, 2)."""
    points = points_of(geometry)
    if reference.geom_type == "Polygon":
        inside = shapely.covers(reference, shapely.points(points))
        return points[~inside if wanted is Relation.INSIDE else inside]
    sides = side_of(points, shapely.get_coordinates(reference))
    # Beyond the ends a line has no sides, and nothing there is wrong.
    wrong: BoolArray = sides < 0 if wanted is Relation.LEFT else sides > 0
    return points[wrong]


def points_of(geometry: BaseGeometry) -> FloatArray:
    """Return points along a geometry that stand for it, shape (n, 2)."""
    if geometry.is_empty:
        return np.zeros((0, 2))
    if geometry.length > 0:
        geometry = shapely.segmentize(geometry, geometry.length / _SAMPLES_ALONG)
    return shapely.get_coordinates(geometry)


def side_of(points: FloatArray, line: FloatArray) -> FloatArray:
    """Tell on which side of a line points lie, shape (n,): 1 left, −1 right, 0 on it or beyond its ends.

    The side at a corner is that of the sum of both directions (pseudonormal; Bærentzen & Aanæs, 2005).
    """
    start, way = line[:-1], np.diff(line, axis=0)
    lengths = np.hypot(*way.T)
    kept = lengths > 0
    start, way, lengths = start[kept], way[kept], lengths[kept]
    if not len(start):
        return np.zeros(len(points))
    offset = points[:, None] - start[None]
    share = np.clip((offset * way).sum(axis=2) / lengths**2, 0.0, 1.0)
    missing = offset - share[..., None] * way
    squared = (missing**2).sum(axis=2)
    nearest = squared.argmin(axis=1)
    rows = np.arange(len(points))
    at, gap = share[rows, nearest], missing[rows, nearest]
    unit = way / lengths[:, None]
    direction = unit[nearest].copy()
    for end, step in ((0.0, -1), (1.0, 1)):
        other = nearest + step
        corner = (at == end) & (other >= 0) & (other < len(unit))
        direction[corner] += unit[other[corner]]
    cross = direction[:, 0] * gap[:, 1] - direction[:, 1] * gap[:, 0]
    along = np.abs((unit[nearest] * gap).sum(axis=1))
    beyond = ((nearest == 0) & (at == 0.0)) | ((nearest == len(unit) - 1) & (at == 1.0))
    # A little beyond an end it is still beside the line.
    cross[beyond & (along > np.abs(cross))] = 0.0
    return np.sign(np.where(np.abs(cross) > 1e-9, cross, 0.0))
