"""Even out the light: what share of the light the paper of this spot would send back is missing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Light", "even_out"]

_COARSE_SIDE = 480
_STROKE_SHARE = 1 / 34
"""Widest stroke or letter, as a share of the long side, that the estimate of the paper sees through."""
_LEAST_PAPER = np.uint8(8)
_OTHER_COLOUR = 0.22
"""Difference of log colour from the paper of the sheet above which an area is paint, not paper."""
_BLACKENED = 1.25
"""Natural log of the light missing in an area from which it is blackened; no shadow takes that much."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """A photo free of shading and tint."""

    missing: NDArray[np.uint8]
    """Shape (h, w, 3), RGB: 0 where the paper is blank, 255 where ink swallows all light."""
    paper: NDArray[np.uint8]
    """Coarse picture of the bare paper, RGB, long side about 480 pixels."""
    unevenness: float
    """Brightest over darkest paper (90 % and 10 % of the area), 1 for perfectly even light."""


def even_out(pixels: NDArray[np.uint8], *, inside: NDArray[np.bool_] | None = None) -> Light:
    """Estimate the bare paper under the drawing and divide the photo by it, channel by channel.

    Ink thins out with the coverage of a pixel, but the *direction* of ``1 - I / paper`` in colour
    space stays that of the ink (a linear mixture), which is what naming inks relies on.

    Parameters
    ----------
    pixels
        RGB, shape (h, w, 3), uint8.
    inside
        True where the sheet is, any coarse shape of the same proportions; all of it if None.
    """
    height, width = pixels.shape[:2]
    paper = _bare_paper(pixels, inside)
    paper_full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    paper_full = np.maximum(paper_full, _LEAST_PAPER)
    missing = np.asarray(cv2.bitwise_not(cv2.divide(pixels, paper_full, scale=255.0)), np.uint8)
    grey = paper.mean(axis=2)
    if inside is not None:
        grey = grey[_coarse(inside, grey.shape)]
    low, high = np.percentile(grey, [10, 90])
    return Light(missing=missing, paper=paper, unevenness=float(high / max(low, 1.0)))


def _coarse(inside: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    small = cv2.resize(inside.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    return small if small.any() else np.ones(shape[:2], dtype=bool)


def _bare_paper(pixels: NDArray[np.uint8], inside: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = min(1.0, _COARSE_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    reach = max(3, round(max(size) * _STROKE_SHARE)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = np.asarray(cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), 5), np.uint8)
    painted = _painted(closed, _coarse(inside, closed.shape) if inside is not None else None)
    if painted.any():
        # Under paint the paper is what surrounds it: a mean of the bare spots, weighted by distance.
        bare = (~painted).astype(np.float32)
        wide = max(size) / 12
        weight = cv2.GaussianBlur(bare, (0, 0), wide) + 1e-4
        around = cv2.GaussianBlur(closed.astype(np.float32) * bare[..., None], (0, 0), wide) / weight[..., None]
        closed = np.where(painted[..., None], around, closed.astype(np.float32)).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), max(1.0, reach / 4)), np.uint8)


def _painted(closed: NDArray[np.uint8], inside: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Areas too large for a stroke whose colour, not merely brightness, departs from the sheet's paper."""
    logs = np.log(np.maximum(closed, 4).astype(np.float32))
    colour = np.stack([logs[..., 0] - logs[..., 1], logs[..., 2] - logs[..., 1]], axis=-1)
    region = inside if inside is not None else np.ones(closed.shape[:2], dtype=bool)
    typical = np.median(colour[region], axis=0)
    # White balance drifts over a photo (window and lamp); a broad plane of it is not paint.
    rows, columns = np.mgrid[0 : closed.shape[0], 0 : closed.shape[1]].astype(np.float32)
    design = np.stack([np.ones_like(rows), rows / closed.shape[0] - 0.5, columns / closed.shape[1] - 0.5], axis=-1)
    kept = region & (np.abs(colour - typical).max(axis=2) < _OTHER_COLOUR)
    if kept.sum() > 50:
        plane, *_ = np.linalg.lstsq(design[kept], colour[kept], rcond=None)
        expected = (design @ plane).astype(np.float32)
    else:
        expected = np.broadcast_to(typical, colour.shape)
    far = (np.abs(colour - expected).max(axis=2) > _OTHER_COLOUR) & region
    grey = logs.mean(axis=2)
    far |= region & (grey < np.median(grey[region]) - _BLACKENED)
    grown = cv2.dilate(far.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return grown if 0 < grown.mean() < 0.6 else np.zeros_like(far)
