"""Read codes that no reader of codes finds: the markers tell where they are, once the paper is guessed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from sketch_import.reading.finding import FoundCode, FoundMarker
from sketch_import.reading.identifying import rough_homography
from sketch_import.reading.nearby import Nearby
from sketch_import.reading.registering import Pyramid, fit_mark
from sketch_import.reading.restoring import restore_codes
from sketch_import.reading.surface import fit_surface

__all__ = ["decipher"]

FloatArray = NDArray[np.float64]

_FEWEST = 3
_LIKELY = 0.75
_GUESSES = 3
"""So many papers are tried, the best fitting first."""


def decipher(grey: NDArray[np.uint8], markers: Sequence[FoundMarker]) -> tuple[FoundCode, ...]:
    """Read the codes of a sheet of which only markers were found.

    The numbers and places of the markers fit few papers; on each of these the place of every code is known.

    Parameters
    ----------
    grey
        The upright photo, shape (h, w).
    markers
        At least three, else nothing is found.
    """
    pyramid, size = Pyramid(grey), (grey.shape[1], grey.shape[0])
    for layout, homography, kept in _papers(markers):
        places = {mark.number: mark for mark in layout.marks}
        fitted = [
            fit_mark(pyramid, places[one.number], None, Nearby(homography, places[one.number], one)) for one in kept
        ]
        sound = [one for one in fitted if one is not None]
        if len(sound) < _FEWEST:
            continue
        surface = fit_surface(sound, paper_mm=layout.paper_mm, photo_size=size)
        blurs = {one.mark.number: one.blur_mm for one in sound}
        paper = layout.code.paper, layout.code.orientation
        codes = [
            code
            for code in restore_codes(grey, layout.marks, surface.to_photo, blurs)
            if (code.paper, code.orientation) == paper
        ]
        if codes:
            return tuple(FoundCode(code, surface.to_photo(places[code.mark].code.corners)) for code in codes)
    return ()


def _papers(markers: Sequence[FoundMarker]) -> list[tuple[SheetLayout, FloatArray, list[FoundMarker]]]:
    """Return papers on which the markers stand about right, the best fitting first."""
    found = []
    for paper in PaperSize:
        for orientation in Orientation:
            layout = SheetLayout(SheetCode("00000000", paper, orientation, Template.BLANK, 1000, 0, 0))
            ours = [marker for marker in markers if marker.number < len(layout.marks)]
            if len(ours) < _FEWEST:
                continue
            homography, inside = rough_homography(layout, ours)
            kept = [marker for marker, belongs in zip(ours, inside, strict=True) if belongs]
            if len(kept) < _FEWEST:
                continue
            places = {mark.number: mark.marker for mark in layout.marks}
            misfit = [_misfit(homography, places[one.number].corners, one.corners) for one in kept]
            found.append((-len(kept), float(np.median(misfit)), (layout, homography, kept)))
    found.sort(key=lambda one: one[:2])
    # Where a paper fits one marker in four better than another, the other is wrong.
    likely = [one for one in found if one[0] <= _LIKELY * found[0][0]]
    return [guess for _, _, guess in likely[:_GUESSES]]


def _misfit(homography: FloatArray, paper: ArrayLike, photo: FloatArray) -> float:
    points = np.column_stack([np.asarray(paper, np.float64), np.ones(4)]) @ homography.T
    return float(np.hypot(*(points[:, :2] / points[:, 2:] - photo).T).mean())
