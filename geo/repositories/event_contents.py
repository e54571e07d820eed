"""What was recorded in an event, whatever table it is in, and what rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from geo.domain.match_status import MatchStatus
from geo.models import AppraisalEvent, Base, FeatureMatchSource, Problem, ProblemStatement
from geo.models.governed import Withdrawable

__all__ = ["EventContentsRepository", "kinds_of_contents"]


def kinds_of_contents() -> tuple[Any, ...]:
    """Return the models whose rows are recorded in an event: those that point at one and can be withdrawn."""
    return tuple(
        mapper.class_
        for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__)
        if issubclass(mapper.class_, Withdrawable) and "event_id" in mapper.columns
    )


class EventContentsRepository:
    """Queries over all tables whose rows are recorded in an event."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(self, model: Any, event_id: UUID) -> Sequence[Any]:
        """Return the rows of a table that were recorded in an event."""
        return self.session.scalars(select(model).where(model.event_id == event_id).order_by(model.fid)).all()

    def resting_on(self, event_id: UUID) -> dict[str, int]:
        """Return how many standing rows elsewhere refer to an event's contents, by table."""
        found: dict[str, int] = {}
        for model in kinds_of_contents():
            ours = select(model.id).where(model.event_id == event_id, model.withdrawn_at.is_(None))
            for table in Base.metadata.sorted_tables:
                if "withdrawn_at" not in table.columns:
                    continue
                number = sum(self._refer(table, column, ours, event_id) for column in _pointing(table, model.__table__))
                if number:
                    found[table.name] = found.get(table.name, 0) + number
        matched = self.session.scalar(
            select(func.count())
            .select_from(FeatureMatchSource)
            .where(
                FeatureMatchSource.event_id == event_id,
                FeatureMatchSource.status.in_([MatchStatus.PROPOSED, MatchStatus.CONFIRMED]),
            )
        )
        if matched:
            found["feature_match"] = matched
        return found

    def _refer(self, table: Table, column: Any, ours: Any, event_id: UUID) -> int:
        query = select(func.count()).select_from(table).where(column.in_(ours), table.c.withdrawn_at.is_(None))
        if "event_id" in table.columns:
            query = query.where(table.c.event_id.is_distinct_from(event_id))
        return self.session.scalar(query) or 0

    def problems_of(self, event_id: UUID) -> Sequence[Problem]:
        """Return the problems under which an event's statements stand."""
        stated = select(ProblemStatement.problem_id).where(ProblemStatement.event_id == event_id)
        return self.session.scalars(select(Problem).where(Problem.id.in_(stated)).order_by(Problem.fid)).all()

    def is_stated_openly(self, problem_id: UUID) -> bool:
        """Return whether a published statement stands under a problem."""
        query = select(ProblemStatement.fid).where(
            ProblemStatement.problem_id == problem_id, ProblemStatement.published_at.is_not(None)
        )
        return self.session.scalar(query.limit(1)) is not None


def _pointing(table: Table, target: Table) -> list[Any]:
    return [
        key.parent
        for key in table.foreign_keys
        if key.column.table is target and target is not AppraisalEvent.__table__
    ]
