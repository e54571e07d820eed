"""A plan's workbook held against the plan: what is new in it, what differs, what nobody can read. Nothing is stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from geo.domain.plan.totals import add_up, sums_of
from geo.domain.plan_codes import ContributionSource, ContributionState, Coverage, Purpose
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden, Refused
from geo.exchange.plan_table import Part, PlanColumn, PlanTable, TableRow, read_plan_table
from geo.i18n import Text
from geo.models import Activity, Contribution, Plan, PlanGoal, Task
from geo.repositories.plan_intake import PlanIntakeRepository
from geo.repositories.plans import PlanRepository
from geo.services.plan_cells import (
    CellMoney,
    Villages,
    is_empty,
    plain,
    purpose_of,
    read_count,
    read_result,
    read_sum,
    read_when,
    read_who,
)
from geo.services.resources.activities import ActivityForm
from geo.snapshots import Names

__all__ = ["Difference", "PlanReading", "ReadRow", "RowState", "SumChange", "read_workbook"]


class RowState(StrEnum):
    """What a row would do to the plan."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that would change; values as they are kept."""

    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class SumChange:
    """A source's money that would change: one contribution is made, changed or withdrawn."""

    source: ContributionSource
    was: int
    now: CellMoney
    contribution: Contribution | None = None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the workbook and what it would do.

    Attributes
    ----------
    number
        Of the row in the sheet.
    fields
        To be written: all of a new activity, those that differ of a known one.
    sums
        Money that would change.
    differences
        The same for people to read.
    reason
        Why it cannot be read.
    """

    number: int
    state: RowState
    title: str
    activity: Activity | None = None
    problem: str = ""
    goal: Part | None = None
    task: Part | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    sums: tuple[SumChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A workbook held against a plan.

    Attributes
    ----------
    fingerprint
        Of the file and of the plan as it was read: an import that names it stores what was looked at, or nothing.
    missing
        Activities of the plan that the workbook does not name; they stay as they are.
    """

    plan_id: UUID
    sheet: str
    fingerprint: str
    rows: tuple[ReadRow, ...]
    missing: tuple[str, ...]
    villages: Mapping[UUID, Names]

    def count(self, state: RowState) -> int:
        """Return how many rows are in a state."""
        return sum(one.state is state for one in self.rows)


