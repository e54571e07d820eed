"""Areas filled with ink, such as a pond painted blue, taken out before strokes are thinned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

__all__ = ["Solid", "find_solids", "outlines", "typical_width"]

_FAT = 4.0
"""An area is solid where a disc of this many stroke widths fits into the ink."""
_LEAST_RADIUS = 5.0
_ISLAND = 0.02
"""Unpainted spots from this share of a painted area are its holes."""


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


def outlines(mask: NDArray[np.uint8]) -> NDArray[np.object_]:
    """Return the regions of a mask as polygons with their holes.

    Parameters
    ----------
    mask
        1 in a region, shape (h, w); regions meet at corners too.

    Returns
    -------
    numpy.ndarray
        Shapely polygons, pixels, x right, y down, corner origin, along the middles of the outermost pixels. What is
        one pixel thin has no area and is left out.
    """
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    kept = np.array([len(contour) >= 3 for contour in contours], dtype=bool)
    if not kept.any():
        return np.zeros(0, dtype=object)
    parent = np.asarray(hierarchy)[0, :, 3]
    rings = np.flatnonzero(kept & ((parent < 0) | kept[parent]))
    parts = [np.vstack([contours[ring][:, 0], contours[ring][:1, 0]]) for ring in rings.tolist()]
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    closed = np.asarray(shapely.linearrings(np.concatenate(parts) + 0.5, indices=owner), dtype=object)
    is_hole = parent[rings] >= 0
    shells = closed[~is_hole]
    place = np.full(len(contours), -1)
    place[rings[~is_hole]] = np.arange(len(shells))
    found = np.asarray(shapely.polygons(shells), dtype=object)
    holed = place[parent[rings[is_hole]]]
    order = np.argsort(holed, kind="stable")
    if len(order):
        which, first = np.unique(holed[order], return_index=True)
        holes = np.split(closed[is_hole][order], first[1:])
        found[which] = [shapely.Polygon(shells[shell], inner) for shell, inner in zip(which, holes, strict=True)]
    return found


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
    solids = []
    for region in outlines(grown):
        shape = shapely.simplify(region.buffer(0.5), 0.8)
        if not isinstance(shape, Polygon) or shape.is_empty:
            continue
        # Specks of paper that the marker missed are no islands.
        islands = [ring for ring in shape.interiors if Polygon(ring).area > _ISLAND * shape.area]
        left, top, right, bottom = (int(bound) for bound in region.bounds)
        window = (slice(top, bottom + 1), slice(left, right + 1))
        inside = core[window] > 0
        if inside.any():
            colour = missing[window][inside].mean(axis=0).astype(np.float32) / np.float32(255)
            solids.append(Solid(polygon=Polygon(shape.exterior, islands), colour=colour))
    return solids, mask & (1 - grown)
