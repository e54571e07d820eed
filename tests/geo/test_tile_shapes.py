"""What becomes of shapes in a tile, in its units."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.spatial.tile_grid import EXTENT, Tile
from geo.spatial.tile_shapes import in_tile_units

TILE = Tile(14, 11394, 6160)


def _on_ground(west: float, north: float, east: float, south: float) -> Polygon:
    """Return a box in degrees that has these places in units of the tile."""
    left, bottom, right, top = TILE.bounds
    x, y = (right - left) / EXTENT, (top - bottom) / EXTENT
    return box(left + west * x, top - south * y, left + east * x, top - north * y)


DOT = _on_ground(50.1, 50.1, 50.3, 50.3)
WIDE = _on_ground(10, 10, 90, 90)


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        pytest.param(DOT, None, id="an area within one unit"),
        pytest.param(WIDE.difference(DOT), 6400, id="a hole within one unit"),
        pytest.param(MultiPolygon([DOT, _on_ground(100, 100, 110, 110)]), 100, id="one part of two within one unit"),
        pytest.param(MultiPolygon([DOT, _on_ground(60.1, 60.1, 60.3, 60.3)]), None, id="both parts"),
        pytest.param(_on_ground(-100, 100, -63.8, 100.2), None, id="a corner of it over the edge"),
    ],
)
def test_a_ring_that_shrinks_to_a_place_is_left_out(shape: BaseGeometry, area: float | None) -> None:
    (placed, other) = in_tile_units(np.array([shape, WIDE], dtype=object), TILE)
    assert (placed is None) if area is None else shapely.area(placed) == pytest.approx(area, rel=0.01)
    assert shapely.area(other) == pytest.approx(6400, rel=0.01)
    assert placed is None or shapely.is_valid(placed)


def test_nothing_becomes_nothing() -> None:
    assert len(in_tile_units(np.zeros(0, dtype=object), TILE)) == 0
