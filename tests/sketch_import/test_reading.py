"""Reading photographed sheets: simulated photos with known truth, from the printed layout to the ground."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from typer.testing import CliRunner

from geo.domain.georeference import ControlPointSource
from geo.errors import Refused
from geo.i18n import LANGUAGES, Language, text
from geo.sheet_layout import Orientation, PaperSize, SheetLayout, Template
from sketch_import.photo import ExifFacts, Photo
from sketch_import.reading import (
    PhotoQuality,
    ReadPhoto,
    ReadSheet,
    Verdict,
    read_photo,
    read_sheet,
    read_sheet_file,
    read_sheet_files,
)
from sketch_import.reading.deciphering import decipher
from sketch_import.reading.finding import find_marks
from sketch_import.reading.judging import judge, worst_verdict
from tests.support.printed_sheets import print_sheet, sheet_layout
from tests.support.sheet_photos import Difficulty, SheetPhoto, photograph

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

PX_PER_MM = 4.0
RED, BLACK = (150, 25, 30), (20, 20, 22)
FIELD = np.array([(200, 150), (350, 160), (340, 280), (190, 270)], np.float64)
ROAD = np.array([(100, 400), (300, 420), (500, 380), (700, 450)], np.float64)


def photo_of(pixels: Bytes) -> Photo:
    return Photo(pixels=np.ascontiguousarray(pixels), format="JPEG", sha256="0" * 64, exif=ExifFacts())


@cache
def drawn_sheet() -> tuple[SheetLayout, Bytes]:
    layout = sheet_layout(PaperSize.A1)
    flat = print_sheet(layout, px_per_mm=PX_PER_MM)
    for points, closed, colour, width in ((FIELD, True, RED, 3.0), (ROAD, False, BLACK, 2.4)):
        fine = np.round(points * PX_PER_MM * 16).astype(np.int32).reshape(1, -1, 1, 2)
        cv2.polylines(flat, [fine[0]], closed, colour, round(width * PX_PER_MM), cv2.LINE_AA, 4)
    return layout, flat


@cache
def taken(difficulty: Difficulty, seed: int) -> SheetPhoto:
    layout, flat = drawn_sheet()
    return photograph(flat, paper_mm=layout.paper_mm, difficulty=difficulty, seed=seed)


def seen_from_aside(flat: Bytes) -> tuple[Bytes, Floats]:
    """Photograph a flat paper slantwise without luck; the homography is paper mm to pixels."""
    height, width = flat.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = np.array([[330, 180], [3350, 320], [3640, 2560], [120, 2700]], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, there), np.float64)
    moved = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    picture = cv2.warpPerspective(
        flat, moved @ matrix @ np.linalg.inv(moved), (3800, 2850), flags=cv2.INTER_AREA, borderValue=(110, 90, 70)
    )
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8)
    return np.asarray(soft, np.uint8), matrix @ np.diag([PX_PER_MM, PX_PER_MM, 1.0])


def missed_mm(read: ReadPhoto, homography: Floats) -> Floats:
    paper = mesh(read.layout)
    there = cv2.perspectiveTransform(paper[None], homography)[0]
    return np.hypot(*(read.located.surface.to_paper(there) - paper).T)


def on_ground(sheet: ReadSheet) -> list[BaseGeometry]:
    """Return the features in metres of the sheet's zone."""
    layout = sheet.layout
    return [
        shapely.transform(one.geometry, lambda xy: layout.to_grid(layout.from_lonlat(xy))) for one in sheet.features
    ]


def mesh(layout: SheetLayout, count: int = 15) -> Floats:
    frame = layout.frame
    axes = np.linspace(frame.x, frame.right, count), np.linspace(frame.y, frame.bottom, count)
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


