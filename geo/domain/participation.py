"""Head counts, order and shares of events: what the method advises and what makes no sense (DOMAIN.md section 2).

A warning is a `geo.i18n.Text` that the user may read and override; what makes a record meaningless
raises `geo.errors.Refused`. A count that is not known is None and never warned about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from types import MappingProxyType

from geo.domain.events import ADULT_AGE, STANDARD_GROUPS, EventKind, GroupSex, SessionGroup
from geo.errors import Refused
from geo.i18n import Text

__all__ = [
    "LEAST_FACILITATORS",
    "USUAL_SIZES",
    "WOMEN_SHARE_KINDS",
    "HeadCount",
    "Participation",
    "SizeRange",
    "participation_share",
    "review_event",
    "review_order",
    "review_sessions",
    "review_working_group",
]

LEAST_FACILITATORS = 2
MOST_SESSIONS = 6
MOST_SESSIONS_OF_A_GROUP = 2
LEAST_WORKING_GROUP = 6
LEAST_SHARE_PERCENT = 30
FOCUS_GROUP_DAYS = (7, 14)
PLANNING_MEETING_DAYS = (0, 7)


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Usual number of participants; ``most`` is None where more are welcome."""

    least: int
    most: int | None


USUAL_SIZES: Mapping[EventKind, SizeRange] = MappingProxyType(
    {
        EventKind.SESSION: SizeRange(20, None),
        EventKind.FOCUS_GROUP: SizeRange(20, 25),
        EventKind.PLANNING_MEETING: SizeRange(30, 45),
        EventKind.ASSEMBLY: SizeRange(50, 150),
        EventKind.HEARING: SizeRange(50, 150),
    }
)

WOMEN_SHARE_KINDS = frozenset({EventKind.SESSION})
"""Events in which women and men are both to be present."""


@dataclass(frozen=True, slots=True)
class HeadCount:
    """People at an event; None where the minutes do not say.

    Raises
    ------
    Refused
        A negative number, or more women than participants.
    """

    participants: int | None = None
    women: int | None = None
    facilitators: int | None = None

    def __post_init__(self) -> None:
        for number in (self.participants, self.women, self.facilitators):
            if number is not None and number < 0:
                raise Refused("event.negative_count", number=number)
        if self.participants is not None and self.women is not None and self.women > self.participants:
            raise Refused("event.more_women", women=self.women, participants=self.participants)


def review_event(kind: EventKind, group: SessionGroup, people: HeadCount) -> tuple[Text, ...]:
    """Compare one event with the method's advice.

    Returns
    -------
    tuple of Text
        Warnings, in the order in which a facilitator fills the form; empty where all is as advised.

    Raises
    ------
    Refused
        A session of another grouping than the standard ones without a reason.
    """
    if kind is EventKind.SESSION and not group.is_standard and not group.reason.strip():
        raise Refused("group.reason_missing")
    return tuple(chain(_group_warnings(group), _size_warnings(kind, people), _sex_warnings(kind, group, people)))


def _group_warnings(group: SessionGroup) -> list[Text]:
    youngest = group.age_to if group.age_from is None else group.age_from
    if youngest is not None and youngest < ADULT_AGE:
        return [Text("group.minors", {"adult": ADULT_AGE})]
    return []


def _size_warnings(kind: EventKind, people: HeadCount) -> list[Text]:
    found: list[Text] = []
    usual = USUAL_SIZES[kind]
    if people.participants is not None:
        if people.participants < usual.least:
            found.append(Text("event.few_participants", {"participants": people.participants, "least": usual.least}))
        elif usual.most is not None and people.participants > usual.most:
            found.append(Text("event.many_participants", {"participants": people.participants, "most": usual.most}))
    few_lead = people.facilitators is not None and people.facilitators < LEAST_FACILITATORS
    if kind is EventKind.SESSION and few_lead:
        found.append(Text("event.few_facilitators", {"facilitators": people.facilitators, "least": LEAST_FACILITATORS}))
    return found


def _sex_warnings(kind: EventKind, group: SessionGroup, people: HeadCount) -> list[Text]:
    if not people.participants or people.women is None:
        return []
    men = people.participants - people.women
    if group.sex is GroupSex.WOMEN and men:
        return [Text("event.men_in_womens_group", {"men": men})]
    if group.sex is GroupSex.MEN and people.women:
        return [Text("event.women_in_mens_group", {"women": people.women})]
    if group.sex is GroupSex.MIXED and kind in WOMEN_SHARE_KINDS:
        if not people.women:
            return [Text("event.no_women", {})]
        if not men:
            return [Text("event.no_men", {})]
    return []


