"""A paper as DOCX, to go on writing in: real headings, tables with repeated headings, page numbers as fields."""

from __future__ import annotations

import io

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.image.exceptions import UnrecognizedImageError
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph
from PIL import Image, UnidentifiedImageError

from geo.errors import Refused
from maps.documents.docx_styles import FONT_TABLE, add_footer, lay_page, set_styles
from maps.documents.docx_tables import add_table
from maps.documents.layout import LINE, NOTE_PT, SMALL_PT, content_width_mm
from maps.documents.lettering import plain
from maps.documents.model import (
    Block,
    Document,
    Field,
    Fields,
    Heading,
    Orientation,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Signatures,
    Table,
    Tone,
)
from maps.documents.packing import core_properties, repacked
from maps.documents.typst_writer import picture_suffix, svg_to_png

__all__ = ["write_docx"]

_LABEL_SHARE = 0.42
_LED_TO = (Picture, PictureRow, Table)


def write_docx(document: Document) -> bytes:
    """Write a paper as DOCX, A4; the same paper gives the same bytes.

    Raises
    ------
    Refused
        A picture is none.
    """
    file = docx.Document()
    set_styles(file, document.language)
    for place, section in enumerate(document.sections):
        page = file.sections[0] if place == 0 else file.add_section(WD_SECTION.NEW_PAGE)
        lay_page(page, section.orientation)
        add_footer(page, plain(document.footer), section.orientation)
        if place == 0:
            file.add_paragraph(plain(document.title), style="Title")
            if document.subtitle:
                _coloured(file.add_paragraph(), document.subtitle, 12.0)
        before: Block | None = None
        for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            _add(file, block, section.orientation)
            # A heading, the words that lead to a picture or table, and what they lead to stay on one page.
            if isinstance(block, Paragraph) and isinstance(before, Heading) and isinstance(after, _LED_TO):
                file.paragraphs[-1].paragraph_format.keep_with_next = True
            before = block
    _drop_leftovers(file)
    made = io.BytesIO()
    file.save(made)
    properties = core_properties(plain(document.title), document.language.value, document.as_of)
    replaced = {"docProps/core.xml": properties, "word/fontTable.xml": FONT_TABLE}
    return repacked(made.getvalue(), replaced=replaced)


def _drop_leftovers(file: Docx) -> None:
    """Leave out what the library's own template carries: a picture of itself, and an empty list of books."""
    for relations in (file.part.package.rels, file.part.rels):
        for known, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml")):
                del relations[known]


def _coloured(line: DocxParagraph, words: str, size: float) -> None:
    run = line.add_run(plain(words))
    run.font.size = Pt(size)
    run.font.color.rgb = RGBColor.from_string(LINE)


