"""Marker drawings on a printed sheet, with the truth: seeded, in millimetres on the paper."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from geo.domain.drawing import CandidateKind, Ink
from geo.sheet_layout import SheetLayout

__all__ = ["DrawnObject", "draw_on"]

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

_THROUGH = {
    Ink.BLACK: (0.14, 0.14, 0.15),
    Ink.BLUE: (0.10, 0.25, 0.66),
    Ink.RED: (0.82, 0.12, 0.14),
    Ink.GREEN: (0.10, 0.46, 0.22),
}
"""Share of red, green and blue light that a marker lets back."""
_SHIFT = 4


@dataclass(frozen=True, slots=True)
class DrawnObject:
    """What somebody drew, as the middle of the pen went."""

    kind: CandidateKind
    ink: Ink
    geometry: shapely.Geometry
    """Polygon or line string, paper mm."""
    width_mm: float


def draw_on(flat: Bytes, layout: SheetLayout, *, seed: int) -> tuple[Bytes, tuple[DrawnObject, ...]]:
    """Draw a few houses, fields, roads and a river into the frame.

    Parameters
    ----------
    flat
        The printed paper from straight above, RGB.
    layout
        Its layout.
    seed
        The same seed draws the same.

    Returns
    -------
    tuple
        The drawn paper, and what was drawn.
    """
    rng = np.random.default_rng(seed)
    frame = layout.frame
    # Pens are not scaled with the paper, houses a little.
    unit = math.sqrt(frame.width * frame.height) / 660
    pen = 2.2 if unit > 0.6 else 1.0
    objects: list[DrawnObject] = []
    taken: list[shapely.Geometry] = []

    def at() -> Floats:
        return np.array([frame.x, frame.y]) + rng.uniform(0.06, 0.94, 2) * [frame.width, frame.height]

    for ink, start, end in (
        (Ink.BLUE, (0.04, rng.uniform(0.1, 0.3)), (0.96, rng.uniform(0.1, 0.35))),
        (Ink.BLACK, (0.05, rng.uniform(0.6, 0.9)), (0.95, rng.uniform(0.6, 0.9))),
    ):
        ends = np.array([frame.x, frame.y]) + np.array([start, end]) * [frame.width, frame.height]
        line = shapely.LineString(_wander(rng, ends, amount=0.03 * frame.height))
        objects.append(DrawnObject(CandidateKind.LINE, ink, line, pen))
        taken.append(line.buffer(4 * pen))
    for number in range(400):
        house = number % 4 != 0
        size = (rng.uniform(9, 16) if house else rng.uniform(35, 70)) * max(unit, 0.45)
        ink = (Ink.BLACK, Ink.RED)[int(rng.integers(2))] if house else Ink.GREEN
        ring = _block(rng, at(), size, corners=4 if house else int(rng.integers(5, 8)))
        shape = shapely.Polygon(ring)
        room = shape.buffer(3 * pen)
        inside = shapely.box(frame.x + 5, frame.y + 5, frame.right - 5, frame.bottom - 5).contains(room)
        if shape.is_valid and inside and not any(room.intersects(other) for other in taken):
            objects.append(DrawnObject(CandidateKind.POLYGON, ink, shape, pen))
            taken.append(room)
        if len(objects) >= 26:
            break
    return _inked(flat, layout, objects), tuple(objects)


def _wander(rng: np.random.Generator, ends: Floats, *, amount: float) -> Floats:
    along = np.linspace(0, 1, 120)
    aside = sum(
        rng.normal(0, amount / (turn + 1)) * np.sin(math.pi * (turn + 1) * along + rng.uniform(0, 3))
        for turn in range(4)
    )
    way = ends[1] - ends[0]
    normal = np.array([-way[1], way[0]]) / np.linalg.norm(way)
    return np.asarray(ends[0] + along[:, None] * way + aside[:, None] * normal)  # type: ignore[index]


def _block(rng: np.random.Generator, middle: Floats, size: float, *, corners: int) -> Floats:
    angles = np.sort(np.arange(corners) * 2 * math.pi / corners + rng.uniform(0, 6.3) + rng.normal(0, 0.12, corners))
    radii = size / 2 * rng.uniform(0.85, 1.15, corners)
    points = middle + np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
    ring = np.vstack([points, points[:1]])
    # A hand trembles.
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
    steps = np.linspace(0, along[-1], max(24, round(along[-1])))
    smooth = np.column_stack([np.interp(steps, along, ring[:, axis]) for axis in (0, 1)])
    tremble = gaussian_filter1d(rng.normal(0, 1.2, smooth.shape), 2.0, axis=0)
    smooth = smooth + tremble * 0.6
    smooth[-1] = smooth[0]
    return np.asarray(smooth, np.float64)


def _inked(flat: Bytes, layout: SheetLayout, objects: list[DrawnObject]) -> Bytes:
    per_mm = flat.shape[1] / layout.paper_mm[0]
    sheet = flat.copy()
    for ink, through in _THROUGH.items():
        layer = np.zeros(flat.shape[:2], np.uint8)
        for one in objects:
            if one.ink is ink:
                points = shapely.get_coordinates(one.geometry) * per_mm - 0.5
                fixed = np.round(points * (1 << _SHIFT)).astype(np.int32)
                thick = max(1, round(one.width_mm * per_mm))
                cv2.polylines(layer, [fixed], False, 235, thick, cv2.LINE_AA, _SHIFT)
        if layer.any():
            rows, columns = np.nonzero(layer)
            amount = layer[rows, columns, None] / 255
            sheet[rows, columns] = sheet[rows, columns] * (1 - amount * (1 - np.array(through)))
    return sheet
