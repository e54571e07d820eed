"""Where drawings lie, and how surely, with or without anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from sketch_import.neighbourhood.anchors import Anchor
from sketch_import.neighbourhood.keeping import Keeping, keep_neighbourhood
from sketch_import.placing import Placement

__all__ = ["PlacedDrawings", "place_drawings"]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDrawings:
    """Drawings on the ground, in the order in which they were given."""

    geometries: tuple[BaseGeometry, ...]
    """Lon lat, EPSG:4326."""
    errors_m: tuple[float | None, ...]
    """Expected error of each position; None where it cannot be known."""
    keeping: Keeping | None
    """What was kept of the neighbourhood; None where there are no anchors."""


def place_drawings(
    placement: Placement, drawings: Sequence[tuple[str, BaseGeometry]], anchors: Sequence[Anchor] = ()
) -> PlacedDrawings:
    """Place drawings, each by itself: which others are placed with it changes nothing.

    Parameters
    ----------
    placement
        How the control points place the sheet.
    drawings
        Names and geometries in pixels, x right, y down.
    anchors
        What was drawn beside or inside them stays there; see `keep_neighbourhood`.
    """
    shapes = [geometry for _, geometry in drawings]
    errors = placement.errors_of(shapes)
    if not anchors:
        return PlacedDrawings(tuple(placement.place_geometry(shape) for shape in shapes), errors, None)
    keeping = keep_neighbourhood(placement, drawings, anchors)
    # A move adds what it may be wrong by.
    moved = tuple(
        None if error is None else float(np.hypot(error, move))
        for error, move in zip(errors, keeping.moves_m, strict=True)
    )
    return PlacedDrawings(keeping.geometries, moved, keeping)
