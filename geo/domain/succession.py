"""Which municipality goes on for one that was merged away (DOMAIN.md section 1: the reform of 2024)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

__all__ = ["FormerVillage", "successor"]


@dataclass(frozen=True, slots=True)
class FormerVillage:
    """A settlement that once belonged to a municipality.

    Parameters
    ----------
    left_on
        First day on which it no longer did; None where it still does.
    now_in
        Municipality to which it belongs today.
    """

    left_on: date | None
    now_in: UUID


def successor(villages: Iterable[FormerVillage]) -> UUID | None:
    """Return the municipality that reaches the records of another one, None where none does.

    It is the one that took over all villages which belonged to the other to its end. A municipality that still has a
    village keeps its records, and where its last villages went different ways nobody has them all: what hangs on a
    single village is then seen by whoever has that village.
    """
    listed = list(villages)
    ends = [one.left_on for one in listed if one.left_on is not None]
    if not ends or len(ends) < len(listed):
        return None
    heirs = {one.now_in for one in listed if one.left_on == max(ends)}
    return heirs.pop() if len(heirs) == 1 else None
