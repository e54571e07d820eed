"""Lines follow the stroke, with few corners; dashes and dots are one line."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import shapely.ops
from shapely.geometry import LineString

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing import trace
from tests.sketch_import.drawings import Drawing


def lines(drawing: Drawing, **light: float) -> list[Candidate]:
    return [line for line in trace(drawing.photo(**light)).candidates if line.kind is CandidateKind.LINE]


def winding(length: float = 1700.0) -> np.ndarray:
    along = np.linspace(0, 1, 60)
    return np.stack([150 + length * along, 500 + 220 * np.sin(along * 7) + 40 * np.sin(along * 23)], axis=1)


@pytest.mark.parametrize("pen", [3.0, 6.0, 12.0, 20.0])
@pytest.mark.parametrize("grain", [1.0, 6.0])
def test_a_line_lies_within_half_a_stroke_of_the_truth_and_has_few_corners(pen: float, grain: float) -> None:
    drawing = Drawing(2000, 1000, seed=1, pen=pen, wobble=2.0)
    drawing.line(winding(), Ink.BLUE, "river")
    truth = drawing.truths[0].geometry
    (found,) = lines(drawing, grain=grain)
    half = max(pen / 2, 1.5)
    assert shapely.hausdorff_distance(found.geometry, truth, densify=0.02) < half
    assert found.geometry.length == pytest.approx(truth.length, rel=0.02)
    # A person would click this river about every 20 pixels.
    assert len(found.geometry.coords) < truth.length / 15
    assert found.pattern is Pattern.SOLID


def test_a_line_through_crossings_stays_within_half_a_stroke() -> None:
    drawing = Drawing(2000, 1000, seed=2, pen=8, wobble=1.0)
    drawing.line(np.array([[100, 480], [1900, 520]]), Ink.BLACK, "road")
    for x in range(300, 1900, 300):
        drawing.line(np.array([[x, 80], [x + 60, 920]]), Ink.BLACK, f"across {x}")
    found = lines(drawing)
    assert len(found) == 7
    for truth in drawing.truths:
        line = min(found, key=lambda line: shapely.hausdorff_distance(line.geometry, truth.geometry))
        assert shapely.hausdorff_distance(line.geometry, truth.geometry, densify=0.02) < 4


@pytest.mark.parametrize(
    ("pen", "dash", "gap"),
    [
        *((pen, *rhythm) for pen in (4, 7) for rhythm in ((30, 10), (30, 28), (30, 55), (60, 20), (16, 16))),
        (4, 16, 30),
    ],
)
def test_dashes_of_any_proportion_are_one_line(pen: float, dash: float, gap: float) -> None:
    drawing = Drawing(2000, 1000, seed=3, pen=pen, wobble=2.0)
    course = LineString(drawing.hand(np.array([[150, 300], [900, 420], [1850, 350]], float)))
    for start in np.arange(0, course.length - dash, dash + gap + pen):
        drawing.stroke(np.array(shapely.ops.substring(course, start, start + dash).coords), Ink.BROWN)
    found = lines(drawing)
    assert len(found) == 1
    assert found[0].pattern is Pattern.DASHED
    assert found[0].ink is Ink.BROWN
    assert found[0].geometry.length == pytest.approx(course.length, rel=0.08)
    assert shapely.hausdorff_distance(found[0].geometry, course) < dash + gap + pen


@pytest.mark.parametrize("gap", [18.0, 30.0, 45.0])
def test_dots_in_a_row_are_one_line(gap: float) -> None:
    drawing = Drawing(2000, 1000, seed=4, pen=6, wobble=2.0)
    drawing.line(np.array([[150, 800], [1850, 820]]), Ink.BLACK, "road")
    course = LineString(drawing.hand(np.array([[150, 300], [900, 420], [1850, 350]], float)))
    for along in np.arange(0, course.length, gap):
        spot = np.array(course.interpolate(along).coords[0])
        drawing.stroke(np.array([spot, spot + 0.5]), Ink.RED, pen=8)
    found = [line for line in lines(drawing) if line.ink is Ink.RED]
    assert len(found) == 1
    assert found[0].pattern is Pattern.DASHED
    assert found[0].geometry.length == pytest.approx(course.length, rel=0.08)
