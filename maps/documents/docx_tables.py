"""Tables of a DOCX: widths that hold, headings repeated on every page, rows to write in.

A plan has thousands of cells, and the library takes a millisecond for each; so a table is written as the XML that it
is (ECMA-376, part 1, 17.4), and read by the library once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from xml.sax.saxutils import escape

from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from maps.documents.layout import LINE, SHADE, SHADE_STRONG, column_widths_mm, fitted, stays_whole, table_pt
from maps.documents.model import Align, Orientation, Row, RowKind, Table

__all__ = ["add_table"]

_SIDES = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_UNBROKEN_LETTERS = 400
_REPEATED, _UNBROKEN = "<w:tblHeader/>", "<w:cantSplit/>"
_FIRST_OF_TWO, _SECOND_OF_TWO = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def add_table(file: Docx, table: Table, orientation: Orientation) -> None:
    """Add a table after what is there."""
    widths = column_widths_mm(table, orientation)
    writer = _Writer(table, widths, is_whole=stays_whole(table, orientation))
    columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    looks = (
        '<w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    )
    made = (
        f"<w:tbl {nsdecls('w')}><w:tblPr>{looks}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(writer.rows())}</w:tbl>"
    )
    after = file.add_paragraph()
    after.paragraph_format.space_after = Pt(2)
    after._p.addprevious(parse_xml(made))


def _twips(width_mm: float) -> int:
    return int(Mm(width_mm).twips)


class _Writer:
    """Writes the rows of one table.

    Parameters
    ----------
    table
        What is in it.
    widths
        Of its columns, millimetres.
    is_whole
        Whether it is to stay on one page: then each row but the last is kept with the next.
    """

    def __init__(self, table: Table, widths: tuple[float, ...], *, is_whole: bool) -> None:
        self.table = table
        self.widths = widths
        self.size = table_pt(table)
        self.is_whole = is_whole

    def rows(self) -> Iterator[str]:
        """Yield every row, headings first."""
        if self.table.has_heading:
            if self.table.over:
                yield _row(self._over(), _REPEATED + _UNBROKEN)
            yield _row(self._headings(), _REPEATED + _UNBROKEN)
        last = len(self.table.rows) - 1
        for place, row in enumerate(self.table.rows):
            yield self._body(row, is_kept=self.is_whole and place != last)

    def _over(self) -> Iterator[str]:
        """Yield the cells of the upper of two rows of headings: over several columns, or going on below."""
        starts = accumulate((count for _, count in self.table.over), initial=0)
        for at, (words, count) in zip(starts, self.table.over, strict=False):
            if words:
                width = sum(self.widths[at : at + count])
                yield self._cell(words, width, Align.CENTRE, bold=True, fill=SHADE_STRONG, over=count, is_kept=True)
                continue
            for place in range(at, at + count):
                yield self._heading(place, _FIRST_OF_TWO)

    def _headings(self) -> Iterator[str]:
        over = [words for words, count in self.table.over for _ in range(count)]
        for place, width in enumerate(self.widths):
            if over and not over[place]:
                yield self._cell("", width, Align.LEFT, merge=_SECOND_OF_TWO, is_kept=True)
            else:
                yield self._heading(place)

    def _heading(self, place: int, merge: str = "") -> str:
        column = self.table.columns[place]
        return self._cell(
            column.title, self.widths[place], column.align, bold=True, fill=SHADE_STRONG, merge=merge, is_kept=True
        )

    def _body(self, row: Row, *, is_kept: bool) -> str:
        if row.kind in (RowKind.GROUP, RowKind.SUBGROUP):
            is_group = row.kind is RowKind.GROUP
            cell = self._cell(
                row.cells[0].words,
                sum(self.widths),
                Align.LEFT,
                bold=is_group,
                italic=not is_group,
                fill=SHADE if is_group else "",
                over=len(self.widths),
                is_kept=True,
            )
            return _row([cell], _UNBROKEN)
        is_sum = row.kind is not RowKind.BODY
        fill = (SHADE_STRONG if row.kind is RowKind.TOTAL else SHADE) if is_sum else ""
        cells = (
            self._cell(said.words, width, column.align, bold=is_sum or column.strong, fill=fill, is_kept=is_kept)
            for said, column, width in zip(row.cells, self.table.columns, self.widths, strict=True)
        )
        properties = _UNBROKEN if all(len(one.words) <= _UNBROKEN_LETTERS for one in row.cells) else ""
        if self.table.row_mm and not is_sum:
            properties += f'<w:trHeight w:val="{_twips(self.table.row_mm)}" w:hRule="atLeast"/>'
        return _row(cells, properties)

    def _cell(
        self,
        words: str,
        width: float,
        align: Align,
        *,
        bold: bool = False,
        italic: bool = False,
        fill: str = "",
        over: int = 1,
        merge: str = "",
        is_kept: bool = False,
    ) -> str:
        place = f'<w:tcW w:w="{_twips(width)}" w:type="dxa"/>'
        place += (f'<w:gridSpan w:val="{over}"/>' if over > 1 else "") + merge
        place += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        kept = "<w:keepNext/>" if is_kept else ""
        run = _run(fitted(words, width, self.size, bold=bold), self.size, bold=bold, italic=italic) if words else ""
        return (
            f'<w:tc><w:tcPr>{place}</w:tcPr><w:p><w:pPr>{kept}<w:spacing w:after="0"/>'
            f'<w:jc w:val="{_SIDES[align]}"/></w:pPr>{run}</w:p></w:tc>'
        )


def _row(cells: Iterable[str], properties: str) -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _run(words: str, size: float, *, bold: bool, italic: bool) -> str:
    looks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "") + f'<w:sz w:val="{round(2 * size)}"/>'
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r><w:rPr>{looks}</w:rPr>{lines}</w:r>"
