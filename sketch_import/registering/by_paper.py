"""How two photographs of one printed sheet lie on each other, by the paper that both were printed on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.errors import Refused
from sketch_import.photo import ExifFacts, Photo
from sketch_import.reading.sheet import ReadPhoto, read_photo

__all__ = ["ByPaper", "homography_by_paper"]

FloatArray = NDArray[np.float64]
_CORNERS = 8
"""Of a mark: four of its code and four of its marker."""
_MESH = 15


@dataclass(frozen=True, slots=True, eq=False)
class ByPaper:
    """What the print says."""

    homography: FloatArray
    """3 × 3, pixels of the new photograph to pixels of the old one: the best for the frame of the sheet."""
    corners: int
    """Corners of marks that were fitted, in the photograph that shows fewer."""
    reprojection_px: float
    """Median distance, over the frame, of the homography from the two papers, which may be bent; old pixels."""


def homography_by_paper(new: NDArray[np.uint8], old: NDArray[np.uint8]) -> ByPaper | None:
    """Find how two photographs of one printed sheet lie on each other; None where the marks do not suffice.

    Parameters
    ----------
    new, old
        Upright RGB, shape (h, w, 3).
    """
    one, two = _read(new), _read(old)
    if one is None or two is None or not one.layout.code.same_sheet(two.layout.code):
        return None
    frame, shares = one.layout.frame, (np.arange(_MESH) + 0.5) / _MESH
    mesh = np.stack(np.meshgrid(frame.x + shares * frame.width, frame.y + shares * frame.height), axis=-1)
    here, there = (side.located.surface.to_photo(mesh.reshape(-1, 2)) for side in (one, two))
    homography, _ = cv2.findHomography(here, there)
    # None where nothing fits, whatever the library's types say.
    if np.size(homography) != 9:
        return None
    apart = cv2.perspectiveTransform(here[None], homography)[0] - there
    return ByPaper(
        homography=np.asarray(homography, np.float64),
        corners=_CORNERS * min(len(side.located.marks) for side in (one, two)),
        reprojection_px=float(np.median(np.hypot(*apart.T))),
    )


def _read(pixels: NDArray[np.uint8]) -> ReadPhoto | None:
    try:
        read = read_photo(Photo(pixels, "", "", ExifFacts()), name="")
    except Refused:
        return None
    sides = {mark.mark.side for mark in read.located.marks}
    return read if len(sides) >= 3 else None
