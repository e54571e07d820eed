"""Money by source: who pays for what, as bars, and the sum of the plan (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.domain.labels import label
from geo.domain.plan.totals import add_up
from geo.domain.plan_codes import ContributionSource
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, PlanSnapshot
from maps.charts.series import FAINT, INK, SIZE, SOURCES, bar, empty_chart, finished, key, numeral, title
from maps.vector import Box, Words, line_width, wrap
from maps.vector.drawing import Item

__all__ = ["MoneyRows", "money_by_source_chart"]

_THICK = 5.6


class MoneyRows(StrEnum):
    """What has a bar of its own."""

    GOALS = "goals"
    ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    sums: dict[ContributionSource, int]
    at_least: bool
    untold: int

    @property
    def total(self) -> int:
        return sum(self.sums.values())


def money_by_source_chart(
    plan: PlanSnapshot | None, language: Language, *, rows: MoneyRows = MoneyRows.GOALS, width_mm: float = 170.0
) -> str:
    """Draw what every source gives, for each goal or activity and for the whole plan.

    Of one source and one activity counts the promise, or what came where that is more, so that nothing is counted
    twice. A sum that a source calls "over" so much, or beside which contributions have no sum, bears "≥".

    Parameters
    ----------
    plan
        None where there is no plan yet.
    language
        Of the words.
    rows
        A bar for each goal (activities without one together) or for each activity.
    width_mm
        Width of the chart in millimetres; its height follows.

    Returns
    -------
    str
        SVG sized in millimetres; sums in som. The bar of the whole plan has a scale of its own: the shares of sources.
    """
    heading = text("chart.money", language)
    listed = [one for one in _rows(plan, rows, language) if one.total] if plan else []
    if not listed:
        return empty_chart(heading, text("chart.money_empty", language), width_mm, language)
    items, y = title(heading, width_mm)
    present = [one for one in SOURCES if any(one in row.sums for row in listed)]
    drawn, y = key([(label(one, language), SOURCES[one]) for one in present], y, width_mm)
    items += drawn
    longest = max(row.total for row in listed)
    for row in listed:
        drawn, y = _drawn(row, y + 1.2, width_mm * row.total / longest, width_mm, language)
        items += drawn
    if len(listed) > 1:
        sums = {source: sum(row.sums.get(source, 0) for row in listed) for source in present}
        at_least, untold = any(row.at_least for row in listed), sum(row.untold for row in listed)
        total = _Row(text("chart.money_total", language), sums, at_least, untold)
        drawn, y = _drawn(total, y + 3.5, width_mm, width_mm, language, bold=True)
        items += drawn
    untold = sum(row.untold for row in listed)
    if untold:
        items.append(
            Words(0, y + SIZE, text("chart.money_untold", language, count=untold), SIZE, colour=FAINT, role="note")
        )
        y += SIZE * 1.5
    about = "; ".join(f"{row.name}: {_som(row, language)}" for row in listed)
    return finished("money", heading, items, language, width=width_mm, height=y + 1, about=about)


def _rows(plan: PlanSnapshot, rows: MoneyRows, language: Language) -> Sequence[_Row]:
    if rows is MoneyRows.ACTIVITIES:
        return [_row(one.title, [one]) for one in plan.activities]
    goals = [_row(goal.goal, [one for task in goal.tasks for one in task.activities]) for goal in plan.goals]
    return [*goals, _row(text("chart.money_other", language), plan.other_activities)]


def _row(name: str, activities: Iterable[ActivitySnapshot]) -> _Row:
    """Add up what the plan may count on, source by source."""
    of = list(activities)
    by_source = {source: add_up(one.money(source) for one in of) for source in SOURCES}
    return _Row(
        name,
        {source: sums.total for source, sums in by_source.items() if sums.total},
        any(sums.at_least for sums in by_source.values()),
        sum(sums.untold for sums in by_source.values()),
    )


def _som(row: _Row, language: Language, source: ContributionSource | None = None) -> str:
    amount = row.total if source is None else row.sums[source]
    words = text("chart.som", language, amount=_digits(amount))
    return f"≥\u00a0{words}" if source is None and (row.at_least or row.untold) else words


def _digits(amount: int) -> str:
    # A thin space that no line break splits stands between groups of digits.
    return f"{amount:,}".replace(",", "\u202f")


def _drawn(
    row: _Row, y: float, length: float, width: float, language: Language, *, bold: bool = False
) -> tuple[list[Item], float]:
    total = _som(row, language)
    wide = line_width(total, SIZE, bold=True)
    lines = wrap(row.name, SIZE, width - wide - 6, bold=bold, lines=2)
    items: list[Item] = [
        Words(0, y + SIZE * (1.25 * at + 0.95), line, SIZE, bold=bold, colour=INK, role="row")
        for at, line in enumerate(lines)
    ]
    base = y + SIZE * (1.25 * (len(lines) - 1) + 0.95)
    items.append(Words(width - wide, base, total, SIZE, bold=True, colour=INK, role="total"))
    top, x = y + SIZE * 1.25 * len(lines) + 0.6, 0.0
    for source, amount in row.sums.items():
        box = Box(x, top, length * amount / row.total, _THICK)
        items.append(bar(box, SOURCES[source], f"{label(source, language)}: {_som(row, language, source)}"))
        items += numeral(_digits(amount), box)
        x = box.right
    return items, top + _THICK
