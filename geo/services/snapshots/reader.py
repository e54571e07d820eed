"""Who reads, what of, and what they may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import PUBLIC, Action, Actor, Subject, is_allowed
from geo.models import Cycle
from geo.repositories.cycles import CycleRepository
from geo.snapshots import Audience

__all__ = ["Reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of a cycle; build it with `of`."""

    session: Session
    cycle: Cycle
    actor: Actor
    """By whose rights rows are read: of a public snapshot always the public's, whoever asks for it."""
    is_public: bool
    as_of: date
    rows: CycleRepository

    @classmethod
    def of(
        cls,
        session: Session,
        cycle: Cycle,
        actor: Actor,
        audience: Audience,
        *,
        as_of: date,
        settlement_id: UUID | None = None,
    ) -> Reader:
        """Return the reader that stands for an audience."""
        is_public = audience is Audience.PUBLIC
        actor = PUBLIC if is_public else actor
        rows = CycleRepository(session, cycle, actor, settlement_id=settlement_id)
        return cls(session, cycle, actor, is_public, as_of, rows)

    def tells(self, subject: Subject) -> bool:
        """Return whether private fields and small counts of a subject are for this reader (DOMAIN.md section 11)."""
        return not self.is_public and is_allowed(Action.READ, subject, self.actor, self.cycle.municipality_id)
