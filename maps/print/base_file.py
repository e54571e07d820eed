"""A base map from a file on this computer, whatever its format."""

from __future__ import annotations

from pathlib import Path

from geo.errors import NotFound, Refused
from geo.i18n import Language
from maps.print.base_map import BaseMap
from maps.print.ground import Ground

__all__ = ["BASE_FORMATS", "read_base"]

_RASTER = {".tif", ".tiff"}
_TILES = {".mbtiles", ".pmtiles"}
_VECTOR = {".gpkg", ".geojson", ".json", ".shp"}
BASE_FORMATS = ".tif, .tiff, .mbtiles, .pmtiles, .gpkg, .geojson, .shp"
"""What a base map may be, for messages."""


def read_base(path: Path, ground: Ground, language: Language) -> BaseMap:
    """Read a base map and fit it to a frame, in pale colours.

    Parameters
    ----------
    path
        GeoTIFF in any CRS, raster tiles as MBTiles or PMTiles, or lines and areas as GeoPackage, GeoJSON or
        shapefile. Never the live store: see `geo.exchange.read_vector_file`.
    ground
        The frame and where it lies, such as the layout of a sheet.
    language
        Of names on it, where the file has several.

    Raises
    ------
    NotFound
        There is no such file.
    Refused
        It cannot be read, does not say where it lies, has vector tiles, or has nothing within the frame.
    """
    if not path.is_file():
        raise NotFound("printing.base_missing", path=path)
    kind = path.suffix.lower()
    # Libraries that take a second to load: only for who has a base map, and only the one that reads it.
    if kind in _RASTER:
        from maps.print.base_raster import read_raster  # noqa: PLC0415

        return read_raster(path, ground)
    if kind in _TILES:
        from maps.print.base_tiles import read_tiles  # noqa: PLC0415

        return read_tiles(path, ground)
    if kind in _VECTOR:
        from maps.print.base_vector import read_vector  # noqa: PLC0415

        return read_vector(path, ground, language)
    raise Refused("printing.base_format", path=path, formats=BASE_FORMATS)
