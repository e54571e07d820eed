"""Say which sheet it is, and that it is one sheet: codes that agree, markers that stand where the code says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.errors import Refused
from geo.sheet_layout import SheetCode, SheetLayout
from sketch_import.reading.finding import FoundCode, FoundMarker, Marks

__all__ = ["Identity", "identify", "identify_as", "rough_homography"]

FloatArray = NDArray[np.float64]

_APART = 0.03
"""A marker is where the layout says when nearer than this share of the sheet's long side in the photo: even a curled
sheet moves them no further."""
_FEWEST = 2
_STRANGERS = 2
"""So many markers that belong nowhere are another sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """One sheet."""

    layout: SheetLayout
    markers: tuple[FoundMarker, ...]
    """Those that stand where they should, each number once."""
    homography: FloatArray
    """Paper mm to pixels, roughly, 3 × 3."""
    codes_read: int
    """How many codes said so."""


def identify(marks: Marks, *, path: str) -> Identity:
    """Decide which sheet is in the photo.

    Parameters
    ----------
    marks
        What was found.
    path
        What messages call the photo.

    Raises
    ------
    Refused
        ``reading.mirrored``, ``reading.no_marks``, ``reading.foreign_code``, ``reading.code_unknown``,
        ``reading.code_unread``, ``reading.two_sheets``, ``reading.too_few_marks``.
    """
    if marks.mirrored:
        raise Refused("reading.mirrored", path=path)
    if not marks.codes:
        _refuse_without_code(marks, path=path)
    code = _one_sheet([found.code for found in marks.codes], path=path)
    layout = SheetLayout(replace(code, mark=0))
    markers = [marker for marker in marks.markers if marker.number < len(layout.marks)]
    seen = {marker.number for marker in markers} | {found.code.mark for found in marks.codes}
    if len(seen) < 2:
        raise Refused("reading.too_few_marks", path=path, seen=len(seen), expected=len(layout.marks))
    return _standing(layout, markers, marks.codes, path=path)


def identify_as(layout: SheetLayout, marks: Marks, *, path: str) -> Identity:
    """Find the marks of a sheet that another photo names, where this one shows no code that can be read.

    Parameters
    ----------
    layout
        The sheet.
    marks
        What was found, without codes.
    path
        What messages call the photo.

    Raises
    ------
    Refused
        ``reading.mirrored``, ``reading.two_sheets``, ``reading.no_marks``; ``reading.part_unlike`` where fewer than two
        markers stand as on that sheet.
    """
    if marks.mirrored:
        raise Refused("reading.mirrored", path=path)
    if len({marker.number for marker in marks.markers}) < _FEWEST:
        _refuse_without_code(marks, path=path)
    markers = [marker for marker in marks.markers if marker.number < len(layout.marks)]
    if len({marker.number for marker in markers}) < _FEWEST:
        raise Refused("reading.part_unlike", path=path, id=layout.sheet_id)
    identity = _standing(layout, markers, (), path=path)
    if len(identity.markers) < max(_FEWEST, len(marks.markers) / 2):
        raise Refused("reading.part_unlike", path=path, id=layout.sheet_id)
    return identity


def _standing(
    layout: SheetLayout, markers: Sequence[FoundMarker], codes: Sequence[FoundCode], *, path: str
) -> Identity:
    homography, inside = rough_homography(layout, markers, codes)
    strangers = len(markers) - int(inside.sum())
    numbers = Counter(marker.number for marker in markers)
    twice = sum(count - 1 for count in numbers.values())
    if twice >= _STRANGERS or strangers >= max(_STRANGERS, inside.sum()):
        raise Refused("reading.two_sheets" if codes or twice else "reading.part_unlike", path=path, id=layout.sheet_id)
    kept: dict[int, FoundMarker] = {}
    for marker, belongs in zip(markers, inside, strict=True):
        if belongs:
            kept.setdefault(marker.number, marker)
    return Identity(layout, tuple(kept.values()), homography, len(codes))


def rough_homography(
    layout: SheetLayout, markers: Sequence[FoundMarker], codes: Sequence[FoundCode] = ()
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return paper mm to pixels, roughly, and which of the markers stand where they should."""
    places = {mark.number: mark for mark in layout.marks}
    paper = [np.array(places[marker.number].marker.corners) for marker in markers]
    photo = [marker.corners for marker in markers]
    # The corners of a code are known less well, but they are of this sheet for certain.
    for found in codes:
        if found.code.mark in places:
            paper.append(np.array(places[found.code.mark].code.corners))
            photo.append(found.corners)
    there, here = np.concatenate(paper), np.concatenate(photo)
    extent = float(np.ptp(here, axis=0).max())
    reach = float(np.ptp(there, axis=0).max()) / max(layout.paper_mm)
    bound = _APART * extent / max(reach, 0.1)
    cv2.setRNGSeed(1)
    homography, chosen = cv2.findHomography(there, here, cv2.RANSAC, bound, maxIters=2000, confidence=0.9999)
    if homography is None or not np.isfinite(homography).all():
        return np.eye(3), np.zeros(len(markers), bool)
    inside = chosen.ravel()[: 4 * len(markers)].reshape(-1, 4).all(axis=1) if markers else np.zeros(0, bool)
    return np.asarray(homography, np.float64), np.asarray(inside, bool)


def _one_sheet(codes: Sequence[SheetCode], *, path: str) -> SheetCode:
    first = codes[0]
    if not all(first.same_sheet(other) for other in codes):
        raise Refused("reading.two_sheets", path=path)
    return first


def _refuse_without_code(marks: Marks, *, path: str) -> None:
    numbers = {marker.number for marker in marks.markers}
    if marks.damaged:
        raise Refused("reading.code_unknown", path=path)
    if len(numbers) > 1:
        raise Refused("reading.code_unread", path=path, seen=len(numbers))
    if marks.foreign:
        raise Refused("reading.foreign_code", path=path)
    raise Refused("reading.no_marks", path=path)
