"""The sample village drawn on a sheet that the house prints, and its photos: seeded, with the real print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box

from geo.domain.drawing import Ink
from geo.domain.vocabulary import Kind
from geo.i18n import Language
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from maps.sheets import SheetFace, print_sheet
from sketch_import.sample_sheet.artist import Artist, to_lon_lat
from sketch_import.sample_sheet.exposure import ink_layers
from sketch_import.sample_sheet.hand import Hand, Stroke, draw, draw_loop
from sketch_import.sample_sheet.recollection import Recollection, recollect
from sketch_import.sample_sheet.symbols import draw_picture, tree
from sketch_import.sample_sheet.village import EXTENT_M, PLACES, TREES
from tests.support.pdf_pages import page_pixels
from tests.support.sheet_photos import Difficulty, SheetPhoto, photograph

__all__ = ["ADDED", "LAYOUT", "PER_MM", "drawn_sheet", "photo_of", "printed_pdf", "printed_sheet"]

Bytes = NDArray[np.uint8]

PER_MM = 5.0
SEED = 20141119
LAYOUT = SheetLayout(
    SheetCode("4GY7VMX2", PaperSize.A1, Orientation.LANDSCAPE, Template.GRID, 2500, 78_238_500, 42_495_000)
)
KEY = (Kind.MAIN_ROAD, Kind.SECONDARY_ROAD, Kind.HOUSE, Kind.RIVER, Kind.CANAL, Kind.WELL, Kind.ARABLE, Kind.PROBLEM)
THROUGH = {
    Ink.BLACK: (0.15, 0.145, 0.16),
    Ink.BLUE: (0.10, 0.27, 0.66),
    Ink.GREEN: (0.12, 0.47, 0.23),
    Ink.RED: (0.80, 0.12, 0.14),
}
"""Share of red, green and blue light that comes back through a full layer of a marker's ink."""
ADDED = ((-640.0, 120.0), (-560.0, 165.0), (-650.0, 190.0))
"""Houses that are drawn on the sheet later, metres from the middle of the village."""


@dataclass(frozen=True)
class _StraightAbove:
    """Looks at the paper as the tracing of a scanner would."""

    size: tuple[int, int]

    def to_photo(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(mm) * PER_MM

    def pixels_per_mm(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.full(len(mm), PER_MM)


@cache
def printed_pdf() -> bytes:
    """Return the sheet as the house prints it, in Kyrgyz."""
    face = SheetFace(
        Language.KY, title="Биздин айыл", village="Х айылы (үлгү)", event="ЖМБА, 18–35 жаш",
        held_on=date(2014, 11, 19), key=KEY,
    )  # fmt: skip
    return print_sheet(LAYOUT, face).content


@cache
def printed_sheet() -> Bytes:
    """Return the printed paper from straight above, RGB."""
    return page_pixels(printed_pdf(), px_per_mm=PER_MM)


@cache
def drawn_sheet(*, later: bool = False) -> Bytes:
    """Return the paper with the village on it; later, with what was added."""
    sheet = printed_sheet().copy()
    camera = _StraightAbove((sheet.shape[1], sheet.shape[0]))
    for ink, layer in ink_layers(_strokes(later=later), camera).items():  # type: ignore[arg-type]
        amount = layer[..., None].astype(np.float32) / 255
        sheet = np.asarray(sheet * (1 - amount * (1 - np.array(THROUGH[ink], np.float32))), np.uint8)
    return sheet


def photo_of(difficulty: Difficulty, seed: int, *, later: bool = False, mirrored: bool = False) -> SheetPhoto:
    """Photograph the drawn sheet."""
    cv2.setRNGSeed(seed)
    return photograph(
        drawn_sheet(later=later), paper_mm=LAYOUT.paper_mm, difficulty=difficulty, seed=seed, mirrored=mirrored
    )


def _memory(rng: np.random.Generator) -> Recollection:
    """Return how people draw who have the grid before them: upright, at the scale of the sheet, a few metres off."""
    around = to_lon_lat(np.array([[0.0, 0.0], [500.0, 0.0]]))
    middle, east = LAYOUT.from_lonlat(around)
    turn = float(np.degrees(np.arctan2(-(east - middle)[1], (east - middle)[0])))
    scale = float(np.hypot(*(east - middle))) / 500
    return recollect(
        rng, rotation_deg=turn, scale_mm_per_m=(scale, scale), centre_mm=(float(middle[0]), float(middle[1])),
        extent_m=EXTENT_M, largest_m=14.0,
    )  # fmt: skip


def _strokes(*, later: bool) -> list[Stroke]:
    memory_rng, line_rng, key_rng, later_rng = np.random.default_rng(SEED).spawn(4)
    hand = Hand()
    memory = _memory(memory_rng)
    artist = Artist(hand, memory, line_rng)
    places = [artist.draw(place) for place in PLACES]
    strokes = [stroke for one in places for stroke in one.strokes]
    strokes += [stroke for one in places for words in one.words for stroke in words.strokes]
    strokes += [stroke for at in memory.to_paper(TREES) for stroke in tree(at, hand=hand, rng=line_rng)]
    strokes += _key(hand, key_rng)
    if later:
        thin = Hand(width_mm=1.8)
        for at in memory.to_paper(ADDED):
            strokes += draw_picture("house", at, hand=thin, rng=later_rng, turn_deg=0.0).strokes
    frame = box(LAYOUT.frame.x + 3, LAYOUT.frame.y + 3, LAYOUT.frame.right - 3, LAYOUT.paper_mm[1])
    return [stroke for stroke in strokes if frame.covers(box(*stroke.points.min(axis=0), *stroke.points.max(axis=0)))]


def _key(hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    strokes: list[Stroke] = []
    for kind, place in zip(KEY, LAYOUT.key_boxes, strict=False):
        at = np.array([place.box.x + place.box.width / 2, place.box.y + place.box.height / 2])
        half = 0.36 * place.box.width

        def bar(ink: Ink, *heights: float, at: NDArray[np.float64] = at, half: float = half) -> list[Stroke]:
            ends = [np.add(at, [[-half, down], [half, down]]) for down in heights]
            return [draw(one, hand=hand, rng=rng, ink=ink) for one in ends]

        match kind:
            case Kind.MAIN_ROAD:
                strokes += bar(Ink.BLACK, -3.0, 3.0)
            case Kind.SECONDARY_ROAD:
                strokes += bar(Ink.BLACK, 0.0)
            case Kind.RIVER:
                strokes += bar(Ink.BLUE, -3.5, 3.5)
            case Kind.CANAL:
                strokes += bar(Ink.BLUE, 0.0)
            case Kind.PROBLEM:
                strokes += bar(Ink.RED, 0.0)
            case Kind.ARABLE:
                ring = at + np.array([[-half, -5], [half, -5], [half, 5], [-half, 5]])
                strokes.append(draw_loop(ring, hand=hand, rng=rng, ink=Ink.GREEN))
            case _:
                name = "house" if kind is Kind.HOUSE else "well"
                picture = draw_picture(name, at, hand=hand, rng=rng, turn_deg=0.0)  # type: ignore[arg-type]
                strokes += [replace(one, points=at + 0.6 * (one.points - at)) for one in picture.strokes]
    return strokes
