"""A printed sheet as pixels, straight from its layout: marks, frame line and grid, no words.

Small and exact, for tests of the reader; the sheets that people print come from the house's own printing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import (
    MARKER_DICTIONARY,
    Orientation,
    PaperSize,
    Rect,
    SheetCode,
    SheetLayout,
    Template,
    code_modules,
)

__all__ = ["print_sheet", "sheet_layout"]

Bytes = NDArray[np.uint8]
_GRID_GREY = 205


def sheet_layout(
    paper: PaperSize = PaperSize.A1,
    *,
    sheet_id: str = "K7M29QXD",
    orientation: Orientation = Orientation.LANDSCAPE,
    template: Template = Template.GRID,
    scale: int = 5000,
) -> SheetLayout:
    """Return the layout of a sheet near Ысык-Көл."""
    return SheetLayout(SheetCode(sheet_id, paper, orientation, template, scale, 78_390_000, 42_490_000))


def print_sheet(layout: SheetLayout, *, px_per_mm: float = 8.0) -> Bytes:
    """Return the whole paper from straight above, RGB, shape (h, w, 3); paper is 240, ink 20."""
    width, height = layout.paper_mm
    sheet = np.full((round(height * px_per_mm), round(width * px_per_mm)), 240, np.uint8)
    if layout.code.template.has_grid:
        for start, end in layout.grid_lines:
            _line(sheet, start, end, px_per_mm, thickness_mm=0.25, grey=_GRID_GREY)
    corners = layout.frame.corners
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        _line(sheet, start, end, px_per_mm, thickness_mm=0.3, grey=90)
    for mark in layout.marks:
        _place(sheet, mark.code, 1 - code_modules(replace(layout.code, mark=mark.number)).astype(np.uint8), px_per_mm)
        _place(sheet, mark.marker, _marker_modules(mark.number), px_per_mm)
    return np.repeat(sheet[:, :, None], 3, axis=2)


@cache
def _marker_modules(number: int) -> Bytes:
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    side = dictionary.markerSize + 2
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, number, side) > 127, np.uint8)


def _place(sheet: Bytes, rect: Rect, modules: Bytes, px_per_mm: float) -> None:
    """Paint modules into a rectangle; each pixel gets the share of white that falls on it."""
    scale = px_per_mm * rect.width / modules.shape[1]
    x, y = rect.x * px_per_mm, rect.y * px_per_mm
    left, top = int(np.floor(x)) - 1, int(np.floor(y)) - 1
    side = int(np.ceil(rect.width * px_per_mm)) + 3
    fine = 8
    centres = (np.arange(side * fine) + 0.5) / fine
    columns = np.floor((left + centres - x) / scale).astype(int)
    rows = np.floor((top + centres - y) / scale).astype(int)
    padded = np.pad(modules, 1, constant_values=1)
    count = modules.shape[0]
    picked = padded[np.ix_(np.clip(rows, -1, count) + 1, np.clip(columns, -1, count) + 1)]
    share = picked.reshape(side, fine, side, fine).mean(axis=(1, 3))
    sheet[top : top + side, left : left + side] = np.round(20 + 220 * share).astype(np.uint8)


def _line(
    sheet: Bytes,
    start: tuple[float, float],
    end: tuple[float, float],
    px_per_mm: float,
    *,
    thickness_mm: float,
    grey: int,
) -> None:
    (x1, y1), (x2, y2) = sorted([start, end])
    half = thickness_mm / 2
    left, top = round((x1 - half) * px_per_mm), round((y1 - half) * px_per_mm)
    right, bottom = round((x2 + half) * px_per_mm), round((y2 + half) * px_per_mm)
    sheet[top : max(bottom, top + 1), left : max(right, left + 1)] = grey
