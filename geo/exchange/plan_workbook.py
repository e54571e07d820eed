"""A workbook (ISO/IEC 29500, XLSX) from anybody, as a grid of plain cells; nothing in it is run or fetched."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import Refused, TooLarge

__all__ = ["MOST_MEGABYTES", "GridCell", "GridRow", "read_sheets"]

MOST_MEGABYTES: Final = 10
"""Of the file as it is sent; a plan of 500 activities has a tenth of one."""
_MOST_PARTS: Final = 1_000
_MOST_UNPACKED: Final = 40_000_000
_MOST_SHEETS: Final = 20
_MOST_ROWS: Final = 3_000
_MOST_COLUMNS: Final = 60
_MOST_LETTERS: Final = 4_000
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Compound files: XLS, and workbooks with a password."""
_FAULTS: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    SyntaxError,  # of XML, by either parser
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What the reader raises for files that are broken in their many ways."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it was written.

    Attributes
    ----------
    value
        Text, number or date; None where it is empty.
    address
        As a spreadsheet names it, such as ``H7``.
    is_formula, is_error
        It holds a formula, or says that one failed (``#REF!``).
    says_over
        Its format writes ``>`` before the number.
    """

    address: str
    value: str | int | float | date | None = None
    is_formula: bool = False
    is_error: bool = False
    says_over: bool = False

    @property
    def text(self) -> str:
        """What it says, as words; empty where it says nothing."""
        return "" if self.value is None else str(self.value).strip()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with its number in the sheet, counting from 1; cells by column, counting from 0."""

    number: int
    cells: tuple[GridCell, ...]

    @property
    def filled(self) -> tuple[int, ...]:
        """The columns that say something."""
        return tuple(at for at, one in enumerate(self.cells) if one.text or one.is_formula)


def read_sheets(file: BinaryIO) -> tuple[tuple[str, tuple[GridRow, ...]], ...]:
    """Read the sheets of a workbook in their order: name and rows, hidden sheets left out.

    Formulas are marked and never reckoned; macros are refused, external links not followed, entities not expanded.

    Raises
    ------
    Refused
        It is no XLSX workbook, has macros, a password, or is broken.
    TooLarge
        More rows, columns, sheets or unpacked bytes than a plan can have.
    """
    _check_package(file)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            names = book.sheetnames
            if len(names) > _MOST_SHEETS:
                raise TooLarge("workbook.too_many_sheets", most=_MOST_SHEETS)
            return tuple(
                (name, tuple(_rows(book[name])))
                for name in names
                if getattr(book[name], "sheet_state", "visible") == "visible" and hasattr(book[name], "iter_rows")
            )
        finally:
            book.close()
    except _FAULTS as error:
        raise Refused("workbook.broken") from error


def _check_package(file: BinaryIO) -> None:
    file.seek(0)
    head = file.read(8)
    if head == _OLD_OFFICE:
        raise Refused("workbook.old_or_locked")
    if not head.startswith(b"PK"):
        raise Refused("workbook.not_xlsx")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            names = {one.filename.casefold() for one in parts}
            if len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > _MOST_UNPACKED:
                raise TooLarge("workbook.too_large_inside")
            if "xl/workbook.xml" not in names:
                raise Refused("workbook.not_xlsx")
            if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in package.read(
                next(one for one in parts if one.filename.casefold() == "[content_types].xml")
            ):
                raise Refused("workbook.macros")
            _check_parts(package, parts)
    except _FAULTS as error:
        raise Refused("workbook.broken") from error
    finally:
        file.seek(0)


def _check_parts(package: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Unpack every part by pieces: a package may say less than it holds, and a part may define entities."""
    total = 0
    for part in parts:
        with package.open(part) as opened:
            kept = b""
            while piece := opened.read(65_536):
                total += len(piece)
                if total > _MOST_UNPACKED:
                    raise TooLarge("workbook.too_large_inside")
                window = kept + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise Refused("workbook.broken")
                kept = piece[-16:]


def _rows(sheet: Any) -> Iterator[GridRow]:
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        cells = tuple(_cell(cell, number, column) for column, cell in enumerate(row, start=1))
        while cells and cells[-1].value is None and not cells[-1].is_formula:
            cells = cells[:-1]
        empty = 0 if cells else empty + 1
        if number > _MOST_ROWS:
            # Some programs write a million empty rows after the last one.
            if cells:
                raise TooLarge("workbook.too_many_rows", most=_MOST_ROWS)
            if empty > _MOST_ROWS:
                return
        if cells:
            yield GridRow(number, cells)


def _cell(cell: Any, row: int, column: int) -> GridCell:
    address = f"{get_column_letter(column)}{row}"
    value: Any = cell.value
    kind = getattr(cell, "data_type", "n")
    if value is None or kind == "f":
        return GridCell(address, is_formula=value is not None)
    if kind == "e":
        return GridCell(address, str(value), is_error=True)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        return GridCell(address, value, says_over='">' in (cell.number_format or ""))
    words = value.isoformat() if isinstance(value, time) else str(value).strip()
    if len(words) > _MOST_LETTERS:
        raise TooLarge("workbook.cell_too_long", cell=address, most=_MOST_LETTERS)
    return GridCell(address, words or None)
