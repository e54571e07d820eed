"""A sheet to paint pictures for the documentation on: photos, shapes over them, a few words; small files.

Coordinates are pixels of the picture shown, x right, y down. Everything is painted at twice the size and reduced, so
that lines are smooth.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import fontpkg_noto_sans
import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely.ops import substring

from maps.style import PALETTE, Role

__all__ = ["IMAGES", "Canvas", "colour", "fitted", "save", "side_by_side"]

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST_BYTES = 150_000
LARGEST_SIDE = 1200
_FINE = 2
_FONT = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"

Bytes = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


def colour(role: Role | str) -> Colour:
    """Return a colour of the style table, or of ``#RRGGBB``."""
    text = PALETTE[role].light if isinstance(role, Role) else role
    red, green, blue = (int(text[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def fitted(pixels: Bytes, width: int, *, height: int | None = None) -> Bytes:
    """Reduce a picture to a width; with a height, cut it to that about its middle."""
    scale = width / pixels.shape[1]
    if height is not None:
        scale = max(scale, height / pixels.shape[0])
    size = (max(width, round(pixels.shape[1] * scale)), round(pixels.shape[0] * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if height is not None:
        left, top = (small.shape[1] - width) // 2, max(0, small.shape[0] - height) // 2
        small = small[top : top + height, left : left + width]
    return np.ascontiguousarray(small)


class Canvas:
    """A picture being painted."""

    def __init__(self, pixels: Bytes) -> None:
        high, wide = pixels.shape[:2]
        self.size = (wide, high)
        self._image = Image.fromarray(pixels).resize((wide * _FINE, high * _FINE), Image.Resampling.BICUBIC)
        self._image = self._image.convert("RGB")

    @classmethod
    def blank(cls, width: int, height: int) -> Canvas:
        """Return an empty one in the colour of paper."""
        return cls(np.full((height, width, 3), colour(Role.PAPER), np.uint8))

    def pixels(self) -> Bytes:
        """Return what is painted, RGB."""
        return np.asarray(self._image.resize(self.size, Image.Resampling.LANCZOS))

    def pale(self, share: float) -> None:
        """Fade what is there towards paper."""
        paper = Image.new("RGB", self._image.size, colour(Role.PAPER))
        self._image = Image.blend(self._image, paper, share)

    def line(
        self, points: npt.ArrayLike, ink: Colour, width: float = 2.0, *, dash: tuple[float, float] | None = None,
        halo: float = 0.0,
    ) -> None:  # fmt: skip
        """Paint a polyline; a halo in the colour of paper sets it off from what lies below."""
        way = np.asarray(points, np.float64)
        if halo:
            self._polyline(way, colour(Role.CARD), width + 2 * halo)
        for part in [way] if dash is None else _dashes(way, *dash):
            self._polyline(part, ink, width)

    def area(self, polygon: shapely.Geometry, ink: Colour, *, opacity: float = 0.25, width: float = 2.0) -> None:
        """Paint a polygon: tinted, with its outline."""
        layer = Image.new("L", self._image.size, 0)
        draw = ImageDraw.Draw(layer)
        for part in shapely.get_parts(polygon):
            if part.geom_type != "Polygon":
                continue
            draw.polygon(self._fine(part.exterior.coords), fill=round(255 * opacity))
            for hole in part.interiors:
                draw.polygon(self._fine(hole.coords), fill=0)
        self._image.paste(Image.new("RGB", self._image.size, ink), mask=layer)
        for part in shapely.get_parts(polygon):
            for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
                self._polyline(np.asarray(ring.coords), ink, width)

    def dot(self, at: Sequence[float], ink: Colour, radius: float, *, rim: Colour | None = None) -> None:
        """Paint a disc with a rim."""
        draw = ImageDraw.Draw(self._image)
        for size, fill in ((radius + 1.5, rim or colour(Role.CARD)), (radius, ink)):
            x, y, r = at[0] * _FINE, at[1] * _FINE, size * _FINE
            draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def arrow(self, start: npt.ArrayLike, end: npt.ArrayLike, ink: Colour, width: float = 2.5) -> None:
        """Paint an arrow."""
        tail, tip = np.asarray(start, np.float64), np.asarray(end, np.float64)
        length = float(np.hypot(*(tip - tail)))
        if length < 2:
            return
        along = (tip - tail) / length
        across = np.array([-along[1], along[0]])
        head = min(4.5 * width, length)
        neck = tip - head * along
        self.line([tail, neck], ink, width, halo=1.2)
        wings = [tip, neck + 0.45 * head * across, neck - 0.45 * head * across]
        ImageDraw.Draw(self._image).polygon(self._fine(wings), fill=ink)

    def text(
        self, at: Sequence[float], words: str, ink: Colour | None = None, *, size: float = 16, bold: bool = False,
        anchor: str = "lm", plate: bool = False,
    ) -> None:  # fmt: skip
        """Write words; a plate of paper lies below them where the ground is busy."""
        font = ImageFont.truetype(str(_FONT), round(size * _FINE))
        font.set_variation_by_axes([700 if bold else 400, 100] if _weight_first(font) else [100, 700 if bold else 400])
        draw = ImageDraw.Draw(self._image)
        place = (at[0] * _FINE, at[1] * _FINE)
        if plate:
            left, top, right, bottom = draw.textbbox(place, words, font=font, anchor=anchor)
            pad = 0.28 * size * _FINE
            box = (left - pad, top - 0.7 * pad, right + pad, bottom + 0.7 * pad)
            draw.rounded_rectangle(box, radius=pad, fill=colour(Role.CARD))
        draw.text(place, words, font=font, fill=ink or colour(Role.INK), anchor=anchor)

    def paste(self, pixels: Bytes, at: tuple[int, int]) -> None:
        """Put a picture in."""
        high, wide = pixels.shape[:2]
        fine = Image.fromarray(pixels).resize((wide * _FINE, high * _FINE), Image.Resampling.BICUBIC)
        self._image.paste(fine, (at[0] * _FINE, at[1] * _FINE))

    def _polyline(self, way: npt.NDArray[np.float64], ink: Colour, width: float) -> None:
        draw = ImageDraw.Draw(self._image)
        fine, wide = self._fine(way), max(1, round(width * _FINE))
        draw.line(fine, fill=ink, width=wide, joint="curve")
        r = wide / 2 - 0.5
        for x, y in (fine[0], fine[-1]):
            draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    @staticmethod
    def _fine(points: Iterable[Sequence[float]] | npt.NDArray[np.float64]) -> list[tuple[float, float]]:
        return [(float(point[0]) * _FINE, float(point[1]) * _FINE) for point in points]


def _weight_first(font: ImageFont.FreeTypeFont) -> bool:
    return b"eight" in font.get_variation_axes()[0]["name"]


def _dashes(way: npt.NDArray[np.float64], on: float, off: float) -> list[npt.NDArray[np.float64]]:
    line = shapely.LineString(way)
    starts = np.arange(0.0, line.length, on + off)
    parts = [substring(line, start, min(start + on, line.length)) for start in starts]
    return [np.asarray(part.coords) for part in parts if part.geom_type == "LineString"]


def side_by_side(pictures: Sequence[Bytes], *, gap: int = 14) -> Bytes:
    """Put pictures of one height beside each other on paper."""
    high = max(one.shape[0] for one in pictures)
    wide = sum(one.shape[1] for one in pictures) + gap * (len(pictures) - 1)
    canvas = np.full((high, wide, 3), colour(Role.PAPER), np.uint8)
    x = 0
    for one in pictures:
        canvas[: one.shape[0], x : x + one.shape[1]] = one
        x += one.shape[1] + gap
    return canvas


def save(name: str, pixels: Bytes, *, folder: Path = IMAGES) -> Path:
    """Write a picture as JPEG (photos) or PNG (print), small enough for a page.

    Raises
    ------
    ValueError
        It is too large, even at the lowest quality that is still good.
    """
    if max(pixels.shape[:2]) > LARGEST_SIDE:
        raise ValueError(f"{name} is {pixels.shape[1]} × {pixels.shape[0]} pixels, at most {LARGEST_SIDE} are allowed")
    image = Image.fromarray(pixels)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    for quality in (88, 84, 80, 75, 70, 64, 58):
        content = io.BytesIO()
        if target.suffix == ".png":
            image.quantize(128, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
        else:
            image.save(content, "JPEG", quality=quality, optimize=True, progressive=True)
        if content.tell() <= LARGEST_BYTES:
            target.write_bytes(content.getvalue())
            return target
    raise ValueError(f"{name} takes {content.tell()} bytes, at most {LARGEST_BYTES} are allowed")
