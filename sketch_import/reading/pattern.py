"""The print of a mark, as it must look: what the photo is compared with."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import MARKER_DICTIONARY, Mark, Rect, SheetCode, code_modules

__all__ = ["mark_box", "render"]

Floats = NDArray[np.float32]


def mark_box(mark: Mark, code: SheetCode | None) -> Rect:
    """Return the rectangle around code and marker, or that of the marker where the code is not known."""
    if code is None:
        return mark.marker
    left, top = min(mark.code.x, mark.marker.x), min(mark.code.y, mark.marker.y)
    right, bottom = max(mark.code.right, mark.marker.right), max(mark.code.bottom, mark.marker.bottom)
    return Rect(left, top, right - left, bottom - top)


def render(mark: Mark, code: SheetCode | None, *, detail: float, around_mm: float, size: tuple[int, int]) -> Floats:
    """Paint the print of a mark.

    Parameters
    ----------
    mark
        Which one.
    code
        The code of the sheet, whichever mark it names; None paints the marker alone.
    detail
        Pixels a millimetre.
    around_mm
        Blank paper left of and above `mark_box`.
    size
        Width and height in pixels.

    Returns
    -------
    ndarray
        1 for paper, 0 for ink, each pixel the share of white in it, shape (height, width).
    """
    box = mark_box(mark, code)
    canvas = np.ones((size[1], size[0]), np.float32)
    parts = [(mark.marker, _marker_modules(mark.number))]
    if code is not None:
        parts.append((mark.code, _code_modules(replace(code, mark=mark.number))))
    for rect, cells in parts:
        x, y = (rect.x - box.x + around_mm) * detail, (rect.y - box.y + around_mm) * detail
        columns = _shares(size[0], x, rect.width * detail, cells.shape[1])
        rows = _shares(size[1], y, rect.height * detail, cells.shape[0])
        canvas -= rows @ (1.0 - cells) @ columns.T
    return canvas


@lru_cache(maxsize=128)
def _code_modules(code: SheetCode) -> Floats:
    return np.asarray(1.0 - code_modules(code), np.float32)


@lru_cache(maxsize=64)
def _marker_modules(number: int) -> Floats:
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    side = dictionary.markerSize + 2
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, number, side) > 127, np.float32)


def _shares(length: int, start: float, extent: float, count: int) -> Floats:
    """Return how much of each pixel each module covers along one axis, shape (length, count)."""
    edges = start + np.arange(count + 1) * extent / count
    pixels = np.arange(length)[:, None]
    low, high = np.maximum(edges[:-1], pixels), np.minimum(edges[1:], pixels + 1)
    return np.asarray(np.clip(high - low, 0.0, 1.0), np.float32)
