"""Roads, rivers, boundaries: strokes followed through junctions, dashes joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from sketch_import.tracing.network import Network, path_length

__all__ = ["Line", "find_lines"]

_LEAST = 12.0
"""Shortest line, in stroke widths."""
_LEAST_SHARE = 1 / 55
"""Shortest line, as a share of the long side of the picture."""
_BEND = 0.72
"""Cosine of the sharpest turn that a line takes at a junction (about 44 degrees)."""
_DASHES = 4
"""Fewest dashes that make a dashed line."""
_DASH_GAP = 2.2
"""Gap between dashes, over their length."""
_DASH_BEND = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line as a person would draw it in one go."""

    geometry: LineString
    """Centre line, pixels, y down."""
    strokes: tuple[int, ...]
    drawn: float
    """Length drawn for itself: without gaps and without sides borrowed from an area's outline."""
    dashed: bool
    confidence: float


def find_lines(
    network: Network,
    members: Iterable[int],
    *,
    outlines: frozenset[int],
    long_side: float,
    same_ink: Callable[[int, int], bool],
) -> list[Line]:
    """Chain strokes into lines.

    Parameters
    ----------
    network
        The strokes.
    members
        Strokes that may be part of a line (not writing).
    outlines
        Strokes that already are the outline of an area; a line may run along one, but no line is made of them alone.
    long_side
        Long side of the picture, pixels.
    same_ink
        Tells whether two strokes may belong to one line by their ink.
    """
    least = max(_LEAST * network.width, _LEAST_SHARE * long_side)
    chains = _chains(network, set(members), same_ink)
    lines: list[Line] = []
    dashes: list[tuple[int, ...]] = []
    for chain in chains:
        trimmed = _trim([index for index, _ in chain], outlines)
        kept = [pair for pair in chain if pair[0] in trimmed]
        if not kept:
            continue
        points = _points(network, kept)
        own = sum(network.strokes[i].length for i, _ in kept if i not in outlines and not network.strokes[i].bridge)
        if own >= least:
            lines.append(_line(points, tuple(index for index, _ in kept), own, network, long_side, dashed=False))
        elif own >= 1.5 * network.width and len(kept) <= 2 and _is_straight(points):
            dashes.append(tuple(index for index, _ in kept))
    return lines + _dashed(network, dashes, least, long_side)


def _chains(network: Network, members: set[int], same_ink: Callable[[int, int], bool]) -> list[list[tuple[int, bool]]]:
    """Pair stroke ends at each node by straightness, then follow the pairs."""
    at_node: dict[int, list[tuple[int, int]]] = {}
    for index in members:
        for side, node in enumerate(network.strokes[index].ends):
            at_node.setdefault(node, []).append((index, side))
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for ends in at_node.values():
        if len(ends) < 2:
            continue
        headings = [_outward(network, index, side) for index, side in ends]
        wishes = []
        for one in range(len(ends)):
            for two in range(one + 1, len(ends)):
                straight = -float(headings[one] @ headings[two])
                only = len(ends) == 2
                if (straight > _BEND or only) and ends[one] != ends[two] and same_ink(ends[one][0], ends[two][0]):
                    wishes.append((-straight, one, two))
        taken: set[int] = set()
        for _, one, two in sorted(wishes):
            if one not in taken and two not in taken:
                taken |= {one, two}
                partner[ends[one]], partner[ends[two]] = ends[two], ends[one]
    return _follow(sorted(members), partner)


def _follow(members: list[int], partner: dict[tuple[int, int], tuple[int, int]]) -> list[list[tuple[int, bool]]]:
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


def _outward(network: Network, index: int, side: int) -> NDArray[np.float64]:
    points = network.strokes[index].points if side == 0 else network.strokes[index].points[::-1]
    # Past the blot of the junction itself.
    skip = min(round(network.width), max(0, len(points) - 3))
    reach = min(len(points) - 1, skip + max(3, round(5 * network.width)))
    heading = points[reach] - points[skip]
    size = float(np.hypot(*heading))
    return heading / size if size > 0 else np.zeros(2)


def _trim(indices: list[int], outlines: frozenset[int]) -> set[int]:
    own = [place for place, index in enumerate(indices) if index not in outlines]
    return set(indices[own[0] : own[-1] + 1]) if own else set()


def _points(network: Network, chain: list[tuple[int, bool]]) -> NDArray[np.float64]:
    parts = []
    for index, forward in chain:
        points = network.strokes[index].points
        parts.append(points if forward else points[::-1])
    return np.vstack(parts)


def _line(
    points: NDArray[np.float64],
    strokes: tuple[int, ...],
    own: float,
    network: Network,
    long_side: float,
    *,
    dashed: bool,
) -> Line:
    geometry = shapely.simplify(LineString(points), 0.3 * network.width)
    # A long, calm line is a road or a river; short wriggles are signs and scribble.
    calm = float(np.hypot(*(points[-1] - points[0]))) / max(path_length(points), 1e-6)
    sure = 0.25 + 0.5 * min(1.0, own / (0.12 * long_side)) + 0.2 * min(1.0, calm / 0.7)
    return Line(geometry=geometry, strokes=strokes, drawn=own, dashed=dashed, confidence=min(0.95, sure))


def _is_straight(points: NDArray[np.float64]) -> bool:
    return float(np.hypot(*(points[-1] - points[0]))) > 0.93 * path_length(points)


def _dashed(network: Network, dashes: list[tuple[int, ...]], least: float, long_side: float) -> list[Line]:
    """Join short straight strokes that follow one another in their own direction."""
    if len(dashes) < _DASHES:
        return []
    first = np.array([network.strokes[dash[0]].points[0] for dash in dashes])
    last = np.array([network.strokes[dash[-1]].points[-1] for dash in dashes])
    length = np.maximum(np.hypot(*(last - first).T), 1e-6)
    heading = (last - first) / length[:, None]
    tips = np.vstack([first, last])
    outward = np.vstack([-heading, heading])
    count = len(dashes)
    wishes = []
    for one, two in cKDTree(tips).query_pairs(_DASH_GAP * float(np.percentile(length, 90))):
        a, b = one % count, two % count
        across = tips[two] - tips[one]
        gap = float(np.hypot(*across))
        if (
            a == b
            or gap > _DASH_GAP * min(length[a], length[b])
            or max(length[a], length[b]) > 3 * min(length[a], length[b])
        ):
            continue
        towards = across / max(gap, 1e-6)
        ahead, back = float(outward[one] @ towards), float(-outward[two] @ towards)
        if ahead > _DASH_BEND and back > _DASH_BEND and float(-outward[one] @ outward[two]) > _DASH_BEND:
            wishes.append((gap / (ahead + back), one, two))
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for _, one, two in sorted(wishes):
        ends = (one % count, one // count), (two % count, two // count)
        if ends[0] not in partner and ends[1] not in partner:
            partner[ends[0]], partner[ends[1]] = ends[1], ends[0]
    lines = []
    for chain in _follow(list(range(count)), partner):
        if len(chain) < _DASHES:
            continue
        points = np.vstack([[first[i], last[i]] if forward else [last[i], first[i]] for i, forward in chain])
        drawn = float(sum(length[i] for i, _ in chain))
        if path_length(points) >= least:
            strokes = tuple(stroke for i, _ in chain for stroke in dashes[i])
            lines.append(_line(points, strokes, drawn, network, long_side, dashed=True))
    return lines
