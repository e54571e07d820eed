"""Would the priorities be others if one merge were undone, or if one session had not been held?

Lists are compared by the statements that their first five stand for: a priority that falls apart leaves the list with
that part of it which is no longer among the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from geo.domain.gallery.book import Book
from geo.domain.gallery.ranking import PRIORITIES, Ranked, rank, top
from geo.domain.problems import ProblemLevel

__all__ = ["Moved", "Removal", "Stability", "What", "rank_stability"]


class What(StrEnum):
    """What is taken away to see whether the list holds."""

    MERGE = "merge"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Moved:
    """A priority before and after that is at another rank."""

    problem: UUID
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Removal:
    """The list without one merge or one event.

    Parameters
    ----------
    what, id
        What was taken away.
    top
        The priorities without it.
    entered
        Problems that would be priorities and are none now.
    left
        Problems that are priorities, alone or as part of one, and would be none.
    moved
        Priorities before and after at another rank.
    """

    what: What
    id: UUID
    top: tuple[Ranked[UUID], ...]
    entered: tuple[UUID, ...]
    left: tuple[UUID, ...]
    moved: tuple[Moved, ...]

    @property
    def changes_priorities(self) -> bool:
        """Whether other problems would be among the first."""
        return bool(self.entered or self.left)

    @property
    def changes_order(self) -> bool:
        """Whether the first would stand in another order."""
        return bool(self.moved)


@dataclass(frozen=True, slots=True)
class Stability:
    """The priorities, and what each merge and each event does to them."""

    top: tuple[Ranked[UUID], ...]
    removals: tuple[Removal, ...]

    @property
    def is_stable(self) -> bool:
        """Whether the same problems would be the first whatever one merge or event is taken away."""
        return not any(one.changes_priorities for one in self.removals)


def rank_stability(
    book: Book,
    level: ProblemLevel,
    *,
    merges: Mapping[UUID, Iterable[UUID]],
    events: Collection[UUID] | None = None,
    settlement: UUID | None = None,
    places: int = PRIORITIES,
) -> Stability:
    """Take away each merge and each event in turn and compare the priorities.

    Parameters
    ----------
    book
        What was voted and merged.
    level, settlement
        Whose list.
    merges
        The standing merges, each with the problems that it put into another one.
    events
        Which events are taken away; None: all of the book.
    places
        How many priorities a list has.
    """

    def first(one: Book) -> tuple[Ranked[UUID], ...]:
        return top(rank(one.tally(level, settlement=settlement)), places)

    before = first(book)
    removals = []
    for merge, parts in merges.items():
        changed = book.undone(parts)
        if changed.tally(level, settlement=settlement) != book.tally(level, settlement=settlement):
            removals.append(_compared(What.MERGE, merge, (book, before), (changed, first(changed)), level))
    for event in dict.fromkeys(one.event for one in book.statements if settlement in (None, one.settlement)):
        if events is not None and event not in events:
            continue
        changed = book.without_event(event)
        removals.append(_compared(What.EVENT, event, (book, before), (changed, first(changed)), level))
    return Stability(before, tuple(removals))


_Listed = tuple[Book, tuple[Ranked[UUID], ...]]


def _compared(what: What, removed: UUID, now: _Listed, then: _Listed, level: ProblemLevel) -> Removal:
    (book, before), (changed, after) = now, then
    heads_before = {one.id: book.head(one.problem, level) for one in book.statements}
    heads_after = {one.id: changed.head(one.problem, level) for one in changed.statements}
    ranks_before = {one.key: one.rank for one in before}
    ranks_after = {one.key: one.rank for one in after}
    was = {one for one, head in heads_before.items() if head in ranks_before}
    remains = {one for one, head in heads_after.items() if head in ranks_after}
    entered = dict.fromkeys(heads_after[one] for one in heads_after if one in remains - was)
    left = dict.fromkeys(heads_after.get(one, heads_before[one]) for one in heads_before if one in was - remains)
    # A priority of which only the notes of other sessions are left is still the same priority.
    left = {one: None for one in left if one not in ranks_after}
    moved = {
        head: Moved(head, ranks_before[heads_before[one]], ranks_after[head])
        for one, head in heads_after.items()
        if one in was & remains and ranks_after[head] != ranks_before[heads_before[one]]
    }
    return Removal(what, removed, after, tuple(entered), tuple(left), tuple(moved.values()))
