"""Photos of parts of one sheet, of which some show no code that can be read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.errors import Refused
from geo.i18n import LANGUAGES, Language, text
from geo.sheet_layout import PaperSize, SheetLayout
from sketch_import.photo import ExifFacts, Photo
from sketch_import.reading import Verdict, read_sheet, read_sheet_files
from sketch_import.reading.finding import find_marks
from tests.support.printed_sheets import print_sheet, sheet_layout

Bytes = NDArray[np.uint8]
PX_PER_MM = 4.0


def photo_of(pixels: Bytes) -> Photo:
    return Photo(pixels=np.ascontiguousarray(pixels), format="JPEG", sha256="0" * 64, exif=ExifFacts())


@cache
def halves(sheet_id: str = "K7M29QXD") -> tuple[SheetLayout, Bytes, Bytes]:
    """Print a sheet, draw a road through it, and show its left and its right part on a table."""
    layout = sheet_layout(PaperSize.A1, sheet_id=sheet_id)
    flat = print_sheet(layout, px_per_mm=PX_PER_MM)
    road = np.round(np.array([(100, 400), (300, 420), (500, 380), (700, 450)]) * PX_PER_MM).astype(np.int32)
    cv2.polylines(flat, [road.reshape(-1, 1, 2)], False, (20, 20, 22), round(2.4 * PX_PER_MM), cv2.LINE_AA)
    middle, overlap = flat.shape[1] // 2, round(60 * PX_PER_MM)
    table = np.full((flat.shape[0], 60, 3), 110, np.uint8)
    return layout, np.hstack([table, flat[:, : middle + overlap]]), np.hstack([flat[:, middle - overlap :], table])


def blurred(pixels: Bytes, *, modules: float) -> Bytes:
    """Blur by so many modules of the codes (16 mm, 25 modules)."""
    soft = np.asarray(cv2.GaussianBlur(pixels, (0, 0), modules * 16 / 25 * PX_PER_MM), np.uint8)
    grey = np.asarray(cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY), np.uint8)
    marks = find_marks(grey)
    assert not marks.codes
    assert len(marks.markers) >= 3
    return soft


def test_a_part_whose_codes_are_blurred_is_read_as_its_sibling_says() -> None:
    layout, left, right = halves()
    # The unreadable part comes first: the order of the photos stays.
    sheet = read_sheet([(photo_of(blurred(right, modules=0.65)), "right.jpg"), (photo_of(left), "left.jpg")])
    assert sheet.layout.code == layout.code
    assert [photo.name for photo in sheet.photos] == ["right.jpg", "left.jpg"]
    assert [photo.quality.codes_read > 0 for photo in sheet.photos] == [False, True]
    # Its print is that of the sheet, so that there is no doubt.
    assert not any(photo.by_marks_alone for photo in sheet.photos)
    surface = sheet.photos[0].located.surface
    mm = np.array([(600.0, 150.0), (700.0, 300.0), (620.0, 450.0)])
    start = layout.paper_mm[0] * PX_PER_MM // 2 - 60 * PX_PER_MM
    assert surface.to_photo(mm) == pytest.approx(mm * PX_PER_MM - [start, 0], abs=1.5)
    assert sheet.flat is not None
    assert sheet.flat.seen > 0.99


def test_a_part_known_by_its_marks_alone_is_doubtful_and_named() -> None:
    layout, left, right = halves()
    covered = right.copy()
    start = layout.paper_mm[0] * PX_PER_MM // 2 - 60 * PX_PER_MM
    for mark in layout.marks:
        x, y = (np.array([mark.code.x, mark.code.y]) * PX_PER_MM - [start, 0]).astype(int)
        if x > 0:
            covered[y : y + 66, x : x + 66] = (60, 90, 140)
    sheet = read_sheet([(photo_of(left), "left.jpg"), (photo_of(covered), "right.jpg")])
    assert sheet.photos[1].by_marks_alone
    found = {problem.text.key: problem for problem in sheet.problems}
    assert found["reading.part_by_marks"].verdict is Verdict.DOUBTFUL
    for language in LANGUAGES:
        said = found["reading.part_by_marks"].text(language)
        assert "right.jpg" in said
        assert layout.sheet_id in said


def test_a_part_of_another_sheet_is_refused_and_named() -> None:
    _, left, _ = halves()
    _, _, other = halves("0ZZ4B7WN")
    with pytest.raises(Refused) as caught:
        read_sheet([(photo_of(left), "left.jpg"), (photo_of(blurred(other, modules=0.65)), "other.jpg")])
    assert caught.value.key == "reading.part_of_another"
    assert caught.value.params["path"] == "other.jpg"


def test_a_part_of_another_paper_is_refused_and_named() -> None:
    _, left, _ = halves()
    small = print_sheet(sheet_layout(PaperSize.A2), px_per_mm=PX_PER_MM)
    with pytest.raises(Refused) as caught:
        read_sheet([(photo_of(left), "left.jpg"), (photo_of(blurred(small, modules=0.7)), "small.jpg")])
    assert caught.value.key in {"reading.part_unlike", "reading.part_of_another"}
    for language in LANGUAGES:
        assert "small.jpg" in text(caught.value.key, language, **caught.value.params)


def test_a_scanned_pdf_is_read_and_its_page_chosen(tmp_path: Path) -> None:
    from PIL import Image

    layout = sheet_layout(PaperSize.A4)
    flat = Image.fromarray(print_sheet(layout, px_per_mm=8.0))
    blank = Image.fromarray(np.full((900, 700, 3), 250, np.uint8))
    scan, out = tmp_path / "scan.pdf", tmp_path / "out"
    blank.save(scan, save_all=True, append_images=[flat], resolution=8.0 * 25.4)
    outcome = read_sheet_files([scan], out, language=Language.EN, page=2)
    assert outcome.quality["sheet_id"] == layout.sheet_id
    assert outcome.quality["expected_error"]["p95_mm"] < 0.5
    assert json.loads((out / "quality.json").read_text())["paper"] == "A4"
    which = read_sheet_files([scan], out, language=Language.EN)
    assert which.problem is not None
    assert which.problem.key == "image.which_page"
    first = read_sheet_files([scan], out, language=Language.EN, page=1)
    assert first.problem is not None
    assert first.problem.key == "reading.no_marks"
