"""Dotted lines: small marks in an even row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sketch_import.tracing.dashes import DashedRow, follow
from sketch_import.tracing.network import Network
from sketch_import.tracing.pieces import Piece

__all__ = ["find_dotted"]

_LARGEST = 4.0
"""Largest mark, in stroke widths."""
_FAR = 6.0
"""Widest spacing, in sizes of the marks."""
_LEAST = 6
"""Fewest marks in a row."""
_STRAIGHT = -0.8
"""Cosine of the angle between the two neighbours of a mark: straighter than 143 degrees."""
_EVEN = 1.7
"""Largest ratio of the spacing to either side, and of sizes."""
_BESIDE = 0.4
"""A row is part of a pattern, as the ticks of a field, if more than this share of its marks have others beside them."""

_End = tuple[int, int]


def find_dotted(network: Network, pieces: Sequence[Piece], *, same_ink: Callable[[int, int], bool]) -> list[DashedRow]:
    """Join small marks that stand evenly in a row.

    Parameters
    ----------
    network
        The strokes.
    pieces
        Connected pieces that are neither writing nor part of anything else.
    same_ink
        Tells whether two strokes may belong to one line by their ink.

    Returns
    -------
    list
        Rows of at least six marks; marks scattered over an area, with others to all sides, make none.
    """
    width = network.width
    marks = [piece for piece in pieces if piece.size <= _LARGEST * width and piece.loops == 0]
    if len(marks) < _LEAST:
        return []
    at = np.array([piece.centre for piece in marks])
    size = np.array([piece.size + max(network.strokes[index].width for index in piece.strokes) for piece in marks])
    near = cKDTree(at).query_ball_point(at, _FAR * size)
    through = [
        _through(index, [other for other in near[index] if _alike(index, other, marks, size, same_ink)], at)
        for index in range(len(marks))
    ]
    partner = _mutual(through)
    rows = []
    for chain in follow(list(range(len(marks))), partner):
        row = [index for index, _ in chain]
        if len(row) >= _LEAST and not _is_pattern(row, at, near):
            strokes = tuple(stroke for index in row for stroke in marks[index].strokes)
            rows.append(DashedRow(points=at[row], strokes=strokes, drawn=float(size[row].sum())))
    return rows


def _alike(
    one: int, two: int, marks: Sequence[Piece], size: NDArray[np.float64], same_ink: Callable[[int, int], bool]
) -> bool:
    if one == two or max(size[one], size[two]) > _EVEN * min(size[one], size[two]):
        return False
    return same_ink(marks[one].strokes[0], marks[two].strokes[0])


def _through(index: int, others: list[int], at: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the two neighbours between which a mark stands straightest and most evenly; at an end of a row one."""
    if not others:
        return ()
    across = at[others] - at[index]
    away = np.hypot(*across.T)
    order = np.argsort(away)[:8]
    others = [others[place] for place in order.tolist()]
    across, away = across[order] / away[order, None], away[order]
    best: tuple[float, int, int] | None = None
    for one in range(len(others)):
        for two in range(one + 1, len(others)):
            straight = float(across[one] @ across[two])
            if straight > _STRAIGHT or away[two] > _EVEN * away[one]:
                continue
            cost = float(away[one] + away[two]) * (2 + straight)
            if best is None or cost < best[0]:
                best = (cost, one, two)
    return (others[0],) if best is None else (others[best[1]], others[best[2]])


def _mutual(through: list[tuple[int, ...]]) -> dict[_End, _End]:
    """Pair neighbours that name each other; the place of a name in its list is the end it leaves by."""
    partner: dict[_End, _End] = {}
    for index, named in enumerate(through):
        for side, other in enumerate(named):
            if index in through[other]:
                partner[index, side] = (other, through[other].index(index))
    return partner


def _is_pattern(row: list[int], at: NDArray[np.float64], near: NDArray[np.object_]) -> bool:
    members = set(row)
    steps = np.hypot(*np.diff(at[row], axis=0).T)
    reach = 1.5 * float(np.median(steps))
    beside = 0
    for index in row:
        others = [other for other in near[index] if other not in members]
        beside += bool(others) and bool((np.hypot(*(at[others] - at[index]).T) < reach).any())
    return beside > _BESIDE * len(row)
