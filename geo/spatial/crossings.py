"""Whether a shape crosses itself too often to be repaired: a few hundred strokes to and fro would take minutes."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["crosses_too_often"]

MOST_MEETINGS: Final = 30_000
_PAIRS_AT_ONCE: Final = 1_000_000
_FIRST_OF_MANY: Final = int(shapely.GeometryType.MULTIPOINT)


def crosses_too_often(shape: BaseGeometry) -> bool:
    """Return whether the boxes of a shape's strokes meet more than `MOST_MEETINGS` times beyond their neighbours.

    The time that repair takes grows with the crossings, of which n strokes can have n²; it is not even begun then.
    """
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= _FIRST_OF_MANY).any():  # collections within collections
        parts = shapely.get_parts(parts)
    places, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    whole = ring[1:] == ring[:-1]
    strokes = shapely.linestrings(np.stack((places[:-1], places[1:]), axis=1)[whole])
    tree = shapely.STRtree(strokes)
    # Each meets itself and its two neighbours.
    left = MOST_MEETINGS + 3 * len(strokes)
    step = max(1, _PAIRS_AT_ONCE // max(1, len(strokes)))
    for start in range(0, len(strokes), step):
        left -= tree.query(strokes[start : start + step]).shape[1]
        if left < 0:
            return True
    return False
