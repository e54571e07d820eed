"""What is written of a sheet, and in which order."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from geo.errors import Failed
from geo.i18n import Language
from sketch_import.photo import load_photo_bytes
from sketch_import.reading import ReadSheet, Verdict, quality_of, read_sheet
from sketch_import.reading.judging import judge, worst_verdict
from sketch_import.reading.writing import write_refusal
from tests.sketch_import.scanned_sheets import scan


@cache
def scanned() -> ReadSheet:
    return read_sheet([(load_photo_bytes(scan(), name="a.png"), "a.png")])


def read_before(folder: Path) -> None:
    for name in ("features.geojson", "sheet.tif", "quality.json"):
        (folder / name).write_text(f"old {name}")


def test_the_old_files_are_set_aside_before_the_refusal_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_before(tmp_path)
    moved: list[str] = []
    real = Path.replace

    def replace_(path: Path, target: Path) -> Path:
        moved.append(target.name)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace_)
    write_refusal({"verdict": "refused"}, tmp_path)
    assert moved == ["earlier_features.geojson", "earlier_sheet.tif", "quality.json"]
    assert (tmp_path / "earlier_sheet.tif").read_text() == "old sheet.tif"
    assert json.loads((tmp_path / "quality.json").read_text()) == {"verdict": "refused"}


def test_a_refusal_that_cannot_have_its_name_never_stands_beside_features(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_before(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failed, match=r"placing\.cannot_write"):
        write_refusal({"verdict": "refused"}, tmp_path)
    assert (tmp_path / "quality.json").read_text() == "old quality.json"
    assert {path.name for path in tmp_path.iterdir()} == {
        *("earlier_features.geojson", "earlier_sheet.tif", "quality.json")
    }


def test_the_error_of_one_photo_is_not_cut_off_where_it_is_large() -> None:
    sheet = scanned()
    assert sheet.flat is not None
    error = sheet.flat.error_mm.copy()
    error[: len(error) // 2] = np.nan  # as where it is over 3 mm
    flat = replace(sheet.flat, error_mm=error, owner=np.where(np.isnan(error), -1, sheet.flat.owner))
    (photo,) = sheet.photos
    poor = replace(photo, quality=replace(photo.quality, error_mm=2.5, worst_error_mm=7.25, frame_seen=0.9))
    said = quality_of(replace(sheet, flat=flat, photos=(poor,)), language=Language.EN)
    assert said["expected_error"] == {"median_mm": 2.5, "p95_mm": 7.25, "median_m": 12.5, "p95_m": 36.25}
    assert said["frame_seen"] == 0.9
    # Of several it is the joined sheet that counts.
    joined = quality_of(replace(sheet, flat=flat, photos=(poor, poor)), language=Language.EN)
    assert joined["expected_error"]["p95_mm"] < 3
    assert joined["frame_seen"] == pytest.approx(flat.seen, abs=1e-4)


@pytest.mark.parametrize(
    ("marks", "sides", "bend_mm", "verdict"),
    [
        (3, 3, 0.5, Verdict.DOUBTFUL),
        (5, 4, 1.9, Verdict.DOUBTFUL),
        (6, 4, 0.5, Verdict.REFUSED),
        (5, 2, 0.5, Verdict.REFUSED),
        (5, 3, 2.1, Verdict.REFUSED),
    ],
)
def test_a_few_marks_of_flat_paper_are_doubtful_as_the_docs_say(
    marks: int, sides: int, bend_mm: float, verdict: Verdict
) -> None:
    quality = scanned().photos[0].quality
    seen, named = tuple(range(marks)), ("bottom", "left", "right", "top")[:sides]
    few = replace(quality, marks_seen=seen, sides=named, bend_mm=bend_mm, worst_error_mm=7.0, left_out_mm=8.0)
    assert worst_verdict(judge(few)) is verdict


@pytest.mark.parametrize(("overexposed", "black", "glare"), [(0.9, 20.0, False), (0.9, 80.0, True), (0.4, 20.0, True)])
def test_paper_white_all_over_is_no_glare_as_the_docs_say(overexposed: float, black: float, glare: bool) -> None:
    quality = scanned().photos[0].quality
    problems = judge(replace(quality, overexposed=overexposed, black=black))
    assert ("reading.glare" in {problem.text.key for problem in problems}) is glare
