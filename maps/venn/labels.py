"""Where names stand: inside their circle where they fit, else beside it with a line to it, else a number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from maps.vector import Box, line_width, wrap
from maps.venn.looks import edge_width

__all__ = ["LEAST_SIZE", "Label", "Named", "Point", "place_labels"]

LEAST_SIZE: Final = 3.2
"""Of the type, in millimetres: 9 points, which is read at arm's length."""
_MOST_SIZE: Final = 8.0
_LEADING: Final = 1.2
_ICON: Final = 1.3
"""Height of the row of marks over the name, in sizes of the type."""
_CLEAR: Final = 1.0
"""Least distance of a name from other things, in millimetres."""
_MOST_LINES: Final = 5
_LONGEST: Final = 90
"""Letters of a name that is written out beside the drawing instead, with a number in its circle."""
_BESIDE: Final = (34.0, 52.0)
"""Widths of names beside their circles."""
_LONGEST_LINE: Final = 120.0
_MOST_LOOKED_AT = 10
_MOST_ENDS = 8
"""Places looked at for a name beside its circle, the nearest first, and ends of the line to it."""
_MOST_COST: Final = 160.0

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Named:
    """A circle in millimetres and what is written at it."""

    id: UUID
    x: float
    y: float
    radius: float
    name: str
    number: int
    """What stands for the name where there is no room for it."""
    marks: int
    """Marks in the row over the name."""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What is written at a circle, and where."""

    id: UUID
    box: Box
    lines: tuple[str, ...]
    size: float
    bold: bool
    marks: int
    leader: tuple[Point, Point] | None = None
    """From the circle to the name, where it stands beside."""
    numbered: bool = False
    """Whether a number stands for the name."""

    @property
    def icon(self) -> float:
        """Side of a mark."""
        return _ICON * self.size

    @property
    def baselines(self) -> tuple[tuple[float, float], ...]:
        """Middle and base line of each line."""
        x = self.box.x + self.box.width / 2
        top = self.box.y + (self.icon * 1.15 if self.marks else 0.0)
        return tuple((x, top + self.size * (_LEADING * at + 0.93)) for at in range(len(self.lines)))


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[str, ...]
    size: float
    width: float
    height: float


def place_labels(circles: Sequence[Named], area: Box, *, avoid: Iterable[Point] = ()) -> tuple[Label, ...]:
    """Place a name at every circle.

    Parameters
    ----------
    circles
        In millimetres, all within the area.
    area
        Where names may stand.
    avoid
        Points that no name may cover, such as those of lines between circles.
    """
    points = np.array(list(avoid), dtype=np.float64).reshape(-1, 2)
    found: dict[UUID, Label] = {}
    waiting = []
    for at, one in enumerate(circles):
        label = _inside(circles, at, points) if len(one.name) <= _LONGEST else None
        if label is None:
            waiting.append(at)
        else:
            found[one.id] = label
    # The fewest places has what lies in the middle; it chooses last, or it would be shut in by the lines of others.
    middle = area.middle
    waiting.sort(key=lambda at: -math.dist(middle, (circles[at].x, circles[at].y)))
    for at in waiting:
        one = circles[at]
        label = _beside(circles, at, points, area, list(found.values())) if len(one.name) <= _LONGEST else None
        found[one.id] = label or _number(circles, at, points, area, list(found.values()))
    return tuple(found[one.id] for one in circles)


def _blocks(one: Named, size: float, rooms: Iterable[float]) -> list[_Block]:
    """Return ways to write a name in a size, the fewest lines first."""
    ways: dict[tuple[str, ...], _Block] = {}
    icons = one.marks * _ICON * size * 1.2
    for room in rooms:
        lines = tuple(wrap(one.name, size, room, bold=one.bold))
        if len(lines) <= _MOST_LINES and lines not in ways:
            width = max(icons, *(line_width(line, size, bold=one.bold) for line in lines))
            height = size * (_LEADING * len(lines) + 0.06) + (_ICON * size * 1.15 if one.marks else 0.0)
            ways[lines] = _Block(lines, size, width, height)
    return sorted(ways.values(), key=lambda way: len(way.lines))


def _rooms(one: Named, size: float) -> list[float]:
    """Return widths at which a name breaks into one to five lines without breaking a word."""
    words = [line_width(word, size, bold=one.bold) for word in one.name.split()]
    whole = line_width(one.name, size, bold=one.bold)
    widest = max(words, default=0.0)
    return [max(widest, whole / lines * 1.08) + 0.01 for lines in range(1, _MOST_LINES + 1)]


def _inside(circles: Sequence[Named], at: int, points: Floats) -> Label | None:
    one = circles[at]
    inner = one.radius - edge_width(one.radius) - 0.4
    grid = _disc_grid(one, inner)
    others = [other for number, other in enumerate(circles) if number != at and not _covers(other, one)]
    size = max(LEAST_SIZE, min(_MOST_SIZE, 0.27 * one.radius))
    while size >= LEAST_SIZE - 1e-9:
        # Words are broken where type of this size would not fit otherwise, not to make it larger.
        broken = (inner * 1.75, inner * 1.5) if size < LEAST_SIZE * 1.25 else ()
        best: tuple[float, _Block, Point] | None = None
        for block in _blocks(one, size, (*_rooms(one, size), *broken)):
            free = _free(grid, block, others, points)
            corner = np.hypot(
                np.abs(grid[:, 0] - one.x) + block.width / 2, np.abs(grid[:, 1] - one.y) + block.height / 2
            )
            fits = free & (corner <= inner)
            if fits.any():
                off = np.where(fits, np.hypot(grid[:, 0] - one.x, grid[:, 1] - one.y), np.inf)
                place = int(off.argmin())
                if best is None or float(off[place]) < best[0] - 0.1 * one.radius:
                    best = float(off[place]), block, (float(grid[place, 0]), float(grid[place, 1]))
        if best is not None:
            return _label(one, best[1], best[2])
        size = size * 0.93 if size * 0.93 >= LEAST_SIZE or size <= LEAST_SIZE + 1e-9 else LEAST_SIZE
    return None


def _label(one: Named, block: _Block, middle: Point) -> Label:
    box = Box(middle[0] - block.width / 2, middle[1] - block.height / 2, block.width, block.height)
    return Label(one.id, box, block.lines, block.size, one.bold, one.marks)


def _covers(outer: Named, inner: Named) -> bool:
    return math.dist((outer.x, outer.y), (inner.x, inner.y)) + inner.radius <= outer.radius * 1.02


def _disc_grid(one: Named, radius: float) -> Floats:
    steps = np.linspace(-1.0, 1.0, 25) * radius
    x, y = np.meshgrid(steps, steps)
    kept = x**2 + y**2 <= radius**2
    return np.column_stack([x[kept] + one.x, y[kept] + one.y])


def _free(middles: Floats, block: _Block, discs: Sequence[Named], points: Floats) -> npt.NDArray[np.bool_]:
    """Return where a block covers no disc and no point."""
    free = np.ones(len(middles), dtype=bool)
    half = np.array([block.width / 2, block.height / 2])
    for disc in discs:
        off = np.maximum(np.abs(middles - (disc.x, disc.y)) - half, 0.0)
        free &= np.hypot(off[:, 0], off[:, 1]) >= disc.radius + _CLEAR * 0.7
    for point in points:
        free &= (np.abs(middles - point) > half + _CLEAR * 0.6).any(axis=1)
    return free


def _beside(circles: Sequence[Named], at: int, points: Floats, area: Box, placed: Sequence[Label]) -> Label | None:
    one = circles[at]
    step = 3.0
    x, y = np.meshgrid(np.arange(area.x, area.right, step), np.arange(area.y, area.bottom, step))
    grid = np.column_stack([x.ravel(), y.ravel()])
    ends = np.array(_ends(circles, at))
    length = np.min([np.hypot(*(grid - end).T) for end in ends], axis=0)
    order = np.argsort(length)[: np.count_nonzero(length < _LONGEST_LINE)]
    grid = grid[order]
    lines = np.array([point for label in placed if label.leader for point in _along(*label.leader)]).reshape(-1, 2)
    best: tuple[float, Label] | None = None
    for block in _blocks(one, LEAST_SIZE, _BESIDE):
        half = np.array([block.width / 2, block.height / 2])
        free = _free(grid, block, circles, points)
        free &= (grid - half >= (area.x, area.y)).all(axis=1)
        free &= (grid + half <= (area.right, area.bottom)).all(axis=1)
        for label in placed:
            box = label.box.grown(_CLEAR)
            apart = np.abs(grid - box.middle) >= half + np.array([box.width / 2, box.height / 2])
            free &= apart.any(axis=1)
        looked_at = 0
        for middle in grid[free]:
            if len(lines) and (np.abs(lines - middle) <= half + _CLEAR).all(axis=1).any():
                continue
            label, cost = _led(circles, at, _label(one, block, (float(middle[0]), float(middle[1]))), ends, placed)
            cost += 4 * len(block.lines)
            if best is None or cost < best[0]:
                best = cost, label
            looked_at += 1
            if looked_at == _MOST_LOOKED_AT:
                break
    return best[1] if best is not None and best[0] < _MOST_COST else None


def _ends(circles: Sequence[Named], at: int) -> list[Point]:
    """Return points of a circle that lie in no other one, where a line to its name may end."""
    one = circles[at]
    others = [other for number, other in enumerate(circles) if number != at and not _covers(other, one)]
    found = []
    for share in (0.86, 0.6, 0.3):
        for turn in np.linspace(0, 2 * math.pi, 32, endpoint=False).tolist():
            point = (one.x + share * one.radius * math.cos(turn), one.y + share * one.radius * math.sin(turn))
            if all(math.dist(point, (other.x, other.y)) > other.radius + 0.3 for other in others):
                found.append(point)
        if found:
            return found
    return [(one.x, one.y)]


def _led(circles: Sequence[Named], at: int, label: Label, ends: Floats, placed: Sequence[Label]) -> tuple[Label, float]:
    """Return a name beside its circle with the best line to it, and what that costs."""
    one, box, gap = circles[at], label.box, _CLEAR * 0.4
    starts = np.clip(ends, (box.x - gap, box.y - gap), (box.right + gap, box.bottom + gap))
    lengths = np.hypot(*(starts - ends).T)
    crossed = [other for number, other in enumerate(circles) if number != at and not _covers(other, one)]
    middles = np.array([(other.x, other.y) for other in crossed]).reshape(-1, 2)
    radii = np.array([other.radius for other in crossed])
    best: tuple[float, tuple[Point, Point]] = (math.inf, (box.middle, box.middle))
    for number in np.argsort(lengths)[:_MOST_ENDS]:
        cost = float(lengths[number])
        if cost > best[0]:
            break
        start = (float(starts[number, 0]), float(starts[number, 1]))
        end = (float(ends[number, 0]), float(ends[number, 1]))
        way = np.array(_along(start, end))
        inside = (np.hypot(*(way[:, None, :] - middles).transpose(2, 0, 1)) < radii).sum(axis=0)
        cost += 12.0 * float((inside > 0).sum()) + 1.5 * float(inside.sum())
        for other in placed:
            (low_x, low_y), (high_x, high_y) = other.box.grown(0.5)[:2], (other.box.right + 0.5, other.box.bottom + 0.5)
            hit = (way > (low_x, low_y)).all(axis=1) & (way < (high_x, high_y)).all(axis=1)
            cost += 500.0 * bool(hit.any())
            if other.leader and _cross((start, end), other.leader):
                cost += 60.0
        if cost < best[0]:
            best = cost, (end, start)
    return replace(label, leader=best[1]), best[0]


def _along(start: Point, end: Point) -> list[Point]:
    steps = max(2, math.ceil(math.dist(start, end) / 1.2))
    return [
        (start[0] + (end[0] - start[0]) * at / steps, start[1] + (end[1] - start[1]) * at / steps)
        for at in range(steps + 1)
    ]


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _number(circles: Sequence[Named], at: int, points: Floats, area: Box, placed: Sequence[Label]) -> Label:
    """Return a number for a name that is written out elsewhere."""
    one = circles[at]
    short = Named(one.id, one.x, one.y, one.radius, str(one.number), one.number, one.marks, bold=True)
    among = [short if number == at else other for number, other in enumerate(circles)]
    found = _inside(among, at, points) or _beside(among, at, points, area, placed)
    if found is None:
        # Nothing is free: at the point of its circle that is its own, over whatever lies there.
        block = _blocks(Named(one.id, 0, 0, 0, str(one.number), 0, 0, bold=True), LEAST_SIZE, (20.0,))[0]
        found = _label(short, block, _ends(circles, at)[0])
        found = replace(found, bold=True, marks=0)
    return replace(found, numbered=True)
