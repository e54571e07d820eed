"""Lay the frame of the sheet flat, upright and north up: each spot from the photo that shows it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import SheetLayout
from sketch_import.reading.locating import Located
from sketch_import.tracing.known_sheet import KnownSheet
from sketch_import.warping.lookup import Raster, build_lookup
from sketch_import.warping.resampling import resample

__all__ = ["FlatSheet", "View", "flatten", "known_sheet"]

FloatArray = NDArray[np.float64]

_MOST_PIXELS = 60e6
_STEP = 16
_WORST_MM = 3.0
"""Where a photo is less exact than this on paper, it does not show the sheet."""
_RIM_MM = 0.8
"""The printed line of the frame, and what the placing may miss it by."""
_PRINT_MM = 0.6
"""Half the width within which the print of a grid line may lie."""
_LABEL_MM = (13.0, 3.4)
"""Place of the number at the end of a grid line: right of its line or above it."""
_WORKING_SIDE = 2400


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A photo and where the sheet lies in it."""

    pixels: NDArray[np.uint8]
    """Upright RGB, shape (h, w, 3)."""
    located: Located


@dataclass(frozen=True, slots=True, eq=False)
class FlatSheet:
    """The frame from straight above."""

    raster: Raster
    """In the UTM zone of the layout; its first pixel is at the top-left corner of the frame."""
    planes: NDArray[np.uint8]
    """Red, green, blue and opacity, shape (4, rows, columns)."""
    px_per_mm: float
    owner: NDArray[np.int16]
    """Which photo shows each cell of `step` pixels, -1 for none; shape (rows / step, columns / step)."""
    step: int
    error_mm: NDArray[np.float64]
    """Expected error in each cell, mm on paper; NaN where no photo shows it."""

    @property
    def seen(self) -> float:
        """Share of the frame that some photo shows."""
        return float((self.owner >= 0).mean())


def flatten(views: Sequence[View], layout: SheetLayout) -> FlatSheet:
    """Resample the frame at the resolution of the photos.

    Parameters
    ----------
    views
        Photos of the one sheet.
    layout
        The sheet.
    """
    frame = layout.frame
    px_per_mm = max(_detail(view, layout) for view in views)
    px_per_mm = min(px_per_mm, float(np.sqrt(_MOST_PIXELS / (frame.width * frame.height))))
    ((west, north),) = layout.to_grid(np.array([[frame.x, frame.y]])).tolist()
    metres = layout.code.scale / 1000 / px_per_mm
    size = [max(1, round(side * px_per_mm)) for side in (frame.width, frame.height)]
    raster = Raster(west=west, north=north, resolution=metres, width=size[0], height=size[1])
    owner, error = _owners(views, layout, raster, px_per_mm)
    planes: NDArray[np.uint8] | None = None
    for number, view in enumerate(views):
        if not (owner == number).any():
            continue

        def sheet_pixels(ground: FloatArray, view: View = view) -> FloatArray:
            return view.located.surface.to_photo(layout.from_grid(ground))

        part = resample(view.pixels, build_lookup(raster, sheet_pixels))
        if planes is None:
            planes = part
            if len(views) > 1:
                planes[:, ~_enlarged(owner == number, size)] = 0
            continue
        shown = _enlarged(owner == number, size)
        planes[:, shown] = part[:, shown]
    if planes is None:
        planes = np.zeros((4, size[1], size[0]), np.uint8)
    return FlatSheet(raster, planes, px_per_mm, owner, _STEP, error)


def known_sheet(flat: FlatSheet, layout: SheetLayout) -> tuple[NDArray[np.uint8], KnownSheet, float]:
    """Return the sheet at the size for tracing, what is known of it, and its pixels a millimetre."""
    rows, columns = flat.planes.shape[1:]
    shrink = min(1.0, _WORKING_SIDE / max(rows, columns))
    size = (max(1, round(columns * shrink)), max(1, round(rows * shrink)))
    planes = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) if shrink < 1 else plane for plane in flat.planes]
    scale, frame = flat.px_per_mm * shrink, layout.frame
    inside = (np.asarray(planes[3]) > 254).astype(np.uint8)
    rim = max(1, int(np.ceil(_RIM_MM * scale)))
    inside[:rim], inside[-rim:], inside[:, :rim], inside[:, -rim:] = 0, 0, 0, 0
    if (inside == 0).mean() > 0.02:
        inside = np.asarray(cv2.erode(inside, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)), np.uint8)
    printed = np.full_like(inside, 1 if layout.code.template.has_base else 0)
    if layout.code.template.has_grid:
        for ends in layout.grid_lines:
            low, high = (np.array(ends) - [frame.x, frame.y]) * scale
            reach = _PRINT_MM * scale
            left, top = np.maximum(np.floor(np.minimum(low, high) - reach), 0).astype(int)
            right, bottom = np.ceil(np.maximum(low, high) + reach).astype(int)
            printed[top:bottom, left:right] = 1
        for left_mm, top_mm, wide, high in _label_places(layout):
            left, top = np.maximum(np.floor(np.array([left_mm, top_mm]) * scale), 0).astype(int)
            right, bottom = np.ceil(np.array([left_mm + wide, top_mm + high]) * scale).astype(int)
            printed[top:bottom, left:right] = 1
    return np.asarray(cv2.merge(planes[:3]), np.uint8), KnownSheet(inside=inside, printed=printed), scale


