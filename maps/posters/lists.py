"""The two lists: priorities with their votes, and the plan with its state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from geo.i18n import text
from maps.posters.contents import PosterActivity, PosterContents, PosterProblem
from maps.posters.drawn import draw_badge, draw_stage
from maps.posters.sizes import TypeSizes
from maps.print.canvas import FAINT, INK, Canvas, line_mm, words_width
from maps.print.furniture import in_digits
from maps.style import PALETTE, STAGE_STYLES, Role
from maps.vector import Anchor, Box, Look

__all__ = ["Filled", "draw_plan", "draw_priorities", "natural_height"]

_Row = TypeVar("_Row")
_PAPER = "#FFFFFF"
_FELT = PALETTE[Role.FELT].light
_ENDLESS = 1e6
_MOST_STRETCH = 1.5
"""Gaps between rows may grow by so many times themselves."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a list came."""

    shown: int
    bottom: float


def natural_height(draw: Callable[[Canvas, Box], Filled], width: float) -> float:
    """Return how high a list is where it has all the room it wants."""
    return draw(Canvas(), Box(0.0, 0.0, width, _ENDLESS)).bottom


def draw_priorities(canvas: Canvas, place: Box, contents: PosterContents, sizes: TypeSizes) -> Filled:
    """Draw the priorities, as many as there is room for."""
    language, unit = contents.language, sizes.unit
    top = _heading(canvas, place, text("posters.priorities", language), sizes)
    if not contents.problems:
        bottom = canvas.block(
            place.x, top, place.width, text("posters.no_problems", language), sizes.body, colour=FAINT, most=4
        )
        if contents.unpublished:
            at = bottom + 1.0 * unit
            bottom = canvas.block(place.x, at, place.width, contents.unpublished, sizes.detail, colour=INK, most=2)
        return Filled(0, bottom)

    most = max(one.votes for one in contents.problems)
    gutter = _gutter([one.mark for one in contents.problems], sizes, is_problem=True)

    def row(onto: Canvas, at: float, one: PosterProblem) -> float:
        place_of_row = Box(place.x, at, place.width, 0.0)
        return _priority(onto, place_of_row, one, contents, sizes, most=most, gutter=gutter)

    def rest(left: int) -> list[str]:
        beyond = left + contents.problems_beyond
        said = [text("posters.more_problems", language, count=beyond)] if beyond else []
        return [*said, *filter(None, (contents.voters, contents.unpublished))]

    return _fill(canvas, place, contents.problems, row, top=top, rest=rest, sizes=sizes, gap=5.0 * unit)


def draw_plan(canvas: Canvas, place: Box, contents: PosterContents, sizes: TypeSizes) -> Filled:
    """Draw the lines of the plan, as many as there is room for."""
    language, unit = contents.language, sizes.unit
    heading = contents.plan_title or text("posters.plan_heading", language)
    top = _heading(canvas, place, heading, sizes)
    if not contents.activities:
        key = "posters.empty_plan" if contents.has_plan else "posters.no_plan"
        bottom = canvas.block(place.x, top, place.width, text(key, language), sizes.body, colour=FAINT, most=4)
        return Filled(0, bottom)

    def row(onto: Canvas, at: float, one: PosterActivity) -> float:
        return _activity(onto, Box(place.x, at, place.width, 0.0), one, sizes)

    def rest(left: int) -> list[str]:
        said = [text("posters.more_activities", language, count=left)] if left else []
        return [*said, contents.plan_note] if contents.plan_note else said

    return _fill(canvas, place, contents.activities, row, top=top, rest=rest, sizes=sizes, gap=4.0 * unit)


def _heading(canvas: Canvas, place: Box, words: str, sizes: TypeSizes) -> float:
    bottom = canvas.block(place.x, place.y, place.width, words, sizes.heading, bold=True, most=2)
    canvas.rule(place.x, bottom + 0.5 * sizes.unit, place.right, bottom + 0.5 * sizes.unit, width=0.6 * sizes.unit)
    return bottom + 4.5 * sizes.unit


def _fill(
    canvas: Canvas,
    place: Box,
    rows: Sequence[_Row],
    draw: Callable[[Canvas, float, _Row], float],
    *,
    top: float,
    rest: Callable[[int], list[str]],
    sizes: TypeSizes,
    gap: float,
) -> Filled:
    """Draw rows until the room for them, and for what is to be said of the others, is used up."""
    shown, first, bottom = 0, top, top
    for number, one in enumerate(rows):
        bottom = draw(Canvas(), top, one)
        if bottom + gap + _notes_height(rest(len(rows) - number - 1), place.width, sizes) > place.bottom:
            break
        top, shown = bottom + gap, number + 1
    if shown and place.height < _ENDLESS:
        # What room is left goes between the rows, so that the list does not huddle at the top.
        left = place.bottom - top - _notes_height(rest(len(rows) - shown), place.width, sizes)
        gap += max(0.0, min(left / shown, _MOST_STRETCH * gap))
    top = first
    for one in rows[:shown]:
        top = draw(canvas, top, one) + gap
    for words in rest(len(rows) - shown):
        top = canvas.block(place.x, top, place.width, words, sizes.detail, colour=FAINT, most=2) + 1.0 * sizes.unit
    return Filled(shown, top)


def _notes_height(notes: Sequence[str], width: float, sizes: TypeSizes) -> float:
    trial = Canvas()
    return sum(trial.block(0.0, 0.0, width, words, sizes.detail, most=2) + 1.0 * sizes.unit for words in notes)


