"""How far the ledger has come."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.models import AccessToken, Account, AuditEvent, Job, RoleGrant

__all__ = ["ledger_mark", "ledger_position"]

_SHOWS_NOTHING: Final = tuple(model.__tablename__ for model in (Job, Account, RoleGrant, AccessToken))
"""Tables of which no picture or paper shows anything: who may see what is asked for apart from this."""


_LATE: Final = 5_000
"""Numbers back from the last one within which an entry may still be on its way."""


def ledger_mark(session: Session) -> tuple[int, int]:
    """Return two numbers that stay the same as long as nothing at all was written; found without reading the ledger.

    For what is asked every few seconds. See `ledger_position` for why there are two.
    """
    last = int(session.scalar(select(func.max(AuditEvent.fid))) or 0)
    late = session.scalar(select(func.count()).where(AuditEvent.fid > last - _LATE))
    return last, int(late or 0)


def ledger_position(session: Session) -> tuple[int, int]:
    """Return the last entry on anything that is shown, and how many there are.

    Every write of a record leaves an entry, so the two are the same as long as nothing was written. Both are needed:
    entries are numbered when they are made and seen when they are committed, so that a later number can be seen before
    an earlier one; the earlier one then only makes them more.
    """
    shown = AuditEvent.record_table.not_in(_SHOWS_NOTHING)
    last, number = session.execute(select(func.max(AuditEvent.fid), func.count()).where(shown)).one()
    return int(last or 0), int(number)
