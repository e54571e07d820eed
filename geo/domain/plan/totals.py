"""Sums of contributions: what was promised, what came, and what a plan may count on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["NOTHING", "Sums", "add_up"]


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


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sum of sums."""
    return sum(sums, NOTHING)
