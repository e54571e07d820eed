"""What the plan page shows of a plan: which rows, bars of money, places on the map, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry import mapping

from geo.domain.events import SessionGroup
from geo.domain.labels import label
from geo.domain.plan.money import money_in_words
from geo.domain.plan.progress import NEXT_STAGES
from geo.domain.plan.totals import Sums, add_up
from geo.domain.plan_codes import ActivityStage, ContributionSource, Coverage, Purpose, Viability
from geo.i18n import Language, text
from geo.services.plan_board import ActivityRow, PlanBoard
from geo.services.plan_votes import Group
from geo.snapshots import GoalSnapshot, TaskSnapshot
from maps.documents.numbering import plan_numbers
from maps.words import span_in_words

__all__ = [
    "Bar",
    "GoalLine",
    "PlanView",
    "RowLine",
    "TaskLine",
    "Wanted",
    "group_code",
    "group_in_words",
    "places_of",
    "view_of",
]

_SOURCES = tuple(ContributionSource)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities are looked for; what is None or empty narrows nothing."""

    village: UUID | None = None
    purpose: Purpose | None = None
    source: ContributionSource | None = None
    status: ActivityStage | None = None
    group: str = ""
    only: str = ""
    """``unasked``, ``short``, ``late`` or ``unplaced``."""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Wanted()

    def fits(self, row: ActivityRow) -> bool:
        """Return whether an activity is looked for."""
        shown = row.shown
        return (
            (self.village is None or shown.settlement_id in (None, self.village))
            and (self.purpose is None or shown.purpose is self.purpose)
            and (self.source is None or any(one.source is self.source for one in shown.contributions))
            and (self.status is None or shown.status is self.status)
            and (not self.group or any(self._is_of(one) for one in row.groups))
            and (not self.only or self._only(row))
        )

    def _is_of(self, group: Group) -> bool:
        return group_code(group) == self.group or f"sex:{group.sex}" == self.group

    def _only(self, row: ActivityRow) -> bool:
        gap = row.shown.gap
        return {
            "unasked": row.votes == 0,
            "short": _asks(row) and gap is not None and (gap.gap_som or 0) > 0,
            "late": row.late is not None,
            "unplaced": row.shown.geometry is None
            and row.shown.coverage not in (Coverage.SETTLEMENT, Coverage.MUNICIPALITY),
        }.get(self.only, True)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in hundredths of its width."""

    source: ContributionSource
    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Money by source against what is needed.

    Attributes
    ----------
    lacks
        Where the part that is missing begins and how wide it is.
    words
        What is missing or over, as a sentence; empty where the need is met or not known.
    """

    pieces: tuple[Piece, ...]
    lacks: tuple[float, float] | None
    total: str
    words: str
    is_short: bool
    is_not_viable: bool


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of the table."""

    number: str
    row: ActivityRow
    place: str
    when: str
    who: str
    bar: Bar
    next_stages: tuple[ActivityStage, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with those of its activities that are looked for."""

    number: str
    task: TaskSnapshot
    version: int
    rows: tuple[RowLine, ...]


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with its tasks."""

    number: int
    goal: GoalSnapshot
    version: int
    tasks: tuple[TaskLine, ...]
    bar: Bar
    votes: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan as it is looked at."""

    goals: tuple[GoalLine, ...]
    others: tuple[RowLine, ...]
    shown: int
    bar: Bar

    @property
    def rows(self) -> tuple[RowLine, ...]:
        """All lines, in the order of the table."""
        return (*(row for goal in self.goals for task in goal.tasks for row in task.rows), *self.others)


def group_code(group: Group) -> str:
    """Return a group as it stands in an address."""
    ages = f"{'' if group.age_from is None else group.age_from}-{'' if group.age_to is None else group.age_to}"
    return ":".join((ages, group.sex.value, group.other))


def group_in_words(group: Group, language: Language) -> str:
    """Return who was invited."""
    return SessionGroup(group.age_from, group.age_to, group.sex, group.other).label(language)


def view_of(board: PlanBoard, wanted: Wanted, language: Language) -> PlanView:
    """Return the rows of a plan that are looked for, in words."""
    assert board.plan is not None and board.rows is not None and board.versions is not None
    numbers = plan_numbers(board.plan)
    villages = {one.id: one.names.best(language) for one in board.municipality.settlements}
    lines = {key: _line(row, numbers[key], villages, language) for key, row in board.rows.items() if wanted.fits(row)}
    versions = board.versions
    goals = tuple(
        _goal(number, goal, lines, versions, board, language, keep_empty=not wanted.is_narrow)
        for number, goal in enumerate(board.plan.goals, start=1)
    )
    others = tuple(lines[one.id] for one in board.plan.other_activities if one.id in lines)
    return PlanView(
        goals=tuple(one for one in goals if one.tasks or not wanted.is_narrow),
        others=others,
        shown=len(lines),
        bar=_bar_of([one.row for one in lines.values()], language),
    )


