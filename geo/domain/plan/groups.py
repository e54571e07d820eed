"""Who is in a group, compared with the method (DOMAIN.md sections 2, 8 and 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from uuid import UUID

from geo.domain.attendance import Sex
from geo.domain.participation import review_working_group
from geo.domain.plan_codes import GroupKind, Standing
from geo.errors import Refused
from geo.i18n import Text

__all__ = [
    "LEAST_COMMITTEE",
    "LEAST_COMMITTEE_WOMEN",
    "MONITORING_SIZE",
    "Composition",
    "Member",
    "StatedNumbers",
    "check_member",
    "review_group",
]

MONITORING_SIZE = 7
LEAST_MONITORING_COMMUNITY = 5
LEAST_COMMITTEE = 6
LEAST_COMMITTEE_WOMEN = 2

_EVERY_VILLAGE = frozenset({GroupKind.INITIATIVE, GroupKind.MONITORING})


@dataclass(frozen=True, slots=True)
class Member:
    """What is counted of a member; names are no matter of composition."""

    sex: Sex | None = None
    settlement_id: UUID | None = None
    standing: Standing = Standing.COMMUNITY
    is_young: bool = False
    is_poor_household: bool = False


@dataclass(frozen=True, slots=True)
class StatedNumbers:
    """Numbers that a paper gives while the list of members is not at hand.

    Raises
    ------
    Refused
        A number below nought, or more women than members.
    """

    members: int | None = None
    women: int | None = None

    def __post_init__(self) -> None:
        for number in (self.members, self.women):
            if number is not None and number < 0:
                raise Refused("event.negative_count", number=number)
        if self.members is not None and self.women is not None and self.women > self.members:
            raise Refused("people_group.more_women", women=self.women, members=self.members)


@dataclass(frozen=True, slots=True)
class Composition:
    """Who is in a group, and what the method would have otherwise.

    Parameters
    ----------
    members, women, men, young, poor_households
        None where neither list nor paper tells, or where it is not for everybody to know.
    by_standing
        Members of the list by what they stand for.
    villages_missing
        Villages that ought to be represented and are not.
    from_list
        Whether the numbers are counted from the list; else they are a paper's.
    warnings
        What the method advises otherwise.
    """

    members: int | None
    women: int | None
    men: int | None
    young: int | None = 0
    poor_households: int | None = 0
    by_standing: dict[Standing, int] = field(default_factory=dict)
    villages_missing: tuple[UUID, ...] = ()
    from_list: bool = True
    warnings: tuple[Text, ...] = ()


def check_member(kind: GroupKind, standing: Standing) -> None:
    """Make sure that somebody may be in a group of some kind.

    Raises
    ------
    Refused
        A mobiliser in an investment committee: whoever leads people to a decision has no vote in it.
    """
    if kind is GroupKind.INVESTMENT_COMMITTEE and standing is Standing.MOBILISER:
        raise Refused("people_group.mobiliser")


def review_group(
    kind: GroupKind,
    members: Sequence[Member],
    *,
    villages: Collection[UUID] = (),
    stated: StatedNumbers | None = None,
    confirmed_on: date | None = None,
) -> Composition:
    """Compare a group with the method.

    Parameters
    ----------
    kind
        What kind of group.
    members
        Its list, without those who have left.
    villages
        Where its members ought to come from: every village of the municipality, or its own village.
    stated
        Numbers of a paper; they count where the list is empty.
    confirmed_on
        Date of the order of the AO head by which an initiative group is confirmed.

    Raises
    ------
    Refused
        A mobiliser in an investment committee.
    """
    for member in members:
        check_member(kind, member.standing)
    stated = stated or StatedNumbers()
    if members:
        sexes = Counter(member.sex for member in members)
        counted: tuple[int | None, int | None, int | None] = (len(members), sexes[Sex.FEMALE], sexes[Sex.MALE])
    else:
        men = None if stated.members is None or stated.women is None else stated.members - stated.women
        counted = (stated.members, stated.women, men)
    present = {member.settlement_id for member in members}
    missing = tuple(one for one in villages if members and one not in present)
    composition = Composition(
        *counted,
        young=sum(member.is_young for member in members),
        poor_households=sum(member.is_poor_household for member in members),
        by_standing=dict(Counter(member.standing for member in members)),
        villages_missing=missing if kind in _EVERY_VILLAGE else (),
        from_list=bool(members),
    )
    return replace(composition, warnings=_warnings(kind, composition, villages, confirmed_on))


def _warnings(
    kind: GroupKind, one: Composition, villages: Collection[UUID], confirmed_on: date | None
) -> tuple[Text, ...]:
    if not one.members:
        return (Text("people_group.empty", {}),)
    parts: tuple[Sequence[Text], ...]
    if kind is GroupKind.WORKING:
        known = one.women is not None and one.men is not None and one.women + one.men == one.members
        parts = (review_working_group(one.members, one.women or 0) if known else _small_working_group(one.members),)
    elif kind is GroupKind.INITIATIVE:
        unconfirmed = [] if confirmed_on else [Text("people_group.not_confirmed", {})]
        parts = (_sexes(one), _villages(one), unconfirmed)
    elif kind is GroupKind.MONITORING:
        parts = (_monitoring(one, len(villages)), _sexes(one), _villages(one))
    else:
        parts = (_committee(one),)
    return (*chain.from_iterable(parts), *_unknown_sex(one))


def _small_working_group(members: int) -> tuple[Text, ...]:
    # Half of each sex: only the number of members is looked at while the sexes are not known.
    return tuple(one for one in review_working_group(members, members // 2) if one.key == "working_group.small")


def _unknown_sex(one: Composition) -> list[Text]:
    unknown = (one.members or 0) - (one.women or 0) - (one.men or 0)
    return [Text("people_group.sex_unknown", {"members": unknown})] if one.from_list and unknown else []


def _sexes(one: Composition) -> list[Text]:
    if one.members != (one.women or 0) + (one.men or 0):
        return []  # not known of everybody
    if not one.women:
        return [Text("people_group.no_women", {})]
    return [] if one.men else [Text("people_group.no_men", {})]


def _villages(one: Composition) -> list[Text]:
    missing = len(one.villages_missing)
    return [Text("people_group.villages_missing", {"villages": missing})] if missing else []


def _monitoring(one: Composition, villages: int) -> list[Text]:
    found: list[Text] = []
    members = one.members or 0
    # More than seven only where there are more villages than five people can come from.
    most = max(MONITORING_SIZE, villages + MONITORING_SIZE - LEAST_MONITORING_COMMUNITY)
    if not MONITORING_SIZE <= members <= most:
        found.append(Text("people_group.monitoring_size", {"members": members, "good": MONITORING_SIZE}))
    if not one.from_list:
        return found
    community = one.by_standing.get(Standing.COMMUNITY, 0)
    if community < LEAST_MONITORING_COMMUNITY:
        found.append(Text("people_group.few_community", {"members": community, "least": LEAST_MONITORING_COMMUNITY}))
    if one.by_standing.get(Standing.LOCAL_GOVERNMENT, 0) != 1:
        found.append(
            Text("people_group.one_local_government", {"members": one.by_standing.get(Standing.LOCAL_GOVERNMENT, 0)})
        )
    if one.by_standing.get(Standing.COUNCIL, 0) != 1:
        found.append(Text("people_group.one_council", {"members": one.by_standing.get(Standing.COUNCIL, 0)}))
    return found


def _committee(one: Composition) -> list[Text]:
    found: list[Text] = []
    members = one.members or 0
    if members < LEAST_COMMITTEE:
        found.append(Text("people_group.committee_small", {"members": members, "least": LEAST_COMMITTEE}))
    if one.women is not None and one.women < LEAST_COMMITTEE_WOMEN:
        found.append(Text("people_group.committee_few_women", {"women": one.women, "least": LEAST_COMMITTEE_WOMEN}))
    if one.from_list and not one.young:
        found.append(Text("people_group.committee_no_young", {}))
    if one.from_list and not one.poor_households:
        found.append(Text("people_group.committee_no_poor", {}))
    return found
