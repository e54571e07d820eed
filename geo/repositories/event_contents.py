"""What was recorded in an event, whatever table it is in, and what rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geo.domain.linking import LinkState
from geo.domain.match_status import MatchStatus
from geo.models import Base, FeatureMatchSource, MapFeature, PlanApproval, Problem, ProblemStatement, SketchSheet
from geo.models.governed import Withdrawable
from geo.models.types import EnumText
from geo.repositories.plans import PlanRepository

__all__ = ["EventContentsRepository", "kinds_of_contents"]

_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""
_OTHERS = (SketchSheet, PlanApproval)
UNDECIDED_TOO = (MatchStatus.PROPOSED, MatchStatus.CONFIRMED)


def kinds_of_contents() -> tuple[Any, ...]:
    """Return the models whose rows are recorded in an event: those that point at one and can be withdrawn.

    Sheets are not among them: they stay, out of reach with their event. Nor are the steps of a plan that was approved
    there: they are the plan's.
    """
    return tuple(
        mapper.class_
        for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__)
        if issubclass(mapper.class_, Withdrawable) and mapper.class_ not in _OTHERS and "event_id" in mapper.columns
    )


class EventContentsRepository:
    """Queries over all tables whose rows are recorded in an event."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(self, model: Any, event_id: UUID) -> Sequence[Any]:
        """Return the rows of a table that were recorded in an event."""
        return self.session.scalars(select(model).where(model.event_id == event_id).order_by(model.fid)).all()

    def resting_on(self, event_id: UUID) -> dict[str, int]:
        """Return how many standing rows elsewhere refer to an event or its contents, by table."""
        found: Counter[str] = Counter()
        for model in kinds_of_contents():
            ours = select(model.id).where(model.event_id == event_id, model.withdrawn_at.is_(None))
            found.update(_referring(self.session, model, ours, but_event=event_id))
        found["feature_match"] = self._matched(FeatureMatchSource.event_id == event_id, *UNDECIDED_TOO)
        plans = PlanRepository(self.session)
        found["plan_approval"] = len(plans.approvals_at(event_id))
        found["microproject"] = len(plans.microprojects_of_meeting(event_id))
        return {table: number for table, number in found.items() if number}

    def resting_on_feature(self, feature_id: UUID) -> dict[str, int]:
        """Return how many standing rows rest on an object of the map, by table; what is only proposed does not."""
        ours = select(MapFeature.id).where(MapFeature.id == feature_id)
        found = Counter(_referring(self.session, MapFeature, ours, decided_only=True))
        found["feature_match"] = self._matched(FeatureMatchSource.feature_id == feature_id, MatchStatus.CONFIRMED)
        return {table: number for table, number in found.items() if number}

    def needed_features(self, feature_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return which objects of the map something rests on; see `resting_on_feature`, which says what."""
        needed: set[UUID] = set()
        wanted = sorted(feature_ids)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            ours = select(MapFeature.id).where(MapFeature.id.in_(some))
            matched = self._matched(FeatureMatchSource.feature_id.in_(some), MatchStatus.CONFIRMED)
            if matched or _referring(self.session, MapFeature, ours, decided_only=True):
                needed |= {one for one in some if self.resting_on_feature(one)}
        return frozenset(needed)

    def _matched(self, which: ColumnElement[bool], *statuses: MatchStatus) -> int:
        query = select(func.count(FeatureMatchSource.match_id.distinct()))
        return self.session.scalar(query.where(which, FeatureMatchSource.status.in_(statuses))) or 0

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


def _referring(
    session: Session, model: Any, ours: Any, *, but_event: UUID | None = None, decided_only: bool = False
) -> dict[str, int]:
    """Count the standing rows that refer to rows of a model, by table; those of one event may be left out."""
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        pointing = [key.parent for key in table.foreign_keys if key.column.table is model.__table__]
        if not pointing or "withdrawn_at" not in table.columns:
            continue
        query = select(func.count()).select_from(table)
        query = query.where(or_(*(column.in_(ours) for column in pointing)), table.c.withdrawn_at.is_(None))
        if but_event is not None and "event_id" in table.columns:
            query = query.where(table.c.event_id.is_distinct_from(but_event))
        state: Any = getattr(table.c.get("state"), "type", None)
        if isinstance(state, EnumText) and state.codes is LinkState:
            counted = (LinkState.CONFIRMED,) if decided_only else (LinkState.PROPOSED, LinkState.CONFIRMED)
            query = query.where(table.c.state.in_(counted))
        number = session.scalar(query)
        if number:
            found[table.name] = number
    return found
