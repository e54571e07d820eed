"""The ledger of changes, and the vocabulary as a table for programs that read the file directly."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.identifiers import new_id
from geo.models.base import Base, now
from geo.models.types import EnumText, Id, Json, UtcDateTime, fid_type

__all__ = ["AuditAction", "AuditEvent", "Term"]


class AuditAction(StrEnum):
    """What happened to a row."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    LOADED = "loaded"
    """Many rows at once; ``after`` holds their number and origin."""


class AuditEvent(Base):
    """Who changed what and when, written in the same transaction as the change."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_record_id", "record_id"),
        {"sqlite_autoincrement": True},
    )

    fid: Mapped[int] = mapped_column(fid_type, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(Id, unique=True, default=new_id)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[AuditAction] = mapped_column(EnumText(AuditAction))
    record_table: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID | None] = mapped_column(Id)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Term(Base):
    """A code of the vocabulary in words, so that QGIS shows words and not codes."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("list", "code"), {"sqlite_autoincrement": True})

    fid: Mapped[int] = mapped_column(fid_type, primary_key=True, autoincrement=True)
    list: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    ky: Mapped[str] = mapped_column(Text)
    ru: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
