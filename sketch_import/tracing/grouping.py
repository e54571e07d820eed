"""Gather drafts that are one thing: the two sides of a road, the strokes of a hatching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.tracing.double_roads import DoubleRoad, find_double_roads
from sketch_import.tracing.draft import Draft, less_sure
from sketch_import.tracing.hatching import Hatching, find_hatchings
from sketch_import.tracing.network import Network

__all__ = ["gather"]

_SIDES = frozenset({CandidateKind.LINE, CandidateKind.POLYGON})
_PART = 0.5
"""Factor on the confidence of what is offered as part of something else."""
_HATCH_PART = 0.3
_SURE_HATCHING = 0.6
"""From this confidence the strokes that lie in a hatching almost whole are no lines of their own."""
_WHOLLY = 0.9
_ROWS = 3
"""Fewest straight lines side by side within an area that fill it, too far apart for a hatching."""
_PARALLEL = 0.97
_STRAIGHT = 0.93
_ALONG = 0.6
"""A line is the side of a road, or a stroke of a hatching, from this share of its length."""
_OUTLINE = 0.5
"""An area is the outline of a hatching from this overlap, intersection over union."""
_WITHIN = 0.8


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
    members = [index for index in range(len(network.strokes)) if index not in written]
    gathered = list(drafts)
    hatched: frozenset[int] = frozenset()
    for hatching in find_hatchings(network, members, inks):
        hatched |= hatching.strokes
        gathered = _with_hatching(gathered, hatching, network, inks)
    sides = {index for draft in drafts if draft.kind in _SIDES for index in draft.strokes} - hatched
    for road in find_double_roads(network, sides, inks, long_side=long_side):
        gathered = _with_road(gathered, road, network, inks)
    return _with_rows(gathered)


def _with_rows(drafts: list[Draft]) -> list[Draft]:
    """Doubt straight lines that lie side by side within an area: its filling, however wide apart."""
    areas = [draft for draft in drafts if draft.kind is CandidateKind.POLYGON and draft.pattern is Pattern.SOLID]
    places, headings = [], []
    for place, draft in enumerate(drafts):
        if draft.kind is CandidateKind.LINE and draft.pattern is Pattern.SOLID:
            across = np.subtract(draft.geometry.coords[-1], draft.geometry.coords[0])
            size = float(np.hypot(*across))
            if size > _STRAIGHT * draft.geometry.length:
                places.append(place)
                headings.append(across / size)
    if not areas or len(places) < _ROWS:
        return drafts
    lines = [drafts[place].geometry for place in places]
    within: dict[int, list[int]] = {}
    grounds = [area.geometry.buffer(area.width / 2) for area in areas]
    for ground, line in zip(*shapely.STRtree(lines).query(grounds, predicate="contains").tolist(), strict=True):
        within.setdefault(ground, []).append(line)
    rows: set[int] = set()
    for ground, inside in within.items():
        for line in inside:
            beside = [other for other in inside if abs(float(headings[line] @ headings[other])) > _PARALLEL]
            # A field across the whole sheet holds roads; rows run over a good part of their area.
            if len(beside) >= _ROWS and lines[line].length > 0.25 * np.sqrt(areas[ground].geometry.area):
                rows.add(places[line])
    return [less_sure(draft, _PART) if place in rows else draft for place, draft in enumerate(drafts)]


def _with_hatching(drafts: list[Draft], hatching: Hatching, network: Network, inks: Sequence[Ink]) -> list[Draft]:
    around = _outline_around(hatching, network, hatching.strokes | hatching.rim)
    around = around or _outline_around(hatching, network, hatching.strokes)
    area = hatching.polygon if around is None else around
    filling = hatching.strokes if around is not None else hatching.strokes | hatching.rim
    known: int | None = None
    best = _OUTLINE
    cells: set[int] = set()
    lowered: list[int] = []
    for place, draft in enumerate(drafts):
        if draft.kind is CandidateKind.LINE and (share := _share(draft, filling, network)) >= _ALONG:
            if hatching.confidence >= _SURE_HATCHING and share >= _WHOLLY:
                cells.add(place)
            else:
                lowered.append(place)
        if draft.kind is not CandidateKind.POLYGON or draft.pattern is Pattern.FILLED:
            continue
        common = float(shapely.intersection(draft.geometry, area).area)
        overlap = common / (draft.geometry.area + area.area - common)
        if overlap >= best and draft.pattern is not Pattern.HATCHED:
            known, best = place, overlap
        elif common >= _WITHIN * draft.geometry.area and draft.strokes & filling:
            cells.add(place)
    kept = [place for place in range(len(drafts)) if place not in cells]
    renamed = {place: number for number, place in enumerate(kept)}
    result = [
        replace(drafts[place], parts=tuple(renamed[part] for part in drafts[place].parts if part in renamed))
        for place in kept
    ]
    parts = tuple(renamed[place] for place in lowered)
    for place in parts:
        result[place] = less_sure(result[place], _HATCH_PART)
    if known is not None:
        outline = result[renamed[known]]
        sure = max(outline.confidence, hatching.confidence)
        result[renamed[known]] = replace(outline, pattern=Pattern.HATCHED, parts=parts, confidence=sure)
        return result
    width = float(np.median([network.strokes[index].width for index in hatching.strokes]))
    result.append(
        Draft(
            CandidateKind.POLYGON,
            shapely.simplify(area, 0.5 * width),
            _most(hatching.strokes, network, inks),
            width,
            hatching.confidence,
            Pattern.HATCHED,
            hatching.strokes,
            parts=parts,
        )
    )
    return result


def _outline_around(hatching: Hatching, network: Network, filling: frozenset[int]) -> Polygon | None:
    """Find the outline that the strokes of a hatching run up to, which they had cut into pieces."""
    near = hatching.polygon.buffer(4 * network.width)
    tips = {node for index in filling for node in network.strokes[index].ends}
    lines = [
        shapely.simplify(LineString(stroke.points), 0.12 * network.width)
        for index, stroke in enumerate(network.strokes)
        if index not in filling
        and not (stroke.bridge and tips.intersection(stroke.ends))
        and near.covers(LineString(stroke.points))
    ]
    enclosed = shapely.polygonize(lines)
    best, best_overlap = None, _OUTLINE
    for part in enclosed.geoms:
        common = part.intersection(hatching.polygon).area
        overlap = common / (part.area + hatching.polygon.area - common)
        if isinstance(part, Polygon) and overlap >= best_overlap:
            best, best_overlap = Polygon(part.exterior), overlap
    return best


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
