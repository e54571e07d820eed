"""Advice on control points: what is wrong is named, and what is sound is left alone. Rates with fixed seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.domain.georeference import Method
from geo.errors import Refused
from geo.i18n import LANGUAGES
from sketch_import.control_points import ControlPoint, ground_array, pixel_array
from sketch_import.placing import place
from sketch_import.placing.bending import strongest_bend
from sketch_import.placing.suspects import Suspects, suspects
from sketch_import.transforms import fit
from tests.sketch_import.distorted_sheets import SIZE, ZONE, draw, moved

KINDS: dict[str, dict[str, float]] = {
    "bent": {"reach_px": 500, "bend_m": 80, "slip_m": 8},
    "wobbly": {"reach_px": 250, "bend_m": 30, "slip_m": 5},
    "stretched": {"reach_px": 1000, "bend_m": 100, "slip_m": 5, "stretch": 0.1},
    "scattered": {"bend_m": 0, "slip_m": 40},
}
COUNTS = (5, 6, 8, 12, 30)
SEEDS = range(40)


def asked(points: tuple[ControlPoint, ...]) -> Suspects:
    return suspects(pixel_array(points), ZONE.from_lonlat(ground_array(points)), side_px=max(SIZE))


def swapped(points: tuple[ControlPoint, ...], first: int, second: int) -> tuple[ControlPoint, ...]:
    mixed = list(points)
    mixed[first] = replace(points[first], lonlat=points[second].lonlat)
    mixed[second] = replace(points[second], lonlat=points[first].lonlat)
    return tuple(mixed)


def test_sound_sheets_raise_no_alarm() -> None:
    """At most one sound sheet in twenty, over bent, wobbly, stretched and scattered ones, and a tenth of each kind."""
    alarms = {
        (kind, count): np.mean(
            [
                bool(s.outliers or s.swapped or s.contradicting)
                for s in (asked(draw(n, count, **o).points) for n in SEEDS)
            ]
        )
        for kind, o in KINDS.items()
        for count in COUNTS
    }
    assert np.mean(list(alarms.values())) <= 0.05, alarms
    assert max(alarms.values()) <= 0.1, alarms


@pytest.mark.parametrize("kind", KINDS)
def test_one_gross_error_is_found(kind: str) -> None:
    """A point a kilometre off, on a sheet of about 3.6 by 2.5 km: at least nine in ten."""
    found = []
    for count in COUNTS:
        for seed in SEEDS:
            rng = np.random.default_rng(seed + 1000)
            wrong, way = int(rng.integers(count)), rng.uniform(0, 2 * np.pi)
            drawn = draw(seed, count, **KINDS[kind]).points
            s = asked(moved(drawn, wrong, 1000 * np.array([np.cos(way), np.sin(way)])))
            found.append([one.index for one in s.outliers] == [wrong])
    assert np.mean(found) >= 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_two_swapped_points_are_named_and_no_others(kind: str) -> None:
    named = []
    for count in (4, 6, 10, 25):
        for seed in range(20):
            points = draw(seed, count, **KINDS[kind]).points
            apart = np.hypot(*(ZONE.from_lonlat(ground_array(points)) - ZONE.from_lonlat(points[0].lonlat)).T)
            other = int(np.argsort(apart)[len(points) // 2 + 1])
            named.append(asked(swapped(points, 0, other)).swapped == ((0, other),))
    assert np.mean(named) >= 0.95


def test_points_close_on_paper_and_far_on_the_ground_contradict_each_other() -> None:
    points = draw(3, 8, bend_m=0, slip_m=60).points
    x, y = points[2].pixel
    lon, lat = ZONE.to_lonlat(ZONE.from_lonlat(points[2].lonlat) + np.array([600.0, -250.0]))
    near = ControlPoint(pixel=(x + 50, y), lonlat=(float(lon), float(lat)), label="well", row=20)
    found = asked((*points, near))
    assert {8} <= {index for pair in found.contradicting for index in pair[:2]} | {one.index for one in found.outliers}
    placement = place((*points, near), SIZE, Method.HELMERT)
    assert {"placing.points_contradict", "placing.outlier"} & {doubt.key for doubt in placement.doubts}


def test_points_on_one_spot_that_agree_count_as_one() -> None:
    points = draw(3, 8, bend_m=0, slip_m=2).points
    x, y = points[2].pixel
    lon, lat = ZONE.to_lonlat(ZONE.from_lonlat(points[2].lonlat) + np.array([6.0, 3.0]))
    twin = ControlPoint(pixel=(x + 5, y + 3), lonlat=(float(lon), float(lat)), label="gate", row=20)
    placement = place((*points, twin), SIZE, Method.HELMERT)
    (hint,) = [hint for hint in placement.hints if hint.key == "placing.near_duplicates"]
    assert hint.params["points"] == "3 (p3) = 20 (gate)"
    assert not placement.suspects.outliers and not placement.suspects.contradicting


def test_the_strongest_bend_lies_between_the_points_that_force_it() -> None:
    grid = np.array([[x, y] for x in (200.0, 900.0, 1600.0, 2300.0) for y in (200.0, 900.0, 1600.0)])
    ground = grid * [1.5, -1.5]
    ground[5] += [700, 0]  # (900, 1600) is pushed towards (1600, 1600): in between everything is squeezed
    bend = strongest_bend(fit(Method.TPS, grid, ground))
    assert bend is not None and bend.is_strong
    assert 5 in (bend.first, bend.second)
    assert strongest_bend(fit(Method.AFFINE, grid, ground)) is None
    gentle = strongest_bend(fit(Method.TPS, grid, grid * [1.5, -1.5] + 5 * np.sin(grid / 500)))
    assert gentle is not None and not gentle.is_strong and not gentle.folds


def test_a_spline_that_does_worse_is_said_with_points_and_safer_method() -> None:
    placement = None
    for seed in range(30):
        try:
            placement = place(draw(seed, 7, bend_m=0, slip_m=220).points, SIZE, Method.TPS)
        except Refused:
            continue
        if "placing.bends_safer" in {said.key for said in placement.warnings}:
            break
    assert placement is not None
    (said,) = [said for said in placement.warnings if said.key == "placing.bends_safer"]
    assert str(said.params["advised"]) in {"helmert", "affine"}
    for language in LANGUAGES:
        sentence = said(language)
        assert str(said.params["points"]) in sentence and f"± {said.params['advised_error_m']}" in sentence


def test_swapped_points_are_said_in_every_way_a_sheet_can_fail() -> None:
    points = draw(4, 10, bend_m=0, slip_m=10).points
    apart = np.hypot(*(ZONE.from_lonlat(ground_array(points)) - ZONE.from_lonlat(points[0].lonlat)).T)
    mixed = swapped(points, 0, int(np.argmax(apart)))
    pair = asked(mixed).swapped[0]
    names = f"{pair[0] + 1} (p{pair[0] + 1}), {pair[1] + 1} (p{pair[1] + 1})"
    for method in (None, Method.HELMERT, Method.TPS):
        try:
            said = [(text.key, text.params) for text in place(mixed, SIZE, method).doubts]
        except Refused as refusal:
            said = [(refusal.key, refusal.params)]
        assert any(names in params.values() for key, params in said if key.endswith("swapped")), (method, said)
