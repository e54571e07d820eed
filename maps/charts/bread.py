"""The bread: what people think the budget is spent on and what it is, as two loaves (DOMAIN.md section 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from babel.numbers import format_decimal

from geo.domain.bread import differences_percent
from geo.i18n import Language, text
from geo.snapshots import BreadSnapshot
from maps.charts.series import CARD, FAINT, INK, RULE, SIZE, Series, bar, empty_chart, finished, title
from maps.style import Hatch, Role
from maps.vector import Anchor, Box, Disc, Look, Outline, Words, line_width, wrap
from maps.vector.drawing import Item

__all__ = ["bread_chart"]

_HATCHES = ((Hatch.NONE, 0.5), (Hatch.DIAGONAL, 0.2), (Hatch.DOTS, 0.2), (Hatch.CROSSED, 0.2))
_ROLES = (Role.APRICOT, Role.LAKE, Role.PASTURE, Role.VIOLET, Role.FELT)
_SLICES = tuple(
    # Five colours and four hatches: neighbours differ in both, and twenty slices are all different.
    Series(_ROLES[at % len(_ROLES)], *_HATCHES[at % len(_HATCHES)])
    for at in range(len(_ROLES) * len(_HATCHES))
)
_CRUST = "#8F5208"
_NARROWEST = 4.0
"""Percent; a narrower slice has no number on it, only in the table."""


def bread_chart(bread: BreadSnapshot, language: Language, *, width_mm: float = 170.0) -> str:
    """Draw the two loaves side by side, with a table that names every slice, both shares and the difference.

    Parameters
    ----------
    bread
        The slices; a share known in som alone is reckoned where the som of every slice is known.
    language
        Of the words.
    width_mm
        Width of the chart in millimetres; its height follows.

    Returns
    -------
    str
        SVG sized in millimetres; where the true figures are not known, the second loaf says so.
    """
    heading = text("chart.bread", language)
    if not bread.lines:
        return empty_chart(heading, text("chart.bread_empty", language), width_mm, language)
    names = [_name(bread, at, language) for at in range(len(bread.lines))]
    seen = _shares([(one.perceived_percent, one.perceived_som) for one in bread.lines])
    true = _shares([(one.actual_percent, one.actual_som) for one in bread.lines])
    items, y = title(heading, width_mm)
    radius = min(width_mm / 4 - 6, 36.0)
    for at, (shares, key) in enumerate(((seen, "chart.bread_seen"), (true, "chart.bread_true"))):
        x = width_mm * (0.25 + 0.5 * at)
        lines = wrap(text(key, language), SIZE * 1.05, width_mm / 2 - 6, bold=True, lines=2)
        items += [
            Words(x, y + SIZE * (1.3 * row + 1), line, SIZE * 1.05, bold=True, anchor=Anchor.MIDDLE, colour=INK)
            for row, line in enumerate(lines)
        ]
        items += _loaf((x, y + 2.9 * SIZE + radius + 2), radius, shares, names, language)
    y += 2.9 * SIZE + 2 * radius + 7
    drawn, y = _table(bread, names, (seen, true), language, y=y, width=width_mm)
    items += drawn
    differ = any(one is not None for one in differences_percent(bread.lines, incomplete=bread.incomplete))
    for key, said in (("chart.points_note", differ), ("chart.bread_incomplete", bread.incomplete)):
        if said:
            items.append(Words(0, y + SIZE, text(key, language), SIZE, colour=FAINT, role="note"))
            y += SIZE * 1.5
    about = "; ".join(
        f"{name}: {_percent(one, language)} / {_percent(other, language)}"
        for name, one, other in zip(names, seen, true, strict=True)
    )
    return finished("bread", heading, items, language, width=width_mm, height=y + 1, about=about)


def _name(bread: BreadSnapshot, at: int, language: Language) -> str:
    named = bread.names[at].best(language) if at < len(bread.names) else ""
    return named or bread.lines[at].name


def _shares(told: Sequence[tuple[float | None, int | None]]) -> list[float | None]:
    money = [som for _, som in told if som is not None]
    whole = sum(money) if len(money) == len(told) else 0
    return [
        percent if percent is not None else (100 * som / whole if whole and som is not None else None)
        for percent, som in told
    ]


def _percent(share: float | None, language: Language) -> str:
    if share is None:
        return "–"
    return format_decimal(share, "0.#", locale=language.value) + "\u00a0%"


def _points(difference: float, language: Language) -> str:
    # Two shares differ by points; a per cent of a share would be something else.
    return text("chart.points", language, number=format_decimal(difference, "0.#", locale=language.value))


def _loaf(
    middle: tuple[float, float],
    radius: float,
    shares: Sequence[float | None],
    names: Sequence[str],
    language: Language,
) -> list[Item]:
    x, y = middle
    items: list[Item] = [Disc(x, y, radius + 1.6, Look(fill=CARD, stroke=_CRUST, width=1.4), role="loaf")]
    if not any(shares):
        lines = wrap(text("chart.bread_untold", language), SIZE, radius * 1.5)
        top = y - SIZE * 1.3 * len(lines) / 2
        return items + [
            Words(x, top + SIZE * (1.3 * at + 1), line, SIZE, anchor=Anchor.MIDDLE, colour=FAINT, role="empty")
            for at, line in enumerate(lines)
        ]
    turn = 0.0
    # Shares may sum to a little over a hundred for rounding: the loaf is whole all the same.
    whole = max(100.0, sum(share or 0.0 for share in shares))
    for at, share in enumerate(shares):
        if not share:
            continue
        after = turn + share / whole
        about = f"{names[at]}: {_percent(share, language)}"
        items.append(Outline(_slice(x, y, radius, turn, after), _SLICES[at % len(_SLICES)].look(), "slice", about))
        if share >= _NARROWEST:
            angle = math.pi * (turn + after)
            away = radius * (0.66 if share < 60 else 0.35)
            words, size = format_decimal(share, "0.#", locale=language.value), SIZE
            u, v = x + away * math.sin(angle), y - away * math.cos(angle)
            half = line_width(words, size, bold=True) / 2 + 0.7
            items.append(Disc(u, v, max(half, size * 0.7), Look(fill=CARD, opacity=0.88)))
            items.append(
                Words(u, v + size * 0.36, words, size, bold=True, anchor=Anchor.MIDDLE, colour=INK, role="share")
            )
        turn = after
    return items


def _slice(x: float, y: float, radius: float, begin: float, end: float) -> str:
    if end - begin > 0.9999:
        return f"M{x} {y - radius:.3f}a{radius} {radius} 0 1 1 -.01 0z"
    (u, v), (s, t) = (
        (x + radius * math.sin(2 * math.pi * one), y - radius * math.cos(2 * math.pi * one)) for one in (begin, end)
    )
    large = int(end - begin > 0.5)
    return f"M{x:.3f} {y:.3f}L{u:.3f} {v:.3f}A{radius:.3f} {radius:.3f} 0 {large} 1 {s:.3f} {t:.3f}z"


def _table(
    bread: BreadSnapshot,
    names: Sequence[str],
    told: tuple[Sequence[float | None], Sequence[float | None]],
    language: Language,
    *,
    y: float,
    width: float,
) -> tuple[list[Item], float]:
    """Return a line for each slice: its sample, its name, both shares and the difference."""
    heads = [text(key, language) for key in ("chart.bread_seen_short", "chart.bread_true_short", "chart.difference")]
    column = max(22.0, *(line_width(one, SIZE * 0.9) + 4 for one in heads))
    ends = [width - 2 * column, width - column, width]
    items: list[Item] = [
        Words(end, y + SIZE, words, SIZE * 0.9, anchor=Anchor.END, colour=FAINT, role="head")
        for words, end in zip(heads, ends, strict=True)
    ]
    y += SIZE * 1.6
    differences = differences_percent(bread.lines, incomplete=bread.incomplete)
    for at, name in enumerate(names):
        lines = wrap(name, SIZE, ends[0] - column - 11, lines=2)
        height = SIZE * 1.3 * len(lines) + 1.6
        items.append(Outline(f"M0 {y:.3f}H{width:.3f}", Look(stroke=RULE, width=0.25)))
        items.append(bar(Box(0, y + 0.9, 7, SIZE * 1.1), _SLICES[at % len(_SLICES)], "", role="sample"))
        items += [
            Words(9.5, y + 0.8 + SIZE * (1.3 * row + 0.95), line, SIZE, colour=INK, role="slice-name")
            for row, line in enumerate(lines)
        ]
        difference = differences[at]
        sign = "" if difference is None else ("+" if difference > 0 else "−" if difference < 0 else "")
        cells = (
            _percent(told[0][at], language),
            _percent(told[1][at], language),
            "–" if difference is None else sign + _points(abs(difference), language),
        )
        items += [
            Words(
                end, y + 0.8 + SIZE * 0.95, words, SIZE, bold=end == width, anchor=Anchor.END, colour=INK, role="cell"
            )
            for words, end in zip(cells, ends, strict=True)
        ]
        y += height
    return items, y