def _goal(  # noqa: PLR0917
    number: int,
    goal: GoalSnapshot,
    lines: Mapping[UUID, RowLine],
    versions: Mapping[UUID, int],
    board: PlanBoard,
    language: Language,
    *,
    keep_empty: bool,
) -> GoalLine:
    tasks = tuple(
        TaskLine(f"{number}.{at}", task, versions.get(task.id, 0), rows)
        for at, task in enumerate(goal.tasks, start=1)
        if (rows := tuple(lines[one.id] for one in task.activities if one.id in lines)) or keep_empty
    )
    votes = next((one.votes for one in board.problems if one.id == goal.problem_id), 0)
    bar = _bar_of([row.row for task in tasks for row in task.rows], language)
    return GoalLine(number, goal, versions.get(goal.id, 0), tasks, bar, votes)


def _line(row: ActivityRow, number: str, villages: Mapping[UUID, str], language: Language) -> RowLine:
    shown = row.shown
    who = [label(shown.responsible, language)] if shown.responsible else []
    if shown.responsible_note:
        who.append(shown.responsible_note)
    village = villages.get(shown.settlement_id, "") if shown.settlement_id else ""
    whole = shown.coverage in (Coverage.SETTLEMENT, Coverage.MUNICIPALITY)
    return RowLine(
        number=number,
        row=row,
        place=", ".join(filter(None, (village, label(shown.coverage, language) if whole else ""))),
        when=span_in_words(shown.deadline_from, shown.deadline_to, language, shown.deadline_precision),
        who="; ".join(who),
        bar=_bar_of([row], language),
        next_stages=tuple(one for one in ActivityStage if one in NEXT_STAGES[shown.status]),
    )


def _bar_of(rows: Sequence[ActivityRow], language: Language) -> Bar:
    """Draw the money of activities; need and gap of those that go on and whose need is known."""
    sums = {source: add_up(row.shown.money(source) for row in rows) for source in _SOURCES}
    given = {source: one for source, one in sums.items() if one.total or one.untold}
    total = add_up(given.values())
    asked = [row.shown.gap for row in rows if row.shown.gap and _asks(row)]
    gaps = [one for one in asked if one.gap_som is not None]
    gap = sum(one.gap_som or 0 for one in gaps)
    width = max(total.total + max(gap, 0), 1)
    pieces: list[Piece] = []
    at = 0.0
    for source, one in given.items():
        part = 100 * one.total / width
        pieces.append(
            Piece(source, round(at, 2), round(part, 2), f"{label(source, language)}: {_money(one, language)}")
        )
        at += part
    return Bar(
        pieces=tuple(pieces),
        lacks=(round(at, 2), round(100 - at, 2)) if gap > 0 else None,
        total=_money(total, language) if total.total or total.untold else "",
        words=_gap_in_words(gap, language) if gaps else "",
        is_short=gap > 0,
        is_not_viable=any(one.viability is Viability.NOT_VIABLE for one in asked),
    )


def _asks(row: ActivityRow) -> bool:
    """Return whether an activity still asks for money: what was stopped does not."""
    return row.shown.status is not ActivityStage.STOPPED


def _gap_in_words(gap: int, language: Language) -> str:
    if gap > 0:
        return text("plan_page.lacks", language, money=money_in_words(gap, language))
    return text("plan_page.over", language, money=money_in_words(-gap, language)) if gap < 0 else ""


def _money(sums: Sums, language: Language) -> str:
    if not sums.total and sums.untold:
        return text("plan_page.sum_untold", language)
    return money_in_words(sums.total, language, at_least=sums.at_least)


def places_of(board: PlanBoard, lines: Iterable[RowLine], language: Language) -> dict[str, Any]:
    """Return what the map shows: activities by their shape or village, problems by their votes, villages."""
    unanswered = {one.problem_id for one in board.unanswered}
    return {
        "activities": [
            {
                "id": str(one.row.shown.id),
                "number": one.number,
                "title": one.row.shown.title,
                "status": one.row.shown.status.value,
                "coverage": one.row.shown.coverage.value,
                "village": str(one.row.shown.settlement_id) if one.row.shown.settlement_id else None,
                "version": one.row.version,
                "drawn": one.row.is_drawn,
                "geometry": mapping(one.row.shown.geometry) if one.row.shown.geometry is not None else None,
            }
            for one in lines
        ],
        "problems": [
            {
                "id": str(one.id),
                "title": one.title,
                "votes": one.votes,
                "unanswered": one.id in unanswered,
                "lonlat": _middle(one.geometry),
            }
            for one in board.problems
            if one.geometry is not None and (one.is_priority or one.id in unanswered)
        ],
        "villages": [
            {
                "id": str(one.id),
                "name": one.names.best(language),
                "lonlat": [one.point.x, one.point.y],
            }
            for one in board.municipality.settlements
        ],
    }


def _middle(geometry: Any) -> list[float]:
    point = geometry.representative_point()
    return [round(point.x, 6), round(point.y, 6)]
