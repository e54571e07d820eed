"""How much a picture may ask for, and the refusals of one that asks for more."""

from __future__ import annotations

import math

from geo.errors import Refused

__all__ = [
    "MAX_BYTES",
    "MAX_MEGAPIXELS",
    "MAX_MEMORY_BYTES",
    "MAX_PAGES",
    "MAX_SECONDS",
    "check_size",
    "chosen_page",
    "too_large",
]

MAX_MEGAPIXELS = 64
"""Larger than phone cameras deliver in one frame; decoded it takes 192 MB."""

MAX_BYTES = 640_000_000
"""What 64 megapixels of four channels of 16 bits take unpacked, and a fourth more."""

MAX_PAGES = 100
"""Of a PDF or TIFF; a day's sheets scanned in one go are fewer."""

MAX_SECONDS = 60
"""For a file that is decoded in a process of its own; an A0 scan takes five."""

MAX_MEMORY_BYTES = 1_600_000_000
"""For the same; 64 megapixels of four channels, twice while they are converted, and the picture itself."""


def too_large(pixels: int, *, name: str) -> Refused:
    """Return the refusal of a picture of so many pixels."""
    return Refused("image.too_large", path=name, megapixels=math.ceil(pixels / 1e6), limit=MAX_MEGAPIXELS)


def check_size(width: int, height: int, *, name: str) -> None:
    """Refuse a picture without pixels, or with more of them than a sheet needs.

    Raises
    ------
    geo.errors.Refused
        ``image.zero_size``, ``image.too_large``.
    """
    if width < 1 or height < 1:
        raise Refused("image.zero_size", path=name)
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        raise too_large(width * height, name=name)


def chosen_page(page: int | None, pages: int, *, name: str) -> int:
    """Return the page to read, counted from 1; a file of one page need not be asked about.

    Parameters
    ----------
    page
        What the person said; None where nothing was said.
    pages
        How many there are.
    name
        Of the file, for messages.

    Raises
    ------
    geo.errors.Refused
        ``image.too_many_pages``, ``image.which_page``, ``image.no_such_page``.
    """
    if pages > MAX_PAGES:
        raise Refused("image.too_many_pages", path=name, pages=pages, limit=MAX_PAGES)
    if page is None and pages > 1:
        raise Refused("image.which_page", path=name, pages=pages)
    wanted = 1 if page is None else page
    if not 1 <= wanted <= pages:
        raise Refused("image.no_such_page", path=name, page=wanted, pages=pages)
    return wanted
