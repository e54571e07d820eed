"""Roads drawn as two strokes: the line between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from geo.domain.drawing import Ink
from sketch_import.tracing.dashes import follow
from sketch_import.tracing.network import Network, path_length
from sketch_import.tracing.parallels import Parallels, find_parallels

__all__ = ["DoubleRoad", "find_double_roads"]

_REACH = 12.0
"""Broadest road, in stroke widths."""
_REACH_SHARE = 1 / 22
"""The same as a share of the long side of the picture: with a fine pen, too, roads and rivers are drawn broad."""
_STEPS = 10
"""Places that are looked at along a stretch as long as the broadest road is wide."""
_LONG = 5.0
"""Shortest road, in its own widths; less is a house or a field."""
_LEAST = 20.0
"""The same in stroke widths."""
_LEAST_SHARE = 1 / 24
"""The same as a share of the long side of the picture."""
_ONE_OF_MANY = 1.1
"""Where a third stroke runs beside, not farther than this many road widths, it is a pattern and no road."""
_EVEN = 0.35
"""How much the width may change from place to place, over the width."""
_APART = 2.6
"""How far, in steps, the other side may jump from place to place."""
_CROSSING = 3.0
"""Longest stretch without sides that a road goes on over, as at a crossing, in its own widths."""
_STRETCH = 0.5
"""Shortest stretch with both sides, in its own widths: what is shorter chanced to stand side by side."""
_STEADY = 1.7
"""Largest ratio of the widths along a stretch: two lines that cross at a small angle open like scissors."""
_STRAIGHT_ON = 0.8
_LIKE = 1.6
_DRAWN = 0.6
"""Share of a road that must have both sides."""


@dataclass(frozen=True, slots=True, eq=False)
class DoubleRoad:
    """A road between two strokes."""

    geometry: LineString
    """The middle between them, pixels, y down."""
    width: float
    """Distance of the two strokes, pixels."""
    strokes: frozenset[int]
    """Strokes of the network along its sides."""
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    points: NDArray[np.float64]
    gap: float
    strokes: frozenset[int]
    length: float


def find_double_roads(
    network: Network, members: Iterable[int], inks: Sequence[Ink], *, long_side: float
) -> list[DoubleRoad]:
    """Find long stretches of two strokes side by side, and follow them over crossings.

    Hatching, where every stroke has another on both sides, is no road, nor is a field or a house, which
    is not much longer than wide.

    Parameters
    ----------
    network
        The strokes.
    members
        Which of them may be the side of a road: those of lines and outlines, not what is scattered between.
    inks
        Ink of every stroke of the network.
    long_side
        Long side of the picture, pixels.
    """
    reach = max(_REACH * network.width, _REACH_SHARE * long_side)
    parallels = find_parallels(network, members, inks, reach=reach, step=reach / _STEPS)
    runs = _runs(parallels)
    if not runs:
        return []
    least = max(_LEAST * network.width, _LEAST_SHARE * long_side)
    found = []
    for chain in follow(list(range(len(runs))), _continued(runs)):
        joined = [runs[index] for index, _ in chain]
        points = np.vstack([runs[index].points if forward else runs[index].points[::-1] for index, forward in chain])
        drawn = sum(run.length for run in joined)
        width = sum(run.gap * run.length for run in joined) / max(drawn, 1e-9)
        total = path_length(points)
        if total < max(_LONG * width, least) or drawn < _DRAWN * total:
            continue
        smooth = _smooth(points, parallels.step, width)
        sure = 0.45 + 0.3 * min(1.0, total / (12 * width)) + 0.2 * (drawn / total - _DRAWN) / (1 - _DRAWN)
        found.append(
            DoubleRoad(
                geometry=shapely.simplify(LineString(smooth), 0.3 * network.width),
                width=width,
                strokes=frozenset().union(*(run.strokes for run in joined)),
                confidence=min(0.95, sure),
            )
        )
    return found


def _runs(parallels: Parallels) -> list[_Run]:
    """Middles of places that look at each other, in unbroken rows."""
    at, beside, gap = parallels.at, parallels.beside, parallels.gap
    rows: list[_Run] = []
    for side in (0, 1):
        here = np.flatnonzero(beside[:, side] >= 0)
        there = beside[here, side]
        # Each pair is looked at from its first place only.
        here, there = here[there > here], there[there > here]
        wide = gap[here, side]
        lone = _alone(parallels, here, 1 - side, wide)
        towards = (parallels.heading[here] * parallels.heading[there]).sum(axis=1)
        far_side = np.where(towards > 0, 1 - side, side)
        back = parallels.beside[there, far_side]
        mutual = (back >= 0) & (np.hypot(*(at[back] - at[here]).T) <= _APART * parallels.step)
        lone &= mutual & _alone(parallels, there, 1 - far_side, wide)
        here, there, wide = here[lone], there[lone], wide[lone]
        middle = (at[here] + at[there]) / 2
        follows = (np.diff(here) == 1) & (np.diff(parallels.stroke[here]) == 0)
        follows &= np.hypot(*(at[there][1:] - at[there][:-1]).T) <= _APART * parallels.step
        follows &= np.abs(np.diff(wide)) <= _EVEN * np.minimum(wide[1:], wide[:-1]) + 1.0
        cuts = np.flatnonzero(~follows) + 1
        for start, stop in pairwise([0, *cuts.tolist(), len(here)]):
            if stop - start >= 3:
                part = slice(start, stop)
                strokes = frozenset(parallels.stroke[np.concatenate([here[part], there[part]])].tolist())
                points, typical = middle[part], float(np.median(wide[part]))
                length = path_length(points)
                narrow, broad = np.percentile(wide[part], [10, 90])
                if length > _STRETCH * typical and broad <= _STEADY * narrow:
                    rows.append(_Run(points, typical, strokes, length))
    return rows


def _alone(
    parallels: Parallels, places: NDArray[np.intp], sides: NDArray[np.intp] | int, wide: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell where no third stroke runs on the outer side."""
    return np.asarray(parallels.gap[places, sides] > _ONE_OF_MANY * wide)


