"""Letters in a row: what stands beside letters that were read belongs to their word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sketch_import.tracing.pieces import Piece

__all__ = ["letter_height", "plain_rows", "spread"]

_HEIGHTS = 1.6
"""A joined-up word is longer than it is tall; its letters are as tall as its shorter side, or a little more."""
_GAP = 0.5
"""Gap between letters of a row, in letter heights."""
_CAREFUL_GAP = 0.25
"""The same for what looks like a tree, and may be a b, d or p, or like a house, and may be an O."""
_CAREFUL_TALLEST = 1.15
_ABREAST = 0.7
"""Share of its own height by which a letter stands beside the next."""
_SHORTEST, _TALLEST = 0.5, 1.75
"""Height of a letter over those of its word: an a and an l."""
_BROADEST = 2.2
"""Breadth of a letter in letter heights."""
_ROUNDS = 12
"""Most letters that a word grows by at either end."""
_ROW = 4
"""Fewest pieces of a row that has no letter known for certain, as a word of c, l, i and n."""
_CURVED = 1.35
"""Length of ink over the diagonal of the box from which a piece is no mere bar."""
_CURVED_SHARE = 0.4
_ALIKE = 2.0
_LEVEL = 0.22
"""Spread of the feet of a row of letters, in letter heights."""
_STEADY = 0.5
"""Largest share of rings in a row: more are homes."""


def letter_height(piece: Piece) -> float:
    """Height of the letters of a piece: its shorter side, for a joined-up word is longer than tall."""
    left, top, right, bottom = piece.box
    return max(min(piece.size, _HEIGHTS * min(right - left, bottom - top)), 1.0)


def spread(
    words: Sequence[list[Piece]], loose: Sequence[Piece], *, signs: frozenset[int]
) -> tuple[list[list[Piece]], list[Piece]]:
    """Let words take in what stands in a row with their letters, one letter after another.

    Parameters
    ----------
    words
        Pieces of each word, upright.
    loose
        Pieces the size of letters that are in no word.
    signs
        Identities (``id``) of pieces that look like trees or houses, and must stand closer and be no taller.

    Returns
    -------
    list
        The words, in the order given, with what they took in.
    list
        Pieces that are still loose.
    """
    grown = [list(word) for word in words]
    left = list(loose)
    for number, word in enumerate(grown):
        height = float(np.median([letter_height(piece) for piece in word]))
        fresh = list(word)
        for _ in range(_ROUNDS):
            if not left or not fresh:
                break
            taken = _in_row(_boxes(fresh), left, height, signs)
            fresh = [piece for piece, joins in zip(left, taken, strict=True) if joins]
            left = [piece for piece, joins in zip(left, taken, strict=True) if not joins]
            grown[number] = [*grown[number], *fresh]
    return grown, left


def plain_rows(loose: Sequence[Piece]) -> list[list[Piece]]:
    """Find words of plain letters, such as c, l, i and n, which one by one might be ticks.

    Four or more pieces of like height on one line, closer together than half their height; ticks of a field, dashes
    and homes in a row are straight, flat or rings, or stand further apart.
    """
    upright = [piece for piece in loose if _tall(piece) > 0.6 * piece.size]
    if len(upright) < _ROW:
        return []
    boxes = _boxes(upright)
    tall = np.array([_tall(piece) for piece in upright])
    outlines = np.asarray(shapely.box(*boxes.T), dtype=object)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=_GAP * tall)
    fits = (first != second) & (tall[first] < _ALIKE * tall[second]) & (tall[second] < _ALIKE * tall[first])
    first, second = first[fits], second[fits]
    beside = _abreast(boxes[first], boxes[second]) & (
        _aside(boxes[first], boxes[second]) <= _GAP * np.maximum(tall[first], tall[second])
    )
    first, second = first[beside], second[beside]
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(upright),) * 2)
    _, number = connected_components(links, directed=False)
    groups: dict[int, list[Piece]] = {}
    for piece, group in zip(upright, number.tolist(), strict=True):
        groups.setdefault(group, []).append(piece)
    return [group for group in groups.values() if _is_row(group)]


def _is_row(group: list[Piece]) -> bool:
    if len(group) < _ROW:
        return False
    height = float(np.median([_tall(piece) for piece in group]))
    curved = sum(1 for piece in group if piece.loops or piece.length > _CURVED * _diagonal(piece))
    rings = sum(1 for piece in group if piece.loops == 1 and piece.ends == 0)
    if curved < _CURVED_SHARE * len(group) or rings > _STEADY * len(group):
        return False
    feet = np.array([(piece.box[0], piece.box[3]) for piece in group])
    slope = np.polynomial.polynomial.polyfit(feet[:, 0], feet[:, 1], 1)
    off = feet[:, 1] - np.polynomial.polynomial.polyval(feet[:, 0], slope)
    return abs(float(slope[1])) < 0.4 and float(np.median(np.abs(off))) < _LEVEL * height


def _in_row(word: NDArray[np.float64], others: Sequence[Piece], height: float, signs: frozenset[int]) -> list[bool]:
    boxes = _boxes(others)
    tall, broad = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    careful = np.array([id(piece) in signs for piece in others])
    gap = np.where(careful, _CAREFUL_GAP, _GAP) * height
    size = (
        (tall <= np.where(careful, _CAREFUL_TALLEST, _TALLEST) * height)
        & (tall >= _SHORTEST * height)
        & (broad <= _BROADEST * height)
    )
    first = np.repeat(boxes, len(word), axis=0)
    second = np.tile(word, (len(boxes), 1))
    beside = (_abreast(first, second) & (_aside(first, second) <= np.repeat(gap, len(word)))).reshape(len(boxes), -1)
    return [bool(joins) for joins in size & beside.any(axis=1)]


def _boxes(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    return np.array([piece.box for piece in pieces]).reshape(-1, 4)


def _abreast(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which boxes stand side by side rather than one above the other."""
    common = np.minimum(one[:, 3], two[:, 3]) - np.maximum(one[:, 1], two[:, 1])
    lower = np.minimum(one[:, 3] - one[:, 1], two[:, 3] - two[:, 1])
    return np.asarray(common >= _ABREAST * np.maximum(lower, 1.0))


def _aside(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gap between boxes from side to side; 0 where they overlap."""
    return np.asarray(np.maximum(0.0, np.maximum(one[:, 0], two[:, 0]) - np.minimum(one[:, 2], two[:, 2])))


def _tall(piece: Piece) -> float:
    return max(piece.box[3] - piece.box[1], 1.0)


def _diagonal(piece: Piece) -> float:
    left, top, right, bottom = piece.box
    return float(np.hypot(right - left, bottom - top))
