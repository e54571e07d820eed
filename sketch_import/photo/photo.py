"""What a loaded photograph is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

__all__ = ["ExifFacts", "Photo"]


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What the camera wrote down and we need."""

    orientation: int = 1
    """EXIF orientation 1–8 of the stored rows; already applied to the pixels."""
    taken_at: datetime | None = None
    """Local time of the camera, without a time zone."""
    lon: float | None = None
    """Degrees east, WGS 84."""
    lat: float | None = None
    """Degrees north, WGS 84."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright photograph.

    Pixel coordinates: x right, y down, origin at the top-left corner of the top-left pixel.
    """

    pixels: NDArray[np.uint8]
    """RGB, shape (height, width, 3), upright."""
    format: str
    """Format by the name of the imaging library: JPEG, PNG, TIFF, HEIF, WEBP, …, or PDF."""
    sha256: str
    """Hash of the original bytes, hexadecimal; pages of one file share it."""
    exif: ExifFacts
    page: int = 1
    """Which page of the file it is, counted from 1."""
    pages: int = 1
    """How many pages the file has."""

    @property
    def width(self) -> int:
        """Columns of the upright image."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows of the upright image."""
        return int(self.pixels.shape[0])
