"""Find the marks of printed sheets in a photo: square markers, and the codes that say which sheet it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from geo.sheet_layout import (
    MARKER_DICTIONARY,
    ForeignCodeError,
    KeyCode,
    SheetCode,
    SheetCodeError,
    parse_key_code,
    parse_sheet_code,
)

__all__ = [
    "FoundCode",
    "FoundMarker",
    "Marks",
    "find_marks",
    "key_codes",
    "look_for_codes",
    "read_codes",
    "read_texts",
]

Grey = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

_ENOUGH = 6
"""So many markers on the half-size photo are enough to predict the places of all others."""
_FEWEST = 2
_LEAST_PIXELS = 64
_SMALLEST_SHARE = 0.012
"""Perimeter of the smallest marker looked for, over the long side of the photo."""
_SMALLEST_SIDE = 2600
"""A photo with a shorter long side is looked at enlarged too."""
_SAME_PLACE = 0.5
"""Two finds of one number are the same marker when nearer than this share of its side."""
_CROP_SIDE = 96
"""Pixels of a marker's side in a crop beside it: a module of the code is then some four pixels."""
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_OURS = "AYK1"
"""The code of a sheet's key begins with this; it is nobody else's."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundMarker:
    """A square marker."""

    number: int
    """Number of its mark."""
    corners: FloatArray
    """Top left, top right, bottom right, bottom left as printed, in pixels, shape (4, 2)."""

    @property
    def side(self) -> float:
        """Length of its longest side in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).max())


@dataclass(frozen=True, slots=True, eq=False)
class FoundCode:
    """A code that was read whole: its checksum agrees."""

    code: SheetCode
    corners: FloatArray
    """Roughly the corners of the symbol as printed, in pixels, shape (4, 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What was found. Pixels of the upright photo: x right, y down, corner origin."""

    markers: tuple[FoundMarker, ...]
    codes: tuple[FoundCode, ...]
    foreign: int
    """Codes that are none of ours."""
    damaged: int
    """Codes of ours that cannot be right, or of a later version."""
    mirrored: bool
    """Whether there are marks in the mirror image alone."""
    keys: tuple[KeyCode, ...] = ()
    """Codes of keys."""


def find_marks(grey: Grey) -> Marks:
    """Find markers and codes.

    The half-size photo comes first: it is quicker, and in a blurred photo more is found there. The full size, more
    contrast, an enlarged photo and the mirror image are tried only where too little was found.

    Parameters
    ----------
    grey
        The upright photo, shape (h, w), uint8.

    Returns
    -------
    Marks
        Perhaps nothing. The same number may occur twice, where two sheets lie there.
    """
    if min(grey.shape) < _LEAST_PIXELS:
        return Marks((), (), foreign=0, damaged=0, mirrored=False)
    markers: list[FoundMarker] = []
    for picture, scale in _views(grey):
        markers = _joined(markers, _markers(picture, scale))
        if len(markers) >= _ENOUGH:
            break
    texts = read_texts(grey)
    codes, foreign, damaged = _sorted_out(texts)
    # Markers cannot be read in a mirror; codes can, with their corners in the wrong order.
    mirrored = len(markers) < _FEWEST and _is_mirrored(grey)
    keys = key_codes(text for text, _ in texts)
    return Marks(tuple(markers), tuple(codes), foreign=foreign, damaged=damaged, mirrored=mirrored, keys=keys)


def read_codes(grey: Grey) -> tuple[list[FoundCode], int, int]:
    """Read the codes of a picture: ours, how many of others, how many of ours that cannot be right."""
    return _sorted_out(read_texts(grey))


def read_texts(grey: Grey) -> list[tuple[str, FloatArray]]:
    """Read all QR codes of a picture: text, and roughly the corners as printed, in pixels, shape (4, 2)."""
    texts = []
    for one in zxingcpp.read_barcodes(grey, formats=_QR, try_invert=False):
        quad = one.position
        corners = [quad.top_left, quad.top_right, quad.bottom_right, quad.bottom_left]
        texts.append((one.text, np.array([[point.x, point.y] for point in corners], np.float64)))
    return texts


def key_codes(texts: Iterable[str]) -> tuple[KeyCode, ...]:
    """Return what those of the texts say that are codes of keys."""
    found = []
    for text in texts:
        try:
            found.append(parse_key_code(text))
        except ForeignCodeError:
            continue
    return tuple(found)


