"""Printed sheets, looked at as pixels: everything black stands where the layout says, and every code can be read."""

from __future__ import annotations

import itertools
import re
import time
from datetime import date
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import LANGUAGES, Language, text
from geo.sheet_layout import (
    MARKER_DICTIONARY,
    KeyCode,
    Orientation,
    PaperSize,
    Rect,
    SheetCode,
    SheetLayout,
    Template,
    parse_key_code,
    parse_sheet_code,
)
from maps.sheets import SheetFace, SheetPdf, print_sheet
from tests.support.pdf_pages import page_pixels, page_size_mm, page_text

Grey = npt.NDArray[np.uint8]
EVERY_PAPER = list(itertools.product(PaperSize, Orientation))
PX_PER_MM = 6.0
TOLERANCE_MM = 0.1
PALEST = 190
"""Print inside the frame is lighter than this, of 255: a quarter of black, and a little for the raster."""


def layout_of(
    paper: PaperSize, orientation: Orientation = Orientation.LANDSCAPE, template: Template = Template.GRID
) -> SheetLayout:
    return SheetLayout(SheetCode("K7M29QXD", paper, orientation, template, 5000, 78_380_000, 42_480_000))


@cache
def printed(paper: PaperSize, orientation: Orientation) -> tuple[SheetLayout, SheetPdf, Grey]:
    layout = layout_of(paper, orientation)
    kinds = tuple(Kind)[: len(layout.key_boxes)]
    face = SheetFace(Language.KY, "Жолдор жана суу", "Төрт-Күл", "Чогулуш, 18–35", None, kinds)
    pdf = print_sheet(layout, face)
    return layout, pdf, cv2.cvtColor(page_pixels(pdf.content, px_per_mm=PX_PER_MM), cv2.COLOR_RGB2GRAY)


def black_box(grey: Grey, place: Rect, around: float = 1.0) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of what is black in and just around a place, in millimetres."""
    left, top = int((place.x - around) * PX_PER_MM), int((place.y - around) * PX_PER_MM)
    right, bottom = int((place.right + around) * PX_PER_MM), int((place.bottom + around) * PX_PER_MM)
    rows, columns = np.nonzero(grey[top:bottom, left:right] < 128)
    edges = np.array([columns.min() + left, rows.min() + top, columns.max() + 1 + left, rows.max() + 1 + top])
    return tuple((edges / PX_PER_MM).tolist())


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_the_page_is_the_paper(paper: PaperSize, orientation: Orientation) -> None:
    layout, pdf, _ = printed(paper, orientation)
    assert pdf.pages == 1
    assert page_size_mm(pdf.content) == pytest.approx(layout.paper_mm, abs=0.01)


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_marks_stand_where_the_layout_says(paper: PaperSize, orientation: Orientation) -> None:
    layout, _, grey = printed(paper, orientation)
    for mark in layout.marks:
        for place in (mark.code, mark.marker):
            wanted = (place.x, place.y, place.right, place.bottom)
            assert black_box(grey, place) == pytest.approx(wanted, abs=TOLERANCE_MM)


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_every_code_is_read_and_says_the_same(paper: PaperSize, orientation: Orientation) -> None:
    layout, _, grey = printed(paper, orientation)
    texts = [barcode.text for barcode in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]
    codes = [parse_sheet_code(words) for words in texts if words.startswith("AYM")]
    assert sorted(code.mark for code in codes) == [mark.number for mark in layout.marks]
    assert all(code.same_sheet(layout.code) for code in codes)
    keys = [parse_key_code(words) for words in texts if not words.startswith("AYM")]
    kinds = tuple(Kind)[: len(layout.key_boxes)]
    assert [(key.sheet_id, key.kinds) for key in keys] == [("K7M29QXD", kinds)]
    assert keys[0].title.startswith("Төрт-Күл")


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_every_marker_is_found_at_its_corners(paper: PaperSize, orientation: Orientation) -> None:
    layout, _, grey = printed(paper, orientation)
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(half)
    found = {int(number): square.reshape(4, 2) for number, square in zip(ids.ravel(), corners, strict=True)}
    assert set(found) == {mark.number for mark in layout.marks}
    for mark in layout.marks:
        # OpenCV gives the corners of pixels' centres: upright, top left first.
        seen = (found[mark.number] + 0.5) / (PX_PER_MM / 2)
        assert seen == pytest.approx(np.array(mark.marker.corners), abs=0.4)


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_print_inside_the_frame_is_pale(paper: PaperSize, orientation: Orientation) -> None:
    layout, _, grey = printed(paper, orientation)
    frame = layout.frame
    top, bottom = int((frame.y + 0.5) * PX_PER_MM), int((frame.bottom - 0.5) * PX_PER_MM)
    left, right = int((frame.x + 0.5) * PX_PER_MM), int((frame.right - 0.5) * PX_PER_MM)
    assert grey[top:bottom, left:right].min() >= PALEST


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_quiet_zones_stay_white(paper: PaperSize, orientation: Orientation) -> None:
    """Four modules round a code (ISO/IEC 18004); the frame's thin line may come a little nearer."""
    layout, _, grey = printed(paper, orientation)
    for mark in layout.marks:
        quiet = min(4 * mark.code.width / 25, 2.4)
        for place in (mark.code, mark.marker):
            assert black_box(grey, place, around=quiet) == pytest.approx(
                (place.x, place.y, place.right, place.bottom), abs=TOLERANCE_MM
            )


