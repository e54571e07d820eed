"""Groups of people around a plan, and microprojects (DOMAIN.md sections 2, 8 and 9)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.attendance import Sex
from geo.domain.plan_codes import GroupKind, Standing
from geo.models.governed import Governed
from geo.models.types import EnumText, Id

__all__ = ["GroupMember", "Microproject", "PeopleGroup"]


class PeopleGroup(Governed):
    """An initiative, working or monitoring group, or a village investment committee."""

    __tablename__ = "people_group"
    __table_args__ = ({"sqlite_autoincrement": True},)

    kind: Mapped[GroupKind] = mapped_column(EnumText(GroupKind))
    cycle_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("cycle.id"), index=True)
    settlement_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    """None where it is of the whole municipality."""
    name: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text, default="")
    confirmed_on: Mapped[date | None] = mapped_column()
    confirmed_by: Mapped[str] = mapped_column(Text, default="")
    """The order by which it is confirmed: number and title."""
    stated_members: Mapped[int | None] = mapped_column()
    """Number of members in the papers, while there is no list."""
    stated_women: Mapped[int | None] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")


class GroupMember(Governed):
    """A member of a group. Names are never public (DOMAIN.md section 11)."""

    __tablename__ = "group_member"
    __table_args__ = ({"sqlite_autoincrement": True},)

    group_id: Mapped[UUID] = mapped_column(Id, ForeignKey("people_group.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text, default="")
    sex: Mapped[Sex | None] = mapped_column(EnumText(Sex))
    settlement_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    standing: Mapped[Standing] = mapped_column(EnumText(Standing), default=Standing.COMMUNITY)
    is_young: Mapped[bool] = mapped_column(default=False)
    is_poor_household: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(Text, default="")
    joined_on: Mapped[date | None] = mapped_column()
    left_on: Mapped[date | None] = mapped_column()


class Microproject(Governed):
    """An activity of the plan that a village carries out itself, with its committee."""

    __tablename__ = "microproject"
    __table_args__ = ({"sqlite_autoincrement": True},)

    activity_id: Mapped[UUID] = mapped_column(Id, ForeignKey("activity.id"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    committee_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("people_group.id"), index=True)
    first_meeting_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    second_meeting_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("appraisal_event.id"), index=True)
    agreed_on: Mapped[date | None] = mapped_column()
    party_local_government: Mapped[str] = mapped_column(Text, default="")
    party_community: Mapped[str] = mapped_column(Text, default="")
    party_agency: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
