"""Raster tiles in one file, MBTiles or PMTiles, as a base map."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
from affine import Affine
from PIL import Image, UnidentifiedImageError
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.warp import reproject

from geo.errors import Refused
from maps.print.base_map import BaseMap, pale_picture
from maps.print.base_raster import coverage_warnings, picture_grid
from maps.print.ground import Ground
from maps.print.tile_files import TileFile, open_tiles

__all__ = ["read_tiles"]

_HALF_WORLD = math.pi * 6378137.0
_MOST_TILES = 400
_MOST_TILE_SIDE = 1024

Bytes = npt.NDArray[np.uint8]


def read_tiles(path: Path, ground: Ground) -> BaseMap:
    """Read raster tiles as `read_base` does."""
    transform, width, height = picture_grid(ground)
    with open_tiles(path) as tiles:
        columns, rows, zoom = _needed(ground, tiles, metres_per_pixel=transform.a)
        mosaic = _mosaic(path, tiles, columns, rows, zoom)
    if mosaic is None:
        raise Refused("printing.base_elsewhere", path=path)
    side = 2 * _HALF_WORLD / 2**zoom
    pixel = side / (mosaic.shape[1] / len(columns))
    origin = Affine(pixel, 0, columns[0] * side - _HALF_WORLD, 0, -pixel, _HALF_WORLD - rows[0] * side)
    warped = np.zeros((4, height, width), np.uint8)
    reproject(
        np.ascontiguousarray(np.moveaxis(mosaic, -1, 0)),
        warped,
        src_transform=origin,
        src_crs="EPSG:3857",
        dst_transform=transform,
        dst_crs=f"EPSG:{ground.epsg}",
        resampling=Resampling.bilinear,
    )
    rgb, covered = np.ascontiguousarray(np.moveaxis(warped[:3], 0, -1)), warped[3]
    return BaseMap(picture=pale_picture(rgb, covered), warnings=coverage_warnings(path, covered))


def _needed(ground: Ground, tiles: TileFile, *, metres_per_pixel: float) -> tuple[range, range, int]:
    frame = ground.frame
    share = np.linspace(0, 1, 11)
    edge = [(frame.x + s * frame.width, y) for s in share for y in (frame.y, frame.bottom)]
    edge += [(x, frame.y + s * frame.height) for s in share for x in (frame.x, frame.right)]
    lonlat = ground.to_lonlat(edge)
    turn = Transformer.from_crs(4326, 3857, always_xy=True)
    x, y = (np.asarray(axis) for axis in turn.transform(lonlat[:, 0], lonlat[:, 1]))
    # Mercator stretches by the secant of the latitude; a zoom that is a little too coarse is still sharp in pale print.
    wanted = 1.3 * metres_per_pixel / math.cos(math.radians(float(lonlat[:, 1].mean())))
    zoom = math.ceil(math.log2(2 * _HALF_WORLD / 256 / wanted))
    zoom = min(max(zoom, tiles.lowest), tiles.highest)
    while True:
        side = 2 * _HALF_WORLD / 2**zoom
        last = 2**zoom - 1
        first_column, last_column = (int((edge + _HALF_WORLD) // side) for edge in (x.min(), x.max()))
        first_row, last_row = (int((_HALF_WORLD - edge) // side) for edge in (y.max(), y.min()))
        columns = range(max(first_column, 0), min(last_column, last) + 1)
        rows = range(max(first_row, 0), min(last_row, last) + 1)
        if len(columns) * len(rows) <= _MOST_TILES or zoom == tiles.lowest:
            return columns, rows, zoom
        zoom -= 1


def _mosaic(path: Path, tiles: TileFile, columns: range, rows: range, zoom: int) -> Bytes | None:
    if len(columns) * len(rows) > _MOST_TILES:
        raise Refused("printing.base_too_detailed", path=path)
    mosaic: Bytes | None = None
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            content = tiles.get(zoom, column, row)
            if not content:
                continue
            tile = _picture(path, content)
            side = tile.shape[0]
            if mosaic is None:
                mosaic = np.zeros((side * len(rows), side * len(columns), 4), np.uint8)
            if tile.shape[:2] != (mosaic.shape[0] // len(rows),) * 2:
                raise Refused("printing.base_unreadable", path=path)
            mosaic[i * side : (i + 1) * side, j * side : (j + 1) * side] = tile
    return mosaic


def _picture(path: Path, content: bytes) -> Bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            if max(picture.size) > _MOST_TILE_SIDE:
                raise Refused("printing.base_unreadable", path=path)
            return np.asarray(picture.convert("RGBA"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("printing.base_unreadable", path=path) from error
