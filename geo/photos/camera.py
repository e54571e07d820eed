"""What a camera wrote beside the picture: time and place, as far as they can be believed (EXIF 2.32)."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from PIL import ExifTags, Image

from geo.domain.clock import KYRGYZSTAN
from geo.domain.monitoring_codes import PhotoTime
from geo.photos.photograph import CameraFacts

__all__ = ["READING_ERRORS", "camera_facts", "orientation_of"]

READING_ERRORS = (
    *(OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(struct.error, RecursionError),
)
"""What a damaged block of facts makes the imaging library raise."""
_FIRST_YEAR = 1995
"""Of the EXIF standard; a camera with an empty clock says 1970 or 1980."""
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")


def orientation_of(exif: Image.Exif) -> int:
    """Return how the stored rows lie, 1 to 8; 1 where nothing sensible is said."""
    stated = exif.get(ExifTags.Base.Orientation, 1)
    return stated if isinstance(stated, int) and 1 <= stated <= 8 else 1


def camera_facts(exif: Image.Exif) -> CameraFacts:
    """Return time and place; what is damaged or impossible is left out, for the picture itself still counts."""
    camera, place = _block(exif, ExifTags.IFD.Exif), _block(exif, ExifTags.IFD.GPSInfo)
    lon = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), limit=180)
    lat = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), limit=90)
    # Off the coast of Africa, at 0 0, lie all the receivers that had no fix.
    known = lon is not None and lat is not None and (lon, lat) != (0, 0)
    accuracy = _number(place.get(ExifTags.GPS.GPSHPositioningError)) if known else None
    taken_at, source = _time(exif, camera, place)
    return CameraFacts(
        taken_at=taken_at,
        time_source=source,
        lon=lon if known else None,
        lat=lat if known else None,
        accuracy_m=accuracy if accuracy is not None and 0 < accuracy < 1e6 else None,
    )


def _block(exif: Image.Exif, tag: int) -> Mapping[int, object]:
    try:
        return dict(exif.get_ifd(tag))
    except READING_ERRORS:
        return {}


def _time(
    exif: Image.Exif, camera: Mapping[int, object], place: Mapping[int, object]
) -> tuple[datetime | None, PhotoTime | None]:
    satellite = _satellite_time(place)
    if satellite is not None:
        return satellite, PhotoTime.SATELLITE
    local = _camera_time(camera.get(ExifTags.Base.DateTimeOriginal)) or _camera_time(_changed(exif))
    if local is None:
        return None, None
    zone = _zone(camera.get(ExifTags.Base.OffsetTimeOriginal) or camera.get(ExifTags.Base.OffsetTime))
    moment = local.replace(tzinfo=zone or KYRGYZSTAN)
    if not _believable(moment):
        return None, None
    return moment.astimezone(UTC), PhotoTime.CAMERA if zone is None else PhotoTime.CAMERA_WITH_ZONE


def _changed(exif: Image.Exif) -> object:
    try:
        return exif.get(ExifTags.Base.DateTime)
    except READING_ERRORS:
        return None


def _satellite_time(place: Mapping[int, object]) -> datetime | None:
    day = _words(place.get(ExifTags.GPS.GPSDateStamp))
    try:
        hours, minutes, seconds = (float(part) for part in place[ExifTags.GPS.GPSTimeStamp])  # type: ignore[attr-defined]
        midnight = datetime.strptime(day, "%Y:%m:%d").replace(tzinfo=UTC)
        if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
            return None
        moment = midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except READING_ERRORS:
        return None
    return moment if _believable(moment) else None


def _camera_time(value: object) -> datetime | None:
    try:
        return datetime.strptime(_words(value), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _believable(moment: datetime) -> bool:
    # A day's grace for a clock in another time zone.
    return moment.year >= _FIRST_YEAR and moment <= datetime.now(UTC) + timedelta(days=1)


def _zone(value: object) -> timezone | None:
    found = _ZONE.fullmatch(_words(value))
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-ahead if found[1] == "-" else ahead)


def _degrees(parts: object, reference: object, *, limit: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    except READING_ERRORS:
        return None
    if not (degrees >= 0 and 0 <= minutes <= 60 and 0 <= seconds <= 60):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if _words(reference).upper() in {"S", "W"}:
        value = -value
    return value if math.isfinite(value) and abs(value) <= limit else None


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except READING_ERRORS:
        return None
    return number if math.isfinite(number) else None


def _words(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return str(value).strip("\0 ") if value is not None else ""
