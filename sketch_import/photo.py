"""Load a photograph of a drawing: upright RGB pixels, or a refusal that says what is wrong."""

from __future__ import annotations

import hashlib
import io
import logging
import math
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from geo.errors import Failed, Refused

__all__ = ["MAX_MEGAPIXELS", "ExifFacts", "Photo", "load_photo", "load_photo_bytes"]

MAX_MEGAPIXELS = 64
"""Larger than phone cameras deliver in one frame; decoded it takes 192 MB."""

# Only formats that a camera, a scanner or a messenger writes: the library can open more, some by
# starting other programs. A JPEG of several pictures (MPO) is opened by the JPEG plug-in.
_FORMATS = ("JPEG", "PNG", "TIFF", "HEIF", "WEBP", "GIF", "BMP")
_SIGNATURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"MM\0*",
    b"GIF8",
    b"BM",
    b"RIFF",
)
_DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)
_HEADER_BYTES = 65536
_JPEG_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

pillow_heif.register_heif_opener()
# What is wrong with a file is said by the refusal; a log that nobody set up would print its own words beside it.
logging.getLogger("PIL").addHandler(logging.NullHandler())


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
    """Format by the name of the imaging library: JPEG, PNG, TIFF, HEIF, WEBP, …"""
    sha256: str
    """Hash of the original bytes, hexadecimal."""
    exif: ExifFacts

    @property
    def width(self) -> int:
        """Columns of the upright image."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows of the upright image."""
        return int(self.pixels.shape[0])


def load_photo(path: Path) -> Photo:
    """Load a photo from a file.

    JPEG, PNG, TIFF, HEIC, WebP, GIF and BMP; of an animated file the first frame. Transparency is
    laid on white paper, 16-bit, palette and CMYK images become 8-bit RGB.

    Parameters
    ----------
    path
        File to read.

    Returns
    -------
    Photo
        RGB uint8 pixels (h, w, 3), upright by the EXIF orientation.

    Raises
    ------
    Refused
        ``image.missing``, ``image.empty``, ``image.not_image``, ``image.zero_size``,
        ``image.too_large`` (decided from the header, before any pixel is decoded),
        ``image.truncated``, ``image.unreadable``.
    Failed
        ``image.no_access``: the file is there but may not be read.
    """
    try:
        # To open a pipe is to wait for whoever fills it, perhaps for ever.
        if path.exists() and not path.is_file():
            raise Refused("image.not_image", path=str(path))
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Refused("image.missing", path=str(path)) from error
    except OSError as error:
        raise Failed("image.no_access", path=str(path)) from error
    with file:
        return _load(file, name=str(path))


def load_photo_bytes(data: bytes, *, name: str) -> Photo:
    """Load a photo from bytes, such as an upload; `name` is what messages call it.

    Raises the same errors as :func:`load_photo`.
    """
    return _load(io.BytesIO(data), name=name)


def _load(file: io.BufferedReader | io.BytesIO, *, name: str) -> Photo:
    header = file.read(_HEADER_BYTES)
    if not header:
        raise Refused("image.empty", path=name)
    file.seek(0)
    with _strict_size_guard(), _open(file, header, name=name) as image:
        width, height = image.size
        if width < 1 or height < 1:
            raise Refused("image.zero_size", path=name)
        if width * height > MAX_MEGAPIXELS * 1_000_000:
            raise _too_large(width * height, name=name)
        try:
            exif = _exif_facts(image)
            pixels = _upright_rgb(image, orientation=exif.orientation)
        except _DECODING_ERRORS as error:
            raise _decoding_refusal(error, name=name) from error
        kind = image.format or "?"
    file.seek(0)
    return Photo(pixels=pixels, format=kind, sha256=hashlib.file_digest(file, "sha256").hexdigest(), exif=exif)