def _priority(
    canvas: Canvas,
    place: Box,
    one: PosterProblem,
    contents: PosterContents,
    sizes: TypeSizes,
    *,
    most: int,
    gutter: float,
) -> float:
    x, top, width = place.x, place.y, place.width
    language, unit = contents.language, sizes.unit
    side = _badge_side(one.mark, sizes, is_problem=True)
    left = x + gutter + 3.0 * unit
    draw_badge(
        canvas,
        Box(left - 3.0 * unit - side, top + line_mm(_problem_size(sizes)) / 2 - side / 2, side, side),
        words=one.mark,
        colour=_FELT,
        size=sizes.detail,
        is_problem=True,
        unit=unit,
    )
    votes = in_digits(one.votes, language)
    under_number = words_width(text("posters.votes", language, count=one.votes), sizes.detail)
    number = max(words_width(votes, sizes.heading, bold=True), under_number)
    room = width - (left - x) - number - 5.0 * unit
    raised = (line_mm(sizes.heading) - line_mm(_problem_size(sizes))) / 2
    canvas.line(x + width, top - raised, votes, sizes.heading, bold=True, colour=_FELT, anchor=Anchor.END, role="votes")
    below = canvas.block(left, top, room, one.title, _problem_size(sizes), bold=True, most=3, role="problem")
    long = max(1.5 * unit, room * one.votes / most) if most else 0.0
    if long:
        canvas.box(Box(left, below + 0.8 * unit, long, 2.4 * unit), Look(fill=_FELT), role="votes bar")
        below += 4.2 * unit
    canvas.line(
        x + width, top + line_mm(sizes.heading) - raised - 1.2 * unit, text("posters.votes", language, count=one.votes),
        sizes.detail, colour=FAINT, anchor=Anchor.END,
    )  # fmt: skip
    said = [text("posters.tied", language)] if one.is_tied else []
    if one.answers:
        numbers = ", ".join(in_digits(number, language) for number in one.answers)
        said.append(text("posters.in_plan", language, numbers=numbers))
    elif contents.has_plan:
        said.append(text("posters.not_in_plan", language))
    under = canvas.block(left, below, width - (left - x), " · ".join(said), sizes.detail, colour=INK, most=2)
    return max(under, top + line_mm(sizes.heading) - raised + line_mm(sizes.detail) - 1.2 * unit)


def _activity(canvas: Canvas, place: Box, one: PosterActivity, sizes: TypeSizes) -> float:
    x, top, width = place.x, place.y, place.width
    unit = sizes.unit
    colour = STAGE_STYLES[one.stage].tone
    number = str(one.number)
    side = _badge_side(number, sizes, is_problem=False)
    middle = top + line_mm(sizes.body) / 2
    draw_badge(
        canvas,
        Box(x, middle - side / 2, side, side),
        words=number,
        colour=colour.light,
        size=sizes.detail,
        is_problem=False,
        unit=unit,
    )
    left = x + _badge_side("00", sizes, is_problem=False) + 3.0 * unit
    room = x + width - left
    marks = [_badge_side(mark, sizes, is_problem=True) * 0.8 for mark in one.marks[:3]]
    right = x + width
    for mark, small in zip(one.marks[:3], marks, strict=True):
        right -= small
        draw_badge(
            canvas, Box(right, top + line_mm(sizes.body) / 2 - small / 2, small, small), words=mark, colour=_FELT,
            size=sizes.detail * 0.8, is_problem=True, unit=unit,
        )  # fmt: skip
        right -= 1.0 * unit
    top = canvas.block(left, top, right - left - 1.0 * unit, one.title, sizes.body, bold=True, most=2, role="activity")
    sign = 9.0 * unit
    draw_stage(canvas, one.stage, Box(left, top + (line_mm(sizes.body) - sign) / 2, sign, sign), unit)
    words_x = left + sign + 2.0 * unit
    canvas.line(words_x, top, one.stage_words, sizes.body, bold=True, colour=colour.light_text, role="stage")
    used = words_x + words_width(one.stage_words, sizes.body, bold=True) + 5.0 * unit
    beside = x + width - used >= words_width(one.deadline, sizes.detail)
    if one.deadline and beside:
        drop = line_mm(sizes.body) - line_mm(sizes.detail)
        canvas.line(used, top + 0.75 * drop, one.deadline, sizes.detail)
    top += line_mm(sizes.body) + 0.6 * unit
    if one.deadline and not beside:
        top = canvas.block(left, top, room, one.deadline, sizes.detail, most=1)
    top = canvas.block(left, top, room, one.money, sizes.detail, most=3, role="money")
    last = " · ".join(filter(None, (one.responsible, one.visited)))
    if words_width(last, sizes.detail) <= room:
        return canvas.block(left, top, room, last, sizes.detail, colour=FAINT, most=1)
    top = canvas.block(left, top, room, one.responsible, sizes.detail, colour=FAINT, most=2)
    return canvas.block(left, top, room, one.visited, sizes.detail, colour=FAINT, most=1)


def _problem_size(sizes: TypeSizes) -> float:
    """Return the type of the priorities: larger than the plan, they are what people came for."""
    return 1.2 * sizes.body


def _badge_side(mark: str, sizes: TypeSizes, *, is_problem: bool) -> float:
    unit = sizes.unit
    wide = words_width(mark, sizes.detail, bold=True)
    return max(wide + 8.0 * unit, 14.0 * unit) if is_problem else max(wide + 4.2 * unit, 10.5 * unit)


def _gutter(marks: Sequence[str], sizes: TypeSizes, *, is_problem: bool) -> float:
    return max(_badge_side(mark, sizes, is_problem=is_problem) for mark in marks)
