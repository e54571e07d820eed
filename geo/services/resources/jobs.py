"""Long work as records that are looked at; it is asked for and cancelled in ways of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.jobs import FINISHED
from geo.domain.rights import Action, Actor, Subject
from geo.i18n import LANGUAGES, Language, keys, text
from geo.models import Job
from geo.services.records.resource import Form, Resource

__all__ = ["JOBS", "RESOURCES"]


class JobForm(Form):
    """Nobody fills in a job."""


def _owner(_session: Session, job: Job) -> UUID:
    return job.municipality_id


_TOLD = ("name", "title", "kind", "layer", "event_id", "settlement_id", "language", "asked", "rendering")
"""Parameters for readers; others say who asked, with which rights, and where a file is kept."""


def _derive(_session: Session, jobs: Sequence[Job], actor: Actor) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "is_own": job.asked_by == actor.ledger_name,
            "parameters": {name: job.parameters[name] for name in _TOLD if name in job.parameters},
            "is_finished": job.state in FINISHED,
            "step_texts": _step_texts(job.step),
            "problem_texts": (job.problem or {}).get("texts"),
        }
        for job in jobs
    ]


def _step_texts(step: str) -> dict[str, str] | None:
    """Return what is being done, by language; None where that is nothing, or was said by another version."""
    return {one.value: text(step, one) for one in LANGUAGES} if step in keys(Language.KY) else None


JOBS: Resource[Job] = Resource(
    name="jobs",
    subject=Subject.JOBS,
    model=Job,
    form=JobForm,
    owner=_owner,
    actions=frozenset({Action.READ}),
    filters=("kind", "state"),
    never_public=True,
    # Accounts are a matter of who administers them, and where a service runs is nobody's.
    unshown=frozenset({"asked_by", "worker"}),
    derive_for=_derive,
)
RESOURCES = (JOBS,)