def read_workbook(session: Session, plan_id: UUID, file: BinaryIO, *, actor: Actor) -> PlanReading:
    """Hold a workbook against a plan.

    Rows of our own workbooks are known by their hidden ids; others by the words of the activity, which must be those of
    one activity of the plan (in the same village, where both say which). An empty cell takes away what the plan says
    only in our own workbooks.

    Raises
    ------
    NotFound
        There is no such plan for this actor.
    Forbidden
        The actor may not change plans there.
    Refused, TooLarge
        It is no workbook with the table of a plan; see `geo.exchange.plan_table.read_plan_table`.
    """
    plans = PlanRepository(session, actor)
    plan = plans.seen(Plan, plan_id, Subject.PLANS)
    if not is_allowed(Action.CHANGE, Subject.PLANS, actor, plan.municipality_id):
        raise Forbidden("access.not_allowed")
    table = read_plan_table(file)
    intake = PlanIntakeRepository(session, actor)
    known = _Known.of(plan, plans, intake)
    rows = tuple(_Against(known, table).read(table.rows))
    named = {one.activity.id for one in rows if one.activity is not None}
    return PlanReading(
        plan_id=plan_id,
        sheet=table.sheet,
        fingerprint=_fingerprint(file, known),
        rows=rows,
        missing=tuple(one.title for one in known.activities if one.id not in named),
        villages=known.villages.names,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    plan: Plan
    activities: Sequence[Activity]
    goals: Sequence[PlanGoal]
    tasks: Sequence[Task]
    contributions: Mapping[UUID, Sequence[Contribution]]
    villages: Villages

    @classmethod
    def of(cls, plan: Plan, plans: PlanRepository, intake: PlanIntakeRepository) -> _Known:
        found: defaultdict[UUID, list[Contribution]] = defaultdict(list)
        for one in intake.contributions(plan.id):
            found[one.activity_id].append(one)
        return cls(
            plan=plan,
            activities=plans.activities(plan.id),
            goals=plans.goals(plan.id),
            tasks=intake.tasks(plan.id),
            contributions=found,
            villages=Villages(intake.villages(plan.municipality_id)),
        )


def _fingerprint(file: BinaryIO, known: _Known) -> str:
    file.seek(0)
    digest = hashlib.sha256(file.read())
    given = [one for some in known.contributions.values() for one in some]
    for row in sorted((*known.activities, *known.goals, *known.tasks, *given), key=lambda one: str(one.id)):
        digest.update(f"{row.id}:{row.version};".encode())
    file.seek(0)
    return digest.hexdigest()


class _Against:
    """Holds rows against what is known, each activity once."""

    def __init__(self, known: _Known, table: PlanTable) -> None:
        self._known, self._table = known, table
        self._by_id = {one.id: one for one in known.activities}
        self._by_title: defaultdict[str, list[Activity]] = defaultdict(list)
        for one in known.activities:
            self._by_title[plain(one.title)].append(one)
        self._taken: dict[UUID, int] = {}
        self._new: dict[tuple[str, str], int] = {}
        self._purposes = _purposes(known)

    def read(self, rows: Sequence[TableRow]) -> list[ReadRow]:
        return [self._row(one) for one in rows]

    def _row(self, row: TableRow) -> ReadRow:
        title, has_place, village = self._known.villages.split_title(row.title)
        if row.unclear:
            return ReadRow(row.number, RowState.UNREADABLE, title, reason=Text(row.unclear, {"cell": row.cell}))
        try:
            if PlanColumn.PLACE in row.cells and not is_empty(row.cells[PlanColumn.PLACE]):
                has_place, village = self._place(row.cells[PlanColumn.PLACE].text)
            activity = self._activity(row, title, village if has_place else None)
            return self._compared(row, title, activity, has_place, village)
        except Refused as error:
            return ReadRow(row.number, RowState.UNREADABLE, title, reason=Text(error.key, error.params))
        except ValidationError as error:
            fault = error.errors()[0]
            params = {"field": ".".join(map(str, fault["loc"])) or "–", "fault": fault["msg"]}
            return ReadRow(row.number, RowState.UNREADABLE, title, reason=Text("workbook.field", params))

    def _place(self, words: str) -> tuple[bool, UUID | None]:
        is_place, village = self._known.villages.find(words)
        if not is_place:
            raise Refused("workbook.no_village", value=words[:60])
        return True, village

    def _activity(self, row: TableRow, title: str, village: UUID | None) -> Activity | None:
        found = self._by_id.get(row.key) if row.key else None
        if found is None:
            alike = self._by_title[plain(title)]
            if len(alike) > 1 and village is not None:
                alike = [one for one in alike if one.settlement_id == village]
            if len(alike) > 1:
                raise Refused("workbook.several_alike", title=title[:80], count=len(alike))
            found = alike[0] if alike else None
        if found is None:
            task = plain(row.task.text) if row.task else ""
            if before := self._new.get((plain(title), f"{task}{village}")):
                raise Refused("workbook.twice", row=before)
            self._new[plain(title), f"{task}{village}"] = row.number
        elif before := self._taken.get(found.id):
            raise Refused("workbook.twice", row=before)
        else:
            self._taken[found.id] = row.number
        return found

    def _compared(
        self, row: TableRow, title: str, activity: Activity | None, has_place: bool, village: UUID | None
    ) -> ReadRow:
        fields = self._fields(row, title, activity, has_place, village)
        sums = tuple(self._sums(row, activity))
        if activity is None:
            fields["purpose"] = self._purpose(row)
            ActivityForm.model_validate({"plan_id": self._known.plan.id, **fields})
            differences = tuple(
                Difference(name, None, value) for name, value in fields.items() if value not in (None, "")
            )
            state = RowState.NEW
        else:
            if row.key != activity.id:
                # What people leave empty in a table of their own takes nothing away; in ours, they emptied it.
                fields = {name: value for name, value in fields.items() if value not in (None, "")}
            fields = {name: value for name, value in fields.items() if getattr(activity, name) != value}
            differences = tuple(Difference(name, getattr(activity, name), value) for name, value in fields.items())
            state = RowState.CHANGED if fields or sums else RowState.SAME
        return ReadRow(
            number=row.number,
            state=state,
            title=title,
            activity=activity,
            problem=row.problem,
            goal=row.goal,
            task=row.task,
            fields=fields,
            sums=sums,
            differences=differences,
        )

    def _fields(
        self, row: TableRow, title: str, activity: Activity | None, has_place: bool, village: UUID | None
    ) -> dict[str, Any]:
        cells = row.cells
        fields: dict[str, Any] = {}
        if activity is None or plain(activity.title) != plain(title):
            fields["title"] = title
        fields |= read_result(cells.get(PlanColumn.RESULT), cells.get(PlanColumn.INDICATORS), activity)
        if PlanColumn.RESPONSIBLE in cells:
            fields |= read_who(cells[PlanColumn.RESPONSIBLE], activity)
        if PlanColumn.DEADLINE in cells:
            years = (self._known.plan.year_from, self._known.plan.year_to)
            when = read_when(cells[PlanColumn.DEADLINE], years=years)
            fields["deadline_from"], fields["deadline_to"] = (when.first, when.last) if when else (None, None)
            if when:
                fields["deadline_precision"] = when.precision
        for column, name in (
            (PlanColumn.DIRECT, "beneficiaries_direct"),
            (PlanColumn.INDIRECT, "beneficiaries_indirect"),
        ):
            if column in cells:
                fields[name] = read_count(cells[column])
        if PlanColumn.NEED in cells:
            fields["need_som"] = read_sum(cells[PlanColumn.NEED], max(row.units.values(), default=1)).som
        if PlanColumn.NOTE in cells and (
            activity is None or plain(cells[PlanColumn.NOTE].text) != plain(activity.note)
        ):
            fields["note"] = cells[PlanColumn.NOTE].text
        # A drawn activity stays where it is drawn; ours says "whole municipality" of everything without a village.
        if has_place and (activity is None or activity.geometry is None):
            fields |= _place_fields(activity, village)
        return fields

    def _purpose(self, row: TableRow) -> Purpose:
        cell = row.cells.get(PlanColumn.PURPOSE)
        if cell is not None and not is_empty(cell):
            found = purpose_of(cell.text)
            if found is None:
                raise Refused("workbook.no_purpose", cell=cell.address, value=cell.text[:60])
            return found
        goal = plain(row.goal.text) if row.goal else ""
        return self._purposes.get(goal, Purpose.OTHER)

    def _sums(self, row: TableRow, activity: Activity | None) -> list[SumChange]:
        given = self._known.contributions.get(activity.id, ()) if activity else ()
        standing = {one.id for one in given}
        found = []
        is_ours = activity is not None and row.key == activity.id
        for source, cell in row.sums.items():
            if is_empty(cell) and not is_ours:
                continue
            read = read_sum(cell, row.units.get(source, 1))
            own = [one for one in given if one.source is source]
            # As our papers count it: what came of a promise that was withdrawn since stands by itself.
            total = add_up(
                sums_of(one.state, one.amount_som, at_least=one.at_least, of_promise=one.promise_id in standing)
                for one in own
            )
            same = total.total == (read.som or 0) and (not own or bool(total.untold) is read.is_untold)
            if same and (read.at_least is total.at_least or read.som is None):
                continue
            if not own:
                if read.som is not None or read.is_untold:
                    found.append(SumChange(source, 0, read))
                continue
            promises = [one for one in own if one.state is ContributionState.PROMISED]
            received = [one for one in own if one.state is ContributionState.RECEIVED]
            is_plain = len(promises) == 1 and all(one.promise_id == promises[0].id for one in received)
            if not is_plain or (read.som is None and not read.is_untold and received):
                raise Refused("workbook.several_sums", cell=cell.address, was=total.total, count=len(own))
            found.append(SumChange(source, total.total, read, promises[0]))
        return found


def _place_fields(activity: Activity | None, village: UUID | None) -> dict[str, Any]:
    """Return what a place in words changes: a whole village is covered only where one is named."""
    if activity is None:
        return {"settlement_id": village}
    if village is None:
        if activity.coverage is Coverage.MUNICIPALITY or activity.settlement_id is None:
            return {}
        whole = {"coverage": Coverage.MUNICIPALITY} if activity.coverage is Coverage.SETTLEMENT else {}
        return {"settlement_id": None, **whole}
    village_now = {"coverage": Coverage.SETTLEMENT} if activity.coverage is Coverage.MUNICIPALITY else {}
    return {"settlement_id": village, **village_now}


def _purposes(known: _Known) -> dict[str, Purpose]:
    """Return what most activities of a goal are for, by the goal's words."""
    goal_of = {one.id: one.goal_id for one in known.tasks}
    counted: defaultdict[UUID, list[Purpose]] = defaultdict(list)
    for one in known.activities:
        if one.task_id in goal_of:
            counted[goal_of[one.task_id]].append(one.purpose)
    return {plain(goal.goal): max(set(some), key=some.count) for goal in known.goals if (some := counted.get(goal.id))}
