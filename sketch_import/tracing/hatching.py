"""Hatching and scribble as the area that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geo.domain.drawing import Ink
from sketch_import.tracing.network import Network
from sketch_import.tracing.parallels import Parallels, find_parallels

__all__ = ["Hatching", "find_hatchings"]

_CLOSE = 9.0
"""Widest gap between the strokes of a hatching, in stroke widths."""
_STEP = 1.6
"""Distance of the places along a stroke that are looked at, in stroke widths."""
_LEAST_STEP = 6.0
_EVEN = 2.5
"""Largest ratio of the gaps to either side."""
_LAYERS = 4
"""Fewest strokes side by side."""
_LONG = 2.0
"""Least depth of the area along its strokes, in gaps: less is a row of ticks or the sleepers of a railway."""
_CELL = 3.0
"""Pixels of the coarse picture in a gap."""
_LEAST_AREA = 3.0
"""Smallest area, in squares of the gap."""
_MEMBER = 0.5
"""A stroke belongs to a hatching from this share of its length."""
_DENSE = 0.5
"""Least share of the area that the strokes of one direction, each as broad as their gap, fill evenly. Trees, letters
and homes that chance to stand side by side fill less than this; drawn hatchings were seen from 0.6."""
_TURN = np.radians(25)


@dataclass(frozen=True, slots=True, eq=False)
class Hatching:
    """An area full of strokes."""

    polygon: Polygon
    """Around the strokes, pixels, y down."""
    strokes: frozenset[int]
    """Strokes of the network that fill it."""
    rim: frozenset[int]
    """Strokes along its edge that run like those within: the last of the hatching, or its outline."""
    confidence: float


def find_hatchings(network: Network, members: Iterable[int], inks: Sequence[Ink]) -> list[Hatching]:
    """Find areas where strokes run side by side, each with another on both sides of it.

    Parameters
    ----------
    network
        The strokes.
    members
        Which of them may hatch (not writing).
    inks
        Ink of every stroke of the network.
    """
    limit = _CLOSE * network.width
    step = max(_STEP * network.width, _LEAST_STEP)
    parallels = find_parallels(network, members, inks, reach=limit, step=step)
    gap = parallels.gap
    inner = (gap.max(axis=1, initial=0.0) <= limit) & (gap.max(axis=1) <= _EVEN * gap.min(axis=1))
    rim = np.zeros(len(inner), dtype=bool)
    for side in (0, 1):
        partner = parallels.beside[:, side]
        rim |= ~inner & (partner >= 0) & inner[partner] & (gap[:, side] <= limit)
    filled = np.flatnonzero(inner | rim)
    if len(filled) < 3 * _LAYERS:
        return []
    links = _links(parallels, filled, inner | rim, limit)
    if not len(links):
        return []
    spacing = float(np.median(gap[inner].min(axis=1)))
    regions = _regions(parallels, links, spacing)
    region_of = regions.at(parallels.at[filled])
    found = []
    for number in np.unique(region_of[region_of > 0]).tolist():
        fill = _judged(filled[region_of == number], parallels, inner, area=regions.area(number))
        if fill is None:
            continue
        polygon = regions.outline(number, tolerance=0.4 * spacing)
        if polygon is not None:
            strokes = _members(parallels, fill.places[inner[fill.places]], network)
            edge = _members(parallels, fill.places, network) - strokes
            found.append(Hatching(polygon=polygon, strokes=strokes, rim=edge, confidence=fill.confidence))
    return found


def _links(
    parallels: Parallels, filled: NDArray[np.intp], is_filled: NDArray[np.bool_], limit: float
) -> NDArray[np.intp]:
    """Pairs of places that face each other within a hatching, shape (m, 2)."""
    pairs = []
    for side in (0, 1):
        partner = parallels.beside[filled, side]
        good = (partner >= 0) & is_filled[partner] & (parallels.gap[filled, side] <= limit)
        pairs.append(np.column_stack([filled[good], partner[good]]))
    return np.concatenate(pairs)


@dataclass(frozen=True, slots=True, eq=False)
class _Regions:
    """What lies between the strokes, as a coarse picture of numbered regions."""

    labels: NDArray[np.int32]
    low: NDArray[np.float64]
    scale: float

    def at(self, places: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the number of the region at each place; 0 for none."""
        columns, rows = np.round((places - self.low) * self.scale - 0.5).astype(np.intp).T
        high, wide = self.labels.shape
        seen = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
        return np.where(seen, self.labels[np.clip(rows, 0, high - 1), np.clip(columns, 0, wide - 1)], 0).astype(np.intp)

    def area(self, number: int) -> float:
        """Return the area of a region in pixels of the drawing."""
        return float(np.count_nonzero(self.labels == number)) / self.scale**2

    def outline(self, number: int, *, tolerance: float) -> Polygon | None:
        """Return the outer edge of a region."""
        region = (self.labels == number).view(np.uint8)
        contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        contour = max(contours, key=cv2.contourArea)
        if len(contour) < 4:
            return None
        ring = (contour[:, 0, :] + 0.5) / self.scale + self.low
        shape = shapely.simplify(Polygon(ring).buffer(0.5 / self.scale), tolerance)
        return shape if isinstance(shape, Polygon) and not shape.is_empty else None


