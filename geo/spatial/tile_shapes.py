"""Geometries brought into a tile: projected, cut at its buffer, on whole units, valid and turned the right way."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import GeometryType, Polygon

from geo.spatial.tile_grid import BUFFER, EXTENT, Tile, fractions

__all__ = ["in_tile_units"]

_DIMENSION = {
    GeometryType.POINT: 0,
    GeometryType.LINESTRING: 1,
    GeometryType.POLYGON: 2,
    GeometryType.MULTIPOINT: 0,
    GeometryType.MULTILINESTRING: 1,
    GeometryType.MULTIPOLYGON: 2,
}
_SINGLE = np.array([GeometryType.POINT, GeometryType.LINESTRING, GeometryType.POLYGON])
"""Type of one point, line and area, by dimension."""


def in_tile_units(shapes: Any, tile: Tile) -> Any:
    """Return what of each shape shows in a tile; None where nothing does.

    Parameters
    ----------
    shapes
        Array of shapely geometries in degrees (EPSG:4326).
    tile
        The tile.

    Returns
    -------
    ndarray
        Points, lines and areas in units of 1/4096 of the tile, whole, x right, y down; areas are valid, their outer
        rings clockwise as they are seen.
    """
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    for place in np.flatnonzero(shapely.get_type_id(flat) == GeometryType.GEOMETRYCOLLECTION):
        flat[place] = _of_dimension(flat[place], shapely.get_dimensions(flat[place]))
    placed = shapely.transform(flat, lambda points: _to_units(points, tile))
    cut = _cut(placed)
    snapped = _without_dots(shapely.transform(cut, np.rint))
    wanted = shapely.get_dimensions(cut)
    lean = shapely.remove_repeated_points(snapped, 0.0)
    areas = np.flatnonzero(wanted == 2)
    if len(areas):
        lean[areas] = _valid_areas(lean[areas])
    lines = np.flatnonzero(wanted == 1)
    if len(lines):
        lean[lines] = _of_dimensions(lean[lines], wanted[lines])
    nothing = shapely.is_empty(lean) | shapely.is_missing(lean)
    lean[nothing] = None
    return lean


def _to_units(points: Any, tile: Tile) -> Any:
    east, south = fractions(points[:, 0], points[:, 1])
    side = 1 << tile.z
    return np.column_stack(((east * side - tile.x) * EXTENT, (south * side - tile.y) * EXTENT))


def _cut(shapes: Any) -> Any:
    low, high = -BUFFER, EXTENT + BUFFER
    west, north, east, south = shapely.bounds(shapes).T
    over = ~((west >= low) & (north >= low) & (east <= high) & (south <= high))
    if not over.any():
        return shapes
    cut, whole = shapes.copy(), shapes[over]
    dimensions = shapely.get_dimensions(whole)
    crooked = (dimensions == 2) & ~shapely.is_valid(whole)
    whole[crooked] = shapely.make_valid(whole[crooked])
    cut[over] = _of_dimensions(shapely.clip_by_rect(whole, low, low, high, high), dimensions)
    return cut


def _without_dots(shapes: Any) -> Any:
    """Return shapes without the rings that shrank to a single place: GEOS takes them for an error."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    west, north, east, south = shapely.bounds(rings).T.reshape(4, -1)
    for place in np.unique(owner[part[(west == east) & (north == south)]]):
        kept = []
        for area in shapely.get_parts(shapes[place]):
            outer, *holes = shapely.get_rings(area)
            if _has_extent(outer):
                kept.append(Polygon(outer, [hole for hole in holes if _has_extent(hole)]))
        shapes[place] = shapely.multipolygons(kept) if kept else None
    return shapes


def _has_extent(ring: Any) -> bool:
    west, north, east, south = shapely.bounds(ring)
    return bool(west < east or north < south)


def _valid_areas(areas: Any) -> Any:
    # Snapping can make an area touch itself; few do, and to mend one takes ten times as long as to look.
    crooked = ~shapely.is_valid(areas)
    if crooked.any():
        mended = shapely.set_precision(shapely.make_valid(areas[crooked]), 1.0)
        areas[crooked] = _of_dimensions(mended, np.full(len(mended), 2))
    areas[shapely.area(areas) == 0] = None
    return shapely.orient_polygons(areas, exterior_cw=False)


def _of_dimensions(shapes: Any, dimensions: Any) -> Any:
    """Return what `_of_dimension` does of many shapes; most are a single line or area, and stay what they are."""
    sizes = np.where(dimensions == 2, shapely.area(shapes), shapely.length(shapes))
    kept = shapes.copy()
    for place in np.flatnonzero((shapely.get_type_id(shapes) != _SINGLE[dimensions]) | ~(sizes > 0)):
        kept[place] = _of_dimension(shapes[place], dimensions[place])
    return kept


def _of_dimension(shape: Any, dimension: int) -> Any:
    """Return the parts of a shape that have a dimension and are not without extent."""
    if shape is None or shape.is_empty:
        return None
    sizes = shapely.area if dimension == 2 else shapely.length
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if _DIMENSION[shapely.get_type_id(part)] == dimension and (dimension == 0 or sizes(part) > 0)
    ]
    if len(parts) < 2:
        return parts[0] if parts else None
    return (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension](parts)
