"""A photograph as it is read, and the bounds of reading one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geo.domain.monitoring_codes import PhotoTime

__all__ = ["LARGE_PX", "SMALL_PX", "CameraFacts", "PhotoLimits", "Photograph"]

LARGE_PX = 1600
"""Longer side of the copy to look at."""
SMALL_PX = 320
"""Longer side of the copy for lists."""


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """How much a photograph may ask for.

    Parameters
    ----------
    megabytes
        Of the file; 50 megapixels of a phone take 25.
    megapixels
        Of the picture.
    seconds
        Of computing time for decoding it and making the copies.
    memory_mb
        For the same, beside what the program itself takes.
    """

    megabytes: int = 30
    megapixels: int = 64
    seconds: int = 20
    memory_mb: int = 1200


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What the camera wrote beside the picture, as far as it can be believed.

    Parameters
    ----------
    taken_at
        With time zone.
    time_source
        What it rests on; None without a time.
    lon, lat
        Degrees, EPSG:4326; both or none.
    accuracy_m
        Of the place, as the camera says.
    """

    taken_at: datetime | None = None
    time_source: PhotoTime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph that was read.

    Parameters
    ----------
    format
        By its content: JPEG, PNG, WEBP or HEIF.
    width_px, height_px
        Of the upright picture.
    facts
        From its metadata.
    large, small
        JPEG files in sRGB, upright, without any metadata, their longer side at most 1600 and 320 pixels.
    """

    format: str
    width_px: int
    height_px: int
    facts: CameraFacts
    large: bytes
    small: bytes
