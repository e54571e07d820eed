"""Blocks of a key or a list, one below the other, in one column or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from maps.vector.drawing import Anchor, Box, Item, Words
from maps.vector.lettering import wrap

__all__ = ["Block", "centred", "flow", "grouped", "heading", "lines_of", "paragraph", "sampled"]

Block: TypeAlias = Callable[[float, float, float], tuple[list[Item], float]]
"""Draws itself at x, y in a width, and says how high it is."""
_LEADING: Final = 1.28
_APART: Final = 1.6
"""Between blocks, in millimetres."""


def lines_of(lines: Sequence[str], x: float, y: float, size: float, **look: object) -> list[Item]:
    """Return lines of words whose first begins at y."""
    return [Words(x, y + size * (_LEADING * at + 0.95), line, size, **look) for at, line in enumerate(lines)]  # type: ignore[arg-type]


def heading(words: str, *, size: float, colour: str) -> Block:
    """Return a bold line over a part of the key."""

    def draw(x: float, y: float, width: float) -> tuple[list[Item], float]:
        lines = wrap(words, size, width, bold=True)
        return lines_of(lines, x, y + 1.2, size, bold=True, colour=colour), 1.2 + _LEADING * size * len(lines)

    return draw


def paragraph(words: str, *, size: float, colour: str, role: str = "") -> Block:
    """Return words over the whole width."""

    def draw(x: float, y: float, width: float) -> tuple[list[Item], float]:
        lines = wrap(words, size, width)
        return lines_of(lines, x, y, size, colour=colour, role=role), _LEADING * size * len(lines)

    return draw


def sampled(
    sample: Callable[[float, float], list[Item]], words: str, *, size: float, colour: str, room: Box, role: str = ""
) -> Block:
    """Return a small picture, drawn at its middle, with words to its right; `room` is how large it is."""

    def draw(x: float, y: float, width: float) -> tuple[list[Item], float]:
        lines = wrap(words, size, width - room.width - 3.0)
        high = _LEADING * size * len(lines)
        height = max(room.height, high)
        items = sample(x + room.width / 2, y + height / 2)
        top = y + (height - high) / 2
        return [*items, *lines_of(lines, x + room.width + 3.0, top, size, colour=colour, role=role)], height

    return draw


def grouped(blocks: Sequence[Block]) -> Block:
    """Return several blocks as one, which no column parts."""

    def draw(x: float, y: float, width: float) -> tuple[list[Item], float]:
        items: list[Item] = []
        at = y
        for number, block in enumerate(blocks):
            drawn, height = block(x, at, width)
            items += drawn
            at += height + (_APART if number < len(blocks) - 1 else 0.0)
        return items, at - y

    return draw


def flow(blocks: Sequence[Block], place: Box, *, columns: int = 1, gap: float = 8.0) -> tuple[list[Item], float]:
    """Draw blocks from the top of a place, over columns of one height; return the items and the lower end.

    What does not fit is drawn below the place: whoever calls makes the paper longer.
    """
    width = (place.width - gap * (columns - 1)) / columns
    heights = [block(0.0, 0.0, width)[1] + _APART for block in blocks]
    limit = _even_height(heights, columns)
    items: list[Item] = []
    column, y, end = 0, place.y, place.y
    for block, height in zip(blocks, heights, strict=True):
        if y > place.y and y + height > place.y + limit + 1e-6 and column < columns - 1:
            column, y = column + 1, place.y
        drawn, _ = block(place.x + column * (width + gap), y, width)
        items += drawn
        y += height
        end = max(end, y)
    return items, end


def _even_height(heights: Sequence[float], columns: int) -> float:
    """Return the least height at which the blocks, in their order, fill no more than the columns."""

    def used(limit: float) -> int:
        count, at = 1, 0.0
        for height in heights:
            if at and at + height > limit + 1e-6:
                count, at = count + 1, 0.0
            at += height
        return count

    limit = max((sum(heights) / columns, *heights), default=0.0)
    while used(limit) > columns:
        limit += 1.0
    return limit


def centred(words: str, box: Box, size: float, **look: object) -> Words:
    """Return one line in the middle of a box."""
    x, y = box.middle
    return Words(x, y + size * 0.36, words, size, anchor=Anchor.MIDDLE, **look)  # type: ignore[arg-type]
