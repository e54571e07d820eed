"""The small pictures people draw: homes, a school with a flag, a mosque, wells, trees, fields.

Each function draws one picture around a point and returns its strokes and its outline, in mm on the paper
(x right, y down).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.hand import FloatArray, Hand, Stroke, dashes, dot, draw, draw_loop

__all__ = ["GROUND_SIZES_M", "Pencase", "Picture", "PictureName", "draw_picture", "tree"]

PictureName = Literal[
    "house", "school", "club", "mosque", "first_aid", "office", "room", "shop", "bridge",
    "well", "pole", "alarm", "dashed_box",
]  # fmt: skip

GROUND_SIZES_M: dict[str, tuple[float, float]] = {
    "house": (11.0, 9.0),
    "school": (48.0, 16.0),
    "club": (26.0, 16.0),
    "mosque": (16.0, 14.0),
    "first_aid": (14.0, 10.0),
    "office": (20.0, 12.0),
    "room": (8.0, 12.0),
    "shop": (10.0, 8.0),
    "bridge": (14.0, 8.0),
    "dashed_box": (32.0, 20.0),
}
"""True length and width of what a picture stands for; what is not here is a point."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A drawn sign: its strokes and its outline (n, 2)."""

    strokes: tuple[Stroke, ...]
    outline: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Pencase:
    """A hand ready to draw around one point of the paper, turned clockwise by an angle."""

    at: FloatArray
    turn_deg: float
    hand: Hand
    rng: np.random.Generator

    def place(self, points: ArrayLike) -> FloatArray:
        """Return points (n, 2) given around the picture's own middle as points of the paper."""
        turn = np.deg2rad(self.turn_deg)
        local = np.asarray(points, dtype=np.float64)
        rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        return np.asarray(self.at + local @ rotation)

    def line(self, *points: tuple[float, float], ink: Ink = Ink.BLACK, width_mm: float | None = None) -> Stroke:
        """Draw an open line."""
        return draw(self.place(points), hand=self.hand, rng=self.rng, ink=ink, width_mm=width_mm)

    def loop(self, *points: tuple[float, float], ink: Ink = Ink.BLACK, width_mm: float | None = None) -> Stroke:
        """Draw a closed loop."""
        return draw_loop(self.place(points), hand=self.hand, rng=self.rng, ink=ink, width_mm=width_mm)

    def arc(
        self,
        middle: tuple[float, float],
        radius: tuple[float, float],
        degrees: tuple[float, float],
        *,
        ink: Ink = Ink.BLACK,
        width_mm: float | None = None,
    ) -> Stroke:
        """Draw a part of an ellipse, angles clockwise from the right; a whole turn is closed as a loop is."""
        turn = np.deg2rad(np.linspace(*degrees, 25))
        points = np.column_stack([middle[0] + radius[0] * np.cos(turn), middle[1] + radius[1] * np.sin(turn)])
        smooth = replace(self.hand, corner_mm=0.1)
        if abs(degrees[1] - degrees[0]) >= 360.0:
            return draw_loop(self.place(points[:-1]), hand=smooth, rng=self.rng, ink=ink, width_mm=width_mm)
        return draw(self.place(points), hand=smooth, rng=self.rng, ink=ink, width_mm=width_mm)


def _box(width: float, height: float, *, up: float = 0.0) -> tuple[tuple[float, float], ...]:
    w, h = width / 2, height / 2
    return ((-w, -h - up), (w, -h - up), (w, h - up), (-w, h - up))


def _house(pen: Pencase) -> Picture:
    w, h = pen.rng.uniform(15.5, 18.5), pen.rng.uniform(9.5, 11.5)
    roof = pen.rng.uniform(6.5, 8.5)
    top = -(h + roof) / 2
    eaves, floor = top + roof, top + roof + h
    body = pen.loop((-w / 2, floor), (-w / 2, eaves), (0.0, top), (w / 2, eaves), (w / 2, floor))
    strokes = [body, pen.line((-w / 2, eaves), (w / 2, eaves))]
    if pen.rng.random() < 0.4:
        strokes.append(pen.line((-1.9, floor), (-1.9, floor - 5.8), (2.1, floor - 5.8), (2.1, floor), width_mm=1.5))
    return Picture(tuple(strokes), body.points)


def _school(pen: Pencase) -> Picture:
    body = pen.loop(*_box(48, 21))
    strokes = [body]
    for x in (-17.5, -9.0, 9.0, 17.5):
        strokes.append(pen.loop((x - 2.4, -5), (x + 2.4, -5), (x + 2.4, 0.5), (x - 2.4, 0.5), width_mm=1.4))
    strokes.append(pen.line((-3, 10.5), (-3, 1.5), (3, 1.5), (3, 10.5), width_mm=1.7))
    strokes.append(pen.line((-21, -10.5), (-21, -24), width_mm=1.7))
    flag = ((-20, -23.2), (-12, -22.6), (-20, -21.4), (-12, -20.6), (-20, -19.6), (-12, -18.8))
    strokes.append(pen.line(*flag, ink=Ink.RED))
    return Picture(tuple(strokes), body.points)


