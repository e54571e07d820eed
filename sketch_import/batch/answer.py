"""What comes back of a photo, wherever it was read."""

from __future__ import annotations

from dataclasses import dataclass

from geo.i18n import Text
from sketch_import.batch.listing import BatchPhoto
from sketch_import.batch.unit import ReadBytes

__all__ = ["MAX_BYTES", "Answer", "Trouble", "photo_bytes"]

MAX_BYTES = 256_000_000
"""Of a photo in a batch: several are in memory at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A photo could not be read for a reason that does not lie in what it shows."""

    text: Text
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A photo, and what it gave."""

    photo: BatchPhoto
    result: ReadBytes | Trouble


def photo_bytes(photo: BatchPhoto) -> bytes | Trouble:
    """Read the file of a photo; what stands against it comes back in words."""
    try:
        size = photo.path.stat().st_size
        if size > MAX_BYTES:
            numbers = {"megabytes": size // 1_000_000, "limit": MAX_BYTES // 1_000_000}
            return Trouble(Text("batch.photo_too_large", {"path": photo.name, **numbers}))
        return photo.path.read_bytes()
    except OSError as error:
        key = "image.missing" if isinstance(error, FileNotFoundError) else "image.no_access"
        return Trouble(Text(key, {"path": photo.name}))
