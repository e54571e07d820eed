"""Pages of a PDF as pixels, for tests that look at what was printed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pypdfium2

__all__ = ["page_count", "page_pixels", "page_size_mm", "page_text"]

_POINTS_PER_MM = 72 / 25.4


def page_pixels(pdf: bytes, page: int = 0, *, px_per_mm: float = 8.0) -> npt.NDArray[np.uint8]:
    """Return a page at exactly so many pixels to the millimetre, shape (h, w, 3), red first."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        # pdfium rounds up to whole pixels and stretches the page to them: a hair less, so that it does not.
        points = document[page].get_width()
        wide = round(points / _POINTS_PER_MM * px_per_mm)
        picture = document[page].render(scale=(wide - 1e-3) / points, rev_byteorder=True)
        return np.array(picture.to_numpy()[..., :3])
    finally:
        document.close()


def page_size_mm(pdf: bytes, page: int = 0) -> tuple[float, float]:
    """Return width and height of a page in millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        width, height = document[page].get_size()
        return width / _POINTS_PER_MM, height / _POINTS_PER_MM
    finally:
        document.close()


def page_text(pdf: bytes, page: int = 0) -> str:
    """Return the words of a page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """Return how many pages there are."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
