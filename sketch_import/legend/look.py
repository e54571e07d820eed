"""How a candidate looks: what a person goes by when saying that two marks on a drawing mean the same."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate

__all__ = ["Look", "SizeClass", "WidthClass", "likeness", "look_of", "width_unit_of"]


class WidthClass(StrEnum):
    """Width of a stroke beside the others of its drawing; of a double line, the distance of its sides."""

    FINE = "fine"
    USUAL = "usual"
    BROAD = "broad"


class SizeClass(StrEnum):
    """Size of an area or a sign; lines have none."""

    SIGN = "sign"
    """As small as a letter: a well, a pole."""
    BUILDING = "building"
    FIELD = "field"
    LARGE = "large"


_FINE, _BROAD = 0.65, 1.6
_NARROW_ROAD, _BROAD_ROAD = 5.0, 10.0
_SIZES = ((7.0, SizeClass.SIGN), (22.0, SizeClass.BUILDING), (60.0, SizeClass.FIELD))
"""Upper ends, side of the square of that area in stroke widths."""
_GREY = frozenset({Ink.BLACK, Ink.PENCIL})
_OTHER_GREY = 0.6
_ONE_WIDTH, _TWO_WIDTHS = 0.75, 0.4
_ONE_SIZE, _TWO_SIZES = 0.65, 0.2
_CLOSED = frozenset({CandidateKind.POLYGON, CandidateKind.POINT})


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """What a legend goes by."""

    kind: CandidateKind
    ink: Ink
    pattern: Pattern
    width: WidthClass | None
    """None where any width counts, and for areas of solid colour."""
    size: SizeClass | None
    """None for lines, and where any size counts, as in a key."""


def width_unit_of(candidates: Iterable[Candidate]) -> float:
    """Return the usual width of the strokes of a drawing, in pixels, by which widths and sizes are judged."""
    widths = [
        candidate.width_px
        for candidate in candidates
        if candidate.pattern is not Pattern.DOUBLE and candidate.kind is not CandidateKind.TEXT
    ]
    return max(float(np.median(widths)), 1e-6) if widths else 1.0


def look_of(candidate: Candidate, width_unit: float) -> Look:
    """Return the look of a candidate.

    Parameters
    ----------
    candidate
        From the tracing.
    width_unit
        Usual width of the strokes of its drawing in pixels, see `width_unit_of`.

    Examples
    --------
    >>> from shapely import LineString
    >>> road = Candidate(1, CandidateKind.LINE, LineString([(0, 0), (90, 0)]), Ink.RED, 9.0, 0.9, Pattern.DASHED)
    >>> look = look_of(road, 4.0)
    >>> look.ink.value, look.pattern.value, look.width.value, look.size
    ('red', 'dashed', 'broad', None)
    """
    relative = candidate.width_px / width_unit
    size: SizeClass | None = None
    if candidate.kind is not CandidateKind.LINE:
        side = math.sqrt(candidate.geometry.area) / width_unit
        size = next((name for limit, name in _SIZES if side < limit), SizeClass.LARGE)
    width: WidthClass | None = None
    if candidate.pattern is not Pattern.FILLED and candidate.kind is not CandidateKind.POINT:
        low, high = (_NARROW_ROAD, _BROAD_ROAD) if candidate.pattern is Pattern.DOUBLE else (_FINE, _BROAD)
        width = WidthClass.FINE if relative < low else WidthClass.BROAD if relative > high else WidthClass.USUAL
    return Look(kind=candidate.kind, ink=candidate.ink, pattern=candidate.pattern, width=width, size=size)


def likeness(one: Look, two: Look) -> float:
    """Return how alike two looks are, 0 to 1: 0 for another ink, pattern or form.

    Neighbouring classes of width or size are alike to a part, because a hand is not a ruler; a sign may
    be a point or a small area.
    """
    if one.pattern is not two.pattern or CandidateKind.TEXT in {one.kind, two.kind}:
        return 0.0
    if one.kind is not two.kind and not {one.kind, two.kind} <= _CLOSED:
        return 0.0
    alike = 1.0
    if one.ink is not two.ink:
        if not {one.ink, two.ink} <= _GREY:
            return 0.0
        alike *= _OTHER_GREY
    if one.width is not None and two.width is not None:
        classes = list(WidthClass)
        alike *= (1.0, _ONE_WIDTH, _TWO_WIDTHS)[abs(classes.index(one.width) - classes.index(two.width))]
    if one.size is not None and two.size is not None:
        sizes = list(SizeClass)
        alike *= (1.0, _ONE_SIZE, _TWO_SIZES, 0.0)[abs(sizes.index(one.size) - sizes.index(two.size))]
    return alike
