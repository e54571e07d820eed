"""Reading papers back from their files, for tests: words, pages, fonts, everything that is packed in them."""

from __future__ import annotations

import ctypes
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from geo.domain.forms import DocumentFormat

A4 = (595.3, 841.9)
"""Points."""


def bare(words: str) -> str:
    """Words without anything that a file may set otherwise: breaks, gaps, hyphens put in, direction."""
    joined = unicodedata.normalize("NFKC", words)
    return re.sub(r"[\s\u00ad\u0002\ufffe\u200b-\u200f\u2060-]+", "", joined)


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def pdf_pages(pdf: bytes) -> list[str]:
    """The words of each page."""
    with opened(pdf) as document:
        return [document[at].get_textpage().get_text_range() for at in range(len(document))]


def pdf_sizes(pdf: bytes) -> list[tuple[float, float]]:
    with opened(pdf) as document:
        return [document[at].get_size() for at in range(len(document))]


def pdf_fonts(pdf: bytes) -> set[tuple[str, bool]]:
    """Fonts used, each with whether it is in the file."""
    found = set()
    with opened(pdf) as document:
        for at in range(len(document)):
            for thing in document[at].get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
                font = pdfium.FPDFTextObj_GetFont(thing.raw)
                size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
                name = ctypes.create_string_buffer(size)
                pdfium.FPDFFont_GetBaseFontName(font, name, size)
                found.add((name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return found


def letters_outside(pdf: bytes, *, margin_pt: float = 8.0) -> list[str]:
    """Letters that stand nearer to the edge of their page than that, or beyond it."""
    outside = []
    with opened(pdf) as document:
        for at in range(len(document)):
            page = document[at]
            width, height = page.get_size()
            words = page.get_textpage()
            for place in range(words.count_chars()):
                left, bottom, right, top = words.get_charbox(place)
                if right <= left:
                    continue
                if left < margin_pt or bottom < margin_pt or right > width - margin_pt or top > height - margin_pt:
                    outside.append(f"{at + 1}: {words.get_text_range(place, 1)} {left:.0f} {right:.0f}")
    return outside


def parts(packed: bytes) -> dict[str, bytes]:
    """Every file of an office file."""
    with zipfile.ZipFile(io.BytesIO(packed)) as opened_file:
        return {name: opened_file.read(name) for name in opened_file.namelist()}


def everything_in(content: bytes, kind: DocumentFormat) -> str:
    """All words that can be read out of a file by any means, properties and hidden parts too."""
    if kind is DocumentFormat.PDF:
        with opened(content) as document:
            said = str(document.get_metadata_dict())
        raw = content.decode("latin-1") + content.decode("utf-16-be", "replace") + content.decode("utf-8", "replace")
        return bare("\n".join(pdf_pages(content)) + said + raw)
    return bare("\n".join(name + one.decode("utf-8", "replace") for name, one in parts(content).items()))
