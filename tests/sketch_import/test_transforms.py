"""Transforms: the numbers of QGIS, round trips, residuals, and points that cannot carry them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import Delaunay

from geo.domain.georeference import Method
from geo.errors import Refused
from sketch_import.transforms import coincident_pairs, fit, flatness, leave_one_out
from tests.sketch_import import qgis_numbers as qgis

_GRID = np.array([[x, y] for y in (60, 560, 1080, 1600) for x in (60, 800, 1550, 2300)], dtype=float)
PINCUSHION = _GRID + np.random.default_rng(20).uniform(-50, 50, _GRID.shape)
CORNERS = [0, 3, 12, 15]


def gently_bent(pixels: np.ndarray) -> np.ndarray:
    """A ground that every method can follow without folding."""
    x, y = (pixels / 2000).T
    east = 470_000 + 2500 * x + 300 * y + 90 * x * y + 40 * x**2
    north = 4_650_000 - 2400 * y + 250 * x + 70 * x**2 - 50 * y**2 * x
    return np.column_stack([east, north])


@pytest.mark.parametrize(("method", "points", "expected"), qgis.FORWARD)
def test_matches_qgis(method: Method, points: int, expected: list[tuple[int, int]]) -> None:
    transform = fit(method, qgis.pixels(qgis.SOURCE[points]), qgis.GROUND[points])
    assert np.abs(transform.forward(qgis.pixels(qgis.QUERY)) - expected).max() < 1


@pytest.mark.parametrize(("method", "expected"), qgis.RASTER_FORWARD)
def test_matches_qgis_for_a_raster_with_negative_y(method: Method, expected: list[tuple[int, int]]) -> None:
    transform = fit(method, qgis.pixels(qgis.RASTER_SOURCE), qgis.GROUND[4])
    assert np.abs(transform.forward(qgis.RASTER_QUERY_PIXELS) - expected).max() < 1


@pytest.mark.parametrize("method", [Method.HELMERT, Method.PROJECTIVE, Method.TPS])
def test_inverse_returns_the_query_of_qgis(method: Method) -> None:
    transform = fit(method, qgis.pixels(qgis.SOURCE[4]), qgis.GROUND[4])
    query = qgis.pixels(qgis.QUERY)
    assert np.abs(transform.inverse(transform.forward(query)) - query).max() < 1e-6


def test_four_points_cannot_carry_a_polynomial_of_order_2() -> None:
    with pytest.raises(Refused) as refusal:
        fit(Method.POLYNOMIAL2, qgis.pixels(qgis.SOURCE[4]), qgis.GROUND[4])
    assert refusal.value.key == "transform.too_few_points"
    assert (refusal.value.params["needed"], refusal.value.params["found"]) == (6, 4)


@pytest.mark.parametrize("method", list(Method))
def test_minimum_points_are_enough_and_one_less_is_not(method: Method) -> None:
    ground = gently_bent(PINCUSHION)
    scattered = np.random.default_rng(7).permutation(len(PINCUSHION))[: method.minimum_points]
    assert fit(method, PINCUSHION[scattered], ground[scattered]).rmse < 1e-6
    with pytest.raises(Refused, match="too_few_points"):
        fit(method, PINCUSHION[scattered[1:]], ground[scattered[1:]])


def test_a_similarity_needs_no_mirrored_data() -> None:
    # Turned by 90 degrees: right on paper is south on the ground, up on paper is east.
    transform = fit(Method.HELMERT, [[0, 0], [100, 0]], [[500, 900], [500, 700]])
    assert np.allclose(transform.forward([[0, -50], [50, 0]]), [[600, 900], [500, 800]])
    assert (transform.orientation([[10, 10]]) > 0).all()


def test_a_spline_reproduces_its_own_points_and_says_zero() -> None:
    ground = gently_bent(PINCUSHION) + np.random.default_rng(3).normal(0, 60, PINCUSHION.shape)
    transform = fit(Method.TPS, PINCUSHION, ground)
    assert np.abs(transform.residuals).max() < 1e-6
    assert np.abs(leave_one_out(Method.TPS, PINCUSHION, ground)).max() > 30


def test_smoothing_tends_to_the_affine_transform() -> None:
    ground = gently_bent(PINCUSHION) + np.random.default_rng(3).normal(0, 60, PINCUSHION.shape)
    affine = fit(Method.AFFINE, PINCUSHION, ground)
    loose, stiff = (fit(Method.TPS, PINCUSHION, ground, smoothing=value) for value in (0.01, 1e6))
    assert 0 < loose.rmse < affine.rmse
    assert np.abs(stiff.forward(PINCUSHION) - affine.forward(PINCUSHION)).max() < 1e-2


@pytest.mark.parametrize("method", list(Method))
def test_inverse_undoes_forward_in_the_hull(method: Method) -> None:
    transform = fit(method, PINCUSHION, gently_bent(PINCUSHION))
    inside = np.random.default_rng(1).uniform(PINCUSHION.min(axis=0), PINCUSHION.max(axis=0), (4000, 2))
    inside = inside[Delaunay(PINCUSHION).find_simplex(inside) >= 0]
    assert np.abs(transform.inverse(transform.forward(inside)) - inside).max() < 1e-6


@pytest.mark.parametrize(("method", "points"), [(Method.POLYNOMIAL2, 6), (Method.TPS, 6), (Method.PROJECTIVE, 10)])
def test_inverse_on_a_ground_forty_times_longer_than_wide(method: Method, points: int) -> None:
    source = qgis.pixels(qgis.SOURCE[points])
    transform = fit(method, source, qgis.GROUND[points])
    inside = np.random.default_rng(0).uniform(source.min(axis=0), source.max(axis=0), (4000, 2))
    inside = inside[Delaunay(source).find_simplex(inside) >= 0]
    assert np.abs(transform.inverse(transform.forward(inside)) - inside).max() < 1e-6


def test_jacobian_is_the_derivative() -> None:
    places = np.array([[300.0, 400.0], [1200.0, 900.0], [1651.0, 699.0]])
    for method in Method:
        transform = fit(method, PINCUSHION, gently_bent(PINCUSHION))
        step = 1e-3
        for axis in (0, 1):
            move = np.eye(2)[axis] * step
            slope = (transform.forward(places + move) - transform.forward(places - move)) / (2 * step)
            assert np.allclose(transform.jacobian(places)[:, :, axis], slope, atol=1e-5), method


def test_residuals_and_rmse_of_a_known_miss() -> None:
    # The best shift of a square with one corner pulled out by 4: computed by hand, each coordinate apart.
    pixels = np.array([[0, 0], [100, 0], [100, 100], [0, 100]], dtype=float)
    ground = np.array([[0, 0], [100, 0], [100, -100], [0, -104]], dtype=float)
    transform = fit(Method.AFFINE, pixels, ground)
    assert np.allclose(transform.residuals, [[0, -1], [0, 1], [0, -1], [0, 1]])
    assert transform.rmse == pytest.approx(1.0)


def test_leave_one_out_equals_solving_without_the_point() -> None:
    ground = gently_bent(PINCUSHION) + np.random.default_rng(5).normal(0, 20, PINCUSHION.shape)
    errors = leave_one_out(Method.AFFINE, PINCUSHION, ground)
    others = np.arange(len(PINCUSHION)) != 4
    expected = fit(Method.AFFINE, PINCUSHION[others], ground[others]).forward(PINCUSHION[4]) - ground[4]
    assert np.allclose(errors[4], expected)


def test_leave_one_out_is_unknown_with_the_minimum() -> None:
    three = PINCUSHION[CORNERS[:3]]
    assert np.isnan(leave_one_out(Method.AFFINE, three, gently_bent(three))).all()
    assert np.isfinite(leave_one_out(Method.HELMERT, three, gently_bent(three))).all()


@pytest.mark.parametrize("method", [method for method in Method if method is not Method.HELMERT])
def test_points_on_one_line_are_refused(method: Method) -> None:
    along = np.linspace(0, 1000, 12)
    pixels = np.column_stack([along, 0.3 * along + 5])
    ground = gently_bent(np.random.default_rng(2).uniform(0, 2000, (12, 2)))
    with pytest.raises(Refused, match="collinear"):
        fit(method, pixels, ground)
    with pytest.raises(Refused, match="collinear"):
        fit(method, ground, pixels)


def test_a_similarity_takes_points_on_one_line() -> None:
    assert fit(Method.HELMERT, [[0, 0], [5, 5], [10, 10]], [[0, 0], [5, -5], [10, -10]]).rmse < 1e-9


def test_coincident_points_are_refused_by_name() -> None:
    with pytest.raises(Refused) as refusal:
        fit(Method.TPS, [[0, 0], [9, 0], [0, 9], [9, 0]], [[0, 0], [9, 0], [0, 9], [8, 1]])
    assert refusal.value.key == "transform.coincident_points"
    assert refusal.value.params["points"] == "2 = 4"


def test_six_points_on_a_circle_leave_a_conic_open() -> None:
    angle = np.linspace(0, 2 * np.pi, 6, endpoint=False) + 0.2
    circle = 500 + 400 * np.column_stack([np.cos(angle), np.sin(angle)])
    with pytest.raises(Refused, match="singular"):
        fit(Method.POLYNOMIAL2, circle, gently_bent(circle))


def test_three_of_four_points_on_a_line_leave_a_projective_open() -> None:
    with pytest.raises(Refused):
        fit(Method.PROJECTIVE, [[0, 0], [10, 0], [20, 0], [0, 20]], [[0, 0], [10, 0], [25, -1], [0, -20]])


def test_crossed_corners_put_the_horizon_between_the_points() -> None:
    pixels = [[0, 0], [100, 0], [100, 100], [0, 100]]
    with pytest.raises(Refused, match="horizon"):
        fit(Method.PROJECTIVE, pixels, [[0, 0], [100, -100], [100, 0], [0, -100]])


def test_behind_the_horizon_is_nowhere() -> None:
    transform = fit(
        Method.PROJECTIVE, [[0, 0], [100, 0], [80, 60], [20, 60]], [[0, 0], [100, 0], [100, -100], [0, -100]]
    )
    assert np.isfinite(transform.forward([[50, 30]])).all()
    assert np.isnan(transform.forward([[50, 5000]])).all()


def test_projective_with_many_points_minimises_the_distance_on_the_ground() -> None:
    rng = np.random.default_rng(11)
    exact = fit(Method.PROJECTIVE, PINCUSHION[CORNERS], gently_bent(PINCUSHION[CORNERS]))
    ground = exact.forward(PINCUSHION) + rng.normal(0, 25, PINCUSHION.shape)
    transform = fit(Method.PROJECTIVE, PINCUSHION, ground)
    best = transform.rmse
    for row in range(3):
        for column in range(3):
            for sign in (-1, 1):
                nudged = transform.mapping.matrix.copy()  # type: ignore[attr-defined]
                if (row, column) == (2, 2):
                    continue
                nudged[row, column] += sign * 1e-4
                unit = np.column_stack([transform.source_frame.enter(PINCUSHION), np.ones(len(PINCUSHION))]) @ nudged.T
                trial = transform.target_frame.leave(unit[:, :2] / unit[:, 2:])
                assert np.sqrt(((trial - ground) ** 2).sum(axis=1).mean()) >= best - 1e-9


def test_inverse_of_a_place_out_of_reach_is_not_a_number() -> None:
    # A parabola never turns back to the south of its vertex.
    pixels = np.array([[x, y] for x in (-100, 0, 100) for y in (-100, 30, 100)], dtype=float)
    ground = np.column_stack([pixels[:, 0], pixels[:, 1] + pixels[:, 1] ** 2 / 100])
    transform = fit(Method.POLYNOMIAL2, pixels, ground)
    assert np.isnan(transform.inverse([[0.0, -1000.0]])).all()
    assert np.isnan(transform.inverse([[np.nan, 0.0]])).all()


def test_wrong_shapes_are_our_own_fault() -> None:
    with pytest.raises(ValueError, match="shape"):
        fit(Method.AFFINE, [[0, 0, 0]], [[0, 0]])
    with pytest.raises(ValueError, match="finite"):
        fit(Method.HELMERT, [[0, 0], [np.nan, 0]], [[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="shape"):
        fit(Method.HELMERT, [[0, 0], [1, 0]], [[0, 0], [1, 1]]).forward([1, 2, 3])
    with pytest.raises(ValueError, match="smoothing"):
        fit(Method.TPS, PINCUSHION, PINCUSHION, smoothing=-1)


def test_flatness_and_pairs() -> None:
    assert flatness(np.array([[0, 0], [10, 0], [0, 10], [10, 10]], dtype=float)) == pytest.approx(1)
    assert flatness(np.zeros((3, 2))) == 0
    assert coincident_pairs(np.array([[0, 0], [10, 0], [0, 0]], dtype=float)) == [(0, 2)]


coordinate = st.floats(0, 4000, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(coordinate, coordinate), min_size=10, max_size=16),
    st.floats(0.2, 5),
    st.floats(0, 6.283),
    st.sampled_from(list(Method)),
)
def test_any_turned_and_scaled_sheet_comes_back(
    points: list[tuple[float, float]], scale: float, angle: float, method: Method
) -> None:
    pixels = np.array(points)
    gaps = np.hypot(*(pixels[:, None] - pixels[None]).transpose(2, 0, 1))[np.triu_indices(len(pixels), 1)]
    assume(gaps.min() > 20 and flatness(pixels) > 0.1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    ground = (pixels * [1, -1]) @ turn.T + [500_000, 4_600_000]
    try:
        transform = fit(method, pixels, ground)
    except Refused as refusal:
        assert method in {Method.POLYNOMIAL2, Method.POLYNOMIAL3} and refusal.key == "transform.singular"
        return
    inside = (pixels[:-1] + pixels[1:]) / 2
    tolerance = 1e-3 if method is Method.POLYNOMIAL3 else 1e-5
    assert np.abs(transform.forward(inside) - ((inside * [1, -1]) @ turn.T + [500_000, 4_600_000])).max() < tolerance
    assert np.abs(transform.inverse(transform.forward(inside)) - inside).max() < 1e-6
