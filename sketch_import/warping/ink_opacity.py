"""How much of each pixel is ink: paper vanishes, strokes stay, what lies around the paper vanishes too."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["ink_opacity"]

_WORKING_SIDE = 400
_PAPER_KERNEL = 31
"""Side of the median that finds the local paper, at the working size: about a thirteenth of the picture, wider than
any stroke of a marker and narrower than the shadow of a hand."""

_FAINT, _SOLID = 14.0, 44.0
"""Difference to the local paper (CIELAB-like, 0 to 255) from which ink begins to show and is full."""


def ink_opacity(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the opacity of ink, shape (height, width), 0 to 255.

    A pixel counts as ink by how much darker or more colourful it is than the paper around it, so that shadows and
    yellow light leave with the paper. A table or wall around the paper is its own "paper" there and
    leaves as well; its texture is cut off with everything outside the largest bright patch.

    Parameters
    ----------
    pixels
        The upright image, RGB, shape (height, width, 3).
    """
    height, width = pixels.shape[:2]
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    scale = min(1.0, _WORKING_SIDE / max(height, width))
    small_size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(lab, small_size, interpolation=cv2.INTER_AREA)
    paper_small = cv2.medianBlur(small, _PAPER_KERNEL).astype(np.uint8)
    paper = cv2.resize(paper_small, (width, height), interpolation=cv2.INTER_LINEAR)
    darker = cv2.subtract(paper[..., 0], lab[..., 0]).astype(np.float32)
    colour = cv2.absdiff(paper[..., 1:], lab[..., 1:]).astype(np.float32)
    difference = np.sqrt(darker**2 + 2.0 * (colour[..., 0] ** 2 + colour[..., 1] ** 2))
    opacity = np.clip((difference - _FAINT) / (_SOLID - _FAINT), 0.0, 1.0)
    sheet = cv2.resize(_sheet(paper_small), (width, height), interpolation=cv2.INTER_NEAREST)
    result: npt.NDArray[np.uint8] = np.where(sheet > 0, np.rint(opacity * 255), 0).astype(np.uint8)
    return result


def _sheet(paper: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a mask of the largest bright patch of the smoothed picture, without holes."""
    light = paper[..., 0]
    bright = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    inside = float(light[bright > 0].mean()) if (bright > 0).any() else 255.0
    outside = float(light[bright == 0].mean()) if (bright == 0).any() else inside
    # Paper to the edge of the photo has no dark surround: then the two classes are shadow and light.
    if outside > 0.6 * inside:
        return np.full(light.shape, 255, dtype=np.uint8)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    mask = np.zeros(light.shape, dtype=np.uint8)
    cv2.drawContours(mask, [max(contours, key=cv2.contourArea)], -1, 255, thickness=cv2.FILLED)
    return cv2.erode(mask, np.ones((5, 5), dtype=np.uint8)).astype(np.uint8)
