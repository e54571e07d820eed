"""Records that belong to a municipality, are published when people say so, and are withdrawn but never lost."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.models.base import Record
from geo.models.types import Id, UtcDateTime

__all__ = ["Governed", "Withdrawable"]


class Withdrawable:
    """Whether the public sees a record, and whether it still stands.

    A withdrawn row stays in the store with who withdrew it and why; queries pass it by unless they are executed with
    the option ``with_withdrawn`` (`geo.database.withdrawals`).
    """

    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=81)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=82)
    withdrawn_by: Mapped[str] = mapped_column(Text, default="", server_default="", sort_order=83)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="", server_default="", sort_order=84)


class Governed(Withdrawable, Record):
    """A record of one municipality: whose people may see and change it follows from that."""

    __abstract__ = True

    municipality_id: Mapped[UUID] = mapped_column(Id, ForeignKey("municipality.id"), index=True, sort_order=80)
