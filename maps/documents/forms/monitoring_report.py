"""The monitoring report: visits, findings, actual against planned, photographs (DOMAIN.md sections 9 and 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.domain.labels import label
from geo.domain.monitoring.checklist import ITEMS, MOST_POINTS
from geo.domain.plan_codes import GroupKind
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, VisitSnapshot
from maps.documents.forms.openings import (
    count_words,
    fields,
    notes_on_reading,
    paper,
    place_fields,
    signatures,
    written,
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
    PictureRow,
    Row,
    Table,
    Tone,
    blank_rows,
)
from maps.documents.numbering import running_numbers, standing
from maps.documents.request import FormRequest
from maps.documents.wording import number_cell, number_in_words
from maps.words import date_in_words, day_in_words

__all__ = ["monitoring_report"]

_PHOTOS_IN_A_ROW = 3


def monitoring_report(request: FormRequest) -> Document:
    """Build the report of a village's visits, or of all of the municipality."""
    language = request.language
    cycle = request.shown
    settlement = request.settlement() if request.settlement_id is not None else None
    if cycle is not None and settlement is not None:
        cycle = cycle.of_settlement(settlement.id)
    visits = cycle.visits if cycle else ()
    first: list[Block] = [
        fields(
            place_fields(request, settlement, village=settlement is not None or request.blank),
            _group_fields(request, cycle),
            _span_field(visits, language),
            columns=2,
        ),
        *notes_on_reading(request),
        Heading(text("documents.visits_heading", language)),
        _visits_table(request, visits),
        *_activities(request, cycle),
    ]
    second: list[Block] = [Heading(text("documents.seen_heading", language))] if visits else []
    for number, visit in enumerate(visits, start=1):
        second += _visit_blocks(request, number, visit)
    if not visits:
        second += _blank_visit(request) if request.blank else [Paragraph(text("documents.no_visits", language))]
    second += signatures(request, people=_signing(request, cycle))
    return paper(
        request,
        text("documents.monitoring_report", language),
        [(Orientation.LANDSCAPE, first), (Orientation.PORTRAIT, second)],
        subtitle=written(settlement.names if settlement else None, request),
    )


def _group_fields(request: FormRequest, cycle: CycleSnapshot | None) -> list[Field]:
    language = request.language
    groups = [one for one in (cycle.groups if cycle else ()) if one.kind is GroupKind.MONITORING]
    if not groups:
        return [Field(text("documents.monitoring_group", language), "—" if request.is_public else "")]
    said = []
    for one in groups:
        words = one.name or label(one.kind, language)
        if one.members is not None:
            counted = text("documents.members_counted", language, count=one.members, members=str(one.members))
            words = f"{words} ({counted})"
        said.append(words)
    found = [Field(text("documents.monitoring_group", language), "; ".join(said))]
    if not request.is_public:
        names = ", ".join(member.name for one in groups for member in one.member_list)
        found.append(Field(text("documents.members", language), names))
    return found


def _span_field(visits: Sequence[VisitSnapshot], language: Language) -> list[Field]:
    days = sorted(one.day for one in visits)
    words = ""
    if days:
        first, last = date_in_words(days[0], language), date_in_words(days[-1], language)
        words = first if days[0] == days[-1] else f"{first} – {last}"
    return [Field(text("documents.visits_span", language), words)]


def _visits_table(request: FormRequest, visits: Sequence[VisitSnapshot]) -> Table:
    language = request.language
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.day", language), 1.6),
        Column(text("documents.village", language), 1.5),
        Column(text("documents.looked_at", language), 3.2, strong=True),
        Column(text("documents.method", language), 1.5),
        Column(text("documents.planned", language), 2.2),
        Column(text("documents.actual", language), 2.2),
        Column(text("documents.standard_met", language), 1.2),
        Column(text("documents.evidence", language), 1.1),
    )
    name = text("documents.sheet_visits", language)
    if not visits:
        return Table(columns, blank_rows(columns, 8, numbered_from=1), name=name, row_mm=13.0, small=True)
    rows = tuple(
        Row(
            (
                number_cell(number, language),
                Cell(date_in_words(one.day, language)),
                Cell(_village(request, one)),
                Cell(_subject(request, one)),
                Cell(label(one.method, language)),
                Cell(_amounts(one.planned.quantity, one.quantity_unit, one.planned.som, language, day=one.planned.on)),
                Cell(_amounts(one.actual.quantity, one.quantity_unit, one.actual.som, language, day=one.actual.on)),
                Cell(_yes_or_no(one.standard_met, language)),
                Cell(one.evidence.grade.upper() if one.evidence else "–"),
            )
        )
        for number, one in enumerate(visits, start=1)
    )
    return Table(columns, rows, name=name, small=True)


