"""A small base map as a PMTiles file, made here: plain green tiles, so that a picture tells whether they are drawn."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

__all__ = ["green_share", "write_green_map"]

GREEN = (0, 150, 40)


def write_green_map(path: Path, *, zooms: range = range(8, 15), at: tuple[float, float] = (78.23, 42.497)) -> Path:
    """Write tiles of some zooms around a place (longitude, latitude in degrees), 3 × 3 of each."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), GREEN).save(picture, "PNG")
    lon, lat = at
    places = []
    for zoom in zooms:
        column = math.floor((lon + 180) / 360 * 2**zoom)
        row = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
        places += [(zoom, column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    with path.open("wb") as file:
        writer = Writer(file)
        for tile_id in sorted(zxy_to_tileid(*place) for place in places):
            writer.write_tile(tile_id, picture.getvalue())
        edges = {"min_lon_e7": -1800000000, "min_lat_e7": -850000000, "max_lon_e7": 1800000000, "max_lat_e7": 850000000}
        zoom_edges = {"min_zoom": zooms[0], "max_zoom": zooms[-1]}
        kind = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE}
        centre = {"center_zoom": zooms[0], "center_lon_e7": round(lon * 1e7), "center_lat_e7": round(lat * 1e7)}
        writer.finalize({**kind, **zoom_edges, **edges, **centre}, {"attribution": "© Жер"})
    return path


def green_share(element: Locator) -> float:
    """Return which share of an element's picture is green, as the tiles are and paper is not."""
    with Image.open(io.BytesIO(element.screenshot())) as picture:
        red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB"), dtype=int), -1, 0)
    return float(((green > red + 15) & (green > blue + 15)).mean())
