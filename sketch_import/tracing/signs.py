"""Small closed signs and dots as points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.tracing.network import Network
from sketch_import.tracing.pieces import Piece

__all__ = ["Sign", "find_signs"]

_LARGEST = 14.0
"""Largest sign, in stroke widths."""
_DOT = 3.0
"""Largest dot, in stroke widths."""
_FAT = 1.5
"""A dot is this much wider than the strokes around, so that grain and specks do not count."""


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
