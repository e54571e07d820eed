"""Load a photograph or a scan of a drawing from a file or from bytes."""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import TypeAlias

from geo.errors import Failed, Refused
from sketch_import.photo.apart import decode_apart
from sketch_import.photo.decoding import Decoded, decode
from sketch_import.photo.headers import HEADER_BYTES, Container, container_of
from sketch_import.photo.limits import MAX_BYTES
from sketch_import.photo.photo import Photo

__all__ = ["load_photo", "load_photo_bytes"]

_File: TypeAlias = io.BufferedReader | io.BytesIO
_DECODED_APART = frozenset({Container.PDF, Container.TIFF, Container.HEIF})
_PHONE_BYTES = 48_000_000
"""A larger file of any kind is decoded apart: even its headers may take a while to walk through."""


def load_photo(path: Path, *, page: int | None = None) -> Photo:
    """Load a photo or a scan from a file.

    JPEG, PNG, TIFF, HEIC, WebP, GIF, BMP and PDF. Transparency is laid on white paper; 16-bit, palette and CMYK
    images become 8-bit RGB. Of a JPEG or HEIC with several pictures the main one is taken.

    Parameters
    ----------
    path
        File to read.
    page
        Page of a PDF or TIFF, counted from 1; needed only where there are several.

    Returns
    -------
    Photo
        RGB uint8 pixels (h, w, 3), upright by the EXIF orientation.

    Raises
    ------
    Refused
        ``image.missing``, ``image.empty``, ``image.not_image``, ``image.file_too_large``, ``image.zero_size``,
        ``image.too_large`` (decided from the header, before any pixel is decoded), ``image.animated``,
        ``image.which_page``, ``image.no_such_page``, ``image.too_many_pages``, ``image.pdf_locked``,
        ``image.pdf_page_size``, ``image.truncated``, ``image.unreadable``, ``image.too_heavy``.
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
        return _load(file, page=page, name=str(path))


def load_photo_bytes(data: bytes, *, name: str, page: int | None = None) -> Photo:
    """Load a photo from bytes, such as an upload; `name` is what messages call it.

    Raises the same errors as :func:`load_photo`.
    """
    return _load(io.BytesIO(data), page=page, name=name)


def _load(file: _File, *, page: int | None, name: str) -> Photo:
    header = file.read(HEADER_BYTES)
    if not header:
        raise Refused("image.empty", path=name)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    container = container_of(header)
    if container is None:
        raise Refused("image.not_image", path=name)
    if size > MAX_BYTES:
        raise Refused("image.file_too_large", path=name, megabytes=size // 1_000_000, limit=MAX_BYTES // 1_000_000)
    if container in _DECODED_APART or size > _PHONE_BYTES:
        decoded = _decode_apart(file, container, page=page, name=name)
    else:
        decoded = decode(file, container, page=page, name=name)
    file.seek(0)
    return Photo(
        pixels=decoded.pixels,
        format=decoded.format,
        sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        exif=decoded.exif,
        page=decoded.page,
        pages=decoded.pages,
    )


def _decode_apart(
    file: io.BufferedReader | io.BytesIO, container: Container, *, page: int | None, name: str
) -> Decoded:
    if not isinstance(file, io.BytesIO):
        return decode_apart(file, container, page=page, name=name)
    with tempfile.TemporaryFile() as copy:
        copy.write(file.getbuffer())
        copy.flush()
        return decode_apart(copy, container, page=page, name=name)
