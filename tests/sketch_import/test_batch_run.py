"""A folder of sheets from photos to the summary table, stopped and gone on with."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from geo.errors import Failed, Refused
from geo.i18n import Language, Text
from sketch_import.batch import (
    Answer,
    Batch,
    BatchPhoto,
    Trouble,
    list_photos,
    read_batch,
    read_sheet_bytes,
    same_sheets,
)
from sketch_import.batch.program import READING_ROOMS
from tests.sketch_import.scanned_sheets import scan


class Here:
    """A reader in this process that remembers what it read."""

    def __init__(self, **trouble: Text) -> None:
        self.read: list[str] = []
        self.closed = False
        self._trouble = trouble

    def __call__(self, photos: Sequence[BatchPhoto]) -> Generator[Answer | None, None, None]:
        try:
            for photo in photos:
                yield None
                self.read.append(photo.name)
                wrong = self._trouble.get(photo.folder)
                result = read_sheet_bytes(photo.name, photo.path.read_bytes(), Language.EN)
                yield Answer(photo, Trouble(wrong, 1.5) if wrong else result)
        finally:
            self.closed = True


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "a.png").write_bytes(scan("K7M29QXD"))
    (folder / "b.png").write_bytes(scan("K7M29QXD", line_mm=40))
    (folder / "=damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / "жазуу.txt").write_text("not a photo", "utf-8")
    return folder


def run(sheets: Path, out: Path, reader: Here, **options: object) -> Batch:
    listing = list_photos(sheets, out=out)
    return read_batch(listing, out, language=Language.EN, reader=reader, **options)  # type: ignore[arg-type]


def content(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_folder_becomes_folders_and_a_table_and_is_not_read_twice(sheets: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    told: list[str] = []
    batch = run(sheets, out, Here(), told=lambda row: told.append(row.photo))
    assert set(content(out)) == {
        *("summary.csv", "summary.json", "=damaged/quality.json"),
        *(f"{name}/{file}" for name in "ab" for file in ("features.geojson", "quality.json", "sheet.tif")),
    }
    damaged, first, second = batch.rows
    assert told == ["=damaged.jpg", "a.png", "b.png"]
    assert (first.verdict, first.sheet_id, first.read, damaged.verdict) == ("pass", "K7M29QXD", True, "refused")
    features = json.loads((out / "a" / "features.geojson").read_bytes())["features"]
    assert first.features == len(features) > 0
    assert first.error_m == pytest.approx(first.error_mm * 5, rel=0.02), "1:5000"
    assert first.sha256 != second.sha256
    assert batch.summary["same_sheet"] == {"K7M29QXD": ["a.png", "b.png"]}
    assert batch.summary["skipped"] == ["жазуу.txt"]
    assert batch.summary["finished"]

    table = (out / "summary.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbf"), "or a spreadsheet shows no Kyrgyz"
    cells = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["verdict"] for row in cells] == ["refused", "pass", "pass"]
    assert cells[0]["photo"] == "'=damaged.jpg", "no formula comes from a file name"
    assert json.loads((out / "summary.json").read_bytes())["photos"][1]["sha256"] == first.sha256

    before, again = content(out), Here()
    batch = run(sheets, out, again)
    assert (again.read, batch.kept, batch.left) == ([], 3, 0)
    assert content(out) == before


def test_what_changed_or_is_not_whole_is_read_again(sheets: Path, tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for name in ("a.png", "b.png", "=damaged.jpg"):
        (photos / name).write_bytes((sheets / name).read_bytes())
    run(photos, out, Here())
    (out / "a" / "sheet.tif").unlink()
    (photos / "=damaged.jpg").write_bytes(b"\x89PNG\r\n\x1a\n")
    reader = Here()
    assert run(photos, out, reader).kept == 1
    assert reader.read == ["=damaged.jpg", "a.png"]
    assert (out / "a" / "sheet.tif").exists()

    quality = json.loads((out / "b" / "quality.json").read_bytes())
    quality["reading"]["program"] = "0.0.1+older"
    (out / "b" / "quality.json").write_text(json.dumps(quality))
    reader = Here()
    run(photos, out, reader)
    assert reader.read == ["b.png"]
    reader = Here()
    assert run(photos, out, reader, again=True).kept == 0
    assert len(reader.read) == 3


def test_what_failed_is_in_the_table_and_tried_again_the_next_time(sheets: Path, tmp_path: Path) -> None:
    run(sheets, tmp_path, Here())
    batch = run(sheets, tmp_path, Here(a=Text("batch.worker_died", {"path": "a.png"})), again=True)
    row = batch.rows[1]
    assert (row.verdict, row.features, row.seconds, row.read) == ("failed", None, 1.5, False)
    assert "a.png" in row.reason
    assert row.sha256 == batch.summary["photos"][1]["sha256"] is not None
    reader = Here()
    assert run(sheets, tmp_path, reader).rows[1].verdict == "pass"
    assert reader.read == [], "what was read before is still there"

    (tmp_path / "a" / "quality.json").unlink()
    run(sheets, tmp_path, Here(a=Text("batch.worker_died", {"path": "a.png"})))
    assert json.loads((tmp_path / "a" / "quality.json").read_bytes())["verdict"] == "failed"
    # Nothing says any more whether they were whole; neither are they passed off as this run's, nor lost.
    assert set(content(tmp_path / "a")) == {"earlier_features.geojson", "earlier_sheet.tif", "quality.json"}
    reader = Here()
    assert run(sheets, tmp_path, reader).rows[1].verdict == "pass"
    assert reader.read == ["a.png"]


@pytest.mark.parametrize("wrong", ["batch.too_slow", "batch.worker_died", "image.missing"])
def test_a_failure_leaves_what_was_read_before(sheets: Path, tmp_path: Path, wrong: str) -> None:
    run(sheets, tmp_path, Here())
    before = content(tmp_path / "a")
    trouble = Text(wrong, {"path": "a.png", "seconds": 1})
    batch = run(sheets, tmp_path, Here(a=trouble), again=True)
    assert (batch.rows[1].verdict, batch.summary["counts"]["failed"]) == ("failed", 1)
    assert content(tmp_path / "a") == before


def test_a_refusal_sets_aside_what_was_read_before(sheets: Path, tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    (photos / "a.png").write_bytes((sheets / "a.png").read_bytes())
    run(photos, out, Here())
    before = content(out / "a")
    (photos / "a.png").write_bytes((sheets / "=damaged.jpg").read_bytes())
    assert run(photos, out, Here()).rows[0].verdict == "refused"
    after = content(out / "a")
    assert json.loads(after.pop("quality.json"))["verdict"] == "refused"
    assert after == {f"earlier_{name}": before[name] for name in ("features.geojson", "sheet.tif")}
    run(photos, out, Here(), again=True)
    assert set(content(out / "a")) == {*after, "quality.json"}, "refused again, they stay"


def test_it_stops_between_two_photos_and_goes_on(sheets: Path, tmp_path: Path) -> None:
    reader = Here()
    batch = run(sheets, tmp_path, reader, stopped=lambda: len(reader.read) == 2)
    assert (len(batch.rows), batch.left, reader.closed) == (2, 1, True)
    summary = json.loads((tmp_path / "summary.json").read_bytes())
    assert (summary["finished"], summary["counts"]["left"], len(summary["photos"])) == (False, 1, 2)
    assert not [name for name in content(tmp_path) if "/.new-" in f"/{name}" or name.startswith("b/")]
    reader = Here()
    assert run(sheets, tmp_path, reader).left == 0
    assert reader.read == ["b.png"]


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_read(sheets: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("in the way")
    reader = Here()
    with pytest.raises(Refused, match=r"placing\.out_is_file"):
        run(sheets, tmp_path, reader)
    with pytest.raises(Failed, match=r"placing\.cannot_write"):
        run(sheets, tmp_path / "a" / "below", reader)
    assert reader.read == []


def test_the_same_photo_twice_is_no_sheet_in_parts(sheets: Path, tmp_path: Path) -> None:
    rows = run(sheets, tmp_path, Here()).rows
    assert same_sheets([rows[1], rows[1]]) == {}
    assert same_sheets(rows) == {"K7M29QXD": ("a.png", "b.png")}


def test_the_mark_of_the_program_covers_all_that_reads() -> None:
    loaded = (
        "import sys, sketch_import.reading; print(*(name for name in sys.modules if name.startswith('sketch_import.')))"
    )
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    rooms = {name.split(".")[1] for name in said.split()}
    assert "tracing" in rooms
    assert rooms <= {name.removesuffix(".py") for name in READING_ROOMS}
