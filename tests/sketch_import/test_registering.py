"""A re-photograph is laid on the earlier photo of its sheet; a photo of any other sheet is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
import shapely

from geo.domain.drawing import CandidateKind
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from sketch_import.registering import Reason, Registration, Verdict, new_ink, register
from sketch_import.registering.homography import fit_homography, shape_of
from sketch_import.sample_sheet.sheet import Drawing as SampleDrawing
from sketch_import.sample_sheet.sheet import draw_sheet
from tests.sketch_import.rephotographs import draw_more, error_px, photograph
from tests.sketch_import.shared_paper import Print, drawn_sheet, photographed
from tests.sketch_import.shared_paper import draw_more as add_homes
from tests.sketch_import.sheet_marks import print_marks

SMALL = (1200, 900)
HANDS = 4


@cache
def twice(kind: Print, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Two photos of one sheet with more homes on the second, and the ways from the sheet to each."""
    drawing = drawn_sheet(kind, seed, size=SMALL)
    first, to_first = photographed(drawing, 7 * seed + 1)
    add_homes(drawing)
    second, to_second = photographed(drawing, 7 * seed + 2)
    return first, second, to_first, to_second


def miss(found: Registration, to_old: np.ndarray, to_new: np.ndarray) -> np.ndarray:
    axes = [np.linspace(0.05, 0.95, 15) * side for side in SMALL]
    sheet = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 1, 2)
    assert found.homography is not None
    there = cv2.perspectiveTransform(cv2.perspectiveTransform(sheet, to_new), found.homography)
    return np.hypot(*(there - cv2.perspectiveTransform(sheet, to_old))[:, 0].T)


@pytest.mark.parametrize("kind", Print)
def test_the_same_sheet_is_found_again_whatever_was_added(kind: Print) -> None:
    for seed in range(HANDS):
        first, second, to_first, to_second = twice(kind, seed)
        found = register(second, first)
        assert found.verdict is Verdict.PASS, (seed, found)
        error = miss(found, to_first, to_second)
        assert np.median(error) <= 1.0
        assert error.max() <= 4.0


@pytest.mark.parametrize("kind", Print)
def test_another_drawing_on_the_same_print_is_refused(kind: Print) -> None:
    """12 pairs on each of 6 papers, 72 in all, of one hand with the same signs and words: none is taken."""
    for old, new in itertools.permutations(range(HANDS), 2):
        found = register(twice(kind, new)[1], twice(kind, old)[0])
        assert found.verdict is Verdict.REFUSED, (old, new, found)
        assert found.homography is None


@pytest.mark.parametrize("kind", [Print.DARK_MAP, Print.FORM])
def test_few_strokes_on_a_dark_print_still_tell_sheets_apart(kind: Print) -> None:
    photos = [photographed(drawn_sheet(kind, seed, sparse=True, size=SMALL), seed)[0] for seed in range(3)]
    for old, new in itertools.permutations(range(3), 2):
        assert register(photos[new], photos[old]).reason is Reason.OTHER_DRAWING
    again = photographed(drawn_sheet(kind, 0, sparse=True, size=SMALL), 99)[0]
    assert register(again, photos[0]).verdict is Verdict.PASS


@pytest.fixture(scope="module")
def sample() -> SampleDrawing:
    return draw_sheet(np.random.default_rng(1000))


