"""A placed sheet for other programs: GeoTIFF, QGIS control points, Georeference Annotation, world file."""

from sketch_import.exports.annotation import georeference_annotation
from sketch_import.exports.formats import ExportFormat, format_of
from sketch_import.exports.world_file import WorldFile, world_file
from sketch_import.exports.writing import Exported, export_sheet

__all__ = [
    "ExportFormat",
    "Exported",
    "WorldFile",
    "export_sheet",
    "format_of",
    "georeference_annotation",
    "world_file",
]
