"""Lines, areas and places of a vector file as a base map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.i18n import Language
from geo.sheet_layout import Rect
from maps.print.base_map import BaseMap, BaseName, BaseShape
from maps.print.ground import Ground

__all__ = ["read_vector"]

_MOST_CORNERS = 300_000
_MOST_NAMES = 300
_SIMPLE_MM = 0.05
_DOT_MM = 0.7
_LETTER_MM, _LINE_MM = 1.35, 2.8
"""Room of a letter of a name, at 7 points."""
_SAME_NAME_MM = 60.0
_READING_ERRORS = (DataSourceError, DataLayerError, OSError, ValueError, shapely.errors.GEOSException)


def read_vector(path: Path, ground: Ground, language: Language) -> BaseMap:
    """Read a vector file as `read_base` does; every layer with geometries is drawn."""
    shapes: list[BaseShape] = []
    found: list[tuple[str, BaseGeometry]] = []
    corners = 0
    for frame in _frames(path, ground):
        names = _names(frame, language)
        for name, geometry in zip(names, _on_paper(frame, ground), strict=True):
            if geometry.is_empty:
                continue
            corners += int(shapely.get_num_coordinates(geometry))
            if corners > _MOST_CORNERS:
                raise Refused("printing.base_too_detailed", path=path)
            shapes.extend(_shapes(geometry))
            if name:
                found.append((name, geometry))
    if not shapes:
        raise Refused("printing.base_elsewhere", path=path)
    shapes.sort(key=lambda shape: not shape.filled)
    return BaseMap(shapes=tuple(shapes), names=tuple(_placed(found, ground.frame)))


def _frames(path: Path, ground: Ground) -> Iterator[geopandas.GeoDataFrame]:
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind]
        if not layers:
            raise Refused("printing.base_unreadable", path=path)
        for layer in layers:
            crs = pyogrio.read_info(path, layer=layer)["crs"]
            if not crs:
                raise Refused("printing.base_no_crs", path=path)
            bounds = _frame_in(ground, CRS.from_user_input(crs))
            read = pyogrio.read_dataframe(path, layer=layer, bbox=bounds)
            yield read.to_crs(ground.epsg)
    except (CRSError, ProjError) as error:
        raise Refused("printing.base_no_crs", path=path) from error
    except _READING_ERRORS as error:
        raise Refused("printing.base_unreadable", path=path) from error


def _frame_in(ground: Ground, crs: CRS) -> tuple[float, float, float, float]:
    """Return the bounds of the frame in another system; its edges are bent there."""
    corners = ground.to_grid(ground.frame.corners)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    turn = Transformer.from_crs(ground.epsg, crs, always_xy=True)
    left, bottom, right, top = turn.transform_bounds(west, south, east, north)
    return left, bottom, right, top


def _on_paper(frame: geopandas.GeoDataFrame, ground: Ground) -> Iterable[BaseGeometry]:
    place = ground.frame
    shapes = shapely.force_2d(np.asarray(frame.geometry.array, dtype=object))
    shapes[shapely.is_missing(shapes)] = shapely.Point()
    shapes = shapely.transform(shapes, ground.from_grid)
    shapes = shapely.clip_by_rect(shapely.make_valid(shapes), place.x, place.y, place.right, place.bottom)
    return list(shapely.simplify(shapes, _SIMPLE_MM))


def _shapes(geometry: BaseGeometry) -> Iterator[BaseShape]:
    for part in shapely.get_parts(geometry):
        if part.is_empty:
            continue
        if part.geom_type == "Point":
            yield BaseShape((_ring(part.buffer(_DOT_MM, quad_segs=8).exterior, closed=True),), filled=True)
        elif part.geom_type == "Polygon":
            rings = (part.exterior, *part.interiors)
            yield BaseShape(tuple(_ring(ring, closed=True) for ring in rings), filled=True)
        elif part.geom_type == "GeometryCollection":
            yield from _shapes(part)
        else:
            yield BaseShape((_ring(part, closed=False),), filled=False)


def _ring(line: Any, *, closed: bool) -> tuple[tuple[float, float], ...]:
    points = shapely.get_coordinates(line).round(2).tolist()
    return tuple((x, y) for x, y in (points[:-1] if closed else points))


def _names(frame: geopandas.GeoDataFrame, language: Language) -> list[str]:
    columns = {str(column).lower(): column for column in frame.columns}
    wanted = (f"name_{language}", f"name:{language}", f"names_{language}", "name", "name_ky", "name:ky", "label")
    column = next((columns[one] for one in wanted if one in columns), None)
    if column is None:
        return [""] * len(frame)
    return [_one_line(value) if isinstance(value, str) else "" for value in frame[column]]


def _one_line(words: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())[:60]


def _placed(found: Iterable[tuple[str, BaseGeometry]], frame: Rect) -> Iterator[BaseName]:
    """Yield names where there is room, the largest things first; a name is not said twice close by."""
    taken: list[tuple[float, float, float, float]] = []
    said: list[tuple[str, float, float]] = []
    for name, geometry in sorted(found, key=lambda one: -(one[1].area or one[1].length)):
        if len(taken) == _MOST_NAMES:
            return
        line = geometry.geom_type.endswith("LineString")
        at = geometry.interpolate(0.5, normalized=True) if line else geometry.representative_point()
        width = len(name) * _LETTER_MM
        # In the middle of an area, above a line, beside a point.
        x = at.x + 1.0 if geometry.geom_type.endswith("Point") else at.x - width / 2
        y = at.y - (_LINE_MM + 1.0 if line else _LINE_MM / 2)
        box = (x, y, x + width, y + _LINE_MM)
        if box[0] < frame.x + 1 or box[1] < frame.y + 1 or box[2] > frame.right - 1 or box[3] > frame.bottom - 1:
            continue
        if any(box[0] < one[2] and one[0] < box[2] and box[1] < one[3] and one[1] < box[3] for one in taken):
            continue
        if any(name == other and abs(x - u) + abs(y - v) < _SAME_NAME_MM for other, u, v in said):
            continue
        taken.append(box)
        said.append((name, x, y))
        yield BaseName(x, y, name)
