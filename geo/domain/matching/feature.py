"""What matching knows of a feature, and metres to measure it in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Condition, Kind

__all__ = ["DrawnBy", "MatchFeature", "in_metres"]

_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
"""WGS 84."""


class DrawnBy(StrEnum):
    """Who drew: the group of an event, as far as maps are compared by it (DOMAIN.md section 3)."""

    WOMEN = "women"
    MEN = "men"
    YOUNG_PEOPLE = "young_people"
    MIDDLE_AGED = "middle_aged"
    ELDERS = "elders"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, eq=False)
class MatchFeature:
    """A placed feature of one event."""

    id: str
    event: str
    group: DrawnBy
    kind: Kind
    geometry: BaseGeometry
    """Lon lat, EPSG:4326."""
    position_error_m: float
    """How far from its true place it is likely to lie: root mean square distance in metres."""
    names: tuple[str, ...] = ()
    """In any language, without empty ones."""
    condition: Condition | None = None


def in_metres(features: Sequence[MatchFeature]) -> list[BaseGeometry]:
    """Return the geometries in metres east and north of their common middle.

    On the plane that touches WGS 84 there; within a village it is good to a few parts in ten thousand.
    """
    if not features:
        return []
    left, bottom, right, top = shapely.total_bounds([feature.geometry for feature in features]).tolist()
    lon, lat = (left + right) / 2, (bottom + top) / 2
    squared = _FLATTENING * (2 - _FLATTENING)
    bend = 1 - squared * math.sin(math.radians(lat)) ** 2
    east = math.radians(1) * _EQUATOR_M / math.sqrt(bend) * math.cos(math.radians(lat))
    north = math.radians(1) * _EQUATOR_M * (1 - squared) / bend**1.5
    scale, middle = np.array([east, north]), np.array([lon, lat])
    return [shapely.transform(feature.geometry, lambda xy: (xy - middle) * scale) for feature in features]
