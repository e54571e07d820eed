"""What a visit needs, what the method advises, and the chain of its corrections (DOMAIN.md section 9).

A visit is never changed: a correction is a new entry of the same chain that points to the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from geo.domain.monitoring_codes import VisitTopic
from geo.errors import Conflict, Refused
from geo.i18n import Text

__all__ = [
    "CLOCK_GRACE",
    "COARSE_M",
    "Entry",
    "Observed",
    "check_members",
    "check_moments",
    "check_visit",
    "latest",
    "next_number",
    "review_group",
    "review_visit",
]

CLOCK_GRACE = timedelta(hours=24)
"""How far a phone's clock or time zone may be ahead before a moment is called future."""
COARSE_M = 100.0
"""Above this a device's point tells the village, not the site."""
LONG_BETWEEN = timedelta(minutes=30)
"""A point read this long before or after the visit was perhaps read elsewhere."""
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Observed:
    """Of a visit, what its rules ask about.

    Parameters
    ----------
    topic
        What was looked at.
    visited_at
        When, with time zone.
    has_activity, has_service
        Whether the activity is named; whether the service is, by its place or in words.
    has_point
        Whether the device gave a point.
    accuracy_m
        Of the device's point, metres; None where it gave none.
    located_at
        When the device read its point; None where not known.
    member_count
        How many people visited; None where not known.
    """

    topic: VisitTopic
    visited_at: datetime
    has_activity: bool
    has_service: bool
    has_point: bool
    accuracy_m: float | None
    located_at: datetime | None
    member_count: int | None


def check_visit(visit: Observed, *, at: datetime) -> None:
    """Refuse a visit that makes no sense.

    Parameters
    ----------
    at
        The present moment.

    Raises
    ------
    Refused
        It names no activity though it looked at one, or no service; it lies in the future; its point has an
        impossible accuracy, or an accuracy without a point.
    """
    if visit.topic is VisitTopic.ACTIVITY and not visit.has_activity:
        raise Refused("visit.activity_missing")
    if visit.topic is VisitTopic.SERVICE and not visit.has_service:
        raise Refused("visit.service_missing")
    check_moments(visit.visited_at, visit.located_at, at=at)
    if visit.accuracy_m is not None:
        if not visit.has_point:
            raise Refused("visit.accuracy_without_point")
        if not 0 < visit.accuracy_m < 1e6:  # also not a number
            raise Refused("visit.accuracy_impossible", accuracy=visit.accuracy_m)


def check_moments(*moments: datetime | None, at: datetime) -> None:
    """Refuse moments of a visit that lie in the future, beyond what a phone's clock may be ahead.

    Raises
    ------
    Refused
        One of them does.
    """
    for moment in moments:
        if moment is not None and moment > at + CLOCK_GRACE:
            raise Refused("visit.in_future", moment=moment.isoformat(timespec="minutes"))


def check_members(members: Sequence[str], member_count: int | None) -> int | None:
    """Return how many people visited.

    Parameters
    ----------
    members
        Names, as far as they are given.
    member_count
        The number as it was said; None stands for the names given.

    Raises
    ------
    Refused
        A name stands there twice or is empty, or there are more names than people.

    Examples
    --------
    >>> check_members(["Айгүл", "Бакыт"], None)
    2
    """
    folded = [name.strip().casefold() for name in members]
    if not all(folded):
        raise Refused("visit.member_empty")
    twice = next((name for name, fold in zip(members, folded, strict=True) if folded.count(fold) > 1), None)
    if twice is not None:
        raise Refused("visit.member_twice")  # without the name: messages get into logs
    if member_count is None:
        return len(members) or None
    if member_count < max(1, len(members)):
        raise Refused("visit.member_count", count=member_count, named=len(members))
    return member_count


def review_visit(visit: Observed) -> tuple[Text, ...]:
    """Return what makes a visit weaker evidence than it could be (warn)."""
    said: list[Text] = []
    if visit.member_count is not None and visit.member_count < SEVERAL:
        said.append(Text("visit.alone", {"least": SEVERAL}))
    if not visit.has_point:
        said.append(Text("visit.no_point"))
    elif visit.accuracy_m is None:
        said.append(Text("visit.accuracy_unknown"))
    elif visit.accuracy_m > COARSE_M:
        said.append(Text("visit.coarse", {"accuracy": round(visit.accuracy_m)}))
    if visit.located_at is not None and abs(visit.located_at - visit.visited_at) > LONG_BETWEEN:
        minutes = round(abs(visit.located_at - visit.visited_at) / timedelta(minutes=1))
        said.append(Text("visit.point_of_other_time", {"minutes": minutes}))
    return tuple(said)


def review_group(*, group_settlement_id: UUID | None, is_monitoring: bool, settlement_id: UUID) -> tuple[Text, ...]:
    """Return warnings about the group that visited: a member of another village's group does not monitor (warn).

    Parameters
    ----------
    group_settlement_id
        The group's village; None for a group of the whole municipality.
    is_monitoring
        Whether it is a monitoring group.
    settlement_id
        Where the visit was.
    """
    said: list[Text] = []
    if group_settlement_id is not None and group_settlement_id != settlement_id:
        said.append(Text("visit.other_village"))
    if not is_monitoring:
        said.append(Text("visit.not_monitoring_group"))
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a chain; number 1 is the visit as it was first written down."""

    id: UUID
    number: int
    is_withdrawn: bool = False


def latest(chain: Sequence[Entry]) -> Entry | None:
    """Return the entry of a chain that stands; None where all are withdrawn."""
    return max((entry for entry in chain if not entry.is_withdrawn), key=lambda entry: entry.number, default=None)


def next_number(chain: Sequence[Entry], corrects_id: UUID) -> int:
    """Return the number of a correction.

    Parameters
    ----------
    chain
        Every entry, withdrawn ones too.
    corrects_id
        The entry to be corrected.

    Raises
    ------
    Conflict
        That entry has been corrected by somebody else meanwhile, or was withdrawn: the correction would undo what its
        writer has not read.
    """
    standing = latest(chain)
    if standing is None:
        raise Conflict("visit.withdrawn", id=corrects_id)
    if standing.id != corrects_id:
        raise Conflict("visit.corrected_meanwhile", id=standing.id)
    return max(entry.number for entry in chain) + 1