@pytest.mark.parametrize(("difficulty", "median", "most"), [(Difficulty.EASY, 0.1, 0.3), (Difficulty.MEDIUM, 0.3, 1.0)])
def test_places_on_paper_are_found_to_a_fraction_of_a_millimetre(
    difficulty: Difficulty, median: float, most: float
) -> None:
    layout, _ = drawn_sheet()
    photo = taken(difficulty, 2)
    read = read_easy() if difficulty is Difficulty.EASY else read_medium()
    paper = mesh(layout)
    surface = read.located.surface
    missed = np.hypot(*(surface.to_paper(photo.to_photo(paper)) - paper).T)
    assert np.median(missed) < median
    assert np.percentile(missed, 95) < most
    # The error it foretells is neither boast nor alarm.
    assert np.sqrt((missed**2).mean()) < 2.5 * np.sqrt((surface.error_mm(paper) ** 2).mean())
    assert np.percentile(surface.error_mm(paper), 95) < 1.5
    there = surface.to_photo(paper)
    assert surface.to_paper(there) == pytest.approx(paper, abs=1e-3)


def test_the_numbers_of_a_photo_are_those_it_was_made_with() -> None:
    photo = taken(Difficulty.MEDIUM, 2)
    quality = read_medium().quality
    assert quality.blur_px == pytest.approx(np.hypot(photo.blur, 0.45), abs=0.25)
    assert quality.tilt == pytest.approx(photo.tilt, abs=6)
    assert quality.marks_expected == 12
    assert len(quality.marks_seen) >= 11
    assert len(quality.sides) == 4
    assert quality.frame_seen == 1.0
    assert quality.residual_px < 0.3


def test_what_is_drawn_comes_to_its_place_on_the_ground() -> None:
    layout, _ = drawn_sheet()
    sheet = read_sheet([(photo_of(taken(Difficulty.EASY, 2).pixels), "p")])
    assert sheet.verdict is Verdict.PASS
    field = shapely.Polygon(layout.to_grid(FIELD))
    placed = [
        shapely.transform(one.geometry, lambda xy: layout.to_grid(layout.from_lonlat(xy))) for one in sheet.features
    ]
    overlap = [shape.intersection(field).area / shape.union(field).area for shape in placed]
    best = int(np.argmax(overlap))
    assert overlap[best] > 0.93
    feature = sheet.features[best]
    assert feature.candidate.ink.value == "red"
    assert feature.width_mm == pytest.approx(3.0, rel=0.35)
    # 3 mm of pen at 1:5000 are 15 m; half of it and 0.1 mm of paper.
    assert feature.position_error_m == pytest.approx(7.5, rel=0.4)
    road = shapely.LineString(layout.to_grid(ROAD))
    assert min(shape.hausdorff_distance(road) for shape in placed) < 1.5 * layout.code.scale / 1000
    pixels = shapely.Polygon(taken(Difficulty.EASY, 2).to_photo(FIELD))
    shape = feature.candidate.geometry
    assert shape.intersection(pixels).area / shape.union(pixels).area > 0.93


def test_control_points_are_the_middles_of_the_marks() -> None:
    layout, _ = drawn_sheet()
    photo = taken(Difficulty.EASY, 2)
    points = read_easy().control_points
    assert {point.source for point in points} == {ControlPointSource.FIDUCIAL}
    assert [point.label for point in points] == [str(mark.number) for mark in layout.marks]
    paper = layout.from_lonlat(np.array([point.lonlat for point in points]))
    assert np.array([point.pixel for point in points]) == pytest.approx(photo.to_photo(paper), abs=0.6)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_any_way_up_is_the_same_sheet(turns: int) -> None:
    photo, upright = taken(Difficulty.EASY, 2), read_easy()
    turned = read_photo(photo_of(np.rot90(photo.pixels, turns)), name="p")
    assert turned.quality.marks_seen == upright.quality.marks_seen
    assert turned.quality.error_mm == pytest.approx(upright.quality.error_mm, abs=0.05)


@pytest.mark.parametrize(
    ("paper", "orientation"), [(PaperSize.A4, Orientation.PORTRAIT), (PaperSize.A0, Orientation.LANDSCAPE)]
)
def test_the_sheet_says_its_paper_and_its_place(paper: PaperSize, orientation: Orientation) -> None:
    layout = sheet_layout(paper, orientation=orientation, template=Template.BLANK, scale=2500, sheet_id="00ZZ9K3M")
    detail = 3200 / max(layout.paper_mm)
    flat = print_sheet(layout, px_per_mm=detail)
    read = read_photo(photo_of(np.pad(flat, ((90, 90), (90, 90), (0, 0)), constant_values=120)), name="p")
    assert read.layout.code == layout.code
    corner = (np.array(layout.frame.corners[2]) * detail + 90)[None]
    assert read.located.surface.to_photo([layout.frame.corners[2]]) == pytest.approx(corner, abs=0.15)


