"""A printed sheet is stored by its photo alone: its marks place it, flat, and later versions start from there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import select

from api.settings import Settings
from geo.models import Candidate, MapFeature, SheetPhoto, SketchSheet
from geo.sheet_layout import PaperSize, SheetLayout, parse_sheet_code
from geo.spatial.measuring import distance_m
from sketch_import.photo import load_photo
from sketch_import.sample_sheet import SampleFiles
from tests.api.conftest import Command
from tests.api.test_village_commands import Village, done, event, files, refused, rows, settlement
from tests.support.drawn_sheets import draw_on
from tests.support.printed_sheets import print_sheet, sheet_layout
from tests.support.sheet_photos import Difficulty, photograph
from tests.support.sheet_photos import SheetPhoto as Photographed

__all__ = ["files", "rows"]

LAYOUT = sheet_layout(PaperSize.A3, scale=5000)


@pytest.fixture(scope="module")
def photographed() -> tuple[Photographed, list[shapely.Geometry]]:
    """A photo of a curled sheet under a phone, and what was drawn on it, in mm of the paper."""
    flat, drawn = draw_on(print_sheet(LAYOUT, px_per_mm=8.0), LAYOUT, seed=5)
    shot = photograph(flat, paper_mm=LAYOUT.paper_mm, difficulty=Difficulty.MEDIUM, seed=2)
    return shot, [one.geometry for one in drawn]


@pytest.fixture
def village(ayilmap: Command, rows: object) -> Village:
    """A village where the sheet was printed for."""
    entered = done(ayilmap(*settlement(lon=78.39, lat=42.49), "--new-municipality"))
    held = done(ayilmap(*event(entered["settlement"])))
    return Village(str(entered["settlement"]), str(entered["municipality"]), str(held["event"]))


def test_stored_by_its_marks_and_replayed_from_flat_paper(
    ayilmap: Command,
    village: Village,
    photographed: tuple[Photographed, list[shapely.Geometry]],
    tmp_path: Path,
    database_url: str,
) -> None:
    shot, drawn = photographed
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(shot.jpeg)
    areas = [one for one in drawn if one.geom_type == "Polygon"]
    target = max(areas, key=lambda one: one.area)
    x, y = shot.to_photo(np.array([[target.centroid.x, target.centroid.y]]))[0].tolist()
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps({"objects": [{"id": "a", "kind": "arable", "positions": [[x, y]]}]}))
    stored = done(ayilmap("sheet", "store", photo, "--event", village.event, "--labels", labels, "--json"))
    assert stored["unmatched"] == []
    assert stored["method"] == "helmert"
    settings = Settings(data=tmp_path, database_url=database_url)
    with settings.workspace.read() as session:
        sheet = session.scalars(select(SketchSheet)).one()
        assert sheet.layout_id == LAYOUT.sheet_id
        assert SheetLayout(parse_sheet_code(str(sheet.layout_code))).frame_lonlat == LAYOUT.frame_lonlat
        kept = session.scalars(select(SheetPhoto)).one()
        assert settings.workspace.pictures.get(kept.image_sha256) == shot.jpeg
        original = load_photo(photo)
        assert (kept.width_px, kept.height_px) == (original.width, original.height)
        assert kept.flat_sha256 == sheet.image_sha256
        # The error that is stated covers the true one, and both are those of a printed sheet: a few metres at 1:5000.
        feature = session.scalars(select(MapFeature)).one()
        truth = shapely.transform(target, LAYOUT.to_lonlat)
        missed = distance_m(feature.geometry.centroid, truth.centroid)
        assert feature.position_error_m is not None and sheet.position_error_m is not None
        assert 0 < sheet.position_error_m < 10
        assert missed < 3 * feature.position_error_m < 30
        assert feature.geometry.intersection(truth).area > 0.7 * feature.geometry.union(truth).area
        pixels = (sheet.width_px, sheet.height_px)
        inside = shapely.box(-5, -5, pixels[0] + 5, pixels[1] + 5)
        assert all(inside.contains(one) for one in session.scalars(select(Candidate.geometry)))
        place, error = feature.geometry, feature.position_error_m
    told = done(ayilmap("sheet", "revise", stored["sheet"], "--method", "affine", "--json"))
    # On flat paper a similarity and an affine are the same.
    assert told["max_shift_m"] == pytest.approx(0, abs=0.01)
    with settings.workspace.read() as session:
        again = session.scalars(select(MapFeature)).one()
        assert distance_m(again.geometry.centroid, place.centroid) < 0.01
        assert again.position_error_m is not None
        assert again.position_error_m == pytest.approx(error, rel=1.0)
        assert session.scalars(select(SketchSheet)).one().position_error_m > 0  # type: ignore[operator]
    exported = tmp_path / "out.geojson"
    assert ayilmap("export", exported, "--event", village.event)[0] == 0
    (row,) = json.loads(exported.read_text(encoding="utf-8"))["features"]
    assert distance_m(shape(row["geometry"]).centroid, truth.centroid) < 30
    refused(ayilmap("sheet", "store", photo, "--event", village.event, "--json"), "sheet.stored_before")
    assert done(ayilmap("db", "check", "--json"))["well"] is True


def test_a_freehand_drawing_without_points_is_refused(
    ayilmap: Command, village: Village, files: SampleFiles, rows: object
) -> None:
    code, out, err = ayilmap("sheet", "store", files.photo, "--event", village.event, "--json")
    assert (code, out) == (2, "")
    assert json.loads(err)["error"].startswith("reading.")
