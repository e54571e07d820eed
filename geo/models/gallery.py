"""The gallery of problems: what was written on the notes, what counts as the same problem, and why it is so.

A statement is what a session said and never changes its problem: every statement has a problem of its own, and problems
are linked to each other by merges (DOMAIN.md sections 6 and 7).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.problems import ProblemLevel, Solvability
from geo.models.base import Record, spatial_index
from geo.models.governed import Governed
from geo.models.types import EnumText, Id, Json, UtcDateTime, geometry

__all__ = ["CauseAnalysis", "Problem", "ProblemDistinction", "ProblemMerge", "ProblemMergeSource", "ProblemStatement"]

_STANDING = text("undone_at IS NULL")
_DECIDED = text("withdrawn_at IS NULL")


class Problem(Governed):
    """A problem of a village, or one that several villages of a municipality have."""

    __tablename__ = "problem"
    __table_args__ = (spatial_index("problem"), {"sqlite_autoincrement": True})

    level: Mapped[ProblemLevel] = mapped_column(EnumText(ProblemLevel))
    cycle_id: Mapped[UUID] = mapped_column(Id, ForeignKey("cycle.id"), index=True)
    settlement_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    """None at the level of the municipality."""
    merged_into_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    """The problem that a standing merge put it into."""
    title: Mapped[str] = mapped_column(Text)
    competence: Mapped[str | None] = mapped_column(Text)
    """Code of `geo.domain.local_matters.Competence`; None where nobody has said yet."""
    is_placed_by_hand: Mapped[bool] = mapped_column(default=False)
    """Whether somebody gave the place; else it is that of the statements that count for the problem."""
    geometry: Mapped[BaseGeometry | None] = mapped_column(geometry())


class ProblemStatement(Governed):
    """One problem as an event put it, with its votes: the notes of one group on the wall."""

    __tablename__ = "problem_statement"
    __table_args__ = (spatial_index("problem_statement"), {"sqlite_autoincrement": True})

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    problem_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    """Its own problem, for good; what that is merged into is said there."""
    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    wording: Mapped[str] = mapped_column(Text)
    votes: Mapped[int] = mapped_column()
    competence: Mapped[str | None] = mapped_column(Text)
    geometry: Mapped[BaseGeometry | None] = mapped_column(geometry())


class ProblemMerge(Governed):
    """The decision that problems are the same one."""

    __tablename__ = "problem_merge"
    __table_args__ = ({"sqlite_autoincrement": True},)

    into_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(Text, default="")
    undone_reason: Mapped[str] = mapped_column(Text, default="")


class ProblemMergeSource(Record):
    """A problem that a merge put into another. No problem is in two standing merges."""

    __tablename__ = "problem_merge_source"
    __table_args__ = (
        Index(
            "ix_problem_merge_source_standing",
            "problem_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        {"sqlite_autoincrement": True},
    )

    merge_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem_merge.id"), index=True)
    problem_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProblemDistinction(Governed):
    """The decision that two problems are not the same one; the one with the lesser id comes first."""

    __tablename__ = "problem_distinction"
    __table_args__ = (
        # A pair is decided once; a withdrawn decision makes room.
        Index(
            "ix_problem_distinction_first_id_second_id",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=_DECIDED,
            postgresql_where=_DECIDED,
        ),
        {"sqlite_autoincrement": True},
    )

    first_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"))
    second_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_by: Mapped[str] = mapped_column(Text)


class CauseAnalysis(Governed):
    """What a focus group found out about a problem: a row of its cause and effect table."""

    __tablename__ = "cause_analysis"
    __table_args__ = ({"sqlite_autoincrement": True},)

    problem_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"), index=True)
    event_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    causes: Mapped[list[str]] = mapped_column(Json, default=list)
    effects_seen: Mapped[list[str]] = mapped_column(Json, default=list)
    effects_to_come: Mapped[list[str]] = mapped_column(Json, default=list)
    solutions: Mapped[list[str]] = mapped_column(Json, default=list)
    contribution_ao: Mapped[str] = mapped_column(Text, default="")
    contribution_ak: Mapped[str] = mapped_column(Text, default="")
    contribution_community: Mapped[str] = mapped_column(Text, default="")
    contribution_others: Mapped[str] = mapped_column(Text, default="")
    solvable_by: Mapped[Solvability | None] = mapped_column(EnumText(Solvability))