def blotted(layout: SheetLayout, numbers: set[int]) -> Bytes:
    flat = drawn_sheet()[1].copy()
    for mark in layout.marks:
        if mark.number in numbers:
            x, y = np.round(np.array([mark.code.x, mark.code.y]) * PX_PER_MM).astype(int)
            flat[max(0, y - 15) : y + 190, max(0, x - 15) : x + 190] = (60, 90, 140)
    return flat


def test_any_three_marks_on_different_sides_are_enough() -> None:
    layout, _ = drawn_sheet()
    sides = {0: "top", 5: "right", 8: "bottom"}
    assert {number: layout.marks[number].side for number in sides} == sides
    flat = blotted(layout, {mark.number for mark in layout.marks} - set(sides))
    picture, homography = seen_from_aside(flat)
    read = read_photo(photo_of(picture), name="p")
    assert read.quality.marks_seen == tuple(sides)
    missed = missed_mm(read, homography)
    assert np.percentile(missed, 95) < 1.0
    # It does not know that the paper is flat.
    assert np.percentile(read.located.surface.error_mm(mesh(layout)), 95) > 0.3


def test_a_scribbled_mark_does_not_spoil_the_place() -> None:
    layout, _ = drawn_sheet()
    flat = drawn_sheet()[1].copy()
    for number in (1, 4, 9):
        marker = layout.marks[number].marker
        x, y = np.round(np.array([marker.x, marker.y]) * PX_PER_MM).astype(int).tolist()
        cv2.line(flat, (x - 40, y + 10), (x + 70, y + 60), (30, 40, 150), 12)
    picture, homography = seen_from_aside(flat)
    assert np.percentile(missed_mm(read_photo(photo_of(picture), name="p"), homography), 95) < 0.25


@cache
def good_quality() -> PhotoQuality:
    return read_photo(photo_of(drawn_sheet()[1]), name="p").quality


@cache
def read_medium() -> ReadPhoto:
    return read_photo(photo_of(taken(Difficulty.MEDIUM, 2).pixels), name="p")


@cache
def read_easy() -> ReadPhoto:
    return read_photo(photo_of(taken(Difficulty.EASY, 2).pixels), name="p")


def refusal(*pictures: Bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_sheet([(photo_of(picture), f"{number}.jpg") for number, picture in enumerate(pictures)])
    for language in LANGUAGES:
        assert text(caught.value.key, language, **caught.value.params)
    return caught.value.key


def test_a_mirrored_photo_is_refused() -> None:
    assert refusal(taken(Difficulty.EASY, 2).pixels[:, ::-1]) == "reading.mirrored"


def test_two_sheets_in_one_photo_are_refused() -> None:
    one = print_sheet(sheet_layout(PaperSize.A4, sheet_id="11111111"), px_per_mm=6)
    other = print_sheet(sheet_layout(PaperSize.A4, sheet_id="22222222"), px_per_mm=6)
    assert refusal(np.vstack([one, np.full((80, one.shape[1], 3), 110, np.uint8), other])) == "reading.two_sheets"
    same = np.vstack([one, np.full((80, one.shape[1], 3), 110, np.uint8), one])
    assert refusal(same) == "reading.two_sheets"


def test_what_is_no_sheet_of_ours_is_refused() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 255, (300, 400, 3), dtype=np.uint8)
    assert refusal(np.asarray(cv2.resize(noise, (1600, 1200)), np.uint8)) == "reading.no_marks"
    assert refusal(np.full((1000, 1400, 3), 240, np.uint8)) == "reading.no_marks"
    assert refusal(np.zeros((1, 1, 3), np.uint8)) == "reading.no_marks"


