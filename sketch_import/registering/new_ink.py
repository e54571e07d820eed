"""What was drawn since: candidates of the new photograph whose ink the old one does not show."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind
from sketch_import.candidate import Candidate
from sketch_import.registering.overlay import lay_over
from sketch_import.registering.sheet_view import SheetView, view_sheet
from sketch_import.tracing import trace

__all__ = ["new_ink"]

_NOVEL = 0.5
"""Share of a candidate's ink that the old photograph must not show."""
_LEAST_INK = 12


def new_ink(
    old_pixels: NDArray[np.uint8],
    new_pixels: NDArray[np.uint8],
    homography: NDArray[np.float64],
    *,
    traced: Sequence[Candidate] | None = None,
) -> tuple[Candidate, ...]:
    """Return what is drawn on the new photograph and not on the old, as candidates only.

    The new photograph is traced; the old one is laid over it, bent locally by a few pixels where paper or lens bend;
    a candidate is kept if most of its ink lies out of reach of old ink. What the old photograph does not show, because
    it was cropped, is not new.

    Parameters
    ----------
    old_pixels, new_pixels
        Upright RGB, shape (h, w, 3), uint8.
    homography
        3 × 3, pixels of the new photograph to pixels of the old one, as `register` returns it.
    traced
        What was found on the new photograph, where that is known already.

    Returns
    -------
    tuple of Candidate
        In pixels of the new photograph, with the ordinals of its whole trace.
    """
    new, old = view_sheet(new_pixels), view_sheet(old_pixels)
    to_new = new.to_working @ np.linalg.inv(homography) @ np.linalg.inv(old.to_working)
    over = lay_over(old, new, to_new)
    fresh = new.ink & over.seen & (1 - over.near)
    found = trace(new_pixels).candidates if traced is None else traced
    return tuple(candidate for candidate in found if _is_new(candidate, new, fresh))


def _is_new(candidate: Candidate, view: SheetView, fresh: NDArray[np.uint8]) -> bool:
    shape = shapely.transform(candidate.geometry, lambda xy: xy * view.scale)
    width = max(3.0, candidate.width_px * float(np.mean(view.scale)))
    left, top, right, bottom = (round(v) for v in shape.buffer(2 * width).bounds)
    rows, columns = view.shape
    window = slice(max(0, top), min(rows, bottom + 1)), slice(max(0, left), min(columns, right + 1))
    band = _band(candidate.kind, shape, width, (max(0, left), max(0, top)), view.ink[window].shape)
    ink = int(np.count_nonzero(view.ink[window] & band))
    return ink >= _LEAST_INK and int(np.count_nonzero(fresh[window] & band)) >= _NOVEL * ink


def _band(
    kind: CandidateKind, shape: BaseGeometry, width: float, corner: tuple[int, int], size: tuple[int, ...]
) -> NDArray[np.uint8]:
    """Return 1 where the ink of a candidate is expected, within a window."""
    mask = np.zeros(size, np.uint8)
    thick = max(2, round(1.4 * width))

    def points(line: BaseGeometry) -> NDArray[np.int32]:
        return np.asarray(np.rint((shapely.get_coordinates(line) - corner - 0.5) * 16), np.int32)

    if kind is CandidateKind.TEXT:
        cv2.fillPoly(mask, [points(shape)], 1, shift=4)
    elif isinstance(shape, Polygon):
        for ring in (shape.exterior, *shape.interiors):
            cv2.polylines(mask, [points(ring)], True, 1, thick, shift=4)
    elif kind is CandidateKind.LINE:
        cv2.polylines(mask, [points(shape)], False, 1, thick, shift=4)
    else:
        x, y = points(shape)[0].tolist()
        cv2.circle(mask, (x, y), round(16 * 1.5 * width), 1, -1, shift=4)
    return mask
