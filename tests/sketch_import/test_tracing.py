"""Tracing of drawings whose truth is known (see `drawings`)."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
import shapely
import shapely.ops

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate, candidates_to_geojson
from sketch_import.tracing import Trace, trace
from tests.sketch_import.drawings import Drawing, Score, circle, overlap, rectangle, score, village

WHITE, YELLOWED = (245, 243, 238), (228, 205, 155)


def best(traced: Trace, truth: shapely.Geometry) -> Candidate:
    areas = [candidate for candidate in traced.candidates if candidate.kind is CandidateKind.POLYGON]
    assert areas, "no area found"
    return max(areas, key=lambda area: overlap(area.geometry, truth))


def kinds(traced: Trace, kind: CandidateKind) -> list[Candidate]:
    return [candidate for candidate in traced.candidates if candidate.kind is kind]


def scored(seed: int, inks: tuple[Ink, ...], pen: float, **light: object) -> Score:
    drawing = village(seed=seed, inks=inks, pen=pen)
    return score(drawing.truths, trace(drawing.photo(**light)).candidates, pen)  # type: ignore[arg-type]


def add(scores: list[Score]) -> tuple[float, float, float]:
    polygons = sum(one.polygons_found for one in scores) / sum(one.polygons for one in scores)
    lines = sum(one.line_found for one in scores) / sum(one.line_length for one in scores)
    return polygons, lines, sum(one.inks_right for one in scores) / sum(one.inks for one in scores)


def test_black_pen_villages_are_found() -> None:
    scores = [
        scored(seed, (Ink.BLACK,), pen, paper=paper, shade=shade, table=table)
        for seed, pen, paper, shade, table in [
            (0, 3, WHITE, 0.0, 0.05),
            (1, 5, YELLOWED, 0.4, 0.0),
            (2, 8, WHITE, 0.3, 0.0),
            (3, 3, YELLOWED, 0.4, 0.05),
        ]
    ]
    polygons, lines, inks = add(scores)
    assert polygons >= 0.95, [one.missed for one in scores]
    assert lines >= 0.90, [one.missed for one in scores]
    assert inks >= 0.97, [one.missed for one in scores]
    assert max(one.most_candidates for one in scores) <= 2


def test_marker_villages_are_found_and_their_inks_named() -> None:
    scores = [
        scored(seed, tuple(Ink), pen, paper=paper, shade=shade, table=table)
        for seed, pen, paper, shade, table in [
            (50, 6, WHITE, 0.0, 0.05),
            (51, 9, YELLOWED, 0.35, 0.0),
            (52, 12, WHITE, 0.0, 0.0),
            (53, 6, YELLOWED, 0.35, 0.05),
        ]
    ]
    polygons, lines, inks = add(scores)
    assert polygons >= 0.95, [one.missed for one in scores]
    assert lines >= 0.90, [one.missed for one in scores]
    assert inks >= 0.97, [one.missed for one in scores]
    assert max(one.most_candidates for one in scores) <= 2


def test_outline_follows_the_middle_of_the_stroke() -> None:
    drawing = Drawing(900, 700, seed=1, pen=16, wobble=0.0)
    drawing.area(circle(450, 350, 150), Ink.BLACK, "home")
    found = best(trace(drawing.photo()), drawing.truths[0].geometry)
    # The inner and the outer edge of the stroke would be off by 5 % each way.
    assert found.geometry.area == pytest.approx(drawing.truths[0].geometry.area, rel=0.015)
    assert shapely.hausdorff_distance(found.geometry, drawing.truths[0].geometry) < 4
    assert found.width_px == pytest.approx(16, abs=2.5)


def test_coordinates_are_those_of_the_full_photo_when_traced_smaller() -> None:
    drawing = Drawing(3600, 2700, seed=2, pen=14, wobble=0.0)
    drawing.area(rectangle(2900, 2100, 500, 300), Ink.BLUE, "field")
    traced = trace(drawing.photo())
    assert traced.working_scale < 1
    found = best(traced, drawing.truths[0].geometry)
    assert shapely.hausdorff_distance(found.geometry.exterior, drawing.truths[0].geometry.exterior) < 14
    assert (
        found.geometry.centroid.distance(drawing.truths[0].geometry.centroid) < 1.5
    )  # one pixel of the working picture


def test_a_gap_of_a_few_widths_is_closed_and_a_wide_open_arc_is_not() -> None:
    drawing = Drawing(1000, 600, seed=3, pen=6, wobble=0.0)
    drawing.area(circle(250, 300, 120), Ink.BLACK, "closed", gap=24)
    drawing.line(circle(700, 300, 120)[:26], Ink.BLACK, "arc")
    traced = trace(drawing.photo())
    areas = kinds(traced, CandidateKind.POLYGON)
    assert len(areas) == 1
    assert overlap(areas[0].geometry, drawing.truths[0].geometry) > 0.95
    lines = kinds(traced, CandidateKind.LINE)
    assert len(lines) == 1
    assert lines[0].geometry.length == pytest.approx(drawing.truths[1].geometry.length, rel=0.05)


def test_overshot_corner_gives_the_area_without_its_tail() -> None:
    drawing = Drawing(800, 600, seed=4, pen=6, wobble=1.0)
    drawing.area(rectangle(400, 300, 300, 200), Ink.RED, "field", overshoot=30)
    found = best(trace(drawing.photo()), drawing.truths[0].geometry)
    assert overlap(found.geometry, drawing.truths[0].geometry) > 0.93


def test_fields_sharing_a_side_are_both_found_once() -> None:
    drawing = Drawing(1200, 800, seed=5, pen=6, wobble=1.0)
    drawing.area(rectangle(400, 400, 300, 260), Ink.GREEN, "left")
    right = shapely.box(550, 270, 850, 530)
    drawing.stroke(drawing.hand(np.array([[550, 270], [850, 270], [850, 530], [550, 530]])), Ink.GREEN)
    traced = trace(drawing.photo())
    for truth in (drawing.truths[0].geometry, right):
        matches = [area for area in kinds(traced, CandidateKind.POLYGON) if overlap(area.geometry, truth) >= 0.5]
        assert 1 <= len(matches) <= 2
        assert max(overlap(match.geometry, truth) for match in matches) > 0.9


def test_an_island_is_a_hole_and_a_house_in_a_field_is_not() -> None:
    drawing = Drawing(1400, 700, seed=6, pen=6, wobble=1.0)
    drawing.area(circle(350, 350, 240), Ink.BLUE, "lake")
    drawing.area(circle(350, 350, 110), Ink.BLUE, "island")
    drawing.area(rectangle(1000, 350, 460, 400), Ink.GREEN, "field")
    drawing.area(rectangle(1000, 350, 60, 60), Ink.BLACK, "house")
    traced = trace(drawing.photo())
    lake = best(traced, drawing.truths[0].geometry.difference(drawing.truths[1].geometry))
    assert len(lake.geometry.interiors) == 1
    field = best(traced, drawing.truths[2].geometry)
    assert len(field.geometry.interiors) == 0
    assert overlap(field.geometry, drawing.truths[2].geometry) > 0.9


def test_a_red_path_across_a_black_home_leaves_one_home_and_one_path() -> None:
    drawing = Drawing(1000, 700, seed=7, pen=6, wobble=1.0)
    drawing.area(circle(500, 350, 150), Ink.BLACK, "home")
    drawing.line(np.array([[120, 300], [880, 400]]), Ink.RED, "path")
    traced = trace(drawing.photo())
    home = best(traced, drawing.truths[0].geometry)
    assert overlap(home.geometry, drawing.truths[0].geometry) > 0.95
    assert home.ink is Ink.BLACK
    paths = [line for line in kinds(traced, CandidateKind.LINE) if line.ink is Ink.RED]
    near = shapely.union_all([line.geometry.buffer(12) for line in paths])
    assert drawing.truths[1].geometry.intersection(near).length > 0.9 * drawing.truths[1].geometry.length


@pytest.mark.parametrize("paper", [WHITE, YELLOWED, (180, 200, 235)])
def test_inks_are_named_on_any_paper(paper: tuple[int, int, int]) -> None:
    drawing = Drawing(1400, 900, seed=8, pen=7, wobble=1.0)
    for number, ink in enumerate(Ink):
        drawing.line(np.array([[120, 110 + 110 * number], [1280, 130 + 110 * number]]), ink, ink.value)
    traced = trace(drawing.photo(paper=paper, shade=0.35))
    lines = sorted(kinds(traced, CandidateKind.LINE), key=lambda line: line.geometry.centroid.y)
    assert [line.ink for line in lines] == list(Ink)


def test_dashes_become_one_line_and_dashed_outlines_an_area() -> None:
    drawing = Drawing(1400, 800, seed=9, pen=6, wobble=1.0)
    drawing.line(np.array([[100, 120], [1300, 180]]), Ink.BROWN, "path", dash=34)
    outline = shapely.LineString([*rectangle(700, 500, 600, 320), rectangle(700, 500, 600, 320)[0]])
    for start in np.arange(0, outline.length - 30, 60):
        drawing.stroke(np.array(shapely.ops.substring(outline, start, start + 34).coords), Ink.RED)
    traced = trace(drawing.photo())
    long = [line for line in kinds(traced, CandidateKind.LINE) if line.ink is Ink.BROWN]
    assert len(long) == 1
    assert long[0].geometry.length == pytest.approx(drawing.truths[0].geometry.length, rel=0.06)
    wish = best(traced, shapely.Polygon(outline.coords))
    assert overlap(wish.geometry, shapely.Polygon(outline.coords)) > 0.9
    assert wish.ink is Ink.RED


def test_a_painted_pond_is_one_area() -> None:
    drawing = Drawing(1200, 900, seed=10, pen=6, wobble=1.0)
    cover = np.zeros((900, 1200), np.uint8)
    pond = circle(500, 450, 110)
    cv2.fillPoly(cover, [np.round(pond).astype(np.int32)], 255)
    drawing.lay(cover, Ink.BLUE)
    drawing.line(np.array([[100, 100], [1100, 140]]), Ink.BLACK, "road")
    traced = trace(drawing.photo())
    found = best(traced, shapely.Polygon(pond))
    assert overlap(found.geometry, shapely.Polygon(pond)) > 0.9
    assert found.ink is Ink.BLUE


def test_handwriting_is_set_aside_and_no_lake() -> None:
    drawing = Drawing(1600, 900, seed=11, pen=6, wobble=1.0)
    drawing.words("Boboodo adepo", (200, 250), Ink.RED, 2.2)
    drawing.words("Dobro 8806", (700, 650), Ink.BLACK, 1.6)
    traced = trace(drawing.photo())
    texts = kinds(traced, CandidateKind.TEXT)
    for truth in drawing.truths:
        covered = shapely.union_all([text.geometry for text in texts]).intersection(truth.geometry).area
        assert covered > 0.7 * truth.geometry.area, truth.name
    assert not kinds(traced, CandidateKind.POLYGON)
    assert {text.ink for text in texts} == {Ink.RED, Ink.BLACK}


def test_dots_and_small_rings_are_points() -> None:
    drawing = Drawing(1200, 800, seed=12, pen=6, wobble=0.0)
    drawing.line(np.array([[100, 700], [1100, 700]]), Ink.BLACK, "road")
    places = [(200, 200), (500, 350), (900, 250)]
    for x, y in places:
        drawing.stroke(circle(x, y, 1.5), Ink.RED, pen=18)
    traced = trace(drawing.photo())
    points = kinds(traced, CandidateKind.POINT)
    assert len(points) == 3
    for x, y in places:
        assert min(point.geometry.distance(shapely.Point(x, y)) for point in points) < 3
    assert {point.ink for point in points} == {Ink.RED}


def test_the_table_beside_the_sheet_is_left_out() -> None:
    drawing = Drawing(1600, 1200, seed=13, pen=6, wobble=1.0)
    drawing.area(circle(800, 600, 200), Ink.BLACK, "home")
    traced = trace(drawing.photo(table=0.12))
    assert traced.sheet_found
    assert traced.sheet_share == pytest.approx(0.76**2, abs=0.03)
    assert len(traced.candidates) == 1


@pytest.mark.parametrize("paper", [WHITE, YELLOWED])
def test_a_blank_sheet_gives_nothing(paper: tuple[int, int, int]) -> None:
    traced = trace(Drawing(1200, 900, seed=14).photo(paper=paper, shade=0.5, grain=4.0))
    assert traced.candidates == ()


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((1, 1, 3), np.uint8),
        np.full((3, 500, 3), 255, np.uint8),
        np.zeros((300, 400, 3), np.uint8),
        np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8),
    ],
    ids=["one pixel", "a strip", "black", "noise"],
)
def test_odd_pictures_do_no_harm(pixels: np.ndarray) -> None:
    for candidate in trace(pixels).candidates:
        assert candidate.geometry.is_valid
        assert 0 <= candidate.confidence <= 1


def test_every_candidate_is_well_formed_and_the_same_each_time() -> None:
    pixels = village(seed=60, inks=tuple(Ink), pen=6).photo(shade=0.3, paper=YELLOWED)
    first, second = trace(pixels), trace(pixels)
    assert candidates_to_geojson(first.candidates) == candidates_to_geojson(second.candidates)
    height, width = pixels.shape[:2]
    frame = shapely.box(0, 0, width, height).buffer(20)
    for number, candidate in enumerate(first.candidates, start=1):
        assert candidate.ordinal == number
        assert candidate.geometry.is_valid
        assert not candidate.geometry.is_empty
        assert frame.contains(candidate.geometry)
        assert 0 <= candidate.confidence <= 1
        assert candidate.width_px > 0


def test_geojson_says_that_it_is_in_pixels() -> None:
    drawing = Drawing(800, 600, seed=15, pen=6, wobble=1.0)
    drawing.area(rectangle(400, 300, 300, 200), Ink.VIOLET, "field")
    collection = json.loads(json.dumps(candidates_to_geojson(trace(drawing.photo()).candidates)))
    assert collection["type"] == "FeatureCollection"
    assert "y down" in collection["coordinates"]
    (feature,) = collection["features"]
    always = {"id", "kind", "ink", "confidence", "width_px", "pattern", "neighbours", "parts", "junctions"}
    assert feature["properties"].keys() == always
    assert feature["properties"]["kind"] == "polygon"
    assert feature["properties"]["ink"] == "violet"
    assert feature["properties"]["id"] == feature["id"] == "c0001"
