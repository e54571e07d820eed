"""What a tile shows at which zoom: counts, large shapes beside counted points, or every shape.

Nothing is left out in silence: what is not drawn by itself is in the ``count`` of a point.
"""

from __future__ import annotations

__all__ = ["CELLS_BITS", "COUNTS_UP_TO", "EVERYTHING_IS_SMALL", "MOST_SHAPES", "SHAPES_FROM", "SMALL"]

COUNTS_UP_TO = 9
"""Up to this zoom a tile holds counts by cell alone."""
SHAPES_FROM = 14
"""From this zoom on every row is drawn by itself."""
CELLS_BITS = 5
"""A tile has 2^5 × 2^5 cells to count in."""
SMALL = 32
"""Between the two, what is shorter than this many of 4096 units on both sides (2 of 256 pixels) is counted."""
EVERYTHING_IS_SMALL = 1 << 40
MOST_SHAPES = 10_000
"""Shapes that a tile holds; where there would be more, all become counts."""
