"""Long work: asked for, claimed by one worker, told how far it is, cancelled, and begun again where a worker died.

A job's effect and the word that it is done are stored in one transaction: after a crash it is either done, or it is
begun again as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.jobs import FINISHED, MOST_ATTEMPTS, JobKind, JobState
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import AyilmapError, Forbidden, Refused
from geo.i18n import LANGUAGES, text
from geo.models import Job
from geo.models.base import now
from geo.repositories.jobs import JobRepository
from geo.repositories.records import RecordRepository
from geo.repositories.visibility import visible
from geo.services.workspace import Workspace

__all__ = [
    "SILENCE",
    "Cancelled",
    "Claim",
    "ask",
    "ask_to_cancel",
    "claim",
    "finish",
    "give_up",
    "let_go",
    "note_progress",
]

SILENCE: Final = timedelta(seconds=60)
"""A worker that has given no sign of life for so long is taken for dead."""


class Cancelled(Exception):
    """Somebody asked to stop the work, or another worker took it over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker."""

    id: UUID
    kind: JobKind
    parameters: Mapping[str, Any]
    asked_by: str
    worker: str


def ask(session: Session, kind: JobKind, parameters: Mapping[str, Any], *, municipality_id: UUID, actor: Actor) -> Job:
    """Ask for long work in a municipality.

    Raises
    ------
    Forbidden
        The actor may not.
    """
    if not is_allowed(Action.CREATE, Subject.JOBS, actor, municipality_id):
        raise Forbidden("access.not_allowed")
    job = Job(kind=kind, parameters=dict(parameters), municipality_id=municipality_id, asked_by=actor.ledger_name)
    session.add(job)
    session.flush()
    return job


def ask_to_cancel(session: Session, job_id: UUID, *, actor: Actor) -> Job:
    """Ask to stop a job: one that waits never begins, one that runs stops at its next step and stores nothing.

    Raises
    ------
    NotFound, Forbidden
        There is none that the actor may change.
    Refused
        It is finished already.
    """
    if actor.municipalities(Action.CHANGE, Subject.JOBS) == frozenset():
        raise Forbidden("access.not_allowed")
    # Of a job that one may not see it is not told that it is there.
    job = RecordRepository(session, Job).one(job_id, visible(Job, actor), to_change=True)
    if not is_allowed(Action.CHANGE, Subject.JOBS, actor, job.municipality_id):
        raise Forbidden("access.not_allowed")
    if job.state in FINISHED:
        raise Refused("job.finished_already", state=job.state.value)
    job.cancel_asked = True
    if job.state is JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, now()
    session.flush()
    return job


def claim(workspace: Workspace, worker: str) -> Claim | None:
    """Take the next job, None where there is none; one that was begun too often is given up."""
    with workspace.write(actor=worker) as session:
        moment = now()
        job = JobRepository(session).next(dead_since=moment - SILENCE)
        if job is None:
            return None
        if job.cancel_asked or job.attempts >= MOST_ATTEMPTS:
            job.state = JobState.CANCELLED if job.cancel_asked else JobState.FAILED
            job.problem = None if job.cancel_asked else {"key": "job.given_up", "params": {"attempts": job.attempts}}
            job.finished_at = moment
            return None
        job.state, job.worker, job.attempts = JobState.RUNNING, worker, job.attempts + 1
        job.started_at = job.seen_alive_at = moment
        session.flush()
        return Claim(job.id, job.kind, job.parameters, job.asked_by, worker)


def note_progress(workspace: Workspace, held: Claim, progress: float, step: str) -> None:
    """Tell how far a job is, which is a sign of life too.

    Raises
    ------
    Cancelled
        Somebody asked to stop it, or another worker took it over.
    """
    with workspace.write(actor=held.worker) as session:
        repository = JobRepository(session)
        holds = repository.note(held.id, held.worker, progress=progress, step=step, seen_alive_at=now())
        if not holds or repository.cancel_asked(held.id):
            raise Cancelled


@contextmanager
def finish(workspace: Workspace, held: Claim) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Open the transaction in which a job takes effect; what is put into the mapping becomes its result.

    Raises
    ------
    Cancelled
        Somebody asked to stop it, or another worker took it over; nothing is stored.
    """
    result: dict[str, Any] = {}
    with workspace.write(actor=held.asked_by) as session:
        yield session, result
        session.flush()
        repository = JobRepository(session)
        if repository.cancel_asked(held.id):
            raise Cancelled
        moment = now()
        done = {"state": JobState.DONE, "progress": 1.0, "step": "", "result": result, "finished_at": moment}
        if not repository.note(held.id, held.worker, **done, seen_alive_at=moment):
            raise Cancelled


def give_up(workspace: Workspace, held: Claim, reason: BaseException) -> bool:
    """Write down why a job did not succeed; returns False where another worker holds it by now, to whom it is left."""
    if isinstance(reason, Cancelled):
        state, problem = JobState.CANCELLED, None
    elif isinstance(reason, AyilmapError):
        state = JobState.REFUSED if isinstance(reason, Refused) else JobState.FAILED
        problem = {
            "key": reason.key,
            "params": {name: str(value) for name, value in reason.params.items()},
            # A word within a sentence, such as a reason, is lost with its parameters: the sentence is kept whole.
            "texts": {one.value: text(reason.key, one, **reason.params) for one in LANGUAGES},
        }
    else:
        texts = {one.value: text("job.unexpected", one) for one in LANGUAGES}
        state, problem = JobState.FAILED, {"key": "job.unexpected", "params": {}, "texts": texts}
    with workspace.write(actor=held.worker) as session:
        ended = {"state": state, "problem": problem, "step": "", "finished_at": now()}
        return JobRepository(session).note(held.id, held.worker, **ended)


def let_go(workspace: Workspace, held: Claim) -> None:
    """Give a job back to be done by another worker: this one is told to stop."""
    with workspace.write(actor=held.worker) as session:
        JobRepository(session).note(held.id, held.worker, state=JobState.WAITING, worker="", progress=0.0, step="")
