"""A large sheet over A4 pages: glued together again in pixels, it is the large sheet."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from geo.errors import Refused
from geo.i18n import Language, text
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from maps.print.tiling import OVERLAP_MM, PAGE_MARGIN_MM, cut_into_pages
from maps.sheets import SheetFace, print_sheet
from maps.sheets.printing import uncut_symbols
from tests.support.pdf_pages import page_pixels, page_size_mm, page_text

LARGE = list(itertools.product([PaperSize.A0, PaperSize.A1, PaperSize.A2, PaperSize.A3], Orientation))
PX_PER_MM = 4.0


def layout_of(paper: PaperSize, orientation: Orientation) -> SheetLayout:
    return SheetLayout(SheetCode("K7M29QXD", paper, orientation, Template.GRID, 5000, 78_380_000, 42_480_000))


@pytest.mark.parametrize(("paper", "orientation"), LARGE)
def test_the_pieces_cover_the_sheet_and_fit_their_pages(paper: PaperSize, orientation: Orientation) -> None:
    layout = layout_of(paper, orientation)
    plan = cut_into_pages(layout.paper_mm, uncut_symbols(layout))
    assert len(plan.tiles) == plan.rows * plan.columns
    width, height = plan.page_mm
    for tile in plan.tiles:
        assert tile.window.width <= width - 2 * PAGE_MARGIN_MM + 1e-9
        assert tile.window.height <= height - 2 * PAGE_MARGIN_MM + 1e-9
    for before, after in itertools.pairwise(tile for tile in plan.tiles if tile.row == 1):
        assert before.window.right - after.window.x == pytest.approx(OVERLAP_MM)
    for before, after in itertools.pairwise(tile for tile in plan.tiles if tile.column == 1):
        assert before.window.bottom - after.window.y == pytest.approx(OVERLAP_MM)
    last = plan.tiles[-1].window
    assert (plan.tiles[0].window.x, plan.tiles[0].window.y) == (0, 0)
    assert (last.right, last.bottom) == pytest.approx(layout.paper_mm)


@pytest.mark.parametrize(("paper", "orientation"), LARGE)
def test_no_seam_runs_through_a_mark(paper: PaperSize, orientation: Orientation) -> None:
    """Whichever piece is glued on top: seams are where a piece ends and where the next begins."""
    layout = layout_of(paper, orientation)
    tiles = cut_into_pages(layout.paper_mm, uncut_symbols(layout)).tiles
    seams_x = {edge for tile in tiles for edge in (tile.window.x, tile.window.right)} - {0.0, layout.paper_mm[0]}
    seams_y = {edge for tile in tiles for edge in (tile.window.y, tile.window.bottom)} - {0.0, layout.paper_mm[1]}
    for symbol in [square for mark in layout.marks for square in (mark.code, mark.marker)] + [layout.key_code]:
        assert not [seam for seam in seams_x if symbol.x < seam < symbol.right]
        assert not [seam for seam in seams_y if symbol.y < seam < symbol.bottom]


def test_glued_together_it_is_the_large_sheet() -> None:
    layout = layout_of(PaperSize.A2, Orientation.LANDSCAPE)
    face = SheetFace(Language.KY, "Жолдор", "Төрт-Күл")
    whole = page_pixels(print_sheet(layout, face).content, px_per_mm=PX_PER_MM)
    pdf = print_sheet(layout, face, tiles=True)
    plan = cut_into_pages(layout.paper_mm, uncut_symbols(layout))
    assert pdf.pages == len(plan.tiles) + 1
    glued = np.zeros_like(whole)
    # From the last to the first: a piece lies on top of the next.
    for number, tile in reversed(list(enumerate(plan.tiles, 1))):
        assert page_size_mm(pdf.content, number) == pytest.approx(plan.page_mm, abs=0.01)
        page = page_pixels(pdf.content, number, px_per_mm=PX_PER_MM)
        window = tile.window
        x, y = round(window.x * PX_PER_MM), round(window.y * PX_PER_MM)
        right, bottom = round(window.right * PX_PER_MM), round(window.bottom * PX_PER_MM)
        margin = round(PAGE_MARGIN_MM * PX_PER_MM)
        glued[y:bottom, x:right] = page[margin : margin + bottom - y, margin : margin + right - x]
        assert tile.label in page_text(pdf.content, number)
    difference = np.abs(glued.astype(int) - whole.astype(int)).max(axis=2)
    # Edges fall on other parts of a pixel; nothing is missing or off by a whole one.
    assert (difference > 128).mean() < 2e-4


def test_the_first_page_shows_how_they_lie() -> None:
    layout = layout_of(PaperSize.A3, Orientation.LANDSCAPE)
    pdf = print_sheet(layout, SheetFace(Language.RU), tiles=True).content
    words = page_text(pdf)
    assert all(label in words for label in ("1/1", "1/2", "2/1", "2/2"))
    assert text("printing.ruler", Language.RU)[:20] in words
    grey = page_pixels(pdf, px_per_mm=10).min(axis=2)
    line = np.nonzero((grey < 128).sum(axis=1) > 990)[0]
    dark = np.nonzero(grey[line[-1]] < 128)[0]
    assert (dark.max() + 1 - dark.min()) / 10 == pytest.approx(100, abs=0.4), "the ruler, with the width of its ticks"


def test_an_a4_sheet_is_not_cut() -> None:
    with pytest.raises(Refused, match=r"printing\.nothing_to_cut"):
        print_sheet(layout_of(PaperSize.A4, Orientation.PORTRAIT), SheetFace(Language.EN), tiles=True)
