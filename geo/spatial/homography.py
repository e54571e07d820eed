"""Photographs of one flat sheet: pixels of one to pixels of another, x right, y down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.spatial.corners import with_corners_moved

__all__ = ["carried", "checked_homography", "scale_of"]

FloatArray = npt.NDArray[np.float64]


def checked_homography(rows: Sequence[Sequence[float]], size: tuple[int, int]) -> FloatArray:
    """Return a homography as an array, shape (3, 3), if it can belong to two photos of one sheet.

    Parameters
    ----------
    rows
        The matrix; any scale.
    size
        Width and height of the photo whose pixels it takes.

    Raises
    ------
    Refused
        ``versions.bad_homography``: not 3 × 3 finite numbers, singular, a corner of the photo beyond the
        horizon, or the sheet seen from the back.
    """
    try:
        matrix = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused("versions.bad_homography") from error
    if matrix.shape != (3, 3) or not np.isfinite(matrix).all():
        raise Refused("versions.bad_homography")
    corners = np.array([[0, 0, 1], [size[0], 0, 1], [*size, 1], [0, size[1], 1]], dtype=np.float64)
    depths = corners @ matrix[2]
    # Scaled so that depths are positive; the local area then has the sign of the determinant.
    matrix = matrix * (np.sign(depths[0]) or 1.0)
    if not (depths * np.sign(depths[0]) > 0).all() or not np.linalg.det(matrix) > 0:
        raise Refused("versions.bad_homography")
    return matrix


def carried(geometry: BaseGeometry, homography: FloatArray) -> BaseGeometry:
    """Return a geometry in the pixels of the other photo.

    >>> from shapely import Point
    >>> carried(Point(2, 3), np.array([[2.0, 0, 1], [0, 2, 0], [0, 0, 1]])).wkt
    'POINT (5 6)'
    """

    def turn(xy: FloatArray) -> FloatArray:
        places = np.column_stack([xy, np.ones(len(xy))]) @ homography.T
        return np.asarray(places[:, :2] / places[:, 2:], dtype=np.float64)

    moved: BaseGeometry = with_corners_moved(geometry, turn)
    return moved


def scale_of(homography: FloatArray, x: float, y: float) -> float:
    """Return how many pixels of the other photo a pixel at a place is long (root of the local area).

    >>> round(scale_of(np.diag([3.0, 3.0, 1.0]), 10, 20), 9)
    3.0
    """
    depth = float(homography[2] @ np.array([x, y, 1.0]))
    return float(np.sqrt(abs(np.linalg.det(homography) / depth**3)))