def _label_places(layout: SheetLayout) -> list[tuple[float, float, float, float]]:
    """Return where the numbers of grid lines may be printed, mm from the corner of the frame: x, y, width, height."""
    frame, (long, high) = layout.frame, _LABEL_MM
    places = []
    for (x1, y1), (x2, _) in layout.grid_lines:
        x, y = x1 - frame.x, y1 - frame.y
        if x1 == x2:
            places += [(x, 0.0, long, high), (x, frame.height - high, long, high)]
        else:
            places += [(0.0, y - high, long, high), (frame.width - long, y - high, long, high)]
    return places


def _detail(view: View, layout: SheetLayout) -> float:
    """Return pixels a millimetre in the middle of what the photo shows: as many pixels as the photo has there."""
    paper = np.concatenate([mark.paper for mark in view.located.marks])
    frame = layout.frame
    low = np.maximum(paper.min(axis=0), [frame.x, frame.y])
    high = np.minimum(paper.max(axis=0), [frame.right, frame.bottom])
    mesh = np.stack(np.meshgrid(*np.linspace(low, high, 7).T), axis=-1).reshape(-1, 2)
    surface = view.located.surface
    return float(np.sqrt(np.median(np.abs(np.linalg.det(surface.jacobian(mesh))))))


def _owners(
    views: Sequence[View], layout: SheetLayout, raster: Raster, px_per_mm: float
) -> tuple[NDArray[np.int16], FloatArray]:
    """Choose for each cell the photo that shows it sharpest; what is less exact counts as less sharp."""
    rows, columns = -(-raster.height // _STEP), -(-raster.width // _STEP)
    places = np.stack(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5), axis=-1).reshape(-1, 2) * _STEP
    places = np.minimum(places, [raster.width, raster.height])
    mm = places / px_per_mm + [layout.frame.x, layout.frame.y]
    smear = np.full((len(views), rows * columns), np.inf)
    error = np.full((len(views), rows * columns), np.nan)
    for number, view in enumerate(views):
        surface, pixels = view.located.surface, view.pixels
        photo = surface.to_photo(mm)
        error[number] = surface.error_mm(mm)
        seen = (photo >= 0).all(axis=1) & (photo < [pixels.shape[1], pixels.shape[0]]).all(axis=1)
        seen &= error[number] <= _WORST_MM
        if len(views) == 1:
            smear[number, seen] = 0.0
            continue
        blur_px = float(np.median([mark.blur_px for mark in view.located.marks]))
        columns_, rows_ = photo[seen].astype(int).T
        lost = pixels[rows_, columns_].min(axis=1) >= 252
        smear[number, seen] = np.hypot((blur_px + 0.3) / surface.px_per_mm(mm[seen]), error[number, seen]) + 3.0 * lost
        smear[number] = cv2.GaussianBlur(
            np.where(np.isfinite(smear[number]), smear[number], 99.0).reshape(rows, columns), (0, 0), 1.5
        ).ravel()
        smear[number, ~seen] = np.inf
    best = smear.argmin(axis=0)
    shown = np.isfinite(smear[best, np.arange(rows * columns)])
    owner = np.where(shown, best, -1).astype(np.int16).reshape(rows, columns)
    chosen = np.where(shown, error[best, np.arange(rows * columns)], np.nan).reshape(rows, columns)
    return owner, chosen


def _enlarged(cells: NDArray[np.bool_], size: Sequence[int]) -> NDArray[np.bool_]:
    rows, columns = cells.shape
    full = cv2.resize(cells.astype(np.uint8), (columns * _STEP, rows * _STEP), interpolation=cv2.INTER_NEAREST)
    return np.asarray(full[: size[1], : size[0]] > 0)
