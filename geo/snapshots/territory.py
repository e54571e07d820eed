"""Villages and the municipality they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.snapshots.names import Names

__all__ = ["MunicipalitySnapshot", "SettlementSnapshot"]


@dataclass(frozen=True, slots=True)
class SettlementSnapshot:
    """A village; what is not known of it is None."""

    id: UUID
    names: Names
    point: Point
    boundary: BaseGeometry | None = None
    women: int | None = None
    men: int | None = None
    households: int | None = None
    is_sample: bool = False

    @property
    def population(self) -> int | None:
        """People in it, where both sexes were counted."""
        return None if self.women is None or self.men is None else self.women + self.men


@dataclass(frozen=True, slots=True)
class MunicipalitySnapshot:
    """A municipality with the villages that belonged to it in the year shown."""

    id: UUID
    names: Names
    rayon: Names
    oblast: Names
    settlements: tuple[SettlementSnapshot, ...]
    boundary: BaseGeometry | None = None
    population_over: int | None = None
    """Where no village was counted: that there are more people than this."""
