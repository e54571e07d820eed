"""Distortion shown: known stretches, turns and folds must come out as they were put in."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geo.domain.georeference import Method
from sketch_import.control_points import ControlPoint
from sketch_import.placing import Placement, distortion, distortion_to_geojson, place
from sketch_import.placing.distortion import VectorKind
from tests.sketch_import.distorted_sheets import SIZE, ZONE, draw, moved

GRID = np.array([[x, y] for x in np.linspace(0, 2400, 7) for y in np.linspace(0, 1700, 6)])


def placed(ground: np.ndarray, method: Method, pixels: np.ndarray = GRID) -> Placement:
    lonlat = ZONE.to_lonlat(ground + np.array([470_000, 4_700_000]))
    points = [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), row=row)
        for row, ((x, y), (lon, lat)) in enumerate(zip(pixels, lonlat, strict=True), start=1)
    ]
    return place(points, SIZE, method)


def test_a_similarity_distorts_nothing() -> None:
    turn = np.exp(1j * np.radians(35))
    z = 2.0 * turn * (GRID[:, 0] - 1j * GRID[:, 1])
    shown = distortion(placed(np.column_stack([z.real, z.imag]), Method.HELMERT))
    assert shown.median_scale == pytest.approx(2.0)
    assert not shown.folds
    for local in shown.lattice:
        assert local.relative_scale == pytest.approx(1) and local.stretch == pytest.approx(1)
        assert local.rotation_deg == pytest.approx(0, abs=1e-6) and not local.folded
    assert max(vector.length_m for vector in shown.vectors) < 1e-3


def test_local_scale_and_direction_are_those_of_the_map() -> None:
    """z → z + c·z² stretches by |1 + 2cz| and turns by its argument, alike in all directions."""
    c = 1e-4
    z = (GRID[:, 0] - 1200) - 1j * (GRID[:, 1] - 850)
    w = z + c * z**2
    shown = distortion(placed(np.column_stack([w.real, w.imag]), Method.POLYNOMIAL2))
    turns, expected = [], []
    for local in shown.lattice:
        slope = 1 + 2 * c * ((local.pixel[0] - 1200) - 1j * (local.pixel[1] - 850))
        assert local.scale == pytest.approx(abs(slope), rel=1e-6)
        assert local.stretch == pytest.approx(1, rel=1e-6)
        turns.append(local.rotation_deg)
        expected.append(np.degrees(np.angle(slope)))
    # Counted from the best similarity, which is turned by the same angle everywhere.
    assert np.ptp(np.array(turns) - expected) < 1e-6
    assert np.ptp(turns) > 10


def test_vectors_say_what_was_moved_and_by_how_much() -> None:
    drawn = draw(3, 9, bend_m=0, slip_m=0).points
    placement = place(moved(drawn, 4, np.array([30.0, -40.0])), SIZE, Method.TPS)
    vectors = {kind: [v for v in distortion(placement).vectors if v.kind is kind] for kind in VectorKind}
    assert all(len(each) == 9 for each in vectors.values())
    assert max(vector.length_m for vector in vectors[VectorKind.RESIDUAL]) < 1e-6
    left_out = vectors[VectorKind.LEFT_OUT][4]
    assert left_out.length_m == pytest.approx(50, abs=0.1)
    assert max(vectors[VectorKind.BEND], key=lambda vector: vector.length_m).point == 4
    start, end = ZONE.from_lonlat([left_out.start, left_out.end])
    np.testing.assert_allclose(end - start, [-30, 40], atol=0.1)


def test_a_fold_beside_the_drawing_is_an_area() -> None:
    spots = np.array([[x, y] for x in (100.0, 300, 600, 900) for y in (100.0, 700, 1500)])
    parabola = np.column_stack([3 * spots[:, 0] - spots[:, 0] ** 2 / 800, -1.5 * spots[:, 1]])
    placement = placed(parabola, Method.POLYNOMIAL2, spots)
    shown = distortion(placement)
    # It turns back at x = 1200: half the photo.
    assert {local.folded for local in shown.lattice if local.pixel[0] > 1250} == {True}
    assert not any(local.folded for local in shown.lattice if local.pixel[0] < 1150)
    assert shown.folds and all(area.is_valid for area in shown.folds)


def test_what_is_written_is_plain_geojson() -> None:
    placement = place(draw(5, 10).points, SIZE, Method.TPS)
    content = json.loads(json.dumps(distortion_to_geojson(distortion(placement), placement), allow_nan=False))
    kinds = {feature["properties"]["what"] for feature in content["features"]}
    assert kinds == {"bend", "left_out", "grid", "local"}  # a spline leaves no residuals
    outline = placement.footprint().buffer(1e-5)
    for feature in content["features"]:
        geometry = shape(feature["geometry"])
        assert geometry.is_valid
        if feature["properties"]["what"] in {"grid", "local"}:
            assert outline.intersects(geometry) and shapely.box(*outline.bounds).covers(geometry)
    errors = [f["properties"]["position_error_m"] for f in content["features"] if f["properties"]["what"] == "local"]
    assert min(errors) > 0 and max(errors) > 1.5 * min(errors)
