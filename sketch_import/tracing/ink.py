"""Tell ink from paper: pen, marker and pencil strokes, whatever the grain and the light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["InkMask", "find_ink"]

_FAINTEST = 13
"""Missing light, of 255, below which nothing is called ink, however smooth the paper."""
_SURE = 26
"""Missing light that a stroke must reach somewhere."""
_NOISE_FAINT, _NOISE_SURE = 3.0, 6.0
"""The same two in standard deviations of the paper's grain."""
_EDGE_SHARE = 0.42
"""A pixel beside a strong stroke counts from this share of its strength: the blur around it does not."""
_LEAST_AREA = 6
_PINHOLE = 4


@dataclass(frozen=True, slots=True, eq=False)
class InkMask:
    """Where ink is, and how much light it takes."""

    mask: NDArray[np.uint8]
    """1 on ink, shape (h, w)."""
    missing: NDArray[np.uint8]
    """Missing light per channel, lightly smoothed, shape (h, w, 3), RGB, 255 for all of it."""
    grain: float
    """Standard deviation of the missing light on blank paper, of 255."""


def find_ink(missing: NDArray[np.uint8], *, inside: NDArray[np.uint8]) -> InkMask:
    """Threshold with hysteresis, at levels that follow the paper's own grain.

    Parameters
    ----------
    missing
        Missing light, RGB, shape (h, w, 3), 255 for all of it.
    inside
        1 on the sheet, shape (h, w); outside it nothing is ink.
    """
    smooth = np.asarray(cv2.GaussianBlur(missing, (5, 5), 0.8), np.uint8)
    channels = [np.asarray(channel, np.uint8) for channel in cv2.split(smooth)]
    on_sheet = inside[::4, ::4] > 0
    grains = [_level_and_grain(channel[::4, ::4][on_sheet])[1] for channel in channels]
    quietest = min(grains)
    # A yellow lamp leaves little blue light and much grain in it: the noisier a channel, the less it says.
    weighted = [
        cv2.convertScaleAbs(channel, alpha=quietest / grain) for channel, grain in zip(channels, grains, strict=True)
    ]
    strength = np.asarray(cv2.max(cv2.max(weighted[0], weighted[1]), weighted[2]), np.uint8)
    level, grain = _level_and_grain(strength[::4, ::4][on_sheet])
    faint = round(max(_FAINTEST, level + _NOISE_FAINT * grain))
    sure = round(max(_SURE, level + _NOISE_SURE * grain))
    around = cv2.dilate(strength, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    threshold = np.maximum(cv2.convertScaleAbs(around, alpha=_EDGE_SHARE), np.uint8(min(faint, 255)))
    mask = (strength > threshold).view(np.uint8) & inside
    mask = _keep_sure(mask, strength > sure)
    return InkMask(mask=_fill_pinholes(mask), missing=smooth, grain=grain)


def _level_and_grain(values: NDArray[np.uint8]) -> tuple[float, float]:
    """Median and spread of 8-bit values, read between the steps of the scale."""
    if values.size == 0:
        return 0.0, 1.0
    cumulative = np.concatenate([[0.0], np.cumsum(np.bincount(values, minlength=256)) / values.size])
    low, level = np.interp([0.2, 0.5], cumulative + np.arange(257) * 1e-9, np.arange(257) - 0.5)
    return float(level), max(0.5, float(level - low) / 0.8416)


def _keep_sure(mask: NDArray[np.uint8], sure: NDArray[np.bool_]) -> NDArray[np.uint8]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    hits = np.bincount(labels[sure & (mask > 0)], minlength=count)
    area = stats[:, cv2.CC_STAT_AREA]
    keep = (hits >= 3) & (hits >= 0.06 * area) & (area >= _LEAST_AREA)
    keep[0] = False
    return np.asarray(keep.astype(np.uint8)[labels], np.uint8)


def _fill_pinholes(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fill specks of paper within a stroke: thinning would run a ring around each."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    hole = stats[:, cv2.CC_STAT_AREA] <= _PINHOLE
    hole[0] = False
    return np.asarray(mask | hole.astype(np.uint8)[labels], np.uint8)
