"""Votes by group: for every problem, how many notes each group of residents wrote on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, ProblemSnapshot
from maps.charts.series import FAINT, GROUPS, INK, SIZE, Series, bar, empty_chart, finished, key, numeral, title
from maps.style import Role
from maps.vector import Box, Words, line_width, wrap

__all__ = ["votes_by_group_chart"]

_UNTOLD = Series(Role.STONE, fill=0.06)
_THICK = 6.4


def votes_by_group_chart(
    cycle: CycleSnapshot,
    problems: Sequence[ProblemSnapshot],
    language: Language,
    *,
    width_mm: float = 170.0,
    most: int = 12,
) -> str:
    """Draw the votes of problems as bars, parted by the groups that gave them.

    Parameters
    ----------
    cycle
        Tells which group met at which event.
    problems
        Such as `cycle.problems`; the most votes come first, at most `most` of them.
    language
        Of the words.
    width_mm
        Width of the chart in millimetres; its height follows.

    Returns
    -------
    str
        SVG sized in millimetres. Votes that no group is told of have a part of their own, so that every bar is as long
        as the votes of its problem.
    """
    heading = text("chart.votes", language)
    shown = sorted((one for one in problems if one.votes > 0), key=lambda one: -one.votes)
    if not shown:
        return empty_chart(heading, text("chart.votes_empty", language), width_mm, language)
    left_out, shown = len(shown) - most, shown[:most]
    groups = {one.id: one.group.label(language) for one in cycle.events}
    parts = [_parts(one, groups) for one in shown]
    named = sorted({name for part in parts for name in part if name}, key=list(groups.values()).index)
    series = {name: GROUPS[at] for at, name in enumerate(named[: len(GROUPS)])}
    items, y = title(heading, width_mm)
    entries = [*series.items()]
    if any(name not in series for part in parts for name in part):
        entries.append((text("chart.votes_untold", language), _UNTOLD))
    drawn, y = key(entries, y, width_mm)
    items += drawn
    words_wide = min(width_mm * 0.4, 72.0)
    number_wide = line_width("0000", SIZE, bold=True) + 2
    unit = (width_mm - words_wide - 3 - number_wide) / max(one.votes for one in shown)
    for problem, part in zip(shown, parts, strict=True):
        lines = wrap(problem.title, SIZE, words_wide, lines=3)
        height = max(_THICK, SIZE * 1.25 * len(lines)) + 2.4
        middle = y + height / 2
        top = middle - SIZE * 1.25 * len(lines) / 2
        items += [
            Words(0, top + SIZE * (1.25 * at + 0.95), line, SIZE, bold=problem.is_priority, colour=INK, role="problem")
            for at, line in enumerate(lines)
        ]
        x = words_wide + 3
        for name, votes in _merged(part, series, text("chart.votes_untold", language)).items():
            box = Box(x, middle - _THICK / 2, votes * unit, _THICK)
            items.append(bar(box, series.get(name, _UNTOLD), f"{problem.title}. {name}: {votes}"))
            items += numeral(str(votes), box)
            x = box.right
        items.append(Words(x + 2, middle + SIZE * 0.36, str(problem.votes), SIZE, bold=True, colour=INK, role="total"))
        y += height
    if left_out > 0:
        note = text("chart.left_out", language, count=left_out)
        items.append(Words(0, y + SIZE, note, SIZE, colour=FAINT, role="note"))
        y += SIZE * 1.5
    about = "; ".join(f"{one.title}: {one.votes}" for one in shown)
    return finished("votes", heading, items, language, width=width_mm, height=y + 1, about=about)


def _parts(problem: ProblemSnapshot, groups: dict[UUID, str]) -> Counter[str]:
    """Return votes by group; the rest, and those of events not told of, by an empty name."""
    found: Counter[str] = Counter()
    for statement in problem.statements:
        found[groups.get(statement.event_id, "")] += statement.votes
    found[""] += problem.votes - sum(found.values())
    return Counter({name: votes for name, votes in found.items() if votes > 0})


def _merged(part: Counter[str], series: dict[str, Series], untold: str) -> dict[str, int]:
    merged = {name: part[name] for name in series if part[name]}
    rest = sum(votes for name, votes in part.items() if name not in series)
    return merged | ({untold: rest} if rest else {})
