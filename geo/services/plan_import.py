"""Taking a workbook that was looked at into the plan: all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.plan_codes import ContributionState
from geo.domain.rights import Action, Actor, Subject
from geo.errors import AyilmapError, Conflict, Refused
from geo.models import Plan
from geo.repositories.plan_intake import PlanIntakeRepository
from geo.repositories.plans import PlanRepository
from geo.services.plan_cells import plain
from geo.services.plan_intake import PlanReading, ReadRow, RowState, SumChange, read_workbook
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import change, create, withdraw

__all__ = ["PlanImport", "import_workbook"]


@dataclass(frozen=True, slots=True)
class PlanImport:
    """What was stored."""

    reading: PlanReading
    new: int
    changed: int


def import_workbook(
    session: Session,
    plan_id: UUID,
    file: BinaryIO,
    *,
    fingerprint: str,
    leave_out_unreadable: bool = False,
    actor: Actor,
) -> PlanImport:
    """Store what a workbook says beyond the plan: what is new, and fields and sums that differ.

    Nothing that the workbook leaves out is withdrawn.

    Parameters
    ----------
    fingerprint
        Of the reading that somebody looked at (`read_workbook`).
    leave_out_unreadable
        Whether rows that cannot be read are passed over; otherwise one of them stops all.

    Raises
    ------
    Conflict
        The plan or the file is not what was looked at.
    Refused
        Rows cannot be read, or one breaks a rule of the plan; then its number is in ``row``.
    """
    PlanRepository(session, actor).held(Plan, plan_id, Action.CHANGE, Subject.PLANS)
    reading = read_workbook(session, plan_id, file, actor=actor)
    if reading.fingerprint != fingerprint:
        raise Conflict("workbook.changed_since")
    unreadable = [one for one in reading.rows if one.state is RowState.UNREADABLE]
    if unreadable and not leave_out_unreadable:
        refusal = Refused("workbook.rows_unreadable", count=len(unreadable))
        refusal.row = unreadable[0].number
        raise refusal
    writer = _Writer(session, reading, actor)
    for row in reading.rows:
        if row.state in {RowState.NEW, RowState.CHANGED}:
            try:
                writer.write(row)
            except AyilmapError as error:
                error.row = row.number
                raise
    return PlanImport(reading, reading.count(RowState.NEW), reading.count(RowState.CHANGED))


class _Writer:
    """Writes rows by the rules that every plan keeps; goals and tasks are made as they are first named."""

    def __init__(self, session: Session, reading: PlanReading, actor: Actor) -> None:
        self._session, self._reading, self._actor = session, reading, actor
        goals = PlanRepository(session, actor).goals(reading.plan_id)
        tasks = PlanIntakeRepository(session, actor).tasks(reading.plan_id)
        self._goals = {plain(one.goal): one.id for one in goals}
        self._goals_by_id = {one.id for one in goals}
        self._tasks = {(one.goal_id, plain(one.title)): one.id for one in tasks}
        self._tasks_by_id = {one.id: one.goal_id for one in tasks}
        self._ordinal = 1000 + len(goals)

    def write(self, row: ReadRow) -> None:
        if row.activity is None:
            fields = {**row.fields, "plan_id": self._reading.plan_id, "ordinal": row.number}
            fields["task_id"] = self._task(row)
            activity_id = self._create("activities", fields)
        else:
            activity_id = row.activity.id
            if row.fields:
                self._change("activities", activity_id, row.activity.version, row.fields)
        for sums in row.sums:
            self._write_sum(activity_id, sums)

    def _task(self, row: ReadRow) -> UUID | None:
        if row.task is None:
            if row.goal is None:
                return None
            # An activity stands under a task: where the table names none, the goal itself is it.
            return self._task_of(self._goal(row), row.goal.text)
        if row.task.key in self._tasks_by_id:
            return row.task.key
        return self._task_of(self._goal(row), row.task.text)

    def _task_of(self, goal_id: UUID, title: str) -> UUID:
        known = self._tasks.get((goal_id, plain(title)))
        if known is None:
            known = self._create("tasks", {"goal_id": goal_id, "title": title, "ordinal": self._next()})
            self._tasks[goal_id, plain(title)] = known
        return known

    def _goal(self, row: ReadRow) -> UUID:
        if row.goal is not None and row.goal.key in self._goals_by_id:
            assert row.goal.key is not None
            return row.goal.key
        words = row.goal.text if row.goal else row.problem or (row.task.text if row.task else row.title)
        known = self._goals.get(plain(words))
        if known is None:
            fields = {"plan_id": self._reading.plan_id, "goal": words, "problem_statement": row.problem}
            known = self._create("plan-goals", {**fields, "ordinal": self._next()})
            self._goals[plain(words)] = known
        return known

    def _write_sum(self, activity_id: UUID, sums: SumChange) -> None:
        values: dict[str, Any] = {"amount_som": sums.now.som, "at_least": sums.now.at_least}
        if sums.contribution is None:
            state = ContributionState.PROMISED
            self._create("contributions", {"activity_id": activity_id, "source": sums.source, "state": state, **values})
        elif sums.now.som is None and not sums.now.is_untold:
            resource = RESOURCES["contributions"]
            withdraw(self._session, resource, sums.contribution.id, actor=self._actor, seen=sums.contribution.version)
        else:
            self._change("contributions", sums.contribution.id, sums.contribution.version, values)

    def _next(self) -> int:
        self._ordinal += 1
        return self._ordinal

    def _create(self, name: str, fields: dict[str, Any]) -> UUID:
        resource = RESOURCES[name]
        written = create(self._session, resource, resource.form.model_validate(fields), actor=self._actor)
        return written.record.id

    def _change(self, name: str, record_id: UUID, version: int, fields: Any) -> None:
        change(self._session, RESOURCES[name], record_id, dict(fields), actor=self._actor, seen=version)
