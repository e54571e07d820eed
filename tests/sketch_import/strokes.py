"""What hands draw besides single lines: two strokes side by side, hatching, scribble, dots."""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString, Polygon

from geo.domain.drawing import CandidateKind, Ink
from tests.sketch_import.drawings import Drawing, Truth


def draw_double(drawing: Drawing, points: list[list[float]], ink: Ink, name: str, *, width: float) -> LineString:
    """Draw both sides of a road; the truth is its middle."""
    middle = LineString(drawing.hand(np.array(points, float)))
    drawing.truths.append(Truth(CandidateKind.LINE, ink, middle, name))
    for side in (width / 2, -width / 2):
        drawing.stroke(drawing.hand(np.array(middle.simplify(1.0).offset_curve(side).coords)), ink)
    return middle


def hatch(
    drawing: Drawing, area: Polygon, ink: Ink, *, gap: float, angle: float, jitter: float = 3.0, scribble: bool = False
) -> None:
    """Fill an area with parallel strokes, or with one that goes back and forth."""
    middle = np.array(area.centroid.coords[0])
    along = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-along[1], along[0]])
    zigzag: list[np.ndarray] = []
    reach = max(area.bounds[2] - area.bounds[0], area.bounds[3] - area.bounds[1])
    for number, away in enumerate(np.arange(-reach, reach, gap)):
        ends = [middle + aside * away - along * reach, middle + aside * away + along * reach]
        across = LineString(ends).intersection(area)
        if not isinstance(across, LineString) or across.length < gap:
            continue
        stroke = np.array(across.coords) + drawing.rng.normal(0, jitter, (2, 2))
        stroke = stroke[::-1] if number % 2 else stroke
        if scribble:
            zigzag += list(stroke)
        else:
            drawing.stroke(drawing.hand(stroke), ink)
    if scribble:
        drawing.stroke(drawing.hand(np.array(zigzag)), ink)
