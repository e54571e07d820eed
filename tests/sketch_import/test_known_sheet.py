"""Tracing of a printed sheet: what is printed is no ink, what is drawn over it stays whole."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.tracing import Trace, trace
from sketch_import.tracing.known_sheet import KnownSheet
from sketch_import.tracing.printed import without_print
from tests.sketch_import.drawings import Drawing, circle, overlap

SIZE = (2800, 2000)
GRID = (176, 214, 228)
"""Pale cyan; 0.15 mm are about half a pixel of a photo of A1, so two pixels are worse than any."""


def print_lines(drawing: Drawing, *, step: int = 240, colour: tuple[int, int, int] = GRID) -> np.ndarray:
    """Print a grid, and return where it may be: three pixels to either side."""
    cover = np.zeros((drawing.height, drawing.width), np.uint8)
    for x in range(130, drawing.width, step):
        cv2.line(cover, (x, 0), (x, drawing.height), 255, 2)
    for y in range(90, drawing.height, step):
        cv2.line(cover, (0, y), (drawing.width, y), 255, 2)
    drawing.light *= 1 - (cover / np.float32(255))[..., None] * (1 - np.array(colour, np.float32) / 255)
    return np.asarray(cv2.dilate(cover, np.ones((7, 7), np.uint8)) > 0).astype(np.uint8)


def known(drawing: Drawing, printed: np.ndarray, *, margin: int = 0) -> KnownSheet:
    inside = np.zeros((drawing.height, drawing.width), np.uint8)
    inside[margin : drawing.height - margin, margin : drawing.width - margin] = 1
    return KnownSheet(inside=inside, printed=printed)


def lines(traced: Trace) -> list[BaseGeometry]:
    return [candidate.geometry for candidate in traced.candidates if candidate.kind is CandidateKind.LINE]


def test_a_grid_alone_is_nothing_and_would_be_much_if_it_were_not_known() -> None:
    drawing = Drawing(*SIZE, seed=1)
    printed = print_lines(drawing)
    photo = drawing.photo(shade=0.3)
    assert trace(photo, known=known(drawing, printed)).candidates == ()
    assert len(trace(photo).candidates) > 10


@pytest.mark.parametrize("ink", [Ink.PENCIL, Ink.BLACK, Ink.BLUE])
@pytest.mark.parametrize("pen", [3.0, 5.0])
def test_strokes_over_a_grid_stay_whole(ink: Ink, pen: float) -> None:
    drawing = Drawing(*SIZE, seed=2, pen=pen, wobble=2.0)
    printed = print_lines(drawing)
    drawing.line(np.array([[150, 300], [2650, 1700]]), ink, "across")
    drawing.line(np.array([[150, 1000], [2650, 1120]]), ink, "nearly along")
    drawing.area(circle(2000, 500, 330), ink, "field")
    traced = trace(drawing.photo(shade=0.3), known=known(drawing, printed))
    areas = [found for found in traced.candidates if found.kind is CandidateKind.POLYGON]
    assert max(overlap(area.geometry, drawing.truths[2].geometry) for area in areas) > 0.9
    near = shapely.union_all([line.buffer(2 * max(pen, 3)) for line in lines(traced)])
    for truth in drawing.truths[:2]:
        assert truth.geometry.intersection(near).length > 0.95 * truth.geometry.length
    # Nothing but what was drawn: pieces of the two lines, and the field.
    drawn = shapely.union_all(
        [truth.geometry.boundary if truth.geometry.area else truth.geometry for truth in drawing.truths]
    ).buffer(10)
    assert all(drawn.covers(line) for line in lines(traced))
    # A pencil line as broad and dark as a pen's may be called black, on blank paper too.
    assert {found.ink for found in traced.candidates} <= ({ink, Ink.BLACK} if ink is Ink.PENCIL else {ink})


def test_a_stroke_that_follows_a_grid_line_is_found() -> None:
    drawing = Drawing(*SIZE, seed=3, pen=6, wobble=1.0)
    printed = print_lines(drawing)
    drawing.line(np.array([[400, 570], [2400, 570]]), Ink.RED, "along")
    traced = trace(drawing.photo(), known=known(drawing, printed))
    (found,) = traced.candidates
    assert found.ink is Ink.RED
    assert found.geometry.length == pytest.approx(2000, rel=0.02)


def base_map(drawing: Drawing) -> np.ndarray:
    """Print roads, blocks and letters in a quarter of grey, fills in an eighth."""
    fills, print_ = np.zeros((2, drawing.height, drawing.width), np.uint8)
    for number in range(24):
        at = (200 + 420 * (number % 6), 250 + 420 * (number // 6))
        cv2.rectangle(fills, at, (at[0] + 180, at[1] + 130), 255, -1)
        cv2.rectangle(print_, at, (at[0] + 180, at[1] + 130), 255, 3)
        cv2.putText(print_, "Toktogul", (at[0], at[1] + 180), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 2, cv2.LINE_AA)
    for number in range(6):
        cv2.line(print_, (0, 150 + 350 * number), (drawing.width, 220 + 330 * number), 255, 6, cv2.LINE_AA)
    drawing.light *= 1 - 0.12 * (fills / np.float32(255))[..., None]
    drawing.light *= 1 - 0.25 * (print_ / np.float32(255))[..., None]
    drawing.light = np.maximum(drawing.light, 0.75)
    return np.ones((drawing.height, drawing.width), np.uint8)


def test_a_pale_base_map_is_nothing() -> None:
    drawing = Drawing(*SIZE, seed=4)
    printed = base_map(drawing)
    assert trace(drawing.photo(shade=0.3), known=known(drawing, printed)).candidates == ()


@pytest.mark.parametrize("ink", [Ink.PENCIL, Ink.BLACK, Ink.GREEN])
def test_what_is_drawn_on_a_base_map_is_found_alone(ink: Ink) -> None:
    drawing = Drawing(*SIZE, seed=5, pen=6, wobble=2.0)
    printed = base_map(drawing)
    drawing.line(np.array([[150, 300], [2650, 1700]]), ink, "road")
    drawing.area(circle(2000, 500, 330), ink, "field")
    traced = trace(drawing.photo(), known=known(drawing, printed))
    near = shapely.union_all([line.buffer(12) for line in lines(traced)])
    road, field = (truth.geometry for truth in drawing.truths)
    assert road.intersection(near).length > 0.95 * road.length
    areas = [found.geometry for found in traced.candidates if found.kind is CandidateKind.POLYGON]
    assert max(overlap(area, field) for area in areas) > 0.9
    drawn = shapely.union_all([road, field.boundary]).buffer(12)
    assert all(drawn.covers(line) for line in lines(traced))


def test_nothing_is_traced_outside() -> None:
    drawing = Drawing(1400, 1000, seed=6, pen=6, wobble=1.0)
    drawing.area(circle(700, 500, 150), Ink.BLACK, "inside")
    drawing.area(circle(60, 60, 40), Ink.BLACK, "in the margin")
    sheet = known(drawing, np.zeros((1000, 1400), np.uint8), margin=120)
    traced = trace(drawing.photo(), known=sheet)
    assert len(traced.candidates) == 1
    assert traced.sheet_found
    assert traced.sheet_share == pytest.approx(1160 * 760 / (1400 * 1000))


def test_nothing_printed_leaves_the_light_as_it_is() -> None:
    missing = np.random.default_rng(0).integers(0, 255, (50, 60, 3)).astype(np.uint8)
    assert without_print(missing, np.zeros((50, 60), np.uint8)) is missing
