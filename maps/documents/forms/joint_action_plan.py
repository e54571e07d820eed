"""The Joint Action Plan: problem, goal, tasks, activities, money by source (DOMAIN.md sections 8 and 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.domain.labels import label
from geo.domain.plan.totals import add_up
from geo.domain.plan_codes import ApprovalStep, ContributionSource, Coverage, Viability
from geo.errors import Refused
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, GoalSnapshot, PlanSnapshot
from maps.documents.forms.openings import fields, notes_on_reading, paper, place_fields, signatures, written
from maps.documents.forms.plan_money import MoneyUnit, money_by_source_table, money_cell, sources_of, unit_of
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
from maps.documents.numbering import plan_numbers
from maps.documents.request import FormRequest
from maps.documents.wording import number_cell, number_in_words, percent_in_words, years_in_words
from maps.words import date_in_words, span_in_words

__all__ = ["joint_action_plan"]

_WORDS_BEFORE_MONEY = 7
"""Columns before those of the sources."""
_BLANK_GOALS = 3
_BLANK_ACTIVITIES = 3


def joint_action_plan(request: FormRequest) -> Document:
    """Build the plan.

    Raises
    ------
    Refused
        There is no plan in this year.
    """
    language = request.language
    cycle = request.shown
    plan = cycle.plan if cycle else None
    if cycle is not None and plan is None:
        raise Refused("documents.no_plan", year=cycle.year)
    activities = plan.activities if plan else ()
    unit = unit_of([one.amount_som or 0 for activity in activities for one in activity.contributions])
    years = years_in_words(plan.year_from, plan.year_to, language) if plan else ""
    heading = [Field(text("documents.plan_years", language), years), *_approvals(plan, language)]
    blocks: list[Block] = [
        fields(place_fields(request, None, village=False), heading, columns=2),
        *([Paragraph(plan.note, Tone.NOTE)] if plan and plan.note else []),
        _plan_table(request, plan, unit),
        *_marks(activities, language),
    ]
    subtitle = ", ".join(
        filter(
            None,
            (plan.title if plan else "", written(request.cycle.municipality.names if request.cycle else None, request)),
        )
    )
    return paper(
        request,
        text("documents.joint_action_plan", language),
        [(Orientation.LANDSCAPE, blocks), (Orientation.LANDSCAPE, _second_part(request, plan, unit))],
        subtitle=subtitle,
    )


def _approvals(plan: PlanSnapshot | None, language: Language) -> list[Field]:
    taken = {one.step: one.taken_on for one in (plan.approvals if plan else ())}
    return [
        Field(label(step, language), date_in_words(taken[step], language) if step in taken else "")
        for step in ApprovalStep
    ]


def _columns(sources: Sequence[ContributionSource], language: Language) -> tuple[Column, ...]:
    first = _WORDS_BEFORE_MONEY
    return (
        Column(text("documents.number", language), 0.55, Align.RIGHT),
        Column(text("documents.activity", language), 3.1, strong=True),
        Column(text("documents.result", language), 2.7),
        Column(text("documents.deadline", language), 1.35),
        Column(text("documents.responsible", language), 1.5),
        Column(text("documents.direct", language), 0.9, Align.RIGHT),
        Column(text("documents.indirect", language), 0.9, Align.RIGHT),
        *(Column(text(f"documents.source_{one}", language), 1.0, Align.RIGHT, summed=True) for one in sources),
        Column(
            text("documents.total", language),
            1.0,
            Align.RIGHT,
            summed=True,
            adds=tuple(range(first, first + len(sources))),
            strong=True,
        ),
    )


def _plan_table(request: FormRequest, plan: PlanSnapshot | None, unit: MoneyUnit) -> Table:
    language = request.language
    sources = sources_of(plan.activities if plan else ())
    columns = _columns(sources, language)
    unit_words = unit.words(language) if plan else text("documents.unit_blank", language)
    over = (
        ("", 5),
        (text("documents.beneficiaries", language), 2),
        (text("documents.contributions_in", language, unit=unit_words), len(sources) + 1),
    )
    rows = list(_rows(request, plan, sources, unit)) if plan else list(_blank(columns, language))
    return Table(
        columns,
        tuple(rows),
        name=text("documents.sheet_plan", language),
        over=over,
        row_mm=0.0 if plan else 12.0,
        small=True,
    )


def _blank(columns: Sequence[Column], language: Language) -> Iterator[Row]:
    width = len(columns)
    for number in range(1, _BLANK_GOALS + 1):
        yield _spanning(text("documents.goal_blank", language, number=number), width, RowKind.GROUP)
        yield _spanning(text("documents.task_blank", language, number=f"{number}.1"), width, RowKind.SUBGROUP)
        yield from blank_rows(columns, _BLANK_ACTIVITIES)
        yield _named(text("documents.goal_total", language, number=number), width, RowKind.SUBTOTAL)
    yield _named(text("documents.grand_total", language), width, RowKind.TOTAL)


def _spanning(words: str, width: int, kind: RowKind, key: str = "") -> Row:
    return Row((Cell(words), *(Cell() for _ in range(width - 1))), kind, key)


def _named(words: str, width: int, kind: RowKind, sums: Sequence[Cell] = ()) -> Row:
    empty = width - 2 - len(sums)
    return Row((Cell(), Cell(words), *(Cell() for _ in range(empty)), *sums), kind)


def _rows(
    request: FormRequest, plan: PlanSnapshot, sources: Sequence[ContributionSource], unit: MoneyUnit
) -> Iterator[Row]:
    language = request.language
    width = _WORDS_BEFORE_MONEY + len(sources) + 1
    numbers = plan_numbers(plan)
    parts: list[tuple[int, Sequence[ActivitySnapshot]]] = []
    for number, goal in enumerate(plan.goals, start=1):
        parts.append((number, [one for task in goal.tasks for one in task.activities]))
        yield _spanning(_goal_in_words(number, goal, language), width, RowKind.GROUP, str(goal.id))
        for at, task in enumerate(goal.tasks, start=1):
            words = text("documents.task_heading", language, number=f"{number}.{at}", task=task.title)
            yield _spanning(words, width, RowKind.SUBGROUP, str(task.id))
            for activity in task.activities:
                yield _activity_row(request, numbers[activity.id], activity, sources, unit)
        words = text("documents.goal_total", language, number=number)
        yield _named(words, width, RowKind.SUBTOTAL, _sums(parts[-1][1], sources, unit, language))
    if plan.other_activities:
        yield _spanning(text("documents.other_activities", language), width, RowKind.GROUP)
        for activity in plan.other_activities:
            yield _activity_row(request, numbers[activity.id], activity, sources, unit)
        sums = _sums(plan.other_activities, sources, unit, language)
        yield _named(text("documents.others_total", language), width, RowKind.SUBTOTAL, sums)
    sums = _sums(plan.activities, sources, unit, language)
    yield _named(text("documents.grand_total", language), width, RowKind.TOTAL, sums)


def _sums(
    activities: Sequence[ActivitySnapshot], sources: Sequence[ContributionSource], unit: MoneyUnit, language: Language
) -> list[Cell]:
    columns: list[ContributionSource | None] = [*sources, None]
    return [money_cell(add_up(one.money(source) for one in activities), unit, language) for source in columns]


def _goal_in_words(number: int, goal: GoalSnapshot, language: Language) -> str:
    lines = [
        text("documents.problem_of_plan", language, number=number, problem=goal.problem_statement or "—"),
        text("documents.goal", language, goal=goal.goal),
    ]
    if goal.indicator:
        values = [
            f"{years}: {number_in_words(value, language, decimals=2)} {goal.unit}".strip()
            for years, value in ((goal.baseline_year, goal.baseline_value), (goal.target_year, goal.target_value))
            if value is not None and years is not None
        ]
        said = f"{goal.indicator} ({'; '.join(values)})" if values else goal.indicator
        lines.append(text("documents.indicator", language, indicator=said))
    return "\n".join(lines)


def _activity_row(
    request: FormRequest,
    number: str,
    activity: ActivitySnapshot,
    sources: Sequence[ContributionSource],
    unit: MoneyUnit,
) -> Row:
    language = request.language
    responsible = [label(activity.responsible, language) if activity.responsible else "", activity.responsible_note]
    deadline = span_in_words(activity.deadline_from, activity.deadline_to, language, activity.deadline_precision)
    columns: list[ContributionSource | None] = [*sources, None]
    return Row(
        (
            Cell(number),
            Cell("\n".join(filter(None, (activity.title, _place(request, activity))))),
            Cell(_result(activity, language)),
            Cell(deadline),
            Cell("; ".join(filter(None, responsible))),
            number_cell(activity.beneficiaries_direct, language, missing="–"),
            number_cell(activity.beneficiaries_indirect, language, missing="–"),
            *(money_cell(activity.money(source), unit, language) for source in columns),
        ),
        key=str(activity.id),
    )


def _place(request: FormRequest, activity: ActivitySnapshot) -> str:
    village = request.filled.settlement(activity.settlement_id)
    if village is None or activity.coverage is Coverage.MUNICIPALITY:
        return label(Coverage.MUNICIPALITY, request.language)
    return written(village.names, request)


def _result(activity: ActivitySnapshot, language: Language) -> str:
    quantity = ""
    if activity.quantity is not None:
        quantity = f"{number_in_words(activity.quantity, language, decimals=2)} {activity.quantity_unit}".strip()
    return "; ".join(filter(None, (activity.result, activity.indicators, quantity)))


def _marks(activities: Sequence[ActivitySnapshot], language: Language) -> list[Block]:
    given = [one for activity in activities for one in activity.contributions]
    said = []
    if any(one.at_least for one in given):
        said.append(text("documents.over_means", language))
    if any(one.amount_som is None for one in given):
        said.append(text("documents.untold_means", language))
    return [Paragraph(" ".join(said), Tone.NOTE)] if said else []


def _second_part(request: FormRequest, plan: PlanSnapshot | None, unit: MoneyUnit) -> list[Block]:
    language, pictures = request.language, request.pictures
    blocks: list[Block] = []
    if plan:
        blocks += [
            Heading(text("documents.money_heading", language)),
            money_by_source_table(plan, unit, language),
            *_gaps(plan, language),
            *_captioned(pictures.money, text("documents.money_caption", language), 110.0),
            *_captioned(pictures.overview, text("documents.plan_map_caption", language), 108.0),
        ]
    offices = ("documents.head_of_ao", "documents.chair_of_ak", "documents.initiative_leader")
    blocks += notes_on_reading(request)
    blocks += signatures(request, offices=offices)
    return blocks


def _captioned(content: bytes | None, caption: str, height_mm: float) -> list[Block]:
    return [Picture(content, said=caption, caption=caption, height_mm=height_mm, width_mm=250.0)] if content else []


def _gaps(plan: PlanSnapshot, language: Language) -> list[Block]:
    """Need, what there is to meet it, and whether the work can be carried out with that."""
    known = [one for one in plan.activities if one.gap and one.gap.need_som is not None]
    if not known:
        return []
    amounts = [som or 0 for one in known if one.gap for som in (one.gap.need_som, one.gap.capacity_som)]
    unit = unit_of(amounts)
    columns = (
        Column(text("documents.activity", language), 4.0, strong=True),
        Column(text("documents.need", language), 1.3, Align.RIGHT),
        Column(text("documents.capacity", language), 1.3, Align.RIGHT),
        Column(text("documents.gap", language), 1.3, Align.RIGHT),
        Column(text("documents.gap_percent", language), 1.0, Align.RIGHT),
        Column(text("documents.viability", language), 2.4),
    )
    rows = []
    for one in known:
        gap = one.gap
        if gap is None:
            continue
        sums = [
            number_cell(None if som is None else som / unit.som, language, decimals=unit.decimals, missing="–")
            for som in (gap.need_som, gap.capacity_som, gap.gap_som)
        ]
        share = Cell(percent_in_words(gap.gap_percent, language) or "–", gap.gap_percent, 1)
        doubt = "! " if gap.viability is Viability.NOT_VIABLE else ""
        rows.append(Row((Cell(one.title), *sums, share, Cell(doubt + label(gap.viability, language)))))
    over = (("", 1), (text("documents.sums_in", language, unit=unit.words(language)), 3), ("", 2))
    table = Table(columns, tuple(rows), name=text("documents.sheet_gaps", language), over=over)
    return [Heading(text("documents.gaps_heading", language)), table]
