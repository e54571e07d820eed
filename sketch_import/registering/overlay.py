"""Lay the new photograph over the old one, bent locally so that curl and lens leave no double strokes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.registering.sheet_view import SheetView

__all__ = ["Overlay", "lay_over"]

FloatArray = NDArray[np.float64]
_REACH = 1 / 425
"""How far from its place a stroke may lie after bending, as a share of the long side: three pixels of 1280."""
_TILE = 128
_BEND = 10
"""Largest local shift looked for, in working pixels."""
_LEAST_INK = 120
_PULL = 0.01
"""Agreement that a shift must win per pixel of its length: along a lone straight stroke all shifts agree."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The new photograph in the working pixels of the old one."""

    near: NDArray[np.uint8]
    """1 within reach of any ink of the new photograph, shape (h, w) of the old."""
    seen: NDArray[np.uint8]
    """1 where both photographs show the sheet."""
    to_new: NDArray[np.float32]
    """Working pixel index (x, y) of the new photograph for every pixel of the old, shape (h, w, 2)."""
    bend_px: float
    """Largest local shift that was needed beside the homography, working pixels."""


def lay_over(new: SheetView, old: SheetView, homography: FloatArray) -> Overlay:
    """Resample the ink of the new photograph onto the old one.

    Parameters
    ----------
    homography
        3 × 3, working pixels of the new photograph to those of the old.
    """
    rows, columns = old.shape
    # Pixel centres are at .5 in our coordinates and at whole numbers in OpenCV's.
    back = _shift(-0.5) @ np.linalg.inv(homography) @ _shift(0.5)
    y, x = np.mgrid[0:rows, 0:columns]
    places = np.stack([x, y, np.ones_like(x)], axis=-1).astype(np.float64) @ back.T
    straight = (places[..., :2] / places[..., 2:]).astype(np.float32)
    ink = _sample(new.ink, straight)
    seen = _sample(_inner(new.inside), straight) & old.inside
    bend = _bending(old.drawn & seen, ink)
    shifted = np.stack([x, y], axis=-1).astype(np.float32) + bend
    to_new = np.asarray(
        cv2.remap(straight, shifted[..., 0], shifted[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
    reach = 2 * max(1, round(max(rows, columns) * _REACH)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    near = cv2.dilate(_sample(new.ink, to_new), disc)
    return Overlay(np.asarray(near, np.uint8), seen, to_new, float(np.hypot(bend[..., 0], bend[..., 1]).max()))


def _shift(by: float) -> FloatArray:
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])


def _inner(inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    kernel = np.ones((9, 9), np.uint8)
    return np.asarray(cv2.erode(inside, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0), np.uint8)


def _sample(mask: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.uint8]:
    # Linear, then half: a thin stroke that is shrunk must not fall between the samples.
    return np.asarray(cv2.remap(mask * np.uint8(255), places[..., 0], places[..., 1], cv2.INTER_LINEAR) > 100, np.uint8)


def _bending(drawn: NDArray[np.uint8], ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a smooth field of shifts (h, w, 2): where, from each old pixel, its ink is found in `ink`."""
    rows, columns = drawn.shape
    soft_old = cv2.GaussianBlur(drawn.astype(np.float32), (0, 0), 1.5)
    soft_new = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 1.5)
    soft_new = cv2.copyMakeBorder(soft_new, *(_BEND,) * 4, cv2.BORDER_CONSTANT, value=0)
    offsets = np.arange(-_BEND, _BEND + 1)
    pull = 1 - _PULL * np.hypot(*np.meshgrid(offsets, offsets))
    down, across = -(-rows // _TILE), -(-columns // _TILE)
    shifts, weights = np.zeros((down, across, 2), np.float32), np.zeros((down, across, 1), np.float32)
    for i in range(down):
        for j in range(across):
            tile = (slice(i * _TILE, (i + 1) * _TILE), slice(j * _TILE, (j + 1) * _TILE))
            amount = int(np.count_nonzero(drawn[tile]))
            if amount < _LEAST_INK:
                continue
            part = soft_old[tile]
            top, left = i * _TILE, j * _TILE
            around = soft_new[top : top + part.shape[0] + 2 * _BEND, left : left + part.shape[1] + 2 * _BEND]
            alike = cv2.matchTemplate(around, part, cv2.TM_CCORR_NORMED) * pull
            _, best, _, (x, y) = cv2.minMaxLoc(alike)
            shifts[i, j] = x - _BEND, y - _BEND
            weights[i, j] = amount * best**2
    # Neighbours bend alike: a tile without ink takes after them, one that stands alone gives way.
    weight = cv2.GaussianBlur(weights, (0, 0), 0.8) + 1e-3
    weight = weight.reshape(down, across, 1)
    field = cv2.GaussianBlur(shifts * weights, (0, 0), 0.8).reshape(down, across, 2) / weight
    return np.asarray(cv2.resize(field, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)
