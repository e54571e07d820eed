"""The ledger: every change of a record leaves a row in the same transaction.

The rows are written by an event of the session, so that no service can forget them.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import event, inspect
from sqlalchemy.orm import ColumnProperty, Session, UOWTransaction

from geo.models import AuditAction, AuditEvent, Record

__all__ = ["ACTOR", "as_plain", "note_load", "watch"]

ACTOR = "actor"
"""Key of ``Session.info`` that says who is at work."""

_BOOKKEEPING = frozenset({"fid", "version", "created_at", "updated_at"})


def watch(session: Session) -> None:
    """Write the ledger of a session."""
    event.listen(session, "before_flush", _record)


def note_load(session: Session, record: type[Record], rows: int, **origin: object) -> None:
    """Write one line for rows stored in bulk, which pass the session by.

    Parameters
    ----------
    session
        The session in whose transaction they were stored.
    record
        What they are.
    rows
        How many.
    origin
        Where they come from and which they are; UUIDs and numbers as they are.
    """
    after = {"rows": rows, **{name: as_plain(value) for name, value in origin.items()}}
    session.add(
        AuditEvent(actor=session.info[ACTOR], action=AuditAction.LOADED, record_table=record.__tablename__, after=after)
    )


def as_plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it; geometries as WKT."""
    if isinstance(value, BaseGeometry):
        return shapely.to_wkt(value, rounding_precision=9)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _record(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for record in [item for item in session.new if isinstance(item, Record)]:
        _give_defaults(record)
        _add(session, record, AuditAction.CREATED, before=None, after=_whole(record))
    for record in [item for item in session.dirty if isinstance(item, Record)]:
        before, after = _difference(record)
        if after:
            _add(session, record, AuditAction.CHANGED, before=before, after=after)
    for record in [item for item in session.deleted if isinstance(item, Record)]:
        _add(session, record, AuditAction.REMOVED, before=_whole(record), after=None)


def _give_defaults(record: Record) -> None:
    # Column defaults come at INSERT, after this event; the ledger wants what will be stored.
    for column in inspect(type(record)).columns:
        if column.default is not None and column.key and getattr(record, column.key) is None:
            default: Any = column.default
            setattr(record, column.key, default.arg(None) if default.is_callable else default.arg)


def _whole(record: Record) -> dict[str, Any]:
    attributes = inspect(type(record)).column_attrs
    return {one.key: _told(one, getattr(record, one.key)) for one in attributes if one.key not in _BOOKKEEPING}


def _difference(record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(record)
    for attribute in inspect(type(record)).column_attrs:
        history = state.attrs[attribute.key].history
        if attribute.key in _BOOKKEEPING or not history.has_changes():
            continue
        before[attribute.key] = _told(attribute, history.deleted[0]) if history.deleted else None
        after[attribute.key] = _told(attribute, history.added[0]) if history.added else None
    return before, after


def _told(attribute: ColumnProperty[Any], value: Any) -> Any:
    if attribute.columns[0].info.get("secret") and value is not None:
        return "•••"
    return as_plain(value)


def _add(session: Session, record: Record, action: AuditAction, *, before: Any, after: Any) -> None:
    session.add(
        AuditEvent(
            actor=session.info[ACTOR],
            action=action,
            record_table=record.__tablename__,
            record_id=record.id,
            before=before,
            after=after,
        )
    )
