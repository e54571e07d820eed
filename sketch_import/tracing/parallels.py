"""Where a like stroke runs beside a stroke: the two sides of a road, the lines of a hatching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.domain.drawing import Ink
from sketch_import.tracing.network import Network

__all__ = ["Parallels", "find_parallels"]

_NEAREST = 1.5
"""Nearest, in stroke widths: closer is one stroke drawn twice."""
_PARALLEL = 0.87
"""Cosine of the largest angle between parallel strokes (about 30 degrees)."""
_SQUINT = 0.35
"""How far from straight across the other stroke may be, over its distance."""
_GREY = frozenset({Ink.BLACK, Ink.PENCIL})


@dataclass(frozen=True, slots=True, eq=False)
class Parallels:
    """Places along strokes, in the order of the strokes, and what runs beside them."""

    at: NDArray[np.float64]
    """Positions, shape (n, 2), x right, y down."""
    heading: NDArray[np.float64]
    """Unit vectors along the stroke, shape (n, 2)."""
    stroke: NDArray[np.intp]
    """Stroke of the network, shape (n,), ascending."""
    step: float
    """Distance of the places along a stroke, pixels."""
    beside: NDArray[np.intp]
    """Nearest parallel place on either side: to the left and to the right of the heading; shape (n, 2), -1 for none."""
    gap: NDArray[np.float64]
    """Distance to it across the stroke, shape (n, 2); infinite for none."""


def find_parallels(
    network: Network, members: Iterable[int], inks: Sequence[Ink], *, reach: float, step: float
) -> Parallels:
    """Look to both sides of the strokes for others of the same ink that run the same way.

    Parameters
    ----------
    network
        The strokes.
    members
        Which of them to look at (not writing).
    inks
        Ink of every stroke of the network.
    reach
        Farthest parallel stroke, pixels.
    step
        Distance of the places along a stroke, pixels.
    """
    width = network.width
    chosen = [index for index in sorted(members) if not network.strokes[index].bridge]
    at, heading, stroke, arc = _places(network, chosen, step, width)
    count = len(at)
    beside = np.full((count, 2), -1, np.intp)
    gap, cost = np.full((2, count, 2), np.inf)
    found = Parallels(at=at, heading=heading, stroke=stroke, step=step, beside=beside, gap=gap)
    if count < 2:
        return found
    pairs = cKDTree(at).query_pairs(reach, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    number = {ink: place for place, ink in enumerate(Ink)} | dict.fromkeys(_GREY, 0)
    colour = np.array([number[ink] for ink in inks], np.intp)[stroke]
    alike = np.abs((heading[first] * heading[second]).sum(axis=1)) > _PARALLEL
    alike &= colour[first] == colour[second]
    first, second = first[alike], second[alike]
    across = at[second] - at[first]
    for here, there, towards in ((first, second, across), (second, first, -across)):
        ahead = heading[here]
        along = np.abs((ahead * towards).sum(axis=1))
        aside = ahead[:, 0] * towards[:, 1] - ahead[:, 1] * towards[:, 0]
        away = np.abs(aside)
        # On one's own stroke only what is far along it, as on the other side of a long loop, is another line.
        other = (stroke[here] != stroke[there]) | (np.abs(arc[here] - arc[there]) > 3 * away + 4 * step)
        seen = other & (away > _NEAREST * width) & (along < np.maximum(0.75 * step, _SQUINT * away))
        # Of places about as far away, the one straight across.
        order = np.flatnonzero(seen)[np.argsort(-(away + along / 2)[seen], kind="stable")]
        side = (aside[order] > 0).astype(np.intp)
        nearer = (away + along / 2)[order] < cost[here[order], side]
        order, side = order[nearer], side[nearer]
        # Of several written to one place the last, which is the nearest, stays.
        cost[here[order], side] = (away + along / 2)[order]
        beside[here[order], side] = there[order]
        gap[here[order], side] = away[order]
    return found


def _places(
    network: Network, chosen: list[int], step: float, width: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    strokes = [(index, network.strokes[index]) for index in chosen]
    strokes = [(index, one) for index, one in strokes if one.length >= 1.5 * width and len(one.points) >= 3]
    if not strokes:
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.intp), np.zeros(0)
    points = np.concatenate([one.points for _, one in strokes])
    sizes = np.array([len(one.points) for _, one in strokes])
    lengths = np.array([one.length for _, one in strokes])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    # Points lie about a pixel apart.
    strides = np.maximum(1, np.round(step * (sizes - 1) / lengths).astype(np.intp))
    starts = np.minimum(strides // 2, sizes // 2)
    counts = (sizes - 1 - starts) // strides + 1
    owner = np.repeat(np.arange(len(strokes)), counts)
    turn = np.arange(len(owner)) - np.repeat(np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    place = starts[owner] + turn * strides[owner]
    back = first[owner] + np.maximum(place - strides[owner], 0)
    ahead = first[owner] + np.minimum(place + strides[owner], sizes[owner] - 1)
    direction = points[ahead] - points[back]
    heading = direction / np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-9)[:, None]
    numbers = np.array([index for index, _ in strokes], np.intp)
    return points[first[owner] + place], heading, numbers[owner], place * (lengths / (sizes - 1))[owner]
