"""Pictures of a printed sheet on its way: print, photo, marks, flat sheet, inks, candidates, new photo."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.domain.drawing import CandidateKind, Ink
from maps.style import INK_STYLES, Role
from sketch_import.photo import load_photo_bytes
from sketch_import.reading import ReadSheet, Verdict, read_sheet
from sketch_import.registering import new_ink, register
from tests.docs.canvas import Canvas, colour, fitted, save
from tests.docs.village_sheet import LAYOUT, photo_of, printed_sheet
from tests.support.sheet_photos import Difficulty

__all__ = ["first_photo", "good_photo", "read_village", "write_reading_pictures"]

Bytes = NDArray[np.uint8]
WIDTH = 1100
LEFT, GAP, RIGHT = 680, 14, 420
"""Widths of the two photos beside each other."""
SHOWN = {
    CandidateKind.POLYGON: Role.PASTURE,
    CandidateKind.LINE: Role.FELT,
    CandidateKind.POINT: Role.APRICOT,
    CandidateKind.TEXT: Role.VIOLET,
}
WORDS = {
    CandidateKind.POLYGON: "аянт · площадь · area",
    CandidateKind.LINE: "сызык · линия · line",
    CandidateKind.POINT: "белги · знак · sign",
    CandidateKind.TEXT: "жазуу · надпись · writing",
}


@cache
def first_photo() -> bytes:
    """Return the photo that is followed: of medium difficulty, upside down, a thumb over a mark."""
    return photo_of(Difficulty.MEDIUM, 3).jpeg


@cache
def good_photo() -> bytes:
    """Return a careful photo."""
    return photo_of(Difficulty.EASY, 1).jpeg


@cache
def later_photo() -> bytes:
    """Return a careful photo of the sheet with what was added, the phone upright."""
    return photo_of(Difficulty.EASY, 2, later=True).jpeg


@cache
def read_village() -> ReadSheet:
    """Read the photo that is followed."""
    sheet = read_sheet([(load_photo_bytes(first_photo(), name="photo.jpg"), "photo.jpg")])
    if sheet.verdict is Verdict.REFUSED or sheet.flat is None:
        raise RuntimeError(f"the photo for the pictures is refused: {sheet.problems}")
    return sheet


def write_reading_pictures() -> None:
    """Write them all."""
    save("sheet_printed.png", fitted(printed_sheet(), 1200))
    save("sheet_photo.jpg", fitted(_first_pixels(), WIDTH))
    save("sheet_marks.jpg", _marks())
    save("sheet_flat.jpg", fitted(_flat(), WIDTH))
    save("sheet_inks.jpg", _inks())
    save("sheet_candidates.jpg", _candidates())
    save("sheet_again.jpg", _again())


def _first_pixels() -> Bytes:
    return load_photo_bytes(first_photo(), name="photo.jpg").pixels


def _flat() -> Bytes:
    flat = read_village().flat
    assert flat is not None
    return np.ascontiguousarray(np.moveaxis(flat.planes[:3], 0, -1))


def _marks() -> Bytes:
    """Marks that were found, one that is covered, and where the frame lies by them."""
    photo = read_village().photos[0]
    picture = Canvas(fitted(photo.photo.pixels, WIDTH))
    picture.pale(0.25)
    scale = WIDTH / photo.photo.pixels.shape[1]
    surface, frame = photo.located.surface, LAYOUT.frame
    steps = np.linspace(0, 1, 40)[:, None]
    corners = np.array([*frame.corners, frame.corners[0]])
    rim = np.vstack([start + steps * (end - start) for start, end in pairwise(corners)])
    picture.line(surface.to_photo(rim) * scale, colour(Role.LAKE), 2.5, halo=1)
    for line in LAYOUT.grid_lines:
        ends = np.array(line)
        picture.line(surface.to_photo(ends[0] + steps * (ends[1] - ends[0])) * scale, colour(Role.LAKE), 0.7)
    seen = {mark.mark.number for mark in photo.located.marks}
    for mark in photo.located.marks:
        picture.area(shapely.Polygon(mark.photo * scale), colour(Role.PASTURE), opacity=0.3, width=3)
    for mark in LAYOUT.marks:
        middle = np.array([*mark.code.corners, *mark.marker.corners])
        at = surface.to_photo(middle) * scale
        if mark.number not in seen:
            ring = shapely.MultiPoint(at).convex_hull.exterior.coords
            picture.line(ring, colour(Role.FELT), 3, dash=(7, 4))
        inward = np.clip(middle.mean(axis=0), [frame.x + 14, frame.y + 14], [frame.right - 14, frame.bottom - 14])
        ink = colour(Role.PASTURE if mark.number in seen else Role.FELT)
        x, y = surface.to_photo(inward[None])[0] * scale
        picture.text((x, y), str(mark.number), ink, size=18, bold=True, anchor="mm", plate=True)
    return picture.pixels()


def _on_flat(geometry: shapely.Geometry, width: int) -> shapely.Geometry:
    """Return lon lat as pixels of the flat sheet at a width."""
    scale = width / LAYOUT.frame.width
    return shapely.transform(geometry, lambda xy: (LAYOUT.from_lonlat(xy) - [LAYOUT.frame.x, LAYOUT.frame.y]) * scale)


def _even(flat: Bytes) -> Bytes:
    """Take the shadow off, for pictures that show something else."""
    paper = cv2.GaussianBlur(cv2.dilate(flat, np.ones((31, 31), np.uint8)), (0, 0), 20).astype(np.float32)
    return np.asarray(np.clip(flat / np.maximum(paper, 1) * colour(Role.CARD), 0, 255), np.uint8)


def _inks() -> Bytes:
    """What was drawn with each ink, four times the sheet."""
    width = 545
    flat = _even(fitted(_flat(), width))
    high, gap, head = flat.shape[0], 12, 26
    whole = Canvas.blank(2 * width + gap, 2 * (high + head) + gap)
    names = {
        Ink.BLACK: "кара · чёрный · black", Ink.BLUE: "көк · синий · blue",
        Ink.RED: "кызыл · красный · red", Ink.GREEN: "жашыл · зелёный · green",
    }  # fmt: skip
    for number, (ink, name) in enumerate(names.items()):
        mask = Canvas(np.zeros_like(flat))
        for one in read_village().features:
            if one.candidate.ink is not ink:
                continue
            shape = _on_flat(one.geometry, width)
            thick = max(3.5, 1.6 * one.width_mm * width / LAYOUT.frame.width)
            if one.candidate.kind is CandidateKind.TEXT:
                mask.area(shape, (255, 255, 255), opacity=1.0, width=2)
            elif one.candidate.kind is CandidateKind.POINT:
                mask.dot((shape.x, shape.y), (255, 255, 255), 0.8 * thick, rim=(255, 255, 255))
            elif one.candidate.kind is CandidateKind.LINE:
                mask.line(np.array(shape.coords), (255, 255, 255), thick)
            else:
                mask.area(shape, (255, 255, 255), opacity=0.0, width=thick)
        share = mask.pixels()[..., :1] / 255.0
        paper = np.array(colour(Role.CARD))
        panel = np.asarray(share * flat + (1 - share) * paper, np.uint8)
        x, y = (number % 2) * (width + gap), (number // 2) * (high + head + gap)
        whole.paste(panel, (x, y + head))
        edge = [(x, y + head), (x + width, y + head), (x + width, y + head + high), (x, y + head + high)]
        whole.line([*edge, edge[0]], colour(Role.RULE), 1)
        whole.dot((x + 8, y + head / 2), colour(INK_STYLES[ink].light), 6)
        whole.text((x + 22, y + head / 2), name, size=15)
    return whole.pixels()


def _candidates() -> Bytes:
    """What is proposed, by kind."""
    width, foot = WIDTH, 34
    flat = _even(fitted(_flat(), width))
    picture = Canvas(np.vstack([flat, np.full((foot, width, 3), 255, np.uint8)]))
    picture.pale(0.55)
    order = [CandidateKind.POLYGON, CandidateKind.LINE, CandidateKind.POINT, CandidateKind.TEXT]
    shapes = [one for one in read_village().features if one.candidate.confidence >= 0.3]
    for kind in order:
        of_kind = [_on_flat(one.geometry, width) for one in shapes if one.candidate.kind is kind]
        for shape in sorted(of_kind, key=lambda one: -one.area):
            _paint(picture, kind, shape)
    for number, kind in enumerate(order):
        x = 14 + number * (width - 10) / 4
        y = flat.shape[0] + foot / 2
        if kind is CandidateKind.POINT:
            picture.dot((x + 13, y), colour(SHOWN[kind]), 5)
        elif kind is CandidateKind.LINE:
            picture.line([(x, y), (x + 26, y)], colour(SHOWN[kind]), 3)
        else:
            _paint(picture, kind, shapely.box(x, y - 8, x + 26, y + 8))
        picture.text((x + 36, y), WORDS[kind], size=15)
    return picture.pixels()


def _paint(picture: Canvas, kind: CandidateKind, shape: shapely.Geometry) -> None:
    ink = colour(SHOWN[kind])
    if kind is CandidateKind.POINT:
        picture.dot((shape.x, shape.y), ink, 4.5)
    elif kind is CandidateKind.LINE:
        picture.line(np.array(shape.coords), ink, 2.6, halo=0.8)
    elif kind is CandidateKind.TEXT:
        picture.area(shape, ink, opacity=0.14, width=1.2)
    else:
        picture.area(shape, ink, opacity=0.25, width=2.2)


def _again() -> Bytes:
    """The new photo as the first one was taken: what was there is pale, what is new is not."""
    old = load_photo_bytes(good_photo(), name="first.jpg").pixels
    new = load_photo_bytes(later_photo(), name="again.jpg").pixels
    found = register(new, old)
    if found.homography is None:
        raise RuntimeError(f"the new photo is refused: {found.reason}")
    added = new_ink(old, new, found.homography)
    # Upright beside upright: what a person would compare.
    left, right = fitted(old, LEFT), fitted(new, RIGHT)
    high = max(left.shape[0], right.shape[0])
    whole = Canvas.blank(LEFT + GAP + RIGHT, high)
    top = (high - left.shape[0]) // 2
    whole.paste(left, (0, top))
    pale = Canvas(right)
    pale.pale(0.35)
    whole.paste(pale.pixels(), (LEFT + GAP, 0))
    scale = RIGHT / new.shape[1]
    seen = shapely.box(0, 0, old.shape[1], old.shape[0])
    for one in added:
        shape = shapely.transform(one.geometry, lambda xy: xy * scale + [LEFT + GAP, 0])
        around = shape.buffer(5)
        whole.area(around, colour(Role.APRICOT), opacity=0.45, width=2)
        on_old = shapely.transform(one.geometry, lambda xy: _through(found.homography, xy))
        if seen.contains(on_old):
            place = shapely.transform(on_old, lambda xy: xy * LEFT / old.shape[1] + [0, top]).buffer(4)
            whole.line(np.array(place.exterior.coords), colour(Role.APRICOT), 1.6, dash=(4, 3))
    for number, x in ((1, 22), (2, LEFT + GAP + 22)):
        whole.dot((x, top + 22 if number == 1 else 22), colour(Role.INK), 15)
        whole.text((x, top + 22 if number == 1 else 22), str(number), (255, 255, 255), size=17, bold=True, anchor="mm")
    return whole.pixels()


def _through(matrix: NDArray[np.float64], xy: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = np.column_stack([xy, np.ones(len(xy))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])
