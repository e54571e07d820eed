"""Measures of a page that PDF and DOCX share, in millimetres and points."""

from __future__ import annotations

from maps.documents.lettering import breakable, plain
from maps.documents.model import Orientation, Row, Table
from maps.print.letters import POINT_MM

__all__ = [
    "BODY_PT",
    "INK",
    "LINE",
    "MARGIN_MM",
    "NOTE_PT",
    "PAPER_MM",
    "SHADE",
    "SHADE_STRONG",
    "SMALL_PT",
    "TABLE_PT",
    "column_widths_mm",
    "content_width_mm",
    "fitted",
    "stays_whole",
    "table_pt",
]

PAPER_MM = (210.0, 297.0)
MARGIN_MM = (18.0, 16.0)
"""Sides; top and bottom."""
BODY_PT = 10.5
TABLE_PT = 9.0
SMALL_PT = 7.5
NOTE_PT = 8.5
CELL_MM = 1.4
"""Between the line and the words of a cell."""
_FEW_ROWS = 9
"""A table as short as this stays on one page."""
_LETTER_EM, _LINE_EM = 0.6, 1.45
"""Width of a letter and height of a line against the size of type, on the safe side."""
_MOST_OF_PAGE = 0.8
_SPARE_MM = 0.8
"""A hyphen, and what fonts differ by."""
INK, LINE, SHADE, SHADE_STRONG = "26221C", "6B6459", "F4EFE6", "E8E0D2"


def content_width_mm(orientation: Orientation) -> float:
    """Return the width between the margins."""
    width = PAPER_MM[1] if orientation is Orientation.LANDSCAPE else PAPER_MM[0]
    return width - 2 * MARGIN_MM[0]


def column_widths_mm(table: Table, orientation: Orientation) -> tuple[float, ...]:
    """Return the widths of a table's columns, which fill the page."""
    whole = sum(column.share for column in table.columns)
    return tuple(content_width_mm(orientation) * column.share / whole for column in table.columns)


def table_pt(table: Table) -> float:
    """Return the size of type of a table."""
    return SMALL_PT if table.small else TABLE_PT


def stays_whole(table: Table, orientation: Orientation) -> bool:
    """Tell whether a table is to stay on one page: it is short or said to, and surely has room on one."""
    if not table.together and len(table.rows) > _FEW_ROWS:
        return False
    widths, size = column_widths_mm(table, orientation), table_pt(table)
    line_mm = size * _LINE_EM * POINT_MM

    def height_mm(row: Row) -> float:
        lines = max(
            sum(
                1 + int(len(part) * size * _LETTER_EM * POINT_MM / (width - 2 * CELL_MM))
                for part in cell.words.split("\n")
            )
            for cell, width in zip(row.cells, widths, strict=True)
        )
        return max(table.row_mm, lines * line_mm + 2 * CELL_MM)

    high = PAPER_MM[0] if orientation is Orientation.LANDSCAPE else PAPER_MM[1]
    return sum(height_mm(row) for row in table.rows) < _MOST_OF_PAGE * (high - 2 * MARGIN_MM[1])


def fitted(words: str, width_mm: float, size_pt: float, *, bold: bool = False) -> str:
    """Return words that break where they are too long for their place."""
    return breakable(plain(words), width_mm - 2 * CELL_MM - _SPARE_MM, size_pt, bold=bold)
