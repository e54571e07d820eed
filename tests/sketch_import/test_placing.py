"""Placing: the choice of a method, honest errors, folds, mirrors and what is said about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.domain.georeference import Method
from geo.errors import Refused
from geo.i18n import LANGUAGES, text
from sketch_import.control_points import ControlPoint, ground_array, pixel_array, read_control_points
from sketch_import.placing import LocalMetres, MethodReport, Placement, Turning, Verdict, place
from sketch_import.placing.comparison import compare
from sketch_import.placing.folding import region_of_points
from sketch_import.placing.quality import quality_of

SIZE = (2400, 1700)
ZONE = LocalMetres(epsg=32643)
SPOTS = np.array(
    [
        [200, 150],
        [1200, 120],
        [2250, 200],
        [180, 900],
        [1150, 820],
        [2200, 860],
        [240, 1550],
        [1300, 1600],
        [2260, 1500],
    ],
    dtype=float,
)
LANDMARKS = Path(__file__).parent / "data" / "kajiado_landmarks.csv"


def village(
    spots: np.ndarray = SPOTS, *, noise: float = 0.0, bend: float = 0.0, seed: int = 1
) -> tuple[ControlPoint, ...]:
    """Control points of a sheet at 1.5 m a pixel, turned by 20 degrees, bent and badly remembered."""
    turn = np.deg2rad(20)
    matrix = 1.5 * np.array([[np.cos(turn), np.sin(turn)], [np.sin(turn), -np.cos(turn)]])
    metres = spots @ matrix.T + [470_000, 4_700_000]
    metres += bend * np.sin(spots / 400)[:, ::-1]
    metres += np.random.default_rng(seed).normal(0, noise, spots.shape) if noise else 0
    lonlat = ZONE.to_lonlat(metres)
    return tuple(
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), label=f"p{i}", row=i + 2)
        for i, ((x, y), (lon, lat)) in enumerate(zip(spots, lonlat, strict=True))
    )


def report_of(placement: Placement, method: Method) -> MethodReport:
    return next(report for report in placement.reports if report.method is method)


def refusal(points: tuple[ControlPoint, ...], method: Method | None = None, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        place(points, SIZE, method, **options)  # type: ignore[arg-type]
    for language in LANGUAGES:
        assert text(caught.value.key, language, **caught.value.params)
    return caught.value


def test_exact_points_are_placed_within_a_millimetre() -> None:
    placement = place(village(), SIZE)
    assert placement.method is Method.HELMERT
    assert placement.metres == ZONE
    assert placement.position_error_m is not None and placement.position_error_m < 1e-3
    centre = placement.to_lonlat([700.0, 500.0])
    assert np.allclose(centre, village(np.array([[700.0, 500.0]]))[0].lonlat, atol=1e-8)
    assert np.allclose(placement.to_pixel(centre), [700, 500], atol=1e-4)
    assert placement.verdict is Verdict.PASS


def test_distances_are_those_on_the_ellipsoid() -> None:
    placement = place(village(), SIZE)
    west, east = placement.to_lonlat([[0.0, 800.0], [2000.0, 800.0]])
    assert Geod(ellps="WGS84").inv(*west, *east)[2] == pytest.approx(3000, rel=1e-3)


def test_southern_sheets_lie_in_southern_zones() -> None:
    assert LocalMetres.around(np.array([[36.87, -2.32]])).epsg == 32737
    assert LocalMetres.around(np.array([[180.0, 10.0]])).epsg == 32601


def test_auto_prefers_the_simple_method_among_equals() -> None:
    assert place(village(noise=15), SIZE).method is Method.HELMERT


def test_auto_bends_where_bending_predicts_better() -> None:
    many = np.array([[x, y] for x in np.linspace(100, 2300, 6) for y in np.linspace(100, 1600, 5)])
    placement = place(village(many, bend=60), SIZE)
    assert placement.method in {Method.TPS, Method.POLYNOMIAL3}
    stiff = report_of(placement, Method.HELMERT)
    assert stiff.loo_rmse_m is not None and placement.position_error_m is not None
    assert placement.position_error_m < 0.7 * stiff.loo_rmse_m


def test_error_of_a_spline_is_never_its_residual() -> None:
    placement = place(village(noise=40), SIZE, Method.TPS)
    assert placement.report.rmse_m == pytest.approx(0, abs=1e-6)
    assert placement.position_error_m is not None and placement.position_error_m > 30
    assert "placing.spline_meets_points" in {hint.key for hint in placement.hints}


def test_leave_one_out_tells_the_true_error() -> None:
    """Places that no control point covers are off by about what was said: within a factor of two."""
    rng = np.random.default_rng(8)
    said, true = [], []
    for seed in range(12):
        placement = place(village(noise=25, seed=seed), SIZE, Method.AFFINE)
        asked = rng.uniform([300, 300], [2100, 1400], (200, 2))
        exact = ZONE.from_lonlat([point.lonlat for point in village(asked)])
        miss = placement.transform.forward(asked) - exact
        said.append(placement.position_error_m)
        # What was remembered wrongly is off by its own slip as well.
        true.append(np.sqrt((miss**2).sum(axis=1).mean() + 2 * 25**2))
    assert 0.5 < np.mean(said) / np.mean(true) < 2


def test_error_is_unknown_with_the_minimum_of_points() -> None:
    placement = place(village()[:2], SIZE)
    assert placement.position_error_m is None
    assert placement.verdict is Verdict.DOUBTFUL
    assert [doubt.key for doubt in placement.doubts] == ["placing.error_unknown"]


def test_too_few_points() -> None:
    assert refusal(village()[:1]).key == "transform.too_few_points"
    assert refusal(village()[:5], Method.POLYNOMIAL2).params["needed"] == 6


def test_points_on_a_line_carry_a_similarity_only() -> None:
    line = np.array([[100, 100], [700, 500], [1300, 900], [1900, 1300]], dtype=float)
    placement = place(village(line), SIZE)
    assert placement.method is Method.HELMERT
    assert "placing.nearly_on_line" in {doubt.key for doubt in placement.doubts}
    assert refusal(village(line), Method.AFFINE).key == "transform.collinear_points"


_LINE = np.array([[100, 100], [700, 500], [1300, 900], [1900, 1300], [2200, 1500]], dtype=float)
_CIRCLE = np.array([[1000 + 600 * np.cos(a), 800 + 600 * np.sin(a)] for a in np.arange(6) * np.pi / 3 + 0.2])


def _crossed() -> tuple[ControlPoint, ...]:
    """Four corners of which two changed places on the ground only."""
    points = village(SPOTS[[0, 2, 6, 8]])
    places = [points[order].lonlat for order in (0, 2, 3, 1)]
    return tuple(replace(point, lonlat=place) for point, place in zip(points, places, strict=True))


@pytest.mark.parametrize(
    ("points", "method", "key"),
    [
        (village()[:1], None, "transform.too_few_points"),
        (village()[:1], Method.TPS, "transform.too_few_points"),
        ((*village()[:3], village()[1]), None, "transform.coincident_points"),
        *((village(_LINE[: max(4, m.minimum_points)]), m, None) for m in Method if m.minimum_points < 6),
        (village(_CIRCLE), Method.POLYNOMIAL2, "transform.singular"),
        (_crossed(), Method.PROJECTIVE, "transform.horizon"),
    ],
)
def test_every_reason_why_points_carry_no_method_is_a_sentence(
    points: tuple[ControlPoint, ...], method: Method | None, key: str | None
) -> None:
    if key is None and method is Method.HELMERT:
        assert place(points, SIZE, method).method is method
        return
    assert refusal(points, method).key == (key or "transform.collinear_points")


@pytest.mark.parametrize("points", [village()[:2], village(_LINE), village(_CIRCLE), _crossed()])
def test_every_refusal_that_a_comparison_keeps_is_a_sentence(points: tuple[ControlPoint, ...]) -> None:
    pixels, ground = pixel_array(points), ZONE.from_lonlat(ground_array(points))
    refusals = [report.refusal for report in compare(points, pixels, ground, region=region_of_points(pixels))]
    assert any(refusals)
    for refused in filter(None, refusals):
        for language in LANGUAGES:
            assert text(refused.key, language, **refused.params)


def folding_points() -> tuple[ControlPoint, ...]:
    """Two neighbours in the middle that changed places."""
    spots = np.concatenate([SPOTS, [[1000.0, 600.0], [1300.0, 600.0]]])
    points = list(village(spots))
    points[-1], points[-2] = (
        ControlPoint(pixel=points[-1].pixel, lonlat=points[-2].lonlat, label="club", row=11),
        ControlPoint(pixel=points[-2].pixel, lonlat=points[-1].lonlat, label="shop", row=12),
    )
    return tuple(points)


def test_a_fold_of_swapped_points_is_refused_with_both_named() -> None:
    error = refusal(folding_points(), Method.TPS)
    assert error.key == "placing.folds_swapped"
    assert error.params["points"] == error.params["swapped"] == "12 (shop), 11 (club)"
    assert "x " in str(error.params["region"])


def test_auto_never_folds() -> None:
    placement = place(folding_points(), SIZE)
    assert report_of(placement, Method.TPS).folding.turning is Turning.FOLDED  # type: ignore[union-attr]
    assert placement.report.usable
    assert not report_of(placement, Method.TPS).usable


def test_a_fold_far_from_the_drawing_is_only_mentioned() -> None:
    # A parabola across the sheet: sound where points are, turning back beyond them.
    spots = np.array([[x, y] for x in (100, 300, 600, 900) for y in (100, 700, 1500)], dtype=float)
    metres = np.column_stack([470_000 + 3 * spots[:, 0] - spots[:, 0] ** 2 / 800, 4_700_000 - 1.5 * spots[:, 1]])
    lonlat = ZONE.to_lonlat(metres)
    points = tuple(
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), row=i + 2)
        for i, ((x, y), (lon, lat)) in enumerate(zip(spots, lonlat, strict=True))
    )
    placement = place(points, SIZE, Method.POLYNOMIAL2)
    assert "placing.folds_elsewhere" in {hint.key for hint in placement.hints}
    assert placement.verdict is Verdict.PASS
    error = refusal(points, Method.POLYNOMIAL2, drawing_extent=shapely.box(50, 50, 2300, 1600))
    assert error.key.startswith("placing.folds")


@pytest.mark.parametrize("method", [None, Method.HELMERT, Method.AFFINE, Method.TPS])
def test_a_mirrored_sheet_is_refused(method: Method | None) -> None:
    mirrored = tuple(
        ControlPoint(pixel=(SIZE[0] - point.pixel[0], point.pixel[1]), lonlat=point.lonlat, row=point.row)
        for point in village(noise=5)
    )
    assert refusal(mirrored, method).key == "placing.mirrored"


def test_points_of_another_place_contradict_each_other() -> None:
    points = village()
    order = np.random.default_rng(3).permutation(len(points))
    shuffled = tuple(
        ControlPoint(pixel=point.pixel, lonlat=points[index].lonlat, row=point.row)
        for point, index in zip(points, order, strict=True)
    )
    assert refusal(shuffled).key in {"placing.contradiction", "placing.mirrored"}


def test_an_outlier_is_named() -> None:
    points = list(village(noise=5))
    lon, lat = points[4].lonlat
    points[4] = ControlPoint(pixel=points[4].pixel, lonlat=(lon + 0.004, lat), label="well", row=6)
    placement = place(points, SIZE, Method.AFFINE)
    named = [doubt.params["point"] for doubt in placement.doubts if doubt.key == "placing.outlier"]
    assert named == ["6 (well)"]
    assert placement.verdict is Verdict.DOUBTFUL


def test_geometries_stay_what_they_are() -> None:
    placement = place(village(), SIZE)
    ring = shapely.Polygon([(100, 100), (900, 100), (900, 700), (100, 700)], [[(300, 300), (300, 400), (400, 400)]])
    placed = placement.place_geometry(ring)
    assert isinstance(placed, shapely.Polygon)
    assert placed.is_valid and placed.exterior.is_ccw and len(placed.interiors) == 1
    assert len(placed.exterior.coords) == 5
    area = abs(Geod(ellps="WGS84").geometry_area_perimeter(placed)[0])
    assert area == pytest.approx((800 * 600 - 5000) * 1.5**2, rel=2e-3)
    assert placement.place_geometry(shapely.Point(5, 5)).geom_type == "Point"
    assert placement.place_geometry(shapely.Point()).is_empty


def test_long_lines_bend_with_the_sheet() -> None:
    many = np.array([[x, y] for x in np.linspace(100, 2300, 6) for y in np.linspace(100, 1600, 5)])
    placement = place(village(many, bend=60), SIZE, Method.TPS)
    line = shapely.LineString([(150, 800), (2250, 800)])
    placed = placement.place_geometry(line)
    assert shapely.get_num_coordinates(placed) > 50
    dense = placement.to_lonlat(shapely.get_coordinates(shapely.segmentize(line, 1.0)))
    metres = placement.metres.from_lonlat(dense)
    drawn = shapely.LineString(placement.metres.from_lonlat(shapely.get_coordinates(placed)))
    assert shapely.distance(shapely.points(metres), drawn).max() < 0.5


def test_footprint_covers_the_control_points() -> None:
    placement = place(village(noise=10), SIZE)
    footprint = placement.footprint()
    assert footprint.is_valid
    assert all(footprint.contains(shapely.Point(point.lonlat)) for point in placement.control_points)


def test_beyond_the_horizon_is_refused() -> None:
    corners = [(800, 900), (1600, 900), (2000, 1500), (400, 1500)]
    ground = ZONE.to_lonlat([[470_000, 4_700_900], [470_800, 4_700_900], [470_800, 4_700_000], [470_000, 4_700_000]])
    points = [
        ControlPoint(pixel=pixel, lonlat=(float(lon), float(lat)), row=i)
        for i, (pixel, (lon, lat)) in enumerate(zip(corners, ground, strict=True), start=1)
    ]
    placement = place(points, SIZE, Method.PROJECTIVE)
    with pytest.raises(Refused, match="beyond_horizon"):
        placement.place_geometry(shapely.LineString([(1200, 1200), (1200, 5)]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_quality_is_said_in_words(language: object) -> None:
    quality = quality_of(place(village(noise=30), SIZE, Method.TPS), language=language)  # type: ignore[arg-type]
    assert quality["verdict"] in {"pass", "doubtful"}
    assert quality["method"] == "tps"
    assert len(quality["methods"]) == 7 and len(quality["points"]) == 9
    assert quality["position_error_m"] == quality["loo_rmse_m"] > quality["rmse_m"]
    assert all(point["loo_m"] > 0 for point in quality["points"])
    assert quality["reason"] and all(warning["text"] for warning in quality["warnings"])


def test_the_real_sheet_of_kajiado(shared_data: Path) -> None:
    """Ten landmarks of a real drawing: schematic, so hundreds of metres off, and that is what must be said."""
    points = read_control_points(LANDMARKS, image_size=(2320, 1628))
    placement = place(points, (2320, 1628))
    assert (shared_data / "freehand" / "village_map_photo.jpg").is_file()
    assert placement.metres.epsg == 32737
    assert placement.method is Method.HELMERT
    assert placement.position_error_m == pytest.approx(884, abs=5)
    assert placement.verdict is Verdict.DOUBTFUL
    expected = {Method.AFFINE: 1180, Method.PROJECTIVE: 1960, Method.POLYNOMIAL2: 3788, Method.TPS: 1152}
    for method, error in expected.items():
        assert report_of(placement, method).loo_rmse_m == pytest.approx(error, rel=0.01)
    assert report_of(placement, Method.POLYNOMIAL3).loo_rmse_m is None
    # North is to the left on this drawing: the page is turned, not mirrored.
    north = placement.transform.jacobian([[1100.0, 800.0]])[0, 1]
    assert north[0] < 0 and abs(north[0]) > 5 * abs(north[1])


def test_points_that_fall_together_on_the_ground_are_named() -> None:
    # At the pole every longitude is the same place, which no table of degrees shows.
    points = tuple(ControlPoint(pixel=(200.0 * i, 150.0 * (i % 3)), lonlat=(50.0 * i - 100, 90.0)) for i in range(5))
    with pytest.raises(Refused) as caught:
        place(points, SIZE)
    assert caught.value.key == "transform.coincident_points"
    for language in LANGUAGES:
        assert "1 = 2" in text(caught.value.key, language, **caught.value.params)
    east = ControlPoint(pixel=(0.0, 0.0), lonlat=(180.0, 42.0), label="east", row=2)
    west = ControlPoint(pixel=(900.0, 0.0), lonlat=(-180.0, 42.0), label="west", row=3)
    with pytest.raises(Refused) as caught:
        place((east, west), SIZE)
    assert caught.value.params == {"points": "2 (east) = 3 (west)"}
