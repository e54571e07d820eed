"""A georeferenced picture as a base map: warped so that the frame is filled exactly."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError, RasterioIOError, WarpOptionsError
from rasterio.vrt import WarpedVRT

from geo.errors import Refused
from geo.i18n import Text
from maps.print.base_map import BaseMap, pale_picture
from maps.print.ground import Ground

__all__ = ["coverage_warnings", "picture_grid", "read_raster"]

_FINEST_DPI = 200.0
_MOST_PIXELS = 16e6
_WHOLE = 0.995
"""A map that covers more of the frame than this covers it."""

Bytes = npt.NDArray[np.uint8]


def picture_grid(ground: Ground) -> tuple[Affine, int, int]:
    """Return the transform, width and height of a picture that fills the frame, in its UTM zone.

    Pixels as small as 200 to the inch on small sheets; on large ones, sixteen million in all.
    """
    frame = ground.frame
    dpi = min(_FINEST_DPI, math.sqrt(_MOST_PIXELS / (frame.width * frame.height)) * 25.4)
    width, height = (max(1, round(side / 25.4 * dpi)) for side in (frame.width, frame.height))
    (west, north), (east, south) = ground.to_grid([frame.corners[0], frame.corners[2]]).tolist()
    return Affine((east - west) / width, 0.0, west, 0.0, (south - north) / height, north), width, height


def coverage_warnings(path: Path, covered: Bytes) -> tuple[Text, ...]:
    """Return what is to be said of a map that leaves a part of the frame white.

    Raises
    ------
    Refused
        It covers nothing of it.
    """
    share = float(np.count_nonzero(covered)) / covered.size
    if share == 0:
        raise Refused("printing.base_elsewhere", path=path)
    if share < _WHOLE:
        return (Text("printing.base_partial", {"path": path, "percent": max(1, math.floor(share * 100))}),)
    return ()


def read_raster(path: Path, ground: Ground) -> BaseMap:
    """Read a GeoTIFF as `read_base` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            source = rasterio.open(path, driver="GTiff")
        except RasterioIOError as error:
            raise Refused("printing.base_unreadable", path=path) from error
        with source:
            if not source.crs or source.transform.is_identity:
                raise Refused("printing.base_no_crs", path=path)
            try:
                rgb, covered = _warp(source, ground)
            except (CRSError, WarpOptionsError) as error:
                raise Refused("printing.base_no_crs", path=path) from error
            except (RasterioError, rasterio._err.CPLE_BaseError) as error:
                raise Refused("printing.base_unreadable", path=path) from error
    said = coverage_warnings(path, covered)
    return BaseMap(picture=pale_picture(rgb, covered), warnings=said)


def _warp(source: Any, ground: Ground) -> tuple[Bytes, Bytes]:
    transform, width, height = picture_grid(ground)
    has_alpha = ColorInterp.alpha in source.colorinterp
    colours = _colour_table(source)
    with WarpedVRT(
        source,
        crs=f"EPSG:{ground.epsg}",
        transform=transform,
        width=width,
        height=height,
        resampling=Resampling.nearest if colours is not None else Resampling.bilinear,
        add_alpha=not has_alpha,
        warp_mem_limit=128,
    ) as warped:
        picture_bands = [band for band, use in enumerate(source.colorinterp, 1) if use is not ColorInterp.alpha]
        bands = picture_bands[:3] if len(picture_bands) >= 3 else picture_bands[:1]
        pixels = warped.read(bands)
        covered: Bytes = warped.dataset_mask()
    if colours is not None:
        return colours[np.minimum(pixels[0], len(colours) - 1)], covered
    if pixels.dtype != np.uint8:
        pixels = _to_bytes(pixels, covered)
    return np.ascontiguousarray(np.moveaxis(np.broadcast_to(pixels, (3, height, width)), 0, -1)), covered


def _colour_table(source: Any) -> Bytes | None:
    if source.count > 2 or source.colorinterp[0] is not ColorInterp.palette:
        return None
    table = np.full((256, 3), 255, np.uint8)
    for value, (red, green, blue, _) in source.colormap(1).items():
        if value < len(table):
            table[value] = red, green, blue
    return table


def _to_bytes(pixels: npt.NDArray[Any], covered: Bytes) -> Bytes:
    """Stretch heights, 16-bit and other values to bytes, without the brightest and darkest two percent."""
    shown = pixels[:, covered > 0]
    shown = shown[np.isfinite(shown)]
    low, high = np.percentile(shown[:: max(1, shown.size // 1_000_000)], (2, 98)) if shown.size else (0.0, 1.0)
    stretched = (np.nan_to_num(pixels.astype(np.float32)) - low) * (255 / max(high - low, 1e-9))
    return np.clip(stretched, 0, 255).astype(np.uint8)
