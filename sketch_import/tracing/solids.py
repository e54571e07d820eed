"""Areas filled with ink, such as a pond painted blue, taken out before strokes are thinned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

__all__ = ["Solid", "find_solids", "typical_width"]

_FAT = 4.0
"""An area is solid where a disc of this many stroke widths fits into the ink."""
_LEAST_RADIUS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One filled area."""

    polygon: Polygon
    colour: NDArray[np.float32]
    """Missing light, RGB, 1 for all of it."""


def typical_width(mask: NDArray[np.uint8]) -> float:
    """Estimate the width of the strokes of a mask from its area and outline.

    A stroke of width w and length l has area w l and an outline of 2 l.
    """
    area = int(np.count_nonzero(mask))
    inner = int(np.count_nonzero(cv2.erode(mask, np.ones((3, 3), np.uint8))))
    return max(1.0, 2.0 * area / max(area - inner, 1))


def find_solids(mask: NDArray[np.uint8], missing: NDArray[np.uint8]) -> tuple[list[Solid], NDArray[np.uint8]]:
    """Find filled areas and return them with the mask of the remaining strokes.

    Parameters
    ----------
    mask
        1 on ink, shape (h, w).
    missing
        Missing light, RGB, shape (h, w, 3), 255 for all of it.
    """
    width = typical_width(mask)
    radius = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    needed = max(_LEAST_RADIUS, _FAT * width / 2)
    core = (radius > needed).astype(np.uint8)
    if not core.any():
        return [], mask
    # The core grown back, a little beyond its rim so that no ring of ink stays behind as a stroke.
    reach = 2 * int(np.ceil(needed + 2)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    grown = np.asarray(cv2.dilate(core, disc), np.uint8) & mask
    contours, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    solids = []
    for contour in contours:
        if len(contour) < 8:
            continue
        outline = Polygon(contour[:, 0, :].astype(float) + 0.5).buffer(0.5)
        shape = shapely.simplify(outline, 0.8)
        if not isinstance(shape, Polygon) or shape.is_empty:
            continue
        left, top, wide, high = cv2.boundingRect(contour)
        window = (slice(top, top + high), slice(left, left + wide))
        inside = core[window] > 0
        if inside.any():
            colour = missing[window][inside].mean(axis=0).astype(np.float32) / np.float32(255)
            solids.append(Solid(polygon=shape, colour=colour))
    return solids, mask & (1 - grown)
