"""Photos for the sample: drawn, since nobody took them, with what a telephone writes beside a picture."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import ExifTags, Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

__all__ = ["PICTURES", "sample_photo"]

_SIZE = (1200, 900)
_HORIZON = 430
_SKY, _GROUND, _HILL = "#c9dbe6", "#b9a77c", "#8fa08a"


def sample_photo(picture: str, *, taken: str, lonlat: tuple[float, float] | None) -> bytes:
    """Return a drawn scene as a JPEG.

    Parameters
    ----------
    picture
        Name of a scene of `PICTURES`.
    taken
        As a camera writes it, ``2015:07:15 10:24:00``, in Kyrgyzstan's time.
    lonlat
        Where the camera says it was; None for one that does not know.
    """
    image = Image.new("RGB", _SIZE, _SKY)
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, _HORIZON), (220, 250), (470, 380), (760, 210), (1200, 400), (1200, 520), (0, 520)], fill=_HILL)
    pen.rectangle((0, _HORIZON + 40, *_SIZE), fill=_GROUND)
    PICTURES[picture](pen)
    file = BytesIO()
    image.save(file, "JPEG", quality=85, exif=_exif(taken, lonlat))
    return file.getvalue()


def _trench(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(520, 480), (600, 480), (900, 900), (380, 900)], fill="#6b5636")
    pen.polygon([(545, 480), (575, 480), (720, 900), (560, 900)], fill="#3f7fa6", outline="#1f4f6d", width=6)
    pen.polygon([(420, 520), (500, 500), (360, 820), (180, 860)], fill="#94794a")


def _standpipe(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((560, 360, 630, 780), fill="#2f6d92", outline="#173a50", width=6)
    pen.rectangle((630, 420, 740, 455), fill="#2f6d92", outline="#173a50", width=6)
    pen.line((725, 455, 725, 690), fill="#e8f3f8", width=14)
    pen.rectangle((670, 690, 790, 800), fill="#8d949b", outline="#4a5157", width=6)
    pen.rectangle((440, 780, 860, 830), fill="#8d8676")


def _road(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(560, 470), (640, 470), (1080, 900), (120, 900)], fill="#9b958b", outline="#6d675e", width=8)
    for x in (60, 180, 940, 1060):
        pen.rectangle((x, 380, x + 90, 500), fill="#efe6d2", outline="#6b5636", width=5)
        pen.polygon([(x - 15, 380), (x + 45, 310), (x + 105, 380)], fill="#8a4a3a")


def _post(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((320, 340, 880, 720), fill="#f2ead8", outline="#5b5141", width=8)
    pen.polygon([(290, 340), (600, 190), (910, 340)], fill="#7d4438")
    pen.rectangle((550, 520, 650, 720), fill="#6f5a3c")
    for x in (380, 740):
        pen.rectangle((x, 430, x + 90, 540), fill="#a9c4d2", outline="#5b5141", width=6)
    pen.rectangle((588, 380, 612, 460), fill="#b3382c")
    pen.rectangle((560, 408, 640, 432), fill="#b3382c")


def _lamp(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, _SIZE[0], _HORIZON + 40), fill="#2c3a4d")
    pen.rectangle((0, _HORIZON + 40, *_SIZE), fill="#4a4436")
    pen.rectangle((588, 180, 612, 860), fill="#75604a")
    pen.line((600, 200, 760, 170), fill="#75604a", width=14)
    pen.ellipse((735, 165, 805, 225), fill="#f7e7a1")
    pen.polygon([(745, 225), (795, 225), (960, 860), (560, 860)], fill="#8a7f57")


PICTURES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "trench": _trench,
    "standpipe": _standpipe,
    "road": _road,
    "post": _post,
    "lamp": _lamp,
}
"""A scene by its name: paints over sky, hills and ground."""


def _exif(taken: str, lonlat: tuple[float, float] | None) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "Sample, drawn by a program"
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = taken
    camera[ExifTags.Base.OffsetTimeOriginal] = "+06:00"
    if lonlat is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lon, lat = lonlat
        place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = _parts(lon), "E"
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = _parts(lat), "N"
        place[ExifTags.GPS.GPSHPositioningError] = IFDRational(800, 100)
    return exif.tobytes()


def _parts(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes = degrees % 1 * 60
    return IFDRational(int(degrees)), IFDRational(int(minutes)), IFDRational(round(minutes % 1 * 600_000), 10_000)