def test_a_hand_drawn_sheet_turned_and_cut_gives_its_new_ink(sample: SampleDrawing) -> None:
    """Measured over 8 sheets at 3 megapixels: 60 of 62 added objects, no candidate that was there before."""
    added = draw_more(sample.strokes, seed=0)
    old, old_camera = photograph(sample.strokes, 1, size=(1600, 1200))
    more = sample.strokes + tuple(stroke for one in added for stroke in one.strokes)
    new, new_camera = photograph(more, 2, size=(1600, 1200), tilt=2.5, turn_deg=93, zoom=0.75)
    found = register(new, old)
    assert found.verdict is Verdict.PASS
    assert found.homography is not None
    assert np.median(error_px(found.homography, new_camera, old_camera)) <= 2.0
    candidates = new_ink(old, new, found.homography)
    drawn = [shapely.transform(one.geometry, new_camera.to_photo) for one in added]
    around = shapely.union_all([shape.buffer(10) for shape in drawn])
    assert all(around.contains(candidate.geometry) for candidate in candidates)
    areas = [candidate.geometry for candidate in candidates if candidate.kind is CandidateKind.POLYGON]
    lines = [candidate.geometry for candidate in candidates if candidate.kind is CandidateKind.LINE]
    hits = [
        any(area.intersection(shape).area > 0.5 * area.union(shape).area for area in areas)
        if shape.geom_type == "Polygon"
        else any(line.intersection(shape.buffer(8)).length > 0.7 * shape.length for line in lines)
        for shape in drawn
    ]
    assert sum(hits) >= len(hits) - 1


def test_the_same_village_by_another_hand_is_another_sheet(sample: SampleDrawing) -> None:
    """Same places, words, key and paper, drawn again from memory."""
    other = draw_sheet(np.random.default_rng(1001))
    first, _ = photograph(sample.strokes, 1, size=SMALL)
    second, _ = photograph(other.strokes, 2, size=SMALL)
    assert register(second, first).reason is Reason.OTHER_DRAWING
    assert register(first, second).reason is Reason.OTHER_DRAWING


def test_nothing_new_on_the_same_photo() -> None:
    photo = twice(Print.NOTHING, 0)[0]
    found = register(photo, photo)
    assert found.verdict is Verdict.PASS
    assert found.homography is not None
    assert np.array_equal(found.homography, np.eye(3))
    assert found.inliers > 100
    assert new_ink(photo, photo, found.homography) == ()


def test_it_gives_the_same_each_time() -> None:
    first, second, *_ = twice(Print.GRID, 1)
    one, two = register(second, first), register(second, first)
    assert np.array_equal(np.asarray(one.homography), np.asarray(two.homography))


def test_a_crop_lies_where_it_was_cut() -> None:
    photo = twice(Print.NOTHING, 1)[0]
    cut = np.ascontiguousarray(photo[200:800, 350:1100])
    found = register(cut, photo)
    assert found.verdict is Verdict.PASS
    assert found.homography is not None
    assert found.homography / found.homography[2, 2] == pytest.approx(
        np.array([[1, 0, 350], [0, 1, 200], [0, 0, 1]]), abs=0.5
    )


TURNS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "upside down": lambda photo: photo[::-1, ::-1],
    "on its side": np.rot90,
    "half the size": lambda photo: cv2.resize(photo, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "at dusk": lambda photo: (photo * [0.55, 0.5, 0.36]).astype(np.uint8),
}


@pytest.mark.parametrize("turned", TURNS.values(), ids=TURNS)
def test_turn_size_and_light_do_not_matter(turned: Callable[[np.ndarray], np.ndarray]) -> None:
    first, second, *_ = twice(Print.NOTHING, 2)
    assert register(np.ascontiguousarray(turned(second)), first).verdict is Verdict.PASS


def test_half_pixels_are_counted_from_the_corner() -> None:
    """Upside down, pixel corner (0, 0) becomes (width, height): any other convention is a pixel off."""
    photo = twice(Print.NOTHING, 2)[0]
    found = register(np.ascontiguousarray(photo[::-1, ::-1]), photo)
    assert found.homography is not None
    corner = cv2.perspectiveTransform(np.array([[[0.0, 0.0], [600.0, 450.0]]]), found.homography)[0]
    assert corner == pytest.approx(np.array([[1200, 900], [600, 450]]), abs=0.3)


def test_a_mirrored_photo_is_named() -> None:
    first, second, *_ = twice(Print.NOTHING, 2)
    found = register(np.ascontiguousarray(second[:, ::-1]), first)
    assert (found.verdict, found.reason) == (Verdict.REFUSED, Reason.MIRRORED)