@contextmanager
def _strict_size_guard() -> Iterator[None]:
    # The library only warns about a bomb up to twice its limit; here both are errors, and its
    # grumbling about odd metadata is not for the person at the terminal.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _open(file: io.BufferedReader | io.BytesIO, header: bytes, *, name: str) -> Image.Image:
    try:
        return Image.open(file, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        stated = re.search(r"\((\d+) pixels\)", str(error))
        raise _too_large(int(stated.group(1)) if stated else 0, name=name) from error
    except UnidentifiedImageError as error:
        if _header_says_zero_size(header):
            raise Refused("image.zero_size", path=name) from error
        known = header.startswith(_SIGNATURES) or header[4:8] == b"ftyp"
        raise Refused("image.truncated" if known else "image.not_image", path=name) from error
    except _DECODING_ERRORS as error:
        raise _decoding_refusal(error, name=name) from error


def _too_large(pixels: int, *, name: str) -> Refused:
    return Refused("image.too_large", path=name, megapixels=math.ceil(pixels / 1e6), limit=MAX_MEGAPIXELS)


def _decoding_refusal(error: Exception, *, name: str) -> Refused:
    words = str(error).lower()
    cut = isinstance(error, EOFError) or any(hint in words for hint in ("truncated", "end of file", "outside of file"))
    return Refused("image.truncated" if cut else "image.unreadable", path=name)


def _header_says_zero_size(header: bytes) -> bool:
    """Tell whether a PNG or JPEG header states no width or no height (the library just says 'unknown')."""
    if header.startswith(b"\x89PNG\r\n\x1a\n") and header[12:16] == b"IHDR" and len(header) >= 24:
        return 0 in struct.unpack(">II", header[16:24])
    if not header.startswith(b"\xff\xd8"):
        return False
    at = 2
    while at + 9 <= len(header) and header[at] == 0xFF:
        marker, length = header[at + 1], int.from_bytes(header[at + 2 : at + 4], "big")
        if marker in _JPEG_FRAME_MARKERS:
            return 0 in struct.unpack(">HH", header[at + 5 : at + 9])
        at += 2 + length
    return False


def _upright_rgb(image: Image.Image, *, orientation: int) -> NDArray[np.uint8]:
    image.seek(0)
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        rgb = Image.fromarray(_grey_to_8_bit(image)).convert("RGB")
    elif image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        rgb = Image.new("RGB", layer.size, "white")
        rgb.paste(layer, mask=layer.getchannel("A"))
    else:
        rgb = image.convert("RGB")
    if orientation != 1:
        # exif_transpose reads the tag from the image it is given, which a conversion may have lost.
        exif = rgb.getexif()
        exif[ExifTags.Base.Orientation] = orientation
        rgb = ImageOps.exif_transpose(rgb)
    return np.ascontiguousarray(np.asarray(rgb, dtype=np.uint8))


def _grey_to_8_bit(image: Image.Image) -> NDArray[np.uint8]:
    values: NDArray[np.floating] = np.nan_to_num(np.asarray(image, dtype=np.float32))
    if image.mode == "F":
        low, high = float(values.min()), float(values.max())
        full = high - low if high > low else 1.0
        values = (values - low) / full * 255
    elif image.mode.startswith("I;16") or float(values.max()) > 255:
        values = values / 257
    grey: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return grey


def _exif_facts(image: Image.Image) -> ExifFacts:
    try:
        exif = image.getexif()
        camera = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except _DECODING_ERRORS:
        return ExifFacts()
    # A HEIC decoder turns the image itself and leaves its remark in the tag at 1.
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    lon = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), limit=180)
    lat = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), limit=90)
    known = lon is not None and lat is not None
    return ExifFacts(
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        taken_at=_camera_time(camera.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)),
        lon=lon if known else None,
        lat=lat if known else None,
    )


def _camera_time(value: object) -> datetime | None:
    try:
        return datetime.strptime(str(value).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _degrees(parts: object, reference: object, *, limit: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if isinstance(reference, bytes):
        reference = reference.decode("ascii", "replace")
    if str(reference).strip("\0 ").upper() in {"S", "W"}:
        value = -value
    return value if math.isfinite(value) and abs(value) <= limit else None
