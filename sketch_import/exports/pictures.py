"""The picture that an exported file stands beside.

Control points and world files of QGIS count the pixels of a file as it is stored: GDAL leaves the camera's remark
about orientation aside, and opens neither HEIC nor a page of a PDF in this way. Ours count the upright picture. So
where the two differ, the upright picture goes with the file.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from geo.errors import Refused
from sketch_import.photo import Photo

__all__ = ["needs_own_picture", "picture_bytes", "refuse_another_picture"]

_AS_STORED = frozenset({"JPEG", "MPO", "PNG", "TIFF", "BMP"})
_SUFFIXES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {"compress_level": 3},
    "TIFF": {"compression": "tiff_adobe_deflate"},
}


def needs_own_picture(photo: Photo) -> bool:
    """Tell whether the stored rows of a photo are not the upright picture that our pixels count."""
    return photo.exif.orientation != 1 or photo.format not in _AS_STORED or photo.pages > 1


def picture_bytes(photo: Photo, suffix: str, *, original: bytes | None) -> bytes:
    """Return the upright picture as a file of the suffix; the original itself where it is just that."""
    format = _SUFFIXES[suffix]
    same = {photo.format, "JPEG" if photo.format == "MPO" else photo.format}
    if original is not None and format in same and not needs_own_picture(photo):
        return original
    file = io.BytesIO()
    Image.fromarray(photo.pixels).save(file, format, **_OPTIONS[format])
    return file.getvalue()


def refuse_another_picture(path: Path, content: bytes) -> None:
    """Refuse to write over a picture that is not the one to be written.

    Raises
    ------
    geo.errors.Refused
        ``sheet_export.picture_in_the_way``.
    """
    if not path.exists():
        return
    if not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content:
        raise Refused("sheet_export.picture_in_the_way", path=str(path))
