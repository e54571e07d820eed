"""The tables of a paper as XLSX, to go on reckoning in: numbers are numbers, sums are formulas, words are never either.

The library writes formulas without what they come to. Readers that do not reckon, such as previews on a phone, would
show nothing: the results are put in beside them afterwards.
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from geo.domain.forms import KEY_HEADING
from geo.i18n import text
from maps.documents.layout import INK, LINE, SHADE, SHADE_STRONG
from maps.documents.lettering import FONT, plain
from maps.documents.model import (
    Align,
    Cell,
    Column,
    Document,
    Field,
    Fields,
    Paragraph,
    Row,
    RowKind,
    Signatures,
    Table,
)
from maps.documents.packing import core_properties, repacked

__all__ = ["write_xlsx"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MOST_LETTERS = 32_767
"""That a cell of the format can hold."""
_SHEET_NAME_LETTERS = 31
_WIDTH_OF_SHARE = 9.5
"""Characters of a column as wide as one share."""
_LINE_PT = 13.5
_BOLD = 1.12
"""How much wider bold letters are."""
_HAIR = Side(style="thin", color=f"FF{LINE}")
_BOX = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_FILLS = {
    RowKind.GROUP: SHADE,
    RowKind.SUBTOTAL: SHADE,
    RowKind.TOTAL: SHADE_STRONG,
}
_SIDES = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


def write_xlsx(document: Document) -> bytes:
    """Write the tables of a paper as XLSX, a sheet each; the same paper gives the same bytes.

    A paper without a table that stands by itself is one sheet that says so.
    """
    tables = [block for block in document.blocks() if isinstance(block, Table) and block.name]
    book = Workbook()
    book.remove(book.worksheets[0])
    results: dict[str, dict[str, float]] = {}
    if not tables:
        sheet = book.create_sheet(_sheet_name(document.title, 0, ()))
        _SheetWriter(document, Table((), ()), sheet).write_without_table()
    for place, table in enumerate(tables):
        sheet = book.create_sheet(_sheet_name(table.name, place, book.sheetnames))
        writer = _SheetWriter(document, table, sheet)
        writer.write(with_fields=place == 0, with_signatures=place == len(tables) - 1)
        results[f"xl/worksheets/sheet{place + 1}.xml"] = writer.results
    made = io.BytesIO()
    book.save(made)
    content = made.getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        replaced = {name: _with_results(packed.read(name), known) for name, known in results.items()}
    replaced["docProps/core.xml"] = core_properties(plain(document.title), document.language.value, document.as_of)
    return repacked(content, replaced=replaced)


def _sheet_name(name: str, place: int, taken: Sequence[str]) -> str:
    short = re.sub(r"[\[\]:*?/\\']", " ", plain(name))[:_SHEET_NAME_LETTERS].strip() or str(place + 1)
    return short if short not in taken else f"{short[: _SHEET_NAME_LETTERS - 4]} {place + 1}"


def _with_results(part: bytes, results: dict[str, float]) -> bytes:
    """Put the results beside the formulas of a sheet."""
    root = etree.fromstring(part)
    for cell in root.iter(f"{{{_MAIN}}}c"):
        if cell.find(f"{{{_MAIN}}}f") is None:
            continue
        value = cell.find(f"{{{_MAIN}}}v")
        if value is None:
            value = etree.SubElement(cell, f"{{{_MAIN}}}v")
        value.text = repr(results[str(cell.get("r"))]).removesuffix(".0")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


@dataclass
class _SheetWriter:
    document: Document
    table: Table
    sheet: Worksheet
    results: dict[str, float] = field(default_factory=dict)
    """What the formulas come to, by the name of their cell."""
    at: int = 1

    def write(self, *, with_fields: bool, with_signatures: bool) -> None:
        self._words(self.document.title, size=14, bold=True)
        if self.document.subtitle:
            self._words(self.document.subtitle, size=11)
        if with_fields:
            for item in self._fields():
                self._words(f"{item.label}: {item.words}" if item.words else f"{item.label}: ____________________")
        self.at += 1
        self._headings()
        first = self.at
        self._body()
        self.at += 1
        if with_fields:
            for note in self._notes():
                self._words(note, size=9)
        if with_signatures:
            for office in self._offices():
                self.at += 1
                self._words(f"{office}: ____________________")
        self._set_up(first)

    def write_without_table(self) -> None:
        """Write what the paper is, and that it has no table yet."""
        self._words(self.document.title, size=14, bold=True)
        if self.document.subtitle:
            self._words(self.document.subtitle, size=11)
        for item in self._fields():
            if item.words:
                self._words(f"{item.label}: {item.words}")
        self.at += 1
        told = [block.words for block in self.document.blocks() if isinstance(block, Paragraph)]
        for words in told or [text("documents.no_table", self.document.language)]:
            self._words(words)

    def _fields(self) -> Iterator[Field]:
        """Questions at the head of the paper."""
        for block in self.document.blocks():
            if isinstance(block, Fields):
                yield from (item for item in block.items if item.label)
                return

    def _notes(self) -> Iterator[str]:
        """What is said between the first table and the next part."""
        for section in self.document.sections[:1]:
            yield from (block.words for block in section.blocks if isinstance(block, Paragraph))

    def _offices(self) -> Iterator[str]:
        for block in self.document.blocks():
            if isinstance(block, Signatures):
                yield from (f"{office} ({name})" if name else office for office, name in block.lines)

    def _words(self, words: str, *, size: float = 10, bold: bool = False) -> None:
        cell = self._at(1)
        _put(cell, words)
        cell.font = Font(name=FONT, size=size, bold=bold, color=f"FF{INK}")
        self.at += 1

    def _headings(self) -> None:
        columns = self.table.columns
        if self.table.over:
            place = 1
            for words, count in self.table.over:
                for one in range(place, place + count):
                    self._heading(self._at(one), words if one == place else "", Align.CENTRE)
                told = sum(_width(column) for column in columns[place - 1 : place - 1 + count])
                self._fit([(words, told, True)])
                if words and count > 1:
                    self.sheet.merge_cells(
                        start_row=self.at, end_row=self.at, start_column=place, end_column=place + count - 1
                    )
                place += count
            self.at += 1
        for place, column in enumerate(columns, start=1):
            self._heading(self._at(place), column.title, column.align)
        self._fit([(column.title.replace("\u00ad", ""), _width(column), True) for column in columns])
        if any(row.key for row in self.table.rows):
            place = len(columns) + 1
            _put(self._at(place), KEY_HEADING)
            self.sheet.column_dimensions[get_column_letter(place)].hidden = True
        self.at += 1

    def _at(self, place: int) -> SheetCell:
        """Return a cell of the present row."""
        cell = self.sheet.cell(self.at, place)
        if not isinstance(cell, SheetCell):
            raise TypeError("a cell that another one covers is not written to")
        return cell

    def _heading(self, cell: SheetCell, words: str, align: Align) -> None:
        _put(cell, words.replace("\u00ad", ""))
        cell.font = Font(name=FONT, size=10, bold=True, color=f"FF{INK}")
        cell.fill = PatternFill("solid", fgColor=f"FF{SHADE_STRONG}")
        cell.border = _BOX
        cell.alignment = Alignment(horizontal=_SIDES[align], vertical="bottom", wrap_text=True)

    def _body(self) -> None:
        first = group = self.at
        for row in self.table.rows:
            if row.key:
                _put(self._at(len(self.table.columns) + 1), row.key)
            if row.kind is RowKind.GROUP:
                group = self.at
            if row.kind in (RowKind.GROUP, RowKind.SUBGROUP):
                self._group(row)
            else:
                start = group if row.kind is RowKind.SUBTOTAL else first
                for place, (cell, column) in enumerate(zip(row.cells, self.table.columns, strict=True), start=1):
                    self._cell(place, row.kind, cell, column, summed_from=start)
                strong = row.kind is not RowKind.BODY
                pairs = zip(row.cells, self.table.columns, strict=True)
                self._fit([(cell.words, _width(column), strong or column.strong) for cell, column in pairs])
            self.at += 1

    def _group(self, row: Row) -> None:
        width = len(self.table.columns)
        for place in range(1, width + 1):
            cell = self._at(place)
            cell.border = _BOX
            if row.kind in _FILLS:
                cell.fill = PatternFill("solid", fgColor=f"FF{_FILLS[row.kind]}")
        cell = self._at(1)
        _put(cell, row.cells[0].words)
        is_group = row.kind is RowKind.GROUP
        cell.font = Font(name=FONT, size=10, bold=is_group, italic=not is_group, color=f"FF{INK}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        self.sheet.merge_cells(start_row=self.at, end_row=self.at, start_column=1, end_column=width)
        self._fit([(row.cells[0].words, sum(map(_width, self.table.columns)), is_group)])

    def _cell(self, place: int, kind: RowKind, said: Cell, column: Column, *, summed_from: int) -> None:
        cell = self._at(place)
        is_sum = kind is not RowKind.BODY
        formula = self._formula(place, kind, column, summed_from)
        if formula and (said.number is not None or is_sum):
            cell.value = formula
            cell.number_format = _format(said)
            self.results[cell.coordinate] = said.number or 0
        elif said.number is not None and not _is_mixed(said):
            cell.value = said.number
            cell.number_format = _format(said)
        else:
            _put(cell, said.words)
        cell.font = Font(name=FONT, size=10, bold=is_sum or column.strong, color=f"FF{INK}")
        cell.border = _BOX
        cell.alignment = Alignment(horizontal=_SIDES[column.align], vertical="top", wrap_text=True)
        if kind in _FILLS:
            cell.fill = PatternFill("solid", fgColor=f"FF{_FILLS[kind]}")
        if self.table.row_mm and not is_sum:
            self._at_least(self.table.row_mm * 72 / 25.4)

    def _fit(self, told: Sequence[tuple[str, float, bool]]) -> None:
        """Make the row as high as its words need: not every program that opens it does so by itself.

        ``told`` are words, the width that they have in characters, and whether they are bold.
        """
        lines = max((_lines(plain(words), width / (_BOLD if bold else 1)) for words, width, bold in told), default=1)
        self._at_least(_LINE_PT * lines + 1.5)

    def _at_least(self, height_pt: float) -> None:
        row = self.sheet.row_dimensions[self.at]
        row.height = max(row.height or 0.0, height_pt)

    def _formula(self, place: int, kind: RowKind, column: Column, summed_from: int) -> str:
        if kind is not RowKind.BODY and column.summed and self.at > summed_from:
            letter = get_column_letter(place)
            # SUBTOTAL leaves out other sub-totals on its way: the total of all counts every row once.
            return f"=SUBTOTAL(9,{letter}{summed_from}:{letter}{self.at - 1})"
        if kind is RowKind.BODY and column.adds:
            first, last = (get_column_letter(one + 1) for one in (column.adds[0], column.adds[-1]))
            return f"=SUM({first}{self.at}:{last}{self.at})"
        return ""

    def _set_up(self, first: int) -> None:
        """Make the sheet a page: A4 lying, as wide as the paper, headings on every page and always in sight."""
        sheet = self.sheet
        for place, column in enumerate(self.table.columns, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = _width(column)
        sheet.freeze_panes = f"A{first}"
        heads = 2 if self.table.over else 1
        sheet.print_title_rows = f"{first - heads}:{first - 1}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.page_margins.top = sheet.page_margins.bottom = 0.6
        sheet.page_margins.header = sheet.page_margins.footer = 0.3
        footer: Any = sheet.oddFooter
        footer.left.text = plain(self.document.footer).replace("&", "&&")[:200]
        footer.right.text = "&P / &N"


def _width(column: Column) -> float:
    """Return the width of a column in characters."""
    return max(6.0, column.share * _WIDTH_OF_SHARE)


def _lines(words: str, width: float) -> int:
    """Return how many lines words take in a cell."""
    return sum(len(textwrap.wrap(line, max(int(width), 1))) or 1 for line in words.split("\n"))


def _put(cell: SheetCell, words: str) -> None:
    """Put words into a cell as words: what begins like a formula is none."""
    kept = plain(words)
    if len(kept) > _MOST_LETTERS:
        kept = kept[: _MOST_LETTERS - 1] + "…"
    cell.value = kept or None
    if kept:
        cell.data_type = "s"


def _is_mixed(said: Cell) -> bool:
    """Whether the words say more than the number, as "12 / 30" or "300*" do."""
    return re.sub(r"[\d\s\u202f.,−–%>+-]", "", said.words) != "" or "/" in said.words


def _format(said: Cell) -> str:
    # The mark and the gaps are those of whoever opens it; the format names them in one way for all.
    digits = "#,##0" + ("." + "0" * said.decimals if said.decimals else "")
    sign = '"> "' if said.at_least else ""
    percent = '" %"' if said.words.endswith("%") else ""
    return f"{sign}{digits}{percent}"
