"""Picture files as cameras and wicked people make them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pillow_heif
from PIL import ExifTags, Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

__all__ = ["CANARY", "corners", "exif_block", "heic", "jpeg", "png", "png_bomb"]

CANARY = b"TELLTALE"
"""Stands in every block of metadata; no copy may have it."""


def corners(width: int = 400, height: int = 300) -> Image.Image:
    """A picture whose upper left quarter is red, upper right green, lower left blue, lower right white."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def exif_block(
    *,
    lon: float | None = 78.2385,
    lat: float = 42.495,
    taken: str = "2014:11:19 10:30:00",
    zone: str | None = None,
    satellite: bool = False,
    orientation: int = 1,
    accuracy: float | None = None,
) -> bytes:
    """What a camera writes, with a maker note and a small picture of its own (the second directory)."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = CANARY.decode()
    exif[ExifTags.Base.Artist] = "<script>" + CANARY.decode()
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = taken
    camera[ExifTags.Base.MakerNote] = CANARY * 4
    if zone:
        camera[ExifTags.Base.OffsetTimeOriginal] = zone
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if lon is not None:
        place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = _parts(lon), "E" if lon >= 0 else "W"
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = _parts(lat), "N" if lat >= 0 else "S"
    if accuracy is not None:
        place[ExifTags.GPS.GPSHPositioningError] = IFDRational(round(accuracy * 100), 100)
    if satellite:
        place[ExifTags.GPS.GPSDateStamp] = "2014:11:19"
        place[ExifTags.GPS.GPSTimeStamp] = (4.0, 31.0, 15.0)
    small = exif.get_ifd(ExifTags.IFD.IFD1)
    small[ExifTags.Base.ImageDescription] = CANARY.decode()
    return exif.tobytes()


def _parts(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    value = abs(value)
    minutes = (value - int(value)) * 60
    seconds = (minutes - int(minutes)) * 60
    return IFDRational(int(value)), IFDRational(int(minutes)), IFDRational(round(seconds * 10000), 10000)


def jpeg(image: Image.Image | None = None, *, exif: bytes | None = None, icc: bytes | None = None) -> bytes:
    """A JPEG with every kind of block that can carry words, and a page of HTML after its end."""
    file = BytesIO()
    (image or corners()).save(
        file,
        "JPEG",
        quality=90,
        exif=exif if exif is not None else exif_block(),
        icc_profile=icc or ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        comment=b"<script>alert('" + CANARY + b"')</script>",
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>",
    )
    data = file.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0d\x1c\x02\x05\x00\x08" + CANARY + b"\0"
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return data[:2] + segment + data[2:] + b"<html><script>alert('" + CANARY + b"')</script></html>"


def png(image: Image.Image | None = None, *, exif: bytes | None = None) -> bytes:
    """A PNG with text blocks and bytes behind its end."""
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", CANARY.decode())
    words.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY.decode()}</x>", zip=True)
    file = BytesIO()
    (image or corners()).save(file, "PNG", pnginfo=words, exif=exif if exif is not None else exif_block())
    return file.getvalue() + b"<?php " + CANARY


def heic(image: Image.Image | None = None, *, exif: bytes | None = None) -> bytes:
    """A HEIC as a phone writes it."""
    file = BytesIO()
    kept = pillow_heif.from_pillow(image or corners())
    kept.save(file, exif=exif if exif is not None else exif_block(), xmp=b"<x>" + CANARY + b"</x>", quality=90)
    return file.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it has so many pixels, all of them there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
