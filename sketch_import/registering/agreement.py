"""Whether the ink of the old photograph is still there on the new one: nobody takes marker off paper.

Matches may come from what two sheets share, such as a printed base map, a key or ruled paper. The drawing decides: on
the same sheet every old stroke is found again, whatever was added; on another sheet strokes are lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.registering.overlay import lay_over
from sketch_import.registering.sheet_view import SheetView

__all__ = ["Agreement", "ink_agreement"]

FloatArray = NDArray[np.float64]
_CELL = 32
_LEAST_INK = 24
"""Pixels of drawn ink that a cell must hold to say anything."""
_LOST_AREA = 70
"""Pixels of a stroke that is lost in one piece, at working size: some 3 cm of a marker on A1."""
_RIM = 1 / 40
"""How far beyond the outermost matches the drawing is compared, as a share of the long side."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much of the drawn ink of the old photograph the new one shows."""

    kept: float
    """Share of drawn pixels found again, less what chance would find; about 1 on the same sheet."""
    cells: int
    """Cells of the old photograph that hold drawn ink which the new one should show."""
    lost: float
    """Share of drawn pixels in strokes, or long pieces of them, that are not found again."""
    lost_strokes: int
    """Number of those pieces."""


def ink_agreement(new: SheetView, old: SheetView, homography: FloatArray, supports: FloatArray) -> Agreement:
    """Look for the drawn ink of the old photograph on the new one.

    Parameters
    ----------
    homography
        3 × 3, working pixels of the new photograph to those of the old.
    supports
        Matched points in working pixels of the old photograph, shape (n, 2): compared is within their hull and a little
        beyond, so that a table that was not told from the sheet says nothing.
    """
    over = lay_over(new, old, homography)
    seen = over.seen & _hull(supports, old.shape)
    drawn = old.drawn & seen
    total = int(np.count_nonzero(drawn))
    inks, room = _cells(drawn), _cells(seen)
    enough = inks >= _LEAST_INK
    if not enough.any():
        return Agreement(0.0, 0, 1.0, 0)
    found = _cells(drawn & over.near)[enough] / inks[enough]
    chance = np.clip(_cells(over.near & seen)[enough] / np.maximum(room[enough], 1), 0, 0.9)
    beyond = np.clip((found - chance) / (1 - chance), 0, 1)
    _, _, stats, _ = cv2.connectedComponentsWithStats(drawn & (1 - over.near), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    lost = areas[areas >= _LOST_AREA]
    return Agreement(
        kept=float(np.average(beyond, weights=inks[enough])),
        cells=int(enough.sum()),
        lost=float(lost.sum() / max(total, 1)),
        lost_strokes=len(lost),
    )


def _hull(points: FloatArray, shape: tuple[int, int]) -> NDArray[np.uint8]:
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.float32)).round().astype(np.int32), 1)
    rim = 2 * round(max(shape) * _RIM) + 1
    return np.asarray(cv2.dilate(mask, np.ones((rim, rim), np.uint8)), np.uint8)


def _cells(mask: NDArray[np.uint8]) -> FloatArray:
    rows, columns = mask.shape
    padded = np.pad(mask, ((0, -rows % _CELL), (0, -columns % _CELL))).astype(np.float64)
    return np.asarray(padded.reshape(padded.shape[0] // _CELL, _CELL, -1, _CELL).sum(axis=(1, 3)), np.float64)