def _sorted_out(texts: Sequence[tuple[str, FloatArray]]) -> tuple[list[FoundCode], int, int]:
    found: list[FoundCode] = []
    foreign = damaged = 0
    for text, corners in texts:
        try:
            found.append(FoundCode(parse_sheet_code(text), corners))
        except ForeignCodeError:
            foreign += not text.startswith(_OURS)
        except SheetCodeError:
            damaged += 1
    return found, foreign, damaged


def look_for_codes(grey: Grey, markers: Sequence[FoundMarker]) -> list[FoundCode]:
    """Read the codes beside markers, from crops that are turned upright, enlarged and sharpened."""
    found: list[FoundCode] = []
    for marker in markers:
        for above in (False, True):
            patch, to_photo = _beside(grey, marker, above=above)
            for picture in (patch, _sharpened(patch, 2.0), _sharpened(patch, 4.0)):
                codes, _, _ = read_codes(picture)
                if codes:
                    corners = cv2.perspectiveTransform(codes[0].corners[None], to_photo)[0]
                    found.append(replace(codes[0], corners=np.asarray(corners, np.float64)))
                    break
            else:
                continue
            break
    return found


def _views(grey: Grey) -> Iterator[tuple[Grey, float]]:
    """Yield pictures to look at, each with its scale, from the quickest to the most patient."""
    half = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    yield half, 0.5
    yield grey, 1.0
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    yield np.asarray(even.apply(half), np.uint8), 0.5
    yield np.asarray(cv2.GaussianBlur(half, (0, 0), 1.5), np.uint8), 0.5
    if max(grey.shape) < _SMALLEST_SIDE:
        yield np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8), 2.0


@cache
def _detector() -> Any:
    parameters = cv2.aruco.DetectorParameters()
    parameters.minMarkerPerimeterRate = _SMALLEST_SHARE
    parameters.errorCorrectionRate = 0.4
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    return cv2.aruco.ArucoDetector(dictionary, parameters)


def _markers(picture: Grey, scale: float) -> list[FoundMarker]:
    corners, numbers, _ = _detector().detectMarkers(picture)
    if numbers is None:
        return []
    # The library counts from the centre of the first pixel.
    return [
        FoundMarker(int(number), (np.asarray(quad, np.float64).reshape(4, 2) + 0.5) / scale)
        for quad, number in zip(corners, numbers.ravel(), strict=True)
    ]


def _joined(known: list[FoundMarker], new: list[FoundMarker]) -> list[FoundMarker]:
    """Add what is new; the same number elsewhere in the photo is another marker."""
    joined = list(known)
    for one in new:
        middle = one.corners.mean(axis=0)
        twins = (other for other in joined if other.number == one.number)
        if all(np.linalg.norm(middle - twin.corners.mean(axis=0)) > _SAME_PLACE * twin.side for twin in twins):
            joined.append(one)
    return joined


def _beside(grey: Grey, marker: FoundMarker, *, above: bool) -> tuple[Grey, FloatArray]:
    """Cut out what lies left of a marker, or above it, upright; and the way back to the photo."""
    side = _CROP_SIDE
    # The code is as large as the marker, a gap away; room for its quiet zone and for curl.
    width, height = (1.75, 1.5) if not above else (1.5, 1.75)
    left, top = (width, 0.25) if not above else (0.25, height)
    square = np.array([[left, top], [left + 1, top], [left + 1, top + 1], [left, top + 1]])
    to_photo = cv2.getPerspectiveTransform(
        (square * side).astype(np.float32), (marker.corners - 0.5).astype(np.float32)
    )
    size = (round((width) * side), round(height * side))
    patch = cv2.warpPerspective(
        grey, to_photo, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch, np.uint8), np.asarray(to_photo, np.float64)


def _sharpened(patch: Grey, strength: float) -> Grey:
    soft = cv2.GaussianBlur(patch, (0, 0), 4.0)
    return np.asarray(cv2.addWeighted(patch, 1 + strength, soft, -strength, 0), np.uint8)


def _is_mirrored(grey: Grey) -> bool:
    flipped = np.ascontiguousarray(grey[:, ::-1])
    found: Counter[int] = Counter()
    for picture, scale in _views(flipped):
        found.update({marker.number for marker in _markers(picture, scale)})
        if len(found) >= _FEWEST:
            return True
    return False
