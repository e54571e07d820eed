"""How many came, with women's share told both ways, each by its name (DOMAIN.md section 2)."""

from __future__ import annotations

from collections.abc import Sequence

from geo.domain.events import EventKind
from geo.domain.labels import label
from geo.domain.participation_table import EventCount, participation_table
from geo.i18n import text
from geo.snapshots import HeldEvent
from maps.documents.model import Align, Block, Cell, Column, Field, Fields, Paragraph, Row, RowKind, Table, Tone
from maps.documents.request import FormRequest
from maps.documents.wording import number_cell, percent_in_words

__all__ = ["participation_blocks"]


def participation_blocks(request: FormRequest, events: Sequence[HeldEvent]) -> list[Block]:
    """Return the table by kind of event and the two figures under it."""
    language = request.language
    table = participation_table(
        (EventCount(one.kind, one.participants, one.women) for one in events), for_public=request.is_public
    )
    columns = (
        Column(text("documents.event_kind", language), 3.0),
        Column(text("documents.events_held", language), 1.0, Align.RIGHT, summed=True),
        Column(text("documents.participants", language), 1.3, Align.RIGHT, summed=True),
        Column(text("documents.women_among", language), 1.3, Align.RIGHT, summed=True),
        Column(text("documents.women_share", language), 1.3, Align.RIGHT),
    )
    rows = [
        Row(
            (
                Cell(label(row.kind, language)),
                number_cell(row.events, language),
                number_cell(row.participants if row.counted else None, language, missing="—"),
                number_cell(row.women if row.counted else None, language, missing="—"),
                Cell(percent_in_words(row.women_percent, language) or "—", row.women_percent, 1),
            )
        )
        for row in table.rows
    ]
    if not rows:
        kinds = (EventKind.SESSION, EventKind.FOCUS_GROUP)
        unknown = "—" if request.is_public else ""
        rows = [Row((Cell(label(kind, language)), *(Cell(unknown) for _ in columns[1:]))) for kind in kinds]
    else:
        rows.append(
            Row(
                (
                    Cell(text("documents.total", language)),
                    number_cell(sum(row.events for row in table.rows), language),
                    number_cell(table.participants, language),
                    number_cell(table.women, language),
                    Cell(),
                ),
                RowKind.TOTAL,
            )
        )
    figures = Fields(
        (
            Field(text("documents.women_mean", language), percent_in_words(table.mean_of_shares_percent, language)),
            Field(text("documents.women_pooled", language), percent_in_words(table.pooled_percent, language)),
        )
    )
    blocks: list[Block] = [
        Table(columns, tuple(rows), name=text("documents.sheet_participation", language)),
        figures,
    ]
    if any(row.counted < row.events for row in table.rows):
        blocks.append(Paragraph(text("documents.some_not_counted", language), Tone.NOTE))
    return blocks
