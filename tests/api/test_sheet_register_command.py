"""``ayilmap sheet register`` as scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from api.cli.sheet_register import register
from geo.errors import Failed, Refused
from geo.i18n import LANGUAGES, text
from sketch_import.registering import Reason
from tests.sketch_import.shared_paper import Print, drawn_sheet, photographed

SMALL = (1000, 750)
app = typer.Typer()
app.command()(register)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sheet, the same stored on its side by EXIF and photographed again, and another sheet."""
    folder = tmp_path_factory.mktemp("photos")
    drawing, other = drawn_sheet(Print.NOTHING, 1, size=SMALL), drawn_sheet(Print.NOTHING, 2, size=SMALL)
    exif = Image.Exif()
    exif[274] = 6
    paths = {name: folder / f"{name}.png" for name in ("first", "again", "other")}
    Image.fromarray(photographed(drawing, 1)[0]).save(paths["first"])
    Image.fromarray(np.rot90(photographed(drawing, 2)[0])).save(paths["again"], exif=exif)
    Image.fromarray(photographed(other, 3)[0]).save(paths["other"])
    return paths


def test_it_writes_the_homography_and_prints_the_same(photos: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "new" / "registered.json"
    arguments = [str(photos["again"]), "--to", str(photos["first"]), "--out", str(out), "--json", "--lang", "en"]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == written
    assert written["verdict"] == "pass"
    assert written["inliers"] >= 40
    assert np.array(written["homography"]).shape == (3, 3)
    assert (written["new"]["width"], written["new"]["height"]) == SMALL


def test_another_sheet_is_refused_and_the_file_says_so(photos: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "registered.json"
    out.write_text('{"verdict": "pass"}', encoding="utf-8")
    arguments = [str(photos["other"]), "--to", str(photos["first"]), "--out", str(out)]
    with pytest.raises(Refused) as told:
        CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert told.value.exit_code == 2
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["verdict"] == "refused"
    assert written["homography"] is None
    assert told.value.key == f"register.reason.{written['reason_code']}"


def test_a_folder_in_the_way_is_said(photos: dict[str, Path], tmp_path: Path) -> None:
    arguments = [str(photos["first"]), "--to", str(photos["first"]), "--out", str(tmp_path)]
    with pytest.raises(Failed, match=r"register\.cannot_write"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    sentences = {text(f"register.reason.{reason.value}", language) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)


def test_a_photo_given_is_never_written_over(photos: dict[str, Path]) -> None:
    before = photos["first"].read_bytes()
    result = CliRunner().invoke(
        app, [str(photos["again"]), "--to", str(photos["first"]), "--out", str(photos["first"])]
    )
    assert isinstance(result.exception, Refused)
    assert result.exception.key == "out.is_given"
    assert photos["first"].read_bytes() == before
