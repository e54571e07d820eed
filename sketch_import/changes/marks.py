"""Marks that say "this is not so": a cross, a stroke through, a scribble over something printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point
from shapely.geometry.base import BaseGeometry

from sketch_import.changes.pieces import InkPiece

__all__ = ["Mark", "MarkLook", "PaperObject", "look_of", "marked_object"]

FloatArray = NDArray[np.float64]
_LARGEST_MM = 90.0
"""Larger crosses are two roads."""
_ARMS = 4
_EVEN = 0.34
"""The shorter arm of a stroke of a cross over its longer one, at least."""
_ALIKE = 0.4
"""The shorter stroke of a cross over the longer one, at least."""
_STRAIGHT = 0.88
"""Distance of the ends over the length of a straight stroke, at least."""
_OPEN_DEGREES = 30.0
"""Least angle between the strokes of a cross."""
_DENSE = 3.2
"""Length of a scribble over its diagonal, at least."""
_LONGEST_STROKE_MM = 70.0
_NEAR_MM = 3.0
_FORK_MM = 4.0
"""Two forks nearer than this are one crossing, which thinning pulled apart."""


class MarkLook(StrEnum):
    """How something is marked as gone."""

    CROSS = "cross"
    STROKE = "stroke"
    SCRIBBLE = "scribble"


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A mark on the paper."""

    look: MarkLook
    centre: FloatArray
    """Paper mm, shape (2,)."""
    size: float
    """Diagonal of its box, mm."""
    piece: InkPiece


@dataclass(frozen=True, slots=True, eq=False)
class PaperObject:
    """A printed object on the paper."""

    shape: BaseGeometry
    """Paper mm."""
    sign_mm: float
    """Width of the sign of a point; 0 for lines and areas."""


def look_of(piece: InkPiece) -> Mark | None:
    """Return a piece of ink as a mark, if it looks like one."""
    if piece.size > _LARGEST_MM:
        return None
    centre = _crossing(piece)
    if centre is not None:
        return Mark(MarkLook.CROSS, centre, piece.size, piece)
    box = piece.strokes.bounds
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    if piece.length >= _DENSE * piece.size:
        return Mark(MarkLook.SCRIBBLE, middle, piece.size, piece)
    is_stroke = not len(piece.forks) and not piece.loops and len(piece.ends) == 2
    if is_stroke and piece.length <= _LONGEST_STROKE_MM:
        apart = float(np.linalg.norm(piece.ends[0] - piece.ends[1]))
        if apart >= _STRAIGHT * piece.length:
            return Mark(MarkLook.STROKE, piece.ends.mean(axis=0), piece.size, piece)
    return None


def _crossing(piece: InkPiece) -> FloatArray | None:
    """Return where the two strokes of a cross meet: one crossing, four arms, two straight ways through it."""
    if piece.loops > 1 or len(piece.ends) != _ARMS or not 1 <= len(piece.forks) <= 2:
        return None
    if len(piece.forks) == 2 and np.linalg.norm(piece.forks[0] - piece.forks[1]) > max(_FORK_MM, 0.25 * piece.size):
        return None
    centre = np.asarray(piece.forks.mean(axis=0), np.float64)
    arms = piece.ends - centre
    lengths = np.linalg.norm(arms, axis=1)
    if piece.length > lengths.sum() / _STRAIGHT + _FORK_MM or not lengths.all():
        return None
    units = arms / lengths[:, None]
    # Of the three ways to pair four arms, the one whose pairs go straightest through.
    ways = [(a, b, c, d) for a, b, c, d in permutations(range(_ARMS)) if a == 0 and c < d]
    a, b, c, d = min(ways, key=lambda way: units[way[0]] @ units[way[1]] + units[way[2]] @ units[way[3]])
    through = units[a] @ units[b] < -0.8 and units[c] @ units[d] < -0.8
    open_enough = abs(units[a] @ units[c]) < np.cos(np.radians(_OPEN_DEGREES))
    even = all(min(lengths[p], lengths[q]) >= _EVEN * max(lengths[p], lengths[q]) for p, q in ((a, b), (c, d)))
    one, other = lengths[a] + lengths[b], lengths[c] + lengths[d]
    alike = min(one, other) >= _ALIKE * max(one, other)
    return centre if through and open_enough and even and alike else None


def marked_object(mark: Mark, objects: Sequence[PaperObject]) -> int | None:
    """Return which object a mark means: signs before lines before areas, the nearest of each; None for none.

    A single stroke means a sign alone: through a line it may as well be a new path, through a field a new road.
    """
    at = Point(mark.centre)
    signs, lines, areas = [], [], []
    for number, one in enumerate(objects):
        if one.sign_mm:
            away = float(one.shape.distance(at))
            if _covers_sign(mark, one):
                signs.append((away, number))
        elif mark.look is MarkLook.STROKE:
            continue
        elif one.shape.area == 0:
            away = float(one.shape.distance(at))
            if away <= max(_NEAR_MM, 0.22 * mark.size):
                lines.append((away, number))
        elif one.shape.covers(at):
            areas.append((float(one.shape.area), number))
    for found in (signs, lines, areas):
        if found:
            return min(found)[1]
    return None


def _covers_sign(mark: Mark, one: PaperObject) -> bool:
    reach = one.sign_mm / 2
    nearest = min((part for part in shapely.get_parts(one.shape)), key=lambda part: part.distance(Point(mark.centre)))
    if mark.look is not MarkLook.STROKE:
        return bool(nearest.distance(Point(mark.centre)) <= max(reach, 0.25 * mark.size))
    through = mark.piece.strokes.distance(nearest) <= max(1.5, 0.5 * reach)
    beyond = (np.linalg.norm(mark.piece.ends - shapely.get_coordinates(nearest), axis=1) >= 0.7 * reach).all()
    return bool(through and beyond)
