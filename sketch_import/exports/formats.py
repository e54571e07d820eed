"""Which file is wanted, by its extension."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from geo.errors import Refused

__all__ = ["PICTURE_SUFFIXES", "ExportFormat", "format_of"]


class ExportFormat(StrEnum):
    """What other programs take of a placed sheet."""

    GEOTIFF = "geotiff"
    QGIS_POINTS = "qgis_points"
    ANNOTATION = "annotation"
    WORLD_FILE = "world_file"


_FORMATS = MappingProxyType(
    {
        ".tif": ExportFormat.GEOTIFF,
        ".tiff": ExportFormat.GEOTIFF,
        ".points": ExportFormat.QGIS_POINTS,
        ".json": ExportFormat.ANNOTATION,
        ".jgw": ExportFormat.WORLD_FILE,
        ".pgw": ExportFormat.WORLD_FILE,
        ".tfw": ExportFormat.WORLD_FILE,
    }
)
PICTURE_SUFFIXES = MappingProxyType({".jgw": ".jpg", ".pgw": ".png", ".tfw": ".tif"})
"""The picture that a world file stands beside: the first and last letter of its extension, and a w."""


def format_of(path: Path) -> ExportFormat:
    """Return the format that a file's extension asks for.

    Raises
    ------
    geo.errors.Refused
        ``sheet_export.unknown_extension``.
    """
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        raise Refused("sheet_export.unknown_extension", path=str(path), known=", ".join(_FORMATS))
    return found
