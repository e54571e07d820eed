"""Roads, rivers, boundaries: strokes followed through junctions, dashes joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from sketch_import.tracing.dashes import DashedLoop, find_dashed, follow
from sketch_import.tracing.dots import find_dotted
from sketch_import.tracing.network import Network, path_length
from sketch_import.tracing.pieces import Piece

__all__ = ["Line", "Lines", "find_lines"]

_LEAST = 12.0
"""Shortest line, in stroke widths."""
_LEAST_SHARE = 1 / 55
"""Shortest line, as a share of the long side of the picture."""
_BEND = 0.72
"""Cosine of the sharpest turn that a line takes at a junction (about 44 degrees)."""
_BORROWED = 0.75
"""A line that runs along outlines of areas for more than this share of its length is their outline."""
_SIMPLER = 0.2
"""How far a corner may be left out, in stroke widths; with the grain it stays within half a stroke."""
_DASH = 0.9
"""Shortest dash, in stroke widths: below are dots."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line as a person would draw it in one go."""

    geometry: LineString
    """Centre line, pixels, y down."""
    strokes: tuple[int, ...]
    drawn: float
    """Length drawn: without the gaps."""
    dashed: bool
    confidence: float
    ends: tuple[int, int]
    """Nodes of the network at its first and its last point."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines, and the areas that dashed ones enclose."""

    lines: tuple[Line, ...]
    loops: tuple[DashedLoop, ...]


def find_lines(
    network: Network,
    members: Iterable[int],
    *,
    pieces: Sequence[Piece],
    outlines: frozenset[int],
    long_side: float,
    same_ink: Callable[[int, int], bool],
) -> Lines:
    """Chain strokes into lines.

    Parameters
    ----------
    network
        The strokes.
    members
        Strokes that may be part of a line (not writing).
    pieces
        Connected pieces of the network.
    outlines
        Strokes that already are the outline of an area; a line may run along them
        for a part of its way, as a road along a field.
    long_side
        Long side of the picture, pixels.
    same_ink
        Tells whether two strokes may belong to one line by their ink.
    """
    least = max(_LEAST * network.width, _LEAST_SHARE * long_side)
    allowed = set(members)
    chains = _chains(network, allowed, same_ink)
    lines: list[Line] = []
    dashes: list[tuple[int, ...]] = []
    for chain in chains:
        strokes = [network.strokes[index] for index, _ in chain]
        total = sum(stroke.length for stroke in strokes)
        borrowed = sum(network.strokes[index].length for index, _ in chain if index in outlines)
        if borrowed > _BORROWED * total:
            continue
        points = _points(network, chain)
        own = total - sum(stroke.length for stroke in strokes if stroke.bridge)
        if own >= least:
            lines.append(_line(points, tuple(index for index, _ in chain), own, network, long_side, dashed=False))
        elif own >= _DASH * network.width and len(chain) <= 2 and _is_straight(points):
            dashes.append(tuple(index for index, _ in chain))
    rows, loops = find_dashed(network, dashes, same_ink=same_ink)
    used = {index for row in rows for index in row.strokes} | {index for loop in loops for index in loop.strokes}
    used |= {index for line in lines for index in line.strokes} | outlines
    loose = [piece for piece in pieces if used.isdisjoint(piece.strokes) and allowed.issuperset(piece.strokes)]
    for row in rows + find_dotted(network, loose, same_ink=same_ink):
        if path_length(row.points) >= least:
            lines.append(_line(row.points, row.strokes, row.drawn, network, long_side, dashed=True))
    return Lines(lines=tuple(lines), loops=tuple(loops))


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
    return follow(sorted(members), partner)


def _outward(network: Network, index: int, side: int) -> NDArray[np.float64]:
    points = network.strokes[index].points if side == 0 else network.strokes[index].points[::-1]
    # Past the blot of the junction itself.
    skip = min(round(network.width), max(0, len(points) - 3))
    reach = min(len(points) - 1, skip + max(3, round(5 * network.width)))
    heading = points[reach] - points[skip]
    size = float(np.hypot(*heading))
    return heading / size if size > 0 else np.zeros(2)


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
    geometry = shapely.simplify(LineString(points), _SIMPLER * network.width)
    # A long, calm line is a road or a river; short wriggles are signs and scribble.
    calm = float(np.hypot(*(points[-1] - points[0]))) / max(path_length(points), 1e-6)
    sure = 0.25 + 0.5 * min(1.0, own / (0.12 * long_side)) + 0.2 * min(1.0, calm / 0.7)
    return Line(
        geometry=geometry,
        strokes=strokes,
        drawn=own,
        dashed=dashed,
        confidence=min(0.95, sure),
        ends=(_node_at(network, strokes[0], points[0]), _node_at(network, strokes[-1], points[-1])),
    )


def _node_at(network: Network, index: int, at: NDArray[np.float64]) -> int:
    """Return the end of a stroke that lies at a place."""
    first, last = network.strokes[index].ends
    away = network.nodes[[first, last]] - at
    return first if float(away[0] @ away[0]) <= float(away[1] @ away[1]) else last


def _is_straight(points: NDArray[np.float64]) -> bool:
    return float(np.hypot(*(points[-1] - points[0]))) > 0.93 * path_length(points)
