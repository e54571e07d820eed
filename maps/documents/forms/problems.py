"""Problems as tables: votes by session, priorities, who deals with them, causes and effects (DOMAIN.md 6 and 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from geo.domain.labels import label
from geo.domain.local_matters import Competence
from geo.errors import Refused
from geo.i18n import Language, text
from geo.snapshots import CausesSnapshot, HeldEvent, ProblemSnapshot
from maps.documents.model import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Table,
    Tone,
    blank_rows,
)
from maps.documents.numbering import by_votes
from maps.documents.request import FormRequest
from maps.documents.wording import number_cell, number_in_words

__all__ = ["causes_blocks", "competence_in_words", "competence_table", "priorities_table", "votes_table"]

PRIORITIES = 5
_HAND_MM = 9.0


def competence_in_words(code: str | None, language: Language) -> str:
    """Return who deals with a problem; empty where nobody has said."""
    if not code:
        return ""
    try:
        competence = Competence.from_code(code)
    except Refused:
        return code  # a file of a later version may carry a code that this one does not know
    if competence.matter is None:
        return text(competence.label_key, language)
    return text(
        "documents.local_matter", language, number=competence.matter.value, matter=text(competence.label_key, language)
    )


def votes_table(problems: Sequence[ProblemSnapshot], sessions: Sequence[HeldEvent], language: Language) -> Table:
    """Return the problems of a village with their votes in each session."""
    columns = (
        Column(text("documents.number", language), 0.5, Align.RIGHT),
        Column(text("documents.problem", language), 5.0),
        *(Column(one.group.label(language), 1.35, Align.RIGHT, summed=True) for one in sessions),
        *(() if sessions else [Column("", 1.1, Align.RIGHT, summed=True) for _ in range(3)]),
        Column(
            text("documents.votes", language),
            1.35,
            Align.RIGHT,
            summed=True,
            adds=tuple(range(2, 2 + (len(sessions) or 3))),
        ),
    )
    rows = [
        _votes_row(number, problem, [one.id for one in sessions], language)
        for number, problem in enumerate(by_votes(problems), start=1)
    ]
    name = text("documents.sheet_votes", language)
    if not rows or not sessions:
        blank = blank_rows(columns, 12, numbered_from=1)
        return Table(columns, (*blank, _total_row(columns, (), language)), name=name, row_mm=_HAND_MM)
    return Table(columns, (*rows, _total_row(columns, rows, language)), name=name)


def _votes_row(number: int, problem: ProblemSnapshot, sessions: Sequence[UUID], language: Language) -> Row:
    votes = [sum(one.votes for one in problem.statements if one.event_id == session) for session in sessions]
    return Row(
        (
            number_cell(number, language),
            Cell(problem.title),
            *(number_cell(one, language) if one else Cell("–", 0) for one in votes),
            number_cell(sum(votes), language),
        )
    )


def _total_row(columns: Sequence[Column], rows: Sequence[Row], language: Language) -> Row:
    sums = [
        number_cell(sum(row.cells[place].number or 0 for row in rows), language) if column.summed and rows else Cell()
        for place, column in enumerate(columns)
    ]
    return Row((Cell(), Cell(text("documents.total", language)), *sums[2:]), RowKind.TOTAL)


def priorities_table(problems: Sequence[ProblemSnapshot], language: Language) -> Table:
    """Return the first five with their votes; ties are shown as ties."""
    columns = (
        Column(text("documents.rank", language), 1.1, Align.RIGHT),
        Column(text("documents.problem", language), 5.0, strong=True),
        Column(text("documents.votes", language), 1.25, Align.RIGHT, summed=True),
        Column(text("documents.merged_from", language), 4.0),
    )
    chosen = sorted((one for one in problems if one.is_priority), key=lambda one: (one.rank or 0, -one.votes))
    rows = tuple(
        Row(
            (
                Cell(_rank_in_words(one, language), one.rank),
                Cell(one.title),
                number_cell(one.votes, language),
                Cell("; ".join(dict.fromkeys(_wordings(one)))),
            )
        )
        for one in chosen
    )
    name = text("documents.sheet_priorities", language)
    if not rows:
        return Table(columns, blank_rows(columns, PRIORITIES, numbered_from=1), name=name, row_mm=_HAND_MM)
    return Table(columns, rows, name=name)


def _rank_in_words(problem: ProblemSnapshot, language: Language) -> str:
    if problem.rank is None:
        return ""
    return text("documents.tied", language, rank=problem.rank) if problem.is_tied else str(problem.rank)


def _wordings(problem: ProblemSnapshot) -> list[str]:
    """Everything it was called, but for its title."""
    said = [*problem.merged_titles, *(one.wording for one in problem.statements)]
    return [one for one in said if one.strip() != problem.title.strip()]


def competence_table(problems: Sequence[ProblemSnapshot], language: Language) -> Table:
    """Return each problem with who deals with it and who can solve it."""
    columns = (
        Column(text("documents.number", language), 0.55, Align.RIGHT),
        Column(text("documents.problem", language), 3.4, strong=True),
        Column(text("documents.described", language), 4.0),
        Column(text("documents.who_deals", language), 2.6),
        Column(text("documents.who_can_solve", language), 2.0),
    )
    rows = tuple(
        Row(
            (
                number_cell(number, language),
                Cell(one.title),
                Cell(_described(one)),
                Cell(competence_in_words(one.competence, language)),
                Cell(_solvable(one.causes, language)),
            )
        )
        for number, one in enumerate(by_votes(problems), start=1)
    )
    name = text("documents.sheet_competence", language)
    if not rows:
        return Table(columns, blank_rows(columns, 8, numbered_from=1), name=name, row_mm=14.0)
    return Table(columns, rows, name=name)


def _described(problem: ProblemSnapshot) -> str:
    told = [one.description for one in problem.causes if one.description.strip()]
    return "\n".join(dict.fromkeys(told)) or "; ".join(dict.fromkeys(_wordings(problem)))


def _solvable(causes: Sequence[CausesSnapshot], language: Language) -> str:
    said = dict.fromkeys(label(one.solvable_by, language) for one in causes if one.solvable_by)
    return "; ".join(said)


def causes_blocks(
    request: FormRequest,
    problems: Sequence[ProblemSnapshot],
    *,
    activity_numbers: Mapping[UUID, str] | None = None,
) -> list[Block]:
    """Return a table of causes, effects, solutions and contributions for each problem (DOMAIN.md section 7).

    Parameters
    ----------
    activity_numbers
        Numbers of the activities that answer the problems, to list them; None where they are not listed.
    """
    language = request.language
    shown: Sequence[ProblemSnapshot | None] = list(problems) or [None] * PRIORITIES
    blocks: list[Block] = []
    for number, problem in enumerate(shown, start=1):
        blocks.append(Heading(_heading(number, problem, language), 2))
        if problem is not None and not problem.causes and not request.is_public:
            blocks.append(Paragraph(text("documents.no_causes", language), Tone.NOTE))
        answers = request.filled.activities_for(problem) if activity_numbers is not None and problem else ()
        numbered = [f"{(activity_numbers or {})[one.id]}. {one.title}" for one in answers]
        activities = None if activity_numbers is None else numbered
        blocks.append(_causes_table(problem, language, activities=activities))
    return blocks


def _heading(number: int, problem: ProblemSnapshot | None, language: Language) -> str:
    if problem is None:
        return text("documents.problem_blank", language, number=number)
    votes = text(
        "documents.votes_counted", language, count=problem.votes, votes=number_in_words(problem.votes, language)
    )
    return text("documents.problem_heading", language, number=number, problem=problem.title, votes=votes)


def _causes_table(problem: ProblemSnapshot | None, language: Language, *, activities: Sequence[str] | None) -> Table:
    causes = problem.causes if problem else ()
    rows = [
        ("documents.description", [one.description for one in causes]),
        ("documents.causes", [words for one in causes for words in one.causes]),
        ("documents.effects_seen", [words for one in causes for words in one.effects_seen]),
        ("documents.effects_to_come", [words for one in causes for words in one.effects_to_come]),
        ("documents.solutions", [words for one in causes for words in one.solutions]),
        ("documents.from_ao", [one.contribution_ao for one in causes]),
        ("documents.from_ak", [one.contribution_ak for one in causes]),
        ("documents.from_community", [one.contribution_community for one in causes]),
        ("documents.from_others", [one.contribution_others for one in causes]),
        ("documents.who_can_solve", [_solvable(causes, language)]),
    ]
    worded = [(key, _listed(said)) for key, said in rows]
    if activities is not None:
        worded.append(("documents.activities", "\n".join(activities)))
    columns = (Column("", 2.2, strong=True), Column("", 6.0))
    return Table(
        columns,
        tuple(Row((Cell(text(key, language)), Cell(said))) for key, said in worded),
        has_heading=False,
        together=True,
        row_mm=7.5 if causes else 11.0,
    )


def _listed(said: Sequence[str]) -> str:
    kept = list(dict.fromkeys(words.strip() for words in said if words.strip()))
    return kept[0] if len(kept) == 1 else "\n".join(f"• {words}" for words in kept)
