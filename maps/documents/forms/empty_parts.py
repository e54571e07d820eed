"""What of a paper is only there to be written on by hand, and is left out of what everybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from maps.documents.model import Block, Fields, Heading, Orientation, Signatures, Table

__all__ = ["without_lines_to_fill"]


def without_lines_to_fill(
    parts: Sequence[tuple[Orientation, Sequence[Block]]],
) -> list[tuple[Orientation, Sequence[Block]]]:
    """Leave out questions without answers, tables to fill by hand, and headings under which nothing is left.

    Parameters
    ----------
    parts
        Of a paper, in their order; a heading may stand at the end of one part, and what it is over in the next.
    """
    found: list[tuple[Orientation, Sequence[Block]]] = []
    under: Block | None = None
    for orientation, blocks in reversed(parts):
        kept: list[Block] = []
        for block in reversed(blocks):
            said = _said(block, under)
            if said is not None:
                under = said
                kept.append(said)
        found.append((orientation, kept[::-1]))
    return found[::-1]


def _said(block: Block, under: Block | None) -> Block | None:
    """Return what a block tells, None where that is nothing; ``under`` is what comes after it."""
    match block:
        case Heading(level=level):
            is_over = isinstance(under, Heading) and under.level > level
            has_content = under is not None and not isinstance(under, Heading | Signatures)
            return block if is_over or has_content else None
        case Fields(items=items):
            answered = tuple(one for one in items if one.words)
            return replace(block, items=answered) if answered else None
        case Table(has_heading=False, rows=rows):
            answers = tuple(row for row in rows if any(cell.words for cell in row.cells[1:]))
            return replace(block, rows=answers) if answers else None
        case Table(row_mm=height) if height:
            return None  # rows of a height of their own are there to be written in
    return block
