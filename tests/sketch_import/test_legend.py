"""Looks, what they mean, and what else looks so; the key of a printed sheet."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from geo.domain.drawing import CandidateKind, Ink, Pattern
from geo.domain.vocabulary import Kind
from sketch_import.candidate import Candidate, candidates_to_geojson
from sketch_import.legend import (
    Legend,
    SizeClass,
    WidthClass,
    add_proposals,
    learn,
    likeness,
    look_of,
    propose,
    read_key,
)
from sketch_import.tracing import trace
from tests.sketch_import.drawings import Drawing, circle, rectangle
from tests.sketch_import.strokes import draw_double, hatch


def line(ordinal: int, ink: Ink = Ink.BLACK, width: float = 4.0, pattern: Pattern = Pattern.SOLID) -> Candidate:
    course = LineString([(0, 10 * ordinal), (100, 10 * ordinal)])
    return Candidate(ordinal, CandidateKind.LINE, course, ink, width, 0.9, pattern)


def area(ordinal: int, side: float, ink: Ink = Ink.BLACK, pattern: Pattern = Pattern.SOLID) -> Candidate:
    return Candidate(ordinal, CandidateKind.POLYGON, box(0, 0, side, side), ink, 4.0, 0.9, pattern)


def test_a_look_is_judged_beside_the_usual_stroke() -> None:
    assert look_of(line(1, width=4), 4.0).width is WidthClass.USUAL
    assert look_of(line(1, width=4), 1.5).width is WidthClass.BROAD
    assert look_of(line(1, width=4), 9.0).width is WidthClass.FINE
    assert look_of(line(1), 4.0).size is None
    assert [look_of(area(1, side), 4.0).size for side in (20, 60, 200, 400)] == list(SizeClass)


def test_looks_of_another_ink_pattern_or_form_are_nothing_like() -> None:
    look = look_of(line(1), 4.0)
    assert likeness(look, look) == 1.0
    assert likeness(look, look_of(line(2, Ink.RED), 4.0)) == 0.0
    assert likeness(look, look_of(line(2, pattern=Pattern.DASHED), 4.0)) == 0.0
    assert likeness(look, look_of(area(2, 60), 4.0)) == 0.0
    assert 0 < likeness(look, look_of(line(2, Ink.PENCIL), 4.0)) < 1
    assert 0 < likeness(look, look_of(line(2, width=9), 4.0)) < 1


def test_said_once_names_the_rest_of_the_same_look() -> None:
    drawn = [line(1), line(2), line(3, Ink.BLUE), area(4, 60), line(5, pattern=Pattern.DASHED), line(6)]
    proposals = propose(drawn, learn(drawn, {1: Kind.MAIN_ROAD}))
    assert [(one.ordinal, one.kind) for one in proposals] == [(n, Kind.MAIN_ROAD) for n in (1, 2, 6)]
    assert proposals[0].confidence == 1.0
    assert 0.6 < proposals[1].confidence < 1.0


def test_said_more_often_is_surer() -> None:
    drawn = [line(number) for number in range(1, 6)]
    once, often = (propose(drawn, learn(drawn, dict.fromkeys(said, Kind.CANAL)))[-1] for said in ([1], [1, 2, 3]))
    assert once.ordinal == often.ordinal == 5
    assert often.confidence > once.confidence


def test_one_look_for_two_kinds_is_named_as_ambiguous_and_less_sure() -> None:
    drawn = [line(1), line(2), line(3)]
    legend = learn(drawn, {1: Kind.MAIN_ROAD, 2: Kind.CANAL})
    assert [kinds for _, kinds in legend.ambiguous] == [(Kind.CANAL, Kind.MAIN_ROAD)]
    third = propose(drawn, legend)[-1]
    assert third.confidence < 0.5
    assert {third.kind, *third.rivals} == {Kind.MAIN_ROAD, Kind.CANAL}


def test_writing_and_parts_of_a_named_whole_get_no_proposal() -> None:
    road = Candidate(
        1, CandidateKind.LINE, LineString([(0, 0), (90, 0)]), Ink.BLACK, 30, 0.9, Pattern.DOUBLE, parts=(2, 3)
    )
    text = Candidate(4, CandidateKind.TEXT, box(0, 0, 50, 20), Ink.BLACK, 4, 0.9)
    drawn = [road, line(2), line(3), text, line(5)]
    legend = learn(drawn, {1: Kind.MAIN_ROAD, 5: Kind.CANAL})
    assert [one.ordinal for one in propose(drawn, legend)] == [1, 5]


def test_an_empty_legend_proposes_nothing_and_an_unknown_candidate_is_an_error() -> None:
    assert propose([line(1), Candidate(2, CandidateKind.POINT, Point(3, 3), Ink.RED, 4, 0.5)], Legend()) == ()
    with pytest.raises(KeyError):
        learn([line(1)], {7: Kind.WELL})


def test_of_a_traced_drawing_like_things_get_like_names() -> None:
    drawing = Drawing(1800, 1300, seed=1, pen=5, wobble=2.0)
    for number in range(3):
        drawing.line(np.array([[100, 150 + 90 * number], [1700, 190 + 90 * number]]), Ink.BLUE, "canal")
    draw_double(drawing, [[100, 500], [1700, 480]], Ink.BLACK, "main road", width=34)
    draw_double(drawing, [[100, 620], [1700, 640]], Ink.BLACK, "main road", width=38)
    for number in range(5):
        drawing.area(rectangle(250 + 300 * number, 780, 90, 70), Ink.BLACK, "house")
    for number in range(2):
        hatch(drawing, shapely.box(200 + 700 * number, 930, 600 + 700 * number, 1180), Ink.GREEN, gap=24, angle=0.5)
    candidates = trace(drawing.photo()).candidates

    def first(kind: CandidateKind, ink: Ink, pattern: Pattern) -> int:
        return next(c.ordinal for c in candidates if (c.kind, c.ink, c.pattern) == (kind, ink, pattern))

    said = {
        first(CandidateKind.LINE, Ink.BLUE, Pattern.SOLID): Kind.CANAL,
        first(CandidateKind.LINE, Ink.BLACK, Pattern.DOUBLE): Kind.MAIN_ROAD,
        first(CandidateKind.POLYGON, Ink.BLACK, Pattern.SOLID): Kind.HOUSE,
        first(CandidateKind.POLYGON, Ink.GREEN, Pattern.HATCHED): Kind.ARABLE,
    }
    named = [proposal.kind for proposal in propose(candidates, learn(candidates, said))]
    assert {kind: named.count(kind) for kind in said.values()} == {
        Kind.CANAL: 3,
        Kind.MAIN_ROAD: 2,
        Kind.HOUSE: 5,
        Kind.ARABLE: 2,
    }


def key_box(draw: Callable[[Drawing], None] | None, *, seed: int, shade: float = 0.0) -> np.ndarray:
    """Photograph a box of a key, 30 by 15 mm at 6 pixels a millimetre, with its printed frame."""
    drawing = Drawing(180, 90, seed=seed, pen=4, wobble=1.0)
    cover = np.zeros((90, 180), np.uint8)
    cv2.rectangle(cover, (1, 1), (178, 88), 255, 1)
    drawing.light *= 1 - 0.5 * (cover / np.float32(255))[..., None]
    if draw is not None:
        draw(drawing)
    return drawing.photo(shade=shade)


def test_the_key_of_a_sheet_is_read() -> None:
    def paint(drawing: Drawing) -> None:
        cover = np.zeros((90, 180), np.uint8)
        cv2.ellipse(cover, (90, 45), (60, 28), 0, 0, 360, 255, -1)
        drawing.lay(cover, Ink.BLUE)

    boxes: list[tuple[Kind, Callable[[Drawing], None] | None]] = [
        (Kind.MAIN_ROAD, lambda d: draw_double(d, [[15, 45], [165, 48]], Ink.BLACK, "road", width=22) and None),
        (Kind.SECONDARY_ROAD, lambda d: d.line(np.array([[15, 40], [165, 50]]), Ink.BROWN, "path")),
        (Kind.CANAL, lambda d: d.line(np.array([[15, 50], [165, 40]]), Ink.BLUE, "canal")),
        (Kind.HOUSE, lambda d: d.area(rectangle(90, 45, 50, 40), Ink.BLACK, "house")),
        (Kind.WELL, lambda d: d.area(circle(90, 45, 16), Ink.BLUE, "well")),
        (Kind.ARABLE, lambda d: hatch(d, shapely.box(20, 12, 160, 78), Ink.GREEN, gap=14, angle=0.8, jitter=1)),
        (Kind.RESERVOIR, paint),
        (Kind.POWER_LINE, lambda d: d.line(np.array([[12, 45], [168, 45]]), Ink.RED, "power", dash=16)),
        (Kind.PASTURE_NEAR, None),
        (Kind.CLUB, None),
    ]
    patches = [(kind, key_box(draw, seed=seed, shade=0.05 * (seed % 4))) for seed, (kind, draw) in enumerate(boxes)]
    reading = read_key(patches)
    assert reading.empty == (Kind.PASTURE_NEAR, Kind.CLUB)
    assert reading.unread == ()
    assert reading.ambiguous == ()
    found = {
        meaning.kind: (meaning.look.kind, meaning.look.ink, meaning.look.pattern) for meaning in reading.legend.meanings
    }
    line_, area_ = CandidateKind.LINE, CandidateKind.POLYGON
    assert found == {
        Kind.MAIN_ROAD: (line_, Ink.BLACK, Pattern.DOUBLE),
        Kind.SECONDARY_ROAD: (line_, Ink.BROWN, Pattern.SOLID),
        Kind.CANAL: (line_, Ink.BLUE, Pattern.SOLID),
        Kind.HOUSE: (area_, Ink.BLACK, Pattern.SOLID),
        Kind.WELL: (area_, Ink.BLUE, Pattern.SOLID),
        Kind.ARABLE: (area_, Ink.GREEN, Pattern.HATCHED),
        Kind.RESERVOIR: (area_, Ink.BLUE, Pattern.FILLED),
        Kind.POWER_LINE: (line_, Ink.RED, Pattern.DASHED),
    }


def test_boxes_drawn_alike_are_named() -> None:
    def blue(drawing: Drawing) -> None:
        drawing.line(np.array([[15, 50], [165, 40]]), Ink.BLUE, "water")

    patches = [(kind, key_box(blue, seed=seed)) for seed, kind in enumerate([Kind.CANAL, Kind.RIVER, Kind.WATER_PIPE])]
    assert read_key(patches).ambiguous == ((Kind.CANAL, Kind.RIVER, Kind.WATER_PIPE),)


def test_an_empty_key_is_no_error() -> None:
    assert read_key([]).legend.meanings == ()
    blank = [(kind, key_box(None, seed=seed)) for seed, kind in enumerate([Kind.CANAL, Kind.RIVER])]
    reading = read_key(blank)
    assert reading.empty == (Kind.CANAL, Kind.RIVER)
    assert reading.legend.meanings == ()


def test_proposals_are_written_beside_what_was_found() -> None:
    drawn = [line(1), line(2), line(3, Ink.RED)]
    collection = add_proposals(candidates_to_geojson(drawn), propose(drawn, learn(drawn, {1: Kind.CANAL})))
    kinds = [feature["properties"].get("proposed_kind") for feature in collection["features"]]
    assert kinds == ["canal", "canal", None]
    assert collection["features"][0]["properties"]["proposed_confidence"] == 1.0
    assert collection["features"][0]["properties"]["proposed_rivals"] == []
