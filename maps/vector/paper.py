"""A drawing as PDF, by Typst, and as PNG of that PDF."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path

import pypdfium2

from maps.print.typesetting import typeset
from maps.vector.drawing import Drawing
from maps.vector.svg import to_svg

__all__ = ["PictureFormat", "to_pdf", "to_picture", "to_png"]

_TEMPLATE = Path(__file__).parent / "templates" / "drawing.typ"
_DPI = 150.0


class PictureFormat(StrEnum):
    """What a drawing is written as."""

    SVG = "svg"
    PDF = "pdf"
    PNG = "png"


def to_picture(drawing: Drawing, format: PictureFormat) -> bytes:
    """Write a drawing as a file that stands by itself: a SVG brings its letters along."""
    match format:
        case PictureFormat.SVG:
            return to_svg(drawing, with_font=True).encode()
        case PictureFormat.PDF:
            return to_pdf(drawing)
        case PictureFormat.PNG:
            return to_png(drawing)


def to_pdf(drawing: Drawing) -> bytes:
    """Write a drawing as a PDF of one page of exactly its size: vectors, and words that can be searched and copied."""
    data = {
        "title": drawing.title,
        "about": drawing.about or drawing.title,
        "language": drawing.language.value,
        "width": drawing.width,
        "height": drawing.height,
        "words": [
            {"x": one.x, "y": one.y, "text": one.text, "size": one.size, "bold": one.bold, "colour": one.colour}
            | {"anchor": one.anchor.value}
            for one in drawing.words()
        ],
    }
    shapes = to_svg(drawing, with_words=False).encode()
    # What people wrote comes in as data, never as markup.
    return typeset(_TEMPLATE, data, pictures={"shapes.svg": shapes})


def to_png(drawing: Drawing, *, dpi: float = _DPI) -> bytes:
    """Write a drawing as a picture of so many pixels an inch."""
    pdf = pypdfium2.PdfDocument(to_pdf(drawing))
    try:
        picture = pdf[0].render(scale=dpi / 72).to_pil()
    finally:
        pdf.close()
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(dpi, dpi))
    return buffer.getvalue()
