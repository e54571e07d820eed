"""Events and their participant lists as records (DOMAIN.md sections 2 and 10)."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from geo.domain.attendance import Attendance, ParticipantRole, Sex, review_list, review_participant
from geo.domain.events import EventKind, GroupSex
from geo.domain.participation import HeadCount
from geo.domain.programme import ProgrammeItem, check_programme, default_programme
from geo.domain.rights import Action, Subject
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import AppraisalEvent, Participant
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.bread import check_event_bread
from geo.services.event_contents import withdraw_contents
from geo.services.events import review_stored_event, settle_cycle
from geo.services.gallery_votes import check_event_votes
from geo.services.meetings import check_meeting
from geo.services.records.resource import Form, Resource

__all__ = ["RESOURCES", "EventForm", "ParticipantForm", "municipality_of_event"]


class Words(TypedDict, total=False):
    """What is said, by language."""

    __pydantic_config__ = ConfigDict(extra="forbid", str_strip_whitespace=True)  # type: ignore[misc]

    ky: str
    ru: str
    en: str


class ProgrammePoint(TypedDict, total=False):
    """A point of the programme; times as hours and minutes, such as ``10:15``."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    starts: str
    ends: str | None
    title: Words


class Minutes(TypedDict, total=False):
    """Fields of the minutes; institutions, bread and problems are records of their own."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    number: int
    agenda: list[Words]
    text: Words
    """Whole text, where it is not parted."""
    map: Words
    venn: Words
    bread: Words
    gallery: Words
    decisions: list[Words]


class EventForm(Form):
    """A session, focus group, planning meeting, assembly or hearing."""

    settlement_id: UUID
    kind: EventKind
    held_on: date
    place: Words | None = None
    group_age_from: int | None = None
    group_age_to: int | None = None
    group_sex: GroupSex = GroupSex.MIXED
    group_other: str = ""
    group_reason: str = ""
    participants: int | None = None
    women: int | None = None
    facilitators: int | None = None
    facilitator_names: list[str] | None = None
    programme: list[ProgrammePoint] | None = Field(
        default=None, description="Left out of a session, it is the method's programme."
    )
    minutes: Minutes | None = None
    signatures: list[str] | None = None
    bread_incomplete: bool = False
    geometry: BaseGeometry | None = None


class ParticipantForm(Form):
    """A line of a participant list; without a number it gets the next one."""

    event_id: UUID
    number: int | None = Field(default=None, ge=1, le=100_000)
    name: str
    sex: Sex | None = None
    age: int | None = None
    occupation: str = ""
    contact: str = ""
    role: ParticipantRole = ParticipantRole.PARTICIPANT


def municipality_of_event(session: Session, event_id: UUID) -> UUID:
    """Return the municipality of an event's cycle.

    Raises
    ------
    NotFound
        There is no such event.
    """
    with session.no_autoflush:
        event = AppraisalRepository(session).event(event_id)
        return TerritoryRepository(session).cycle_by_id(event.cycle_id).municipality_id


def _event_owner(session: Session, event: AppraisalEvent) -> UUID:
    if event.programme is None and not inspect(event).persistent:
        event.programme = [_point(item) for item in default_programme(event.kind)] or None
    return settle_cycle(session, event).municipality_id


def _point(item: ProgrammeItem) -> dict[str, Any]:
    ends = None if item.ends is None else item.ends.isoformat("minutes")
    return {"starts": item.starts.isoformat("minutes"), "ends": ends, "title": dict(item.title)}


def _check_event(session: Session, event: AppraisalEvent) -> tuple[Text, ...]:
    programme = check_programme([_read_point(point) for point in event.programme or ()])
    warnings = review_stored_event(session, event)
    if inspect(event).persistent:
        with session.no_autoflush:
            check_event_votes(session, event)
            check_event_bread(session, event)
        if any(inspect(event).attrs[name].history.has_changes() for name in ("kind", "held_on")):
            warnings = (*warnings, *check_meeting(session, event))
    return (*programme, *warnings)


def _read_point(point: dict[str, Any]) -> ProgrammeItem:
    starts, ends = point.get("starts"), point.get("ends")
    return ProgrammeItem(_time(starts), dict(point.get("title") or {}), None if ends is None else _time(ends))


def _time(value: Any) -> time:
    try:
        return time.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError as error:
        raise Refused("programme.bad_time", value=value) from error


def _participant_owner(session: Session, person: Participant) -> UUID:
    municipality_id = municipality_of_event(session, person.event_id)
    state = inspect(person)
    if not state.persistent or any(state.attrs[name].history.has_changes() for name in ("number", "withdrawn_at")):
        # Of two people who write on one list at once the second sees what the first wrote.
        AppraisalRepository(session).hold_event(person.event_id)
    number: int | None = person.number
    if number is None:
        with session.no_autoflush:
            others = AppraisalRepository(session).participants(person.event_id)
            taken = [one.number for one in others if one.id != person.id]
        person.number = max(taken, default=0) + 1
    return municipality_id


def _check_participant(session: Session, person: Participant) -> tuple[Text, ...]:
    if not person.name.strip():
        raise Refused("participant.nameless")
    with session.no_autoflush:
        event = AppraisalRepository(session).event(person.event_id)
        others = [one for one in AppraisalRepository(session).participants(event.id) if one.id != person.id]
    if any(one.number == person.number for one in others):
        raise Conflict("participant.number_taken", number=person.number)
    listed = [Attendance(one.role, one.sex, one.age) for one in (*others, person)]
    return (
        *review_participant(listed[-1]),
        *review_list(listed, HeadCount(event.participants, event.women, event.facilitators)),
    )


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="events",
        subject=Subject.EVENTS,
        model=AppraisalEvent,
        form=EventForm,
        owner=_event_owner,
        check=_check_event,
        filters=("kind", "settlement_id", "cycle_id", "held_on"),
        sorts=("held_on",),
        # Published with what was recorded in it, by routes of its own.
        actions=frozenset(Action) - {Action.PUBLISH},
        fixed=frozenset({"settlement_id"}),
        people=frozenset({"facilitator_names", "signatures"}),
        counts=frozenset({"participants", "women"}),
        leaving=withdraw_contents,
        example={
            "settlement_id": "01a20004-b16b-71b2-bc71-6bc1d5b423e8",
            "kind": "session",
            "held_on": "2014-11-19",
            "place": {"ky": "Клуб", "ru": "Клуб", "en": "The club"},
            "group_age_from": 18,
            "group_age_to": 35,
            "participants": 22,
            "women": 12,
            "facilitators": 2,
        },
    ),
    Resource(
        name="participants",
        subject=Subject.PEOPLE,
        model=Participant,
        form=ParticipantForm,
        owner=_participant_owner,
        check=_check_participant,
        filters=("event_id", "role", "sex"),
        sorts=("number",),
        fixed=frozenset({"event_id"}),
        never_public=True,
        example={
            "event_id": "01a20004-b16b-71b2-bc71-6bcda59b6452",
            "number": 1,
            "name": "Асанова Айгүл",
            "sex": "female",
            "age": 27,
            "occupation": "мугалим",
            "role": "participant",
        },
    ),
)
