"""``ayilmap sheet trace`` as scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from api.cli.sheet_trace import trace
from geo.domain.drawing import Ink
from geo.errors import Failed, Refused
from tests.sketch_import.drawings import Drawing, circle

app = typer.Typer()
app.command()(trace)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    drawing = Drawing(900, 700, seed=1, pen=6, wobble=1.0)
    drawing.area(circle(450, 350, 150), Ink.GREEN, "field")
    # Stored on its side, so that the command must turn it upright.
    exif = Image.Exif()
    exif[274] = 6
    path = tmp_path / "photo.jpg"
    Image.fromarray(np.rot90(drawing.photo())).save(path, exif=exif, quality=95)
    return path


def test_it_writes_candidates_and_reports_them(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "candidates.geojson"
    done = CliRunner().invoke(app, [str(photo), "--out", str(out), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert (report["width"], report["height"]) == (900, 700)
    assert report["polygons"] == 1
    (feature,) = json.loads(out.read_text())["features"]
    ring = np.array(feature["geometry"]["coordinates"][0])
    assert ring.mean(axis=0) == pytest.approx([450, 350], abs=12)
    assert [path.name for path in out.parent.iterdir()] == ["candidates.geojson"]


@pytest.mark.parametrize(("language", "word"), [("ky", "аянт"), ("ru", "площадей"), ("en", "areas")])
def test_it_speaks_three_languages(photo: Path, tmp_path: Path, language: str, word: str) -> None:
    command = [str(photo), "--out", str(tmp_path / "c.geojson"), "--lang", language]
    assert word in CliRunner().invoke(app, command, catch_exceptions=False).stdout


def test_a_blank_sheet_is_refused_and_nothing_written(tmp_path: Path) -> None:
    photo, out = tmp_path / "blank.png", tmp_path / "c.geojson"
    Image.new("RGB", (600, 400), (240, 240, 235)).save(photo)
    with pytest.raises(Refused, match=r"trace\.blank"):
        CliRunner().invoke(app, [str(photo), "--out", str(out)], catch_exceptions=False)
    assert not out.exists()


def test_a_target_that_cannot_be_written_leaves_nothing_behind(photo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "something").write_text("in the way")
    with pytest.raises(Failed, match=r"trace\.cannot_write"):
        CliRunner().invoke(app, [str(photo), "--out", str(folder)], catch_exceptions=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo.jpg", "taken"]
