"""The minutes of a session: three questions, what was drawn and said, votes, signatures (DOMAIN.md section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from geo.domain.bread import BreadLine, BreadSum, check_bread, differences_percent
from geo.domain.events import EventKind
from geo.domain.institutions import Diagram, TieOrigin, TieRelation
from geo.domain.labels import label
from geo.domain.vocabulary import Layer
from geo.errors import Refused
from geo.i18n import Language, text
from geo.snapshots import BreadSnapshot, HeldEvent, InstitutionSnapshot, VennSnapshot
from maps.documents.forms.minutes_parts import agenda_of, parted_minutes, said_in
from maps.documents.forms.openings import (
    event_fields,
    event_title,
    facilitator_field,
    fields,
    head_count_fields,
    notes_on_reading,
    paper,
    place_fields,
    signatures,
)
from maps.documents.model import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Field,
    Fields,
    Heading,
    Orientation,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Table,
    Tone,
    blank_rows,
)
from maps.documents.request import FormRequest
from maps.documents.wording import number_cell, number_in_words, percent_in_words

__all__ = ["session_minutes"]

_HAND_MM = 8.5
_DRAWN_MM = 150.0
"""A heading and a caption have room on the page beside a drawing as high as this."""


def session_minutes(request: FormRequest) -> Document:
    """Build the minutes."""
    language = request.language
    event = request.event((EventKind.SESSION,) if request.event_id is None else tuple(EventKind))
    problems = _voted_at(request, event)
    number = str(((event.minutes if event else None) or {}).get("number") or "")
    blocks: list[Block] = [
        fields(
            [Field(text("documents.minutes_number", language), number)],
            place_fields(request, request.settlement(event)),
            event_fields(request, event),
            head_count_fields(request, event),
            facilitator_field(request, event),
            columns=2,
        ),
        *notes_on_reading(request),
        Heading(text("documents.agenda_heading", language)),
        Paragraph("\n".join(f"{at}. {words}" for at, words in enumerate(agenda_of(event, request), start=1))),
        Heading(text("documents.map_heading", language)),
        *_map(request, event),
    ]
    heading, told = Heading(text("documents.venn_heading", language)), _told(request, event, "venn", lines=3)
    drawn = _drawn_venns(request, event)
    # A heading goes with what stands under it: with what was told, else with the drawing on a page of its own.
    if drawn and not said_in(event, "venn", request):
        drawn = [heading, *drawn]
    else:
        blocks += [heading, *told]
        told = []
    rest: list[Block] = [
        *told,
        *_venn(event, language),
        Heading(text("documents.bread_heading", language)),
        *_bread(request, event),
        Heading(text("documents.gallery_heading", language)),
        *_told(request, event, "gallery", lines=2),
        _votes(problems, language),
        *parted_minutes(request, event, ("decisions",)),
        *([] if request.blank else parted_minutes(request, event, ("text",))),
        *signatures(request, people=_signing(request, event)),
        *_photographs(event, language),
    ]
    # A drawing made for the wall is read from a page that lies, and has it for itself.
    parts = [
        (Orientation.PORTRAIT, blocks),
        (Orientation.LANDSCAPE, drawn),
        (Orientation.PORTRAIT, rest),
    ]
    kind = event.kind if event else EventKind.SESSION
    title = text("documents.session_minutes", language)
    if number:
        title = text("documents.minutes_titled", language, number=number)
    return paper(request, title, parts, subtitle=event_title(request, kind))


def _told(request: FormRequest, event: HeldEvent | None, part: str, *, lines: int) -> list[Block]:
    said = said_in(event, part, request)
    if said:
        return [Paragraph(said)]
    has_text = bool(said_in(event, "text", request))
    return [] if request.is_public or has_text else [Fields((Field("", "", lines=lines),))]


def _map(request: FormRequest, event: HeldEvent | None) -> list[Block]:
    language = request.language
    blocks = _told(request, event, "map", lines=5)
    features = event.features if event else ()
    if features:
        counted = Counter(one.layer for one in features)
        listed = ", ".join(
            text(
                "documents.layer_counted",
                language,
                layer=label(layer, language),
                objects=number_in_words(counted[layer], language),
            )
            for layer in Layer
            if counted[layer]
        )
        blocks.append(Paragraph(text("documents.drawn", language, listed=listed)))
    if request.pictures.overview:
        caption = text("documents.map_caption", language)
        blocks.append(Picture(request.pictures.overview, said=caption, caption=caption, height_mm=120.0))
    return blocks


def _drawn_venns(request: FormRequest, event: HeldEvent | None) -> list[Block]:
    language = request.language
    if event is None:
        return []
    drawn: list[Block] = []
    if both := request.pictures.venn_pairs.get(event.id):
        caption = text("documents.venn_pair_caption", language)
        drawn.append(Picture(both, said=caption, caption=caption, width_mm=261.0, height_mm=_DRAWN_MM))
    for one in event.venns:
        if picture := request.pictures.venns.get((event.id, one.diagram)):
            caption = label(one.diagram, language)
            drawn.append(Picture(picture, said=caption, caption=caption, width_mm=261.0, height_mm=_DRAWN_MM))
    return drawn


def _venn(event: HeldEvent | None, language: Language) -> list[Block]:
    if event is None or not event.venns:
        return [_institutions_table((), language)]
    blocks: list[Block] = []
    for venn in event.venns:
        if len(event.venns) > 1 or venn.diagram is not Diagram.EVERYBODY:
            blocks.append(Heading(label(venn.diagram, language), 2))
        blocks.append(_institutions_table(_by_importance(venn.institutions), language))
        blocks += _ties(venn, language)
    return blocks


def _by_importance(institutions: Sequence[InstitutionSnapshot]) -> list[InstitutionSnapshot]:
    sizes = {"large": 0, "medium": 1, "small": 2}
    unranked = len(institutions) + 1
    return sorted(institutions, key=lambda one: (one.ranking or unranked, sizes.get(str(one.importance), 3)))


def _institutions_table(institutions: Sequence[InstitutionSnapshot], language: Language) -> Table:
    columns = (
        Column(text("documents.rank", language), 0.95, Align.RIGHT),
        Column(text("documents.institution", language), 3.4, strong=True),
        Column(text("documents.circle", language), 2.2),
        Column(text("documents.satisfaction", language), 1.6),
        Column(text("documents.why", language), 3.0),
    )
    if not institutions:
        return Table(columns, blank_rows(columns, 10, numbered_from=1), row_mm=_HAND_MM)
    rows = tuple(
        Row(
            (
                Cell(str(one.ranking) if one.ranking else "–", one.ranking),
                Cell(one.names.best(language)),
                Cell(label(one.importance, language) if one.importance else ""),
                Cell(label(one.satisfaction, language) if one.satisfaction else ""),
                Cell(_reasons(one, language)),
            )
        )
        for one in institutions
    )
    return Table(columns, rows)


def _reasons(one: InstitutionSnapshot, language: Language) -> str:
    said = [one.satisfaction_reason]
    if one.women_take_part is False:
        said.append(text("documents.without_women", language))
    return "; ".join(filter(None, said))


def _ties(venn: VennSnapshot, language: Language) -> list[Block]:
    names = {one.id: one.names.best(language) for one in venn.institutions}
    # What was entered wins over what was read off the drawing.
    standing = {tie.pair: tie for tie in sorted(venn.ties, key=lambda one: one.origin is TieOrigin.ENTERED)}
    lines = []
    for relation in (TieRelation.FULL, TieRelation.PARTIAL, TieRelation.TOUCHING):
        pairs = [
            f"{names[tie.first]} – {names[tie.second]}"
            for tie in standing.values()
            if tie.relation is relation and tie.first in names and tie.second in names
        ]
        if pairs:
            lines.append(f"{label(relation, language)}: {'; '.join(pairs)}.")
    return [Paragraph("\n".join(lines))] if lines else []


def _bread(request: FormRequest, event: HeldEvent | None) -> list[Block]:
    language = request.language
    blocks = _told(request, event, "bread", lines=2)
    bread = event.bread if event else None
    loaves = request.pictures.loaves.get(event.id) if event else None
    if loaves:
        caption = text("documents.bread_caption", language)
        blocks.append(Picture(loaves, said=caption, caption=caption, height_mm=85.0))
    blocks.append(_bread_table(bread, language))
    if bread and bread.incomplete:
        blocks.append(Paragraph(text("documents.bread_incomplete", language), Tone.NOTE))
    return blocks


def _bread_table(bread: BreadSnapshot | None, language: Language) -> Table:
    columns = (
        Column(text("documents.budget_line", language), 3.4),
        Column(text("documents.perceived_percent", language), 1.4, Align.RIGHT, summed=True),
        Column(text("documents.perceived_som", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.actual_percent", language), 1.4, Align.RIGHT, summed=True),
        Column(text("documents.actual_som", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.difference", language), 1.4, Align.RIGHT),
    )
    total = Cell(text("documents.total", language))
    if bread is None or not bread.lines:
        blank = (*blank_rows(columns, 10), Row((total, *(Cell() for _ in columns[1:])), RowKind.TOTAL))
        return Table(columns, blank, row_mm=_HAND_MM)
    sums = _sums(bread.lines)
    differences = differences_percent(bread.lines, incomplete=bread.incomplete)
    names = [one.best(language) for one in bread.names] or [line.name for line in bread.lines]
    rows = [
        Row(
            (
                Cell(names[at] if at < len(names) and names[at] else line.name),
                _share(line.perceived_percent, language),
                number_cell(line.perceived_som, language, missing="–"),
                _share(line.actual_percent, language),
                number_cell(line.actual_som, language, missing="–"),
                Cell("–" if differences[at] is None else _signed(differences[at] or 0.0, language), differences[at], 1),
            )
        )
        for at, line in enumerate(bread.lines)
    ]
    if sums is not None:
        rows.append(
            Row(
                (
                    total,
                    _share(sums.perceived_percent, language),
                    number_cell(sums.perceived_som, language, missing="–"),
                    _share(sums.actual_percent, language),
                    number_cell(sums.actual_som, language, missing="–"),
                    Cell(),
                ),
                RowKind.TOTAL,
            )
        )
    return Table(columns, tuple(rows))


def _sums(lines: Sequence[BreadLine]) -> BreadSum | None:
    """What the slices come to; None where they make no loaf, and a total would say nothing."""
    try:
        return check_bread(lines, incomplete=True)
    except Refused:
        return None


def _share(share: float | None, language: Language) -> Cell:
    return Cell("–") if share is None else Cell(percent_in_words(share, language), share, 1)


def _signed(points: float, language: Language) -> str:
    sign = "+" if points > 0 else ""
    return sign + number_in_words(points, language, decimals=1, keep_zeros=True)


def _voted_at(request: FormRequest, event: HeldEvent | None) -> list[tuple[str, int]]:
    cycle = request.shown
    if cycle is None or event is None:
        return []
    said = [one for problem in cycle.problems for one in problem.statements if one.event_id == event.id]
    unique = {one.id: (one.wording, one.votes) for one in said}
    return sorted(unique.values(), key=lambda one: -one[1])


def _votes(problems: Sequence[tuple[str, int]], language: Language) -> Table:
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.problem", language), 7.0),
        Column(text("documents.votes", language), 1.0, Align.RIGHT, summed=True),
    )
    total = Cell(text("documents.total", language))
    if not problems:
        rows = (*blank_rows(columns, 12, numbered_from=1), Row((Cell(), total, Cell()), RowKind.TOTAL))
        return Table(columns, rows, row_mm=_HAND_MM)
    body = [
        Row((number_cell(at, language), Cell(words), number_cell(votes, language)))
        for at, (words, votes) in enumerate(problems, start=1)
    ]
    sums = number_cell(sum(votes for _, votes in problems), language)
    return Table(columns, (*body, Row((Cell(), total, sums), RowKind.TOTAL)))


def _signing(request: FormRequest, event: HeldEvent | None) -> list[tuple[str, str]]:
    language = request.language
    leaders = [*(event.facilitator_names if event else ()), "", ""]
    others = [*(event.signatures if event else ()), "", ""]
    return [
        (text("documents.facilitator", language), leaders[0]),
        (text("documents.minutes_keeper", language), leaders[1]),
        *((text("documents.participant", language), name) for name in others[: max(2, len(others) - 2)]),
    ]


def _photographs(event: HeldEvent | None, language: Language) -> list[Block]:
    sheets = [one for one in (event.sheets if event else ()) if one.overlay_png]
    if not sheets:
        return []
    return [
        Heading(text("documents.photographs_heading", language)),
        *(Picture(one.overlay_png, said=one.title, caption=one.title, height_mm=110.0) for one in sheets),
    ]
