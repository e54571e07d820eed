"""Which candidates touch or cross each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Pattern

__all__ = ["find_neighbours"]

_INKED = frozenset({Pattern.HATCHED, Pattern.FILLED})


def find_neighbours(
    geometries: Sequence[BaseGeometry],
    *,
    kinds: Sequence[CandidateKind],
    patterns: Sequence[Pattern],
    widths: NDArray[np.float64],
    nodes: Sequence[frozenset[int]],
    parts: Sequence[Sequence[int]],
) -> list[list[int]]:
    """Find what touches or crosses: strokes that meet, or centre lines not farther apart than a stroke is wide.

    Of an area only the outline touches, so that a home is no neighbour of the field around it; an area full of ink and
    writing touch with all they cover. An object and its own parts are not called neighbours.

    Parameters
    ----------
    geometries, kinds, patterns
        Of each candidate, in pixels.
    widths
        Of its stroke; of a double line, the distance of its sides.
    nodes
        Nodes of the stroke graph that its strokes reach.
    parts
        Places of the candidates that it offers as one object.

    Returns
    -------
    list
        For each candidate the places of its neighbours, ascending.
    """
    count = len(geometries)
    inked = [
        geometry.boundary if kind is CandidateKind.POLYGON and pattern not in _INKED else geometry
        for geometry, kind, pattern in zip(geometries, kinds, patterns, strict=True)
    ]
    if count < 2:
        return [[] for _ in range(count)]
    # Half of either stroke lies between two centre lines that touch.
    pairs: set[tuple[int, int]] = set()
    half = widths / 2
    first, second = shapely.STRtree(inked).query(inked, predicate="dwithin", distance=half + float(half.max()))
    later = first < second
    first, second = first[later], second[later]
    wide = half[first] + half[second]
    near = np.flatnonzero(shapely.distance(np.array(inked, object)[first], np.array(inked, object)[second]) <= wide)
    pairs.update(zip(first[near].tolist(), second[near].tolist(), strict=True))
    at_node: dict[int, list[int]] = {}
    for place, reached in enumerate(nodes):
        for node in reached:
            at_node.setdefault(node, []).append(place)
    pairs.update((one, two) for met in at_node.values() for one in met for two in met if one < two)
    own = {
        pair for whole, members in enumerate(parts) for member in members for pair in ((whole, member), (member, whole))
    }
    beside: list[list[int]] = [[] for _ in range(count)]
    for one, two in pairs - own:
        beside[one].append(two)
        beside[two].append(one)
    return [sorted(places) for places in beside]
