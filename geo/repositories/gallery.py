"""Problems, statements and merges of a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.database.withdrawals import WITH_WITHDRAWN
from geo.domain.gallery.book import Book, BookProblem, BookStatement
from geo.domain.rights import LOCAL, Actor
from geo.errors import NotFound
from geo.gallery import WallNote
from geo.models import (
    AppraisalEvent,
    CauseAnalysis,
    Cycle,
    Problem,
    ProblemDistinction,
    ProblemMerge,
    ProblemMergeSource,
    ProblemStatement,
)
from geo.repositories.visibility import visible

__all__ = ["GalleryRepository"]

_ALL = {WITH_WITHDRAWN: True}


class GalleryRepository:
    """Queries on the gallery."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def problem(self, problem_id: UUID, *, with_withdrawn: bool = False) -> Problem:
        """Return a problem.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        query = select(Problem).where(Problem.id == problem_id)
        found = self.session.scalar(query.execution_options(**{WITH_WITHDRAWN: with_withdrawn}))
        if found is None:
            raise NotFound("problem.unknown", id=problem_id)
        return found

    def hold(self, problem_ids: Collection[UUID]) -> dict[UUID, Problem]:
        """Return problems as they are now; other writers of them wait until this transaction ends.

        Raises
        ------
        NotFound
            One of them is not there.
        """
        query = select(Problem).where(Problem.id.in_(problem_ids)).order_by(Problem.id).with_for_update()
        found = {one.id: one for one in self.session.scalars(query.execution_options(populate_existing=True))}
        for one in problem_ids:
            if one not in found:
                raise NotFound("problem.unknown", id=one)
        return found

    def problems(self, cycle_id: UUID) -> Sequence[Problem]:
        """Return every problem of a cycle, withdrawn ones too: the votes of others may be counted through them."""
        query = select(Problem).where(Problem.cycle_id == cycle_id).order_by(Problem.fid)
        return self.session.scalars(query.execution_options(**_ALL)).all()

    def book(self, *cycle_ids: UUID, actor: Actor = LOCAL) -> Book:
        """Return what was voted and merged in cycles; columns only, for it is asked often.

        Every problem is in it, for the votes of others may be counted through it; of the statements those that the
        actor may see.
        """
        problems = select(
            Problem.id,
            Problem.level,
            Problem.cycle_id,
            Problem.settlement_id,
            Problem.merged_into_id,
            Problem.title,
            Problem.competence,
        ).where(Problem.cycle_id.in_(cycle_ids))
        one = ProblemStatement
        statements = (
            select(one.id, one.problem_id, one.event_id, one.settlement_id, one.votes, one.competence)
            .join(AppraisalEvent, AppraisalEvent.id == one.event_id)
            .where(AppraisalEvent.cycle_id.in_(cycle_ids), visible(one, actor))
            .order_by(one.fid)
        )
        return Book(
            {row.id: BookProblem(*row) for row in self.session.execute(problems.execution_options(**_ALL))},
            tuple(BookStatement(*row) for row in self.session.execute(statements)),
        )

    def some(self, problem_ids: Collection[UUID]) -> Sequence[Problem]:
        """Return problems by their ids, withdrawn ones too."""
        query = select(Problem).where(Problem.id.in_(problem_ids))
        return self.session.scalars(query.execution_options(**_ALL)).all()

    def shapes(self, statement_ids: Collection[UUID]) -> dict[UUID, BaseGeometry | None]:
        """Return the places of statements, in the order in which they came."""
        query = (
            select(ProblemStatement.id, ProblemStatement.geometry)
            .where(ProblemStatement.id.in_(statement_ids))
            .order_by(ProblemStatement.fid)
        )
        return {row.id: row.geometry for row in self.session.execute(query)}

    def statements(self, cycle_id: UUID, *, actor: Actor = LOCAL) -> Sequence[ProblemStatement]:
        """Return the statements of a cycle that an actor may see, as they came; none of withdrawn events."""
        return self.session.scalars(
            select(ProblemStatement)
            .join(AppraisalEvent, AppraisalEvent.id == ProblemStatement.event_id)
            .where(AppraisalEvent.cycle_id == cycle_id, visible(ProblemStatement, actor))
            .order_by(ProblemStatement.fid)
        ).all()

    def notes(self, event_id: UUID, *, actor: Actor) -> Sequence[WallNote]:
        """Return the statements of an event that an actor may see, as they came; columns only, as it is asked often."""
        one = ProblemStatement
        query = (
            select(one.id, one.version, one.problem_id, one.wording, one.votes, one.competence)
            .where(one.event_id == event_id, one.withdrawn_at.is_(None), visible(one, actor))
            .order_by(one.fid)
        )
        return [WallNote(*row) for row in self.session.execute(query)]

    def versions(self, cycle_id: UUID) -> dict[UUID, int]:
        """Return the versions of a cycle's problems, withdrawn ones too."""
        query = select(Problem.id, Problem.version).where(Problem.cycle_id == cycle_id)
        return {row.id: row.version for row in self.session.execute(query.execution_options(**_ALL))}

    def hold_cycle(self, cycle_id: UUID) -> None:
        """Let others who move problems of the same cycle wait until this transaction ends."""
        self.session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(key_share=True))

    def merges_into(self, problem_id: UUID) -> Sequence[ProblemMerge]:
        """Return the standing merges that put something into a problem, the oldest first."""
        return self.session.scalars(
            select(ProblemMerge)
            .where(ProblemMerge.into_id == problem_id, ProblemMerge.undone_at.is_(None))
            .order_by(ProblemMerge.fid)
        ).all()

    def event(self, event_id: UUID, *, actor: Actor) -> AppraisalEvent:
        """Return an event that an actor may see.

        Raises
        ------
        NotFound
            There is none with this id that they may see.
        """
        query = select(AppraisalEvent).where(AppraisalEvent.id == event_id, visible(AppraisalEvent, actor))
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("record.unknown", id=event_id)
        return found

    def seen(self, *cycle_ids: UUID, actor: Actor) -> frozenset[UUID]:
        """Return the problems of cycles that an actor may see."""
        query = select(Problem.id).where(Problem.cycle_id.in_(cycle_ids), visible(Problem, actor))
        return frozenset(self.session.scalars(query))

    def events_seen(self, cycle_id: UUID, *, actor: Actor) -> frozenset[UUID]:
        """Return the events of a cycle that an actor may see."""
        query = select(AppraisalEvent.id).where(AppraisalEvent.cycle_id == cycle_id, visible(AppraisalEvent, actor))
        return frozenset(self.session.scalars(query))

    def votes_of(self, event_id: UUID, *, but: UUID | None = None) -> int:
        """Return the sum of an event's votes, without one statement if ``but`` names one."""
        query = select(func.coalesce(func.sum(ProblemStatement.votes), 0)).where(
            ProblemStatement.event_id == event_id, ProblemStatement.withdrawn_at.is_(None)
        )
        if but is not None:
            query = query.where(ProblemStatement.id != but)
        return int(self.session.scalar(query) or 0)

    def is_written_for(self, event_id: UUID) -> bool:
        """Return whether statements or causes stand that were recorded in an event."""
        return any(
            self.session.scalar(select(model.fid).where(model.event_id == event_id).limit(1)) is not None
            for model in (ProblemStatement, CauseAnalysis)
        )

    def hold_event(self, event_id: UUID) -> AppraisalEvent:
        """Return an event; others who count its votes wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        # Rows may refer to it meanwhile, so the lock is the one that leaves its key alone.
        query = select(AppraisalEvent).where(AppraisalEvent.id == event_id).with_for_update(key_share=True)
        found = self.session.scalar(query.execution_options(populate_existing=True))
        if found is None:
            raise NotFound("record.unknown", id=event_id)
        return found

    def merge(self, merge_id: UUID, *, to_change: bool = False, actor: Actor = LOCAL) -> ProblemMerge:
        """Return a merge; ``to_change`` makes other writers of it wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id that the actor may see.
        """
        query = select(ProblemMerge).where(ProblemMerge.id == merge_id, visible(ProblemMerge, actor))
        if to_change:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("merge.unknown", id=merge_id)
        return found

    def sources(self, merge_ids: Collection[UUID], *, actor: Actor = LOCAL) -> dict[UUID, list[ProblemMergeSource]]:
        """Return what merges put into another problem, of the problems that the actor may see."""
        rows = self.session.scalars(
            select(ProblemMergeSource)
            .join(Problem, Problem.id == ProblemMergeSource.problem_id)
            .where(ProblemMergeSource.merge_id.in_(merge_ids), visible(Problem, actor))
            .order_by(ProblemMergeSource.fid)
            .execution_options(**_ALL)  # a problem without votes may have been withdrawn since
        )
        found: defaultdict[UUID, list[ProblemMergeSource]] = defaultdict(list)
        for one in rows:
            found[one.merge_id].append(one)
        return dict(found)

    def merge_of(self, problem_id: UUID) -> ProblemMerge | None:
        """Return the standing merge that put a problem into another one, None where there is none."""
        return self.session.scalar(
            select(ProblemMerge)
            .join(ProblemMergeSource, ProblemMergeSource.merge_id == ProblemMerge.id)
            .where(ProblemMergeSource.problem_id == problem_id, ProblemMergeSource.undone_at.is_(None))
        )

    def merges(self, cycle_id: UUID, *, actor: Actor = LOCAL) -> Sequence[ProblemMerge]:
        """Return the merges of a cycle that the actor may see, standing and undone, the oldest first."""
        return self.session.scalars(
            select(ProblemMerge)
            .join(Problem, Problem.id == ProblemMerge.into_id)
            .where(Problem.cycle_id == cycle_id, visible(ProblemMerge, actor))
            .order_by(ProblemMerge.decided_at, ProblemMerge.fid)
        ).all()

    def distinction(self, first_id: UUID, second_id: UUID) -> ProblemDistinction | None:
        """Return the decision that two problems are not the same one, None where there is none."""
        return self.session.scalar(
            select(ProblemDistinction).where(
                ProblemDistinction.first_id == first_id, ProblemDistinction.second_id == second_id
            )
        )

    def distinctions(self, cycle_id: UUID) -> frozenset[tuple[UUID, UUID]]:
        """Return the pairs of a cycle's problems that people decided not to be the same one."""
        rows = self.session.execute(
            select(ProblemDistinction.first_id, ProblemDistinction.second_id)
            .join(Problem, Problem.id == ProblemDistinction.first_id)
            .where(Problem.cycle_id == cycle_id)
            .execution_options(**_ALL)
            .where(ProblemDistinction.withdrawn_at.is_(None))
        )
        return frozenset((row.first_id, row.second_id) for row in rows)

    def distinctions_seen(self, cycle_id: UUID, *, actor: Actor) -> Sequence[ProblemDistinction]:
        """Return the decisions that two problems are not the same one that an actor may see, the newest first."""
        return self.session.scalars(
            select(ProblemDistinction)
            .join(Problem, Problem.id == ProblemDistinction.first_id)
            .where(Problem.cycle_id == cycle_id, visible(ProblemDistinction, actor))
            .order_by(ProblemDistinction.fid.desc())
        ).all()

    def analyses(self, cycle_id: UUID, *, actor: Actor) -> Sequence[CauseAnalysis]:
        """Return the cause analyses of a cycle's problems that an actor may see, as they came."""
        return self.session.scalars(
            select(CauseAnalysis)
            .join(Problem, Problem.id == CauseAnalysis.problem_id)
            .where(Problem.cycle_id == cycle_id, visible(CauseAnalysis, actor))
            .order_by(CauseAnalysis.fid)
        ).all()

    def cycle(self, cycle_id: UUID) -> Cycle:
        """Return a cycle.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(Cycle).where(Cycle.id == cycle_id))
        if found is None:
            raise NotFound("record.unknown", id=cycle_id)
        return found

    def last_cycle_of_settlement(self, settlement_id: UUID) -> Cycle | None:
        """Return the newest cycle in which a village met, None where it never did."""
        return self.session.scalar(
            select(Cycle)
            .join(AppraisalEvent, AppraisalEvent.cycle_id == Cycle.id)
            .where(AppraisalEvent.settlement_id == settlement_id)
            .order_by(Cycle.year.desc(), Cycle.fid.desc())
            .limit(1)
        )

    def cycles(self, *, municipality_id: UUID | None = None, year: int | None = None) -> Sequence[Cycle]:
        """Return cycles, the newest first; of one municipality or year, if given."""
        query = select(Cycle).order_by(Cycle.year.desc(), Cycle.fid)
        if municipality_id is not None:
            query = query.where(Cycle.municipality_id == municipality_id)
        if year is not None:
            query = query.where(Cycle.year == year)
        return self.session.scalars(query).all()
