"""Where everything stands on the paper: the map over the lists, or the lists beside the map."""

from __future__ import annotations

from dataclasses import dataclass

from geo.sheet_layout import Orientation
from maps.posters.sizes import TypeSizes
from maps.vector import Box

__all__ = ["LAYOUTS", "Arrangement", "Layout", "Wishes", "arrange", "margin_mm", "widths"]

_MARGIN_MM = 17.0
_GAP_MM = 9.0
_LEAST_MAP, _MOST_MAP = 0.33, 0.56
"""Share of the room below the heading that the map takes where it stands over the lists."""
_PRIORITIES_WIDTH = 0.42
_MOST_PRIORITIES = 0.5


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay out a poster."""

    orientation: Orientation
    map_share: float | None = None
    """How much of the width the map takes beside the lists; None: the map stands over them."""
    key_share: float | None = None
    """How much of the width the key takes beside a map over the lists; None: it stands under the map."""


LAYOUTS = (
    Layout(Orientation.PORTRAIT),
    Layout(Orientation.LANDSCAPE, map_share=0.56),
    Layout(Orientation.PORTRAIT, key_share=0.27),
    Layout(Orientation.PORTRAIT, key_share=0.42),
    Layout(Orientation.PORTRAIT, map_share=0.50),
    Layout(Orientation.PORTRAIT, map_share=0.42),
    Layout(Orientation.LANDSCAPE, map_share=0.62),
    Layout(Orientation.LANDSCAPE, map_share=0.46),
)
"""The ways to choose from, the most usual first."""


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


def widths(paper_mm: tuple[float, float], layout: Layout, sizes: TypeSizes) -> dict[str, float]:
    """Return how wide each part is."""
    gap = _GAP_MM * sizes.unit
    whole = paper_mm[0] - 2 * margin_mm(sizes)
    if layout.map_share is None:
        first = (whole - gap) * _PRIORITIES_WIDTH
        key = whole if layout.key_share is None else (whole - gap) * layout.key_share
        ground = whole if layout.key_share is None else whole - gap - key
        return {"map": ground, "key": key, "priorities": first, "plan": whole - gap - first, "notes": first}
    left = (whole - gap) * layout.map_share
    return {"map": left, "key": left, "priorities": whole - gap - left, "plan": whole - gap - left, "notes": left}


def arrange(
    paper_mm: tuple[float, float], layout: Layout, sizes: TypeSizes, wishes: Wishes, *, top: float
) -> Arrangement:
    """Share out the paper below the heading, whose lower edge is `top`."""
    margin, gap = margin_mm(sizes), _GAP_MM * sizes.unit
    wide = widths(paper_mm, layout, sizes)
    credit = 2.6 * sizes.credit * 25.4 / 72
    lowest = paper_mm[1] - margin - credit
    credits = Box(margin, lowest, paper_mm[0] - 2 * margin, credit)
    lowest -= 0.3 * gap
    between = gap / 2
    if layout.map_share is None:
        is_under = layout.key_share is None
        under = between + wishes.key if is_under else 0.0
        free = lowest - top - under - gap
        lists = max(wishes.priorities + gap + wishes.notes, wishes.plan)
        high = min(max(free - lists, _LEAST_MAP * free), _MOST_MAP * free)
        high = high if is_under else max(high, wishes.key)
        frame = Box(margin, top, wide["map"], high)
        key = (margin, frame.bottom + between) if is_under else (frame.right + gap, top)
        below = frame.bottom + under + gap
        notes = Box(margin, lowest - wishes.notes, wide["notes"], wishes.notes)
        first = Box(margin, below, wide["priorities"], notes.y - gap - below)
        second = Box(first.right + gap, below, wide["plan"], lowest - below)
        return Arrangement(frame, key, first, second, notes, credits)
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