def _add(file: Docx, block: Block, orientation: Orientation) -> None:
    width = content_width_mm(orientation)
    match block:
        case Heading(words=words, level=level):
            file.add_heading(plain(words), level)
        case Paragraph(words=words, tone=tone):
            line = file.add_paragraph()
            if tone is Tone.NOTE:
                _coloured(line, words, NOTE_PT)
            else:
                line.add_run(plain(words)).bold = tone is Tone.STRONG or None
        case Fields():
            _add_fields(file, block, width)
        case Table():
            add_table(file, block, orientation)
        case Picture():
            _add_picture(file.add_paragraph(), block, width)
            if block.caption:
                file.add_paragraph(plain(block.caption), style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER
        case PictureRow():
            _add_picture_row(file, block, width)
        case Signatures():
            _add_signatures(file, block, width)
        case PageBreak():
            file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_fields(file: Docx, block: Fields, width: float) -> None:
    if block.columns == 1:
        for item in block.items:
            _field(file.add_paragraph(), item, width)
            for _ in range(item.lines - 1 if not item.words else 0):
                _line(file.add_paragraph(), width)
        return
    rows = -(-len(block.items) // block.columns)
    table = file.add_table(rows, block.columns)
    table.autofit = False
    room = width / block.columns
    for column in table.columns:
        column.width = Mm(room)
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, item in zip(cells, block.items, strict=False):
        cell.width = Mm(room)
        _field(cell.paragraphs[0], item, room - 6.0)
    file.add_paragraph().paragraph_format.space_after = Pt(2)


def _field(line: DocxParagraph, item: Field, width: float) -> None:
    """A question and its answer, or a line to write on: a tab that draws it up to the end."""
    line.paragraph_format.space_after = Pt(3)
    if not item.words:
        if item.label and item.lines == 1:
            _coloured(line, f"{item.label}  ", 10.0)
        elif item.label:
            _coloured(line, item.label, 10.0)
            return
        _line(line, width)
        return
    indent = width * _LABEL_SHARE
    if item.label:
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(indent), Mm(-indent)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(indent))
        _coloured(line, item.label, 10.0)
        line.add_run("\t")
    line.add_run(plain(item.words))


def _line(line: DocxParagraph, width: float) -> None:
    line.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    line.add_run("\t")


def _add_picture(line: DocxParagraph, picture: Picture, room: float) -> None:
    content, width = picture.content, min(picture.width_mm, room)
    if picture_suffix(content) == "svg":
        content = svg_to_png(content, width_mm=width)
    try:
        with Image.open(io.BytesIO(content)) as opened:
            pixels = opened.size
        width = min(width, picture.height_mm * pixels[0] / pixels[1])
        shape = line.add_run().add_picture(io.BytesIO(content), width=Mm(width))
    except (UnidentifiedImageError, UnrecognizedImageError, OSError, ZeroDivisionError) as error:
        raise Refused("documents.picture_unreadable", detail=str(error)) from error
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = bool(picture.caption)
    properties = shape._inline.docPr
    properties.set("descr", plain(picture.said))
    properties.set("name", f"Picture {properties.get('id')}")


def _add_picture_row(file: Docx, block: PictureRow, width: float) -> None:
    table = file.add_table(1, len(block.pictures))
    table.autofit = False
    room = width / len(block.pictures)
    for cell, picture in zip(table.rows[0].cells, block.pictures, strict=True):
        cell.width = Mm(room)
        _add_picture(cell.paragraphs[0], picture, room - 5.0)
        if picture.caption:
            _caption(cell, picture.caption)


def _caption(cell: _Cell, words: str) -> None:
    line = cell.add_paragraph(plain(words))
    line.style = "Caption"
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_signatures(file: Docx, block: Signatures, width: float) -> None:
    """Office, line to sign, name, date: each line a cell with a rule below, and under it what belongs on it."""
    shares = (0.30, 0.22, 0.30, 0.18)
    rooms = [width * share - 5.0 for share in shares]
    for office, name in block.lines:
        line = file.add_paragraph()
        line.paragraph_format.space_before = Pt(14)
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.keep_with_next = True
        stops = line.paragraph_format.tab_stops
        at = width * shares[0]
        for room in rooms[1:]:
            stops.add_tab_stop(Mm(at))
            stops.add_tab_stop(Mm(at + room), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
            at += room + 5.0
        line.add_run(plain(office))
        line.add_run("\t\t\t")
        if name:
            line.add_run(plain(name)).underline = True
        line.add_run("\t\t\t")
        under = file.add_paragraph()
        under.paragraph_format.space_after = Pt(0)
        at = width * shares[0]
        for room in rooms[1:]:
            under.paragraph_format.tab_stops.add_tab_stop(Mm(at + room / 2), WD_TAB_ALIGNMENT.CENTER)
            at += room + 5.0
        run = under.add_run("".join(f"\t{plain(words)}" for words in (block.signature, block.name, block.day)))
        run.font.size = Pt(SMALL_PT)
        run.font.color.rgb = RGBColor.from_string(LINE)
