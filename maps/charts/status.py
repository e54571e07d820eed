"""Status over time: how many activities of the plan were how far on which day, from their histories."""

from __future__ import annotations

from collections import Counter
from datetime import date

from babel.dates import format_date

from geo.domain.labels import label
from geo.domain.plan_codes import ActivityStage
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, PlanSnapshot
from maps.charts.series import FAINT, INK, RULE, SIZE, STAGES, bar, empty_chart, finished, key, numeral, title
from maps.vector import Anchor, Box, Look, Outline, Words, line_width

__all__ = ["status_over_time_chart"]

_MOST_COLUMNS = 12
_HEIGHT = 62.0


def status_over_time_chart(
    plan: PlanSnapshot | None, as_of: date, language: Language, *, width_mm: float = 170.0
) -> str:
    """Draw a column for each month (or several) since the first entry: activities by how far they had come.

    Parameters
    ----------
    plan
        None where there is no plan yet.
    as_of
        The last day that is told of; its column is the last.
    language
        Of the words.
    width_mm
        Width of the chart in millimetres.

    Returns
    -------
    str
        SVG sized in millimetres. An activity counts from the first entry of its history; one without a history counts
        on the last day only, in the status it has.
    """
    heading = text("chart.status", language)
    activities = plan.activities if plan else ()
    if not activities:
        return empty_chart(heading, text("chart.status_empty", language), width_mm, language)
    days = _days(activities, as_of)
    counts = [_count(activities, day, last=day == days[-1]) for day in days]
    items, y = title(heading, width_mm)
    present = [stage for stage in ActivityStage if any(stage in count for count in counts)]
    drawn, y = key([(label(one, language), STAGES[one]) for one in present], y, width_mm)
    items += drawn
    words = [format_date(day, "LLL yyyy" if day != days[-1] else "d.MM.yyyy", locale=language.value) for day in days]
    step = width_mm / len(days)
    wide = min(step * 0.72, 16.0)
    most = max(sum(count.values()) for count in counts)
    base = y + SIZE * 1.6 + _HEIGHT
    # Every second month is named where all of them would run into each other; the last one always is.
    widest = max(line_width(one, SIZE * 0.9) for one in words) + 2
    every = next(n for n in (1, 2, 3, 4, 12) if step * n > widest or n == 12)
    for at, (count, day_words) in enumerate(zip(counts, words, strict=True)):
        x, top = at * step + (step - wide) / 2, base
        for stage in STAGES:
            if not count[stage]:
                continue
            box = Box(x, top - _HEIGHT * count[stage] / most, wide, _HEIGHT * count[stage] / most)
            items.append(bar(box, STAGES[stage], f"{day_words}. {label(stage, language)}: {count[stage]}"))
            items += numeral(str(count[stage]), box)
            top = box.y
        if count:
            total = str(sum(count.values()))
            items.append(
                Words(x + wide / 2, top - 1.2, total, SIZE, bold=True, anchor=Anchor.MIDDLE, colour=INK, role="total")
            )
        if (len(days) - 1 - at) % every == 0:
            middle = min(max(x + wide / 2, line_width(day_words, SIZE * 0.9) / 2), width_mm)
            middle = min(middle, width_mm - line_width(day_words, SIZE * 0.9) / 2)
            items.append(
                Words(middle, base + SIZE * 1.4, day_words, SIZE * 0.9, anchor=Anchor.MIDDLE, colour=FAINT, role="day")
            )
    items.append(Outline(f"M0 {base:.3f}H{width_mm:.3f}", Look(stroke=RULE, width=0.4)))
    about = "; ".join(f"{label(stage, language)}: {counts[-1][stage]}" for stage in present)
    return finished("status", heading, items, language, width=width_mm, height=base + SIZE * 2, about=about)


def _days(activities: tuple[ActivitySnapshot, ...], as_of: date) -> list[date]:
    """Return the first days of months, a whole number of months apart, and the last day.

    Half a year after the last change is shown as well, then the last day alone: years of equal columns would leave
    no room for those in which the plan went on.
    """
    changes = [entry.since for one in activities for entry in one.history if entry.since <= as_of]
    first = min(changes, default=as_of)
    until = min(as_of, _month(max(changes, default=as_of), 6))
    months = (until.year - first.year) * 12 + until.month - first.month
    step = next(n for n in (1, 2, 3, 6, 12, 24, 120) if months // n < _MOST_COLUMNS - 1 or n == 120)
    ends = [_month(until, -back) for back in range(0, months, step)]
    return [*sorted(day for day in ends if first <= day < as_of), as_of]


def _month(day: date, by: int) -> date:
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def _count(activities: tuple[ActivitySnapshot, ...], day: date, *, last: bool) -> Counter[ActivityStage]:
    found: Counter[ActivityStage] = Counter()
    for one in activities:
        entries = [entry for entry in one.history if entry.since <= day]
        if entries:
            found[max(entries, key=lambda entry: entry.since).stage] += 1
        elif last and not one.history:
            found[one.status] += 1
    return found
