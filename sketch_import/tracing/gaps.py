"""Close small gaps: a loop not quite closed, a line that stops just short of another."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from sketch_import.tracing.network import Network, Stroke, centre_lines, path_length

__all__ = ["close_gaps", "components"]

_REACH = 5.0
"""Widest gap between two free ends, in stroke widths."""
_OWN_REACH = 12.0
"""The same where both are ends of one drawn piece, which then must be much longer than its gap."""
_OWN_SHARE = 0.14
_TO_BODY = 3.5
"""Widest gap between a free end and the side of another stroke."""
_CLOSE = 2.2
"""Gap, in widths, that is closed whatever the direction of the stroke's last wobble."""
_PAST_SHARE = 0.08
"""Ends of one stroke that ran past each other: their gap as a share of its length."""
_LEAST_PIECE = 12.0
"""Pieces shorter than this many widths are ticks and letters: their ends are meant to be free."""

_ROW_REACH, _ROW_NEAREST = 7.0, 1.5
"""Strokes in rows are so many widths apart, middle to middle."""
_ROW_PARALLEL = 0.95
_STRAIGHT = 0.9


def components(strokes: list[Stroke], count: int) -> NDArray[np.int64]:
    """Number the connected pieces of a network; one number per node, shape (count,)."""
    ends = np.array([stroke.ends for stroke in strokes], dtype=np.int64).reshape(-1, 2)
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def close_gaps(network: Network) -> Network:
    """Add bridges over the gaps a hand leaves; drawn strokes stay as they are.

    Two rounds: what the first has tied together may then close upon itself.
    """
    for _ in range(2):
        network = _close_once(network)
    return network


def _close_once(network: Network) -> Network:
    strokes = list(network.strokes)
    if not strokes:
        return network
    piece = components(strokes, len(network.nodes))
    total = np.zeros(int(piece.max()) + 1)
    np.add.at(total, [piece[stroke.ends[0]] for stroke in strokes], [stroke.length for stroke in strokes])
    ends = _free_ends(network, total[piece] >= _LEAST_PIECE * network.width)
    rows = _in_rows(network, ends)
    ends = [end for end in ends if end[1] not in rows]
    if not ends:
        return network
    bridged = _bridge_ends(network, ends, piece, total)
    strokes += bridged
    used = {node for bridge in bridged for node in bridge.ends}
    return _bridge_to_bodies(network, strokes, [end for end in ends if end[0] not in used])


_End = tuple[int, int, NDArray[np.float64]]


def _free_ends(network: Network, long_enough: NDArray[np.bool_]) -> list[_End]:
    found: list[_End] = []
    back = max(3, round(3 * network.width))
    for index, stroke in enumerate(network.strokes):
        for side, node in enumerate(stroke.ends):
            if network.degrees[node] != 1 or not long_enough[node]:
                continue
            points = stroke.points if side == 1 else stroke.points[::-1]
            outward = points[-1] - points[max(0, len(points) - 1 - back)]
            size = float(np.hypot(*outward))
            if size > 0:
                found.append((node, index, outward / size))
    return found


def _in_rows(network: Network, ends: list[_End]) -> set[int]:
    """Straight strokes with a like one close beside them: hatching and the sides of a road, whose ends stay open."""
    found: set[int] = set()
    indices = sorted({index for _, index, _ in ends})
    chords = [network.strokes[index].points[-1] - network.strokes[index].points[0] for index in indices]
    sizes = [float(np.hypot(*chord)) for chord in chords]
    straight = [
        place for place, index in enumerate(indices) if sizes[place] > _STRAIGHT * network.strokes[index].length > 0
    ]
    if len(straight) < 2:
        return found
    heading = np.array([chords[place] / sizes[place] for place in straight])
    lines = centre_lines([network.strokes[indices[place]] for place in straight])
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    which, near = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=_ROW_REACH * network.width)
    apart = shapely.distance(middles[which], lines[near])
    parallel = np.abs((heading[which] * heading[near]).sum(axis=1)) > _ROW_PARALLEL
    for one in which[(which != near) & parallel & (apart > _ROW_NEAREST * network.width)].tolist():
        found.add(indices[straight[one]])
    return found