def _village(request: FormRequest, visit: VisitSnapshot) -> str:
    village = request.filled.settlement(visit.settlement_id)
    return written(village.names if village else None, request)


def _subject(request: FormRequest, visit: VisitSnapshot) -> str:
    plan = request.filled.plan
    activity = next((one for one in (plan.activities if plan else ()) if one.id == visit.activity_id), None)
    return (activity.title if activity else "") or visit.service or label(visit.topic, request.language)


def _amounts(quantity: float | None, unit: str, som: int | None, language: Language, *, day: object) -> str:
    said = []
    if quantity is not None:
        said.append(f"{number_in_words(quantity, language, decimals=2)} {unit}".strip())
    if som is not None:
        said.append(text("documents.som", language, amount=number_in_words(som, language)))
    if day is not None:
        said.append(day_in_words(day, language))  # type: ignore[arg-type]
    return "\n".join(said) or "–"


def _yes_or_no(answer: bool | None, language: Language) -> str:
    if answer is None:
        return "–"
    return text("map.yes" if answer else "map.no", language)


def _activities(request: FormRequest, cycle: CycleSnapshot | None) -> list[Block]:
    """How far each activity has come, and how often it was visited."""
    language = request.language
    activities = standing(cycle, request.settlement_id)
    if cycle is None or not activities:
        return []
    numbers = running_numbers(activities)
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.activity", language), 4.4, strong=True),
        Column(text("documents.standing", language), 2.0),
        Column(text("documents.since", language), 1.8),
        Column(text("documents.visits_counted", language), 1.0, Align.RIGHT, summed=True),
        Column(text("documents.last_visit", language), 1.8),
    )
    rows = []
    for one in activities:
        visits = cycle.visits_to(one.id)
        rows.append(
            Row(
                (
                    Cell(numbers[one.id], int(numbers[one.id])),
                    Cell(one.title),
                    Cell(label(one.status, language)),
                    Cell(day_in_words(one.status_since, language, one.status_precision) or "–"),
                    number_cell(len(visits), language),
                    Cell(date_in_words(visits[0].day, language) if visits else "–"),
                )
            )
        )
    blocks: list[Block] = [
        Heading(text("documents.standing_heading", language)),
        Table(columns, tuple(rows), name=text("documents.sheet_standing", language), small=True),
    ]
    for content, key in (
        (request.pictures.progress, "documents.progress_caption"),
        (request.pictures.overview, "documents.plan_map_caption"),
    ):
        if content:
            caption = text(key, language)
            blocks.append(Picture(content, said=caption, caption=caption, width_mm=250.0, height_mm=140.0))
    return blocks


def _visit_blocks(request: FormRequest, number: int, visit: VisitSnapshot) -> list[Block]:
    language = request.language
    day = date_in_words(visit.day, language)
    subject = text("documents.visit_heading", language, number=number, day=day, subject=_subject(request, visit))
    asked = [
        Field(text("documents.village", language), _village(request, visit)),
        Field(text("documents.topic", language), label(visit.topic, language)),
        Field(text("documents.people_went", language), count_words(visit.member_count, request) or "—"),
    ]
    if not request.is_public and visit.members:
        asked.append(Field(text("documents.members", language), ", ".join(visit.members)))
    blocks: list[Block] = [Heading(subject, 2), Fields(tuple(asked), columns=2)]
    if visit.summary:
        blocks.append(Paragraph(visit.summary))
    blocks += _difference(visit, language)
    if visit.findings:
        columns = (Column(text("documents.severity", language), 1.6), Column(text("documents.finding", language), 6.0))
        rows = tuple(Row((Cell(label(one.severity, language)), Cell(one.words))) for one in visit.findings)
        blocks.append(Table(columns, rows))
    if visit.recommendations:
        blocks.append(Fields((Field(text("documents.recommendations", language), visit.recommendations),)))
    if visit.agreements:
        blocks.append(_agreements(visit, language))
    blocks += _checklist(visit, language)
    if visit.evidence:
        reasons = " ".join(one(language) for one in visit.evidence.reasons)
        grade = text("documents.evidence_told", language, grade=visit.evidence.grade.upper(), reasons=reasons)
        blocks.append(Paragraph(grade, Tone.NOTE))
    blocks += _photos(visit, language)
    return blocks


