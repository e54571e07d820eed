"""Floors under the scores of tracing, on a small part of the scored set that ``make bench`` traces whole."""

from __future__ import annotations

import pytest
import shapely

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate
from sketch_import.tracing import trace
from tests.sketch_import.tracing_scores import Tally, add_score
from tests.sketch_import.varied_hands import Truth
from tests.sketch_import.varied_villages import specs, village

FEW = {"black": (0, 11, 18), "markers": (25, 38, 41)}
"""Of each family one rendered, one scanned and one photographed drawing, with pens from 2 to 8 pixels."""


@pytest.fixture(scope="module", params=FEW)
def tally(request: pytest.FixtureRequest) -> Tally:
    found = Tally()
    for number in FEW[request.param]:
        spec = specs()[number]
        picture, truths = village(spec)
        add_score(found, truths, trace(picture).candidates, width=spec.pen_px)
    return found


def test_the_set_is_large_and_varied() -> None:
    every = specs()
    assert len({spec.name for spec in every}) == len(every) >= 40
    assert {spec.family for spec in every} == {"black", "markers"}
    assert {spec.taken for spec in every} == {"render", "scan", "photo"}
    assert min(spec.long_side for spec in every) <= 800 < 4000 <= max(spec.long_side for spec in every)
    assert min(spec.pen_px for spec in every) <= 2 < 12 <= max(spec.pen_px for spec in every)


def test_areas_are_found_and_little_else_is_offered(tally: Tally) -> None:
    assert tally.recall("polygon") >= 0.95, tally.missed
    assert tally.most <= 2
    assert tally.areas_per_object <= 1.4
    assert tally.sure_precision("polygon") >= 0.8


def test_lines_are_found(tally: Tally) -> None:
    assert tally.line_recall >= 0.9, tally.missed


def test_inks_are_named(tally: Tally) -> None:
    assert tally.ink_share >= 0.97, tally.swaps


def test_signs_are_points_and_words_are_set_aside(tally: Tally) -> None:
    assert tally.recall("point") >= 0.7, tally.missed
    assert tally.precision("text") >= 0.75
    assert tally.recall("text") >= 0.45, tally.missed


def candidate(shape: shapely.Geometry, kind: CandidateKind = CandidateKind.POLYGON, number: int = 1) -> Candidate:
    return Candidate(number, kind, shape, Ink.RED, 4.0, 0.9)


def test_a_score_counts_what_is_missed_wrong_and_misnamed() -> None:
    drawn = shapely.box(0, 0, 100, 100)
    truths = [
        Truth(CandidateKind.POLYGON, "field", Ink.BLACK, drawn),
        Truth(CandidateKind.POLYGON, "home", Ink.RED, shapely.box(300, 0, 340, 40)),
        Truth(CandidateKind.LINE, "road", Ink.RED, shapely.LineString([(0, 200), (100, 200)])),
    ]
    found = [
        candidate(shapely.box(0, 0, 100, 70)),
        candidate(shapely.box(0, 0, 100, 45), number=2),
        candidate(shapely.LineString([(0, 204), (50, 204)]), CandidateKind.LINE, 3),
    ]
    tally = Tally()
    add_score(tally, truths, found, width=4.0)
    assert (tally.drawn["polygon"], tally.found["polygon"], tally.most) == (2, 1, 1)
    assert tally.precision("polygon") == 0.5
    # The end of a candidate reaches 8 pixels on, less what its distance of 4 costs: sqrt(64 - 16).
    assert tally.line_recall == pytest.approx((50 + 48**0.5) / 100, abs=0.01)
    assert tally.inks == {False: 1, True: 1}
    assert [sort for sort, _ in tally.missed] == ["home", "road"]
