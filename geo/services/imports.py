"""Taking a file's objects into an event."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.drafts import NewFeature
from geo.models import AuditAction, AuditEvent, MapFeature
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.features import FeatureRepository

__all__ = ["import_features"]


def import_features(session: Session, event_id: UUID, features: Sequence[NewFeature], *, origin: str) -> int:
    """Store the features of a file with an event; returns how many.

    Raises
    ------
    NotFound
        There is no such event.
    """
    event = AppraisalRepository(session).event(event_id)
    FeatureRepository(session).load(features, settlement_id=event.settlement_id, event_id=event.id)
    session.add(
        AuditEvent(
            actor=session.info[ACTOR],
            action=AuditAction.LOADED,
            record_table=MapFeature.__tablename__,
            record_id=event.id,
            after={"rows": len(features), "origin": origin, "first": str(features[0].id), "last": str(features[-1].id)},
        )
    )
    return len(features)
