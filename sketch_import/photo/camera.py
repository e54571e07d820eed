"""What a camera wrote beside the picture, as far as it can be believed."""

from __future__ import annotations

import math
import struct
from datetime import datetime, timedelta

from PIL import ExifTags, Image

from sketch_import.photo.photo import ExifFacts

__all__ = ["exif_facts"]

_READING_ERRORS = (
    *(OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(struct.error, RecursionError),
)
_FIRST_YEAR = 1995
"""Of the EXIF standard; a camera with an empty clock says 1970 or 1980."""


def exif_facts(image: Image.Image) -> ExifFacts:
    """Read orientation, time and place of a picture that is open; what cannot be is left out.

    A damaged block of facts is no reason to refuse the picture: it stands as its rows are stored.
    """
    try:
        exif = image.getexif()
        stated = exif.get(ExifTags.Base.Orientation, 1)
        changed = exif.get(ExifTags.Base.DateTime)
    except _READING_ERRORS:
        return ExifFacts()
    camera, place = _block(exif, ExifTags.IFD.Exif), _block(exif, ExifTags.IFD.GPSInfo)
    lon = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), limit=180)
    lat = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), limit=90)
    # Off the coast of Africa, at 0 0, lie all the receivers that had no fix.
    known = lon is not None and lat is not None and (lon, lat) != (0, 0)
    return ExifFacts(
        # A HEIC decoder turns the image itself and leaves its remark in the tag at 1.
        orientation=stated if isinstance(stated, int) and 1 <= stated <= 8 else 1,
        taken_at=_camera_time(camera.get(ExifTags.Base.DateTimeOriginal)) or _camera_time(changed),
        lon=lon if known else None,
        lat=lat if known else None,
    )


def _block(exif: Image.Exif, tag: int) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(tag))
    except _READING_ERRORS:
        return {}


def _camera_time(value: object) -> datetime | None:
    try:
        time = datetime.strptime(str(value).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    # A day's grace: the camera's clock names no time zone.
    return time if time.year >= _FIRST_YEAR and time <= datetime.now() + timedelta(days=1) else None


def _degrees(parts: object, reference: object, *, limit: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ArithmeticError):
        return None
    if not (degrees >= 0 and 0 <= minutes <= 60 and 0 <= seconds <= 60):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if isinstance(reference, bytes):
        reference = reference.decode("ascii", "replace")
    if str(reference).strip("\0 ").upper() in {"S", "W"}:
        value = -value
    return value if math.isfinite(value) and abs(value) <= limit else None
