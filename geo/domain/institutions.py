"""Words of the Venn diagram and of the stakeholder matrix (DOMAIN.md section 4)."""

from __future__ import annotations

from enum import StrEnum

from geo.domain.vocabulary import KINDS_BY_LAYER, Kind, Layer

__all__ = [
    "INSTITUTION_KINDS",
    "Diagram",
    "Importance",
    "Satisfaction",
    "StakeholderRole",
    "TieOrigin",
    "TieRelation",
    "Weight",
]

INSTITUTION_KINDS: tuple[Kind, ...] = KINDS_BY_LAYER[Layer.INSTITUTION]
"""Kinds of institution: those of the map layer of that name."""


class Diagram(StrEnum):
    """Whose diagram it is: women and men may make one each."""

    EVERYBODY = "everybody"
    WOMEN = "women"
    MEN = "men"


class Importance(StrEnum):
    """Size of a circle."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class TieRelation(StrEnum):
    """How two circles lie; only the last three are ties."""

    APART = "apart"
    """No contact."""
    UNKNOWN = "unknown"
    """The participants could not say."""
    TOUCHING = "touching"
    """They exchange information."""
    PARTIAL = "partial"
    """Some cooperation in decisions."""
    FULL = "full"
    """One covers the other: full cooperation."""

    @property
    def is_tie(self) -> bool:
        """Whether it is an edge of the network: touching, partial or full, and nothing else."""
        return self in (TieRelation.TOUCHING, TieRelation.PARTIAL, TieRelation.FULL)


class TieOrigin(StrEnum):
    """Where a tie comes from; an entered one wins over one derived from the drawing, and both are kept."""

    DERIVED = "derived"
    ENTERED = "entered"


class Satisfaction(StrEnum):
    """Whether residents are content with an institution."""

    CONTENT = "content"
    MIXED = "mixed"
    DISCONTENT = "discontent"


class Weight(StrEnum):
    """Influence or importance in the stakeholder matrix."""

    HIGH = "high"
    LOW = "low"


class StakeholderRole(StrEnum):
    """What follows from influence and importance."""

    KEY = "key"
    SECONDARY = "secondary"
    UNPLACED = "unplaced"
    """Influence or importance was not asked."""
