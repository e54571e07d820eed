"""Jobs: the next one to be done, claimed by one worker alone on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from geo.domain.jobs import FINISHED, JobKind, JobState
from geo.models import Job

__all__ = ["JobRepository"]


class JobRepository:
    """Queries on jobs."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def last(self, kind: JobKind, limit: int) -> Sequence[Job]:
        """Return the last jobs of a kind, the newest first."""
        return self.session.scalars(select(Job).where(Job.kind == kind).order_by(Job.fid.desc()).limit(limit)).all()

    def open_of(self, kind: JobKind) -> Sequence[Job]:
        """Return the jobs of a kind that are not finished, the oldest first."""
        return self.session.scalars(
            select(Job).where(Job.kind == kind, Job.state.not_in(FINISHED)).order_by(Job.fid)
        ).all()

    def open_uploads(self) -> set[str]:
        """Return the names of the files that jobs not yet finished were given."""
        found = self.session.scalars(select(Job.parameters).where(Job.state.not_in(FINISHED)))
        return {str(given["upload"]) for given in found if given.get("upload")}

    def next(self, *, dead_since: datetime) -> Job | None:
        """Return the oldest job that waits, or whose worker has given no sign of life for too long; held for this
        transaction, so that no other worker takes it.

        What people handed in comes before what is drawn for readers, of whom there may be any number.
        """
        abandoned = and_(Job.state == JobState.RUNNING, Job.seen_alive_at < dead_since)
        return self.session.scalar(
            select(Job)
            .where(or_(Job.state == JobState.WAITING, abandoned))
            .order_by(Job.kind == JobKind.RENDER, Job.fid)
            .limit(1)
            .with_for_update(skip_locked=True)  # a GeoPackage has one writer at a time anyway
        )

    def note(self, job_id: UUID, held_by: str, **values: Any) -> bool:
        """Write down how far a worker is; returns whether it still holds the job.

        Past the ledger, which tells of decisions and not of every heartbeat.
        """
        held = (Job.id == job_id, Job.worker == held_by, Job.state.not_in(FINISHED))
        changed: Any = self.session.execute(
            update(Job).where(*held).values(**values).execution_options(synchronize_session=False)
        )
        return bool(changed.rowcount)

    def cancel_asked(self, job_id: UUID) -> bool:
        """Return whether somebody asked to stop a job."""
        return bool(self.session.scalar(select(Job.cancel_asked).where(Job.id == job_id)))
