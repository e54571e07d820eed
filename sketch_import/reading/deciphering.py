"""Read codes that no reader of codes finds: the markers tell where they are, once the paper is guessed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.sheet_layout import Mark, Orientation, PaperSize, SheetCode, SheetLayout, Template
from sketch_import.reading.finding import FoundCode, FoundMarker
from sketch_import.reading.identifying import rough_homography
from sketch_import.reading.nearby import Nearby
from sketch_import.reading.sampled_codes import read_codes, sample_code

__all__ = ["decipher"]

FloatArray = NDArray[np.float64]

_FEWEST = 3
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
    for layout, homography, kept in _papers(markers):
        places = {mark.number: mark for mark in layout.marks}
        nearby = {one.number: Nearby(homography, places[one.number], one) for one in kept}
        sampled = [sample_code(grey, places[number], to_photo) for number, to_photo in nearby.items()]
        codes = read_codes([one for one in sampled if one is not None])
        codes = tuple(
            code for code in codes if (code.paper, code.orientation) == (layout.code.paper, layout.code.orientation)
        )
        if codes:
            return tuple(FoundCode(code, _corners(places[code.mark], nearby[code.mark])) for code in codes)
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
    return [guess for _, _, guess in found[:_GUESSES]]


def _misfit(homography: FloatArray, paper: ArrayLike, photo: FloatArray) -> float:
    points = np.column_stack([np.asarray(paper, np.float64), np.ones(4)]) @ homography.T
    return float(np.hypot(*(points[:, :2] / points[:, 2:] - photo).T).mean())


def _corners(mark: Mark, to_photo: Nearby) -> FloatArray:
    return to_photo(mark.code.corners)
