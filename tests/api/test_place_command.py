"""``ayilmap sheet place``: three files or none, and a reason where it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Geod
from shapely.geometry import mapping, shape

from api.cli import app
from api.cli.terminal import run
from sketch_import.control_points import ControlPoint, qgis_points
from sketch_import.placing import LocalMetres

LANDMARKS = Path(__file__).parents[1] / "sketch_import" / "data" / "kajiado_landmarks.csv"
ZONE = LocalMetres(epsg=32643)
POND = (650, 330, 70)
"""Centre and radius in pixels of the pond that is drawn."""


class Place:
    """The command with what it wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["ayilmap", "sheet", "place", *map(str, arguments)])
        code = run(app)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(monkeypatch, capsys)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A drawing of a pond and a road in blue and black on plain paper."""
    rng = np.random.default_rng(4)
    picture = np.clip(rng.normal(232, 2, (700, 1000, 3)), 0, 255).astype(np.uint8)
    cv2.circle(picture, POND[:2], POND[2], (170, 60, 20), 6, cv2.LINE_AA)
    cv2.polylines(
        picture, [np.array([[80, 600], [420, 520], [900, 590]], np.int32)], False, (30, 30, 30), 6, cv2.LINE_AA
    )
    path = tmp_path / "drawing.png"
    cv2.imwrite(str(path), picture)
    return path


def control_points(folder: Path, *, mirrored: bool = False) -> Path:
    """Eight points at 2 m a pixel, remembered to about 10 m."""
    spots = np.array([[60, 50], [500, 80], [940, 60], [90, 350], [900, 380], [70, 640], [480, 660], [950, 650]], float)
    metres = spots * [-2 if mirrored else 2, -2] + [470_000, 4_700_000]
    metres += np.random.default_rng(1).normal(0, 10, spots.shape)
    points = [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)))
        for (x, y), (lon, lat) in zip(spots, ZONE.to_lonlat(metres), strict=True)
    ]
    path = folder / "village.points"
    path.write_text(qgis_points(points))
    return path


def features(folder: Path) -> list[dict[str, object]]:
    collection: dict[str, list[dict[str, object]]] = json.loads((folder / "features.geojson").read_text())
    return collection["features"]


@pytest.mark.parametrize("method", ["auto", "tps", "projective"])
def test_features_picture_and_quality(place: Place, photo: Path, tmp_path: Path, method: str) -> None:
    out = tmp_path / "new" / "placed"
    code, said, _ = place(photo, "--points", control_points(tmp_path), "--method", method, "--out", out, "--json")
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "distortion.geojson",
        "features.geojson",
        "quality.json",
        "sheet.tif",
    ]
    quality = json.loads((out / "quality.json").read_text())
    assert json.loads(said) == {"out": str(out), **quality}
    assert quality["method"] == ("helmert" if method == "auto" else method)
    assert quality["crs"] == "EPSG:32643" and quality["image"]["width"] == 1000
    assert 5 < quality["position_error_m"] == quality["loo_rmse_m"] < 60
    assert {row["method"] for row in quality["methods"]} >= {"helmert", "affine", "projective", "tps"}
    assert len(quality["points"]) == 8 and all(point["loo_m"] > 0 for point in quality["points"])
    assert quality["reason"]

    ponds = [feature for feature in features(out) if feature["properties"]["kind"] == "polygon"]  # type: ignore[index]
    assert len(ponds) == 1
    properties = ponds[0]["properties"]
    assert set(properties) >= {"kind", "ink", "width_px", "confidence", "position_error_m"}  # type: ignore[call-overload]
    assert properties["ink"] == "blue"  # type: ignore[index]
    assert 0.6 < properties["position_error_m"] / quality["position_error_m"] < 1.5  # type: ignore[index]
    outline = shape(ponds[0]["geometry"])
    centre = ZONE.from_lonlat([outline.centroid.x, outline.centroid.y])
    assert np.hypot(*(centre - [470_000 + 2 * POND[0], 4_700_000 - 2 * POND[1]])) < 2 * quality["position_error_m"]
    area = abs(Geod(ellps="WGS84").geometry_area_perimeter(outline)[0])
    assert area == pytest.approx(np.pi * (2 * POND[2]) ** 2, rel=0.15)

    with rasterio.open(out / "sheet.tif") as dataset:
        assert dataset.crs.to_epsg() == 32643
        east, north = ZONE.from_lonlat(shapely.get_coordinates(outline.boundary)[0])
        column = int((east - dataset.transform.c) / dataset.transform.a)
        row = int((north - dataset.transform.f) / dataset.transform.e)
        around = dataset.read()[:, row - 5 : row + 6, column - 5 : column + 6].astype(int)
    # The blue stroke of the pond runs where its outline was placed.
    assert (around[2] - around[0]).max() > 80


def test_an_existing_folder_keeps_its_other_files(place: Place, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "placed"
    out.mkdir()
    (out / "notes.txt").write_text("ours")
    (out / "quality.json").write_text("old")
    assert place(photo, "--points", control_points(tmp_path), "--out", out)[0] == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "distortion.geojson",
        "features.geojson",
        "notes.txt",
        "quality.json",
        "sheet.tif",
    ]
    assert json.loads((out / "quality.json").read_text())["verdict"] == "pass"


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_mirrored_points_are_refused_in_words_and_nothing_is_left(
    place: Place, photo: Path, tmp_path: Path, lang: str
) -> None:
    out = tmp_path / "placed"
    code, said, reason = place(photo, "--points", control_points(tmp_path, mirrored=True), "--out", out, "--lang", lang)
    assert (code, said) == (2, "")
    assert {"ky": "күзгү", "ru": "зеркал", "en": "mirror"}[lang] in reason
    assert not out.exists()


def test_points_of_another_photo_are_refused(place: Place, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "placed"
    code, _, reason = place(photo, "--points", LANDMARKS, "--out", out, "--lang", "en")
    assert code == 2
    assert "outside the image" in reason and "church" in reason
    assert not out.exists()


def test_no_photo_and_no_points(place: Place, photo: Path, tmp_path: Path) -> None:
    points = control_points(tmp_path)
    assert place(tmp_path / "no.jpg", "--points", points, "--out", tmp_path / "o")[0] == 2
    assert place(photo, "--points", tmp_path / "no.points", "--out", tmp_path / "o")[0] == 2
    assert place(photo, "--points", points, "--out", points)[0] == 2
    assert place(photo, "--points", points, "--method", "magic", "--out", tmp_path / "o")[0] == 2
    assert not (tmp_path / "o").exists()


def test_blank_paper_is_refused(place: Place, tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((700, 1000, 3), 230, dtype=np.uint8))
    assert place(blank, "--points", control_points(tmp_path), "--out", tmp_path / "o")[0] == 2
    assert not (tmp_path / "o").exists()


def test_a_failure_while_writing_leaves_the_old_result(
    place: Place, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, points = tmp_path / "placed", control_points(tmp_path)
    assert place(photo, "--points", points, "--out", out)[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(self: Path, data: object, **options: object) -> int:
        raise OSError(28, "No space left on device")

    # The last of the three files meets a full disk.
    monkeypatch.setattr(Path, "write_text", full)
    code, _, reason = place(photo, "--points", points, "--method", "affine", "--out", out, "--lang", "en")
    monkeypatch.undo()
    assert code == 1
    assert "Nothing was saved" in reason
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_real_drawing_is_traced_and_placed(place: Place, shared_data: Path, tmp_path: Path) -> None:
    """A schematic drawing of a village in Kajiado, Kenya: placed, hundreds of metres off, which is stated."""
    out = tmp_path / "placed"
    picture = shared_data / "freehand" / "village_map_photo.jpg"
    assert place(picture, "--points", LANDMARKS, "--out", out)[0] == 0
    quality = json.loads((out / "quality.json").read_text())
    assert (quality["method"], quality["verdict"], quality["crs"]) == ("helmert", "doubtful", "EPSG:32737")
    assert quality["position_error_m"] == pytest.approx(884, abs=5)
    placed = features(out)
    kinds = {feature["properties"]["kind"] for feature in placed}  # type: ignore[index]
    assert len(placed) > 50 and {"polygon", "line"} <= kinds <= {"polygon", "line", "point", "text"}
    west, south, east, north = shapely.total_bounds([shape(feature["geometry"]) for feature in placed])
    assert 36.8 < west < east < 36.95 and -2.4 < south < north < -2.25


def test_a_folding_method_is_refused_on_the_real_drawing(place: Place, shared_data: Path, tmp_path: Path) -> None:
    picture = shared_data / "freehand" / "village_map_photo.jpg"
    code, _, reason = place(picture, "--points", LANDMARKS, "--method", "tps", "--out", tmp_path / "o", "--lang", "en")
    assert code == 2
    assert "borehole" in reason and "Similarity (Helmert)" in reason
    assert not (tmp_path / "o").exists()


def test_landmarks_read_by_gps_place_the_sheet(place: Place, photo: Path, tmp_path: Path) -> None:
    spots = {"school": (60, 50), "bridge": (940, 60), "well": (70, 640), "shop": (950, 650), "mosque": (480, 300)}
    slips = np.random.default_rng(5).normal(0, 4, (len(spots), 2))
    places = ZONE.to_lonlat(np.array(list(spots.values())) * [2, -2] + [470_000, 4_700_000] + slips)
    pixels, readings = tmp_path / "pixels.csv", tmp_path / "walk.csv"
    pixels.write_text("label,pixelX,pixelY\n" + "\n".join(f"{name},{x},{y}" for name, (x, y) in spots.items()))
    rows = [f"{name},{lon},{lat},6" for name, (lon, lat) in zip(spots, places.tolist(), strict=True)]
    readings.write_text("name,lon,lat,accuracy\n" + "\n".join(rows))
    out = tmp_path / "placed"
    code, said, _ = place(photo, "--points", pixels, "--gps", readings, "--out", out, "--json")
    assert code == 0
    quality = json.loads(said)
    assert {point["source"] for point in quality["points"]} == {"gps"} and quality["position_error_m"] < 20
    # What the receiver said is the least that is promised of any feature.
    assert all(feature["properties"]["position_error_m"] >= 6 for feature in features(out))  # type: ignore[index]
    readings.write_text("name,lon,lat\nschool,75,42")
    code, _, error = place(photo, "--points", pixels, "--gps", readings, "--out", tmp_path / "no")
    assert code == 2 and "bridge" in error and not (tmp_path / "no").exists()


def test_anchors_pull_their_neighbourhood_along(place: Place, photo: Path, tmp_path: Path) -> None:
    plain, kept = tmp_path / "plain", tmp_path / "kept"
    points = control_points(tmp_path)
    assert place(photo, "--points", points, "--out", plain)[0] == 0
    (pond,) = [feature for feature in features(plain) if feature["properties"]["kind"] == "polygon"]  # type: ignore[index]
    aside = shapely.transform(shape(pond["geometry"]), lambda xy: xy + np.array([0.0006, 0.0]))
    anchor = {"type": "Feature", "geometry": mapping(aside), "properties": {"candidate": pond["id"]}}
    path = tmp_path / "anchors.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [anchor]}))
    code, said, _ = place(photo, "--points", points, "--anchors", path, "--out", kept, "--json")
    assert code == 0
    report = json.loads(said)["neighbourhood"]
    assert report["anchors"] == 1 and report["kept_after"] <= report["relations"] and report["reason"]
    (moved,) = [feature for feature in features(kept) if feature["id"] == pond["id"]]
    assert shape(moved["geometry"]).symmetric_difference(aside).area < 0.05 * aside.area  # type: ignore[arg-type]
    (said_of_pond,) = [one for one in report["moved"] if one["id"] == pond["id"]]
    assert said_of_pond["metres"] == pytest.approx(49, abs=3)  # 0.0006 degrees of longitude at 42.4 degrees north
    before, after = (feature["properties"]["position_error_m"] for feature in (pond, moved))  # type: ignore[index]
    assert after == pytest.approx(np.hypot(before, said_of_pond["metres"]), abs=0.3)
