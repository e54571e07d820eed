"""Small homes, homes that touch, plain words, and rows within a field, on clean drawings."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from geo.domain.drawing import CandidateKind, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing import trace
from tests.sketch_import.tracing_scores import overlaps


def page() -> NDArray[np.uint8]:
    """White page with a road, which tells how broad the strokes are."""
    picture = np.full((1400, 2000, 3), 255, np.uint8)
    cv2.line(picture, (100, 1300), (1900, 1250), (0, 0, 0), 6)
    return picture


def found(picture: NDArray[np.uint8], kind: CandidateKind) -> list[Candidate]:
    return [candidate for candidate in trace(picture).candidates if candidate.kind is kind]


@pytest.mark.parametrize("side", [20, 24, 30])
def test_a_small_home_with_a_hole_that_is_seen_is_an_area(side: int) -> None:
    picture = page()
    cv2.rectangle(picture, (900, 600), (900 + side, 600 + side), (0, 0, 255), 6)
    areas = [area.geometry for area in found(picture, CandidateKind.POLYGON)]
    assert overlaps(box(900, 600, 900 + side, 600 + side), areas).max(initial=0) > 0.5


def test_a_ring_without_a_hole_to_speak_of_is_a_point() -> None:
    picture = page()
    cv2.circle(picture, (900, 600), 5, (0, 0, 255), 6)
    assert not found(picture, CandidateKind.POLYGON)
    assert len(found(picture, CandidateKind.POINT)) == 1


def test_two_homes_that_touch_are_no_word() -> None:
    picture = page()
    walls = [(900, 600, 980, 660), (980, 610, 1040, 660)]
    for left, top, right, bottom in walls:
        cv2.rectangle(picture, (left, top), (right, bottom), (0, 0, 0), 6)
    cv2.rectangle(picture, (1000, 635), (1018, 660), (0, 0, 0), 6)
    areas = [area.geometry for area in found(picture, CandidateKind.POLYGON)]
    assert not found(picture, CandidateKind.TEXT)
    assert all(overlaps(box(*wall), areas).max(initial=0) > 0.5 for wall in walls)


@pytest.mark.parametrize("word", ["market"])
def test_plain_words_are_set_aside_whole(word: str) -> None:
    picture = page()
    (wide, tall), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, 2.4, 6)
    cv2.putText(picture, word, (600, 600), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (0, 0, 0), 6, cv2.LINE_AA)
    written = box(600, 600 - tall, 600 + wide, 600)
    covered = sum(text.geometry.intersection(written).area for text in found(picture, CandidateKind.TEXT))
    assert covered > 0.6 * written.area


def test_rows_far_apart_in_a_field_are_doubted() -> None:
    picture = page()
    cv2.rectangle(picture, (400, 300), (1100, 900), (0, 128, 0), 6)
    for column in range(480, 1060, 110):
        cv2.line(picture, (column, 340), (column, 860), (0, 128, 0), 6)
    cv2.line(picture, (1300, 300), (1300, 900), (0, 128, 0), 6)
    lines = [line for line in found(picture, CandidateKind.LINE) if line.pattern is Pattern.SOLID]
    rows = [line for line in lines if 400 < line.geometry.centroid.x < 1100 and line.geometry.centroid.y < 1000]
    beside = [line for line in lines if abs(line.geometry.centroid.x - 1300) < 20]
    assert rows and all(row.confidence < 0.5 for row in rows)
    assert beside[0].confidence > 0.5
