"""Find the sheet in the photo, so that table, wall and hands at its edges are left out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Paper", "find_paper"]

_COARSE_SIDE = 400
_STEP = 0.035
"""Difference of neighbouring pixels, in log brightness or log colour, that a shadow's soft edge stays below."""
_LEAST_SHARE = 0.15
_LEAST_SOLIDITY = 0.88
_WHOLE = 0.97
_SAME_TINT = 0.07
"""Difference of log colour up to which a darker area can be the same paper in the shade."""
_DEEPEST_SHADE = 1.1
"""How much darker (natural log) paper in a shadow can be: a third of the light is left."""
_LEAST_SHADOW = 0.02
"""Share of the photo from which a shadow with a hard edge counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """Where the sheet lies."""

    inside: NDArray[np.bool_]
    """True on the sheet, shape (h, w) of the coarse picture it was found on."""
    found: bool
    """False where no edge of a sheet was seen and the whole photo is taken for it."""
    share: float
    """Share of the photo that the sheet fills."""


def find_paper(pixels: NDArray[np.uint8]) -> Paper:
    """Grow the sheet from the middle of the photo up to its edges.

    Strokes are closed over first; the growth crosses soft changes of light but no sharp step, and the
    result must be nearly convex, else the whole photo counts as the sheet.

    Parameters
    ----------
    pixels
        RGB, shape (h, w, 3), uint8.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _COARSE_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    reach = max(3, round(max(size) / 40)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = np.asarray(cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), 5), np.uint8)
    grown = _with_hard_shadows(_grow(closed), closed)
    hull = _hull(grown)
    everything = Paper(inside=np.ones(closed.shape[:2], dtype=bool), found=False, share=1.0)
    if hull is None:
        return everything
    share = float(hull.mean())
    solidity = float((grown & hull).sum() / max(1, hull.sum()))
    if share < _LEAST_SHARE or solidity < _LEAST_SOLIDITY or share > _WHOLE:
        return everything
    # The rim of the sheet casts a line of shadow that is not drawn.
    margin = np.ones((3, 3), np.uint8)
    padded = cv2.copyMakeBorder(hull.astype(np.uint8), *(8,) * 4, cv2.BORDER_REPLICATE)
    inner = cv2.erode(padded, margin)[8:-8, 8:-8] > 0
    return Paper(inside=inner, found=True, share=share)


def _grow(closed: NDArray[np.uint8]) -> NDArray[np.bool_]:
    logs = np.log(np.maximum(closed, 6).astype(np.float32))
    height, width = closed.shape[:2]
    middle = closed[height // 5 : height - height // 5, width // 5 : width - width // 5].astype(np.float32).mean(axis=2)
    # Paper is the brightest thing that fills a good part of the middle.
    bright = np.argwhere(middle >= np.percentile(middle, 60)) + np.array([height // 5, width // 5])
    best = np.zeros((height, width), dtype=bool)
    for row, column in bright[np.linspace(0, len(bright) - 1, 9).astype(int)]:
        if best[row, column]:
            continue
        mask = np.zeros((height + 2, width + 2), np.uint8)
        step = (_STEP,) * 3
        cv2.floodFill(
            logs, mask, (int(column), int(row)), (0, 0, 0), step, step, 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
        )
        region = mask[1:-1, 1:-1] > 0
        if region.sum() > best.sum():
            best = region
    return best


def _with_hard_shadows(sheet: NDArray[np.bool_], closed: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Add what lies beside the sheet, is as smooth and of the same tint, only darker.

    The shadow of a phone in the sun has an edge as sharp as that of the paper. A grey table may be taken in by this;
    the cost is its outline as a candidate, while a lost shadow would cost what is drawn in it.
    """
    if not sheet.any():
        return sheet
    logs = np.log(np.maximum(closed, 6).astype(np.float32))
    grey = logs.mean(axis=2)
    tint = logs - grey[..., None]
    darker = np.median(grey[sheet]) - grey
    alike = (np.abs(tint - np.median(tint[sheet], axis=0)).max(axis=2) < _SAME_TINT) & (darker < _DEEPEST_SHADE)
    smooth = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) < 2 * _STEP
    count, areas, stats, _ = cv2.connectedComponentsWithStats(
        (alike & smooth & ~sheet).astype(np.uint8), connectivity=4
    )
    # Across an edge that is a few pixels wide at this size.
    beside = cv2.dilate(sheet.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
    shaded = sheet.copy()
    for number in range(1, count):
        area = areas == number
        if stats[number, cv2.CC_STAT_AREA] >= _LEAST_SHADOW * sheet.size and (area & beside).any():
            shaded |= area
    return shaded


def _hull(region: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    padded = cv2.copyMakeBorder(region.astype(np.uint8), *(12,) * 4, cv2.BORDER_REPLICATE)
    smooth = cv2.morphologyEx(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)[12:-12, 12:-12]
    smooth = np.ascontiguousarray(smooth)
    contours, _ = cv2.findContours(smooth, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    outline = cv2.convexHull(max(contours, key=cv2.contourArea))
    filled = np.zeros_like(smooth)
    cv2.fillConvexPoly(filled, outline, 1)
    return filled > 0
