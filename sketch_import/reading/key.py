"""Read the key in the margin of a sheet: which kinds its code names, and what people drew into the boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.domain.vocabulary import Kind
from geo.sheet_layout import KeyCode, Rect, SheetLayout
from sketch_import.legend import BoxReading, KeyReading, Legend, Look, key_of, read_boxes
from sketch_import.reading.finding import key_codes, read_texts
from sketch_import.reading.rectifying import View

__all__ = ["BoxState", "ReadBox", "SheetKey", "read_sheet_key"]

FloatArray = NDArray[np.float64]

_CODE_DETAIL = 9.0
"""Pixels a millimetre at which the code of the key is looked at: six to a module and more."""
_QUIET_MM = 3.0
_SHARPER = (0.0, 2.0, 4.0)
_LEAST_DETAIL, _MOST_DETAIL = 3.0, 8.0
"""Pixels a millimetre of the boxes, otherwise those of the photo."""
_LEAST_SEEN = 0.95
_AROUND_MM = 1.2
"""Paper beside the frame of a box, by which it is told from blank paper."""
_FRAME_MM = 0.5
_FRAMED = 0.04
"""By such a share three sides of its outline are darker than the paper around it."""


class BoxState(StrEnum):
    """What is in a box of the key."""

    DRAWN = "drawn"
    EMPTY = "empty"
    UNREAD = "unread"
    """Something is drawn of which the look was not made out."""
    UNSEEN = "unseen"
    """The box is not in the picture."""


@dataclass(frozen=True, slots=True)
class ReadBox:
    """One box of the key."""

    number: int
    """From 0, in the order of `SheetLayout.key_boxes`."""
    kind: Kind | None
    """What its printed name says; None where people wrote the name, or where the code was not read."""
    state: BoxState
    look: Look | None
    """How the sample looks; None unless one was made out."""


@dataclass(frozen=True, slots=True)
class SheetKey:
    """The key of a sheet."""

    code: KeyCode | None
    """What its code says; None where it could not be read."""
    boxes: tuple[ReadBox, ...]
    legend: Legend
    """What the looks mean whose kinds are printed."""
    ambiguous: tuple[tuple[Kind, ...], ...]
    """Groups of kinds that were drawn alike."""

    @property
    def unnamed(self) -> tuple[ReadBox, ...]:
        """Boxes with a sample whose meaning is not known."""
        drawn = {BoxState.DRAWN, BoxState.UNREAD}
        return tuple(box for box in self.boxes if box.kind is None and box.state in drawn)


def read_sheet_key(
    views: Sequence[View], layout: SheetLayout, codes: Iterable[KeyCode], *, stroke_mm: float | None
) -> SheetKey:
    """Read the key of a sheet.

    Parameters
    ----------
    views
        Photos of the sheet.
    layout
        The sheet.
    codes
        Codes of keys that were read on the way; only that of this sheet counts.
    stroke_mm
        Usual width of the strokes of the drawing on paper, by which broad and fine are told; None for that of the key.
    """
    code = next((one for one in codes if one.sheet_id == layout.sheet_id), None) or _code(views, layout)
    kinds = code.kinds if code is not None else ()
    # Beyond the last printed kind stands what to do with the key.
    places = [place.box for place in layout.key_boxes[: len(kinds) or None]]
    patches: dict[int, NDArray[np.uint8]] = {}
    detail = _detail(views, places)
    for number, box in enumerate(places):
        seen = _best_patch(views, box, detail)
        if seen is not None:
            patches[number] = seen
    if code is None:
        # Then it is not known which boxes were printed.
        patches = {number: patch for number, patch in patches.items() if _is_framed(patch, detail)}
        places = places[: max(patches, default=-1) + 1]
    rim = round(_AROUND_MM * detail)
    readings = read_boxes(
        [patch[rim:-rim, rim:-rim] for patch in patches.values()],
        width_unit=None if stroke_mm is None else stroke_mm * detail,
    )
    by_number = dict(zip(patches, readings, strict=True))
    named = [(kind, by_number[number]) for number, kind in enumerate(kinds) if kind is not None and number in by_number]
    reading: KeyReading = key_of(named)
    boxes = tuple(
        _box(number, kinds[number] if number < len(kinds) else None, by_number.get(number))
        for number in range(len(places))
    )
    return SheetKey(code, boxes, reading.legend, reading.ambiguous)


def _box(number: int, kind: Kind | None, reading: BoxReading | None) -> ReadBox:
    if reading is None:
        return ReadBox(number, kind, BoxState.UNSEEN, None)
    if reading.look is not None:
        return ReadBox(number, kind, BoxState.DRAWN, reading.look)
    return ReadBox(number, kind, BoxState.UNREAD if reading.drawn else BoxState.EMPTY, None)


def _code(views: Sequence[View], layout: SheetLayout) -> KeyCode | None:
    """Read the code of the key where it must be, upright, enlarged and sharpened."""
    for view in views:
        patch, seen = _rectified(view, layout.key_code, _CODE_DETAIL, around=_QUIET_MM)
        if seen < _LEAST_SEEN:
            continue
        grey = np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), np.uint8)
        soft = cv2.GaussianBlur(grey, (0, 0), 4.0)
        for strength in _SHARPER:
            picture = np.asarray(cv2.addWeighted(grey, 1 + strength, soft, -strength, 0), np.uint8)
            for code in key_codes(text for text, _ in read_texts(picture)):
                if code.sheet_id == layout.sheet_id:
                    return code
    return None


def _detail(views: Sequence[View], places: Sequence[Rect]) -> float:
    if not places:
        return _LEAST_DETAIL
    middles = np.array([np.mean(place.corners, axis=0) for place in places])
    finest = max(float(np.median(view.located.surface.px_per_mm(middles))) for view in views)
    return min(max(finest, _LEAST_DETAIL), _MOST_DETAIL)


def _best_patch(views: Sequence[View], place: Rect, detail: float) -> NDArray[np.uint8] | None:
    """Return the box, with a little paper around, from the photo that shows it most exactly."""
    shown = [
        (float(view.located.surface.error_mm(np.array(place.corners)).max()), patch)
        for view in views
        for patch, seen in [_rectified(view, place, detail, around=_AROUND_MM)]
        if seen >= _LEAST_SEEN
    ]
    return min(shown, key=lambda one: one[0])[1] if shown else None


def _rectified(view: View, place: Rect, detail: float, *, around: float) -> tuple[NDArray[np.uint8], float]:
    """Lay a small place of the paper flat, and say which share of it is in the picture."""
    low = np.array([place.x, place.y]) - around
    size_mm = np.array([place.width, place.height]) + 2 * around
    size = np.ceil(size_mm * detail).astype(int)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    there = view.located.surface.to_photo(low + square * size_mm)
    height, width = view.pixels.shape[:2]
    # In a place as small as this even bent paper is flat; pixels count from their middles.
    look = cv2.getPerspectiveTransform(
        (square * size_mm * detail - 0.5).astype(np.float32), (there - 0.5).astype(np.float32)
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpPerspective(view.pixels, look, size.tolist(), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    shares = (np.arange(20) + 0.5) / 20
    mesh = np.stack(np.meshgrid(shares, shares), axis=-1).reshape(-1, 2) * size
    at = cv2.perspectiveTransform(mesh[None].astype(np.float64), np.asarray(look, np.float64))[0]
    seen = (at >= 0).all(axis=1) & (at < [width - 1, height - 1]).all(axis=1)
    return np.asarray(patch, np.uint8), float(seen.mean())


def _is_framed(patch: NDArray[np.uint8], detail: float) -> bool:
    """Tell whether the outline of a box is printed there: along it, paper on both sides is brighter."""
    grey = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY)
    rim, slack = round(_AROUND_MM * detail), max(1, round(_FRAME_MM * detail))
    dips = []
    for turns in range(4):
        side = np.median(np.rot90(grey, turns)[: 2 * rim + 1, rim:-rim], axis=1)
        line = side[rim - slack : rim + slack + 1].min()
        # Within the box the paper may be painted; outside it is blank.
        dips.append(1.0 - float(line) / max(1.0, float(side[: max(1, rim - slack)].max())))
    return sorted(dips)[1] > _FRAMED
