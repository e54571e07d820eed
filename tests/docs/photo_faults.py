"""Photos of one sheet, good and bad, each with what the program says of it: it is asked, and must say just that."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.errors import AyilmapError
from geo.i18n import Text
from geo.sheet_layout import SheetLayout
from sketch_import.photo import load_photo_bytes
from sketch_import.reading import read_sheet
from tests.docs.canvas import Canvas, colour, fitted, save
from tests.docs.fault_messages import SAID_OF
from tests.docs.reading_pictures import good_photo
from tests.docs.village_sheet import LAYOUT, PER_MM, drawn_sheet
from tests.support.printed_sheets import print_sheet

__all__ = ["FAULTS", "said_of", "write_fault_pictures"]

Bytes = NDArray[np.uint8]
SIZE = (480, 360)
SEED = 7
SMALL = 1000
"""Pixels that are left of the long side."""
BLUR = 3.8
"""Standard deviation in pixels."""


def _dark(photo: Bytes) -> Bytes:
    """Take it at dusk: little light, much grain."""
    grain = np.random.default_rng(SEED).normal(0, 2.0, photo.shape[:2])[..., None]
    return np.asarray(np.clip(photo * 0.09 + 12 + grain, 0, 255), np.uint8)


def _glaring(photo: Bytes) -> Bytes:
    """Take it with the flash."""
    high, wide = photo.shape[:2]
    y, x = np.mgrid[0:high, 0:wide]
    spot = np.exp(-(((x - 0.45 * wide) / (0.15 * wide)) ** 2) - ((y - 0.55 * high) / (0.2 * high)) ** 2)
    return np.asarray(np.clip(photo + (420 * spot)[..., None], 0, 255), np.uint8)


def _cut_off(photo: Bytes) -> Bytes:
    """Take the left part only."""
    return np.ascontiguousarray(photo[:, : round(0.45 * photo.shape[1])])


def _part(photo: Bytes) -> Bytes:
    """Take the middle, without its edges."""
    high, wide = photo.shape[:2]
    return np.ascontiguousarray(photo[round(0.24 * high) : round(0.84 * high), round(0.12 * wide) : round(0.80 * wide)])


def _blurred(photo: Bytes) -> Bytes:
    """Move while taking it."""
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), BLUR), np.uint8)


def _small(photo: Bytes) -> Bytes:
    """Send it through a messenger, which makes it small."""
    return fitted(photo, SMALL)


def _mirrored(photo: Bytes) -> Bytes:
    """Take it with the front camera."""
    return np.ascontiguousarray(photo[:, ::-1])


def _two_sheets(photo: Bytes) -> Bytes:
    """Lay a second sheet, with another code, over a part of it."""
    other = print_sheet(SheetLayout(replace(LAYOUT.code, sheet_id="9QWE3RT5")), px_per_mm=4.0)
    high, wide = photo.shape[:2]
    corners = np.array([[0.52, 0.42], [1.25, 0.36], [1.3, 1.1], [0.56, 1.2]]) * [wide, high]
    return _laid(other, corners, photo)


def _slanted(photo: Bytes) -> Bytes:
    """Take it from the foot of the sheet, sixty-four degrees off."""
    high, wide = photo.shape[:2]
    strip = photo[: high // 40]
    table = np.concatenate([strip, strip[::-1]] * 41)[:high]
    width, height = LAYOUT.paper_mm
    lean = math.radians(64)
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2
    space = np.column_stack([corners[:, 0], corners[:, 1] * math.cos(lean), -corners[:, 1] * math.sin(lean)])
    space[:, 2] += 1.08 * width
    seen = 0.78 * wide * space[:, :2] / space[:, 2:]
    seen += [wide / 2, high / 2] - (seen.min(axis=0) + seen.max(axis=0)) / 2
    return _laid(drawn_sheet(), seen, table)


def _laid(sheet: Bytes, corners: NDArray[np.float64], below: Bytes) -> Bytes:
    high, wide = sheet.shape[:2]
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    size = below.shape[1::-1]
    soft = cv2.GaussianBlur(sheet, (0, 0), 0.35 * PER_MM)
    seen = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, size)[..., None] / 255
    return np.asarray(mask * (seen * 0.86 + 4) + (1 - mask) * below, np.uint8)


FAULTS: dict[str, Callable[[Bytes], Bytes] | None] = {
    "good": None,
    "dark": _dark,
    "glare": _glaring,
    "cut_off": _cut_off,
    "no_edges": _part,
    "slanted": _slanted,
    "blurred": _blurred,
    "small": _small,
    "mirrored": _mirrored,
    "two_sheets": _two_sheets,
}
"""What is done to the good photo."""
FINE = {"blurred", "small"}


def faulty(name: str) -> Bytes:
    """Return the photo with its fault."""
    photo = load_photo_bytes(good_photo(), name="photo.jpg").pixels
    spoil = FAULTS[name]
    return photo if spoil is None else spoil(photo)


def said_of(photo: Bytes) -> list[Text]:
    """Return what the program says of a photo, the worst first."""
    content = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    try:
        sheet = read_sheet([(load_photo_bytes(content, name="photo.jpg"), "photo.jpg")])
    except AyilmapError as refusal:
        return [Text(refusal.key, refusal.params)]
    return [problem.text for problem in sheet.problems] or [Text("reading.good")]


def write_fault_pictures() -> None:
    """Write one picture for each, and make sure that the program says what the documentation tells.

    Raises
    ------
    RuntimeError
        It says something else.
    """
    for name, key in SAID_OF.items():
        photo = faulty(name)
        said = said_of(photo)
        if key not in {one.key for one in said}:
            raise RuntimeError(f"of the photo “{name}” the program says {[one.key for one in said]}, not {key}")
        save(f"photo_{name}.jpg", _marked(_closer(photo) if name in FINE else _framed(photo), good=name == "good"))


def _closer(photo: Bytes) -> Bytes:
    """Look at a mark and what is drawn beside it: what is blurred shows from near only."""
    high, wide = photo.shape[:2]
    left, top, across = round(0.04 * wide), round(0.08 * high), round(0.3 * wide)
    part = photo[top : top + round(across * SIZE[1] / SIZE[0]), left : left + across]
    # A small photo shows its pixels.
    how = cv2.INTER_NEAREST if across < SIZE[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, SIZE, interpolation=how), np.uint8)


def _framed(photo: Bytes) -> Bytes:
    """Fit a photo into the frame, with what is missing in the colour of paper."""
    wide, high = SIZE
    scale = min(wide / photo.shape[1], high / photo.shape[0])
    small = fitted(photo, round(photo.shape[1] * scale))
    whole = np.full((high, wide, 3), colour("#E9E3D6"), np.uint8)
    top, left = (high - small.shape[0]) // 2, (wide - small.shape[1]) // 2
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole


def _marked(photo: Bytes, *, good: bool) -> Bytes:
    """Say at a glance, and not by colour alone, whether it is to be done so."""
    picture = Canvas(photo)
    ink = colour("#4C7A34" if good else "#A8322A")
    wide, high = picture.size
    picture.line([(2, 2), (wide - 2, 2), (wide - 2, high - 2), (2, high - 2), (2, 2)], ink, 4)
    x, y = wide - 34, 34
    picture.dot((x, y), ink, 22)
    white = (255, 255, 255)
    if good:
        picture.line([(x - 10, y + 1), (x - 3, y + 9), (x + 11, y - 8)], white, 4.5)
    else:
        for side in (-1, 1):
            picture.line([(x - 9, y - 9 * side), (x + 9, y + 9 * side)], white, 4.5)
    return picture.pixels()
