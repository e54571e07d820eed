"""What was agreed on a visit, and what became of it: entries are added, never changed (DOMAIN.md section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from geo.domain.monitoring_codes import FollowUpState
from geo.errors import Refused

__all__ = ["FollowUpEntry", "Standing", "check_entry", "standing"]


@dataclass(frozen=True, slots=True)
class FollowUpEntry:
    """An agreement, or a later entry to it: a new day, or that it is done."""

    words: str = ""
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands after all its entries."""

    state: FollowUpState
    due_on: date | None
    first_due_on: date | None
    done_on: date | None
    times_postponed: int


def check_entry(entry: FollowUpEntry, *, is_first: bool, today: date) -> None:
    """Refuse an entry that says nothing.

    Raises
    ------
    Refused
        An agreement without words, a later entry without words or a day, or something done in the future.
    """
    if is_first and not entry.words.strip():
        raise Refused("follow_up.words_missing")
    if not is_first and not entry.words.strip() and entry.due_on is None and entry.done_on is None:
        raise Refused("follow_up.says_nothing")
    # A day's grace for the time zone of the phone.
    if entry.done_on is not None and (entry.done_on - today).days > 1:
        raise Refused("follow_up.done_in_future", day=entry.done_on.isoformat())


def standing(entries: Sequence[FollowUpEntry], *, today: date) -> Standing:
    """Return where an agreement stands; the day on which it is due is not late yet.

    Parameters
    ----------
    entries
        The agreement and what was added, in order; not empty.

    Examples
    --------
    >>> agreed = FollowUpEntry("Түтүктү оңдоо", due_on=date(2014, 7, 1))
    >>> standing([agreed], today=date(2014, 7, 2)).state
    <FollowUpState.OVERDUE: 'overdue'>
    """
    dues = [entry.due_on for entry in entries if entry.due_on is not None]
    due = dues[-1] if dues else None
    done = next((entry.done_on for entry in reversed(entries) if entry.done_on is not None), None)
    if done is not None:
        state = FollowUpState.DONE_LATE if due is not None and done > due else FollowUpState.DONE
    else:
        state = FollowUpState.OVERDUE if due is not None and today > due else FollowUpState.OPEN
    postponed = sum(later > earlier for earlier, later in pairwise(dues))
    return Standing(state, due, dues[0] if dues else None, done, postponed)
