"""Entering events: who met where and when, in the cycle of that year (DOMAIN.md section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.events import EventKind, SessionGroup
from geo.domain.participation import HeadCount, review_event, review_order, review_sessions
from geo.errors import Conflict, NotFound, Refused
from geo.i18n import Language, Text
from geo.models import AppraisalEvent, Cycle, Settlement
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.gallery import GalleryRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import group_of, names_of

__all__ = ["AddedEvent", "add_event", "require_event", "review_stored_event", "settle_cycle"]

_MOST_PEOPLE = 100_000
"""More than any municipality has; such a number is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class AddedEvent:
    """An event just entered, and what the method would advise otherwise."""

    id: UUID
    cycle_id: UUID
    warnings: tuple[Text, ...]


def require_event(session: Session, event_id: UUID) -> None:
    """Make sure that there is such an event.

    Raises
    ------
    NotFound
        There is none.
    """
    AppraisalRepository(session).event(event_id)


def add_event(
    session: Session,
    *,
    settlement_id: UUID,
    kind: EventKind,
    held_on: date,
    group: SessionGroup,
    people: HeadCount,
    place: str = "",
) -> AddedEvent:
    """Enter an event; the year's cycle of the municipality begins with its first event.

    Parameters
    ----------
    settlement_id
        The village.
    held_on
        The day; it decides which municipality and cycle the event belongs to.
    group, people
        Who was invited and how many came.
    place
        Where it was held, in the facilitator's words.

    Raises
    ------
    NotFound
        There is no such settlement.
    Refused
        The village belonged to no municipality on that day, a session has an own grouping without a reason, or a
        number of people is impossible.
    Conflict
        The same group met on the same day and place already.
    """
    event = AppraisalEvent(
        settlement_id=settlement_id,
        kind=kind,
        held_on=held_on,
        # Whoever types it names it in one language; the others fall back on it.
        place={"ky": place.strip()} if place.strip() else None,
        group_age_from=group.age_from,
        group_age_to=group.age_to,
        group_sex=group.sex,
        group_other=group.other.strip(),
        group_reason=group.reason.strip(),
        participants=people.participants,
        women=people.women,
        facilitators=people.facilitators,
    )
    cycle = settle_cycle(session, event)
    warnings = review_stored_event(session, event)
    session.add(event)
    session.flush()
    return AddedEvent(event.id, cycle.id, warnings)


def settle_cycle(session: Session, event: AppraisalEvent) -> Cycle:
    """Put an event into the cycle of its day and village; the cycle begins with its first event.

    Raises
    ------
    NotFound
        There is no such settlement.
    Refused
        The village belonged to no municipality on that day, or to another one than the event is kept under; or the day
        is of another year than the problems that were recorded in the event.
    """
    with session.no_autoflush:
        village = _settlement(session, event.settlement_id)
        cycle = _cycle(session, village, event.held_on)
        if event.cycle_id is not None and event.cycle_id != cycle.id:
            before = TerritoryRepository(session).cycle_by_id(event.cycle_id)
            # What was recorded in the event belongs to the municipality that it had.
            if before.municipality_id != cycle.municipality_id:
                raise Refused("event.other_municipality")
            # A problem counts on the lists of its own year, and its votes with it.
            if GalleryRepository(session).is_written_for(event.id):
                raise Refused("gallery.event_other_year", year=before.year)
        event.cycle_id = cycle.id
    return cycle


def review_stored_event(session: Session, event: AppraisalEvent) -> tuple[Text, ...]:
    """Compare an event, new or changed, with the method's advice and with the other events of its cycle.

    Raises
    ------
    Refused
        An own grouping of a session without a reason, or an impossible number of people.
    Conflict
        The same group met on the same day and place already.
    """
    people = HeadCount(event.participants, event.women, event.facilitators)
    warnings = review_event(event.kind, group_of(event), people)
    for number in (people.participants, people.women, people.facilitators):
        if number is not None and number > _MOST_PEOPLE:
            raise Refused("event.too_many_people", number=number)
    with session.no_autoflush:
        others = [one for one in AppraisalRepository(session).of_cycle(event.cycle_id) if one.id != event.id]
    for other in others:
        if _told_apart_by(other) == _told_apart_by(event):
            raise Conflict("event.exists", held_on=event.held_on, id=other.id)
    return (*warnings, *_order_warnings(event, others), *_session_warnings(event, others))


def _settlement(session: Session, settlement_id: UUID) -> Settlement:
    try:
        return TerritoryRepository(session).settlement(settlement_id)
    except NotFound as error:
        raise NotFound("settlement.unknown", id=settlement_id) from error


def _cycle(session: Session, village: Settlement, held_on: date) -> Cycle:
    territory = TerritoryRepository(session)
    municipality = territory.municipality_of(village.id, held_on)
    if municipality is None:
        raise Refused("event.no_municipality", name=names_of(village).best(Language.KY), held_on=held_on)
    # Of two people who write down the same event at once, or the first two of a year, the second sees the first one's.
    territory.hold_municipality(municipality.id)
    cycle = territory.cycle(municipality.id, held_on.year)
    if cycle is None:
        cycle = Cycle(municipality_id=municipality.id, year=held_on.year)
        session.add(cycle)
        session.flush()  # the event refers to it, and nothing but the order says so
    return cycle


def _told_apart_by(event: AppraisalEvent) -> tuple[object, ...]:
    group = group_of(event)
    grouping = (group.age_from, group.age_to, group.sex, group.other)
    return event.settlement_id, event.kind, event.held_on, grouping, (event.place or {}).get("ky", "")


def _order_warnings(event: AppraisalEvent, earlier: Sequence[AppraisalEvent]) -> tuple[Text, ...]:
    own = [other for other in earlier if other.settlement_id == event.settlement_id]
    sessions = [other.held_on for other in own if other.kind is EventKind.SESSION]
    # A village has one focus group; a planning meeting comes after those of all villages.
    asked = own if event.kind is EventKind.FOCUS_GROUP else earlier
    focus_groups = [other.held_on for other in asked if other.kind is EventKind.FOCUS_GROUP]
    return review_order(event.kind, event.held_on, sessions=sessions, focus_groups=focus_groups)


def _session_warnings(event: AppraisalEvent, others: Sequence[AppraisalEvent]) -> tuple[Text, ...]:
    if event.kind is not EventKind.SESSION:
        return ()
    own = [one for one in others if one.settlement_id == event.settlement_id and one.kind is EventKind.SESSION]
    found = review_sessions([group_of(one) for one in (*own, event)])
    # While sessions are still being held, those that are missing are no news.
    return tuple(warning for warning in found if warning.key != "sessions.group_missing")
