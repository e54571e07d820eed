"""Pins: the numbers of priorities and of the plan on the map, each beside what it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geo.domain.plan_codes import ActivityStage
from maps.posters.contents import PosterActivity, PosterProblem
from maps.posters.drawn import draw_badge, pin_side
from maps.posters.sizes import TypeSizes
from maps.print.canvas import Canvas
from maps.print.ground import MapWindow
from maps.print.on_paper import on_paper
from maps.print.places import Room, round_about
from maps.style import PALETTE, STAGE_STYLES, Role
from maps.vector import Box, Disc, Look

__all__ = ["Pin", "Wanted", "activity_pin", "draw_pins", "place_pins", "problem_pin", "wanted_pins"]

_PAPER = "#FFFFFF"


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


def place_pins(
    wanted: Iterable[Wanted], window: MapWindow, room: Room, crowd: Room, sizes: TypeSizes
) -> tuple[list[Pin], list[str]]:
    """Find room for every pin beside what it means.

    Parameters
    ----------
    wanted
        In the order of their weight.
    window
        Frame and ground.
    room
        Where pins may stand; what they take is taken there.
    crowd
        The signs of the map, which they cover only where there is no other room.
    sizes
        Of the paper.

    Returns
    -------
    tuple
        The pins, and the numbers of priorities that lie outside the frame.
    """
    pins, outside = [], []
    for one in wanted:
        if one.geometry is None:
            continue
        at = _anchor(one.geometry, window)
        if at is None:
            if one.is_problem:
                outside.append(one.words)
            continue
        side = pin_side(one.words, sizes, is_problem=one.is_problem)
        around = list(round_about(*at, side, nearest=0.95 * side))
        free = [place for place in around if room.is_free(place)]
        best = free[0] if free else _inside(around[0], room.frame)
        place = next((place for place in free if crowd.is_free(place)), best)
        room.take(place)
        pins.append(Pin(at, place, one))
    return pins, outside


def draw_pins(canvas: Canvas, pins: Iterable[Pin], signs: Sequence[Box], sizes: TypeSizes) -> None:
    """Draw the pins, each with a line to its place, or to the sign that stands there."""
    unit = sizes.unit
    for pin in pins:
        one, place = pin.wanted, pin.place
        sign = next((sign for sign in signs if _contains(sign, pin.at)), None)
        at, middle = _end(sign, pin), place.middle
        if not _contains(place, at):
            canvas.rule(*at, *middle, width=1.6 * unit, colour=_PAPER)
            canvas.rule(*at, *middle, width=0.8 * unit, colour=one.colour)
            canvas.items.append(Disc(*at, 1.3 * unit, Look(fill=one.colour, stroke=_PAPER, width=0.5 * unit)))
        draw_badge(
            canvas, place, words=one.words, colour=one.colour, size=sizes.detail, is_problem=one.is_problem, unit=unit
        )


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
