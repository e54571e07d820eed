"""Small closed signs and dots as points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.tracing.network import Network, degrees_of
from sketch_import.tracing.pieces import Piece

__all__ = ["Sign", "find_signs", "find_trees"]

_LARGEST = 14.0
"""Largest sign, in stroke widths."""
_DOT = 3.0
"""Largest dot, in stroke widths."""
_FAT = 1.5
"""A dot is this much wider than the strokes around, so that grain and specks do not count."""
_TREE_SHARE = 1 / 16
"""Tallest tree, as a share of the long side of the picture."""
_TRUNK = (0.35, 2.6)
"""Length of a trunk, over the diameter of the crown."""
_UPRIGHT = 0.9
"""Cosine of the angle between a trunk and the line from the middle of the crown to its foot."""


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """A dot or a small loop."""

    at: tuple[float, float]
    """x right, y down, pixels."""
    size: float
    strokes: tuple[int, ...]
    confidence: float


def find_signs(network: Network, pieces: list[Piece], *, taken: frozenset[int]) -> list[Sign]:
    """Find small loops and round dots among pieces that are nothing else yet.

    Parameters
    ----------
    network, pieces
        Strokes and their connected pieces.
    taken
        Strokes that already belong to an area, a line or writing.
    """
    width = network.width
    signs = []
    for piece in pieces:
        if piece.size > _LARGEST * width or taken.intersection(piece.strokes):
            continue
        if piece.loops >= 1:
            signs.append(Sign(piece.centre, max(piece.size, width), piece.strokes, 0.5 if piece.ends == 0 else 0.35))
            continue
        thick = float(np.max([network.strokes[index].width for index in piece.strokes]))
        if piece.size + thick <= _DOT * thick and thick >= _FAT * width:
            signs.append(Sign(piece.centre, thick, piece.strokes, 0.45))
    return signs


def find_trees(network: Network, pieces: list[Piece], *, long_side: float) -> list[Sign]:
    """Find crowns with a trunk: one loop, and one stroke that leaves it straight away from its middle.

    The tail of a loop that overshot runs along the loop; that of a trunk stands on it.

    Parameters
    ----------
    network, pieces
        Strokes and their connected pieces.
    long_side
        Long side of the picture, pixels.
    """
    found = []
    drawn = degrees_of((stroke for stroke in network.strokes if not stroke.bridge), len(network.nodes))
    for piece in pieces:
        if piece.loops != 1 or piece.ends != 1 or piece.size > _TREE_SHARE * long_side:
            continue
        trunk = next((index for index in piece.strokes if 1 in drawn[list(network.strokes[index].ends)]), None)
        if trunk is None or network.strokes[trunk].ends[0] == network.strokes[trunk].ends[1]:
            continue
        crown = np.vstack([network.strokes[index].points for index in piece.strokes if index != trunk])
        stroke = network.strokes[trunk]
        foot, top = stroke.points[-1], stroke.points[0]
        if drawn[stroke.ends[0]] == 1:
            foot, top = top, foot
        middle = crown.mean(axis=0)
        diameter = 2 * float(np.median(np.hypot(*(crown - middle).T)))
        stem, whole = foot - top, foot - middle
        sizes = float(np.hypot(*stem)), float(np.hypot(*whole))
        straight = sizes[0] > 0.85 * stroke.length and float(stem @ whole) > _UPRIGHT * sizes[0] * sizes[1]
        if straight and _TRUNK[0] * diameter <= sizes[0] <= _TRUNK[1] * diameter:
            at = (float(middle[0]), float(middle[1]))
            found.append(Sign(at, max(piece.size, network.width), piece.strokes, 0.6))
    return found