def review_sessions(groups: Sequence[SessionGroup]) -> tuple[Text, ...]:
    """Compare the sessions of one village in one cycle with the three that the method asks for.

    A standard group is missing only while no session covers its ages in another way: sessions of women
    and of men of one age stand for that age.
    """
    found: list[Text] = []
    if len(groups) > MOST_SESSIONS:
        found.append(Text("sessions.too_many", {"sessions": len(groups), "most": MOST_SESSIONS}))
    ages = Counter((group.age_from, group.age_to) for group in groups)
    for standard in STANDARD_GROUPS:
        held = ages[(standard.age_from, standard.age_to)]
        years = _years(standard)
        if not held:
            found.append(Text("sessions.group_missing", {"ages": years}))
        elif held > MOST_SESSIONS_OF_A_GROUP:
            found.append(
                Text("sessions.group_repeated", {"ages": years, "sessions": held, "most": MOST_SESSIONS_OF_A_GROUP})
            )
    return tuple(found)


def _years(group: SessionGroup) -> str:
    return f"{group.age_from}+" if group.age_to is None else f"{group.age_from}–{group.age_to}"


def review_order(
    kind: EventKind, held_on: date, *, sessions: Sequence[date] = (), focus_groups: Sequence[date] = ()
) -> tuple[Text, ...]:
    """Compare the date of a focus group or planning meeting with what goes before it.

    Parameters
    ----------
    kind, held_on
        The event looked at.
    sessions
        Dates of the village's sessions in this cycle.
    focus_groups
        Dates of the other focus groups: of the same village when a focus group is looked at, of the
        municipality when a planning meeting is.
    """
    if kind is EventKind.FOCUS_GROUP:
        again = [Text("focus_group.repeated", {})] if focus_groups else []
        return (*again, *_interval_warnings("focus_group", held_on, sessions, FOCUS_GROUP_DAYS))
    if kind is EventKind.PLANNING_MEETING:
        return _interval_warnings("planning_meeting", held_on, focus_groups, PLANNING_MEETING_DAYS)
    return ()


def _interval_warnings(prefix: str, held_on: date, before: Sequence[date], days: tuple[int, int]) -> tuple[Text, ...]:
    if not before:
        return ()
    last = max(before)
    earliest, latest = (last + timedelta(days=number) for number in days)
    if earliest <= held_on <= latest:
        return ()
    dates = {"held_on": held_on.isoformat(), "earliest": earliest.isoformat(), "latest": latest.isoformat()}
    return (Text(f"{prefix}.date_unusual", dates),)


def review_working_group(members: int, women: int) -> tuple[Text, ...]:
    """Compare a working group with the method: at least 6 members, the smaller sex at least 30 %.

    Raises
    ------
    Refused
        A negative number, or more women than members.
    """
    people = HeadCount(participants=members, women=women)
    found: list[Text] = []
    if members < LEAST_WORKING_GROUP:
        found.append(Text("working_group.small", {"members": members, "least": LEAST_WORKING_GROUP}))
    smaller = min(women, members - women)
    if people.participants and smaller * 100 < LEAST_SHARE_PERCENT * members:
        share = 100 * smaller / members
        found.append(Text("working_group.one_sided", {"share": f"{share:.0f}", "least": LEAST_SHARE_PERCENT}))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Participation:
    """Women's share over several kinds of event, in percent, told both ways.

    The two differ where events differ in size, so a figure must always say which one it is.
    """

    by_kind: tuple[float, ...]
    """Share of each row, in the order given."""
    mean_of_shares: float
    """Plain mean of the rows' shares: every row weighs the same."""
    pooled: float
    """All women over all participants: every person weighs the same."""


def participation_share(counts: Sequence[tuple[int, int]]) -> Participation:
    """Compute women's share from rows of (participants, women).

    Raises
    ------
    Refused
        No row with participants, a negative number, or more women than participants.
    """
    rows = [HeadCount(participants=participants, women=women) for participants, women in counts]
    filled = [(row.participants, row.women) for row in rows if row.participants and row.women is not None]
    if not filled:
        raise Refused("participation.nobody")
    shares = tuple(100 * women / participants for participants, women in filled)
    pooled = 100 * sum(women for _, women in filled) / sum(participants for participants, _ in filled)
    return Participation(by_kind=shares, mean_of_shares=sum(shares) / len(shares), pooled=pooled)