def _bridge_ends(
    network: Network, ends: list[_End], piece: NDArray[np.int64], lengths: NDArray[np.float64]
) -> list[Stroke]:
    positions = network.nodes[[node for node, _, _ in ends]]
    wishes: list[tuple[float, int, int]] = []
    for first, second in cKDTree(positions).query_pairs(_OWN_REACH * network.width):
        a, b = ends[first], ends[second]
        across = positions[second] - positions[first]
        gap = float(np.hypot(*across))
        same = piece[a[0]] == piece[b[0]]
        reach = _REACH * network.width
        if same:
            reach = max(min(_OWN_REACH * network.width, _OWN_SHARE * float(lengths[piece[a[0]]])), 2 * network.width)
        if gap > reach:
            continue
        towards = across / max(gap, 1e-6)
        forward, backward = float(a[2] @ towards), float(-b[2] @ towards)
        near = gap <= _CLOSE * network.width
        past = a[1] == b[1] and gap <= _PAST_SHARE * network.strokes[a[1]].length
        if not (near or past or (forward > 0.2 and backward > 0.2) or (same and forward + backward > -0.2)):
            continue
        wishes.append((gap - network.width * (forward + backward), first, second))
    taken: set[int] = set()
    bridges = []
    for _, first, second in sorted(wishes):
        if first in taken or second in taken:
            continue
        taken |= {first, second}
        one = network.strokes[ends[first][1]]
        bridges.append(_bridge(positions[first], positions[second], (ends[first][0], ends[second][0]), one))
    return bridges


def _bridge(start: NDArray[np.float64], end: NDArray[np.float64], nodes: tuple[int, int], like: Stroke) -> Stroke:
    points = np.array([start, (start + end) / 2, end])
    return Stroke(
        points=points, ends=nodes, width=like.width, colour=like.colour, length=path_length(points), bridge=True
    )


def _bridge_to_bodies(network: Network, strokes: list[Stroke], ends: list[_End]) -> Network:
    if not ends:
        return Network(strokes=strokes, nodes=network.nodes, width=network.width)
    lines = centre_lines(strokes)
    tree = shapely.STRtree(lines)
    nodes = list(network.nodes)
    cuts: dict[int, list[tuple[float, int]]] = {}
    added: list[Stroke] = []
    reach = _TO_BODY * network.width
    points = shapely.points([network.nodes[node] for node, _, _ in ends])
    which, near = tree.query(points, predicate="dwithin", distance=reach)
    places = shapely.line_locate_point(lines[near], points[which])
    targets = shapely.get_coordinates(shapely.line_interpolate_point(lines[near], places))
    starts = np.searchsorted(which, np.arange(len(ends) + 1))
    for number, (node, own, outward) in enumerate(ends):
        best: tuple[float, int, float] | None = None
        for row in range(starts[number], starts[number + 1]):
            other, at = int(near[row]), float(places[row])
            if other == own:
                # The line bends back on itself: only its far part counts.
                away = at if strokes[own].ends[1] == node else lines[own].length - at
                if lines[own].length - away < 4 * reach:
                    continue
            across = targets[row] - network.nodes[node]
            gap = float(np.hypot(*across))
            ahead = gap < _CLOSE * network.width or float(outward @ across) > 0.35 * gap
            if gap <= reach and ahead and (best is None or gap < best[0]):
                best = (gap, other, at)
        if best is None or best[0] < 1e-6:
            continue
        _, other, at = best
        if at < 1.0 or at > lines[other].length - 1.0:
            target_node = strokes[other].ends[0 if at < 1.0 else 1]
        else:
            target_node = len(nodes)
            spot = lines[other].interpolate(at)
            nodes.append(np.array([spot.x, spot.y]))
            cuts.setdefault(other, []).append((at, target_node))
        if target_node != node:
            added.append(_bridge(network.nodes[node], nodes[target_node], (node, target_node), strokes[own]))
    for index, spots in cuts.items():
        pieces = _cut(strokes[index], sorted(spots), nodes)
        strokes[index] = pieces[0]
        added.extend(pieces[1:])
    return Network(strokes=strokes + added, nodes=np.array(nodes), width=network.width)


def _cut(stroke: Stroke, places: list[tuple[float, int]], nodes: list[NDArray[np.float64]]) -> list[Stroke]:
    steps = np.hypot(*np.diff(stroke.points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    pieces: list[Stroke] = []
    start_at, start_node = 0.0, stroke.ends[0]
    for at, node in [*places, (float(along[-1]) + 1.0, stroke.ends[1])]:
        last = at > along[-1]
        inner = stroke.points[(along > start_at + 1e-9) & (along < (at if not last else along[-1]) - 1e-9)]
        head = stroke.points[0] if not pieces else nodes[start_node]
        tail = stroke.points[-1] if last else nodes[node]
        points = np.vstack([head, inner, tail])
        pieces.append(
            Stroke(
                points=points,
                ends=(start_node, node),
                width=stroke.width,
                colour=stroke.colour,
                length=path_length(points),
                bridge=stroke.bridge,
            )
        )
        start_at, start_node = at, node
    return pieces
