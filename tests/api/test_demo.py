"""The main job from end to end, on both engines: a photographed drawing becomes features and a map."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio
from shapely.geometry import shape
from sqlalchemy import func, select

from api.settings import Settings
from geo.database.layer_views import VIEWS
from geo.domain.drawing import CandidateState
from geo.domain.vocabulary import Layer
from geo.i18n import Language, text
from geo.models import Candidate, ControlPoint, MapFeature, SketchSheet
from geo.repositories.appraisal import AppraisalRepository
from geo.services.checking import check
from geo.spatial.measuring import distance_m
from sketch_import.control_points import ControlPoint as PlacedPoint
from sketch_import.placing import place
from tests.api.conftest import Command


@pytest.fixture
def shown(ayilmap: Command, tmp_path: Path) -> Path:
    """Folder of a finished demo."""
    code, out, err = ayilmap("demo", "--out", tmp_path / "demo", "--json")
    assert code == 0, err
    result = json.loads(out)
    # Four fifths is what the tracing must find of the sample; it finds more (see the bench).
    assert result["accepted"] >= 0.8 * result["labels"]
    assert 5 < result["position_error_m"] < 60
    return tmp_path / "demo"


def test_demo_from_photo_to_map(shown: Path, ayilmap: Command, database_url: str, tmp_path: Path) -> None:
    for name in ("sample_sheet.jpg", "sheet/features.geojson", "sheet/sheet.tif", "sheet/quality.json"):
        assert (shown / name).stat().st_size > 100, name
    _check_store(shown, Settings(data=tmp_path, database_url=database_url))
    with rasterio.open(shown / "sheet" / "sheet.tif") as raster:
        assert raster.crs.to_epsg() == 32644
        assert raster.count == 4
        assert raster.overviews(1)
    for reader, suffix in ((Language.KY, ""), (Language.RU, ".ru"), (Language.EN, ".en")):
        assert text("map.legend", reader) in (shown / f"session_map{suffix}.html").read_text(encoding="utf-8")
    before = (shown / "sheet" / "sheet.tif").stat().st_mtime_ns
    code, out, _ = ayilmap("demo", "--out", shown, "--json")
    assert code == 0
    assert json.loads(out)["accepted"] is None  # nothing was digitised again
    assert (shown / "sheet" / "sheet.tif").stat().st_mtime_ns == before
    assert json.loads(ayilmap("db", "check", "--json")[1])["rows"]["sketch_sheet"] == 1


def _check_store(shown: Path, settings: Settings) -> None:
    truth = json.loads((shown / "sample_sheet.json").read_text(encoding="utf-8"))["objects"]
    with settings.workspace.read() as session:
        assert check(session, settings.workspace.pictures).is_well
        sheet = session.scalars(select(SketchSheet)).one()
        assert settings.workspace.pictures.get(sheet.image_sha256) == (shown / "sample_sheet.jpg").read_bytes()
        assert session.scalar(select(func.count()).select_from(ControlPoint)) == 10
        states = dict(session.execute(select(Candidate.state, func.count()).group_by(Candidate.state)).all())
        # The other groups of the sample drew as well, on sheets that were not digitised.
        features = session.scalars(select(MapFeature).where(MapFeature.sheet_id.is_not(None))).all()
        assert states[CandidateState.ACCEPTED] == len(features)
        assert states[CandidateState.PROPOSED] > 0
        assert {feature.layer for feature in features} == set(Layer)
        errors = [feature.position_error_m for feature in features]
        assert all(error is not None and error > 2 for error in errors) and len(set(errors)) > 5
        # Where the program drew each object is known, so the stated error can be held against the true one.
        assert sheet.position_error_m is not None
        for feature in features:
            alike = [shape(row["ground"]) for row in truth if row["kind"] == feature.kind.value]
            missed_by = min(distance_m(feature.geometry.centroid, one.centroid) for one in alike)
            # Lines may be found in part only, which moves their middle.
            limit = 4 * sheet.position_error_m if feature.geometry.geom_type != "LineString" else 400
            assert missed_by < limit, feature.kind


GDAL_COUNTS = """
import json, sys, pyogrio
print(json.dumps({name: pyogrio.read_info(sys.argv[1], layer=name)["features"] for name in sys.argv[2:]}))
"""


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_layers_of_the_demo_in_gdal(shown: Path, tmp_path: Path) -> None:
    path = tmp_path / "village.gpkg"
    done = subprocess.run(
        [sys.executable, "-c", GDAL_COUNTS, str(path), *VIEWS.values(), "map_feature"],
        capture_output=True,
        text=True,
        check=True,
    )
    counts = json.loads(done.stdout)
    assert all(counts[view] > 0 for view in VIEWS.values())
    assert sum(counts[view] for view in VIEWS.values()) == counts["map_feature"]


def test_a_stored_placement_can_be_solved_again(shown: Path, tmp_path: Path, database_url: str) -> None:
    settings = Settings(data=tmp_path, database_url=database_url)
    with settings.workspace.read() as session:
        sheet = session.scalars(select(SketchSheet)).one()
        points = AppraisalRepository(session).control_points(sheet.id)
        assert sheet.method is not None
        assert sheet.georeference is not None
        again = place(
            [PlacedPoint(pixel=(one.pixel_x, one.pixel_y), lonlat=(one.geometry.x, one.geometry.y)) for one in points],
            (sheet.width_px, sheet.height_px),
            sheet.method,
            smoothing=sheet.georeference["smoothing"],
        )
        feature = session.scalars(select(MapFeature).where(MapFeature.sheet_id.is_not(None))).first()
        assert feature is not None
        candidate = session.scalars(select(Candidate).where(Candidate.id == feature.candidate_id)).one()
        replayed = again.place_geometry(candidate.geometry)
        assert distance_m(replayed.centroid, feature.geometry.centroid) < 0.001
