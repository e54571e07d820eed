"""One measured figure and how it is told."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Row", "median_seconds"]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its unit and, where there is one, the goal it is held against."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is met; a figure without a goal always is."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    def line(self) -> str:
        """Return the row as one line of a table."""
        side, verdict = "≤" if self.at_most else "≥", "ok" if self.met else "MISSED"
        goal = "" if self.goal is None else f"{side} {self.goal:g} {verdict}"
        return f"{self.name:<58} {self.value:>12,.3f} {self.unit:<8} {goal:<14} {self.note}"


def median_seconds(step: Callable[[], object], *, runs: int) -> float:
    """Return the median wall time of a step over some runs after one that does not count."""
    step()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
