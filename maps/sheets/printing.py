"""A sheet as PDF: the layout's marks, frame and grid, what is written on it, and a base map."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import pypdfium2
import typst

from geo.errors import Refused
from geo.i18n import Language, Text, text
from geo.sheet_layout import KeyCode, PaperSize, Rect, SheetLayout
from maps.sheets.base_map import BaseMap
from maps.sheets.face import SheetFace
from maps.sheets.furniture import furniture, grid_labels, in_digits, words_in
from maps.sheets.symbols import Symbol, key_symbol, mark_symbol, marker_symbol
from maps.sheets.tiling import OVERLAP_MM, PAGE_MARGIN_MM, TilePlan, cut_into_pages

__all__ = ["SheetPdf", "print_sheet"]

_TEMPLATE = Path(__file__).parent / "templates" / "sheet.typ"
_TITLE_LETTERS = 120


@dataclass(frozen=True, slots=True)
class SheetPdf:
    """A printed sheet."""

    content: bytes
    """PDF; one page of exactly the paper's size, or A4 pages to be glued."""
    pages: int
    warnings: tuple[Text, ...] = ()


def print_sheet(layout: SheetLayout, face: SheetFace, *, base: BaseMap | None = None, tiles: bool = False) -> SheetPdf:
    """Draw a sheet.

    Parameters
    ----------
    layout
        Paper, place and scale; the code's template says whether there is a grid.
    face
        What is written on it.
    base
        A base map made for this layout.
    tiles
        Cut the sheet over A4 pages, after one that shows how they lie. A piece is as large as on the large sheet.

    Raises
    ------
    Refused
        The key has more kinds than boxes, or an A4 sheet is to be cut over A4 pages.
    """
    face.require_room(layout)
    if tiles and layout.code.paper is PaperSize.A4:
        raise Refused("printing.nothing_to_cut")
    data = _page(layout, face, base or BaseMap())
    if tiles:
        plan = cut_into_pages(layout)
        data |= {"page": plan.page_mm, "tiles": _tiles(layout, plan, face.language)}
    content = _compile(data, base.picture if base else None)
    pdf = pypdfium2.PdfDocument(content)
    try:
        return SheetPdf(content, len(pdf), base.warnings if base else ())
    finally:
        pdf.close()


def _page(layout: SheetLayout, face: SheetFace, base: BaseMap) -> dict[str, Any]:
    frame, code = layout.frame, layout.code
    grid = layout.grid_lines if code.template.has_grid else ()
    title = face.title or text("printing.title", face.language)
    key = KeyCode(layout.sheet_id, face.key, " · ".join(filter(None, (face.village, title)))[:_TITLE_LETTERS])
    symbols = [mark_symbol(replace(code, mark=mark.number), mark.code) for mark in layout.marks]
    symbols += [marker_symbol(mark.number, mark.marker) for mark in layout.marks]
    symbols.append(key_symbol(key, layout.key_code))
    return {
        "language": face.language.value,
        "title": f"{title} {code.sheet_id}",
        "page": layout.paper_mm,
        "frame": {"x": frame.x, "y": frame.y, "w": frame.width, "h": frame.height},
        "base": "base.jpg" if base.picture else None,
        "shapes": [{"rings": shape.rings, "filled": shape.filled} for shape in base.shapes],
        "names": [{"x": name.x, "y": name.y, "text": name.text} for name in base.names],
        "grid": [(x1, y1, x2, y2) for (x1, y1), (x2, y2) in grid],
        "grid_labels": grid_labels(layout, face.language) if grid else [],
        "symbols": [_symbol(symbol) for symbol in symbols],
        "tiles": None,
    } | furniture(layout, face)


def _symbol(symbol: Symbol) -> dict[str, Any]:
    place = symbol.place
    return {
        "x": place.x,
        "y": place.y,
        "side": place.width,
        "unit": place.width / symbol.modules,
        "rings": symbol.rings,
    }


def _tiles(layout: SheetLayout, plan: TilePlan, language: Language) -> dict[str, Any]:
    (width, height), (paper_width, paper_height) = plan.page_mm, layout.paper_mm
    room = width - 40.0
    unit = min(room / paper_width, (height - 150.0) / paper_height)
    caption = text("printing.piece", language, id=layout.sheet_id)
    said = {
        "id": layout.sheet_id,
        "paper": layout.code.paper.value,
        "pages": in_digits(len(plan.tiles), language),
        "overlap": in_digits(OVERLAP_MM / 10, language),
    }
    words = [
        words_in(
            Rect(20, 16, room, 14), text("printing.glue_title", language, **said), largest=24, smallest=12, bold=True
        ),
        words_in(Rect(20, 32, room, 62), text("printing.glue", language, **said), largest=13, smallest=8, top=True),
        words_in(Rect(20, height - 27, room, 10), text("printing.ruler", language), largest=12, smallest=7),
    ]
    return {
        "paper": layout.paper_mm,
        "margin": PAGE_MARGIN_MM,
        "overlap": OVERLAP_MM,
        "words": words,
        "plan": {"x": 20.0, "y": 98.0, "unit": unit},
        "small": {"unit": 8.0 / paper_height, "w": paper_width},
        "ruler": {"x": 20.0, "y": height - 30.0},
        "pages": [
            {
                "label": tile.label,
                "caption": caption,
                "window": _window(tile.window),
                "plan": _window(tile.window),
                "first_row": tile.row == 1,
                "first_column": tile.column == 1,
            }
            for tile in plan.tiles
        ],
    }


def _window(place: Rect) -> dict[str, float]:
    return {"x": place.x, "y": place.y, "w": place.width, "h": place.height}


def _compile(data: dict[str, Any], picture: bytes | None) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ayilmap-sheet-") as folder:
        root = Path(folder)
        (root / "sheet.typ").write_bytes(_TEMPLATE.read_bytes())
        if picture:
            (root / "base.jpg").write_bytes(picture)
        compiler = typst.Compiler(root / "sheet.typ", root=root, font_paths=_fonts())
        content = compiler.compile(
            format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_tags=False
        )
    if not isinstance(content, bytes):
        raise TypeError("a PDF is one file")
    return content


@cache
def _fonts() -> typst.Fonts:
    # Only the font that is installed with the program: a sheet looks the same on every machine.
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fontpkg_noto_sans.ROOT)]
    )
