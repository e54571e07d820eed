"""Problems of the gallery: at which level they stand, and who can solve them (DOMAIN.md sections 6 and 7)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ProblemLevel", "Solvability"]


class ProblemLevel(StrEnum):
    """Whose list a problem stands on: a village's, or that of all villages of a municipality together."""

    SETTLEMENT = "settlement"
    MUNICIPALITY = "municipality"


class Solvability(StrEnum):
    """Who can solve a problem."""

    COMMUNITY = "community"
    OUTSIDE_HELP = "outside_help"
    NOT_NOW = "not_now"
