"""Dashed lines, and the areas that people outline with dashes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry import Polygon

from sketch_import.tracing.network import Network

__all__ = ["DashedLoop", "DashedRow", "find_dashed", "follow"]

_DASHES = 4
"""Fewest dashes that make a dashed line."""
_DASH_GAP = 3.0
"""Widest gap between dashes, over their length."""
_WIDE_GAP = 2.2
"""From this the dashes must be many, and more nearly in one line."""
_MANY = 6
_WIDE_BEND = 0.96
_DASH_BEND = 0.9
_PATTERN_REACH = 2.2
"""Parallel dashes beside a dash, within this many of its lengths, make it part of a pattern, such as a field's."""
_PATTERN_SHARE = 0.5
_CORNER = 5.0
"""Widest gap round a corner of a dashed outline, over the length of its dashes."""
_LOOP_DASHES = 8
_LOOP_SIDE = 2.5
"""Smallest side of an area outlined with dashes, over their length."""

_End = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class DashedRow:
    """Dashes that follow one another."""

    points: NDArray[np.float64]
    """Start and end of each dash in order, shape (2n, 2)."""
    strokes: tuple[int, ...]
    drawn: float
    """Length of the dashes without the gaps."""


@dataclass(frozen=True, slots=True, eq=False)
class DashedLoop:
    """An area outlined with dashes."""

    polygon: Polygon
    strokes: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Dashes:
    strokes: list[tuple[int, ...]]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    length: NDArray[np.float64]
    heading: NDArray[np.float64]


def find_dashed(
    network: Network, dashes: list[tuple[int, ...]], *, same_ink: Callable[[int, int], bool]
) -> tuple[list[DashedRow], list[DashedLoop]]:
    """Join short straight strokes that follow one another in their own direction.

    Parameters
    ----------
    network
        The strokes.
    dashes
        For each dash its strokes, in order.
    same_ink
        Tells whether two strokes may belong to one line by their ink.

    Returns
    -------
    rows
        Dashed lines. Dashes side by side are the pattern of a field and no line.
    loops
        Areas whose whole outline is dashed.
    """
    if len(dashes) < _DASHES:
        return [], []
    first = np.array([network.strokes[dash[0]].points[0] for dash in dashes])
    last = np.array([network.strokes[dash[-1]].points[-1] for dash in dashes])
    length = np.maximum(np.hypot(*(last - first).T), 1e-6)
    marks = _Dashes(strokes=dashes, first=first, last=last, length=length, heading=(last - first) / length[:, None])
    chains = follow(list(range(len(dashes))), _paired(marks, same_ink))
    beside = _parallel_beside(marks)
    plain = [chain for chain in chains if float(np.mean([beside[index] for index, _ in chain])) <= _PATTERN_SHARE]
    rows = [_row(marks, chain) for chain in plain if len(chain) >= _DASHES]
    rows = [row for row in rows if len(row.points) >= 2 * _MANY or _gap_share(row) <= _WIDE_GAP]
    return rows, _loops(marks, [chain for chain in chains if len(chain) > 1 or not beside[chain[0][0]]], same_ink)


