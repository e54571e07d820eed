"""Tiles of the Web Mercator pyramid: where a tile lies, and which tile a place falls into.

Source: OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0, annex D.1 (WebMercatorQuad): matrix 0 is one tile of the
square from -20037508.34 m to 20037508.34 m, row 0 is the northernmost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["BUFFER", "EXTENT", "GRID_BITS", "HALF_WORLD_M", "MAX_LATITUDE", "MAX_ZOOM", "Tile", "fractions"]

HALF_WORLD_M = 20037508.3427892
MAX_LATITUDE = 85.05112877980659
"""Where the square of the projection ends, in degrees north and south."""
MAX_ZOOM = 24
EXTENT = 4096
"""Units along a side of a tile."""
BUFFER = 64
"""Units by which shapes reach over the sides of a tile, so that no seam shows."""
GRID_BITS = 30
"""Places are counted on a grid of 2^30 columns and rows over the world: 4 cm on the equator."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile by matrix (zoom), column and row.

    >>> Tile(z=1, x=1, y=0).bounds
    (0.0, 0.0, 180.0, 85.0511287798066)
    >>> Tile(z=1, x=2, y=0).exists
    False
    """

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the pyramid has such a tile."""
        side = 1 << self.z if 0 <= self.z <= MAX_ZOOM else 0
        return 0 <= self.x < side and 0 <= self.y < side

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees (EPSG:4326), without the buffer."""
        return self._degrees(0.0)

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of all that can show in the tile: with the buffer."""
        return self._degrees(BUFFER / EXTENT)

    @property
    def grid_origin(self) -> tuple[int, int]:
        """Column and row of its north-western corner on the grid of 2^30."""
        shift = GRID_BITS - self.z
        return self.x << shift, self.y << shift

    def _degrees(self, over: float) -> tuple[float, float, float, float]:
        side = 1 << self.z
        west, east = ((self.x - over) / side * 360 - 180, (self.x + 1 + over) / side * 360 - 180)
        south, north = (_latitude((self.y + 1 + over) / side), _latitude((self.y - over) / side))
        return west, south, east, north


def _latitude(fraction: float) -> float:
    # Beyond the square there is nothing more to show.
    inside = min(max(fraction, 0.0), 1.0)
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * inside))))


def fractions(longitudes: Any, latitudes: Any) -> tuple[Any, Any]:
    """Return how far east and how far south places lie in the square, 0 to 1.

    Parameters
    ----------
    longitudes, latitudes
        Arrays of one shape, in degrees (EPSG:4326); what lies beyond the square comes to its edge.
    """
    sine = np.sin(np.radians(np.clip(latitudes, -MAX_LATITUDE, MAX_LATITUDE)))
    south = 0.5 - np.arctanh(sine) / (2 * np.pi)
    return np.clip((np.asarray(longitudes) + 180) / 360, 0.0, 1.0), np.clip(south, 0.0, 1.0)
