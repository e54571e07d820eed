"""A paper as PDF, set by Typst: the words go in as data and are never read as markup."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from geo.errors import Failed, Refused
from geo.i18n import text
from maps.documents.layout import (
    BODY_PT,
    MARGIN_MM,
    NOTE_PT,
    column_widths_mm,
    content_width_mm,
    fitted,
    stays_whole,
    table_pt,
)
from maps.documents.lettering import Lettering, lettering_for, plain
from maps.documents.model import (
    Block,
    Document,
    Fields,
    Heading,
    Orientation,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Row,
    RowKind,
    Section,
    Signatures,
    Table,
)

__all__ = ["picture_suffix", "svg_to_png", "write_pdf"]

_TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
_TITLE_PT = 18.0
_UNBROKEN_LETTERS = 400
"""A row with longer words may go on on the next page."""
_PICTURE_DPI = 200.0


def write_pdf(document: Document) -> bytes:
    """Write a paper as PDF, A4, fonts embedded; the same paper gives the same bytes.

    Raises
    ------
    Refused
        A picture is none.
    Failed
        The font is not installed, or the page cannot be set.
    """
    lettering = lettering_for([*map(plain, document.words()), *_words_of_drawings(document)])
    pictures: dict[str, bytes] = {}
    width = content_width_mm(document.sections[0].orientation)
    data: dict[str, Any] = {
        "language": document.language.value,
        "title": fitted(document.title, width, _TITLE_PT, bold=True),
        "name": plain(document.title),
        "subtitle": fitted(document.subtitle, width, _TITLE_PT),
        "footer": fitted(document.footer, 0.85 * width, BODY_PT),
        "date": [document.as_of.year, document.as_of.month, document.as_of.day] if document.as_of else None,
        "margin": MARGIN_MM,
        "pt": {"body": BODY_PT, "note": NOTE_PT},
        "sections": [_section(section, pictures) for section in document.sections],
        "missing": _missing(document, lettering),
    }
    moment = datetime.combine(document.as_of, time(), UTC) if document.as_of else None
    with tempfile.TemporaryDirectory(prefix="ayilmap-paper-") as folder:
        root = Path(folder)
        (root / "paper.typ").write_bytes(_TEMPLATE.read_bytes())
        (root / "paper.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        for name, content in pictures.items():
            (root / name).write_bytes(content)
        return _compiled(root / "paper.typ", lettering, "pdf", moment)


def _words_of_drawings(document: Document) -> Iterator[str]:
    """Go through what is written in the pictures, whose letters come from the same fonts."""
    for block in document.blocks():
        for one in block.pictures if isinstance(block, PictureRow) else (block,):
            if isinstance(one, Picture) and picture_suffix(one.content) == "svg":
                yield from _words_in(one.content)


def _words_in(svg: bytes) -> list[str]:
    return re.findall(r">([^<>]+)<", svg.decode("utf-8", "replace"))


def _missing(document: Document, lettering: Lettering) -> str:
    if not lettering.missing:
        return ""
    codes = ", ".join(f"U+{ord(one):04X}" for one in lettering.missing[:12])
    more = ", …" if len(lettering.missing) > 12 else ""
    packages = ", ".join(lettering.packages)
    return text("documents.letters_missing", document.language, letters=codes + more, packages=packages)


def svg_to_png(content: bytes, *, width_mm: float) -> bytes:
    """Draw an SVG picture as PNG, for a file that takes no drawings.

    Raises
    ------
    Refused
        It is no SVG picture.
    """
    with tempfile.TemporaryDirectory(prefix="ayilmap-picture-") as folder:
        root = Path(folder)
        (root / "picture.svg").write_bytes(content)
        page = f'#set page(width: auto, height: auto, margin: 0mm)\n#image("picture.svg", width: {width_mm:.2f}mm)\n'
        (root / "page.typ").write_text(page, "utf-8")
        return _compiled(root / "page.typ", lettering_for(_words_in(content)), "png", None)


def _compiled(page: Path, lettering: Lettering, form: str, moment: datetime | None) -> bytes:
    compiler = typst.Compiler(page, root=page.parent, font_paths=lettering.fonts)
    try:
        if form == "png":
            content = compiler.compile(format="png", ppi=_PICTURE_DPI)
        else:
            content = compiler.compile(format="pdf", timestamp=int(moment.timestamp()) if moment else 0)
    except typst.TypstError as error:
        said = str(error)
        if "image" in said or "decode" in said or "SVG" in said:
            raise Refused("documents.picture_unreadable", detail=said) from error
        raise Failed("print.not_set", reason=said) from error
    if not isinstance(content, bytes):
        raise TypeError("one page of a picture, or one file of a paper")
    return content


def _section(section: Section, pictures: dict[str, bytes]) -> dict[str, Any]:
    return {
        "landscape": section.orientation is Orientation.LANDSCAPE,
        "blocks": [_block(block, section.orientation, pictures) for block in section.blocks],
    }


def _block(  # noqa: PLR0911 - one return for each kind of block
    block: Block, orientation: Orientation, pictures: dict[str, bytes]
) -> dict[str, Any]:
    width = content_width_mm(orientation)
    match block:
        case Heading(words=words, level=level):
            return {"is": "heading", "level": level, "text": fitted(words, width, 15.0, bold=True)}
        case Paragraph(words=words, tone=tone):
            lines = fitted(words, width, BODY_PT).split("\n")
            return {"is": "paragraph", "lines": lines, "tone": tone.value}
        case Fields(items=items, columns=columns):
            room = width / columns / 2
            asked = [(fitted(one.label, room, BODY_PT), fitted(one.words, room, BODY_PT), one.lines) for one in items]
            named = [dict(zip(("label", "text", "lines"), one, strict=True)) for one in asked]
            return {"is": "fields", "columns": columns, "items": named}
        case Table():
            return _table(block, orientation)
        case Picture():
            return {"is": "pictures", "items": [_picture(block, width, pictures)]}
        case PictureRow(pictures=row):
            room = (width - 4.0 * (len(row) - 1)) / max(1, len(row))
            return {"is": "pictures", "items": [_picture(one, room, pictures) for one in row]}
        case Signatures():
            return {
                "is": "signatures",
                "lines": [
                    {"office": fitted(office, 0.25 * width, BODY_PT), "name": fitted(name, 0.25 * width, BODY_PT)}
                    for office, name in block.lines
                ],
                "signature": block.signature,
                "name": block.name,
                "day": block.day,
            }
        case PageBreak():
            return {"is": "pagebreak"}


def _table(table: Table, orientation: Orientation) -> dict[str, Any]:
    widths, size = column_widths_mm(table, orientation), table_pt(table)
    return {
        "is": "table",
        "pt": size,
        "widths": widths,
        "titles": [fitted(one.title, width, size, bold=True) for one, width in zip(table.columns, widths, strict=True)],
        "align": [one.align.value for one in table.columns],
        "strong": [one.strong for one in table.columns],
        "over": [{"text": plain(words), "columns": count} for words, count in table.over],
        "has_heading": table.has_heading,
        "row": table.row_mm,
        "together": stays_whole(table, orientation),
        "rows": [_row(row, widths, size, [one.strong for one in table.columns]) for row in table.rows],
    }


def _row(row: Row, widths: Sequence[float], size: float, strong: Sequence[bool]) -> dict[str, Any]:
    if row.kind in (RowKind.GROUP, RowKind.SUBGROUP):
        words = [fitted(row.cells[0].words, sum(widths), size, bold=True)]
    else:
        sums = row.kind is not RowKind.BODY
        looks = zip(row.cells, widths, strong, strict=True)
        words = [fitted(cell.words, width, size, bold=bold or sums) for cell, width, bold in looks]
    return {
        "kind": row.kind.value,
        "cells": words,
        "empty": not any(words[1:]),
        "breaks": any(len(one) > _UNBROKEN_LETTERS for one in words),
    }


def picture_suffix(content: bytes) -> str:
    """Return what kind of picture it is: ``svg``, ``png`` or ``jpg``.

    Raises
    ------
    Refused
        It is none of them.
    """
    if content.startswith(b"\x89PNG"):
        return "png"
    if content.startswith(b"\xff\xd8"):
        return "jpg"
    if b"<svg" in content[:2000]:
        return "svg"
    raise Refused("documents.picture_unreadable", detail="SVG, PNG, JPEG")


def _picture(picture: Picture, room_mm: float, pictures: dict[str, bytes]) -> dict[str, Any]:
    name = f"picture{len(pictures)}.{picture_suffix(picture.content)}"
    pictures[name] = picture.content
    return {
        "file": name,
        "said": plain(picture.said),
        "caption": fitted(picture.caption, room_mm, NOTE_PT),
        "width": min(picture.width_mm, room_mm),
        "height": picture.height_mm,
    }
