"""Who may come in: accounts, their roles, sessions of pages, tokens of programs, and failed sign-ins.

No secret is stored: passwords as argon2id hashes, keys of sessions and tokens as SHA-256. An account belongs to no
municipality; its roles do.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.rights import Role
from geo.models.base import SECRET, Base, Record, now
from geo.models.types import EnumText, Id, UtcDateTime, fid_type

__all__ = ["AccessToken", "Account", "FailedSignIn", "PageSession", "RoleGrant"]


class Account(Record):
    """A person who signs in."""

    __tablename__ = "account"
    __table_args__ = ({"sqlite_autoincrement": True},)

    name: Mapped[str] = mapped_column(Text, unique=True)
    """By which the person signs in; see `geo.domain.account_names`."""
    full_name: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str | None] = mapped_column(Text, info=SECRET)
    """None: nobody signs in by password."""
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("account.id"))
    """Administrator who made it; None where the command line did."""


class RoleGrant(Record):
    """A role of an account in a municipality, or everywhere."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "municipality_id", "role"),
        {"sqlite_autoincrement": True},
    )

    account_id: Mapped[UUID] = mapped_column(Id, ForeignKey("account.id"))
    municipality_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("municipality.id"), index=True)
    """None: everywhere."""
    role: Mapped[Role] = mapped_column(EnumText(Role))


class AccessToken(Record):
    """A key of a program that works in the name of an account, with less than its rights or the same."""

    __tablename__ = "access_token"
    __table_args__ = ({"sqlite_autoincrement": True},)

    account_id: Mapped[UUID] = mapped_column(Id, ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(Text, unique=True, info=SECRET)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    municipality_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("municipality.id"))
    """None: wherever the account has a role."""
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PageSession(Base):
    """Somebody signed in with a browser. Rows come and go; what was done meanwhile is in the ledger."""

    __tablename__ = "page_session"
    __table_args__ = ({"sqlite_autoincrement": True},)

    fid: Mapped[int] = mapped_column(fid_type, primary_key=True, autoincrement=True)
    account_id: Mapped[UUID] = mapped_column(Id, ForeignKey("account.id"), index=True)
    key_hash: Mapped[str] = mapped_column(Text, unique=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class FailedSignIn(Base):
    """A sign-in that failed or is under way, for the limits; kept for a day.

    Name and address are keyed hashes: people type passwords where a name belongs, and addresses are personal data.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (
        Index("ix_failed_sign_in_name_key", "name_key"),
        Index("ix_failed_sign_in_address_key", "address_key"),
        {"sqlite_autoincrement": True},
    )

    fid: Mapped[int] = mapped_column(fid_type, primary_key=True, autoincrement=True)
    name_key: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
