"""Thin ink to lines one pixel wide and walk along them from node to node."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

__all__ = ["Path", "thin"]

_AROUND = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The pixels of a centre line between two nodes, in order."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    start: int
    end: int


def thin(mask: NDArray[np.uint8]) -> tuple[list[Path], NDArray[np.float64]]:
    """Skeletonise a mask and split the lines at their ends and junctions.

    Parameters
    ----------
    mask
        1 on ink, shape (h, w).

    Returns
    -------
    paths
        Centre lines; a loop without a junction starts and ends at a node of its own.
    nodes
        Positions of the nodes, shape (m, 2): x right, y down, corner origin.
    """
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    skeleton = skeletonize(padded > 0).astype(np.uint8)
    width = padded.shape[1]
    around = cv2.filter2D(skeleton, cv2.CV_8U, np.ones((3, 3), np.float32)) - skeleton
    junction = ((skeleton > 0) & (around >= 3)).astype(np.uint8)
    _, labels, _, centres = cv2.connectedComponentsWithStats(junction, connectivity=8)
    nodes = [centre + 0.5 - 1 for centre in centres[1:]]
    node_of = np.ravel(labels) - 1  # -1 where no junction is

    line = np.ravel(skeleton.astype(bool) & (junction == 0))
    offsets = np.array([dy * width + dx for dy, dx in _AROUND])
    pixels = np.flatnonzero(line)
    beside = pixels[:, None] + offsets[None, :]
    on_line = line[beside]
    node_beside = node_of[beside]
    first_two = np.argsort(~on_line, axis=1, kind="stable")[:, :2]
    rows_index = np.arange(len(pixels))[:, None]
    following = np.where(np.take_along_axis(on_line, first_two, 1), beside[rows_index, first_two], -1)

    at = dict(zip(pixels.tolist(), range(len(pixels)), strict=True))
    neighbours = following.tolist()
    degree = on_line.sum(axis=1)
    visited = bytearray(len(pixels))
    paths: list[Path] = []

    def node_touching(index: int, besides: int) -> int:
        touching = node_beside[index]
        found = touching[touching >= 0]
        other = found[found != besides]
        return int(other[0]) if other.size else (int(found[0]) if found.size else -1)

    def new_node(pixel: int) -> int:
        nodes.append(np.array([pixel % width - 0.5, pixel // width - 0.5]))
        return len(nodes) - 1

    def walk(first: int) -> list[int]:
        chain, current = [first], first
        visited[current] = 1
        while True:
            for pixel in neighbours[current]:
                if pixel >= 0 and not visited[at[pixel]]:
                    current = at[pixel]
                    visited[current] = 1
                    chain.append(current)
                    break
            else:
                return chain

    def add(chain: list[int], start: int, end: int) -> None:
        flat = pixels[chain]
        paths.append(Path(rows=flat // width - 1, columns=flat % width - 1, start=start, end=end))

    for index in np.flatnonzero(degree <= 1).tolist():
        if visited[index]:
            continue
        chain = walk(index)
        start = node_touching(chain[0], -1)
        if start < 0:
            start = new_node(int(pixels[chain[0]]))
        end = node_touching(chain[-1], start if len(chain) < 3 else -1)
        if len(chain) == 1 and end == start:
            end = -1
        if end < 0:
            end = new_node(int(pixels[chain[-1]]))
        add(chain, start, end)
    for index in np.flatnonzero(degree >= 2).tolist():
        if not visited[index]:
            chain = walk(index)
            node = new_node(int(pixels[chain[0]]))
            add(chain, node, node)
    return paths, np.array(nodes, dtype=np.float64).reshape(-1, 2)
