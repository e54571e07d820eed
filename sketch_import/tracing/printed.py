"""Take the print of a known sheet out of the missing light: grid lines and a pale base map, never a stroke on them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.tracing.solids import typical_width

__all__ = ["without_print"]

_PALEST_INK = 74
"""Missing light, of 255, from which something on print is ink: our print takes a quarter of the light at most
(64 of 255), and a camera sharpens edges a little beyond that."""
_COLOUR = 52
"""Difference between the channels, of 255, from which something on print is ink however pale: print is nearly grey."""
_WIDE = 15
"""Print is thin, such as a grid line, where a square of this many pixels does not fit into it."""
_LINE_LEVEL = 92.0
"""Percentile of the missing light on thin print that is the line itself; the mask is wider than the line, and what is
drawn over it is a small share."""
_MARGIN = 1.25
_GRAIN = 8
_DIRECTIONS = 8


def without_print(missing: NDArray[np.uint8], printed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Clear what is as pale as print where print may be.

    On thin print a stroke stays where it is darker than the print, or where it comes in on one side and goes on on the
    other: so a faint pencil line that crosses a grid line stays whole. On a base map only what is darker, or more
    colourful, than print may be stays.

    Parameters
    ----------
    missing
        Missing light, RGB, shape (h, w, 3), 255 for all of it.
    printed
        1 where print may be, shape (h, w).

    Returns
    -------
    ndarray
        Missing light without that of the print, same shape.
    """
    if not printed.any():
        return missing
    wide = np.asarray(cv2.morphologyEx(printed, cv2.MORPH_OPEN, np.ones((_WIDE, _WIDE), np.uint8)), np.uint8)
    thin = np.asarray(printed & (1 - wide), np.uint8)
    red, green, blue = cv2.split(missing)
    strength = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    colour = np.asarray(strength - cv2.min(cv2.min(red, green), blue), np.uint8)
    kept = (printed == 0) | (strength >= _PALEST_INK) | (colour >= _COLOUR)
    if thin.any():
        level = float(np.percentile(strength[::2, ::2][thin[::2, ::2] > 0], _LINE_LEVEL))
        darker = strength >= min(float(_PALEST_INK), level * _MARGIN + _GRAIN)
        kept |= (thin > 0) & (darker | _going_through(strength, thin))
    return np.asarray(cv2.bitwise_and(missing, missing, mask=kept.view(np.uint8)), np.uint8)


def _going_through(strength: NDArray[np.uint8], thin: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find pixels of thin print that lie between two like pixels on its sides, and are as dark as the paler.

    It is a closing with straight elements, of the drawing with the print cut out.
    """
    beside = cv2.bitwise_and(strength, strength, mask=1 - thin)
    reach = int(np.ceil(typical_width(thin))) + 1
    over = np.zeros_like(strength)
    for number in range(_DIRECTIONS):
        kernel = _straight(reach, np.pi * number / _DIRECTIONS)
        over = np.asarray(cv2.max(over, cv2.morphologyEx(beside, cv2.MORPH_CLOSE, kernel)), np.uint8)
    # Grain beside a line is no stroke; a stroke beside it is seen at its core.
    faint = max(_GRAIN, float(np.percentile(beside[::4, ::4], 75)) * 2)
    return np.asarray((over > faint) & (strength >= cv2.convertScaleAbs(over, alpha=0.8)))


def _straight(reach: int, angle: float) -> NDArray[np.uint8]:
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.uint8)
    aside = np.array([np.cos(angle), np.sin(angle)]) * reach
    start, end = np.round(reach - aside).astype(int), np.round(reach + aside).astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 1)
    return kernel
