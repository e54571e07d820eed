"""Write a placed sheet for other programs: every file whole, or none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from pyproj import CRS

from geo.errors import Failed
from geo.storage.whole_file import whole_files
from sketch_import.control_points import ground_array, qgis_points
from sketch_import.exports.annotation import georeference_annotation
from sketch_import.exports.formats import PICTURE_SUFFIXES, ExportFormat, format_of
from sketch_import.exports.pictures import needs_own_picture, picture_bytes, refuse_another_picture
from sketch_import.exports.world_file import WorldFile, world_file
from sketch_import.photo import Photo
from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray
from sketch_import.warping import write_geotiff

__all__ = ["Exported", "export_sheet"]

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    format
        Of the file that was asked for.
    files
        That file first, then what goes with it.
    crs
        Of the coordinates in it.
    rms_m, worst_m
        How far it is from the placement within the control points; None where it says the same.
    """

    format: ExportFormat
    files: tuple[Path, ...]
    crs: str
    rms_m: float | None = None
    worst_m: float | None = None


def export_sheet(
    photo: Photo,
    placement: Placement,
    path: Path,
    *,
    original: Path | bytes | None = None,
    image_id: str | None = None,
    approximate: bool = False,
) -> Exported:
    """Write a placed sheet in the format that the extension of a file asks for.

    Parameters
    ----------
    photo
        The upright photo that was placed.
    placement
        Where it lies.
    path
        ``.tif``: cloud-optimised GeoTIFF in the UTM zone. ``.points``: control points for QGIS, in metres of that
        zone, so that QGIS solves the same transform. ``.json``: Georeference Annotation. ``.jgw``, ``.pgw``,
        ``.tfw``: world file with ``.prj`` and the picture.
    original
        The file the photo came from, or its bytes: copied where a picture goes with the export and none needs
        to be made.
    image_id
        For the annotation: address of the picture's image service; without it, the hash names the picture.
    approximate
        See `world_file`.

    Raises
    ------
    geo.errors.Refused
        ``sheet_export.*``: unknown extension, a method that the format cannot say, a picture in the way;
        ``warp.nothing_upright``.
    geo.errors.Failed
        ``sheet_export.cannot_write``; nothing was changed.
    """
    wanted = format_of(path)
    utm = f"EPSG:{placement.metres.epsg}"
    laid = world_file(placement, approximate=approximate) if wanted is ExportFormat.WORLD_FILE else None
    texts = _texts(wanted, placement, path, laid, image_id=image_id or f"urn:sha256:{photo.sha256}")
    try:
        beside = _picture_beside(wanted, photo, path, original)
        for name, content in beside.items():
            refuse_another_picture(path.parent / name, content)
        with whole_files(path.parent) as draft:
            if wanted is ExportFormat.GEOTIFF:
                write_geotiff(photo.pixels, placement, draft / path.name)
            for name, text in texts.items():
                (draft / name).write_text(text, encoding="utf-8")
            for name, content in beside.items():
                (draft / name).write_bytes(content)
    except OSError as error:
        raise Failed("sheet_export.cannot_write", path=str(path)) from error
    others = [path.parent / name for name in (*texts, *beside) if name != path.name]
    bent = laid is not None and laid.worst_m > 0
    return Exported(
        format=wanted,
        files=(path, *others),
        crs="EPSG:4326" if wanted is ExportFormat.ANNOTATION else utm,
        rms_m=laid.rms_m if laid is not None and bent else None,
        worst_m=laid.worst_m if laid is not None and bent else None,
    )


def _texts(
    wanted: ExportFormat, placement: Placement, path: Path, laid: WorldFile | None, *, image_id: str
) -> dict[str, str]:
    if wanted is ExportFormat.QGIS_POINTS:
        misses = _misses_px(placement)
        return {path.name: qgis_points(placement.control_points, residuals=misses, metres=placement.metres)}
    if wanted is ExportFormat.ANNOTATION:
        annotation = georeference_annotation(placement, image_id=image_id)
        return {path.name: json.dumps(annotation, ensure_ascii=False, allow_nan=False, indent=1) + "\n"}
    if laid is not None:
        crs = CRS.from_epsg(laid.epsg)
        picture = path.with_suffix(PICTURE_SUFFIXES[path.suffix.lower()]).name
        return {
            path.name: laid.text,
            # ESRI's programs read the one, GDAL and with it QGIS the other.
            path.with_suffix(".prj").name: crs.to_wkt("WKT1_ESRI") + "\n",
            f"{picture}.aux.xml": f"<PAMDataset><SRS>{escape(crs.to_wkt('WKT1_GDAL'))}</SRS></PAMDataset>\n",
        }
    return {}


def _misses_px(placement: Placement) -> FloatArray:
    """Return how far each point is off in pixels, x right, y down; zero where the way back is not known."""
    transform = placement.transform
    given = placement.metres.from_lonlat(ground_array(placement.control_points))
    return np.nan_to_num(transform.inverse(given) - transform.pixels)


def _picture_beside(wanted: ExportFormat, photo: Photo, path: Path, original: Path | bytes | None) -> dict[str, bytes]:
    if wanted is ExportFormat.WORLD_FILE:
        name = path.with_suffix(PICTURE_SUFFIXES[path.suffix.lower()]).name
    elif wanted is ExportFormat.QGIS_POINTS and needs_own_picture(photo):
        # QGIS finds village.jpg.points by itself beside village.jpg.
        name = path.stem if Path(path.stem).suffix.lower() in _PICTURES else f"{path.stem}.jpg"
    else:
        return {}
    here = isinstance(original, Path) and (path.parent / name).resolve() == original.resolve()
    if here and not needs_own_picture(photo):
        return {}
    stored = original.read_bytes() if isinstance(original, Path) else original
    return {name: picture_bytes(photo, Path(name).suffix.lower(), original=stored)}
