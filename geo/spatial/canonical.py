"""One place and shape for an object that was drawn several times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.spatial.shifting import moved_to

__all__ = ["UNKNOWN_ERROR_M", "mean_geometry"]

UNKNOWN_ERROR_M = 30.0
"""Taken for a position error that nobody stated: what a freehand sheet well placed comes to."""
_SUREST_M = 1.0
"""No drawing is so sure that the others no longer count."""


def mean_geometry(
    shapes: Sequence[BaseGeometry], errors_m: Sequence[float | None], *, shape: int
) -> tuple[BaseGeometry, float]:
    """Return one drawing's shape in the middle of all drawings, and the position error of that middle.

    Each middle weighs by the inverse square of its error, as independent measurements do.

    Parameters
    ----------
    shapes
        Points and areas, lon lat.
    errors_m
        Position error of each in metres; None where it is not known.
    shape
        Which of them gives size and outline.

    Raises
    ------
    Refused
        There is a line among them: one may be a part of the other, and there is no middle.

    Examples
    --------
    >>> from shapely import Point
    >>> middle, error = mean_geometry([Point(78.0, 42.0), Point(78.0, 42.001)], [30.0, 30.0], shape=0)
    >>> round(middle.y, 6), round(error, 1)
    (42.0005, 21.2)
    """
    if any(shapely.get_dimensions(one) == 1 for one in shapes):
        raise Refused("match.no_mean")
    known = np.array([max(_SUREST_M, UNKNOWN_ERROR_M if error is None else error) for error in errors_m])
    weights = known**-2.0
    middles = np.array([one.centroid.coords[0] for one in shapes])
    lon, lat = (weights @ middles / weights.sum()).tolist()
    return moved_to(shapes[shape], lon, lat), float(weights.sum() ** -0.5)
