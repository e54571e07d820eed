"""How strokes run on through their junctions: loops that close upon themselves, and ways that go on and on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sketch_import.tracing.network import Network

__all__ = ["Course", "Running", "find_courses"]

_BEND = 0.72
"""Cosine of the sharpest turn that a hand takes at a junction without stopping (about 44 degrees)."""

_CROSSING_BEND = 0.5
"""The same where two strokes cross: no other pair is left for them (60 degrees)."""
_HEADING = 3.0
"""Length in widths over which the heading of a stroke is read."""
_LINK = 1.7
"""Two broad strokes that cross thin to two forks with a link up to this many widths between them: one crossing."""


class Running(Enum):
    """Where a course ends."""

    CLOSED = "it returns to its start"
    WAY = "an end lies free"
    DIVIDER = "it stops at other strokes"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Strokes that a hand drew in one go, in order."""

    strokes: tuple[tuple[int, bool], ...]
    """Stroke and whether it runs forward."""
    running: Running
    tails: tuple[bool, bool]
    """Whether the first and the last end lie free."""

    def points(self, network: Network) -> NDArray[np.float64]:
        """Return the centre line, shape (n, 2), pixels, y down."""
        drawn = (network.strokes[index].points[:: 1 if forward else -1] for index, forward in self.strokes)
        return np.vstack(list(drawn))


def find_courses(network: Network, *, same_ink: Callable[[int, int], bool]) -> list[Course]:
    """Pair the strokes at each node by straightness and follow the pairs.

    Parameters
    ----------
    network
        Strokes meeting at their nodes, gaps closed.
    same_ink
        Tells whether two strokes may be of one hand by their ink.
    """
    headings = _headings(network)
    crossing, links = _crossings(network)
    at_node: list[list[int]] = [[] for _ in range(len(network.nodes))]
    for index, stroke in enumerate(network.strokes):
        if index not in links:
            at_node[crossing[stroke.ends[0]]].append(2 * index)
            at_node[crossing[stroke.ends[1]]].append(2 * index + 1)
    partner: dict[int, int] = {}
    for ends in at_node:
        if len(ends) == 2:
            if same_ink(ends[0] // 2, ends[1] // 2):
                partner[ends[0]], partner[ends[1]] = ends[1], ends[0]
        elif len(ends) > 2:
            _pair(ends, headings, partner, same_ink)
    return _followed(network, partner, links)


def _crossings(network: Network) -> tuple[list[int], set[int]]:
    """Give the forks at both ends of a short link one number; return it by node, and the links."""
    count = len(network.nodes)
    links = [
        index
        for index, stroke in enumerate(network.strokes)
        if stroke.length < _LINK * max(network.width, stroke.width)
        and stroke.ends[0] != stroke.ends[1]
        and min(network.degrees[stroke.ends[0]], network.degrees[stroke.ends[1]]) >= 3
    ]
    if not links:
        return list(range(count)), set()
    ends = np.array([network.strokes[index].ends for index in links])
    graph = coo_array((np.ones(len(links)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return connected_components(graph, directed=False)[1].tolist(), set(links)


def _headings(network: Network) -> NDArray[np.float64]:
    """Direction in which each stroke leaves its ends, past the blot of the junction; rows 2i (start) and 2i + 1."""
    found = np.zeros((2 * len(network.strokes), 2))
    width = max(1, round(network.width))
    for index, stroke in enumerate(network.strokes):
        count = len(stroke.points)
        skip = min(width, max(0, count - 3))
        reach = min(count - 1, skip + max(4, round(_HEADING * width)))
        found[2 * index] = stroke.points[reach] - stroke.points[skip]
        found[2 * index + 1] = stroke.points[count - 1 - reach] - stroke.points[count - 1 - skip]
    return found / np.maximum(np.hypot(found[:, 0], found[:, 1]), 1e-9)[:, None]


def _pair(
    ends: list[int], headings: NDArray[np.float64], partner: dict[int, int], same_ink: Callable[[int, int], bool]
) -> None:
    straight = -(headings[ends] @ headings[ends].T)
    bend = _CROSSING_BEND if len(ends) == 4 else _BEND
    wishes = sorted(
        (-float(straight[one, two]), one, two)
        for one in range(len(ends))
        for two in range(one + 1, len(ends))
        if straight[one, two] > bend and same_ink(ends[one] // 2, ends[two] // 2)
    )
    for _, one, two in wishes:
        if ends[one] not in partner and ends[two] not in partner:
            partner[ends[one]], partner[ends[two]] = ends[two], ends[one]


def _followed(network: Network, partner: dict[int, int], links: set[int]) -> list[Course]:
    seen = bytearray(len(network.strokes))
    for link in links:
        seen[link] = 1
    found = []
    for start in range(len(network.strokes)):
        if seen[start]:
            continue
        # Back to the beginning first, or all the way round.
        end, closed = 2 * start, False
        while end in partner:
            end = partner[end] ^ 1
            if end == 2 * start:
                closed = True
                break
        chain = []
        while not seen[end // 2]:
            seen[end // 2] = 1
            chain.append((end // 2, end % 2 == 0))
            if (end ^ 1) not in partner:
                break
            end = partner[end ^ 1]
        found.append(_course(network, tuple(chain), closed))
    return found


def _course(network: Network, chain: tuple[tuple[int, bool], ...], closed: bool) -> Course:
    if closed:
        return Course(chain, Running.CLOSED, (False, False))
    (first, forward), (last, onward) = chain[0], chain[-1]
    outer = (network.strokes[first].ends[0 if forward else 1], network.strokes[last].ends[1 if onward else 0])
    tails = (bool(network.degrees[outer[0]] == 1), bool(network.degrees[outer[1]] == 1))
    return Course(chain, Running.WAY if any(tails) else Running.DIVIDER, tails)
