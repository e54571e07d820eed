"""Ink as connected pieces of strokes, in millimetres of the paper: also what is too short to be an object."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

from geo.sheet_layout import SheetLayout
from sketch_import.reading.rectifying import FlatSheet, known_sheet
from sketch_import.tracing.ink import find_ink
from sketch_import.tracing.light import even_out
from sketch_import.tracing.network import Network, build_network, degrees_of
from sketch_import.tracing.pieces import Piece, find_pieces
from sketch_import.tracing.printed import without_print

__all__ = ["InkPiece", "ink_pieces"]

FloatArray = NDArray[np.float64]
_LEAST_MM = 3.0
"""Smaller pieces are dots and grain."""
_LARGEST_MM = 120.0
"""What is larger is no mark on an object; its strokes may be thousands."""


@dataclass(frozen=True, slots=True, eq=False)
class InkPiece:
    """Strokes that touch each other."""

    strokes: MultiLineString
    """Centre lines, paper mm."""
    ends: FloatArray
    """Free ends, shape (n, 2)."""
    forks: FloatArray
    """Where strokes meet, shape (n, 2)."""
    loops: int

    @property
    def size(self) -> float:
        """Diagonal of its box, mm."""
        left, top, right, bottom = self.strokes.bounds
        return float(np.hypot(right - left, bottom - top))

    @property
    def length(self) -> float:
        """Length of all strokes together, mm."""
        return float(self.strokes.length)


def ink_pieces(flat: FlatSheet, layout: SheetLayout) -> tuple[InkPiece, ...]:
    """Return the pieces of what was drawn; what is printed is taken away.

    Parameters
    ----------
    flat
        The frame from straight above.
    layout
        The sheet.
    """
    picture, known, px_per_mm = known_sheet(flat, layout)
    inside = known.inside > 0
    coarse = cv2.resize(known.inside, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST) > 0
    missing = without_print(even_out(picture, inside=coarse).missing, known.printed)
    ink = find_ink(missing, inside=inside.astype(np.uint8))
    network = build_network(ink.mask, ink.missing)
    corner = np.array([layout.frame.x, layout.frame.y])
    found = []
    for piece in find_pieces(network):
        if _LEAST_MM <= piece.size / px_per_mm <= _LARGEST_MM:
            found.append(_on_paper(piece, network, px_per_mm, corner))
    return tuple(found)


def _on_paper(piece: Piece, network: Network, px_per_mm: float, corner: FloatArray) -> InkPiece:
    strokes = [network.strokes[index] for index in piece.strokes]
    degrees = degrees_of(strokes, len(network.nodes))
    nodes = np.unique(np.array([stroke.ends for stroke in strokes]))
    places = network.nodes / px_per_mm + corner
    lines = [LineString(stroke.points / px_per_mm + corner) for stroke in strokes if len(stroke.points) > 1]
    return InkPiece(
        strokes=shapely.multilinestrings(lines),
        ends=places[[node for node in nodes if degrees[node] == 1]].reshape(-1, 2),
        forks=places[[node for node in nodes if degrees[node] >= 3]].reshape(-1, 2),
        loops=piece.loops,
    )
