"""Connected pieces of a drawing and how they look: a letter, a tick, a loop, a long line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sketch_import.tracing.gaps import components
from sketch_import.tracing.network import Network

__all__ = ["Piece", "find_pieces"]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Strokes that touch each other."""

    strokes: tuple[int, ...]
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in pixels, y down."""
    length: float
    """Length of all its strokes together."""
    ends: int
    """Free ends."""
    loops: int
    """Independent loops."""
    forks: int
    """Places where three strokes or more meet."""

    @property
    def knots(self) -> float:
        """How much goes on in it: forks, loops and pairs of free ends."""
        return self.forks + self.loops + self.ends / 2

    @property
    def size(self) -> float:
        """Longer side of the box."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box, x y."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def find_pieces(network: Network, *, without: frozenset[int] = frozenset()) -> list[Piece]:
    """Gather the drawn strokes of a network into connected pieces; bridges, and those left out, do not connect."""
    drawn = [index for index, stroke in enumerate(network.strokes) if not stroke.bridge and index not in without]
    if not drawn:
        return []
    strokes = [network.strokes[index] for index in drawn]
    number = components(strokes, len(network.nodes))
    degrees = np.bincount(np.array([stroke.ends for stroke in strokes]).ravel(), minlength=len(network.nodes))
    lows = np.array([stroke.points.min(axis=0) for stroke in strokes])
    highs = np.array([stroke.points.max(axis=0) for stroke in strokes])
    members: dict[int, list[int]] = {}
    for place, stroke in enumerate(strokes):
        members.setdefault(int(number[stroke.ends[0]]), []).append(place)
    return [
        _piece(places, drawn=drawn, network=network, degrees=degrees, lows=lows, highs=highs)
        for places in members.values()
    ]


def _piece(
    places: list[int],
    *,
    drawn: list[int],
    network: Network,
    degrees: NDArray[np.int64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
) -> Piece:
    strokes = [network.strokes[drawn[place]] for place in places]
    nodes = {node for stroke in strokes for node in stroke.ends}
    low, high = lows[places].min(axis=0), highs[places].max(axis=0)
    return Piece(
        strokes=tuple(drawn[place] for place in places),
        box=(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
        length=sum(stroke.length for stroke in strokes),
        ends=sum(1 for node in nodes if degrees[node] == 1),
        loops=len(strokes) - len(nodes) + 1,
        forks=sum(1 for node in nodes if degrees[node] >= 3),
    )
