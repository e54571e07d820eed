"""The strokes as a graph: centre lines between ends and junctions, each with its width and colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from sketch_import.tracing.thinning import Path, thin

__all__ = ["Network", "Stroke", "build_network", "centre_lines", "degrees_of", "path_length"]

_SPUR = 1.1
"""A free end shorter than this many stroke widths is a bump of the outline, not a stroke."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A piece of centre line between two nodes."""

    points: NDArray[np.float64]
    """Shape (n, 2), x right, y down, corner origin, pixels of the picture that was thinned."""
    ends: tuple[int, int]
    """Nodes at its start and its end; the same node twice for a loop."""
    width: float
    colour: NDArray[np.float32]
    """Missing light along the core, mean, RGB, 1 for all of it."""
    length: float
    bridge: bool = False
    """True for a gap that was closed, not drawn."""


@dataclass(slots=True, eq=False)
class Network:
    """All strokes of a drawing."""

    strokes: list[Stroke]
    nodes: NDArray[np.float64]
    """Positions, shape (m, 2)."""
    width: float
    """Median width of the strokes, weighted by length."""
    degrees: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.degrees = degrees_of(self.strokes, len(self.nodes))


def degrees_of(strokes: Iterable[Stroke], count: int) -> NDArray[np.int64]:
    """Count how many stroke ends meet at each node."""
    ends = np.array([stroke.ends for stroke in strokes], dtype=np.int64).reshape(-1)
    return np.bincount(ends, minlength=count)


def path_length(points: NDArray[np.float64]) -> float:
    """Return the length of a polyline, shape (n, 2)."""
    steps = points[1:] - points[:-1]
    return float(np.sqrt((steps * steps).sum(axis=1)).sum())


def centre_lines(strokes: Sequence[Stroke]) -> NDArray[np.object_]:
    """Return the strokes as shapely line strings, all at once."""
    if not strokes:
        return np.zeros(0, dtype=object)
    counts = [len(stroke.points) for stroke in strokes]
    owner = np.repeat(np.arange(len(strokes)), counts)
    lines = shapely.linestrings(np.concatenate([stroke.points for stroke in strokes]), indices=owner)
    return np.asarray(lines, dtype=object)


def build_network(mask: NDArray[np.uint8], missing: NDArray[np.uint8]) -> Network:
    """Thin the ink to centre lines and make them a graph without spurs.

    Parameters
    ----------
    mask
        1 on ink, shape (h, w).
    missing
        Missing light, RGB, shape (h, w, 3), 255 for all of it.
    """
    paths, nodes = thin(mask)
    radius = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 5), np.float32)
    strokes = _measure(paths, nodes, radius, missing)
    strokes = _prune(strokes, len(nodes))
    strokes = join_through(strokes, len(nodes))
    if strokes:
        lengths = np.array([stroke.length for stroke in strokes])
        widths = np.array([stroke.width for stroke in strokes])
        order = np.argsort(widths)
        width = float(widths[order][np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2)])
    else:
        width = 1.0
    strokes = [replace(stroke, points=_smooth(stroke, width)) for stroke in strokes]
    return Network(strokes=strokes, nodes=nodes, width=width)


