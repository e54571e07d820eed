"""The position error of a place: does it know where the placement is bad, and does it promise what is kept?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.domain.georeference import ControlPointSource, Method
from sketch_import.control_points import pixel_array
from sketch_import.placing import place
from tests.sketch_import.distorted_sheets import SIZE, ZONE, Drawn, draw, moved

KINDS: dict[str, dict[str, float]] = {
    "bent": {"reach_px": 500, "bend_m": 80, "slip_m": 8},
    "wobbly": {"reach_px": 250, "bend_m": 30, "slip_m": 5},
    "stretched": {"reach_px": 1000, "bend_m": 100, "slip_m": 5, "stretch": 0.1},
    "scattered": {"bend_m": 0, "slip_m": 25},
}


def said_and_done(drawn: Drawn, method: Method | None) -> tuple[np.ndarray, np.ndarray]:
    placement = place(drawn.points, SIZE, method)
    done = placement.metres.from_lonlat(placement.to_lonlat(drawn.asked)) - drawn.truth
    return placement.error_at(drawn.asked), np.hypot(*done.T)


def collected(kind: str, method: Method | None, counts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [said_and_done(draw(seed, count, **KINDS[kind]), method) for seed in range(8) for count in counts]
    said, done = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return said, done


@pytest.mark.parametrize("method", [None, Method.HELMERT])
@pytest.mark.parametrize("kind", KINDS)
def test_the_promise_is_kept(kind: str, method: Method | None) -> None:
    """A root mean square error holds for 63 % of places and 1.73 times it for 95 %, where slips are normal."""
    said, done = collected(kind, method, (8, 12, 24))
    assert 0.5 <= (done <= said).mean() <= 0.92
    assert (done <= 1.73 * said).mean() >= 0.9
    assert 0.75 <= np.sqrt((said**2).mean() / (done**2).mean()) <= 1.6


@pytest.mark.parametrize("kind", ["bent", "stretched"])
def test_it_knows_where_a_sheet_is_worse(kind: str) -> None:
    """Within a sheet, said and true errors rise together (rank correlation), where slips are smooth at all."""
    correlations = []
    for seed in range(12):
        said, done = said_and_done(draw(seed, 12, **KINDS[kind]), None)
        correlations.append(np.corrcoef(np.argsort(np.argsort(said)), np.argsort(np.argsort(done)))[0, 1])
    assert np.mean(correlations) > 0.5
    assert np.mean(np.array(correlations) > 0.2) > 0.8


def test_where_slips_are_not_smooth_it_promises_no_difference() -> None:
    said, _ = said_and_done(draw(3, 24, **KINDS["scattered"]), Method.HELMERT)
    assert said.max() < 1.5 * said.min()


@pytest.mark.parametrize("method", [Method.HELMERT, Method.AFFINE, Method.TPS, Method.POLYNOMIAL2])
def test_it_grows_from_the_points_outwards_and_is_never_nothing(method: Method) -> None:
    drawn = draw(5, 14, reach_px=450, bend_m=60, slip_m=3)
    placement = place(drawn.points, SIZE, method)
    pixels = pixel_array(drawn.points)
    at_points = placement.error_at(pixels)
    beyond = placement.error_at([[-1500.0, -1500.0], [4000.0, 3500.0]])
    assert at_points.min() > 2.0
    # A handheld reading and a pen stroke are the least that is promised, however well everything agrees.
    exact = place(draw(5, 14, bend_m=0, slip_m=0).points, SIZE, method)
    assert exact.position_error_m is not None and exact.position_error_m < 0.01
    assert exact.error_at(pixels).min() >= 3.0
    assert beyond.min() > 2 * np.median(at_points)
    if method is Method.TPS:
        between = placement.error_at(drawn.asked)
        assert np.median(at_points) < 0.6 * np.median(between)


def test_a_geometry_is_off_as_the_places_along_it() -> None:
    placement = place(draw(2, 10).points, SIZE)
    line = shapely.LineString([(200, 200), (2200, 1500)])
    along = placement.error_at(shapely.get_coordinates(line.segmentize(20)))
    error = placement.error_of(line)
    assert error is not None and error == pytest.approx(np.sqrt((along**2).mean()), rel=0.2)
    spot = shapely.Point(700, 600)
    area = spot.buffer(3)
    errors = placement.errors_of([spot, line, area, shapely.Point()])
    assert errors[0] == pytest.approx(float(placement.error_at([700, 600])[0]))
    assert errors[1] == pytest.approx(error)
    assert errors[2] == pytest.approx(errors[0], rel=0.02)
    assert errors[3] is None


def test_too_few_points_promise_nothing() -> None:
    placement = place(draw(1, 2).points, SIZE)
    assert np.isnan(placement.error_at([[5.0, 5.0]])).all()
    assert placement.error_of(shapely.Point(5, 5)) is None


def test_what_a_receiver_says_enters() -> None:
    drawn = draw(4, 9, bend_m=0, slip_m=1)
    coarse = tuple(replace(point, source=ControlPointSource.GPS, accuracy_m=20.0) for point in drawn.points)
    assert place(coarse, SIZE).error_at(drawn.asked).min() >= 20
    # A reading that says itself that it is poor pulls the estimate beside it less than a good one.
    off = moved(drawn.points, 0, np.array([0.0, 60.0]))
    believed = place(off, SIZE, Method.HELMERT).errors
    doubted = place((replace(off[0], accuracy_m=60.0), *off[1:]), SIZE, Method.HELMERT).errors
    assert believed is not None and doubted is not None
    far = [[1200.0, 850.0]]
    assert doubted.at(far)[0] < believed.at(far)[0]
    assert place(off, SIZE).metres == ZONE
