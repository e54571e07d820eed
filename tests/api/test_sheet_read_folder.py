"""``ayilmap sheet read DIR`` as people and scripts call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.i18n import LANGUAGES, Language, text
from tests.api.conftest import Command
from tests.sketch_import.scanned_sheets import scan


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """A sheet is read without a store: one engine is enough."""
    return geopackage_url


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "left.png").write_bytes(scan())
    (folder / "right.png").write_bytes(scan(line_mm=40))
    (folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / "notes.txt").write_text("x")
    return folder


def test_a_folder_is_read_and_reported_then_only_what_is_new(ayilmap: Command, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, _ = ayilmap("sheet", "read", photos, "--out", out, "--jobs", 2, "--json")
    assert code == 0, "a refused photo is in the table"
    result = json.loads(said)
    assert result["counts"] == {"photos": 3, "pass": 2, "doubtful": 0, "refused": 1, "failed": 0, "left": 0}
    assert result["same_sheet"] == {"K7M29QXD": ["left.png", "right.png"]}
    assert (out / "left" / "sheet.tif").exists()
    code, said, progress = ayilmap("sheet", "read", photos, "--out", out)
    assert code == 0
    assert "left.png" in said
    assert f"ayilmap sheet read {photos}/left.png {photos}/right.png" in said
    assert "Skipped, because no photos: notes.txt" in said
    assert "not read again: 3" in said
    assert "3 of 3 done, 1 not read" in progress


def test_nothing_read_is_exit_code_2(ayilmap: Command, tmp_path: Path) -> None:
    folder, out = tmp_path / "photos", tmp_path / "out"
    folder.mkdir()
    code, _, error = ayilmap("sheet", "read", folder, "--out", out)
    assert (code, out.exists()) == (2, False)
    assert "no photo in the folder" in error
    (folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    code, said, error = ayilmap("sheet", "read", folder, "--out", out)
    assert code == 2
    assert "damaged.jpg" in said
    assert "No photo could be read" in error
    assert (out / "summary.csv").exists()


def test_wrong_calls_are_refused(ayilmap: Command, photos: Path, tmp_path: Path) -> None:
    calls = {
        (photos, photos / "left.png"): "must be given alone",
        (photos / "left.png", "--jobs", 2): "is no folder",
        (photos, "--scheduler", "nowhere"): "no address of a scheduler",
    }
    for arguments, words in calls.items():
        code, _, error = ayilmap("sheet", "read", *arguments, "--out", tmp_path / "out")
        assert (code, words in error) == (2, True), error
    code, _, error = ayilmap("sheet", "read", photos, "--out", photos / "notes.txt")
    assert code == 2, "a file is where the results should go"


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_asked(photos: Path, tmp_path: Path, wish: signal.Signals) -> None:
    out = tmp_path / "out"
    program = [sys.executable, "-c", "from api.cli import main; main()"]
    process = subprocess.Popen(
        [*program, "sheet", "read", str(photos), "--out", str(out), "--jobs", "1", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    # The first of three is done.
    while not (out / "damaged" / "quality.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, wish) if wish is signal.SIGINT else process.send_signal(wish)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Stopped: " in error
    assert "Traceback" not in error
    summary = json.loads((out / "summary.json").read_bytes())
    assert summary["counts"]["left"] >= 1
    # Each folder is whole or not there, and no process of the group is left.
    made = {path.parent.name for path in out.rglob("*") if path.is_file()} - {out.name}
    assert made == {Path(row["folder"]).name for row in summary["photos"]}
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(process.pid, 0)
            time.sleep(0.05)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_a_word(language: Language) -> None:
    words = [text(f"batch.verdict.{verdict}", language) for verdict in ("pass", "doubtful", "refused", "failed")]
    assert len(set(words)) == 4
