"""What the printed marks of two photographs say: which sheet it is, where its frame lies, how the two photos relate."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import SheetLayout
from sketch_import.reading.finding import read_codes

__all__ = ["SeenMarks", "find_marks", "marks_homography"]

FloatArray = NDArray[np.float64]
_SMALL = 2600
"""A photo with a shorter long side, in pixels, is looked at enlarged too where nothing is read."""
_LEAST_MARKS = 3


@dataclass(frozen=True, slots=True, eq=False)
class SeenMarks:
    """The sheet codes that were read in a photograph."""

    sheet_ids: frozenset[str]
    """Ids of the sheets; more than one where two sheets lie in one photo."""
    to_photo: FloatArray | None
    """3 × 3, millimetres of the paper to pixels of the photo; None below three marks of one sheet."""
    frame: FloatArray | None
    """Corners of the part that is drawn on, in pixels of the photo, shape (4, 2)."""


def find_marks(pixels: NDArray[np.uint8]) -> SeenMarks:
    """Read the sheet codes of a photograph; what is not ours, or cannot be read, is passed over.

    Parameters
    ----------
    pixels
        Upright RGB, shape (h, w, 3), uint8.
    """
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    codes, _, _ = read_codes(grey)
    read = [(found.code, found.corners) for found in codes]
    if not read and max(grey.shape) < _SMALL:
        enlarged = np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
        read = [(found.code, found.corners / 2) for found in read_codes(enlarged)[0]]
    ids = frozenset(code.sheet_id for code, _ in read)
    if len(ids) != 1 or len({code.mark for code, _ in read}) < _LEAST_MARKS:
        return SeenMarks(ids, None, None)
    layout = SheetLayout(read[0][0])
    places = {mark.number: mark.code.corners for mark in layout.marks}
    known = [(places[code.mark], corners) for code, corners in read if code.mark in places]
    paper = np.concatenate([np.array(place, np.float64) for place, _ in known])
    photo = np.concatenate([corners for _, corners in known])
    fitted, _ = cv2.findHomography(paper, photo, cv2.RANSAC, 0.006 * max(pixels.shape[:2]))
    # None where the corners contradict each other, whatever the library's types say.
    if np.size(fitted) != 9:
        return SeenMarks(ids, None, None)
    frame = cv2.perspectiveTransform(np.array(layout.frame.corners)[:, None], fitted)[:, 0]
    return SeenMarks(ids, np.asarray(fitted, np.float64), np.asarray(frame, np.float64))


def marks_homography(new: SeenMarks, old: SeenMarks) -> FloatArray | None:
    """Return new pixel → old pixel by the marks alone, good to some pixels; None unless both show one sheet's."""
    if new.to_photo is None or old.to_photo is None or new.sheet_ids != old.sheet_ids:
        return None
    matrix = old.to_photo @ np.linalg.inv(new.to_photo)
    return np.asarray(matrix / matrix[2, 2], np.float64)
