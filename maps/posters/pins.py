"""Pins: the numbers of priorities and of the plan on the map, each beside what it means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from geo.domain.plan_codes import ActivityStage
from maps.posters.contents import PosterActivity, PosterProblem
from maps.posters.drawn import draw_badge, pin_size
from maps.posters.sizes import TypeSizes
from maps.print.canvas import Canvas, polyline
from maps.print.ground import MapWindow
from maps.print.on_paper import on_paper
from maps.print.places import Room
from maps.style import PALETTE, STAGE_STYLES, Role
from maps.vector import Box, Disc, Look, Outline

__all__ = ["Pin", "Wanted", "activity_pin", "anchors_of", "draw_pins", "place_pins", "problem_pin", "wanted_pins"]

_PAPER = "#FFFFFF"
_RINGS = 14
"""So many places one behind the other are tried for a pin in each direction."""
_COVERING = 5.0
"""A place that covers a sign is taken only where the next free one is so many rings further away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pin still without a place."""

    words: str
    geometry: BaseGeometry | None
    """Lon lat; None where nobody said where it is."""
    colour: str
    is_problem: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin on the paper."""

    at: tuple[float, float]
    """What it means."""
    place: Box
    """Where it stands."""
    wanted: Wanted


def wanted_pins(problems: Sequence[PosterProblem], activities: Sequence[PosterActivity]) -> list[Wanted]:
    """Return the pins of what the lists say, priorities first."""
    pins = [problem_pin(one.mark, one.place) for one in problems]
    return pins + [activity_pin(str(one.number), one.place, one.stage) for one in activities]


def problem_pin(words: str, place: BaseGeometry | None) -> Wanted:
    """Return the pin of a problem, to be placed."""
    return Wanted(words, place, PALETTE[Role.FELT].light, is_problem=True)


def activity_pin(words: str, place: BaseGeometry | None, stage: ActivityStage) -> Wanted:
    """Return the pin of a line of a plan, in the colour of its stage, to be placed."""
    return Wanted(words, place, STAGE_STYLES[stage].tone.light, is_problem=False)


def anchors_of(wanted: Iterable[Wanted], window: MapWindow) -> list[tuple[float, float]]:
    """Return where on the paper the pins point to; nothing else should lie there."""
    found = (_anchor(one.geometry, window) for one in wanted if one.geometry is not None)
    return [at for at in found if at is not None]


def place_pins(
    wanted: Iterable[Wanted],
    window: MapWindow,
    room: Room,
    crowd: Room,
    sizes: TypeSizes,
    *,
    names: Iterable[Box] = (),
) -> tuple[list[Pin], list[str]]:
    """Find room for every pin beside what it means.

    Parameters
    ----------
    wanted
        In the order of their weight.
    window
        Frame and ground.
    room
        Where pins may stand; what they and the lines to them take is taken there.
    crowd
        The signs of the map, which they cover only where there is no other room near.
    sizes
        Of the paper.
    names
        Written already: no line to a pin strikes through them.

    Returns
    -------
    tuple
        The pins, and the numbers of priorities that lie outside the frame.
    """
    pins: list[Pin] = []
    outside: list[str] = []
    kept_clear = [shapely.box(one.x, one.y, one.right, one.bottom) for one in names]
    lines: list[LineString] = []
    # Where there was no room once there is none later: hundreds of pins may mean one spot.
    full: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    for one in wanted:
        if one.geometry is None:
            continue
        at = _anchor(one.geometry, window)
        if at is None:
            if one.is_problem:
                outside.append(one.words)
            continue
        around = at, pin_size(one.words, sizes, is_problem=one.is_problem)
        place = None
        if around not in full:
            place = _place(at, one, room, crowd=crowd, sizes=sizes, clear=_Clear.of(at, kept_clear, lines))
        if place is None:
            full.add(around)
            pins.append(Pin(at, _inside(next(_around(at, one, sizes))[1], room.frame), one))
            continue
        line = LineString([at, place.middle])
        box = shapely.box(place.x, place.y, place.right, place.bottom)
        _take_line(room, line.difference(box), sizes.unit)
        room.take(place)
        kept_clear.append(box)
        lines.append(line)
        pins.append(Pin(at, place, one))
    return pins, outside


