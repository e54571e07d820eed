"""One measured figure and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Row"]


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