def _difference(visit: VisitSnapshot, language: Language) -> list[Block]:
    planned, actual = visit.planned, visit.actual
    rows = []
    for key, before, after, unit, decimals in (
        ("documents.quantity", planned.quantity, actual.quantity, visit.quantity_unit, 2),
        ("documents.money", planned.som, actual.som, text("documents.unit_som", language), 0),
    ):
        if before is None and after is None:
            continue
        share = round(100 * after / before) if before and after is not None else None
        rows.append(
            Row(
                (
                    Cell(f"{text(key, language)}, {unit}" if unit else text(key, language)),
                    number_cell(before, language, decimals=decimals, missing="–"),
                    number_cell(after, language, decimals=decimals, missing="–"),
                    _more_or_less(before, after, language, decimals=decimals),
                    Cell("–" if share is None else f"{number_in_words(share, language)} %", share),
                )
            )
        )
    if planned.on or actual.on:
        days = (actual.on - planned.on).days if planned.on and actual.on else None
        late = "–" if days is None else text("documents.days", language, count=abs(days), days=f"{days:+d}")
        rows.append(
            Row(
                (
                    Cell(text("documents.deadline", language)),
                    Cell(day_in_words(planned.on, language) or "–"),
                    Cell(day_in_words(actual.on, language) or "–"),
                    Cell(late),
                    Cell("–"),
                )
            )
        )
    if not rows:
        return []
    columns = (
        Column(text("documents.compared", language), 2.2, strong=True),
        Column(text("documents.planned", language), 1.8, Align.RIGHT),
        Column(text("documents.actual", language), 1.8, Align.RIGHT),
        Column(text("documents.difference", language), 1.6, Align.RIGHT),
        Column(text("documents.carried_out", language), 1.4, Align.RIGHT),
    )
    return [Table(columns, tuple(rows))]


def _more_or_less(before: float | None, after: float | None, language: Language, *, decimals: int) -> Cell:
    if before is None or after is None:
        return Cell("–")
    cell = number_cell(after - before, language, decimals=decimals)
    return replace(cell, words=f"+{cell.words}") if after > before else cell


def _agreements(visit: VisitSnapshot, language: Language) -> Table:
    columns = (
        Column(text("documents.agreed", language), 4.4, strong=True),
        Column(text("documents.due", language), 1.7),
        Column(text("documents.standing", language), 1.6),
        Column(text("documents.done_on", language), 1.7),
    )
    rows = tuple(
        Row(
            (
                Cell(one.words),
                Cell(day_in_words(one.due_on, language) or "–"),
                Cell(label(one.state, language)),
                Cell(day_in_words(one.done_on, language) or "–"),
            )
        )
        for one in visit.agreements
    )
    return Table(columns, rows)


def _checklist(visit: VisitSnapshot, language: Language) -> list[Block]:
    totals = visit.checklist_totals
    if not visit.checklist or totals is None:
        return []
    columns = (
        Column(text("documents.checklist_item", language), 3.0),
        Column(text("documents.points", language), 0.9, Align.RIGHT),
        Column(text("documents.comment", language), 4.4),
    )
    rows = tuple(
        Row(
            (
                Cell(f"{one.item}. {label(ITEMS[one.item - 1], language)}"),
                Cell(f"{one.points} / {MOST_POINTS[one.item]}", one.points),
                Cell(one.comment),
            )
        )
        for one in visit.checklist
    )
    said = text("documents.checklist_total", language, points=totals.points, most=totals.most, scored=totals.scored)
    return [Table(columns, rows), Paragraph(said, Tone.STRONG)]


def _photos(visit: VisitSnapshot, language: Language) -> list[Block]:
    pictures = [
        Picture(one.jpeg, said=one.caption or text("documents.photo", language), caption=one.caption, height_mm=65.0)
        for one in visit.photos
    ]
    rows = [pictures[at : at + _PHOTOS_IN_A_ROW] for at in range(0, len(pictures), _PHOTOS_IN_A_ROW)]
    return [PictureRow(tuple(row)) for row in rows]


def _blank_visit(request: FormRequest) -> list[Block]:
    language = request.language
    keys = ("documents.findings", "documents.recommendations", "documents.agreed")
    asked = tuple(Field(text(key, language), lines=6) for key in keys)
    return [Heading(text("documents.seen_heading", language)), Fields(asked)]


def _signing(request: FormRequest, cycle: CycleSnapshot | None) -> list[tuple[str, str]]:
    office = text("documents.monitor", request.language)
    groups = [one for one in (cycle.groups if cycle else ()) if one.kind is GroupKind.MONITORING]
    names = [member.name for one in groups for member in one.member_list]
    return [(office, name) for name in (names or [""] * 5)]
