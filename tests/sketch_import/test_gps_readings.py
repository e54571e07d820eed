"""GPS readings of landmarks become control points by their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.domain.georeference import ControlPointSource
from geo.errors import Refused
from geo.i18n import LANGUAGES, text
from sketch_import.placing import place
from sketch_import.placing.gps_readings import Reading, control_points_by_gps, read_gps
from tests.sketch_import.distorted_sheets import SIZE, ZONE

PIXELS = {
    "Мектеп": (200, 150),
    "Көпүрө": (2200, 200),
    "Мечит": (2100, 1500),
    "Кудук": (300, 1400),
    "Дүкөн": (1200, 800),
}


def place_of(pixel: tuple[float, float]) -> tuple[float, float]:
    lon, lat = ZONE.to_lonlat([470_000 + 1.5 * pixel[0], 4_700_000 - 1.5 * pixel[1]])
    return float(lon), float(lat)


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def points(tmp_path: Path) -> Path:
    rows = [f"{label},{x},{y}" for label, (x, y) in PIXELS.items()]
    return written(tmp_path, "pixels.csv", "\n".join(["label,pixelX,pixelY", *rows]))


def readings_csv(folder: Path, *more: str) -> Path:
    rows = [f" {label.upper()} ;{lon:.7f};{lat:.7f};4,5" for label, (lon, lat) in places().items()]
    return written(folder, "gps.csv", "\n".join(["name;lon;lat;accuracy", *rows, *more]))


def places() -> dict[str, tuple[float, float]]:
    return {label: place_of(pixel) for label, pixel in PIXELS.items()}


def test_a_table_is_joined_by_name_however_it_is_spelt(points: Path, tmp_path: Path) -> None:
    joined = control_points_by_gps(points, read_gps(readings_csv(tmp_path, "Тоо;75;42;")), image_size=SIZE)
    assert [point.label for point in joined] == list(PIXELS)
    assert {point.source for point in joined} == {ControlPointSource.GPS}
    assert {point.accuracy_m for point in joined} == {4.5}
    placement = place(joined, SIZE)
    assert placement.position_error_m is not None and placement.position_error_m < 0.1
    assert placement.error_at([[1200, 800]])[0] >= 4.5


def test_waypoints_of_a_gpx_file_with_their_dilution(points: Path, tmp_path: Path) -> None:
    waypoints = "".join(
        f'<wpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>1700</ele><name>{label}</name><hdop>1.6</hdop></wpt>'
        for label, (lon, lat) in places().items()
    )
    gpx = f'<?xml version="1.0" encoding="UTF-8"?><gpx xmlns="http://www.topografix.com/GPX/1/1">{waypoints}</gpx>'
    joined = control_points_by_gps(points, read_gps(written(tmp_path, "walk.gpx", gpx)), image_size=SIZE)
    assert len(joined) == 5 and joined[0].accuracy_m == pytest.approx(8.0)
    assert joined[0].lonlat == pytest.approx(places()["Мектеп"], abs=1e-6)


def test_several_readings_are_averaged_by_their_accuracy(points: Path, tmp_path: Path) -> None:
    exact = read_gps(readings_csv(tmp_path))
    lon, lat = ZONE.to_lonlat(ZONE.from_lonlat(exact[0].lonlat) + np.array([12.0, 0.0]))
    poorer = Reading(name="мектеп", lonlat=(float(lon), float(lat)), accuracy_m=9.0)
    joined = control_points_by_gps(points, (*exact, poorer), image_size=SIZE)
    moved = ZONE.from_lonlat(joined[0].lonlat) - ZONE.from_lonlat(exact[0].lonlat)
    assert moved == pytest.approx([12 * 4.5**2 / (4.5**2 + 9**2), 0], abs=0.05)
    assert joined[0].accuracy_m is not None and joined[0].accuracy_m > 9


def said(caught: pytest.ExceptionInfo[Refused], *words: str) -> None:
    for language in LANGUAGES:
        sentence = text(caught.value.key, language, **caught.value.params)
        assert all(word in sentence for word in words), sentence


def test_readings_of_two_places_under_one_name_are_refused(points: Path, tmp_path: Path) -> None:
    lon, lat = place_of((900, 900))
    with pytest.raises(Refused, match="readings_disagree") as caught:
        control_points_by_gps(points, read_gps(readings_csv(tmp_path, f"Мектеп;{lon};{lat};5")), image_size=SIZE)
    said(caught, "Мектеп")


def test_labels_without_a_reading_and_twice_are_named(points: Path, tmp_path: Path) -> None:
    readings = read_gps(readings_csv(tmp_path))
    with pytest.raises(Refused, match="no_reading") as caught:
        control_points_by_gps(points, readings[1:], image_size=SIZE)
    said(caught, "Мектеп")
    points.write_text(points.read_text() + "\nмечит,5,5")
    with pytest.raises(Refused, match="label_twice") as caught:
        control_points_by_gps(points, readings, image_size=SIZE)
    said(caught, "Мечит")
    points.write_text("label,pixelX,pixelY,enable\nМектеп,9000,5,1\nМечит,5,5,0")
    with pytest.raises(Refused, match="outside_image"):
        control_points_by_gps(points, readings, image_size=SIZE)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("g.csv", "name,lon,lat\n,75,42", "gps.not_a_number"),
        ("g.csv", "name,lon,lat\na,75,142", "gps.not_a_number"),
        ("g.csv", "name,lon\na,75", "gps.missing_column"),
        ("g.csv", "name,lon,lat", "gps.empty"),
        ("g.csv", "", "gps.empty"),
        ("g.gpx", "<gpx><wpt", "gps.unreadable"),
        ("g.gpx", '<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>', "gps.unreadable"),
        ("g.gpx", '<gpx><wpt lat="200" lon="5"><name>a</name></wpt></gpx>', "gps.not_a_number"),
        ("g.gpx", '<gpx><wpt lat="20" lon="5"></wpt></gpx>', "gps.empty"),
    ],
)
def test_useless_readings_are_refused(tmp_path: Path, name: str, content: str, key: str) -> None:
    with pytest.raises(Refused) as caught:
        read_gps(written(tmp_path, name, content))
    assert caught.value.key == key
    said(caught)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not_found"):
        read_gps(tmp_path / "none.csv")