def test_grid_lines_stand_where_the_layout_says() -> None:
    layout, _, grey = printed(PaperSize.A3, Orientation.LANDSCAPE)
    frame = layout.frame
    row = grey[int((frame.y + frame.height * 0.43) * PX_PER_MM)]
    dark = np.nonzero(row[int((frame.x + 1) * PX_PER_MM) : int((frame.right - 1) * PX_PER_MM)] < 250)[0]
    seen = (dark + 0.5) / PX_PER_MM + int((frame.x + 1) * PX_PER_MM) / PX_PER_MM
    wanted = [x1 for (x1, _), (x2, _) in layout.grid_lines if x1 == x2]
    assert all(min(abs(seen - x)) < 0.15 for x in wanted)
    assert all(min(abs(np.array(wanted) - x)) < 0.3 for x in seen)


def test_a_blank_sheet_is_blank() -> None:
    layout = layout_of(PaperSize.A4, template=Template.BLANK)
    grey = page_pixels(print_sheet(layout, SheetFace(Language.EN)).content, px_per_mm=4).min(axis=2)
    frame = layout.frame
    assert (
        grey[int(frame.y * 4) + 3 : int(frame.bottom * 4) - 3, int(frame.x * 4) + 3 : int(frame.right * 4) - 3].min()
        == 255
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", [PaperSize.A1, PaperSize.A4])
def test_the_words_of_the_sheet_are_on_it(paper: PaperSize, language: Language) -> None:
    layout = layout_of(paper)
    face = SheetFace(language, "Жоопкерчиликтүүлүктү", "Ноокат", "18–35", date(2026, 3, 1), (Kind.SCHOOL, Kind.RIVER))
    words = page_text(print_sheet(layout, face).content)
    for wanted in ("Жоопкерчиликтүүлүктү", "Ноокат", "18–35", "2026", "K7M29QXD", "1:5", label(Kind.SCHOOL, language)):
        assert wanted in words
    assert text("printing.group", language) in words
    assert text("printing.date", language) not in words


def test_what_is_not_given_is_left_to_write() -> None:
    words = page_text(print_sheet(layout_of(PaperSize.A2), SheetFace(Language.KY)).content)
    for key in ("title", "village", "date", "group"):
        assert text(f"printing.{key}", Language.KY) in words


def test_the_title_is_large() -> None:
    """Participants are elderly: at least 24 points on A1."""
    import pypdfium2

    face = SheetFace(Language.KY, "Төрт-Күл айылынын картасы: жолдор жана суу", "Төрт-Күл")
    document = pypdfium2.PdfDocument(print_sheet(layout_of(PaperSize.A1), face).content)
    page = document[0].get_textpage()
    start = page.get_text_range().index("Төрт")
    _, low, _, high = page.get_charbox(start)
    document.close()
    # A capital of Noto Sans is 0.714 of its size.
    assert (high - low) / 0.714 >= 24


@pytest.mark.parametrize("words", ["А" * 300, "сөз " * 80, "#set page(width: 1mm) \\ $x$ *", "👍 العربية"])
def test_any_title_leaves_the_marks_alone(words: str) -> None:
    layout = layout_of(PaperSize.A4)
    pdf = print_sheet(layout, SheetFace(Language.EN, words, words, words))
    assert pdf.pages == 1
    grey = cv2.cvtColor(page_pixels(pdf.content, px_per_mm=PX_PER_MM), cv2.COLOR_RGB2GRAY)
    for mark in layout.marks:
        place = mark.code
        assert black_box(grey, place) == pytest.approx((place.x, place.y, place.right, place.bottom), abs=TOLERANCE_MM)


def test_the_bar_is_as_long_as_it_says() -> None:
    from maps.sheets.furniture import furniture

    for scale in (500, 5000, 25_000, 100_000):
        code = SheetCode("K7M29QXD", PaperSize.A1, Orientation.LANDSCAPE, Template.GRID, scale, 78_380_000, 42_480_000)
        bar = furniture(SheetLayout(code), SheetFace(Language.EN))["scale_bar"]
        number, unit = re.fullmatch(r"([\d.,]+)\s(k?m)", bar["ticks"][-1]["text"]).groups()  # type: ignore[union-attr]
        metres = float(number.replace(",", "")) * (1000 if unit == "km" else 1)
        assert bar["length"] == pytest.approx(metres * 1000 / scale)
        assert 30 <= bar["length"] <= 100


def test_the_arrow_shows_true_north() -> None:
    """In the northern half, east of the middle meridian (75° E in zone 43), true north is left of the grid's."""
    from maps.sheets.furniture import furniture

    for lon, side in ((76.5, -1), (73.5, 1), (75.0, 0)):
        code = SheetCode(
            "K7M29QXD", PaperSize.A1, Orientation.LANDSCAPE, Template.GRID, 5000, round(lon * 1e6), 42_480_000
        )
        degrees = furniture(SheetLayout(code), SheetFace(Language.EN))["north"]["degrees"]
        # Convergence is about (lon − lon₀) · sin lat (Snyder, Map Projections, p. 64).
        assert degrees == pytest.approx(-(lon - 75) * np.sin(np.radians(42.48)), abs=0.01)
        assert np.sign(round(degrees, 2)) == side


def test_too_many_kinds_are_refused_with_their_number() -> None:
    layout = layout_of(PaperSize.A4)
    with pytest.raises(Refused) as refusal:
        print_sheet(layout, SheetFace(Language.EN, key=tuple(Kind)[: len(layout.key_boxes) + 1]))
    assert refusal.value.params == {"count": 6, "most": 5, "paper": "A4"}


def test_a_kind_that_stands_twice_is_refused() -> None:
    with pytest.raises(Refused, match=r"printing\.kind_twice"):
        print_sheet(layout_of(PaperSize.A1), SheetFace(Language.EN, key=(Kind.SCHOOL, Kind.RIVER, Kind.SCHOOL)))


def test_a_long_title_is_cut_in_the_code_of_the_key() -> None:
    from maps.sheets.symbols import key_symbol

    code = KeyCode("K7M29QXD", tuple(Kind)[:17], "Жоопкерчиликтүүлүктү " * 10)
    assert key_symbol(code, Rect(0, 0, 25, 25)).modules <= 37


def test_a_blank_sheet_is_quick() -> None:
    layout, face = layout_of(PaperSize.A1, template=Template.BLANK), SheetFace(Language.KY)
    print_sheet(layout, face)
    begin = time.perf_counter()
    print_sheet(layout, face)
    assert time.perf_counter() - begin < 2
