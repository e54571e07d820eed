"""A sheet as PDF: the layout's marks, frame and grid, what is written on it, and a base map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2

from geo.errors import Refused
from geo.i18n import Text, text
from geo.sheet_layout import KeyCode, PaperSize, Rect, SheetLayout
from maps.print.base_map import BaseMap
from maps.print.tiling import cut_into_pages, tiled_pages
from maps.print.typesetting import typeset
from maps.sheets.face import SheetFace
from maps.sheets.furniture import furniture, grid_labels
from maps.sheets.symbols import Symbol, key_symbol, mark_symbol, marker_symbol

__all__ = ["SheetPdf", "print_sheet", "uncut_symbols"]

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
        plan = cut_into_pages(layout.paper_mm, uncut_symbols(layout))
        caption = text("printing.piece", face.language, id=layout.sheet_id)
        pages = tiled_pages(plan, layout.paper_mm, paper=layout.code.paper, caption=caption, language=face.language)
        data |= {"page": plan.page_mm, "tiles": pages}
    pictures = {"base.jpg": base.picture} if base and base.picture else {}
    if base and base.drawing:
        pictures["objects.svg"] = base.drawing.encode()
    # A name in another script may come out as boxes; the sheet to draw on is needed all the same.
    content = typeset(_TEMPLATE, data, pictures=pictures, every_letter=False)
    pdf = pypdfium2.PdfDocument(content)
    try:
        return SheetPdf(content, len(pdf), base.warnings if base else ())
    finally:
        pdf.close()


def uncut_symbols(layout: SheetLayout) -> tuple[Rect, ...]:
    """Return the places of the codes and markers of a sheet: where it is cut over pages, none of them may be cut."""
    return (*(square for mark in layout.marks for square in (mark.code, mark.marker)), layout.key_code)


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
        "paper": layout.paper_mm,
        "frame": {"x": frame.x, "y": frame.y, "w": frame.width, "h": frame.height},
        "base": "base.jpg" if base.picture else None,
        "drawing": "objects.svg" if base.drawing else None,
        "shapes": [{"rings": shape.rings, "filled": shape.filled} for shape in base.shapes],
        "names": [{"x": name.x, "y": name.y, "text": name.text, "size": name.size} for name in base.names],
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
