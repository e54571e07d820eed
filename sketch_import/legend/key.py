"""Read the key of a printed sheet: what people drew into the box above each name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.domain.drawing import CandidateKind, Pattern
from geo.domain.vocabulary import Kind
from sketch_import.candidate import Candidate
from sketch_import.legend.look import Look, likeness, look_of, width_unit_of
from sketch_import.legend.meaning import Legend, Meaning, Source
from sketch_import.tracing import trace
from sketch_import.tracing.known_sheet import KnownSheet

__all__ = ["BoxReading", "KeyReading", "key_of", "read_boxes", "read_key"]

_FRAME = 0.06
"""Share of each side of a box that its printed frame may take."""
_SPACE = 1.5
"""Distance of the boxes in the picture that is traced, in their heights: blank paper by which inks are judged."""
_BRIGHT = 80.0
_SHADE = 0.8
"""A box darker than this share of the others is painted, not in the shade."""
_INKED = 0.012
"""Share of a box from which something was drawn in it, if not readable."""
_HARDLY_INKED = 0.003
"""Below this share nothing was drawn: dust and grain."""
_DARK = 0.86
_SHRUNK = 0.3
"""Share of the usual stroke that is taken away on each side of strokes too short for their width."""
_SAME = 0.9
"""Looks more alike than this cannot be told apart."""
_WHOLES = frozenset({Pattern.HATCHED, Pattern.FILLED, Pattern.DOUBLE})


@dataclass(frozen=True, slots=True)
class BoxReading:
    """What is in one box of a key."""

    drawn: bool
    """Whether something was drawn into it."""
    look: Look | None = None
    """How it looks, of any size; None where nothing was drawn, or where its look was not made out."""


@dataclass(frozen=True, slots=True)
class KeyReading:
    """What the key says."""

    legend: Legend
    empty: tuple[Kind, ...]
    """Kinds whose box nobody drew in."""
    unread: tuple[Kind, ...]
    """Kinds in whose box there is something of which the look was not made out."""
    ambiguous: tuple[tuple[Kind, ...], ...]
    """Groups of kinds that were drawn alike: one of them, a person must say which."""


def read_key(patches: Sequence[tuple[Kind, NDArray[np.uint8]]], *, width_unit: float | None = None) -> KeyReading:
    """Find ink, pattern and form of what was drawn in each box of a key.

    Parameters
    ----------
    patches
        Kind and rectified picture of its box, RGB, shape (h, w, 3), at the scale of the sheet.
    width_unit
        Usual width of the strokes of the sheet in pixels (see `width_unit_of`); that of the key if None.

    Returns
    -------
    KeyReading
        A meaning for each box that could be read, any size, because a key shows signs smaller than the map.
    """
    boxes = read_boxes([pixels for _, pixels in patches], width_unit=width_unit)
    return key_of([(kind, box) for (kind, _), box in zip(patches, boxes, strict=True)])


def key_of(boxes: Sequence[tuple[Kind, BoxReading]]) -> KeyReading:
    """Put together what the boxes say whose kinds are known."""
    meanings = [Meaning(box.look, kind, Source.KEY) for kind, box in boxes if box.look is not None]
    empty = tuple(kind for kind, box in boxes if not box.drawn)
    unread = tuple(kind for kind, box in boxes if box.drawn and box.look is None)
    return KeyReading(Legend(tuple(meanings)), empty, unread, _alike(meanings))


def read_boxes(patches: Sequence[NDArray[np.uint8]], *, width_unit: float | None = None) -> tuple[BoxReading, ...]:
    """Find what was drawn in each box of a key, whatever it means.

    Parameters
    ----------
    patches
        Rectified pictures of the boxes, as in `read_key`.
    width_unit
        As in `read_key`.
    """
    if not patches:
        return ()
    picture, corners, sizes = _mosaic(patches)
    places = [(left, top, wide, high) for (left, top), (wide, high) in zip(corners, sizes, strict=True)]
    inked = [_inked(picture[top : top + high, left : left + wide]) for left, top, wide, high in places]
    if max(inked) < _HARDLY_INKED:
        return tuple(BoxReading(drawn=False) for _ in patches)
    traced = _traced(picture)
    unit = width_unit or width_unit_of(traced)
    looks = [_shown(traced, place, unit) for place in places]
    if any(look is None and share > _INKED for look, share in zip(looks, inked, strict=True)):
        # A stroke of a broad pen is too short there to be a line, unless its ink is made to shrink.
        less = round(_SHRUNK * unit)
        round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * less + 1, 2 * less + 1))
        shrunk = [
            replace(found, width_px=found.width_px + 2 * less)
            for found in _traced(np.asarray(cv2.dilate(picture, round_), np.uint8))
        ]
        looks = [look or _shown(shrunk, place, unit) for look, place in zip(looks, places, strict=True)]
    return tuple(
        BoxReading(drawn=look is not None or share > _INKED, look=look)
        for look, share in zip(looks, inked, strict=True)
    )


def _traced(picture: NDArray[np.uint8]) -> tuple[Candidate, ...]:
    nothing = np.zeros(picture.shape[:2], np.uint8)
    return tuple(trace(picture, known=KnownSheet(inside=1 - nothing, printed=nothing)).candidates)


def _shown(traced: Sequence[Candidate], place: tuple[int, int, int, int], unit: float) -> Look | None:
    drawn = [found for found in traced if _is_in(found, *place) and found.kind is not CandidateKind.TEXT]
    return replace(look_of(max(drawn, key=_prominence), unit), size=None) if drawn else None


def _mosaic(
    patches: Sequence[NDArray[np.uint8]],
) -> tuple[NDArray[np.uint8], list[tuple[int, int]], list[tuple[int, int]]]:
    """Lay the boxes out on blank paper, their frames cut off and their light evened out, and say where."""
    inner = []
    for pixels in patches:
        rim = max(1, math.ceil(_FRAME * min(pixels.shape[:2])))
        inner.append(pixels[rim:-rim, rim:-rim])
    bright = np.array([np.percentile(pixels.reshape(-1, 3), _BRIGHT, axis=0) for pixels in inner])
    paper = np.percentile(bright, 75, axis=0)
    high, wide = (max(pixels.shape[axis] for pixels in inner) for axis in (0, 1))
    step_x, step_y = wide + round(_SPACE * high), high + round(_SPACE * high)
    columns = max(1, math.ceil(math.sqrt(len(inner) * step_y / step_x)))
    rows = math.ceil(len(inner) / columns)
    picture = np.empty((rows * step_y + step_y - high, columns * step_x + step_x - wide, 3), np.uint8)
    picture[:] = np.clip(paper, 1, 255).astype(np.uint8)
    corners, sizes = [], []
    for number, (pixels, level) in enumerate(zip(inner, bright, strict=True)):
        left = step_x - wide + number % columns * step_x
        top = step_y - high + number // columns * step_y
        shaded = np.clip(level / np.maximum(paper, 1), 0.05, None)
        # A box painted all over shows no paper of its own.
        own = shaded if shaded.min() > _SHADE else np.ones(3)
        size = pixels.shape[1], pixels.shape[0]
        picture[top : top + size[1], left : left + size[0]] = np.clip(pixels / own, 0, 255).astype(np.uint8)
        corners.append((left, top))
        sizes.append(size)
    return picture, corners, sizes


def _is_in(candidate: Candidate, left: int, top: int, wide: int, high: int) -> bool:
    middle = candidate.geometry.envelope.centroid
    return bool(left <= middle.x <= left + wide and top <= middle.y <= top + high)


def _prominence(candidate: Candidate) -> tuple[bool, float]:
    """What stands for a box: the road before its sides, the field before a tick in it."""
    left, top, right, bottom = candidate.geometry.bounds
    extent = math.hypot(right - left, bottom - top) + candidate.width_px
    return candidate.pattern in _WHOLES, extent * (0.3 + candidate.confidence)


def _inked(pixels: NDArray[np.uint8]) -> float:
    """Return the share of a box that is darker than its paper."""
    grey = cv2.medianBlur(np.ascontiguousarray(pixels.min(axis=2)), 3)
    return float(np.mean(grey < _DARK * np.percentile(grey, 90)))


def _alike(meanings: Sequence[Meaning]) -> tuple[tuple[Kind, ...], ...]:
    groups: list[tuple[Look, list[Kind]]] = []
    for meaning in meanings:
        group = next((kinds for look, kinds in groups if likeness(look, meaning.look) > _SAME), None)
        if group is None:
            groups.append((meaning.look, [meaning.kind]))
        else:
            group.append(meaning.kind)
    return tuple(tuple(kinds) for _, kinds in groups if len(kinds) > 1)
