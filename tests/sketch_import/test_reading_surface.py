"""The surface of a sheet, from marks whose places follow from a bent paper and a pinhole camera exactly."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.sheet_layout import PaperSize
from sketch_import.reading.pattern import mark_box
from sketch_import.reading.registering import FittedMark
from sketch_import.reading.surface import Lens, Surface, fit_surface
from tests.support.printed_sheets import sheet_layout

Floats = NDArray[np.float64]
SIZE = (4000, 3000)
LAYOUT = sheet_layout(PaperSize.A1)


def bent_paper(*, radius_mm: float, axis: float = 0.0, tilt: float = 0.0) -> Callable[[Floats], Floats]:
    """Return paper mm to pixels: rolled about a direction of the paper, with its true length along the arc."""
    focal = 3100.0
    turn = np.asarray(cv2.Rodrigues(np.array([np.radians(tilt), 0.0, 0.0]))[0], np.float64)

    def to_photo(paper: Floats) -> Floats:
        x, y = (paper - np.array(LAYOUT.paper_mm) / 2).T
        along, aside = x * np.cos(axis) + y * np.sin(axis), y * np.cos(axis) - x * np.sin(axis)
        across, depth = radius_mm * np.sin(along / radius_mm), radius_mm * (1 - np.cos(along / radius_mm))
        space = np.column_stack(
            [across * np.cos(axis) - aside * np.sin(axis), across * np.sin(axis) + aside * np.cos(axis), depth]
        )
        seen = space @ turn.T + [0.0, 0.0, 850.0]
        return np.asarray(np.array(SIZE) / 2 + focal * seen[:, :2] / seen[:, 2:], np.float64)

    return to_photo


def fitted(to_photo: Callable[[Floats], Floats], *, noise: float = 0.05) -> list[FittedMark]:
    rng = np.random.default_rng(7)
    marks = []
    for mark in LAYOUT.marks:
        paper = np.array(mark_box(mark, LAYOUT.code).corners)
        photo = to_photo(paper) + rng.normal(0, noise, 2)
        marks.append(
            FittedMark(mark, paper, photo, 1.0, 0.0, blur_mm=0.2, px_per_mm=4.0, black=20, white=230, clipped=0.0)
        )
    return marks


def places() -> Floats:
    frame = LAYOUT.frame
    axes = np.linspace(frame.x, frame.right, 15), np.linspace(frame.y, frame.bottom, 15)
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


def missed(surface: Surface, to_photo: Callable[[Floats], Floats]) -> Floats:
    return np.hypot(*(surface.to_paper(to_photo(places())) - places()).T)


def surface_of(marks: list[FittedMark]) -> Surface:
    return fit_surface(marks, paper_mm=LAYOUT.paper_mm, photo_size=SIZE)


@pytest.mark.parametrize("axis", [0.0, np.pi / 2])
@pytest.mark.parametrize("tilt", [0.0, 30.0])
def test_a_rolled_sheet_is_right_in_its_middle_too(axis: float, tilt: float) -> None:
    to_photo = bent_paper(radius_mm=1400.0, axis=axis, tilt=tilt)
    marks = fitted(to_photo)
    surface = surface_of(marks)
    assert np.percentile(missed(surface, to_photo), 95) < 0.5
    # Perspective alone is off by many times as much.
    paper, photo = (np.concatenate([getattr(mark, name) for mark in marks]) for name in ("paper", "photo"))
    plane, _ = cv2.findHomography(photo, paper, 0)
    seen = cv2.perspectiveTransform(to_photo(places())[None], plane)[0]
    assert np.percentile(np.hypot(*(seen - places()).T), 95) > 2.0
    assert surface.bend_mm > 2.0


def test_a_flat_sheet_stays_flat() -> None:
    to_photo = bent_paper(radius_mm=1e7, tilt=35.0)
    surface = surface_of(fitted(to_photo))
    assert missed(surface, to_photo).max() < 0.08
    assert surface.bend_mm < 0.2
    assert surface.error_mm(places()).max() < 0.3


def test_the_error_foretold_grows_away_from_the_marks() -> None:
    to_photo = bent_paper(radius_mm=1800.0)
    marks = [mark for mark in fitted(to_photo) if mark.paper[:, 0].max() < 0.45 * LAYOUT.paper_mm[0]]
    surface = surface_of(marks)
    near, far = surface.error_mm([[60.0, 297.0], [800.0, 297.0]])
    assert far > 5 * near
    assert far > 3.0
    # What is thought to be good enough to show is so.
    shown = surface.error_mm(places()) < 3.0
    assert 0.5 < shown.mean() < 0.95
    assert np.percentile(missed(surface, to_photo)[shown], 95) < 3.0


def test_a_lens_is_bent_and_straightened() -> None:
    lens = Lens(SIZE, k1=-0.05)
    corners = np.array([[0.0, 0.0], [4000.0, 3000.0], [2000.0, 1500.0]])
    assert lens.bend(corners)[2] == pytest.approx([2000, 1500])
    # At the corner of the picture the distortion is k1 of the half diagonal, 2500 pixels.
    assert np.linalg.norm(lens.bend(corners)[0] - corners[0]) == pytest.approx(125, rel=1e-6)
    assert lens.straighten(lens.bend(corners)) == pytest.approx(corners, abs=1e-3)


def test_a_distorted_lens_is_found() -> None:
    flat, lens = bent_paper(radius_mm=1e7), Lens(SIZE, k1=-0.03)

    def to_photo(paper: Floats) -> Floats:
        return lens.bend(flat(paper))

    surface = surface_of(fitted(to_photo, noise=0.02))
    assert surface.lens.k1 == pytest.approx(-0.03, abs=0.006)
    assert missed(surface, to_photo).max() < 0.15