def _around(at: tuple[float, float], one: Wanted, sizes: TypeSizes) -> Iterator[tuple[float, Box]]:
    """Yield places round about with their cost: nearer ones first, above first."""
    wide, high = pin_size(one.words, sizes, is_problem=one.is_problem)
    for ring in range(_RINGS):
        for turn in sorted(range(-7, 9), key=abs):
            angle = math.radians(-90 + 22.5 * turn)
            across, down = abs(math.cos(angle)), abs(math.sin(angle))
            reach = wide / 2 if one.is_problem else min(wide / 2 / max(across, 0.01), high / 2 / max(down, 0.01))
            far = reach + (5.0 + 5.0 * ring) * sizes.unit
            x, y = at[0] + far * math.cos(angle), at[1] + far * math.sin(angle)
            yield ring + abs(turn) / 16, Box(x - wide / 2, y - high / 2, wide, high)


@dataclass(frozen=True, slots=True)
class _Clear:
    """What a line from a place to its pin must not strike."""

    at: tuple[float, float]
    boxes: NDArray[np.object_]
    """Names and pins."""
    lines: NDArray[np.object_]
    """To other pins; from one place several may start."""

    @classmethod
    def of(cls, at: tuple[float, float], boxes: Iterable[BaseGeometry], lines: Iterable[LineString]) -> _Clear:
        start = shapely.Point(at)
        others = [one for one in lines if one.coords[0] != at]
        return cls(at, np.array([one for one in boxes if not one.contains(start)], object), np.array(others, object))

    def admits(self, place: Box) -> bool:
        """Tell whether the line to a place strikes nothing."""
        line = LineString([self.at, place.middle])
        return not (shapely.intersects(line, self.boxes).any() or shapely.crosses(line, self.lines).any())


def _place(
    at: tuple[float, float], one: Wanted, room: Room, *, crowd: Room, sizes: TypeSizes, clear: _Clear
) -> Box | None:
    """Return where a pin stands: as near as there is room, with a line that strikes nothing if that can be."""
    best: dict[bool, tuple[float, Box]] = {}
    for cost, place in _around(at, one, sizes):
        if True in best and cost > best[True][0]:
            break  # costs only grow from here
        if not room.is_free(place):
            continue
        weighed = cost + (0.0 if crowd.is_free(place) else _COVERING), place
        is_clear = clear.admits(place)
        best[is_clear] = min(weighed, best.get(is_clear, weighed))
    found = best.get(True) or best.get(False)
    return found[1] if found else None


def _take_line(room: Room, line: BaseGeometry, unit: float) -> None:
    half = 0.8 * unit
    for far in np.arange(0.0, line.length, half):
        at = line.interpolate(far)
        room.take(Box(at.x - half, at.y - half, 2 * half, 2 * half))


def draw_pins(canvas: Canvas, pins: Sequence[Pin], signs: Sequence[Box], sizes: TypeSizes) -> None:
    """Draw the pins, each with a line to its place, or to the sign that stands there."""
    unit = sizes.unit
    for pin in pins:
        one, place = pin.wanted, pin.place
        sign = next((sign for sign in signs if _contains(sign, pin.at)), None)
        at, middle = _end(sign, pin), place.middle
        if not _contains(place, at):
            path = polyline([at, middle])
            canvas.items.append(Outline(path, Look(stroke=_PAPER, width=1.6 * unit)))
            canvas.items.append(Outline(path, Look(stroke=one.colour, width=0.8 * unit), "pin line"))
            canvas.items.append(Disc(*at, 1.3 * unit, Look(fill=one.colour, stroke=_PAPER, width=0.5 * unit)))
    for pin in pins:
        one = pin.wanted
        size, diamond = sizes.detail, one.is_problem
        draw_badge(canvas, pin.place, words=one.words, colour=one.colour, size=size, is_problem=diamond, unit=unit)


def _contains(place: Box, at: tuple[float, float]) -> bool:
    return place.x < at[0] < place.right and place.y < at[1] < place.bottom


def _end(sign: Box | None, pin: Pin) -> tuple[float, float]:
    if sign is None:
        return pin.at
    (x, y), (to_x, to_y) = sign.middle, pin.place.middle
    away = max(abs(to_x - x), abs(to_y - y))
    share = min(1.0, sign.width / 2 / away) if away else 0.0
    return x + share * (to_x - x), y + share * (to_y - y)


def _anchor(geometry: BaseGeometry, window: MapWindow) -> tuple[float, float] | None:
    shape = on_paper(geometry, window)
    if shape.is_empty:
        return None
    is_line = shape.geom_type == "LineString"
    at = shape.interpolate(0.5, normalized=True) if is_line else shape.representative_point()
    return at.x, at.y


def _inside(place: Box, frame: Box) -> Box:
    x = min(max(place.x, frame.x), frame.right - place.width)
    y = min(max(place.y, frame.y), frame.bottom - place.height)
    return Box(x, y, place.width, place.height)
