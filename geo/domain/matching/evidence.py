"""How much speaks for two features of different groups being one object, part by part."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LinearRing, LineString
from shapely.geometry.base import BaseGeometry

from geo.domain.matching.feature import MatchFeature, in_metres
from geo.domain.matching.kinds import kind_likeness
from geo.domain.matching.names import name_key, name_likeness

__all__ = ["Agreement", "Evidence", "gather"]

_FLOOR_M = 8.0
"""Two people never point at quite the same spot of one house."""
_FARTHEST = 3.0
"""In combined errors: beyond, only a name of its own speaks for one object."""
_FARTHEST_NAMED = 8.0
_DISTINCT = 0.88
_OTHER_NAME = 0.45
"""Names of their own below this likeness are of two objects, however near."""
_WEIGHTS = {"kind": 0.2, "name": 0.25, "place": 0.3, "shape": 0.1, "neighbours": 0.15}
_DIMENSIONS = {(0, 0): 1.0, (1, 1): 1.0, (2, 2): 1.0, (0, 2): 0.75, (1, 2): 0.5, (0, 1): 0.4}
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Agreement:
    """The parts of an agreement, each 0 to 1, and what they come to."""

    score: float
    kind: float
    place: float
    """By the distance against both position errors: 1 in one place, 0.6 at the combined error."""
    shape: float
    name: float | None = None
    """None where one of them has no name, or its name says only what it is."""
    neighbours: float | None = None
    """Whether it lies where the neighbours that were matched would put it; None without such."""
    distance_m: float = 0.0
    combined_error_m: float = 0.0

    def with_neighbours(self, likeness: float) -> Agreement:
        """Return it with the word of the neighbours."""
        changed = replace(self, neighbours=likeness)
        return replace(changed, score=_score(changed))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Features with what is measured of them once."""

    features: tuple[MatchFeature, ...]
    shapes: tuple[BaseGeometry, ...]
    """In metres east and north."""
    middles: NDArray[np.float64]
    """Shape (n, 2), metres."""
    own_name: tuple[bool, ...]
    """Whether its name is shared by no other feature of its event."""
    only_one: tuple[bool, ...]
    """Whether its event drew no other of its kind, or none of its name: such a place is hardly taken for another."""

    def agreement(self, one: int, two: int) -> Agreement | None:
        """Compare two features; None where they cannot be one object."""
        first, second = self.features[one], self.features[two]
        kind = kind_likeness(first.kind, second.kind)
        if kind == 0.0:
            return None
        error = math.hypot(first.position_error_m, second.position_error_m, _FLOOR_M)
        # Not even their middles and reaches come near: spares measuring long lines.
        reach = shapely.distance(self.shapes[one], self.shapes[two])
        if reach > _FARTHEST_NAMED * error:
            return None
        likeness = name_likeness(first.names, second.names)
        own = self.own_name[one] and self.own_name[two]
        distance = _distance(self.shapes[one], self.shapes[two])
        same_name = likeness is not None and own and likeness >= _DISTINCT
        if distance > (_FARTHEST_NAMED if same_name else _FARTHEST) * error:
            return None
        if likeness is not None and own and likeness < _OTHER_NAME:
            return None
        agreement = Agreement(
            score=0.0,
            kind=kind,
            place=math.exp(-0.5 * (distance / error) ** 2),
            shape=_shape_likeness(self.shapes[one], self.shapes[two], error),
            name=likeness if own or (likeness is not None and likeness < _OTHER_NAME) else None,
            distance_m=distance,
            combined_error_m=error,
        )
        return replace(agreement, score=_score(agreement))


def gather(features: Sequence[MatchFeature]) -> Evidence:
    """Measure features of one village."""
    shapes = in_metres(features)
    middles = np.array([shape.centroid.coords[0] for shape in shapes]).reshape(-1, 2)
    used = Counter((feature.event, name_key(name)) for feature in features for name in feature.names)
    own = tuple(
        bool(feature.names) and all(used[feature.event, name_key(name)] == 1 for name in feature.names)
        for feature in features
    )
    kinds = Counter((feature.event, feature.kind) for feature in features)
    only = tuple(named or kinds[feature.event, feature.kind] == 1 for feature, named in zip(features, own, strict=True))
    return Evidence(tuple(features), tuple(shapes), middles, own, only)


def _score(agreement: Agreement) -> float:
    parts = {name: getattr(agreement, name) for name in _WEIGHTS}
    told = {name: value for name, value in parts.items() if value is not None}
    return float(sum(_WEIGHTS[name] * value for name, value in told.items()) / sum(_WEIGHTS[name] for name in told))


def _distance(one: BaseGeometry, two: BaseGeometry) -> float:
    """Return how far apart two shapes were put, metres.

    Lines: how far the shorter runs from the longer, for one group may have drawn a part of a road only. Areas, and an
    area and a point: between their middles, less for a point within. Others: the shortest distance.
    """
    lines = one.length > 0 and two.length > 0 and one.area == two.area == 0
    if lines:
        shorter, longer = (one, two) if one.length <= two.length else (two, one)
        return float(np.mean(shapely.distance(shapely.points(_along(shorter, _STEPS)), longer)))
    if one.area > 0 and two.area > 0:
        return float(one.centroid.distance(two.centroid))
    return float(one.distance(two))


def _shape_likeness(one: BaseGeometry, two: BaseGeometry, error: float) -> float:
    low, high = sorted((shapely.get_dimensions(one), shapely.get_dimensions(two)))
    same = _DIMENSIONS[int(low), int(high)]
    if low != high or low == 0:
        return same
    sizes = (math.sqrt(one.area), math.sqrt(two.area)) if low == 2 else (one.length, two.length)
    # A size is no better known than the places of its ends.
    smaller, larger = min(sizes) + error, max(sizes) + error
    likeness = smaller / larger
    if low == 1:
        return 0.4 * math.sqrt(likeness) + 0.6 * abs(float(_heading(one) @ _heading(two)))
    return math.sqrt(likeness)


def _heading(line: BaseGeometry) -> NDArray[np.float64]:
    """Return the main direction of a line, a unit vector."""
    points = _along(line, 9)
    _, _, axes = np.linalg.svd(points - points.mean(axis=0))
    return np.asarray(axes[0], np.float64)


def _along(line: BaseGeometry, count: int) -> NDArray[np.float64]:
    """Return places evenly along a line (of several parts: the longest), shape (count, 2)."""
    parts = [part for part in shapely.get_parts([line]).tolist() if isinstance(part, LineString | LinearRing)]
    longest = max(parts, key=lambda part: part.length)
    spots = [longest.interpolate(share, normalized=True) for share in np.linspace(0, 1, count).tolist()]
    return shapely.get_coordinates(spots)
