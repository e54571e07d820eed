"""A drawing whose place is known: candidates of every kind on a picture, and control points that place it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import shapely
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from geo.drafts import NewCandidate, NewUnplacedSheet

__all__ = ["POINTS", "SIZE", "drawing_jpeg", "lonlat_of", "unplaced_sheet"]

SIZE = (1200, 900)
"""Width and height in pixels."""
_WEST, _NORTH = 78.23, 42.50
_STEP = 1e-5
"""Degrees a pixel, east; south a little less, as the sheet keeps its shape at this latitude."""


def lonlat_of(x: float, y: float) -> tuple[float, float]:
    """Return where a pixel lies on the ground."""
    return _WEST + x * _STEP, _NORTH - y * _STEP * 0.737


POINTS: list[dict[str, Any]] = [
    {"pixel": [x, y], "lonlat": list(lonlat_of(x, y)), "label": label}
    for x, y, label in (
        (100, 80, "мектеп"),
        (1100, 120, "көпүрө"),
        (1050, 820, "дүкөн"),
        (150, 780, "мечит"),
        (600, 450, "клуб"),
    )
]
_SHAPES: tuple[tuple[CandidateKind, Ink, BaseGeometry], ...] = (
    (CandidateKind.POLYGON, Ink.BLACK, box(200, 200, 260, 250)),
    (CandidateKind.POLYGON, Ink.BLACK, box(300, 200, 360, 250)),
    (CandidateKind.LINE, Ink.BLUE, LineString([(50, 500), (400, 520)])),
    (CandidateKind.LINE, Ink.BLUE, LineString([(400, 520), (1150, 480)])),
    (CandidateKind.POLYGON, Ink.GREEN, box(600, 600, 900, 800)),
    (CandidateKind.POINT, Ink.RED, Point(700, 300)),
    (CandidateKind.TEXT, Ink.BLACK, box(210, 260, 300, 285)),
    (CandidateKind.LINE, Ink.GREEN, LineString([(100, 600), (300, 600), (300, 750), (100, 750), (100, 606)])),
)


def drawing_jpeg(*, seed: int = 1, size: tuple[int, int] = SIZE) -> bytes:
    """Return a picture of the drawing on grainy paper; another seed is another file."""
    rng = np.random.default_rng(seed)
    (width, height), scale = size, size[0] / SIZE[0]
    paper = np.full((height, width, 3), 235, np.uint8)
    colours = {Ink.BLACK: (30, 30, 30), Ink.BLUE: (170, 70, 30), Ink.GREEN: (60, 125, 20), Ink.RED: (40, 35, 200)}
    for kind, ink, shape in _SHAPES:
        if kind is CandidateKind.POINT:
            x, y = shapely.get_coordinates(shape)[0]
            cv2.circle(paper, (round(x * scale), round(y * scale)), round(12 * scale), colours[ink], -1)
        elif kind is not CandidateKind.TEXT:
            corners = (shapely.get_coordinates(shape) * scale).round().astype(np.int32)
            cv2.polylines(paper, [corners], kind is CandidateKind.POLYGON, colours[ink], round(6 * scale), cv2.LINE_AA)
    grain = rng.normal(0, 2, paper.shape)
    noisy = np.clip(paper + grain, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def unplaced_sheet(*, seed: int = 1, title: str = "Барак <b>1</b>", copies: int = 1) -> NewUnplacedSheet:
    """Return the drawing as it is stored before it is placed; ``copies`` makes more candidates of the same."""
    shapes = _SHAPES * copies
    return NewUnplacedSheet(
        title=title,
        image=drawing_jpeg(seed=seed),
        image_format="JPEG",
        size=SIZE,
        candidates=tuple(
            NewCandidate(ordinal, kind, ink, 6.0, 0.9, shape, neighbours=(ordinal + 1,) if ordinal == 3 else ())
            for ordinal, (kind, ink, shape) in enumerate(shapes, start=1)
        ),
        quality={"verdict": "pass", "warnings": []},
    )
