"""Long work that people asked for, kept in the store so that it outlives a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.jobs import JobKind, JobState
from geo.models.governed import Governed
from geo.models.types import EnumText, Json, UtcDateTime

__all__ = ["Job"]


class Job(Governed):
    """Something to be done by a worker: claimed by one at a time, and again where that one died."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state"), {"sqlite_autoincrement": True})

    kind: Mapped[JobKind] = mapped_column(EnumText(JobKind))
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.WAITING)
    asked_by: Mapped[str] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    progress: Mapped[float] = mapped_column(Double, default=0.0)
    """Part that is done, 0 to 1."""
    step: Mapped[str] = mapped_column(Text, default="")
    """Message key of what is being done."""
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Message key and parameters of why it did not succeed."""
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_alive_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
