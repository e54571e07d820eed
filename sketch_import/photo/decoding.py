"""From an open file to upright RGB pixels, in this process."""

from __future__ import annotations

import logging
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from geo.errors import Refused
from sketch_import.photo.camera import exif_facts
from sketch_import.photo.headers import HEADER_BYTES, Container, jpeg_scans, says_zero_size
from sketch_import.photo.limits import MAX_PAGES, check_size, chosen_page, too_large
from sketch_import.photo.photo import ExifFacts

__all__ = ["DECODING_ERRORS", "Decoded", "decode", "decoding_refusal"]

# Only formats that a camera, a scanner or a messenger writes: the library can open more, some by
# starting other programs. A JPEG of several pictures (MPO) is opened by the JPEG plug-in.
_FORMATS = {
    Container.JPEG: "JPEG",
    Container.PNG: "PNG",
    Container.WEBP: "WEBP",
    Container.GIF: "GIF",
    Container.BMP: "BMP",
    Container.TIFF: "TIFF",
    Container.HEIF: "HEIF",
}
_MAY_MOVE = frozenset({Container.GIF, Container.WEBP, Container.PNG})
DECODING_ERRORS = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, AttributeError),
    *(OverflowError, struct.error, zlib.error),
)
"""What the imaging library raises at files that are not as they should be."""
_MAX_SCANS = 100
"""A progressive JPEG has about ten passes. Thousands, of a few bytes each, keep a computer busy for hours."""
_SUBFILE_TYPE = 254
_CMYK = 5
_NOT_A_PAGE = 0b101
"""Of TIFF's NewSubfileType: a smaller version of another picture, or a mask."""

# What is wrong with a file is said by the refusal; a log that nobody set up would print its own words beside it.
logging.getLogger("PIL").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Upright pixels and what else the file says."""

    pixels: NDArray[np.uint8]
    """RGB, shape (height, width, 3)."""
    format: str
    exif: ExifFacts
    page: int = 1
    pages: int = 1


def decode(file: BinaryIO, container: Container, *, page: int | None, name: str) -> Decoded:
    """Decode one picture of a file.

    Parameters
    ----------
    file
        Open at its beginning.
    container
        What its first bytes say it is; anything but a PDF.
    page
        Counted from 1; None where nothing was said.
    name
        Of the file, for messages.

    Raises
    ------
    geo.errors.Refused
        See `load_photo`.
    """
    if container is Container.HEIF:
        import pillow_heif  # noqa: PLC0415 -- by whoever reads HEIC

        pillow_heif.register_heif_opener()
    if container is Container.JPEG and jpeg_scans(file) > _MAX_SCANS:
        raise Refused("image.unreadable", path=name)
    with _strict_size_guard():
        try:
            opened = _open(file, container, name=name)
        except Refused as refusal:
            # Colours in floating point are no mode of the imaging library; GDAL may still know the file.
            if container is not Container.TIFF or refusal.key != "image.truncated":
                raise
            return _decoded_by_gdal(file, refusal, page=page, name=name)
    with _strict_size_guard(), opened as image:
        check_size(*image.size, name=name)
        try:
            if container in _MAY_MOVE and getattr(image, "n_frames", 1) > 1:
                raise Refused("image.animated", path=name, format=image.format)
            wanted, pages = 1, 1
            if container is Container.TIFF:
                wanted, pages = _turn_to_page(image, page, name=name)
            else:
                chosen_page(page, 1, name=name)
            exif = exif_facts(image)
            stored = _deep(file, image, name=name) if _is_deep(image) else _rgb(image, name=name)
            pixels = upright(stored, orientation=exif.orientation)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_large(_stated_pixels(error), name=name) from error
        except DECODING_ERRORS as error:
            raise decoding_refusal(error, name=name) from error
        return Decoded(pixels=pixels, format=image.format or "?", exif=exif, page=wanted, pages=pages)


def _is_deep(image: Image.Image) -> bool:
    bits = _tag(image, TiffImagePlugin.BITSPERSAMPLE)
    depth = max(bits) if isinstance(bits, tuple) and bits else _number(bits)
    return depth > 8 and _tag(image, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) != _CMYK


def _deep(file: BinaryIO, image: Image.Image, *, name: str) -> NDArray[np.uint8]:
    from sketch_import.photo.deep_tiff import read_deep_tiff  # noqa: PLC0415 -- brings GDAL

    return read_deep_tiff(file, directory=image.tell() + 1, name=name)


def _decoded_by_gdal(file: BinaryIO, refusal: Refused, *, page: int | None, name: str) -> Decoded:
    from sketch_import.photo.deep_tiff import read_deep_tiff  # noqa: PLC0415 -- brings GDAL

    chosen_page(page, 1, name=name)
    try:
        pixels = read_deep_tiff(file, directory=1, name=name)
    except Refused as error:
        raise (refusal if error.key == "image.unreadable" else error) from error
    return Decoded(pixels=pixels, format="TIFF", exif=ExifFacts())


@contextmanager
def _strict_size_guard() -> Iterator[None]:
    # The library only warns about a bomb up to twice its limit; here both are errors, and its
    # grumbling about odd metadata is not for the person at the terminal.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _open(file: BinaryIO, container: Container, *, name: str) -> Image.Image:
    try:
        return Image.open(file, formats=(_FORMATS[container],))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(_stated_pixels(error), name=name) from error
    except UnidentifiedImageError as error:
        file.seek(0)
        if says_zero_size(file.read(HEADER_BYTES)):
            raise Refused("image.zero_size", path=name) from error
        raise Refused("image.truncated", path=name) from error
    except DECODING_ERRORS as error:
        raise decoding_refusal(error, name=name) from error


def _stated_pixels(error: Exception) -> int:
    stated = re.search(r"\((\d+) pixels\)", str(error))
    return int(stated.group(1)) if stated else 0


def decoding_refusal(error: Exception, *, name: str) -> Refused:
    """Say of a library's error whether the file ends too early or is damaged otherwise."""
    words = str(error).lower()
    cut = isinstance(error, EOFError) or any(hint in words for hint in ("truncated", "end of file", "outside of file"))
    return Refused("image.truncated" if cut else "image.unreadable", path=name)


