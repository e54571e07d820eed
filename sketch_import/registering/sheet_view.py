"""What a photograph shows of its sheet, for comparing: drawn ink on evened paper, without table and light."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.tracing.ink import find_ink
from sketch_import.tracing.light import even_out
from sketch_import.tracing.paper import find_paper

__all__ = ["WORKING_SIDE", "SheetView", "view_sheet"]

WORKING_SIDE = 1120
"""Long side in pixels at which photographs are compared; a marker on A1 is five pixels wide there."""
_COARSE_SIDE = 400
_BRIGHTER = 1.6
"""Paper over table, in brightness, from which the two are told apart by it."""
_LEAST_SHARE = 0.15
_SOLID = 0.93
_STRONG_SHARE = 0.5
"""Ink counts as drawn from this share of the darkness of the darkest strokes: print and paper lines are paler."""
_LEAST_STRONG = 34
"""Missing light, of 255, below which nothing counts as drawn."""


@dataclass(frozen=True, eq=False)
class SheetView:
    """A photograph at working size. Pixels: x right, y down, from the top-left corner."""

    size: tuple[int, int]
    """Width and height of the photograph itself."""
    scale: NDArray[np.float64]
    """Working pixels per pixel of the photograph, x and y."""
    darkness: NDArray[np.uint8]
    """Light that ink takes, 0 to 255, shape (h, w)."""
    ink: NDArray[np.uint8]
    """1 on any ink or print, shape (h, w)."""
    drawn: NDArray[np.uint8]
    """1 on strokes about as dark as the darkest, shape (h, w): what is drawn, rather than what is printed."""
    inside: NDArray[np.uint8]
    """1 on the sheet, shape (h, w)."""
    sheet_found: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns at working size."""
        return int(self.ink.shape[0]), int(self.ink.shape[1])

    @cached_property
    def to_working(self) -> NDArray[np.float64]:
        """3 × 3, pixels of the photograph to working pixels."""
        return np.diag([float(self.scale[0]), float(self.scale[1]), 1.0])


def view_sheet(pixels: NDArray[np.uint8]) -> SheetView:
    """Find the sheet in a photograph, even out the light and tell ink from paper.

    Parameters
    ----------
    pixels
        Upright RGB, shape (h, w, 3), uint8.
    """
    height, width = pixels.shape[:2]
    factor = min(1.0, WORKING_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8) if factor < 1 else pixels
    paper = find_paper(small)
    bright = None if paper.found else _bright_part(small)
    on_sheet = paper.inside if bright is None else bright
    light = even_out(small, inside=on_sheet)
    inside = np.asarray(cv2.resize(on_sheet.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8)
    found = find_ink(light.missing, inside=inside)
    darkness = np.asarray(found.missing.max(axis=2), np.uint8)
    return SheetView(
        size=(width, height),
        scale=np.array([size[0] / width, size[1] / height]),
        darkness=darkness,
        ink=found.mask,
        drawn=_drawn(darkness, found.mask),
        inside=inside,
        sheet_found=paper.found or bright is not None,
    )


def _bright_part(pixels: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Return a sheet that stands out by brightness alone, as white paper does on a grey table, in a coarse picture.

    What is drawn outside of it is lost for the comparison only, so a guess is cheap here.
    """
    height, width = pixels.shape[:2]
    factor = min(1.0, _COARSE_SIDE / max(height, width))
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small.mean(axis=2).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    level, _ = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    light = closed > level
    if not light.any() or light.all() or closed[light].mean() < _BRIGHTER * closed[~light].mean():
        return None
    _, areas, stats, _ = cv2.connectedComponentsWithStats(light.astype(np.uint8), connectivity=4)
    largest = (areas == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    contours, _ = cv2.findContours(largest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.fillConvexPoly(np.zeros_like(largest), cv2.convexHull(max(contours, key=cv2.contourArea)), 1)
    if not _LEAST_SHARE <= hull.mean() <= 0.97 or largest.sum() < _SOLID * hull.sum():
        return None
    return np.asarray(cv2.erode(hull, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE) > 0)


def _drawn(darkness: NDArray[np.uint8], ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = darkness[ink > 0]
    if values.size == 0:
        return np.zeros_like(ink)
    level = max(_LEAST_STRONG, _STRONG_SHARE * float(np.percentile(values, 90)))
    return np.asarray((darkness >= level) & (ink > 0), np.uint8)
