"""The map of a poster: objects as everywhere, pins of the priorities and of the plan, names where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from maps.posters.naming import name_base, name_objects, name_villages
from maps.posters.pins import Wanted, anchors_of, draw_pins, place_pins
from maps.posters.scene import Form, Scene, Shown
from maps.posters.sizes import TypeSizes
from maps.print.base_map import BaseMap
from maps.print.canvas import FAINT, Canvas, closed, polyline
from maps.print.ground import MapWindow
from maps.print.objects import draw_area, draw_line, sign_at, sign_side
from maps.print.on_paper import line_path, on_paper, parts_of, ring_path
from maps.print.places import Room
from maps.vector import Box, Look, Outline

__all__ = ["BOUNDARY_DASH", "DrawnMap", "draw_map"]

BOUNDARY_DASH = (5.0, 1.5, 0.8, 1.5)
"""Dash of a boundary, millimetres on A1."""
_CLOSE = 0.2
"""Signs of one kind that share more than their rims stand for one another."""


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """What came of it."""

    outside: tuple[str, ...]
    """Marks of priorities that lie outside the frame."""
    has_boundary: bool
    """Whether any of the boundary is in the frame."""


def draw_map(
    canvas: Canvas,
    scene: Scene,
    window: MapWindow,
    sizes: TypeSizes,
    *,
    pins: Sequence[Wanted],
    base: BaseMap | None,
    taken: Iterable[Box],
) -> DrawnMap:
    """Draw the map into its frame.

    Parameters
    ----------
    canvas
        Where to.
    scene, window
        What is on it, and where it lies.
    sizes
        Of type and signs.
    pins
        Numbers of the lists beside the map: nothing is pinned that the paper does not say.
    base
        Under everything; its picture is laid by whoever sets the page.
    taken
        Places for the scale bar and the like, which nothing may cover.
    """
    frame = window.frame
    room = Room(Box(frame.x, frame.y, frame.width, frame.height).grown(-0.6 * sizes.unit))
    for place in taken:
        room.take(place)
    pieces = [(one, shape) for one in scene.shown if not (shape := on_paper(one.geometry, window)).is_empty]
    if base is not None:
        _draw_base(canvas, base)
    has_boundary = scene.boundary is not None and _draw_boundary(canvas, scene.boundary, window, sizes)
    for one, shape in pieces:
        if one.form is Form.AREA:
            draw_area(canvas, one.style, ring_path(shape), sizes.pixel_mm, role=_role(one))
    for one, shape in sorted(pieces, key=lambda pair: -pair[0].style.rank):
        if one.form is Form.LINE:
            draw_line(canvas, one.style, line_path(shape), sizes.pixel_mm, role=_role(one))
    signs = _place_signs(pieces, sizes)
    point = 1.8 * sizes.unit
    for x, y in anchors_of(pins, window):
        room.take(Box(x - point, y - point, 2 * point, 2 * point))
    names = name_villages(canvas, scene, window, room, sizes)
    crowd = Room(room.frame)
    for place, _ in signs:
        crowd.take(place)
    placed, outside = place_pins(pins, window, room, crowd, sizes, names=names)
    for place, one in signs:
        room.take(place)
        canvas.items.extend(sign_at(one.style, place.middle, place.width, role=_role(one)))
    draw_pins(canvas, placed, [place for place, _ in signs], sizes)
    name_objects(canvas, pieces, room, sizes)
    if base is not None:
        name_base(canvas, base, room, sizes)
    return DrawnMap(tuple(outside), has_boundary)


def _role(one: Shown) -> str:
    return f"map {one.kind.value}"


def _draw_base(canvas: Canvas, base: BaseMap) -> None:
    for shape in base.shapes:
        if shape.filled:
            path, look = "".join(map(closed, shape.rings)), Look(fill="#EEECE8", stroke="#D5D1CA", width=0.2)
        else:
            path, look = "".join(map(polyline, shape.rings)), Look(stroke="#C9C4BB", width=0.5)
        canvas.items.append(Outline(path, look, "base"))


def _draw_boundary(canvas: Canvas, boundary: BaseGeometry, window: MapWindow, sizes: TypeSizes) -> bool:
    edge = line_path(on_paper(boundary.boundary, window))
    if edge:
        dash = tuple(part * sizes.unit for part in BOUNDARY_DASH)
        canvas.items.append(Outline(edge, Look(stroke=FAINT, width=0.7 * sizes.unit, dash=dash), "boundary"))
    return bool(edge)


def _place_signs(pieces: Iterable[tuple[Shown, BaseGeometry]], sizes: TypeSizes) -> list[tuple[Box, Shown]]:
    """Return where signs stand: at their places; of many of a kind on one spot, such as houses, one stands for all."""
    placed: list[tuple[Box, Shown]] = []
    for one, shape in sorted(pieces, key=lambda pair: pair[0].style.rank):
        if one.form is not Form.POINT:
            continue
        side = sign_side(one.style, sizes.pixel_mm)
        rim = -_CLOSE * side
        for part in parts_of(shape):
            at = part.representative_point()
            place = Box(at.x - side / 2, at.y - side / 2, side, side)
            if not any(other.kind is one.kind and place.grown(rim).meets(box.grown(rim)) for box, other in placed):
                placed.append((place, one))
    return placed
