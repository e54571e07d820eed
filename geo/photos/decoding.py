"""The process that decodes one picture: standard input to facts and copies on standard output, within bounds.

The libraries behind HEIC, WebP and colour profiles are large, and a file can be made to keep them busy or to fill them
up. No check of headers is enough; the operating system keeps the bounds, and a crash takes nobody else along.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageFile

from geo.photos.camera import READING_ERRORS, camera_facts, orientation_of
from geo.photos.copies import jpeg_copy, plain_pixels, upright
from geo.photos.kinds import PictureKind
from geo.photos.photograph import LARGE_PX, SMALL_PX, CameraFacts, Photograph

__all__ = ["TooLarge", "answer", "decode"]


class TooLarge(Exception):
    """The picture has more pixels than it may."""


def answer(*, kind: str, megapixels: int, memory_mb: int, seconds: int) -> None:
    """Be the process; never returns."""
    _keep_bounds(memory_mb=memory_mb, seconds=seconds)
    try:
        photo = decode(os.fdopen(0, "rb"), PictureKind(kind), megapixels=megapixels)
    except TooLarge:
        _send({"refused": "too_large"})
    except MemoryError:
        _send({"refused": "too_heavy"})
    except Exception:  # whatever else a damaged file makes a library do
        _send({"refused": "unreadable"})
    else:
        facts = photo.facts
        _send(
            {
                "width": photo.width_px,
                "height": photo.height_px,
                "taken_at": facts.taken_at.isoformat() if facts.taken_at else None,
                "time_source": facts.time_source,
                "lon": facts.lon,
                "lat": facts.lat,
                "accuracy_m": facts.accuracy_m,
                "large": len(photo.large),
                "small": len(photo.small),
            },
            photo.large,
            photo.small,
        )
    # At once: a library whose file was damaged may not survive its own tidying up.
    os._exit(0)


def decode(file: BinaryIO, kind: PictureKind, *, megapixels: int) -> Photograph:
    """Decode a picture and make its copies, in this process.

    Parameters
    ----------
    file
        Open at its beginning.
    kind
        What its first bytes say it is; no other decoder gets to see it.
    megapixels
        The most it may have.

    Raises
    ------
    TooLarge
        It has more pixels, by its header.
    """
    if kind is PictureKind.HEIF:
        import pillow_heif  # noqa: PLC0415 -- by whoever reads HEIC

        pillow_heif.register_heif_opener()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = megapixels * 1_000_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=[kind.value]) as image:
                return _read(image, kind, megapixels=megapixels)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooLarge from error


def _read(image: Image.Image, kind: PictureKind, *, megapixels: int) -> Photograph:
    width, height = image.size
    if width * height > megapixels * 1_000_000:
        raise TooLarge
    facts, orientation = CameraFacts(), 1
    try:
        exif = image.getexif()
        facts, orientation = camera_facts(exif), orientation_of(exif)
    except READING_ERRORS:
        pass  # a damaged block of facts is no reason to refuse the picture
    # A JPEG can be unpacked at a half, a quarter or an eighth of its size.
    image.draft(None, (LARGE_PX, LARGE_PX))
    image.load()
    # Shrunk before it is turned: an eighth of the memory.
    whole = plain_pixels(image)
    whole.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.LANCZOS)
    shown = upright(whole, orientation)
    return Photograph(
        format=kind.value,
        width_px=height if orientation >= 5 else width,
        height_px=width if orientation >= 5 else height,
        facts=facts,
        large=jpeg_copy(shown, LARGE_PX),
        small=jpeg_copy(shown, SMALL_PX),
    )


def _send(line: dict[str, Any], *parts: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(line).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


def _keep_bounds(*, memory_mb: int, seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415 -- not everywhere
    except ImportError:  # Windows: the clock of the parent alone
        return
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 4096
    try:
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123
            own = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        pass
    resource.setrlimit(resource.RLIMIT_AS, (own + memory_mb * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
