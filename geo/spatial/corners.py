"""Corners of geometries moved by functions that work on whole arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["with_corners_moved"]

FloatArray = NDArray[np.float64]


def with_corners_moved(geometry: Any, move: Callable[[FloatArray], FloatArray]) -> Any:
    """Return a geometry, or an array of them, each corner moved; corners that are the same stay the same.

    A product of matrices, and what a processor does to several numbers at once, may round the last rows of an array
    otherwise than the first: the ring of an area would end beside the place where it began. So each place is asked
    for once.

    Parameters
    ----------
    geometry
        Without heights.
    move
        From places of shape (n, 2) to places of shape (n, 2).

    >>> from shapely import box
    >>> with_corners_moved(box(0, 0, 2, 1), lambda xy: xy + np.arange(len(xy))[:, None] * 1e-12).exterior.is_closed
    True
    """

    def move_once(xy: FloatArray) -> FloatArray:
        places, which = np.unique(np.ascontiguousarray(xy).view(np.complex128).ravel(), return_inverse=True)
        return move(places.view(np.float64).reshape(-1, 2))[which]

    return shapely.transform(geometry, move_once)
