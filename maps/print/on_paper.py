"""Shapes on the ground as shapes on the paper, cut at the frame of the map."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from maps.print.canvas import closed, polyline
from maps.print.ground import Ground

__all__ = ["line_path", "on_paper", "parts_of", "ring_path"]

_SIMPLE_MM = 0.1


def on_paper(geometry: BaseGeometry, ground: Ground) -> BaseGeometry:
    """Return a shape in millimetres of the paper; empty where none of it is in the frame.

    Parameters
    ----------
    geometry
        Lon lat, EPSG:4326.
    ground
        The frame and where it lies.
    """
    frame = ground.frame
    flat = shapely.transform(shapely.force_2d(geometry), ground.from_lonlat)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        return shapely.Point()
    if not flat.is_valid:
        flat = shapely.make_valid(flat)
    cut = shapely.clip_by_rect(flat, frame.x, frame.y, frame.right, frame.bottom)
    return shapely.simplify(cut, _SIMPLE_MM)


def parts_of(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield its points, lines and polygons, none of them empty."""
    for part in shapely.get_parts(shape):
        if part.geom_type.startswith(("Multi", "Geometry")):
            yield from parts_of(part)
        elif not part.is_empty:
            yield part


def ring_path(shape: BaseGeometry) -> str:
    """Return SVG path data around its polygons; empty where it has none."""
    polygons = [part for part in parts_of(shape) if isinstance(part, Polygon)]
    return "".join(closed(_corners(ring)[:-1]) for part in polygons for ring in (part.exterior, *part.interiors))


def line_path(shape: BaseGeometry) -> str:
    """Return SVG path data along its lines; empty where it has none."""
    return "".join(polyline(_corners(part)) for part in parts_of(shape) if isinstance(part, LineString))


def _corners(line: BaseGeometry) -> list[tuple[float, float]]:
    return [(x, y) for x, y in shapely.get_coordinates(line).tolist()]
