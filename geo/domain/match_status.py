"""What became of a match, and where the matched object lies: codes alone."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CanonicalRule", "MatchStatus"]


class MatchStatus(StrEnum):
    """What became of a match; also of one drawing's part in it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    """They are different objects; of one drawing: it shows another object than the rest."""
    UNDONE = "undone"
    """A decision was taken back."""
    REPLACED = "replaced"
    """A confirmed match with further drawings stands in its place."""


class CanonicalRule(StrEnum):
    """Where a matched object lies."""

    SOURCE = "source"
    """Where one of its drawings puts it."""
    MEAN = "mean"
    """In the middle of all, each weighing by its position error."""
