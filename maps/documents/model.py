"""A paper apart from the file it is written as: headings, lines to fill, tables, pictures, places to sign.

Forms build it once; the writers turn it into PDF, DOCX or XLSX. No form knows a format, no writer knows a form. All
words are already in the language of the reader, and none of them is markup: a writer puts them down as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from geo.i18n import Language

__all__ = [
    "Align",
    "Block",
    "Cell",
    "Column",
    "Document",
    "Field",
    "Fields",
    "Heading",
    "Orientation",
    "PageBreak",
    "Paragraph",
    "Picture",
    "PictureRow",
    "Row",
    "RowKind",
    "Section",
    "Signatures",
    "Table",
    "Tone",
    "blank_rows",
]


class Orientation(StrEnum):
    """How a page lies; the paper is A4."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Align(StrEnum):
    """Where words stand in their column."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Tone(StrEnum):
    """What a paragraph is."""

    PLAIN = "plain"
    NOTE = "note"
    """Small: a unit, a source, a word of explanation."""
    STRONG = "strong"
    """What must not be overlooked."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the largest below the title of the paper."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks are kept."""

    words: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the form and its answer; empty: a line to write on."""

    label: str
    words: str = ""
    lines: int = 1
    """How many lines to write on where there is no answer."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Answers below each other, or in two columns."""

    items: tuple[Field, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of a table, and the number they stand for.

    Parameters
    ----------
    words
        As they are read; empty: nothing is known, and there is room to write.
    number
        For a table that reckons.
    decimals
        Digits after the mark.
    at_least
        The source says "over" this number.
    """

    words: str = ""
    number: float | None = None
    decimals: int = 0
    at_least: bool = False


class RowKind(StrEnum):
    """What a row of a table is."""

    BODY = "body"
    GROUP = "group"
    """One cell over all columns that names what follows."""
    SUBGROUP = "subgroup"
    """The same, one step below."""
    SUBTOTAL = "subtotal"
    """Sums since the last `GROUP`."""
    TOTAL = "total"
    """Sums of all body rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; of a group or subgroup only the first cell is shown.

    ``key`` is its record's id: a workbook carries it unseen, so that its rows are known again when it is read back.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY
    key: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title
        Its heading.
    share
        Of the width, against the other columns.
    align
        Of its words.
    summed
        Whether sub-totals and totals are the sums of its body rows.
    adds
        Columns, by their place from 0, whose sum stands in this one, in every row.
    strong
        Set in bold, as the name of a row.
    """

    title: str
    share: float = 1.0
    align: Align = Align.LEFT
    summed: bool = False
    adds: tuple[int, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its heading is repeated on every page.

    Parameters
    ----------
    name
        What it is called where tables stand on sheets of their own; empty: it has no sheet.
    over
        Headings above the columns' own: words, and over how many columns; empty words leave the columns alone.
    has_heading
        Whether the columns have headings; a table of questions and answers has none.
    row_mm
        Least height of a row, in millimetres; more where people write by hand.
    small
        Set in smaller type, for many columns.
    together
        Not to be parted by the end of a page, unless it is longer than one.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    name: str = ""
    over: tuple[tuple[str, int], ...] = ()
    has_heading: bool = True
    row_mm: float = 0.0
    small: bool = False
    together: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing or a photo.

    Parameters
    ----------
    content
        SVG, PNG or JPEG.
    said
        What it shows, for those who cannot see it.
    width_mm
        As wide as this, or as the page where that is narrower.
    height_mm
        No higher than this.
    """

    content: bytes
    said: str
    caption: str = ""
    width_mm: float = 170.0
    height_mm: float = 150.0


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Pictures side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: an office, and the name where it is known."""

    lines: tuple[tuple[str, str], ...]
    signature: str
    """The word below the line for the signature."""
    name: str
    """The word below the line for the name."""
    day: str
    """The word below the line for the date."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Fields | Table | Picture | PictureRow | Signatures | PageBreak


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that lie one way."""

    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT


@dataclass(frozen=True, slots=True)
class Document:
    """A paper.

    Parameters
    ----------
    title
        What paper it is.
    subtitle
        Of whom and when.
    language
        Of all its words but the names.
    sections
        At least one.
    as_of
        The day its contents are of; None on a blank form.
    footer
        Beside the number of each page.
    """

    title: str
    language: Language
    sections: tuple[Section, ...]
    subtitle: str = ""
    as_of: date | None = None
    footer: str = ""

    def blocks(self) -> Iterator[Block]:
        """Go through everything in reading order."""
        for section in self.sections:
            yield from section.blocks

    def words(self) -> Iterator[str]:
        """Go through everything that is written, once for each place."""
        yield from (self.title, self.subtitle, self.footer)
        for block in self.blocks():
            yield from _words_of(block)


def blank_rows(columns: Sequence[Column], number: int, *, numbered_from: int | None = None) -> tuple[Row, ...]:
    """Return rows to fill by hand, their first cell numbered where wanted."""
    return tuple(
        Row(
            tuple(
                Cell(str(numbered_from + at), numbered_from + at) if numbered_from is not None and not place else Cell()
                for place in range(len(columns))
            )
        )
        for at in range(number)
    )


def _words_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(words=words) | Paragraph(words=words):
            yield words
        case Fields(items=items):
            for item in items:
                yield from (item.label, item.words)
        case Table():
            yield from (words for words, _ in block.over)
            yield from (column.title for column in block.columns)
            for row in block.rows:
                yield from (cell.words for cell in row.cells)
        case Picture():
            yield block.caption
        case PictureRow(pictures=pictures):
            yield from (one.caption for one in pictures)
        case Signatures():
            for office, name in block.lines:
                yield from (office, name)
            yield from (block.signature, block.name, block.day)
        case PageBreak():
            return
