"""What the printed marks of two photographs say: which sheet it is, where its frame lies, how the two photos relate."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from geo.sheet_layout import SheetCode, SheetCodeError, SheetLayout, parse_sheet_code

__all__ = ["SeenMarks", "find_marks", "marks_homography"]

FloatArray = NDArray[np.float64]
_LONG_SIDE = 2600
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
    scale = min(1.0, _LONG_SIDE / max(pixels.shape[:2]))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    read: list[tuple[SheetCode, FloatArray]] = []
    for symbol in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        try:
            code = parse_sheet_code(symbol.text)
        except SheetCodeError:
            continue
        at = symbol.position
        corners = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        read.append((code, np.array(corners, np.float64) / scale))
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