def _measure(
    paths: list[Path], nodes: NDArray[np.float64], radius: NDArray[np.float32], missing: NDArray[np.uint8]
) -> list[Stroke]:
    """Give each path its width and colour: means along its middle, all paths at once."""
    if not paths:
        return []
    sizes = np.array([len(path.rows) for path in paths])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = np.concatenate([path.rows for path in paths])
    columns = np.concatenate([path.columns for path in paths])
    place = np.arange(len(rows)) - np.repeat(starts, sizes)
    trimmed = np.repeat(sizes // 5, sizes)
    # Near a junction both width and colour are those of the other stroke.
    weight = ((place >= trimmed) & (place < np.repeat(sizes, sizes) - trimmed)).astype(np.float32)
    total = np.add.reduceat(weight, starts)
    radii = np.add.reduceat(weight * radius[rows, columns], starts) / total
    colours = np.add.reduceat(weight[:, None] * missing[rows, columns], starts, axis=0) / total[:, None] / 255
    widths = np.maximum(1.0, 2 * radii - 0.7)
    strokes = []
    for index, path in enumerate(paths):
        points = np.empty((len(path.rows) + 2, 2))
        points[0], points[-1] = nodes[path.start], nodes[path.end]
        points[1:-1, 0], points[1:-1, 1] = path.columns + 0.5, path.rows + 0.5
        strokes.append(
            Stroke(
                points=points,
                ends=(path.start, path.end),
                width=float(widths[index]),
                colour=colours[index],
                length=path_length(points),
            )
        )
    return strokes


def _prune(strokes: list[Stroke], count: int) -> list[Stroke]:
    for _ in range(2):
        degrees = degrees_of(strokes, count)
        kept: list[Stroke] = []
        spurs: dict[int, list[Stroke]] = {}
        for stroke in strokes:
            first, last = degrees[stroke.ends[0]], degrees[stroke.ends[1]]
            free = (first == 1) != (last == 1)
            if free and max(first, last) >= 3 and stroke.length < _SPUR * stroke.width + 1.5:
                spurs.setdefault(stroke.ends[0] if last == 1 else stroke.ends[1], []).append(stroke)
            else:
                kept.append(stroke)
        # A dot may thin to nothing but spurs; one of them has to stand for it.
        kept += [
            max(group, key=lambda spur: spur.length) for node, group in spurs.items() if len(group) == degrees[node]
        ]
        strokes = kept
    return strokes


def join_through(strokes: list[Stroke], count: int) -> list[Stroke]:
    """Join strokes where exactly two meet, if they are of like width and colour."""
    at_node: list[list[int]] = [[] for _ in range(count)]
    alive: dict[int, Stroke] = dict(enumerate(strokes))
    for index, stroke in alive.items():
        at_node[stroke.ends[0]].append(index)
        at_node[stroke.ends[1]].append(index)
    for node, touching in enumerate(at_node):
        if len(touching) != 2 or touching[0] == touching[1]:
            continue
        first, second = alive[touching[0]], alive[touching[1]]
        if not _alike(first, second):
            continue
        joined = _join(first, second, node)
        keep, drop = touching
        alive[keep] = joined
        del alive[drop]
        for end in joined.ends:
            at_node[end] = [keep if index == drop else index for index in at_node[end]]
    return list(alive.values())


def _alike(first: Stroke, second: Stroke) -> bool:
    if min(first.length, second.length) < 4 * max(first.width, second.width):
        return True
    a, b = (stroke.colour / max(float(np.linalg.norm(stroke.colour)), 1e-6) for stroke in (first, second))
    return float(a @ b) > 0.95


def _join(first: Stroke, second: Stroke, node: int) -> Stroke:
    one = first.points if first.ends[1] == node else first.points[::-1]
    start = first.ends[0] if first.ends[1] == node else first.ends[1]
    two = second.points if second.ends[0] == node else second.points[::-1]
    end = second.ends[1] if second.ends[0] == node else second.ends[0]
    total = max(first.length + second.length, 1e-6)
    share = first.length / total
    return Stroke(
        points=np.vstack([one, two[1:]]),
        ends=(start, end),
        width=first.width * share + second.width * (1 - share),
        colour=(first.colour * share + second.colour * (1 - share)).astype(np.float32),
        length=total,
        bridge=first.bridge and second.bridge,
    )


def _smooth(stroke: Stroke, width: float) -> NDArray[np.float64]:
    """Take out the staircase of the pixels: a moving mean about a stroke wide, ends held."""
    points = stroke.points
    reach = max(1, round(max(width, stroke.width) / 2))
    if len(points) < 2 * reach + 3:
        return points
    closed = stroke.ends[0] == stroke.ends[1]
    if closed:
        padded = np.vstack([points[-reach - 1 : -1], points, points[1 : reach + 1]])
    else:
        # Reflected through the end point, so that the ends stay where they are.
        head = 2 * points[0] - points[reach:0:-1]
        tail = 2 * points[-1] - points[-2 : -reach - 2 : -1]
        padded = np.vstack([head, points, tail])
    sums = np.cumsum(np.vstack([np.zeros((1, 2)), padded]), axis=0)
    window = 2 * reach + 1
    smooth: NDArray[np.float64] = (sums[window:] - sums[:-window]) / window
    smooth[0], smooth[-1] = points[0], points[-1]
    return smooth
