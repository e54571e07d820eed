"""Fields that forms of the plan share: sums of money in words, what must be there, what hangs on a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from geo.database.audit import ACTOR
from geo.domain.plan.money import check_som, read_money
from geo.errors import Refused
from geo.i18n import Text
from geo.models.base import now
from geo.models.governed import Governed

__all__ = ["SomAmount", "check_counts", "refuse_while", "return_with", "says_at_least", "withdraw_with"]


def _read_som(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        if not value.is_integer():
            raise Refused("money.part_of_som", value=value)
        value = int(value)
    return check_som(read_money(value).som) if isinstance(value, int | str) else value


SomAmount = Annotated[
    int,
    BeforeValidator(_read_som),
    WithJsonSchema(
        {
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": 10**12}, {"type": "string"}],
            "description": "Whole som, or words: “300 миң сом”, “1,3 млн сом”.",
        }
    ),
]
"""A sum of money: whole som, or as the papers write it."""


def says_at_least(value: Any) -> bool:
    """Return whether a sum in words says "over"."""
    return isinstance(value, str) and read_money(value).at_least


def check_counts(numbers: Iterable[float | None]) -> None:
    """Make sure that no number is below nought.

    Raises
    ------
    Refused
        One is.
    """
    for number in numbers:
        if number is not None and number < 0:
            raise Refused("activity.negative_number", number=number)


def refuse_while(session: Session, record_id: UUID, *columns: InstrumentedAttribute[Any]) -> None:
    """Refuse to withdraw a record while others stand on it.

    Parameters
    ----------
    columns
        References to it.

    Raises
    ------
    Refused
        A record that is not withdrawn has one of them.
    """
    for column in columns:
        table = column.class_.__tablename__
        if session.scalar(select(column.class_.id).where(column == record_id).limit(1)) is not None:
            raise Refused("plan.others_stand", kind=Text(f"table.{table}", code=table))


def withdraw_with(session: Session, record: Governed, *columns: InstrumentedAttribute[Any]) -> None:
    """Withdraw what hangs on a record that is being withdrawn, and say with which."""
    for column in columns:
        for row in session.scalars(select(column.class_).where(column == record.id)):
            row.withdrawn_at, row.withdrawn_by = now(), session.info[ACTOR]
            row.withdrawn_reason = _with(record)
    session.flush()


def return_with(session: Session, record: Governed, *columns: InstrumentedAttribute[Any]) -> None:
    """Put back what was withdrawn with a record that stands again; what had been withdrawn before stays so."""
    for column in columns:
        query = select(column.class_).where(column == record.id).execution_options(with_withdrawn=True)
        for row in session.scalars(query):
            if row.withdrawn_at is not None and row.withdrawn_reason == _with(record):
                row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = None, "", ""
    session.flush()


def _with(record: Governed) -> str:
    return f"{record.__tablename__} {record.id}"
