"""Resample the sheet onto a ground raster."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray
from sketch_import.warping.lookup import Lookup, Raster

__all__ = ["BLOCK", "raster_of", "resample", "right_way_up"]

BLOCK = 512
_ONE_MAP: Any = None
"""Instead of a second map: x and y are in the first. The stubs of the library do not know this form."""
_NODES_ACROSS = 65
_MAX_GROWTH = 2.5
"""A turned or sheared sheet fills its bounding rectangle badly; beyond this many times its own pixels the
raster gets coarser instead."""


def right_way_up(placement: Placement) -> tuple[FloatArray, FloatArray]:
    """Return pixels all over the image, shape (n, 2), and their metres, where the sheet is not folded over."""
    width, height = placement.image_size
    axes = (np.linspace(0, width, _NODES_ACROSS), np.linspace(0, height, _NODES_ACROSS))
    pixels = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    metres = placement.transform.forward(pixels)
    sound = (placement.transform.orientation(pixels) > 0) & np.isfinite(metres).all(axis=1)
    return pixels[sound], metres[sound]


def raster_of(places: FloatArray, *, sheet_area_px: float, resolution: float, max_side: int = 30000) -> Raster:
    """Return the smallest raster over places, shape (n, 2), with about as many pixels as the sheet has.

    Parameters
    ----------
    places
        Ground coordinates that must lie inside.
    sheet_area_px
        Number of pixels of the sheet.
    resolution
        Side of a ground pixel that keeps the detail of the sheet.
    max_side
        Largest number of columns or rows.
    """
    west, south = places.min(axis=0)
    east, north = places.max(axis=0)
    extent = np.array([east - west, north - south])
    coarsest = np.sqrt(extent.prod() / (_MAX_GROWTH * sheet_area_px))
    side = max(resolution, float(coarsest), float(extent.max()) / max_side)
    width, height = (int(count) for count in np.maximum(1, np.ceil(extent / side - 1e-6)))
    return Raster(west=float(west), north=float(north), resolution=side, width=width, height=height)


def resample(pixels: npt.NDArray[np.uint8], lookup: Lookup) -> npt.NDArray[np.uint8]:
    """Fill a ground raster from the sheet, by linear interpolation.

    Parameters
    ----------
    pixels
        The upright image, shape (height, width, channels).
    lookup
        Where each ground pixel looks.

    Returns
    -------
    NDArray
        Planes, shape (channels + 1, rows, columns): the channels and an opacity of 0 outside the sheet
        and 255 on it.
    """
    raster = lookup.raster
    height, width, channels = pixels.shape
    planes = np.empty((channels + 1, raster.height, raster.width), dtype=np.uint8)
    for first in range(0, raster.height, BLOCK):
        last = min(first + BLOCK, raster.height)
        sheet = lookup.rows(first, last)
        planes[channels, first:last] = cv2.inRange(sheet, (0.0, 0.0), (float(width), float(height)))
        # Sheet pixels count from the corner of the first pixel, the library from its centre.
        sheet -= 0.5
        block = cv2.remap(pixels, sheet, _ONE_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cv2.mixChannels(
            [block],
            [planes[channel, first:last] for channel in range(channels)],
            [index for channel in range(channels) for index in (channel, channel)],
        )
    return planes