def _regions(parallels: Parallels, links: NDArray[np.intp], spacing: float) -> _Regions:
    """Draw what lies between the strokes."""
    scale = min(1.0, _CELL / max(spacing, 1.0))
    low = parallels.at[links].reshape(-1, 2).min(axis=0) - 2 * spacing
    high = parallels.at[links].reshape(-1, 2).max(axis=0) + 2 * spacing
    wide, tall = (np.ceil((high - low) * scale).astype(int) + 1).tolist()
    picture = np.zeros((tall, wide), np.uint8)
    spots = np.round((parallels.at[links] - low) * scale - 0.5).astype(np.int32)
    cv2.polylines(picture, list(spots), False, 1, max(1, round(1.5 * parallels.step * scale) + 1))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(_CELL / 2) + 1,) * 2)
    picture = np.asarray(cv2.morphologyEx(picture, cv2.MORPH_CLOSE, disc), np.uint8)
    picture = np.asarray(cv2.morphologyEx(picture, cv2.MORPH_OPEN, disc), np.uint8)
    _, labels = cv2.connectedComponents(picture, connectivity=4)
    return _Regions(labels=np.asarray(labels, np.int32), low=low, scale=scale)


@dataclass(frozen=True, slots=True, eq=False)
class _Fill:
    places: NDArray[np.intp]
    confidence: float


def _judged(here: NDArray[np.intp], parallels: Parallels, inner: NDArray[np.bool_], *, area: float) -> _Fill | None:
    """Tell strokes that fill an area evenly from what chances to stand side by side."""
    if len(here) < 3 * _LAYERS:
        return None
    angle = np.arctan2(parallels.heading[here, 1], parallels.heading[here, 0]) % np.pi
    counts, edges = np.histogram(angle, bins=18, range=(0, np.pi))
    around = counts + np.roll(counts, 1) + np.roll(counts, -1)
    main = edges[int(np.argmax(around))] + np.pi / 36
    off = np.abs((angle - main + np.pi / 2) % np.pi - np.pi / 2)
    same = here[off < _TURN]
    along = np.array([np.cos(main), np.sin(main)])
    depth, breadth = parallels.at[same] @ along, parallels.at[same] @ np.array([-along[1], along[0]])
    spacing = float(np.median(parallels.gap[same].min(axis=1)))
    if np.ptp(breadth) < (_LAYERS - 1.2) * spacing or np.ptp(depth) < _LONG * spacing:
        return None
    if area < _LEAST_AREA * spacing**2:
        return None
    density = float(np.count_nonzero(inner[same])) * parallels.step * spacing / area
    if density < _DENSE:
        return None
    layers = float(np.ptp(breadth)) / spacing + 1
    sure = 0.45 + 0.25 * min(1.0, (layers - _LAYERS) / 6) + 0.25 * min(1.0, (density - _DENSE) / 0.2)
    return _Fill(here, min(0.95, sure))


def _members(parallels: Parallels, places: NDArray[np.intp], network: Network) -> frozenset[int]:
    count = len(network.strokes)
    inside = np.bincount(parallels.stroke[places], minlength=count)
    everywhere = np.bincount(parallels.stroke, minlength=count)
    return frozenset(np.flatnonzero((inside > 0) & (inside >= _MEMBER * everywhere)).tolist())
