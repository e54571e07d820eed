"""Which candidates touch or cross, and at which junctions lines meet."""

from __future__ import annotations

import numpy as np

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing import trace
from tests.sketch_import.drawings import Drawing, circle, rectangle, village
from tests.sketch_import.strokes import draw_double


def by_ink(drawing: Drawing) -> dict[Ink, Candidate]:
    """Trace it, and return the surest candidate of each ink."""
    found = sorted(trace(drawing.photo()).candidates, key=lambda candidate: candidate.confidence)
    return {candidate.ink: candidate for candidate in found}


def test_neighbours_touch_or_cross_and_each_names_the_other() -> None:
    drawing = Drawing(1600, 1000, seed=1, pen=6, wobble=1.0)
    drawing.line(np.array([[100, 500], [1500, 520]]), Ink.BLACK, "road")
    drawing.line(np.array([[800, 100], [820, 900]]), Ink.BLUE, "river across it")
    drawing.area(rectangle(300, 420, 160, 150), Ink.RED, "shop that touches the road")
    drawing.area(circle(1300, 250, 90), Ink.GREEN, "field apart")
    found = by_ink(drawing)
    beside = {
        ink: {found_ink for found_ink, other in found.items() if other.ordinal in candidate.neighbours}
        for ink, candidate in found.items()
    }
    assert beside == {
        Ink.BLACK: {Ink.BLUE, Ink.RED},
        Ink.BLUE: {Ink.BLACK},
        Ink.RED: {Ink.BLACK},
        Ink.GREEN: set(),
    }


def test_a_house_within_a_field_is_no_neighbour_but_one_on_its_edge_is() -> None:
    drawing = Drawing(1600, 1000, seed=2, pen=6, wobble=1.0)
    drawing.area(rectangle(800, 500, 800, 600), Ink.GREEN, "field")
    drawing.area(rectangle(700, 500, 120, 100), Ink.RED, "house in it")
    drawing.area(rectangle(1200, 500, 120, 100), Ink.BLUE, "house on its edge")
    found = by_ink(drawing)
    assert found[Ink.GREEN].neighbours == (found[Ink.BLUE].ordinal,)
    assert found[Ink.RED].neighbours == ()


def test_lines_that_meet_share_a_junction_and_a_road_runs_on_through_it() -> None:
    drawing = Drawing(1600, 1000, seed=3, pen=6, wobble=1.0)
    drawing.line(np.array([[100, 300], [1500, 320]]), Ink.BLACK, "road")
    drawing.line(np.array([[700, 310], [720, 900]]), Ink.BLACK, "side road")
    drawing.line(np.array([[1000, 60], [1020, 900]]), Ink.BLACK, "road across")
    found = [candidate for candidate in trace(drawing.photo()).candidates if candidate.kind is CandidateKind.LINE]
    assert len(found) == 3
    road = max(found, key=lambda line: line.geometry.length)
    side, across = sorted((line for line in found if line is not road), key=lambda line: line.geometry.length)
    # Through a crossing both run on: nobody ends there.
    assert road.junctions == across.junctions == (None, None)
    assert sorted(number is None for number in side.junctions) == [False, True]
    assert set(road.neighbours) == {side.ordinal, across.ordinal}
    assert across.ordinal not in side.neighbours


def test_two_side_roads_that_begin_at_one_junction_share_its_number() -> None:
    drawing = Drawing(1600, 1000, seed=4, pen=6, wobble=0.5)
    # Three arms at 120 degrees: none goes on in another.
    for turn in (0.3, 0.3 + 2.094, 0.3 + 4.189):
        arm = np.array([[800, 500], [800 + 380 * np.cos(turn), 500 + 380 * np.sin(turn)]])
        drawing.line(arm, Ink.BLACK, "arm")
    found = [candidate for candidate in trace(drawing.photo()).candidates if candidate.kind is CandidateKind.LINE]
    assert len(found) == 3
    met = [set(line.junctions) - {None} for line in found]
    assert all(len(numbers) == 1 for numbers in met)
    assert met[0] == met[1] == met[2]


def test_a_road_and_its_sides_are_parts_and_not_neighbours() -> None:
    drawing = Drawing(1600, 800, seed=5, pen=5, wobble=2.0)
    draw_double(drawing, [[100, 300], [1500, 350]], Ink.BLACK, "road", width=34)
    found = trace(drawing.photo()).candidates
    (road,) = (candidate for candidate in found if candidate.pattern is Pattern.DOUBLE)
    assert len(road.parts) == 2
    assert not set(road.parts) & set(road.neighbours)
    assert all(road.ordinal not in side.neighbours for side in found if side.ordinal in road.parts)


def test_all_that_is_named_exists_and_neighbourhood_goes_both_ways() -> None:
    found = trace(village(seed=60, inks=(Ink.BLACK, Ink.BLUE), pen=5).photo()).candidates
    known = {candidate.ordinal: candidate for candidate in found}
    for candidate in found:
        assert list(candidate.neighbours) == sorted(set(candidate.neighbours))
        assert candidate.ordinal not in candidate.neighbours
        assert set(candidate.parts) <= known.keys()
        assert all(candidate.ordinal in known[other].neighbours for other in candidate.neighbours)
        if candidate.kind is not CandidateKind.LINE:
            assert candidate.junctions == (None, None)
