"""The order of votes: ties share a rank and the next rank is passed over (1, 1, 3), and nothing else breaks a tie."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["PRIORITIES", "Ranked", "rank", "top"]

PRIORITIES = 5
"""The first five are the priorities (DOMAIN.md section 6)."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[K]):
    """A problem in the order of votes.

    Parameters
    ----------
    key
        The problem.
    votes
        Its votes.
    rank
        One more than the number of problems with more votes.
    is_tied
        Whether another problem has as many votes.
    """

    key: K
    votes: int
    rank: int
    is_tied: bool


def rank(votes: Mapping[K, int]) -> tuple[Ranked[K], ...]:
    """Order problems by their votes, the most first; what is tied stays in the order given.

    >>> [(one.key, one.rank) for one in rank({"roads": 12, "roof": 12, "water": 10})]
    [('roads', 1), ('roof', 1), ('water', 3)]
    """
    numbers = sorted(votes.values(), reverse=True)
    first = {number: place for place, number in reversed(list(enumerate(numbers, start=1)))}
    tied = {number for number in first if numbers.count(number) > 1}
    ordered = sorted(votes.items(), key=lambda item: -item[1])
    return tuple(Ranked(key, number, first[number], number in tied) for key, number in ordered)


def top(ranked: Sequence[Ranked[K]], places: int = PRIORITIES) -> tuple[Ranked[K], ...]:
    """Return the first places: more than asked for where the last one is shared, and nothing without a vote.

    >>> [one.key for one in top(rank({"a": 3, "b": 2, "c": 2, "d": 0}), places=2)]
    ['a', 'b', 'c']
    """
    return tuple(one for one in ranked if one.rank <= places and one.votes > 0)
