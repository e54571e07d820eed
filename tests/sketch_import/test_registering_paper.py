"""Photos of a printed sheet with few strokes: the paper says how they lie, the strokes whether it is the same copy."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.sheet_layout import PaperSize
from sketch_import.registering import Reason, Verdict, register
from tests.support.printed_sheets import print_sheet, sheet_layout
from tests.support.sheet_photos import Difficulty, SheetPhoto, photograph

LAYOUT = sheet_layout(PaperSize.A3)
PER_MM = 9.0
Bytes = NDArray[np.uint8]


def drawn(*, seed: int) -> Bytes:
    """Draw three rings on a printed sheet."""
    rng, frame = np.random.default_rng(seed), LAYOUT.frame
    sheet = print_sheet(LAYOUT, px_per_mm=PER_MM)
    for place in rng.uniform(0.15, 0.85, (3, 2)):
        middle = (np.array([frame.x, frame.y]) + place * [frame.width, frame.height]) * PER_MM
        cv2.circle(sheet, (round(middle[0]), round(middle[1])), round(rng.uniform(8, 14) * PER_MM), (30, 30, 30), 14)
    return sheet


def photo(sheet: Bytes, *, seed: int) -> SheetPhoto:
    return photograph(sheet, paper_mm=LAYOUT.paper_mm, difficulty=Difficulty.EASY, seed=seed)


@pytest.fixture(scope="module")
def old() -> SheetPhoto:
    return photo(drawn(seed=1), seed=1)


def test_a_few_strokes_lie_where_the_paper_says(old: SheetPhoto) -> None:
    new = photo(drawn(seed=1), seed=2)
    found = register(new.pixels, old.pixels)
    assert found.verdict is not Verdict.REFUSED, found.reason
    assert found.homography is not None
    corners = np.array(LAYOUT.frame.corners)
    carried = cv2.perspectiveTransform(new.to_photo(corners)[None], found.homography)[0]
    assert np.hypot(*(carried - old.to_photo(corners)).T).max() < 4.0


def test_another_copy_of_the_same_print_is_another_drawing(old: SheetPhoto) -> None:
    found = register(photo(drawn(seed=5), seed=2).pixels, old.pixels)
    assert (found.verdict, found.homography) == (Verdict.REFUSED, None)
    assert found.reason in {Reason.OTHER_DRAWING, Reason.NO_MATCH, Reason.SHAPE, Reason.CLUSTERED}


def test_print_alone_does_not_tell_copies_apart(old: SheetPhoto) -> None:
    blank = photo(print_sheet(LAYOUT, px_per_mm=PER_MM), seed=3)
    assert register(old.pixels, blank.pixels).verdict is not Verdict.PASS
