"""Gather drafts that are one thing: the two sides of a road, the strokes of a hatching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.tracing.double_roads import DoubleRoad, find_double_roads
from sketch_import.tracing.draft import Draft, less_sure
from sketch_import.tracing.hatching import Hatching, find_hatchings
from sketch_import.tracing.network import Network
from sketch_import.tracing.parallels import find_parallels

__all__ = ["gather"]

_PART = 0.5
"""Factor on the confidence of what is offered as part of something else."""
_HATCH_PART = 0.3
_ALONG = 0.6
"""A line is the side of a road, or a stroke of a hatching, from this share of its length."""
_OUTLINE = 0.5
"""An area is the outline of a hatching from this overlap, intersection over union."""
_WITHIN = 0.8
_CELL = 0.4
"""An area within a hatching is one of its cells up to this share of it."""


def gather(drafts: Sequence[Draft], network: Network, inks: Sequence[Ink], *, long_side: float) -> list[Draft]:
    """Add double roads and hatched areas, and lower the confidence of what they are made of.

    Parameters
    ----------
    drafts
        Areas, lines, signs and writing.
    network
        The strokes they come from.
    inks
        Ink of every stroke.
    long_side
        Long side of the picture, pixels.
    """
    written = {index for draft in drafts if draft.kind is CandidateKind.TEXT for index in draft.strokes}
    parallels = find_parallels(network, (i for i in range(len(network.strokes)) if i not in written), inks)
    gathered = list(drafts)
    hatched: frozenset[int] = frozenset()
    for hatching in find_hatchings(network, parallels):
        hatched |= hatching.strokes
        gathered = _with_hatching(gathered, hatching, network, inks)
    for road in find_double_roads(network, parallels, long_side=long_side):
        if len(road.strokes & hatched) <= 0.5 * len(road.strokes):
            gathered = _with_road(gathered, road, network, inks)
    return gathered


def _with_hatching(drafts: list[Draft], hatching: Hatching, network: Network, inks: Sequence[Ink]) -> list[Draft]:
    outline: int | None = None
    best = _OUTLINE
    cells: list[int] = []
    strokes: list[int] = []
    for place, draft in enumerate(drafts):
        if draft.kind is CandidateKind.LINE:
            if _share(draft, hatching.strokes, network) >= _ALONG:
                strokes.append(place)
        elif draft.kind is CandidateKind.POLYGON and draft.pattern is not Pattern.FILLED:
            common = float(shapely.intersection(draft.geometry, hatching.polygon).area)
            overlap = common / (draft.geometry.area + hatching.polygon.area - common)
            if overlap >= best:
                outline, best = place, overlap
            is_cell = draft.geometry.area <= _CELL * hatching.polygon.area
            if is_cell and common >= _WITHIN * draft.geometry.area and draft.strokes & hatching.strokes:
                cells.append(place)
    kept = [place for place in range(len(drafts)) if place not in cells]
    renamed = {place: number for number, place in enumerate(kept)}
    lowered = set(strokes)
    result = [less_sure(drafts[place], _HATCH_PART) if place in lowered else drafts[place] for place in kept]
    result = [replace(draft, parts=tuple(renamed[part] for part in draft.parts if part in renamed)) for draft in result]
    parts = tuple(renamed[place] for place in strokes)
    if outline is not None:
        number = renamed[outline]
        known = result[number]
        sure = max(known.confidence, hatching.confidence)
        result[number] = replace(known, pattern=Pattern.HATCHED, parts=parts, confidence=sure)
        return result
    area = _united([hatching.polygon, *(drafts[place].geometry for place in cells)])
    drawn = [network.strokes[index] for index in hatching.strokes]
    result.append(
        Draft(
            CandidateKind.POLYGON,
            shapely.simplify(area, 0.5 * network.width),
            _most(hatching.strokes, network, inks),
            float(np.median([stroke.width for stroke in drawn])),
            hatching.confidence,
            Pattern.HATCHED,
            hatching.strokes,
            parts=parts,
        )
    )
    return result


def _united(shapes: Sequence[BaseGeometry]) -> Polygon:
    whole = shapely.union_all(shapes)
    largest = max(shapely.get_parts(whole).tolist(), key=shapely.area)
    return Polygon(largest.exterior)


def _with_road(drafts: list[Draft], road: DoubleRoad, network: Network, inks: Sequence[Ink]) -> list[Draft]:
    reach = road.width / 2 + network.width + 0.25 * road.width
    ground = road.geometry.buffer(reach, cap_style="flat")
    result, parts = list(drafts), []
    for place, draft in enumerate(drafts):
        if draft.kind is CandidateKind.LINE and draft.pattern is not Pattern.DOUBLE:
            if draft.strokes & road.strokes and _within(draft.geometry, ground, shapely.length) >= _ALONG:
                parts.append(place)
                result[place] = less_sure(draft, _PART)
        elif draft.kind is CandidateKind.POLYGON and _is_between(draft, road, ground):
            result[place] = less_sure(draft, _PART)
    result.append(
        Draft(
            CandidateKind.LINE,
            road.geometry,
            _most(road.strokes, network, inks),
            road.width,
            road.confidence,
            Pattern.DOUBLE,
            road.strokes,
            parts=tuple(parts),
        )
    )
    return result


def _is_between(draft: Draft, road: DoubleRoad, ground: BaseGeometry) -> bool:
    """Tell the ground between the two sides of a road, closed at both ends, from other areas."""
    return bool(draft.strokes & road.strokes) and _within(draft.geometry, ground, shapely.area) >= _WITHIN


def _within(geometry: BaseGeometry, ground: BaseGeometry, measure: object) -> float:
    assert callable(measure)
    return float(measure(shapely.intersection(geometry, ground))) / max(float(measure(geometry)), 1e-9)


def _share(draft: Draft, strokes: frozenset[int], network: Network) -> float:
    total = sum(network.strokes[index].length for index in draft.strokes)
    return sum(network.strokes[index].length for index in draft.strokes & strokes) / max(total, 1e-9)


def _most(strokes: frozenset[int], network: Network, inks: Sequence[Ink]) -> Ink:
    votes: dict[Ink, float] = {}
    for index in strokes:
        votes[inks[index]] = votes.get(inks[index], 0.0) + network.strokes[index].length
    return max(votes, key=lambda ink: (votes[ink], ink)) if votes else Ink.BLACK