def _continued(runs: list[_Run]) -> dict[tuple[int, int], tuple[int, int]]:
    """Pair the ends of runs that go on in one another."""
    tips = np.array([tip for run in runs for tip in (run.points[0], run.points[-1])])
    outward = np.array([heading for run in runs for heading in _headings(run)])
    gaps = np.repeat([run.gap for run in runs], 2)
    wishes = []
    for one, two in cKDTree(tips).query_pairs(_CROSSING * float(gaps.max())):
        if one // 2 == two // 2:
            continue
        narrow, wide = sorted((gaps[one], gaps[two]))
        across = tips[two] - tips[one]
        apart = float(np.hypot(*across))
        if apart > _CROSSING * wide or wide > _LIKE * narrow:
            continue
        straight = float(-outward[one] @ outward[two])
        # Close together the direction from tip to tip says little.
        ahead = float(min(outward[one] @ across, -outward[two] @ across)) / max(apart, 1e-6) if apart > wide else 1.0
        if straight > (_STRAIGHT_ON if apart > 0.5 * wide else 0.3) and ahead > _STRAIGHT_ON:
            wishes.append((apart - straight * wide, one, two))
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for _, one, two in sorted(wishes):
        here, there = (one // 2, one % 2), (two // 2, two % 2)
        if here not in partner and there not in partner:
            partner[here], partner[there] = there, here
    return partner


def _headings(run: _Run) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    reach = min(len(run.points) - 1, 5)
    ends = (run.points[0] - run.points[reach], run.points[-1] - run.points[-1 - reach])
    first, last = (end / max(float(np.hypot(*end)), 1e-9) for end in ends)
    return first, last


def _smooth(points: NDArray[np.float64], step: float, width: float) -> NDArray[np.float64]:
    """Take out the jumps from place to place: a moving mean over half the width of the road, ends held."""
    reach = max(1, round(width / 4 / step))
    if len(points) < 2 * reach + 3:
        return points
    head, tail = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -reach - 2 : -1]
    sums = np.cumsum(np.vstack([np.zeros((1, 2)), head, points, tail]), axis=0)
    window = 2 * reach + 1
    smooth: NDArray[np.float64] = (sums[window:] - sums[:-window]) / window
    return smooth
