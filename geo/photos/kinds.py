"""Which kind of picture a file is, by its first bytes: its name and what its sender calls it count for nothing."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["HEAD_BYTES", "PictureKind", "kind_of", "media_type"]

HEAD_BYTES = 64


class PictureKind(StrEnum):
    """Kinds of picture that a phone or a messenger writes; the values are what the imaging library calls them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""ISO/IEC 23008-12: pictures coded by HEVC; AVIF has brands of its own and is not taken."""
_MEDIA_TYPES = {
    PictureKind.JPEG: "image/jpeg",
    PictureKind.PNG: "image/png",
    PictureKind.WEBP: "image/webp",
    PictureKind.HEIF: "image/heic",
}


def kind_of(head: bytes) -> PictureKind | None:
    """Return the kind of a picture from its first 64 bytes, None for anything else.

    >>> kind_of(b"<svg xmlns='http://www.w3.org/2000/svg'>") is None
    True
    """
    if head.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PictureKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return PictureKind.HEIF
    return None


def media_type(kind: PictureKind) -> str:
    """Return the registered media type of a kind."""
    return _MEDIA_TYPES[kind]
