"""Two strokes side by side are offered as one road."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing import Trace, trace
from tests.sketch_import.drawings import Drawing, rectangle, village
from tests.sketch_import.strokes import draw_double, hatch


def doubles(traced: Trace) -> list[Candidate]:
    return [candidate for candidate in traced.candidates if candidate.pattern is Pattern.DOUBLE]


@pytest.mark.parametrize(("pen", "width"), [(3.0, 40.0), (5.0, 24.0), (5.0, 48.0), (9.0, 60.0)])
def test_the_middle_of_a_road_is_offered_with_its_width_and_its_sides(pen: float, width: float) -> None:
    drawing = Drawing(1600, 900, seed=1, pen=pen, wobble=3.0)
    middle = draw_double(drawing, [[100, 300], [700, 420], [1500, 250]], Ink.BLACK, "road", width=width)
    traced = trace(drawing.photo(shade=0.2))
    (road,) = doubles(traced)
    assert road.kind is CandidateKind.LINE
    assert road.width_px == pytest.approx(width, rel=0.12)
    assert road.geometry.length == pytest.approx(middle.length, rel=0.04)
    assert shapely.hausdorff_distance(road.geometry, middle) < max(0.3 * width, 8)
    sides = [candidate for candidate in traced.candidates if candidate.ordinal in road.parts]
    assert len(sides) == 2
    assert all(side.kind is CandidateKind.LINE and side.confidence < 0.6 * road.confidence for side in sides)
    assert road.ink is Ink.BLACK


def test_a_road_goes_on_over_a_side_road_that_opens_into_it() -> None:
    drawing = Drawing(1600, 1000, seed=2, pen=5, wobble=2.0)
    for path in (
        [[100, 280], [1500, 280]],
        [[100, 320], [780, 320], [780, 900]],
        [[820, 900], [820, 320], [1500, 320]],
    ):
        drawing.stroke(drawing.hand(np.array(path, float)), Ink.BLUE)
    found = doubles(trace(drawing.photo()))
    assert len(found) == 2
    along, down = sorted(found, key=lambda road: -road.geometry.length)
    assert along.geometry.length == pytest.approx(1400, rel=0.05)
    assert along.geometry.bounds[3] - along.geometry.bounds[1] < 40
    assert down.geometry.length == pytest.approx(560, rel=0.1)


def test_two_lines_of_different_inks_are_no_road() -> None:
    drawing = Drawing(1600, 700, seed=3, pen=5, wobble=2.0)
    drawing.line(np.array([[100, 300], [1500, 300]]), Ink.BLUE, "river")
    drawing.line(np.array([[100, 340], [1500, 340]]), Ink.RED, "road")
    assert doubles(trace(drawing.photo())) == []


def test_lines_that_part_are_no_road() -> None:
    drawing = Drawing(1600, 900, seed=4, pen=5, wobble=2.0)
    drawing.line(np.array([[100, 400], [1500, 100]]), Ink.BLACK, "one")
    drawing.line(np.array([[100, 440], [1500, 800]]), Ink.BLACK, "two")
    assert doubles(trace(drawing.photo())) == []


def test_homes_fields_and_hatching_are_no_roads() -> None:
    drawing = Drawing(1800, 1200, seed=5, pen=5, wobble=2.0)
    for number in range(8):
        drawing.area(rectangle(180 + 190 * number, 200, 90, 70), Ink.BLACK, f"home {number}")
    drawing.area(rectangle(400, 550, 320, 200), Ink.BLACK, "field")
    hatch(drawing, Polygon(rectangle(1200, 700, 400, 300)), Ink.BLACK, gap=26, angle=0.4)
    assert doubles(trace(drawing.photo())) == []


@pytest.mark.parametrize("seed", [60, 61])
def test_a_village_of_single_lines_has_no_roads_of_two(seed: int) -> None:
    assert doubles(trace(village(seed=seed, inks=(Ink.BLACK,), pen=5).photo())) == []
