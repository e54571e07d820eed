"""One page of a PDF scan as pixels."""

from __future__ import annotations

import math
from typing import Any, BinaryIO

import numpy as np
import pypdfium2
import pypdfium2.raw
from numpy.typing import NDArray

from geo.errors import Refused
from sketch_import.photo.decoding import Decoded
from sketch_import.photo.limits import MAX_MEGAPIXELS, check_size, chosen_page
from sketch_import.photo.photo import ExifFacts

__all__ = ["decode_pdf"]

_POINTS_PER_INCH = 72
_DRAWN_DPI = 300
"""For a page that is not one scanned picture."""
_LEAST_DPI = 100
"""Below this a pencil line is thinner than a pixel."""
_MM_PER_POINT = 25.4 / _POINTS_PER_INCH
_WHOLE_PAGE = 0.5
"""A picture that covers half the page or more is the scan; its own resolution is kept."""


def decode_pdf(file: BinaryIO, *, page: int | None, name: str) -> Decoded:
    """Render one page, white where nothing is printed.

    The resolution is that of the scan on the page, else 300 dpi, and less where the page would have more
    pixels than allowed: an A0 page comes at 203 dpi.

    Parameters
    ----------
    file
        Open at its beginning.
    page
        Counted from 1; None where nothing was said.
    name
        Of the file, for messages.

    Raises
    ------
    geo.errors.Refused
        ``image.pdf_locked``, ``image.truncated``, ``image.unreadable``, ``image.pdf_page_size``, ``image.zero_size``,
        ``image.too_large``, and those of `chosen_page`. The pages are counted before any is drawn.
    """
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY}:
            raise Refused("image.pdf_locked", path=name) from error
        raise Refused("image.truncated" if _ends_early(file) else "image.unreadable", path=name) from error
    try:
        pages = len(document)
        if pages < 1:
            raise Refused("image.unreadable", path=name)
        wanted = chosen_page(page, pages, name=name)
        pixels = _render(document[wanted - 1], name=name)
    except pypdfium2.PdfiumError as error:
        raise Refused("image.unreadable", path=name) from error
    finally:
        document.close()
    return Decoded(pixels=pixels, format="PDF", exif=ExifFacts(), page=wanted, pages=pages)


def _ends_early(file: BinaryIO) -> bool:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 1024))
    return b"%%EOF" not in file.read()


def _render(page: Any, *, name: str) -> NDArray[np.uint8]:
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise Refused("image.zero_size", path=name)
    # A hundredth less than allowed, for both sides are rounded up.
    most_dpi = _POINTS_PER_INCH * math.sqrt(0.99 * MAX_MEGAPIXELS * 1e6 / (width * height))
    if most_dpi < _LEAST_DPI or max(width, height) / min(width, height) > MAX_MEGAPIXELS:
        millimetres = {"width_mm": round(width * _MM_PER_POINT), "height_mm": round(height * _MM_PER_POINT)}
        raise Refused("image.pdf_page_size", path=name, **millimetres)
    dpi = min(_scan_dpi(page, width * height, name=name), most_dpi)
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH, rev_byteorder=True)
    drawn: NDArray[np.uint8] = bitmap.to_numpy()
    if drawn.ndim == 2 or drawn.shape[2] == 1:
        drawn = np.repeat(drawn.reshape(*drawn.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(drawn[..., :3])


def _scan_dpi(page: Any, area: float, *, name: str) -> float:
    """Return the resolution of the picture that fills the page, or that of a drawn page.

    A picture of more pixels than allowed is refused here: drawing it small still means unpacking it whole.
    """
    found = 0.0
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        columns, rows = picture.get_px_size()
        if columns * rows > 0:
            check_size(columns, rows, name=name)
        left, bottom, right, top = picture.get_bounds()
        covered = abs((right - left) * (top - bottom))
        if covered >= _WHOLE_PAGE * area:
            found = max(found, _POINTS_PER_INCH * math.sqrt(columns * rows / covered))
    return min(max(found, _LEAST_DPI), 1200.0) if found else _DRAWN_DPI
