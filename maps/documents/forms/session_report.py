"""The report on the sessions of a village (DOMAIN.md section 10)."""

from __future__ import annotations

from collections.abc import Sequence

from geo.domain.events import STANDARD_GROUPS, EventKind
from geo.domain.labels import label
from geo.domain.plan_codes import GroupKind
from geo.errors import Refused
from geo.i18n import text
from geo.snapshots import CycleSnapshot, HeldEvent, PeopleGroupSnapshot, ProblemSnapshot, SettlementSnapshot
from maps.documents.forms.openings import (
    count_words,
    fields,
    notes_on_reading,
    paper,
    place_fields,
    signatures,
    unpublished_note,
    written,
)
from maps.documents.forms.participation import participation_blocks
from maps.documents.forms.problems import competence_table, priorities_table, votes_table
from maps.documents.model import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Field,
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
from maps.words import date_in_words

__all__ = ["session_report"]

_PROPOSED_FOR = (GroupKind.INITIATIVE, GroupKind.MONITORING, GroupKind.WORKING)


def session_report(request: FormRequest) -> Document:
    """Build the report.

    Raises
    ------
    Refused
        The municipality has several villages, and none is named.
    """
    language = request.language
    settlement = request.settlement()
    cycle = request.shown
    if cycle is not None:
        if settlement is None:
            raise Refused("documents.which_village")
        cycle = cycle.of_settlement(settlement.id)
    sessions = [one for one in cycle.events if one.kind is EventKind.SESSION] if cycle else []
    problems = cycle.problems if cycle else ()
    first: list[Block] = [
        fields(place_fields(request, settlement), _people(request, settlement), columns=2),
        *notes_on_reading(request),
        Heading(text("documents.sessions_heading", language)),
        _sessions_table(request, sessions, problems),
        *unpublished_note(request, cycle),
        Heading(text("documents.participation_heading", language)),
        *participation_blocks(request, cycle.events if cycle else ()),
        *_picture(request.pictures.overview, text("documents.map_caption", language), height_mm=120.0),
        Heading(text("documents.problems_heading", language)),
        votes_table(problems, sessions, language),
        *_picture(request.pictures.votes, text("documents.votes_caption", language), height_mm=90.0),
        Heading(text("documents.priorities_heading", language)),
        priorities_table(problems, language),
        *unpublished_note(request, cycle),
    ]
    second: list[Block] = [
        Heading(text("documents.competence_heading", language)),
        competence_table(problems, language),
        Paragraph(text("documents.matters_numbered", language), Tone.NOTE),
        Heading(text("documents.active_heading", language)),
        *_active_residents(request, cycle),
        *signatures(
            request,
            people=[(text("documents.facilitator", language), "")],
            offices=("documents.head_of_ao", "documents.village_head"),
        ),
    ]
    year = text("documents.year", language, year=request.cycle.year) if request.cycle else ""
    return paper(
        request,
        text("documents.session_report", language),
        [(Orientation.PORTRAIT, first), (Orientation.PORTRAIT, second)],
        subtitle=", ".join(filter(None, (written(settlement.names if settlement else None, request), year))),
    )


def _people(request: FormRequest, settlement: SettlementSnapshot | None) -> list[Field]:
    language = request.language
    known = None if request.blank else settlement
    return [
        Field(text("documents.population", language), count_words(known.population if known else None, request)),
        Field(text("documents.population_women", language), count_words(known.women if known else None, request)),
        Field(text("documents.population_men", language), count_words(known.men if known else None, request)),
        Field(text("documents.households", language), count_words(known.households if known else None, request)),
    ]


def _sessions_table(request: FormRequest, sessions: Sequence[HeldEvent], problems: Sequence[ProblemSnapshot]) -> Table:
    language = request.language
    columns = (
        Column(text("documents.number", language), 0.6, Align.RIGHT),
        Column(text("documents.group", language), 1.8, strong=True),
        Column(text("documents.day", language), 2.0),
        Column(text("documents.place", language), 2.0),
        Column(text("documents.participants", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.women_among", language), 1.4, Align.RIGHT, summed=True),
        Column(text("documents.women_share", language), 1.3, Align.RIGHT),
        Column(text("documents.problems_counted", language), 1.3, Align.RIGHT),
        Column(text("documents.votes", language), 1.2, Align.RIGHT, summed=True),
    )
    name = text("documents.sheet_sessions", language)
    if not sessions:
        rows = [
            Row((number_cell(number, language), Cell(group.label(language)), *(Cell() for _ in columns[2:])))
            for number, group in enumerate(STANDARD_GROUPS, start=1)
        ]
        rows += blank_rows(columns, 3, numbered_from=len(rows) + 1)
        return Table(columns, tuple(rows), name=name, row_mm=9.0)
    missing = "—" if request.is_public else ""
    rows = []
    for number, one in enumerate(sessions, start=1):
        own = [said for problem in problems for said in problem.statements if said.event_id == one.id]
        share = 100 * one.women / one.participants if one.participants and one.women is not None else None
        rows.append(
            Row(
                (
                    number_cell(number, language),
                    Cell(one.group.label(language)),
                    Cell(date_in_words(one.held_on, language)),
                    Cell(written(one.place, request)),
                    number_cell(one.participants, language, missing=missing),
                    number_cell(one.women, language, missing=missing),
                    Cell(percent_in_words(share, language) or missing, share, 1),
                    number_cell(len(own), language),
                    number_cell(sum(said.votes for said in own), language),
                )
            )
        )
    sums = [
        number_cell(sum(row.cells[place].number or 0 for row in rows), language) if column.summed else Cell()
        for place, column in enumerate(columns)
    ]
    rows.append(Row((Cell(), Cell(text("documents.total", language)), *sums[2:]), RowKind.TOTAL))
    return Table(columns, tuple(rows), name=name)


def _picture(content: bytes | None, caption: str, *, height_mm: float) -> list[Block]:
    return [Picture(content, said=caption, caption=caption, height_mm=height_mm)] if content else []


def _active_residents(request: FormRequest, cycle: CycleSnapshot | None) -> list[Block]:
    """Names for those who work with the record; for everybody, how many."""
    language = request.language
    groups = [one for one in (cycle.groups if cycle else ()) if one.kind in _PROPOSED_FOR]
    if request.is_public:
        said = [_counted(request, one) for one in groups]
        return [Paragraph(words) for words in said] or [Paragraph(text("documents.no_groups", language), Tone.NOTE)]
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.person", language), 3.2),
        Column(text("documents.contact", language), 2.0),
        Column(text("documents.proposed_for", language), 2.6),
    )
    people = [(member, one) for one in groups for member in one.member_list]
    rows = tuple(
        Row(
            (
                number_cell(number, language),
                Cell(member.name),
                Cell(member.contact),
                Cell(", ".join(filter(None, (label(one.kind, language), one.name)))),
            )
        )
        for number, (member, one) in enumerate(people, start=1)
    )
    name = text("documents.sheet_active", language)
    if rows:
        return [Table(columns, rows, name=name)]
    return [
        Paragraph(text("documents.active_hint", language), Tone.NOTE),
        Table(columns, blank_rows(columns, 10, numbered_from=1), name=name, row_mm=8.5),
    ]


def _counted(request: FormRequest, group: PeopleGroupSnapshot) -> str:
    language = request.language
    name = ", ".join(filter(None, (label(group.kind, language), group.name)))
    if group.members is None:
        return text("documents.group_uncounted", language, group=name)
    members = text(
        "documents.members_counted", language, count=group.members, members=number_in_words(group.members, language)
    )
    return text("documents.group_counted", language, group=name, members=members)
