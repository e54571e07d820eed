"""Sums of contributions: what was promised, what came, and what a plan may count on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.domain.plan_codes import ContributionState

__all__ = ["NOTHING", "Sums", "add_up", "sums_of"]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums in whole som.

    Parameters
    ----------
    promised
        All promises.
    received
        All that came, whether it had been promised or not.
    unpromised
        What came without a promise: part of `received`.
    at_least
        A source says "over" one of the sums.
    untold
        Contributions whose sum is not told.
    """

    promised: int = 0
    received: int = 0
    unpromised: int = 0
    at_least: bool = False
    untold: int = 0

    @property
    def total(self) -> int:
        """What the plan may count on: promises, and what came beside them. Nothing is counted twice."""
        return self.promised + self.unpromised

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.promised + other.promised,
            self.received + other.received,
            self.unpromised + other.unpromised,
            self.at_least or other.at_least,
            self.untold + other.untold,
        )


NOTHING = Sums()


def sums_of(state: ContributionState, som: int | None, *, at_least: bool, of_promise: bool) -> Sums:
    """Return what one contribution counts in a sum.

    Parameters
    ----------
    som
        None where it is not told.
    of_promise
        Whether it came of a promise that stands and is counted beside it.

    >>> sums_of(ContributionState.RECEIVED, 300, at_least=False, of_promise=True).total
    0
    """
    told, untold = som or 0, int(som is None)
    if state is ContributionState.PROMISED:
        return Sums(promised=told, at_least=at_least, untold=untold)
    return Sums(received=told, unpromised=0 if of_promise else told, at_least=at_least, untold=untold)


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sum of sums."""
    return sum(sums, NOTHING)
