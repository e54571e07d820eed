"""Where everything stands on the paper: upright, the map over the lists; lying, the lists beside the map."""

from __future__ import annotations

from dataclasses import dataclass

from geo.sheet_layout import Orientation
from maps.posters.sizes import TypeSizes
from maps.vector import Box

__all__ = ["Arrangement", "Wishes", "arrange", "margin_mm", "widths"]

_MARGIN_MM = 17.0
_GAP_MM = 9.0
_LEAST_MAP, _MOST_MAP = 0.33, 0.56
"""Share of the room below the heading that the map takes of an upright poster."""
_MAP_WIDTH = 0.56
_PRIORITIES_WIDTH = 0.42
_MOST_PRIORITIES = 0.5


@dataclass(frozen=True, slots=True)
class Wishes:
    """Heights that the parts would like to have, millimetres."""

    key: float
    notes: float
    priorities: float
    plan: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Places of the parts."""

    map: Box
    key: tuple[float, float]
    """Top-left corner."""
    priorities: Box
    plan: Box
    notes: Box
    credits: Box


def margin_mm(sizes: TypeSizes) -> float:
    """Return the white edge of the paper: more than any printer leaves blank."""
    return max(8.0, _MARGIN_MM * sizes.unit)


def widths(paper_mm: tuple[float, float], orientation: Orientation, sizes: TypeSizes) -> dict[str, float]:
    """Return how wide each part is."""
    gap = _GAP_MM * sizes.unit
    whole = paper_mm[0] - 2 * margin_mm(sizes)
    if orientation is Orientation.PORTRAIT:
        first = (whole - gap) * _PRIORITIES_WIDTH
        return {"map": whole, "priorities": first, "plan": whole - gap - first, "notes": first}
    left = (whole - gap) * _MAP_WIDTH
    return {"map": left, "priorities": whole - gap - left, "plan": whole - gap - left, "notes": left}


def arrange(
    paper_mm: tuple[float, float], orientation: Orientation, sizes: TypeSizes, wishes: Wishes, *, top: float
) -> Arrangement:
    """Share out the paper below the heading, whose lower edge is `top`."""
    margin, gap = margin_mm(sizes), _GAP_MM * sizes.unit
    wide = widths(paper_mm, orientation, sizes)
    credit = 2.6 * sizes.credit * 25.4 / 72
    lowest = paper_mm[1] - margin - credit
    credits = Box(margin, lowest, paper_mm[0] - 2 * margin, credit)
    lowest -= 0.3 * gap
    between = gap / 2
    if orientation is Orientation.PORTRAIT:
        free = lowest - top - wishes.key - between - gap
        lists = max(wishes.priorities + gap + wishes.notes, wishes.plan)
        high = min(max(free - lists, _LEAST_MAP * free), _MOST_MAP * free)
        frame = Box(margin, top, wide["map"], high)
        below = frame.bottom + between + wishes.key + gap
        notes = Box(margin, lowest - wishes.notes, wide["notes"], wishes.notes)
        first = Box(margin, below, wide["priorities"], notes.y - gap - below)
        second = Box(first.right + gap, below, wide["plan"], lowest - below)
        return Arrangement(frame, (margin, frame.bottom + between), first, second, notes, credits)
    notes = Box(margin, lowest - wishes.notes, wide["notes"], wishes.notes)
    frame = Box(margin, top, wide["map"], max(40.0 * sizes.unit, notes.y - gap - wishes.key - between - top))
    x = frame.right + gap
    room = lowest - top
    high = wishes.priorities
    if high + gap + wishes.plan > room:
        high = min(high, max(_MOST_PRIORITIES * room, room - gap - wishes.plan))
    first = Box(x, top, wide["priorities"], high)
    second = Box(x, first.bottom + gap, wide["plan"], lowest - first.bottom - gap)
    return Arrangement(frame, (margin, frame.bottom + between), first, second, notes, credits)
