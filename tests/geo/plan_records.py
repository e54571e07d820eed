"""Making records of a plan in tests, through the same door as everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import Written, change, create, withdraw


def made(session: Session, name: str, /, **values: Any) -> Written:
    resource = RESOURCES[name]
    return create(session, resource, resource.form.model_validate(values), actor=LOCAL)


def make(session: Session, name: str, /, **values: Any) -> UUID:
    return made(session, name, **values).record.id


def altered(session: Session, name: str, record_id: UUID, /, **values: Any) -> Written:
    return change(session, RESOURCES[name], record_id, values, actor=LOCAL, seen=None)


def withdrawn(session: Session, name: str, record_id: UUID) -> None:
    withdraw(session, RESOURCES[name], record_id, actor=LOCAL, seen=None, reason="test")


def keys(written: Written) -> set[str]:
    return {warning.key for warning in written.warnings}