def _club(pen: Pencase) -> Picture:
    body = pen.loop(*_box(36, 17, up=-2))
    roof = pen.line((-20, -6.5), (0, -18), (20, -6.5))
    return Picture((body, roof), np.vstack([body.points, roof.points[len(roof.points) // 2][None]]))


def _mosque(pen: Pencase) -> Picture:
    body = pen.loop(*_box(19, 13, up=-4))
    dome = pen.arc((0, -2.5), (7.5, 8.0), (180, 360))
    mast = pen.line((0, -10.5), (0, -14), width_mm=1.5)
    moon = pen.arc((0.6, -18.5), (3.6, 3.8), (40, 300), width_mm=1.6)
    door = pen.arc((0, 6.5), (2.8, 5.0), (180, 360), width_mm=1.6)
    return Picture((body, dome, mast, moon, door), body.points)


def _first_aid(pen: Pencase) -> Picture:
    body = pen.loop(*_box(19, 14))
    cross = (
        pen.line((0, -3.8), (0, 3.8), ink=Ink.RED),
        pen.line((-3.8, 0), (3.8, 0), ink=Ink.RED),
    )
    return Picture((body, *cross), body.points)


def _office(pen: Pencase) -> Picture:
    body = pen.loop(*_box(25, 16))
    return Picture((body, pen.line((-14.5, -8), (0, -14.5), (14.5, -8))), body.points)


def _room(pen: Pencase) -> Picture:
    body = pen.loop(*_box(14, 13))
    return Picture((body, pen.line((-2, 6.5), (-2, 0), (2, 0), (2, 6.5), width_mm=1.5)), body.points)


def _shop(pen: Pencase) -> Picture:
    body = pen.loop(*_box(18, 13))
    teeth = [(-9 + 3.0 * i, -6.2 + (4.0 if i % 2 else 0.6)) for i in range(7)]
    return Picture((body, pen.line(*teeth, width_mm=1.5)), body.points)


def _bridge(pen: Pencase) -> Picture:
    upper = pen.line((-14, -9.5), (-10, -6), (10, -6), (14, -9.5))
    lower = pen.line((-14, 9.5), (-10, 6), (10, 6), (14, 9.5))
    return Picture((upper, lower), pen.place(_box(20, 12)))


def _well(pen: Pencase) -> Picture:
    ring = pen.arc((0, 0), (4.6, 4.6), (-80, 280), ink=Ink.BLUE)
    return Picture((ring, dot(pen.at, 0.9, hand=pen.hand, rng=pen.rng, ink=Ink.BLUE)), ring.points)


def _pole(pen: Pencase) -> Picture:
    radius = float(pen.rng.uniform(2.0, 2.5))
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    outline = pen.at + radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return Picture((dot(pen.at, radius, hand=pen.hand, rng=pen.rng, ink=Ink.BLACK),), outline)


def _alarm(pen: Pencase) -> Picture:
    ring = pen.arc((0, 0), (7.0, 7.0), (-70, 290), ink=Ink.RED)
    stem = pen.line((0, -4.0), (0.1, 1.0), ink=Ink.RED)
    point = dot(pen.place([(0.1, 3.9)])[0], 1.0, hand=pen.hand, rng=pen.rng, ink=Ink.RED)
    return Picture((ring, stem, point), ring.points)


def _dashed_box(pen: Pencase) -> Picture:
    corners = pen.place(_box(62, 30))
    strokes = dashes(
        np.vstack([corners, corners[:1]]), hand=pen.hand, rng=pen.rng, ink=Ink.RED, dash_mm=6.5, gap_mm=3.6
    )
    return Picture(strokes, corners)


_PICTURES: dict[PictureName, Callable[[Pencase], Picture]] = {
    "house": _house,
    "school": _school,
    "club": _club,
    "mosque": _mosque,
    "first_aid": _first_aid,
    "office": _office,
    "room": _room,
    "shop": _shop,
    "bridge": _bridge,
    "well": _well,
    "pole": _pole,
    "alarm": _alarm,
    "dashed_box": _dashed_box,
}


def draw_picture(
    name: PictureName, at: ArrayLike, *, hand: Hand, rng: np.random.Generator, turn_deg: float = 0.0
) -> Picture:
    """Draw one small picture with its middle at `at`, turned clockwise by `turn_deg`."""
    return _PICTURES[name](Pencase(np.asarray(at, dtype=np.float64), turn_deg, hand, rng))


def tree(at: ArrayLike, *, hand: Hand, rng: np.random.Generator, ink: Ink = Ink.GREEN) -> tuple[Stroke, ...]:
    """Draw a round tree on a trunk."""
    pen = Pencase(np.asarray(at, dtype=np.float64), float(rng.normal(0, 5)), hand, rng)
    size = float(rng.uniform(3.2, 4.6))
    crown = pen.arc((0, -size), (size, size * 1.1), (80, 440), ink=ink, width_mm=1.8)
    return (crown, pen.line((0, 0.3), (0.2, size * 1.3), ink=ink, width_mm=1.8))
