"""The key in the margin of a printed sheet: names from its code, samples from its boxes, proposals for the drawing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.domain.drawing import CandidateKind, Ink, Pattern
from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES, Language
from geo.sheet_layout import PaperSize, SheetLayout
from maps.sheets import SheetFace, print_sheet
from sketch_import.photo import ExifFacts, Photo
from sketch_import.reading import ReadSheet, quality_of, read_sheet, write_read_sheet
from sketch_import.reading.key import BoxState
from tests.support.pdf_pages import page_pixels
from tests.support.printed_sheets import sheet_layout
from tests.support.sheet_photos import Difficulty, photograph

Bytes = NDArray[np.uint8]
Points = list[tuple[float, float]]

DETAIL = {PaperSize.A1: 4.0, PaperSize.A4: 9.0}
PEN = {PaperSize.A1: 2.2, PaperSize.A4: 1.0}
RED, BLUE, BLACK = (150, 25, 30), (25, 60, 160), (20, 20, 22)
KINDS = (Kind.MAIN_ROAD, Kind.CANAL, Kind.HOUSE, Kind.RIVER)
LINE: Points = [(0.1, 0.5), (0.9, 0.45)]
SQUARE: Points = [(0.35, 0.2), (0.65, 0.2), (0.65, 0.8), (0.35, 0.8), (0.35, 0.2)]


@cache
def printed(paper: PaperSize, kinds: tuple[Kind, ...]) -> Bytes:
    face = SheetFace(Language.KY, village="Арал", key=kinds)
    return page_pixels(print_sheet(sheet_layout(paper), face).content, px_per_mm=DETAIL[paper])


class Sheet:
    """A printed sheet that is drawn on."""

    def __init__(self, paper: PaperSize, kinds: tuple[Kind, ...] = KINDS) -> None:
        self.layout: SheetLayout = sheet_layout(paper)
        self.flat = printed(paper, kinds).copy()
        frame = self.layout.frame
        self.draw(frame.x, frame.y, frame.width, frame.height, [(0.1, 0.3), (0.5, 0.35), (0.9, 0.2)], RED)
        self.draw(frame.x, frame.y, frame.width, frame.height, [(0.1, 0.5), (0.5, 0.57), (0.9, 0.5)], BLUE)
        for number in range(4):
            side = 0.04 * frame.width
            x, y = frame.x + frame.width * (0.2 + 0.15 * number), frame.y + 0.75 * frame.height
            self.draw(x, y, side, side, [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], BLACK)

    def draw(self, x: float, y: float, wide: float, high: float, points: Points, colour: tuple[int, int, int]) -> None:
        paper = self.layout.code.paper
        fine = (np.array([x, y]) + np.array(points) * [wide, high]) * DETAIL[paper] * 16
        course = np.round(fine).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(self.flat, [course], False, colour, round(PEN[paper] * DETAIL[paper]), cv2.LINE_AA, 4)

    def sample(self, number: int, points: Points, colour: tuple[int, int, int]) -> None:
        box = self.layout.key_boxes[number].box
        self.draw(box.x, box.y, box.width, box.height, points, colour)

    def scanned(self) -> ReadSheet:
        return read(np.pad(self.flat, ((60, 60), (60, 60), (0, 0)), constant_values=110))


def read(pixels: Bytes) -> ReadSheet:
    photo = Photo(pixels=np.ascontiguousarray(pixels), format="JPEG", sha256="0" * 64, exif=ExifFacts())
    return read_sheet([(photo, "photo.jpg")])


def kinds_proposed(sheet: ReadSheet) -> dict[tuple[CandidateKind, Ink], set[Kind | None]]:
    found: dict[tuple[CandidateKind, Ink], set[Kind | None]] = {}
    for one in sheet.features:
        proposed = None if one.proposal is None else one.proposal.kind
        found.setdefault((one.candidate.kind, one.candidate.ink), set()).add(proposed)
    return found


WANTED = {
    (CandidateKind.LINE, Ink.RED): {Kind.MAIN_ROAD},
    (CandidateKind.LINE, Ink.BLUE): {Kind.CANAL},
    (CandidateKind.POLYGON, Ink.BLACK): {Kind.HOUSE},
}


@pytest.mark.parametrize(("paper", "seed"), [(PaperSize.A1, 3), (PaperSize.A4, 5)])
def test_what_is_drawn_in_the_key_names_what_is_drawn_on_the_sheet(paper: PaperSize, seed: int, tmp_path: Path) -> None:
    drawn = Sheet(paper)
    for number, (points, colour) in enumerate([(LINE, RED), (LINE, BLUE), (SQUARE, BLACK)]):
        drawn.sample(number, points, colour)
    photo = photograph(drawn.flat, paper_mm=drawn.layout.paper_mm, difficulty=Difficulty.MEDIUM, seed=seed)
    sheet = read(photo.pixels)
    key = sheet.key
    assert key is not None
    assert key.code is not None
    assert key.code.kinds == KINDS
    assert key.code.title.startswith("Арал")
    states = [(box.kind, box.state, box.look and (box.look.ink, box.look.pattern)) for box in key.boxes]
    assert states == [
        (Kind.MAIN_ROAD, BoxState.DRAWN, (Ink.RED, Pattern.SOLID)),
        (Kind.CANAL, BoxState.DRAWN, (Ink.BLUE, Pattern.SOLID)),
        (Kind.HOUSE, BoxState.DRAWN, (Ink.BLACK, Pattern.SOLID)),
        (Kind.RIVER, BoxState.EMPTY, None),
    ]
    # Numbers of the grid are print, not drawing; all that is drawn has its name.
    assert kinds_proposed(sheet) == WANTED
    quality = write_read_sheet(sheet, tmp_path, language=Language.KY)
    assert quality["key"]["code_read"] is True
    assert quality["key"]["kinds"] == [kind.value for kind in KINDS]
    assert quality["key"]["boxes"][0] == {
        "box": 1,
        "kind": "main_road",
        "state": "drawn",
        "form": "line",
        "ink": "red",
        "pattern": "solid",
    }
    assert quality["key"]["notes"] == []
    features = json.loads((tmp_path / "features.geojson").read_text())["features"]
    roads = [one["properties"] for one in features if one["properties"]["ink"] == "red"]
    assert [road["proposed_kind"] for road in roads] == ["main_road"]
    assert 0.6 < roads[0]["proposed_confidence"] < 1.0


def test_kinds_drawn_alike_are_named_and_the_rest_has_no_name() -> None:
    drawn = Sheet(PaperSize.A4)
    drawn.sample(1, LINE, BLUE)
    drawn.sample(3, LINE, BLUE)
    sheet = drawn.scanned()
    assert sheet.key is not None
    assert sheet.key.ambiguous == ((Kind.CANAL, Kind.RIVER),)
    proposed = {
        one.candidate.ink: None if one.proposal is None else {one.proposal.kind, *one.proposal.rivals}
        for one in sheet.features
    }
    assert proposed == {Ink.RED: None, Ink.BLUE: {Kind.CANAL, Kind.RIVER}, Ink.BLACK: None}
    for language in LANGUAGES:
        assert len(quality_of(sheet, language=language)["key"]["notes"]) == 1


def test_samples_whose_names_people_wrote_are_reported() -> None:
    drawn = Sheet(PaperSize.A4, ())
    drawn.sample(0, LINE, RED)
    drawn.sample(2, SQUARE, BLACK)
    sheet = drawn.scanned()
    assert sheet.key is not None
    assert [(box.number, box.kind) for box in sheet.key.unnamed] == [(0, None), (2, None)]
    assert len(sheet.key.boxes) == len(drawn.layout.key_boxes)
    assert all(one.proposal is None for one in sheet.features)
    (note,) = quality_of(sheet, language=Language.EN)["key"]["notes"]
    assert "1, 3" in note


def test_a_covered_code_leaves_the_samples_without_meaning() -> None:
    drawn = Sheet(PaperSize.A4)
    drawn.sample(0, LINE, RED)
    place, detail = drawn.layout.key_code, DETAIL[PaperSize.A4]
    left, top, right, bottom = (round(v * detail) for v in (place.x, place.y, place.right, place.bottom))
    drawn.flat[top : (top + bottom) // 2, left:right] = 235
    sheet = drawn.scanned()
    assert sheet.key is not None
    assert sheet.key.code is None
    # Boxes are known by their printed outlines; the advice beside the last one is none.
    assert len(sheet.key.boxes) == len(KINDS)
    assert [box.number for box in sheet.key.unnamed] == [0]
    assert len(quality_of(sheet, language=Language.RU)["key"]["notes"]) == 2
