"""What the first bytes of a file say, before any library opens it."""

from __future__ import annotations

import re
import struct
from enum import StrEnum
from typing import BinaryIO

__all__ = ["HEADER_BYTES", "Container", "container_of", "jpeg_scans", "says_zero_size"]

HEADER_BYTES = 65_536
_PNG = b"\x89PNG\r\n\x1a\n"
_PDF_WITHIN = 1024
"""Readers accept the mark of a PDF anywhere in its first kilobyte (Adobe's implementation note 13)."""
_JPEG_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In coded data a 0xFF is followed by a zero, by a restart mark, or is padding; else it begins a segment.
_JPEG_SEGMENT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


class Container(StrEnum):
    """Kind of file, by what it begins with."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    HEIF = "heif"
    PDF = "pdf"


_SIGNATURES = {
    b"\xff\xd8\xff": Container.JPEG,
    _PNG: Container.PNG,
    b"GIF8": Container.GIF,
    b"BM": Container.BMP,
    b"II*\0": Container.TIFF,
    b"MM\0*": Container.TIFF,
    b"II+\0": Container.TIFF,
    b"MM\0+": Container.TIFF,
}


def container_of(header: bytes) -> Container | None:
    """Return the kind of file, None where it is none that a camera, a scanner or a messenger writes.

    >>> container_of(b"%PDF-1.7")
    <Container.PDF: 'pdf'>
    """
    if header[:4] == b"RIFF":
        return Container.WEBP if header[8:12] == b"WEBP" else None
    if header[4:8] == b"ftyp":
        return Container.HEIF
    for signature, container in _SIGNATURES.items():
        if header.startswith(signature):
            return container
    return Container.PDF if b"%PDF-" in header[:_PDF_WITHIN] else None


def says_zero_size(header: bytes) -> bool:
    """Tell whether a PNG or JPEG header states no width or no height (the library just says 'unknown')."""
    if header.startswith(_PNG) and header[12:16] == b"IHDR" and len(header) >= 24:
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


def jpeg_scans(file: BinaryIO) -> int:
    """Count the passes over the picture that a JPEG asks for; the file is read from its beginning and left there."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    scans, at = 0, 2
    while (found := _JPEG_SEGMENT.search(data, at)) is not None:
        marker, at = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            break
        scans += marker == _START_OF_SCAN
        length = int.from_bytes(data[at : at + 2], "big")
        at += max(length, 2)
    return scans
