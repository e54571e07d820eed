"""A small map of features as an SVG that the server draws: no script, no tile, nothing from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Layer
from geo.spatial.measuring import distance_m
from geo.spatial.reference_systems import ReferenceSystem, to_stored
from maps.style.layers import LAYER_STYLES
from maps.style.palette import PALETTE, Role

__all__ = ["Drawing", "small_map"]

WIDTH: Final = 720
HEIGHT: Final = 420
_MARGIN: Final = 24
_NARROWEST_DEGREES: Final = 0.002
"""Some 200 m: a single point is shown with its surroundings' size, not as the whole world."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn for a feature: SVG path data, or the centre of a point."""

    id: str
    path: str
    x: float | None
    y: float | None
    colour: str
    dark: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map to be put into a page."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    bar_px: float
    bar_m: int


def small_map(features: Sequence[dict[str, Any]], system: ReferenceSystem | None) -> Drawing | None:
    """Return the map of GeoJSON features, None where none has a place.

    Parameters
    ----------
    features
        As they are told.
    system
        Their reference system; None for CRS84.
    """
    placed: list[tuple[dict[str, Any], BaseGeometry]] = []
    for feature in features:
        if feature["geometry"] is not None:
            shape = shapely.from_geojson(_dump(feature["geometry"]))
            placed.append((feature, shape if system is None else to_stored(shape, system)))
    if not placed:
        return None
    west, south, east, north = shapely.total_bounds([shape for _, shape in placed])
    middle = (west + east) / 2, (south + north) / 2
    # Degrees of longitude shrink with the cosine of the latitude: true to shape at this size.
    shrink = max(math.cos(math.radians(middle[1])), 0.01)
    span_x = max((east - west) * shrink, _NARROWEST_DEGREES)
    span_y = max(north - south, _NARROWEST_DEGREES)
    scale = min((WIDTH - 2 * _MARGIN) / span_x, (HEIGHT - 2 * _MARGIN) / span_y)

    def turn(xy: Any) -> Any:
        x = WIDTH / 2 + (xy[:, 0] - middle[0]) * shrink * scale
        return np.column_stack([x, HEIGHT / 2 - (xy[:, 1] - middle[1]) * scale])

    drawn: list[Shape] = []
    for feature, shape in placed:
        drawn += _shapes(feature, shapely.transform(shape, turn))
    drawn.sort(key=lambda one: (not one.filled, one.x is not None))
    metres = distance_m(shapely.Point(middle), shapely.Point(middle[0], middle[1] + 0.01)) / (0.01 * scale)
    bar = _round_down(metres * WIDTH / 4)
    return Drawing(WIDTH, HEIGHT, tuple(drawn), round(bar / metres, 1), bar)


def _shapes(feature: dict[str, Any], shape: BaseGeometry) -> Iterable[Shape]:
    layer = feature["properties"].get("layer")
    role = LAYER_STYLES[Layer(layer)].role if layer in set(Layer) else Role.VIOLET
    tone = PALETTE[role]
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            yield Shape(feature["id"], "", round(part.x, 1), round(part.y, 1), tone.light, tone.dark, False)
        else:
            filled = part.geom_type == "Polygon"
            yield Shape(feature["id"], _path(part), None, None, tone.light, tone.dark, filled)


def _path(shape: BaseGeometry) -> str:
    rings = [shape.exterior, *shape.interiors] if isinstance(shape, shapely.Polygon) else [shape]
    found = []
    for ring in rings:
        points = " ".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring).tolist())
        found.append(f"M{points}" + ("Z" if isinstance(shape, shapely.Polygon) else ""))
    return "".join(found)


def _dump(geometry: dict[str, Any]) -> bytes:

    return orjson.dumps(geometry)


def _round_down(metres: float) -> int:
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(next(step * power for step in (5, 2, 1) if step * power <= max(metres, 1)))
