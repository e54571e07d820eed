"""Whether a record that somebody sends under an id of their own is the one that was made under it before.

The answer to a request can be lost on the way; the writer then cannot know whether the record is there, and sends it
again under the same id. What counts is what the record was made with, not what others made of it since.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from geo.database.audit import as_plain
from geo.models import AuditAction, AuditEvent, Record
from geo.models.governed import Withdrawable
from geo.services.records.resource import Form, Resource
from geo.spatial.intake import fit_type

__all__ = ["is_repeat", "wait_for_twin"]


def wait_for_twin(session: Session, record_id: UUID) -> None:
    """Let a second request with the same id wait until the first one is done.

    A GeoPackage has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(record_id), 0))))


def is_repeat(session: Session, resource: Resource[Any], stored: Record, draft: Any, form: Form) -> bool:
    """Return whether a record was made with the content of a form.

    Parameters
    ----------
    session, resource
        Of the transaction; the kind of record.
    stored
        What is in the store under the id; a withdrawn record is no repeat.
    draft
        The form as a record that is not in the session; what follows from other fields is filled in here.
    form
        What was sent. A field that it leaves out may have been filled in by the rules of the kind.
    """
    if isinstance(stored, Withdrawable) and stored.withdrawn_at is not None:
        return False
    made = _made_with(session, stored)
    with session.no_autoflush:
        # What rules filled in beside the form belongs to the record, and is not made a second time.
        for attribute in inspect(resource.model).column_attrs:
            name = attribute.key
            if name not in resource.form.model_fields and inspect(draft).dict.get(name) is None:
                setattr(draft, name, getattr(stored, name))
        resource.owner(session, draft)
    for name in resource.form.model_fields:
        sent = getattr(form, name)
        if sent is None and name not in form.model_fields_set:
            continue
        if made[name] not in (_plain(sent), _plain(getattr(draft, name)), _plain(_tidied(sent, stored, name))):
            return False
    return True


def _made_with(session: Session, stored: Record) -> dict[str, Any]:
    """Return a record's first values as the ledger has them; rows that came in bulk are as they stand."""
    noted = select(AuditEvent.after).where(
        AuditEvent.record_id == stored.id,
        AuditEvent.record_table == stored.__tablename__,
        AuditEvent.action == AuditAction.CREATED,
    )
    found: dict[str, Any] | None = session.scalar(noted)
    columns = inspect(type(stored)).columns
    told = {name: value for name, value in (found or {}).items() if not columns[name].info.get("secret")}
    return {name: _plain(getattr(stored, name)) for name in columns.keys()} | told  # noqa: SIM118


def _tidied(sent: Any, stored: Record, name: str) -> Any:
    """Return a value as rules of kinds leave it: lists without empty lines, shapes of the column's type."""
    if isinstance(sent, list):
        lines = [one.strip() if isinstance(one, str) else one for one in sent]
        return [one for one in lines if one != ""]
    if isinstance(sent, BaseGeometry):
        kind: Any = type(stored).__table__.c[name].type
        return fit_type(sent, str(kind.name))
    return sent


def _plain(value: Any) -> Any:
    """Return a value as the ledger keeps it."""
    return json.loads(json.dumps(as_plain(value), default=as_plain))
