"""Groups, their members, and microprojects as records (DOMAIN.md sections 2, 8 and 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from geo.domain.attendance import Sex
from geo.domain.events import EventKind
from geo.domain.labels import label_text
from geo.domain.plan.groups import StatedNumbers, check_member
from geo.domain.plan.microprojects import steps_of
from geo.domain.plan_codes import GroupKind, Standing
from geo.domain.rights import Actor, Subject
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import (
    Activity,
    AppraisalEvent,
    Cycle,
    GroupMember,
    Microproject,
    PeopleGroup,
    Settlement,
)
from geo.repositories.plans import PlanRepository
from geo.services.microprojects import check_microprojects, microproject_facts
from geo.services.records.resource import Form, Resource
from geo.services.resources.plan_fields import refuse_while, return_with, withdraw_with

__all__ = ["RESOURCES", "GroupMemberForm", "MicroprojectForm", "PeopleGroupForm"]


class PeopleGroupForm(Form):
    """A group; it is of the municipality of its cycle."""

    kind: GroupKind
    cycle_id: UUID
    settlement_id: UUID | None = None
    name: str = Field(min_length=1)
    purpose: str = ""
    confirmed_on: date | None = None
    confirmed_by: str = ""
    stated_members: int | None = Field(default=None, ge=0, le=100_000)
    stated_women: int | None = Field(default=None, ge=0, le=100_000)
    note: str = ""


class GroupMemberForm(Form):
    """A member of a group; never public."""

    group_id: UUID
    name: str = Field(min_length=1)
    contact: str = ""
    sex: Sex | None = None
    settlement_id: UUID | None = None
    standing: Standing = Standing.COMMUNITY
    is_young: bool = False
    is_poor_household: bool = False
    role: str = ""
    joined_on: date | None = None
    left_on: date | None = None


class MicroprojectForm(Form):
    """An activity that a village carries out itself."""

    activity_id: UUID
    title: str = ""
    committee_id: UUID | None = None
    first_meeting_id: UUID | None = None
    second_meeting_id: UUID | None = None
    agreed_on: date | None = None
    party_local_government: str = ""
    party_community: str = ""
    party_agency: str = ""
    note: str = ""


def _group_owner(session: Session, group: PeopleGroup) -> UUID:
    cycle_id: UUID | None = group.cycle_id
    return group.municipality_id if cycle_id is None else PlanRepository(session).one(Cycle, cycle_id).municipality_id


def _check_group(session: Session, group: PeopleGroup) -> tuple[Text, ...]:
    repository = PlanRepository(session)
    StatedNumbers(group.stated_members, group.stated_women)
    if group.settlement_id is not None:
        repository.one(Settlement, group.settlement_id)
        if not repository.has_belonged(group.settlement_id, _group_owner(session, group)):
            raise Refused("activity.settlement_elsewhere")
    if group.kind is GroupKind.INITIATIVE and group.confirmed_on is None:
        return (Text("people_group.not_confirmed", {}),)
    state = inspect(group)
    if not state.persistent or not state.attrs.confirmed_on.history.has_changes():
        return ()
    # The day is a step of the microprojects whose committee it is.
    with session.no_autoflush:
        leaning = repository.microprojects_of_committee(group.id)
        return check_microprojects(session, leaning)


def _leave_group(session: Session, group: PeopleGroup) -> None:
    refuse_while(session, group.id, Microproject.committee_id, Activity.responsible_group_id)
    withdraw_with(session, group, GroupMember.group_id)


def _member_owner(session: Session, member: GroupMember) -> UUID:
    return PlanRepository(session).one(PeopleGroup, member.group_id).municipality_id


def _check_member(session: Session, member: GroupMember) -> tuple[Text, ...]:
    repository = PlanRepository(session)
    group = repository.one(PeopleGroup, member.group_id)
    check_member(group.kind, member.standing)
    if member.settlement_id is not None:
        repository.one(Settlement, member.settlement_id)
        if not repository.has_belonged(member.settlement_id, group.municipality_id):
            raise Refused("group_member.settlement_elsewhere")
    if member.joined_on and member.left_on and member.left_on < member.joined_on:
        raise Refused("group_member.left_before", joined_on=member.joined_on, left_on=member.left_on)
    return ()


def _microproject_owner(session: Session, microproject: Microproject) -> UUID:
    return PlanRepository(session).one(Activity, microproject.activity_id).municipality_id


def _check_microproject(session: Session, microproject: Microproject) -> tuple[Text, ...]:
    repository = PlanRepository(session)
    with session.no_autoflush:
        municipality_id = _microproject_owner(session, microproject)
        repository.hold_activity(microproject.activity_id)  # of two at once the second sees what the first wrote
        other = repository.microproject_of(microproject.activity_id, but=microproject.id)
        if other is not None:
            raise Conflict("microproject.exists", id=other.id)
        if microproject.committee_id is not None:
            committee = repository.one(PeopleGroup, microproject.committee_id)
            if committee.municipality_id != municipality_id:
                raise Refused("plan.elsewhere")
        meetings = [one for one in (microproject.first_meeting_id, microproject.second_meeting_id) if one is not None]
        if len(set(meetings)) < len(meetings):
            raise Refused("microproject.same_meeting")
        for meeting_id in meetings:
            meeting = repository.one(AppraisalEvent, meeting_id)
            if meeting.kind is not EventKind.ASSEMBLY:
                raise Refused("microproject.meeting_kind", kind=label_text(meeting.kind))
            if repository.one(Cycle, meeting.cycle_id).municipality_id != municipality_id:
                raise Refused("plan.elsewhere")
        return check_microprojects(session, [microproject])


def _derive(session: Session, rows: Sequence[Microproject], actor: Actor) -> list[Mapping[str, Any]]:
    """Return the steps that were taken, as far as the reader may see what they follow from."""
    found: list[Mapping[str, Any]] = []
    for facts in microproject_facts(session, rows, actor=actor):
        steps = steps_of(facts)
        waiting = next((one.step for one in steps if not one.is_taken), None)
        listed = [{"step": one.step, "is_taken": one.is_taken, "taken_on": one.taken_on} for one in steps]
        found.append({"steps": listed, "next_step": waiting})
    return found


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="people-groups",
        subject=Subject.GROUPS,
        model=PeopleGroup,
        form=PeopleGroupForm,
        owner=_group_owner,
        check=_check_group,
        leaving=_leave_group,
        returning=lambda session, group: return_with(session, group, GroupMember.group_id),
        filters=("kind", "cycle_id", "settlement_id", "municipality_id"),
        sorts=("name", "confirmed_on"),
        fixed=frozenset({"kind", "cycle_id"}),
        counts=frozenset({"stated_members", "stated_women"}),
        example={
            "kind": "initiative",
            "cycle_id": "01a20004-b16b-71b2-bc71-6bcc207c45c4",
            "name": "Өнүгүү",
            "purpose": "Жолдор, көпүрөлөр, көрктөндүрүү, жарык",
            "confirmed_on": "2014-05-16",
            "confirmed_by": "АӨ башчысынын буйругу",
            "stated_members": 11,
        },
    ),
    Resource(
        name="group-members",
        subject=Subject.PEOPLE,
        model=GroupMember,
        form=GroupMemberForm,
        owner=_member_owner,
        check=_check_member,
        filters=("group_id", "sex", "settlement_id", "standing"),
        sorts=("name",),
        fixed=frozenset({"group_id"}),
        never_public=True,
        example={
            "group_id": "01a20004-b16b-71b2-bc71-6bd000000005",
            "name": "Асанова Айгүл",
            "sex": "female",
            "standing": "community",
            "is_young": True,
        },
    ),
    Resource(
        name="microprojects",
        subject=Subject.PLANS,
        model=Microproject,
        form=MicroprojectForm,
        owner=_microproject_owner,
        check=_check_microproject,
        derive_for=_derive,
        filters=("activity_id", "committee_id"),
        sorts=("title", "agreed_on"),
        fixed=frozenset({"activity_id"}),
        example={"activity_id": "01a20004-b16b-71b2-bc71-6bd000000004", "title": "Суу түтүгүн айыл өзү тартат"},
    ),
)