def test_a_code_of_somebody_else_is_named() -> None:
    import segno

    code = np.array([list(row) for row in segno.make("https://example.org/menu").matrix], np.uint8)
    picture = np.full((900, 1200), 235, np.uint8)
    symbol = np.kron(1 - code, np.ones((9, 9), np.uint8)) * 215 + 20
    picture[200 : 200 + len(symbol), 300 : 300 + len(symbol)] = symbol
    assert refusal(np.repeat(picture[..., None], 3, axis=2)) == "reading.foreign_code"


def test_a_hopeless_photo_is_refused() -> None:
    soft = np.asarray(cv2.GaussianBlur(taken(Difficulty.EASY, 2).pixels, (0, 0), 14), np.uint8)
    assert refusal(soft) == "reading.no_marks"


def test_too_coarse_a_photo_is_refused_with_what_to_do() -> None:
    """Marks may be found where the pen is no longer seen."""
    coarse = replace(good_quality(), px_per_mm=0.6, blur_mm=1.8)
    problems = judge(coarse)
    assert worst_verdict(problems) is Verdict.REFUSED
    assert {problem.text.key for problem in problems} == {"reading.too_far", "reading.blurred"}
    assert "Come closer" in " ".join(problem.text(Language.EN) for problem in problems)
    assert worst_verdict(judge(good_quality())) is Verdict.PASS


@pytest.mark.parametrize(
    ("name", "value", "key", "verdict"),
    [
        ("worst_error_mm", 1.6, "reading.inexact", Verdict.DOUBTFUL),
        ("worst_error_mm", 3.1, "reading.inexact", Verdict.REFUSED),
        ("left_out_mm", 2.0, "reading.uneven", Verdict.DOUBTFUL),
        ("frame_seen", 0.9, "reading.cut_off", Verdict.DOUBTFUL),
        ("contrast", 10.0, "reading.dark", Verdict.REFUSED),
        ("overexposed", 0.3, "reading.glare", Verdict.DOUBTFUL),
        ("tilt", 60.0, "reading.slanted", Verdict.DOUBTFUL),
        ("marks_seen", (0, 1), "reading.few_marks", Verdict.REFUSED),
        ("marks_dropped", (0, 1), "reading.contradicting", Verdict.DOUBTFUL),
    ],
)
def test_each_fault_has_its_reason(name: str, value: object, key: str, verdict: Verdict) -> None:
    quality = good_quality()
    (problem,) = judge(replace(quality, **{name: value}))  # type: ignore[arg-type]
    assert (problem.text.key, problem.verdict) == (key, verdict)
    for language in LANGUAGES:
        assert problem.text(language)


def test_parts_of_a_large_sheet_are_joined() -> None:
    layout, flat = drawn_sheet()
    middle = flat.shape[1] // 2
    overlap = round(60 * PX_PER_MM)
    table = np.full((flat.shape[0], 60, 3), 110, np.uint8)
    left = np.hstack([table, flat[:, : middle + overlap]])
    right = np.hstack([flat[:, middle - overlap :], table])
    alone = read_sheet([(photo_of(left), "left.jpg")])
    assert alone.verdict is not Verdict.PASS
    assert "reading.cut_off" in {problem.text.key for problem in alone.problems}
    sheet = read_sheet([(photo_of(left), "left.jpg"), (photo_of(right), "right.jpg")])
    assert sheet.verdict is Verdict.PASS
    assert sheet.flat is not None
    assert sheet.flat.seen > 0.99
    assert set(np.unique(sheet.flat.owner)) == {0, 1}
    road = shapely.LineString(layout.to_grid(ROAD))
    placed = [
        shapely.transform(one.geometry, lambda xy: layout.to_grid(layout.from_lonlat(xy))) for one in sheet.features
    ]
    assert min(shape.hausdorff_distance(road) for shape in placed) < 1.5 * layout.code.scale / 1000


def test_photos_of_different_sheets_are_refused() -> None:
    other = print_sheet(sheet_layout(PaperSize.A4, sheet_id="22222222"), px_per_mm=6)
    assert refusal(taken(Difficulty.EASY, 2).pixels, other) == "reading.different_sheets"


