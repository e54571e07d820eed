"""Which municipality a settlement belonged to on a day (DOMAIN.md section 1).

The 2024 reform merged aimaks, and a report of 2014 names the aimak of 2014; so a membership holds from a
day (inclusive) to a day (exclusive).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from geo.domain.territory import DatePrecision
from geo.errors import Refused

__all__ = ["Membership", "check_memberships", "move_settlement", "municipality_on"]


@dataclass(frozen=True, slots=True)
class Membership:
    """A settlement belongs to a municipality for a time.

    Parameters
    ----------
    settlement_id, municipality_id
        Who belongs to whom.
    valid_from
        First day; None where it began before our records.
    valid_to
        First day on which it no longer holds; None while it does.
    precision
        How exactly the dates are known. A date known to the year stands as the first of January.

    Raises
    ------
    Refused
        It would end before, or on the day, it begins.
    """

    settlement_id: UUID
    municipality_id: UUID
    valid_from: date | None = None
    valid_to: date | None = None
    precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise Refused("membership.empty", valid_from=self.valid_from, valid_to=self.valid_to)

    def holds_on(self, day: date) -> bool:
        """Whether the membership holds on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: Membership) -> bool:
        """Whether there is a day on which both hold, whatever the settlements."""
        begins = [value for value in (self.valid_from, other.valid_from) if value is not None]
        ends = [value for value in (self.valid_to, other.valid_to) if value is not None]
        return not begins or not ends or max(begins) < min(ends)


def municipality_on(memberships: Iterable[Membership], settlement_id: UUID, day: date) -> UUID | None:
    """Return the municipality of a settlement on a day, or None where it is not known."""
    for membership in memberships:
        if membership.settlement_id == settlement_id and membership.holds_on(day):
            return membership.municipality_id
    return None


def check_memberships(memberships: Iterable[Membership]) -> None:
    """Make sure that no settlement belongs to two municipalities on one day.

    Raises
    ------
    Refused
        Two memberships of one settlement overlap.
    """
    by_settlement: defaultdict[UUID, list[Membership]] = defaultdict(list)
    for membership in memberships:
        by_settlement[membership.settlement_id].append(membership)
    for own in by_settlement.values():
        # In order of their beginning, any overlap shows between neighbours.
        for earlier, later in pairwise(sorted(own, key=lambda one: one.valid_from or date.min)):
            if earlier.overlaps(later):
                raise Refused("membership.overlap", since=later.valid_from or earlier.valid_from or "—")


def move_settlement(
    current: Membership, municipality_id: UUID, *, on: date, precision: DatePrecision = DatePrecision.DAY
) -> tuple[Membership, Membership]:
    """End a membership on a day and begin the next one on the same day.

    Returns
    -------
    tuple of Membership
        The ended membership and the new one; together they leave no gap.

    Raises
    ------
    Refused
        The day is not after the beginning of the current membership, or it has already ended.
    """
    if current.valid_to is not None:
        raise Refused("membership.ended", valid_to=current.valid_to)
    ended = replace(current, valid_to=on, precision=precision)
    return ended, Membership(current.settlement_id, municipality_id, valid_from=on, precision=precision)