def _paired(marks: _Dashes, same_ink: Callable[[int, int], bool]) -> dict[_End, _End]:
    count = len(marks.strokes)
    tips = np.vstack([marks.first, marks.last])
    outward = np.vstack([-marks.heading, marks.heading])
    wishes = []
    for one, two in cKDTree(tips).query_pairs(_DASH_GAP * float(np.percentile(marks.length, 90))):
        a, b = one % count, two % count
        shorter, longer = sorted((marks.length[a], marks.length[b]))
        across = tips[two] - tips[one]
        gap = float(np.hypot(*across))
        if a == b or gap > _DASH_GAP * shorter or longer > 3 * shorter:
            continue
        if not same_ink(marks.strokes[a][0], marks.strokes[b][0]):
            continue
        towards = across / max(gap, 1e-6)
        ahead, back = float(outward[one] @ towards), float(-outward[two] @ towards)
        bend = _WIDE_BEND if gap > _WIDE_GAP * shorter else _DASH_BEND
        if min(ahead, back, float(-outward[one] @ outward[two])) > bend:
            wishes.append((gap / (ahead + back), one, two))
    partner: dict[_End, _End] = {}
    for _, one, two in sorted(wishes):
        here, there = (one % count, one // count), (two % count, two // count)
        if here not in partner and there not in partner:
            partner[here], partner[there] = there, here
    return partner


def _row(marks: _Dashes, chain: list[tuple[int, bool]]) -> DashedRow:
    ends = [(marks.first[i], marks.last[i]) if forward else (marks.last[i], marks.first[i]) for i, forward in chain]
    return DashedRow(
        points=np.array(ends).reshape(-1, 2),
        strokes=tuple(stroke for i, _ in chain for stroke in marks.strokes[i]),
        drawn=float(sum(marks.length[i] for i, _ in chain)),
    )


def _gap_share(row: DashedRow) -> float:
    """Return the length of the gaps over that of the dashes before them."""
    gaps = np.hypot(*(row.points[2::2] - row.points[1:-1:2]).T)
    dashes = np.hypot(*(row.points[1::2] - row.points[::2]).T)
    return float(gaps.sum() / max(dashes[:-1].sum(), 1e-6))


def _loops(
    marks: _Dashes, chains: list[list[tuple[int, bool]]], same_ink: Callable[[int, int], bool]
) -> list[DashedLoop]:
    """Tie rows together at the corners, nearest ends first, and see what they enclose."""
    rows = [_row(marks, chain) for chain in chains]
    typical = np.array([row.drawn / len(chain) for row, chain in zip(rows, chains, strict=True)])
    if not rows:
        return []
    tips = np.array([point for row in rows for point in (row.points[0], row.points[-1])])
    wishes = []
    for one, two in cKDTree(tips).query_pairs(_CORNER * float(np.percentile(typical, 90))):
        a, b = one // 2, two // 2
        gap = float(np.hypot(*(tips[one] - tips[two])))
        near = gap <= _CORNER * (typical[a] + typical[b]) / 2
        if near and (a != b or len(chains[a]) > 2) and same_ink(rows[a].strokes[0], rows[b].strokes[0]):
            wishes.append((gap, one, two))
    partner: dict[_End, _End] = {}
    for _, one, two in sorted(wishes):
        here, there = (one // 2, one % 2), (two // 2, two % 2)
        if here not in partner and there not in partner:
            partner[here], partner[there] = there, here
    loops = []
    for ring in follow(list(range(len(rows))), partner):
        start, end = (ring[0][0], 0 if ring[0][1] else 1), (ring[-1][0], 1 if ring[-1][1] else 0)
        dashes = sum(len(chains[index]) for index, _ in ring)
        if partner.get(end) != start or dashes < _LOOP_DASHES:
            continue
        outline = np.vstack([rows[i].points if forward else rows[i].points[::-1] for i, forward in ring])
        polygon = Polygon(outline)
        side = _LOOP_SIDE * float(np.mean([typical[index] for index, _ in ring]))
        if polygon.is_valid and polygon.area > side * side and _drawn_share(polygon, rows, ring) > 0.4:
            loops.append(DashedLoop(polygon, frozenset(stroke for index, _ in ring for stroke in rows[index].strokes)))
    return loops


def _drawn_share(polygon: Polygon, rows: list[DashedRow], ring: list[tuple[int, bool]]) -> float:
    return sum(rows[index].drawn for index, _ in ring) / max(polygon.exterior.length, 1e-6)


def _parallel_beside(marks: _Dashes) -> NDArray[np.bool_]:
    """Tell which dashes have a like one to their side rather than ahead."""
    middles, heading, length = (marks.first + marks.last) / 2, marks.heading, marks.length
    beside = np.zeros(len(middles), dtype=bool)
    for one, two in cKDTree(middles).query_pairs(_PATTERN_REACH * float(np.percentile(length, 90))):
        across = middles[two] - middles[one]
        for here, there in ((one, two), (two, one)):
            along = abs(float(across @ heading[here]))
            aside = abs(float(across[0] * heading[here][1] - across[1] * heading[here][0]))
            alike = abs(float(heading[here] @ heading[there])) > _DASH_BEND
            if alike and 0.3 * length[here] < aside < _PATTERN_REACH * length[here] and along < aside:
                beside[here] = True
    return beside


def follow(members: list[int], partner: dict[tuple[int, int], tuple[int, int]]) -> list[list[tuple[int, bool]]]:
    """Follow paired ends from the beginning of each chain.

    Parameters
    ----------
    members
        Numbers of the pieces.
    partner
        For an end (piece, side) the end it continues in.

    Returns
    -------
    list
        Chains of (piece, whether it runs forward).
    """
    seen: set[int] = set()
    chains = []
    for start in members:
        if start in seen:
            continue
        # Back to the beginning of the chain first, or all the way round a loop.
        index, side = start, 0
        while (index, side) in partner:
            index, side = partner[index, side]
            side = 1 - side
            if index == start:
                break
        chain = []
        while index not in seen:
            seen.add(index)
            chain.append((index, side == 0))
            nxt = partner.get((index, 1 - side))
            if nxt is None:
                break
            index, side = nxt
        chains.append(chain)
    return chains
