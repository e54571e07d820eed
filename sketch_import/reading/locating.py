"""Fit every mark of the sheet: first those that were found, then the others, where the first foretell them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import SheetLayout
from sketch_import.reading.identifying import Identity
from sketch_import.reading.nearby import Nearby
from sketch_import.reading.registering import FittedMark, Pyramid, fit_mark
from sketch_import.reading.surface import Surface, fit_surface

__all__ = ["Located", "locate"]

FloatArray = NDArray[np.float64]

_FEWEST = 2
_ROUNDS = 3
_SEARCH = 1.5
"""Marks not yet found are looked for within so many times the error foretold."""
_LARGEST_SEARCH_MM = 12.0
_MISSED_BY = 6.0
"""A mark further from where the others put it than so many times their typical miss is left out."""
_NEGLIGIBLE_MM = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """All marks that were fitted, and the surface through them."""

    marks: tuple[FittedMark, ...]
    surface: Surface
    dropped: tuple[int, ...]
    """Numbers of marks that contradict the others."""


def locate(grey: NDArray[np.uint8], identity: Identity) -> Located | None:
    """Fit the marks of a sheet and the surface of its paper.

    Parameters
    ----------
    grey
        The upright photo, shape (h, w).
    identity
        Which sheet, and roughly where.

    Returns
    -------
    Located or None
        None where fewer than two marks look as they were printed.
    """
    pyramid, layout = Pyramid(grey), identity.layout
    places = {mark.number: mark for mark in layout.marks}
    fitted: dict[int, FittedMark] = {}
    for marker in identity.markers:
        mark = places[marker.number]
        found = fit_mark(pyramid, mark, layout.code, Nearby(identity.homography, mark, marker))
        if found is not None:
            fitted[marker.number] = found
    if len(fitted) < _FEWEST:
        return None
    size = (grey.shape[1], grey.shape[0])
    fitted, dropped, surface = _consistent(fitted, layout, size)
    for _ in range(_ROUNDS):
        missing = [mark for mark in layout.marks if mark.number not in fitted and mark.number not in dropped]
        before = len(fitted)
        for mark in missing:
            search = max(1.0, _SEARCH * float(surface.error_mm(np.array(mark.code.corners)).max()))
            if search > _LARGEST_SEARCH_MM:
                continue
            found = fit_mark(pyramid, mark, layout.code, surface.to_photo, search_mm=search)
            if found is not None:
                fitted[mark.number] = found
        if len(fitted) == before:
            break
        fitted, more, surface = _consistent(fitted, layout, size)
        dropped |= more
    return Located(tuple(fitted[number] for number in sorted(fitted)), surface, tuple(sorted(dropped)))


def _consistent(
    fitted: dict[int, FittedMark], layout: SheetLayout, size: tuple[int, int]
) -> tuple[dict[int, FittedMark], set[int], Surface]:
    """Leave out, one after another, marks that the others contradict."""
    dropped: set[int] = set()
    kept = dict(fitted)
    while True:
        numbers = sorted(kept)
        surface = fit_surface([kept[number] for number in numbers], paper_mm=layout.paper_mm, photo_size=size)
        missed = surface.left_out_mm
        if len(numbers) < 5:
            return kept, dropped, surface
        worst = int(np.argmax(missed))
        others = np.delete(missed, worst)
        if missed[worst] <= max(_MISSED_BY * float(np.median(others)), _NEGLIGIBLE_MM * 5, 2.0 * float(others.max())):
            return kept, dropped, surface
        dropped.add(numbers[worst])
        del kept[numbers[worst]]
