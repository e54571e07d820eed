"""Set handwriting aside: rows of letters and words become boxes, never lakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import Polygon

from sketch_import.tracing.network import Network
from sketch_import.tracing.pieces import Piece
from sketch_import.tracing.rows_of_letters import letter_height, plain_rows, spread

__all__ = ["Writing", "find_writing"]

_TALLEST = 1 / 22
"""Tallest letter, as a share of the long side of the picture."""
_TALLEST_WIDTHS = 24.0
"""Tallest letter in stroke widths: nobody writes huge letters with a fine pen, but draws trees of that size."""
_TALL_ANYHOW = 1 / 60
_LONGEST_WORD = 1 / 5
_SMALLEST = 1.0
"""Smallest letter, in stroke widths: below are dots."""
_NEAR = 0.75
"""Gap between letters of a word, in letter heights."""
_TREE_NEAR = 0.3
"""The same for a b, d or p beside another, which might be two trees."""
_BAR_NEAR = 0.45
"""The same for an i or an l, which alone would be a tick."""
_LIKE = 2.4
"""Letters of a word differ in size by no more than this factor."""
_LOOP_LIKE = 1.5
"""The same for a large loop, which is an O only among letters as tall as itself, else a house beside its name."""
_WORD_LENGTH = 3.3
_WORD_KNOTS = 4.0
_OPEN_KNOTS = 5.0
"""One piece is a word from this length of ink over its height and this many forks, loops and pairs of ends; the latter
figure where it has no loop."""
_PAIR_LENGTH = 4.0
_PAIR_KNOTS = 3.5
"""The same for two letters that stand apart."""
_TICKS = 0.6
_TICK_LENGTH = 2.6
_LETTERS = 3
_LETTERS_BESIDE = 2
_FILLED = 0.3
"""Area enclosed over that of the box from which a piece is an object rather than a letter."""
_WRIGGLY = 1.5
"""Length of ink over the longer side of its box: letters have more, ticks, dashes and trunks less."""
_COMPLEX = 2.3
"""Length of ink over the diagonal of the box from which one piece is a joined-up word."""
_WORD_TURNING = 6 * np.pi
_BUILT = 0.6
"""Areas that a piece encloses over its hull from which it is homes side by side rather than a joined-up word."""


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """A word or a line of words."""

    outline: Polygon
    """Rotated box around it, pixels, y down."""
    strokes: frozenset[int]
    confidence: float


def find_writing(
    network: Network, pieces: list[Piece], *, areas: Mapping[int, float], signs: frozenset[int], long_side: float
) -> list[Writing]:
    """Group letter-sized pieces that stand close together.

    Ticks and signs scattered over a field stand further apart than they are tall; a row of homes is
    made of plain loops. Neither is writing.

    Parameters
    ----------
    network, pieces
        Strokes and their connected pieces.
    areas
        For strokes along the outline of an area: the largest such area, in square pixels.
    signs
        Strokes of what looks like a tree, and may be a letter that stands close to others.
    long_side
        Long side of the picture the strokes were found on, in pixels.
    """
    width = network.width
    tallest = min(_TALLEST * long_side, max(_TALLEST_WIDTHS * width, _TALL_ANYHOW * long_side))
    words = [
        piece
        for piece in pieces
        if _is_word(piece, network, tallest, long_side) and not _is_built(piece, network, areas)
    ]
    small = [piece for piece in pieces if _SMALLEST * width <= piece.size <= tallest]
    objects = [piece for piece in small if _encloses(piece, areas) and not signs.issuperset(piece.strokes)]
    known = {id(piece) for piece in objects}
    letters = [piece for piece in small if piece.length > _WRIGGLY * piece.size and id(piece) not in known]
    bars = [piece for piece in small if piece.length <= _WRIGGLY * piece.size]
    listed = {id(piece) for piece in letters} | known
    named = {id(word) for word in words} - known
    seeds = letters + [word for word in words if id(word) not in listed]
    found: list[list[Piece]] = []
    sure: list[bool] = []
    round_pieces, straight_pieces = _Near.of(objects), _Near.of(bars)
    for group in _groups(seeds, width, [signs.issuperset(piece.strokes) for piece in seeds]):
        has_word = any(id(piece) in named for piece in group)
        round_letters = _beside(group, round_pieces, near=_NEAR, like=_LOOP_LIKE, width=width)
        complete = group + round_letters + _beside(group, straight_pieces, near=_BAR_NEAR, like=_LIKE, width=0.0)
        if _reads_as_writing(group + round_letters, complete, has_word=has_word):
            found.append(complete)
            sure.append(has_word)
    alone = {id(piece) for group in found for piece in group}
    loose = [piece for piece in small if id(piece) not in alone]
    doubtful = known | {id(piece) for piece in loose if signs.issuperset(piece.strokes)}
    found, loose = spread(found, loose, signs=frozenset(doubtful))
    rows = plain_rows([piece for piece in loose if id(piece) not in doubtful])
    return [
        _as_writing(group, network, width, has_word=has_word)
        for group, has_word in [*zip(found, sure, strict=True), *((row, False) for row in rows)]
    ]


def _encloses(piece: Piece, areas: Mapping[int, float]) -> bool:
    """Tell whether most of a piece is the outline of an area: a house, a well, a large O."""
    left, top, right, bottom = piece.box
    largest = max((areas.get(index, 0.0) for index in piece.strokes), default=0.0)
    return largest > _FILLED * max((right - left) * (bottom - top), 1.0)


def _is_built(piece: Piece, network: Network, areas: Mapping[int, float]) -> bool:
    """Tell homes that touch each other, side by side, from a joined-up word: nearly all their ground is walled in."""
    enclosed = sorted({areas[index] for index in piece.strokes if index in areas}, reverse=True)
    if piece.loops < 2 or not enclosed:
        return False
    points = np.vstack([network.strokes[index].points for index in piece.strokes])
    return sum(enclosed) > _BUILT * float(shapely.MultiPoint(points).convex_hull.area)


def _is_word(piece: Piece, network: Network, tallest: float, long_side: float) -> bool:
    left, top, right, bottom = piece.box
    short = min(right - left, bottom - top)
    if piece.size > _LONGEST_WORD * long_side or short > tallest:
        return False
    tangled = piece.knots >= (_WORD_KNOTS if piece.loops else _OPEN_KNOTS) and piece.size <= 6 * short
    if tangled and piece.length > _WORD_LENGTH * max(short, 0.5 * piece.size, 1.0):
        return True
    if len(piece.strokes) < 5 or piece.length < _COMPLEX * float(np.hypot(right - left, bottom - top)):
        return False
    return sum(_turning(network.strokes[index].points, network.width) for index in piece.strokes) > _WORD_TURNING


def _turning(points: NDArray[np.float64], width: float) -> float:
    """Total angle a stroke turns through, in radians, read every two widths."""
    steps = np.diff(points[:: max(1, round(2 * width))], axis=0)
    if len(steps) < 2:
        return 0.0
    angle = np.arctan2(steps[:, 1], steps[:, 0])
    return float(np.abs((np.diff(angle) + np.pi) % (2 * np.pi) - np.pi).sum())


def _groups(letters: list[Piece], width: float, signs: list[bool]) -> list[list[Piece]]:
    if not letters:
        return []
    boxes = shapely.box(*np.array([piece.box for piece in letters]).T)
    sizes = np.array([letter_height(piece) for piece in letters])
    tree = shapely.STRtree(boxes)
    reach = _NEAR * sizes + width
    first, second = tree.query(boxes, predicate="dwithin", distance=reach)
    gap = shapely.distance(boxes[first], boxes[second])
    trees = np.array(signs)
    near = np.where(trees[first] & trees[second], _TREE_NEAR, _NEAR)
    ratio = sizes[first] / sizes[second]
    typical = np.minimum(np.maximum(sizes[first], sizes[second]), 1.5 * np.minimum(sizes[first], sizes[second]))
    joined = (
        (first != second)
        & (ratio < _LIKE)
        & (ratio > 1 / _LIKE)
        & (gap <= near * typical + np.where(near < _NEAR, 0.0, width))
    )
    links = coo_array((np.ones(int(joined.sum())), (first[joined], second[joined])), shape=(len(letters),) * 2)
    _, number = connected_components(links, directed=False)
    groups: dict[int, list[Piece]] = {}
    for piece, group in zip(letters, number.tolist(), strict=True):
        groups.setdefault(group, []).append(piece)
    return list(groups.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """Pieces, to be looked for by place."""

    pieces: list[Piece]
    tree: shapely.STRtree

    @classmethod
    def of(cls, pieces: list[Piece]) -> _Near:
        boxes = np.array([piece.box for piece in pieces]).reshape(-1, 4)
        return cls(pieces, shapely.STRtree(shapely.box(*boxes.T)))


def _beside(group: list[Piece], others: _Near, *, near: float, like: float, width: float) -> list[Piece]:
    """Pieces within the reach of two letters and of their size: the i and l of the word, its large O."""
    if not others.pieces or len(group) < _LETTERS_BESIDE:
        return []
    boxes = shapely.box(*np.array([piece.box for piece in group]).T)
    height = float(np.median([letter_height(piece) for piece in group]))
    close = others.tree.query(boxes, predicate="dwithin", distance=near * height + width)[1]
    found, letters = np.unique(close, return_counts=True)
    beside = (others.pieces[index] for index in found[letters >= _LETTERS_BESIDE].tolist())
    return [other for other in beside if other.size < like * height]


def _reads_as_writing(letters: list[Piece], complete: list[Piece], *, has_word: bool) -> bool:
    if has_word:
        return True
    if sum(1 for piece in letters if _is_tick(piece)) > _TICKS * len(letters):
        return False
    rings = sum(1 for piece in letters if piece.loops == 1 and piece.ends == 0)
    if rings > (0.6 if len(complete) == len(letters) else 0.8) * len(letters) and len(complete) <= _LETTERS:
        return False
    height = float(np.median([letter_height(piece) for piece in letters]))
    ink, knots = sum(piece.length for piece in complete), sum(piece.knots for piece in complete)
    if len(complete) == 2 or len(letters) == 2:
        return ink > _PAIR_LENGTH * height and knots >= _PAIR_KNOTS and any(piece.loops for piece in complete)
    # A word is several letters in a row, not a tree of a crown and a trunk.
    return len(letters) >= _LETTERS


def _is_tick(piece: Piece) -> bool:
    """Tell a tick, such as fill a field, from a letter: one stroke with one bend."""
    return len(piece.strokes) == 1 and piece.loops == 0 and piece.length < _TICK_LENGTH * piece.size


def _as_writing(group: list[Piece], network: Network, width: float, *, has_word: bool) -> Writing:
    strokes = frozenset(index for piece in group for index in piece.strokes)
    points = np.vstack([network.strokes[index].points for index in strokes])
    outline = shapely.MultiPoint(points).minimum_rotated_rectangle.buffer(width, join_style="mitre")
    sure = min(0.95, 0.4 + 0.08 * len(group) + 0.25 * has_word)
    return Writing(outline=outline, strokes=strokes, confidence=sure)