def test_codes_too_blurred_for_a_reader_of_codes_are_restored() -> None:
    """Modules of 2.6 pixels, blurred by 1.6 pixels and grainy."""
    layout, flat = drawn_sheet()
    picture, homography = seen_from_aside(flat)
    rng = np.random.default_rng(3)
    grainy = cv2.GaussianBlur(picture, (0, 0), 1.4) + rng.normal(0, 3, (*picture.shape[:2], 1))
    blurred = np.asarray(np.clip(grainy, 0, 255), np.uint8)
    grey = np.asarray(cv2.cvtColor(blurred, cv2.COLOR_RGB2GRAY), np.uint8)
    marks = find_marks(grey)
    assert not marks.codes
    codes = decipher(grey, marks.markers)
    assert codes
    assert all(found.code.same_sheet(layout.code) for found in codes)
    assert np.percentile(missed_mm(read_photo(photo_of(blurred), name="p"), homography), 95) < 0.5


def test_the_folder_holds_all_or_the_reason_alone(tmp_path: Path) -> None:
    layout, _ = drawn_sheet()
    good, bad, out = tmp_path / "good.jpg", tmp_path / "bad.jpg", tmp_path / "out"
    good.write_bytes(taken(Difficulty.EASY, 2).jpeg)
    cv2.imwrite(str(bad), np.full((900, 1200), 200, np.uint8))
    outcome = read_sheet_file(good, out, language=Language.EN)
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    assert outcome.verdict is Verdict.PASS
    assert sorted(path.name for path in out.iterdir()) == ["features.geojson", "quality.json", "sheet.tif"]
    quality = json.loads((out / "quality.json").read_text())
    assert quality["sheet_id"] == layout.sheet_id
    assert quality["frame_lonlat"] == pytest.approx(np.array(layout.frame_lonlat), abs=1e-7)
    assert quality["reprojection_error"]["m"] == pytest.approx(quality["reprojection_error"]["mm"] * 5, abs=0.001)
    features = json.loads((out / "features.geojson").read_text())["features"]
    wanted = {"kind", "ink", "width_mm", "confidence", "position_error_m", "pixel_geometry"}
    assert wanted <= set(features[0]["properties"])
    with rasterio.open(out / "sheet.tif") as raster:
        assert raster.crs.to_epsg() == layout.epsg
        assert raster.overviews(1)
        (west, north), (east, south) = layout.to_grid(np.array(layout.frame.corners)[[0, 2]])
        assert tuple(raster.bounds) == pytest.approx((west, south, east, north), abs=2 * raster.res[0])
        # On the red line of the field, where the layout says.
        line = raster.sample([tuple(place) for place in layout.to_grid([(FIELD[0] + FIELD[1]) / 2])])
        red, green, *_ = next(iter(line))
        assert red > green + 30
    refused = read_sheet_file(bad, out, language=Language.EN)
    assert pickle.loads(pickle.dumps(refused)) == refused
    assert refused.verdict is Verdict.REFUSED
    # Never beside a refusal as if they were of this photo, and never lost either.
    assert sorted(path.name for path in out.iterdir()) == [
        "earlier_features.geojson",
        "earlier_sheet.tif",
        "quality.json",
    ]
    assert json.loads((out / "quality.json").read_text())["reason"]


def test_a_photo_that_is_missing_is_an_outcome_too(tmp_path: Path) -> None:
    outcome = read_sheet_files([tmp_path / "none.jpg"], tmp_path / "out", language=Language.KY)
    assert outcome.problem is not None
    assert (outcome.verdict, outcome.problem.key) == (Verdict.REFUSED, "image.missing")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_refuses_in_the_readers_language(tmp_path: Path, language: Language) -> None:
    import typer

    from api.cli.sheet_read import read

    app = typer.Typer()
    app.command()(read)
    photo = tmp_path / "blank.png"
    cv2.imwrite(str(photo), np.full((400, 600), 240, np.uint8))
    arguments = [str(photo), "--out", str(tmp_path / "out"), "--lang", language.value]
    with pytest.raises(Refused, match=r"reading\.no_marks"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)
    said = json.loads((tmp_path / "out" / "quality.json").read_text())
    assert said["verdict"] == "refused"
    assert said["reason"] == text("reading.no_marks", language, path=str(photo))