def _turn_to_page(image: Image.Image, page: int | None, *, name: str) -> tuple[int, int]:
    """Turn an open TIFF to the page wanted; returns it and how many there are."""
    frames: list[int] = []
    number = 0
    while len(frames) <= MAX_PAGES and number <= 10 * MAX_PAGES:
        try:
            image.seek(number)
        except EOFError:
            break
        kind = _tag(image, _SUBFILE_TYPE)
        if not (isinstance(kind, int) and kind & _NOT_A_PAGE):
            frames.append(number)
        number += 1
    wanted = chosen_page(page, max(len(frames), 1), name=name)
    image.seek(frames[wanted - 1] if frames else 0)
    check_size(*image.size, name=name)
    # A tile is unpacked whole, however little of it the picture shows.
    check_size(
        max(image.width, _number(_tag(image, TiffImagePlugin.TILEWIDTH))),
        max(1, _number(_tag(image, TiffImagePlugin.TILELENGTH))),
        name=name,
    )
    return wanted, max(len(frames), 1)


def _tag(image: Image.Image, tag: int) -> object:
    tags = getattr(image, "tag_v2", {})
    return tags.get(tag)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _rgb(image: Image.Image, *, name: str) -> NDArray[np.uint8]:
    image.load()
    check_size(*image.size, name=name)
    if image.mode.startswith("I") or image.mode == "F":
        grey = _grey_to_8_bit(image)
        return np.repeat(grey[..., None], 3, axis=2)
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return np.asarray(paper, dtype=np.uint8)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)


def _grey_to_8_bit(image: Image.Image) -> NDArray[np.uint8]:
    values: NDArray[np.floating] = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = float(values.min()), float(values.max())
    if image.mode == "F" or high > 65_535 or low < 0:
        values = (values - low) / (high - low if high > low else 1.0) * 255
    elif image.mode.startswith("I;16") or high > 255:
        values = values / 257
    grey: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return grey


def upright(pixels: NDArray[np.uint8], *, orientation: int) -> NDArray[np.uint8]:
    """Turn stored rows upright, as EXIF 2.32 (section 4.6.4 A) says of each orientation.

    Done here and not by the imaging library, which writes the facts anew and so stumbles over damaged ones.
    """
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
