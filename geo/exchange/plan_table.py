"""The table of a plan in a workbook: which column says what, which rows are goals, tasks and activities.

Ours is read back, and so is one that people made by hand with the columns of DOMAIN.md section 8, in Kyrgyz, Russian or
English: columns are known by the words of their headings, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import BinaryIO, Final
from uuid import UUID

from geo.domain.forms import KEY_HEADING
from geo.domain.names import fold
from geo.domain.plan_codes import ContributionSource
from geo.errors import Refused
from geo.exchange.plan_workbook import GridCell, GridRow, read_sheets

__all__ = ["Part", "PlanColumn", "PlanTable", "TableRow", "read_plan_table"]

_HEADINGS_WITHIN: Final = 40


class PlanColumn(StrEnum):
    """What a column says."""

    NUMBER = "number"
    PROBLEM = "problem"
    GOAL = "goal"
    TASK = "task"
    ACTIVITY = "activity"
    RESULT = "result"
    INDICATORS = "indicators"
    DEADLINE = "deadline"
    RESPONSIBLE = "responsible"
    DIRECT = "direct"
    INDIRECT = "indirect"
    PLACE = "place"
    PURPOSE = "purpose"
    NEED = "need"
    NOTE = "note"
    TOTAL = "total"
    KEY = "key"


def _stems(*words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)


# Asked in this order: "кыйыр пайда алуучулар" is indirect before it is people.
_SOURCES: Mapping[ContributionSource, tuple[str, ...]] = MappingProxyType(
    {
        ContributionSource.LOCAL_BUDGET: _stems("жерг бюджет", "жергиликтүү бюджет", "местный бюджет", "local budget"),
        ContributionSource.COMMUNITY: _stems("жамаат", "сообщ", "жител", "community", "калк", "население"),
        ContributionSource.SPONSOR: _stems("демөөрчү", "спонсор", "sponsor"),
        ContributionSource.INVESTOR: _stems("инвестор", "донор", "investor", "donor"),
        ContributionSource.STATE: _stems("мамлекет", "государ", "state", "респ бюджет", "республик"),
        ContributionSource.SEVERAL: _stems("бир нече", "нескольк", "several"),
    }
)
_COLUMNS: Mapping[PlanColumn, tuple[str, ...]] = MappingProxyType(
    {
        PlanColumn.INDIRECT: _stems("кыйыр", "косв", "indirect"),
        PlanColumn.DIRECT: _stems("түз пайда", "түздөн", "прям", "direct", "пайда алуу", "бенефициар", "получател"),
        PlanColumn.NEED: _stems("канча керек", "керектүү", "потребн", "needed", "need"),
        PlanColumn.DEADLINE: _stems("мөөнөт", "срок", "deadline", "качан", "когда", "when"),
        PlanColumn.RESPONSIBLE: _stems("жооптуу", "ответств", "responsib", "аткаруучу", "исполнит"),
        PlanColumn.RESULT: _stems("натыйжа", "результат", "result"),
        PlanColumn.INDICATORS: _stems("көрсөткүч", "индикатор", "показател", "indicator"),
        PlanColumn.ACTIVITY: _stems("иш чара", "мероприят", "activit", "иш аракет"),
        PlanColumn.TASK: _stems("милдет", "задач", "task"),
        PlanColumn.GOAL: _stems("максат", "цель", "goal"),
        PlanColumn.PROBLEM: _stems("көйгөй", "проблем", "problem"),
        PlanColumn.PURPOSE: _stems("маселе", "тармак", "сфера", "вопрос", "matter", "sector"),
        PlanColumn.PLACE: _stems("айыл", "село", "village", "орду", "жери", "место", "place"),
        PlanColumn.NOTE: _stems("эскертүү", "примечан", "note"),
        PlanColumn.TOTAL: _stems("бардыгы", "баары", "жалпы", "итого", "всего", "total"),
    }
)
_EXACT: Mapping[str, PlanColumn] = MappingProxyType(
    {
        **dict.fromkeys(_stems("түз", "прямые", "direct"), PlanColumn.DIRECT),
        **dict.fromkeys((*_stems("no", "nr", "n", "п п", "№ п п", "номер"), "no"), PlanColumn.NUMBER),
    }
)
_PEOPLE = _stems("beneficiar", "выгодо", "пайда алуучулар")
_UNITS = ((1_000_000, _stems("млн", "million")), (1_000, _stems("миң сом", "миң", "тыс", "thousand")))
_TOTALS = _stems("бардыгы", "баары", "жалпы", "жыйынтыгы", "итого", "всего", "total")
_BEFORE: Final = r"^(?:[\d.]+\s*[-–.)]*\s*)?"
_NUMBERED: Final = r"\w*\s*(?:№\s*)?[\d.]*\s*"
_REST: Final = r"\s*(?P<rest>.+)$"
_MARKS = tuple(
    (part, re.compile(shape, re.IGNORECASE))
    for part, shape in (
        (PlanColumn.TASK, rf"{_BEFORE}(?:милдет|задача|task){_NUMBERED}[.:)–-]*{_REST}"),
        (PlanColumn.PROBLEM, rf"{_BEFORE}(?:көйгөй|проблема|problem){_NUMBERED}[.:)–-]*{_REST}"),
        (PlanColumn.GOAL, rf"^(?:максат|цель|goal){_NUMBERED}[.:)–-]+{_REST}"),
        (PlanColumn.INDICATORS, rf"^(?:көрсөткүч|показател|индикатор|indicator)\w*\s*:{_REST}"),
    )
)
_LEAST_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A goal or task of a table: its words, and the id by which our workbook knows it."""

    text: str
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """An activity of a table, or a row of which nobody can tell what it is.

    Attributes
    ----------
    number
        Of the row in the sheet, counting from 1.
    unclear
        Message key of what is wrong with it, and the cell; empty where it can be read.
    """

    number: int
    title: str
    key: UUID | None = None
    problem: str = ""
    goal: Part | None = None
    task: Part | None = None
    cells: Mapping[PlanColumn, GridCell] = field(default_factory=dict)
    sums: Mapping[ContributionSource, GridCell] = field(default_factory=dict)
    units: Mapping[ContributionSource, int] = field(default_factory=dict)
    """What one of a column's numbers is worth, in som."""
    unclear: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The table of a plan."""

    sheet: str
    columns: frozenset[PlanColumn]
    sources: frozenset[ContributionSource]
    rows: tuple[TableRow, ...]


def read_plan_table(file: BinaryIO) -> PlanTable:
    """Read the table of a plan from a workbook: of the sheet whose headings tell most of one.

    Raises
    ------
    Refused
        No workbook (see `geo.exchange.plan_workbook.read_sheets`), or none of its sheets has the headings of a plan.
    """
    best: tuple[int, str, _Headings, tuple[GridRow, ...]] | None = None
    for name, rows in read_sheets(file):
        headings = _find_headings(rows)
        if headings is not None and (best is None or headings.score > best[0]):
            best = (headings.score, name, headings, rows)
    if best is None:
        raise Refused("workbook.no_headings")
    _, name, headings, rows = best
    read = _Reader(headings).read([row for row in rows if row.number > headings.last_row])
    if not read:
        raise Refused("workbook.no_rows", sheet=name)
    return PlanTable(name, frozenset(headings.columns), frozenset(headings.sources), tuple(read))


@dataclass(frozen=True, slots=True)
class _Headings:
    columns: Mapping[PlanColumn, int]
    sources: Mapping[ContributionSource, int]
    units: Mapping[ContributionSource, int]
    last_row: int

    @property
    def score(self) -> int:
        return len(self.columns) + len(self.sources)


def _find_headings(rows: Sequence[GridRow]) -> _Headings | None:
    found = []
    near = [row for row in rows if row.number <= _HEADINGS_WITHIN]
    for at, row in enumerate(near):
        above = near[at - 1] if at and near[at - 1].number == row.number - 1 else None
        found.append(_headings(above, row))
    usable = [
        one
        for one in found
        if one.score >= _LEAST_COLUMNS and (PlanColumn.ACTIVITY in one.columns or PlanColumn.TASK in one.columns)
    ]
    return max(usable, key=lambda one: one.score, default=None)


def _headings(above: GridRow | None, row: GridRow) -> _Headings:
    """Understand a row of headings; over a row of parts stands a row of what they are parts of."""
    columns: dict[PlanColumn, int] = {}
    sources: dict[ContributionSource, int] = {}
    units: dict[ContributionSource, int] = {}
    group = ""
    width = max(len(row.cells), len(above.cells) if above else 0)
    for at in range(width):
        over = above.cells[at].text if above and at < len(above.cells) else ""
        group = over or group
        own = row.cells[at].text if at < len(row.cells) else ""
        words = own or over
        # A heading is a few words; a row of the table, or a title above it, is none.
        if not words or len(words) > 120:
            continue
        source = _source_of(words)
        if source is not None and source not in sources:
            sources[source] = at
            units[source] = _unit_in(own) or _unit_in(group)
        elif source is None and (column := _column_of(words)) is not None and column not in columns:
            columns[column] = at
    shared = max(units.values(), default=0) or 1
    return _Headings(columns, sources, {one: unit or shared for one, unit in units.items()}, row.number)


def _source_of(words: str) -> ContributionSource | None:
    plain = fold(words)
    return next((one for one, stems in _SOURCES.items() if any(plain.startswith(stem) for stem in stems)), None)


def _column_of(words: str) -> PlanColumn | None:
    plain = fold(words)
    if plain == KEY_HEADING:
        return PlanColumn.KEY
    if "№" in words or plain in _EXACT:
        return _EXACT.get(plain, PlanColumn.NUMBER)
    for column, stems in _COLUMNS.items():
        if any(stem in plain for stem in stems):
            return column
    return PlanColumn.DIRECT if any(stem in plain for stem in _PEOPLE) else None


def _unit_in(words: str) -> int:
    plain = fold(words)
    return next((unit for unit, stems in _UNITS if any(stem in plain for stem in stems)), 0)


class _Reader:
    """Goes down the rows and remembers under which goal and task they stand."""

    def __init__(self, headings: _Headings) -> None:
        self._headings = headings
        self._problem = ""
        self._goal: Part | None = None
        self._task: Part | None = None
        self._rows: list[TableRow] = []
        self._waiting: list[TableRow] = []
        """Rows of one cell: unclear if activities follow, else the notes and signatures below the table."""

    def read(self, rows: Sequence[GridRow]) -> list[TableRow]:
        for row in rows:
            if not self._is_passed_over(row):
                self._take(row)
        return self._rows

    def _is_passed_over(self, row: GridRow) -> bool:
        shown = [at for at in row.filled if at != self._headings.columns.get(PlanColumn.KEY)]
        texts = [row.cells[at].text for at in shown]
        if not texts:
            return True
        # Official tables number their columns under the headings.
        if len(texts) >= _LEAST_COLUMNS and texts == [str(one) for one in range(1, len(texts) + 1)]:
            return True
        words = fold(next((text for text in texts if not re.fullmatch(r"[\d.\s]+", text)), "")[:80])
        is_total = any(words.startswith(stem) or words.endswith(stem) for stem in _TOTALS)
        # "Жалпы билим берүүчү мектеп…" is an activity: it has a number, a deadline or somebody who answers for it.
        told = (PlanColumn.NUMBER, PlanColumn.DEADLINE, PlanColumn.RESPONSIBLE, PlanColumn.RESULT)
        return is_total and not any(self._cell(row, column).text for column in told)

    def _take(self, row: GridRow) -> None:
        key = _key(self._cell(row, PlanColumn.KEY))
        shown = [at for at in row.filled if at != self._headings.columns.get(PlanColumn.KEY)]
        columns = self._headings.columns
        activity_at = columns.get(PlanColumn.ACTIVITY, columns.get(PlanColumn.TASK, 0))
        if len(shown) == 1 and (shown[0] < activity_at or _marked(row.cells[shown[0]].text)):
            self._take_heading(row, row.cells[shown[0]], key)
            return
        self._take_parts(row)
        title = (
            self._cell(row, PlanColumn.ACTIVITY) if PlanColumn.ACTIVITY in columns else self._cell(row, PlanColumn.TASK)
        )
        if len(shown) == 1 and title.text:
            self._waiting.append(self._row(row, title.text, key))
            return
        if not title.text:
            if shown == [columns.get(PlanColumn.TASK)]:
                return
            place = row.cells[shown[0]]
            self._rows.append(TableRow(row.number, place.text[:80], unclear="workbook.no_title", cell=place.address))
            return
        self._rows += self._waiting
        self._waiting = []
        self._rows.append(self._row(row, title.text, key))

    def _row(self, row: GridRow, title: str, key: UUID | None) -> TableRow:
        headings = self._headings
        wanted = set(headings.columns) - {PlanColumn.TOTAL, PlanColumn.KEY, PlanColumn.NUMBER}
        cells = {column: self._cell(row, column) for column in wanted}
        sums = {source: _at(row, at) for source, at in headings.sources.items()}
        read = TableRow(
            row.number, title, key, self._problem, self._goal, self._task, cells, sums, dict(headings.units)
        )
        for cell in (*cells.values(), *sums.values()):
            if cell.is_formula or cell.is_error:
                reason = "workbook.formula" if cell.is_formula else "workbook.cell_error"
                return replace(read, unclear=reason, cell=cell.address)
        return read

    def _take_heading(self, row: GridRow, cell: GridCell, key: UUID | None) -> None:
        """Understand a row that goes over the whole table: a problem with its goal, or a task."""
        if cell.is_formula:
            return
        lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
        marked = [(line, *_marked_as(line)) for line in lines]
        kinds = {kind for _, kind, _ in marked if kind is not None}
        if not kinds:
            if any(stem in fold(cell.text) for stem in _stems("башка иш чара", "прочие мероприят", "other activities")):
                self._problem, self._goal, self._task = "", None, None
            else:
                self._waiting.append(
                    TableRow(row.number, cell.text[:80], unclear="workbook.heading", cell=cell.address)
                )
            return
        for _, kind, rest in marked:
            if kind is PlanColumn.PROBLEM:
                self._problem, self._goal, self._task = rest, None, None
            elif kind is PlanColumn.GOAL:
                self._goal, self._task = Part(rest, key), None
            elif kind is PlanColumn.TASK:
                self._task = Part(rest, key)

    def _take_parts(self, row: GridRow) -> None:
        """Take problem, goal and task from their own columns; an empty cell goes on with the one above."""
        columns = self._headings.columns
        if problem := self._cell(row, PlanColumn.PROBLEM).text:
            self._problem, self._goal, self._task = problem, None, None
        if goal := self._cell(row, PlanColumn.GOAL).text:
            self._goal, self._task = Part(goal), None
        if PlanColumn.ACTIVITY in columns and (task := self._cell(row, PlanColumn.TASK).text):
            self._task = Part(task)

    def _cell(self, row: GridRow, column: PlanColumn) -> GridCell:
        at = self._headings.columns.get(column)
        return GridCell("") if at is None else _at(row, at)


def _at(row: GridRow, at: int) -> GridCell:
    return row.cells[at] if at < len(row.cells) else GridCell("")


def _key(cell: GridCell) -> UUID | None:
    try:
        return UUID(cell.text) if cell.text else None
    except ValueError:
        return None


def _marked_as(line: str) -> tuple[PlanColumn | None, str]:
    for kind, shape in _MARKS:
        if found := shape.match(line):
            return kind, found["rest"].strip()
    return None, line


def _marked(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and _marked_as(lines[0].strip())[0] is not None
