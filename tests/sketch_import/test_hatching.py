"""Hatching and scribble are offered as the area they fill."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Polygon, box

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing import Trace, trace
from tests.sketch_import.drawings import Drawing, circle, overlap, rectangle, village
from tests.sketch_import.strokes import hatch

FIELD = Polygon(rectangle(600, 450, 420, 300, 0.2))
POND = Polygon(circle(600, 450, 170))


def drawn(pen: float = 5.0) -> Drawing:
    drawing = Drawing(1200, 900, seed=1, pen=pen, wobble=2.0)
    # A line of another ink, so that there is more on the sheet than hatching.
    drawing.line(np.array([[100, 100], [1100, 140]]), Ink.RED, "road")
    return drawing


def hatched(traced: Trace) -> list[Candidate]:
    return [candidate for candidate in traced.candidates if candidate.pattern is Pattern.HATCHED]


def assert_one(traced: Trace, area: Polygon, ink: Ink, least: float) -> None:
    (found,) = hatched(traced)
    assert found.kind is CandidateKind.POLYGON
    assert overlap(found.geometry, area) > least
    assert found.ink is ink
    assert found.confidence > 0.6
    # Nothing of it is offered as a line or an area of its own, unless as a part or in doubt.
    for other in traced.candidates:
        if other is not found and other.ink is ink and other.geometry.intersects(area):
            assert other.confidence < 0.5


@pytest.mark.parametrize("area", [FIELD, POND], ids=["field", "pond"])
@pytest.mark.parametrize("angle", [0.0, 0.7])
@pytest.mark.parametrize(("pen", "gap"), [(5.0, 22.0), (3.0, 18.0)])
def test_strokes_without_an_outline(area: Polygon, angle: float, pen: float, gap: float) -> None:
    drawing = drawn(pen)
    hatch(drawing, area, Ink.GREEN, gap=gap, angle=angle)
    assert_one(trace(drawing.photo()), area, Ink.GREEN, 0.8)


@pytest.mark.parametrize("area", [FIELD, POND], ids=["field", "pond"])
def test_scribble_without_an_outline(area: Polygon) -> None:
    drawing = drawn()
    hatch(drawing, area, Ink.BLUE, gap=20, angle=0.3, scribble=True)
    assert_one(trace(drawing.photo()), area, Ink.BLUE, 0.75)


def test_strokes_both_ways() -> None:
    drawing = drawn()
    hatch(drawing, FIELD, Ink.BROWN, gap=24, angle=0.7)
    hatch(drawing, FIELD, Ink.BROWN, gap=24, angle=-0.8)
    (found,) = hatched(trace(drawing.photo()))
    assert overlap(found.geometry, FIELD) > 0.8


@pytest.mark.parametrize("scribble", [False, True])
@pytest.mark.parametrize("inset", [20.0, 0.0], ids=["apart from it", "touching it"])
@pytest.mark.parametrize("ink", [Ink.BLACK, Ink.GREEN])
def test_within_an_outline_it_is_the_outline(scribble: bool, inset: float, ink: Ink) -> None:
    drawing = drawn()
    drawing.area(np.array(FIELD.exterior.coords)[:-1], Ink.BLACK, "field")
    hatch(drawing, FIELD.buffer(-inset), ink, gap=24, angle=0.8, scribble=scribble)
    traced = trace(drawing.photo())
    (found,) = hatched(traced)
    assert overlap(found.geometry, drawing.truths[-1].geometry) > 0.9


def test_two_fields_hatched_each_its_own_way_are_two() -> None:
    drawing = drawn()
    hatch(drawing, box(150, 300, 480, 600), Ink.GREEN, gap=22, angle=0.3)
    hatch(drawing, box(650, 300, 980, 600), Ink.GREEN, gap=22, angle=1.2)
    found = hatched(trace(drawing.photo()))
    assert len(found) == 2


@pytest.mark.parametrize("seed", [60, 61, 62])
def test_a_village_without_hatching_has_none(seed: int) -> None:
    drawing = village(seed=seed, inks=(Ink.BLACK, Ink.GREEN), pen=5)
    assert hatched(trace(drawing.photo())) == []


def test_writing_a_ladder_and_a_dashed_line_are_none() -> None:
    drawing = drawn()
    drawing.words("Illumination Mill", (150, 300), Ink.BLACK, 2.0)
    drawing.line(np.array([[100, 500], [1100, 520]]), Ink.GREEN, "path", dash=30)
    drawing.line(np.array([[100, 700], [1100, 720]]), Ink.BLACK, "railway")
    for x in range(120, 1100, 22):
        drawing.stroke(np.array([[x, 690 + x * 0.02], [x, 715 + x * 0.02]]), Ink.BLACK)
    assert hatched(trace(drawing.photo())) == []
