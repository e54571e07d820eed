"""Participant lists: for the people who work with them, never for the public (DOMAIN.md sections 10 and 11)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.attendance import ParticipantRole, Sex
from geo.models.governed import Governed
from geo.models.types import EnumText, Id

__all__ = ["Participant"]


class Participant(Governed):
    """A person on the list of an event."""

    __tablename__ = "participant"
    __table_args__ = ({"sqlite_autoincrement": True},)

    event_id: Mapped[UUID] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    number: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(Text)
    sex: Mapped[Sex | None] = mapped_column(EnumText(Sex))
    age: Mapped[int | None] = mapped_column()
    occupation: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[ParticipantRole] = mapped_column(EnumText(ParticipantRole), default=ParticipantRole.PARTICIPANT)
