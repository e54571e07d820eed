"""Lines between circles that lie apart: they go round other circles where they can, and so does the mark on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.domain.venn.drawn import DrawnCircle
from maps.vector import Box

__all__ = ["Line", "line_between"]

Point = tuple[float, float]

_BOWS: Final = (0.0, *(side * bow for bow in np.arange(0.15, 2.0, 0.15).tolist() for side in (1.0, -1.0)))
"""How far lines swing out, in distances of the two middles, the straightest first."""
_CLEAR: Final = 1.5
"""Distance from other circles in millimetres at which a line is not taken for part of them."""
_MARK: Final = 3.4
"""Distance of a mark's middle from the edge of any circle, in millimetres: its radius and some paper."""
_STEP: Final = 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a path of SVG, points along it every few millimetres, and the place of a mark on it."""

    path: str
    points: tuple[Point, ...]
    mark: Point


def line_between(one: DrawnCircle, other: DrawnCircle, circles: Sequence[DrawnCircle], area: Box) -> Line:
    """Return the line between two circles that says least about the others.

    Parameters
    ----------
    one, other
        In millimetres, apart.
    circles
        All circles of the drawing.
    area
        Which a line that swings out does not leave.

    Returns
    -------
    Line
        The straightest that crosses no other circle, else the one that is least within others. Its mark lies where it
        touches no circle, as near the middle of the line as can be.
    """
    foreign = [circle for circle in circles if circle.id not in (one.id, other.id)]
    best: tuple[float, npt.NDArray[np.float64], str] | None = None
    for bow in _BOWS:
        corners = _corners(one, other, bow)
        points = _along(corners)
        if bow and not _within(points, area):
            continue
        covered = float((_clearance(points, foreign) < _CLEAR).mean())
        if best is None or covered < best[0]:
            best = covered, points, _path(corners)
        if not covered:
            break
    assert best is not None  # the straight line is always looked at
    _, points, path = best
    # Where no place is free, the freest: there the mark is least taken for one of a circle's own.
    free = np.minimum(_clearance(points, [*foreign, one, other]), _MARK)
    off = np.abs(np.arange(len(points)) - (len(points) - 1) / 2)
    at = int(np.lexsort((off, -np.round(free, 1)))[0])
    return Line(path, tuple((float(x), float(y)) for x, y in points), (float(points[at, 0]), float(points[at, 1])))


def _corners(one: DrawnCircle, other: DrawnCircle, bow: float) -> tuple[Point, Point, Point, Point]:
    """Return a cubic curve from edge to edge: its ends and the two points that draw it out."""
    length = math.hypot(other.x - one.x, other.y - one.y) or 1.0
    u, v = (other.x - one.x) / length, (other.y - one.y) / length
    out = bow * length
    ends = []
    for circle, sign in ((one, 1.0), (other, -1.0)):
        dx, dy = sign * u * length / 3 - v * out, sign * v * length / 3 + u * out
        far = math.hypot(dx, dy)
        ends.append(
            (
                (circle.x + dx / far * circle.radius, circle.y + dy / far * circle.radius),
                (circle.x + dx, circle.y + dy),
            )
        )
    (start, first), (end, second) = ends
    if not bow:  # the points of a large circle may lie beyond its edge
        first, second = start, end
    return start, first, second, end


def _along(corners: tuple[Point, Point, Point, Point]) -> npt.NDArray[np.float64]:
    start, first, second, end = (np.array(one) for one in corners)
    length = sum(math.dist(a, b) for a, b in pairwise(corners))
    t = np.linspace(0.0, 1.0, max(2, math.ceil(length / _STEP)) + 1)[:, None]
    found: npt.NDArray[np.float64] = (
        (1 - t) ** 3 * start + 3 * t * (1 - t) ** 2 * first + 3 * t**2 * (1 - t) * second + t**3 * end
    )
    return found


def _clearance(points: npt.NDArray[np.float64], circles: Sequence[DrawnCircle]) -> npt.NDArray[np.float64]:
    """Return how far outside the nearest circle each point lies, less than nothing within one."""
    free = np.full(len(points), np.inf)
    for circle in circles:
        free = np.minimum(free, np.hypot(points[:, 0] - circle.x, points[:, 1] - circle.y) - circle.radius)
    return free


def _within(points: npt.NDArray[np.float64], area: Box) -> bool:
    return bool(((points >= (area.x, area.y)) & (points <= (area.right, area.bottom))).all())


def _path(corners: tuple[Point, Point, Point, Point]) -> str:
    (x, y), first, second, (u, v) = corners
    if (x, y) == first:
        return f"M{x:.3f} {y:.3f}L{u:.3f} {v:.3f}"
    drawn = " ".join(f"{a:.3f} {b:.3f}" for a, b in (first, second, (u, v)))
    return f"M{x:.3f} {y:.3f}C{drawn}"
