"""Names on the map, where there is room for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain

import shapely
from shapely.geometry.base import BaseGeometry

from maps.posters.scene import Form, Scene, Shown
from maps.posters.sizes import TypeSizes
from maps.print.base_map import BaseMap
from maps.print.canvas import INK, Canvas, words_width
from maps.print.ground import MapWindow
from maps.print.letters import POINT_MM, printable
from maps.print.objects import sign_side
from maps.print.on_paper import parts_of
from maps.print.places import Room, beside
from maps.style import PALETTE, Role
from maps.vector import Anchor, Box, Disc, Look, Words, wrap

__all__ = ["name_base", "name_objects", "name_villages"]

_LONGEST = 34
"""Letters of a name of a base map; the rest is cut."""
_WIDEST = 12.0
"""A name wider than so many times the size of its type goes on in a second line, and a third."""
_LINES = 3
_HIGH = 1.22
"""Height of a name's room over the size of its type."""
_BASE = 0.97
"""From its upper edge to the base line."""
_APART_MM = 60.0
"""A name is not said twice nearer than this, on A1."""
_BESIDE_MM = 0.3
"""Paper left and right of a name."""
_PAPER = "#FFFFFF"


def name_villages(canvas: Canvas, scene: Scene, window: MapWindow, room: Room, sizes: TypeSizes) -> list[Box]:
    """Draw villages as rings with their names; return what rings and names take."""
    radius, rim = 1.8 * sizes.unit, 0.9 * sizes.unit
    whole = radius + rim
    places = [(name, *window.from_lonlat([lonlat])[0].tolist()) for name, lonlat in scene.villages]
    rings = [Box(x - whole, y - whole, 2 * whole, 2 * whole) for _, x, y in places]
    for ring in rings:
        room.take(ring)
    names = []
    for name, x, y in places:
        canvas.items.append(Disc(x, y, radius, Look(fill=_PAPER, stroke=INK, width=rim), "village"))
        lines, wide, high = _lines(name, sizes.body, bold=True)
        wide += 2 * _BESIDE_MM
        tried = (beside(x, y, wide, high, gap=whole + far * sizes.unit) for far in (0.5, 3.0, 6.0, 10.0, 15.0, 20.0))
        place = room.first_free(chain.from_iterable(tried))
        if place is not None:
            names.append(place)
            inner = Box(place.x + _BESIDE_MM, place.y, wide - 2 * _BESIDE_MM, high)
            _write(canvas, inner, lines, sizes.body, colour=INK, bold=True)
    return rings + names


def name_objects(canvas: Canvas, pieces: Sequence[tuple[Shown, BaseGeometry]], room: Room, sizes: TypeSizes) -> None:
    """Write the names of objects, what people look for first; none is said twice close by."""
    said: list[tuple[str, Box]] = []
    along: set[str] = set()
    for one, shape in sorted(pieces, key=lambda pair: (pair[0].style.rank, pair[0].form is not Form.POINT)):
        name = one.name.casefold()
        # A river or a road that several people drew, or drew in pieces, is named once on the whole map.
        if not name or name in along or (one.form is Form.LINE and any(name == other for other, _ in said)):
            continue
        lines, wide, high = _lines(one.name, sizes.detail)
        for place in _places(one, shape, wide, high, sizes):
            near = place.grown(_APART_MM * sizes.unit)
            if room.is_free(place) and not any(name == other and near.meets(box) for other, box in said):
                room.take(place.grown(0.4 * sizes.unit))
                said.append((name, place))
                if one.form is Form.LINE:
                    along.add(name)
                _write(canvas, place, lines, sizes.detail, colour=one.style.tone.light_text)
                break


def name_base(canvas: Canvas, base: BaseMap, room: Room, sizes: TypeSizes) -> None:
    """Write the names of a base map in what room is left."""
    high = sizes.detail * POINT_MM * _HIGH
    for one in base.names:
        words = _short(printable(one.text))
        place = room.first_free([Box(one.x, one.y, words_width(words, sizes.detail), high)])
        if place is not None:
            _write(canvas, place, [words], sizes.detail, colour=PALETTE[Role.FAINT_INK].light)


def _lines(name: str, size: float, *, bold: bool = False) -> tuple[list[str], float, float]:
    """Return the lines of a name, how wide the widest is, and how high all are; millimetres."""
    most = _WIDEST * size * POINT_MM
    whole = words_width(name, size, bold=bold)
    if whole > most:  # lines about as long as each other
        most = min(most, max(whole / math.ceil(whole / most) * 1.2, 0.5 * most))
    lines = wrap(name, size * POINT_MM, most, bold=bold, lines=_LINES)
    return lines, max(words_width(one, size, bold=bold) for one in lines), len(lines) * size * POINT_MM * _HIGH


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def _places(one: Shown, shape: BaseGeometry, wide: float, high: float, sizes: TypeSizes) -> Iterator[Box]:
    """Yield places for a name, the best first: beside a point, along a line, within an area or under it."""
    gap = 0.8 * sizes.unit
    if one.form is Form.POINT:
        at, reach = next(parts_of(shape)).representative_point(), sign_side(one.style, sizes.pixel_mm) / 2
        yield from beside(at.x, at.y, wide, high, gap=reach + gap)
        yield from beside(at.x, at.y, wide, high, gap=reach + 4.0 * gap)
        return
    if one.form is Form.AREA:
        largest = max(parts_of(shape), key=lambda part: part.area)
        at = largest.representative_point()
        left, top, right, bottom = largest.bounds
        if right - left > wide and bottom - top > high:
            yield from (Box(at.x - wide / 2, at.y + (down - 0.5) * high, wide, high) for down in (0, -1.2, 1.2))
        for y in (bottom + gap, top - gap - high):
            yield Box((left + right - wide) / 2, y, wide, high)
        return
    lines = [part for part in parts_of(shape) if part.length > 0]
    thick = max(stroke.width for stroke in one.style.strokes) * sizes.pixel_mm / 2
    for line in sorted(lines, key=lambda part: -part.length)[:3]:
        for share in (0.5, 0.3, 0.7, 0.15, 0.85):
            at = line.interpolate(share, normalized=True)
            around = list(beside(at.x, at.y, wide, high, gap=thick + gap))[2:]
            around += beside(at.x, at.y, wide, high, gap=thick + 3.0 * gap)
            yield from (box for box in around if not line.intersects(shapely.box(box.x, box.y, box.right, box.bottom)))


def _write(canvas: Canvas, place: Box, lines: Sequence[str], size: float, *, colour: str, bold: bool = False) -> None:
    behind = Box(place.x - _BESIDE_MM, place.y, place.width + 2 * _BESIDE_MM, place.height)
    canvas.box(behind, Look(fill=_PAPER, opacity=0.78), role="behind name", radius=0.2 * size * POINT_MM)
    high = size * POINT_MM
    for number, words in enumerate(lines):
        base = place.y + (number * _HIGH + _BASE) * high
        canvas.items.append(Words(place.middle[0], base, words, high, bold, Anchor.MIDDLE, colour, "name"))
