"""Who came to an event: the participant list (DOMAIN.md sections 2 and 10), which is never public (section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.domain.events import ADULT_AGE, OLDEST_AGE
from geo.domain.participation import HeadCount
from geo.errors import Refused
from geo.i18n import Text

__all__ = ["Attendance", "ParticipantRole", "Sex", "review_list", "review_participant"]


class Sex(StrEnum):
    """Sex of a person, as lists and counts of the method tell it."""

    FEMALE = "female"
    MALE = "male"


class ParticipantRole(StrEnum):
    """What a person on the list did at the event."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    MINUTES_KEEPER = "minutes_keeper"


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of the participant list, as far as it is counted."""

    role: ParticipantRole = ParticipantRole.PARTICIPANT
    sex: Sex | None = None
    age: int | None = None


def review_participant(person: Attendance) -> tuple[Text, ...]:
    """Compare one line of the list with the method: adults take part.

    Raises
    ------
    Refused
        An age below 0 or above 120.
    """
    if person.age is None:
        return ()
    if not 0 <= person.age <= OLDEST_AGE:
        raise Refused("group.age_impossible", age=person.age, oldest=OLDEST_AGE)
    if person.age < ADULT_AGE and person.role is ParticipantRole.PARTICIPANT:
        return (Text("participant.minor", {"age": person.age, "adult": ADULT_AGE}),)
    return ()


def review_list(people: Sequence[Attendance], counted: HeadCount) -> tuple[Text, ...]:
    """Compare the list with the head count of the minutes.

    A list may still be growing, so only what can no longer come right is told: more names than people.
    """
    taking_part = [one for one in people if one.role is ParticipantRole.PARTICIPANT]
    women = sum(one.sex is Sex.FEMALE for one in taking_part)
    found: list[Text] = []
    if counted.participants is not None and len(taking_part) > counted.participants:
        found.append(Text("participant.more_names", {"listed": len(taking_part), "counted": counted.participants}))
    if counted.women is not None and women > counted.women:
        found.append(Text("participant.more_women_names", {"listed": women, "counted": counted.women}))
    return tuple(found)
