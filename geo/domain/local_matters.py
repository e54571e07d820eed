"""Who may deal with a problem: the 23 local matters, delegated power, or nobody here (DOMAIN.md section 12).

Source of the list: Law on local self-government, article 18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache

from geo.errors import Refused

__all__ = ["Competence", "CompetenceLevel", "LocalMatter"]


class LocalMatter(IntEnum):
    """A local matter by its number in the law."""

    ECONOMIC_DEVELOPMENT = 1
    MUNICIPAL_PROPERTY = 2
    LOCAL_BUDGET = 3
    DRINKING_WATER = 4
    SEWERAGE = 5
    MUNICIPAL_ROADS = 6
    PUBLIC_LIGHTING = 7
    CEMETERIES = 8
    GREENING = 9
    PARKS_AND_RECREATION = 10
    HOUSEHOLD_WASTE = 11
    MUNICIPAL_TRANSPORT = 12
    HERITAGE = 13
    LIBRARIES = 14
    LAND_USE = 15
    ADVERTISING = 16
    PUBLIC_ORDER = 17
    FOLK_ART = 18
    LEISURE = 19
    CHILDREN_AND_YOUTH = 20
    PHYSICAL_CULTURE = 21
    EMERGENCIES = 22
    SUBSOIL = 23


class CompetenceLevel(StrEnum):
    """Whose power a problem falls under."""

    LOCAL = "local"
    DELEGATED = "delegated"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Competence:
    """A local matter, a delegated state power, or something outside the municipality's power.

    Parameters
    ----------
    level
        Whose power it is.
    matter
        The local matter; given exactly where the level is local.

    Raises
    ------
    Refused
        A local competence without its matter, or a matter beside another level.
    """

    level: CompetenceLevel
    matter: LocalMatter | None = None

    def __post_init__(self) -> None:
        if (self.level is CompetenceLevel.LOCAL) != (self.matter is not None):
            raise Refused("competence.unknown", value=self.matter if self.matter is not None else self.level.value)

    @property
    def code(self) -> str:
        """Code to store and exchange: ``"1"`` to ``"23"``, ``"delegated"`` or ``"outside"``."""
        return self.level.value if self.matter is None else str(self.matter.value)

    @property
    def label_key(self) -> str:
        """Message key of the label."""
        return f"competence.{self.level}" if self.matter is None else f"local_matter.{self.matter.value}"

    @classmethod
    def from_code(cls, code: str) -> Competence:
        """Read a code back.

        Raises
        ------
        Refused
            No such competence.

        >>> Competence.from_code("4").matter
        <LocalMatter.DRINKING_WATER: 4>
        """
        found = _by_code().get(code)
        if found is None:
            raise Refused("competence.unknown", value=code)
        return found

    @classmethod
    def every(cls) -> tuple[Competence, ...]:
        """Return the 23 local matters in the law's order, then delegated, then outside."""
        local = tuple(cls(CompetenceLevel.LOCAL, matter) for matter in LocalMatter)
        return (*local, cls(CompetenceLevel.DELEGATED), cls(CompetenceLevel.OUTSIDE))


@cache
def _by_code() -> Mapping[str, Competence]:
    """Return every competence by its code; asked for with every pair of problems that are compared."""
    return {competence.code: competence for competence in Competence.every()}
