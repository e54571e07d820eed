"""Tables of a DOCX: widths that hold, headings repeated on every page, rows to write in."""

from __future__ import annotations

from docx.document import Document as Docx
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell, _Row

from maps.documents.docx_styles import shade
from maps.documents.layout import LINE, SHADE, SHADE_STRONG, column_widths_mm, fitted, stays_whole, table_pt
from maps.documents.model import Align, Orientation, Row, RowKind, Table

__all__ = ["add_table", "bordered"]

_SIDES = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_UNBROKEN_LETTERS = 400


def add_table(file: Docx, table: Table, orientation: Orientation) -> None:
    """Add a table after what is there."""
    widths = column_widths_mm(table, orientation)
    heads = (2 if table.over else 1) if table.has_heading else 0
    made = file.add_table(heads + len(table.rows), len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    bordered(made)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    # One walk through the rows: asking the table for each cell would be quadratic.
    rows = list(made.rows)
    writer = _CellWriter(table, widths)
    if heads:
        writer.headings(rows[:heads])
    for place, row in enumerate(table.rows):
        writer.row(rows[heads + place], row)
    if stays_whole(table, orientation):
        for target in rows[:-1]:
            for cell in target.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    file.add_paragraph().paragraph_format.space_after = Pt(2)


def bordered(table: DocxTable) -> None:
    """Draw thin lines round all cells."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))


class _CellWriter:
    def __init__(self, table: Table, widths: tuple[float, ...]) -> None:
        self.table = table
        self.widths = widths
        self.size = table_pt(table)

    def headings(self, rows: list[_Row]) -> None:
        for row in rows:
            repeat = OxmlElement("w:tblHeader")
            repeat.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(repeat)
            _keep_whole(row)
        upper, lower = rows[0].cells, rows[-1].cells
        if self.table.over:
            at = 0
            for words, count in self.table.over:
                if words:
                    merged = upper[at].merge(upper[at + count - 1])
                    self._write(merged, words, sum(self.widths[at : at + count]), Align.CENTRE, bold=True)
                    shade(merged._tc.get_or_add_tcPr(), SHADE_STRONG)
                else:
                    for place in range(at, at + count):
                        upper[place].merge(lower[place])
                at += count
            own = [place for place, words in enumerate(self._over_each()) if words]
        else:
            own = []
        for place, column in enumerate(self.table.columns):
            cell = lower[place] if place in own or not self.table.over else upper[place]
            self._write(cell, column.title, self.widths[place], column.align, bold=True)
            shade(cell._tc.get_or_add_tcPr(), SHADE_STRONG)

    def _over_each(self) -> list[str]:
        return [words for words, count in self.table.over for _ in range(count)]

    def row(self, target: _Row, row: Row) -> None:
        cells = target.cells
        if row.kind in (RowKind.GROUP, RowKind.SUBGROUP):
            merged = cells[0].merge(cells[-1])
            is_group = row.kind is RowKind.GROUP
            self._write(merged, row.cells[0].words, sum(self.widths), Align.LEFT, bold=is_group, italic=not is_group)
            if is_group:
                shade(merged._tc.get_or_add_tcPr(), SHADE)
            for paragraph in merged.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
            _keep_whole(target)
            return
        is_sum = row.kind is not RowKind.BODY
        for cell, said, column, width in zip(cells, row.cells, self.table.columns, self.widths, strict=True):
            self._write(cell, said.words, width, column.align, bold=is_sum or column.strong)
            if is_sum:
                shade(cell._tc.get_or_add_tcPr(), SHADE_STRONG if row.kind is RowKind.TOTAL else SHADE)
        if self.table.row_mm and not is_sum:
            target.height = Mm(self.table.row_mm)
            target.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        if all(len(one.words) <= _UNBROKEN_LETTERS for one in row.cells):
            _keep_whole(target)

    def _write(self, cell: _Cell, words: str, width: float, align: Align, *, bold: bool, italic: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _SIDES[align]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(fitted(words, width, self.size, bold=bold))
        run.font.size = Pt(self.size)
        run.bold, run.italic = bold or None, italic or None


def _keep_whole(row: _Row) -> None:
    mark = OxmlElement("w:cantSplit")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