def test_tiny_and_blank_photos_are_refused() -> None:
    photo = twice(Print.NOTHING, 0)[0]
    tiny = cv2.resize(photo, (100, 80), interpolation=cv2.INTER_AREA)
    assert register(tiny, photo).reason is Reason.TOO_SMALL
    assert register(tiny, tiny).reason is Reason.TOO_SMALL
    blank = np.full((900, 1200, 3), (240, 238, 230), np.uint8)
    assert register(blank, photo).reason is Reason.LOW_DETAIL
    assert register(blank, blank).reason is Reason.LOW_DETAIL
    ruled = photographed(drawn_sheet(Print.NOTHING, 3, sparse=True, size=SMALL), 1)[0]
    ruled[:] = 235
    ruled[::40] = 170
    assert register(ruled, ruled).verdict is Verdict.REFUSED


def test_noise_is_no_sheet() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2, 900, 1200, 3), np.uint8)
    assert register(noise[0], noise[1]).verdict is Verdict.REFUSED
    assert register(noise[0], twice(Print.NOTHING, 0)[0]).verdict is Verdict.REFUSED


def code(sheet_id: str) -> SheetCode:
    return SheetCode(sheet_id, PaperSize.A4, Orientation.LANDSCAPE, Template.BLANK, 5000, 78_238_500, 42_495_000)


def test_marks_of_another_sheet_are_refused_at_once_and_those_of_the_same_agree() -> None:
    drawing = drawn_sheet(Print.NOTHING, 1, size=(2376, 1680))
    one, other = (print_marks(drawing.light, SheetLayout(code(name))) for name in ("0000000A", "0000000B"))
    photos = []
    for light, seed in ((one, 1), (one, 2), (other, 3)):
        drawing.light = light
        photos.append(photographed(drawing, seed, turn=False)[0])
    assert register(photos[1], photos[0]).verdict is Verdict.PASS
    # The very same drawing: only the printed id tells them apart.
    assert register(photos[2], photos[0]).reason is Reason.OTHER_SHEET


def test_two_copies_of_one_printed_sheet_are_told_apart_by_the_drawing() -> None:
    photos = []
    for seed in (1, 2):
        drawing = drawn_sheet(Print.NOTHING, seed, size=(2376, 1680))
        drawing.light = print_marks(drawing.light, SheetLayout(code("0000000A")))
        photos.append(photographed(drawing, seed, turn=False)[0])
    assert register(photos[1], photos[0]).verdict is Verdict.REFUSED


def test_a_homography_that_folds_or_mirrors_is_not_plausible() -> None:
    square = np.array([[0, 0], [100, 0], [100, 100], [0, 100]], float)
    assert shape_of(np.eye(3), square).plausible
    assert shape_of(np.diag([-1.0, 1, 1]), square).mirrored
    assert not shape_of(np.diag([20.0, 20, 1]), square).plausible
    assert not shape_of(np.array([[1, 0, 0], [0, 1, 0], [-0.02, 0, 1]]), square).plausible


def test_a_fit_sees_through_a_third_of_wrong_pairs() -> None:
    rng = np.random.default_rng(4)
    truth = np.array([[0.9, 0.2, 30], [-0.15, 1.1, 12], [1e-4, -5e-5, 1]])
    one = rng.uniform(0, 1000, (150, 2))
    two = cv2.perspectiveTransform(one[:, None], truth)[:, 0] + rng.normal(0, 0.4, one.shape)
    two[:50] = rng.uniform(0, 1000, (50, 2))
    fit = fit_homography(one, two, tolerance=4.0)
    assert fit is not None
    assert fit.inliers[50:].mean() > 0.97
    assert fit.inliers[:50].mean() < 0.1
    corners = np.array([[[0, 0], [1000, 0], [1000, 1000], [0, 1000]]], float)
    assert cv2.perspectiveTransform(corners, fit.matrix) == pytest.approx(
        cv2.perspectiveTransform(corners, truth), abs=1.0
    )
    assert fit_homography(one[:5], two[:5], tolerance=4.0) is None
