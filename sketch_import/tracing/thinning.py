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
    skeleton = np.asarray(skeletonize(padded > 0), np.uint8)  # type: ignore[no-untyped-call]
    around = cv2.filter2D(skeleton, cv2.CV_8U, np.ones((3, 3), np.float32)) - skeleton
    junction = ((skeleton > 0) & (around >= 3)).astype(np.uint8)
    _keep_blots(skeleton, junction)
    _, labels, _, centres = cv2.connectedComponentsWithStats(junction, connectivity=8)
    walk = _Walk(
        on_line=np.ravel((skeleton > 0) & (junction == 0)),
        node_of=np.asarray(labels, np.intp).ravel() - 1,
        nodes=[centre + 0.5 - 1 for centre in centres[1:]],
        width=padded.shape[1],
    )
    return walk.paths(), np.array(walk.nodes, dtype=np.float64).reshape(-1, 2)


def _keep_blots(skeleton: NDArray[np.uint8], junction: NDArray[np.uint8]) -> None:
    """Leave one pixel of a dot whose skeleton is nothing but a junction, or it would be lost."""
    count, labels = cv2.connectedComponents(skeleton, connectivity=8)
    lines = np.bincount(labels[(skeleton > 0) & (junction == 0)], minlength=count)
    rows, columns = np.nonzero(junction)
    blots = labels[rows, columns]
    lost = lines[blots] == 0
    rows, columns = rows[lost], columns[lost]
    junction[rows, columns] = skeleton[rows, columns] = 0
    _, first = np.unique(blots[lost], return_index=True)
    skeleton[rows[first], columns[first]] = 1


class _Walk:
    """Walks along lines one pixel wide, pixels numbered in the order of the picture."""

    def __init__(
        self, *, on_line: NDArray[np.bool_], node_of: NDArray[np.intp], nodes: list[NDArray[np.float64]], width: int
    ) -> None:
        self.nodes = nodes
        self._width = width
        self._pixels = np.flatnonzero(on_line)
        beside = self._pixels[:, None] + np.array([dy * width + dx for dy, dx in _AROUND])[None, :]
        occupied = on_line[beside]
        self._node_beside = node_of[beside]
        self._degree = occupied.sum(axis=1)
        first_two = np.argsort(~occupied, axis=1, kind="stable")[:, :2]
        order = np.searchsorted(self._pixels, np.take_along_axis(beside, first_two, 1))
        self._next: list[list[int]] = np.where(np.take_along_axis(occupied, first_two, 1), order, -1).tolist()
        self._visited = bytearray(len(self._pixels))

    def paths(self) -> list[Path]:
        """Walk from every end first; what is left are rings."""
        found: list[Path] = []
        for index in np.flatnonzero(self._degree <= 1).tolist():
            if not self._visited[index]:
                found.append(self._open_path(self._walk(index)))
        for index in np.flatnonzero(self._degree >= 2).tolist():
            if not self._visited[index]:
                node = self._new_node(index)
                found.append(self._path(self._walk(index), node, node))
        return found

    def _open_path(self, chain: list[int]) -> Path:
        start = self._node_touching(chain[0], besides=-1)
        if start < 0:
            start = self._new_node(chain[0])
        end = self._node_touching(chain[-1], besides=start if len(chain) < 3 else -1)
        if end < 0 or (len(chain) == 1 and end == start):
            end = self._new_node(chain[-1])
        return self._path(chain, start, end)

    def _walk(self, first: int) -> list[int]:
        chain, visited, following = [first], self._visited, self._next
        visited[first] = 1
        current = first
        while True:
            one, two = following[current]
            if one >= 0 and not visited[one]:
                current = one
            elif two >= 0 and not visited[two]:
                current = two
            else:
                return chain
            visited[current] = 1
            chain.append(current)

    def _node_touching(self, index: int, *, besides: int) -> int:
        found = [node for node in self._node_beside[index].tolist() if node >= 0]
        return next((node for node in found if node != besides), found[0] if found else -1)

    def _new_node(self, index: int) -> int:
        row, column = divmod(int(self._pixels[index]), self._width)
        self.nodes.append(np.array([column - 0.5, row - 0.5]))
        return len(self.nodes) - 1

    def _path(self, chain: list[int], start: int, end: int) -> Path:
        rows, columns = np.divmod(self._pixels[chain], self._width)
        return Path(rows=rows - 1, columns=columns - 1, start=start, end=end)
