"""What is withdrawn stays in the store and out of sight: one place, so that no query can forget it."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from geo.models.governed import Withdrawable

__all__ = ["WITH_WITHDRAWN", "watch"]

WITH_WITHDRAWN = "with_withdrawn"
"""Execution option of a statement that wants withdrawn rows too."""


def watch(session: Session) -> None:
    """Let the queries of a session pass withdrawn rows by."""
    event.listen(session, "do_orm_execute", _hide)


def _hide(state: ORMExecuteState) -> None:
    if (
        state.is_select
        and not state.is_column_load
        and not state.is_relationship_load
        and not state.execution_options.get(WITH_WITHDRAWN, False)
    ):
        state.statement = state.statement.options(
            with_loader_criteria(Withdrawable, lambda cls: cls.withdrawn_at.is_(None), include_aliases=True)
        )
