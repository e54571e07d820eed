"""``ayilmap sheet export``: of a photo, and of a sheet of the store."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

from geo.domain.georeference import ControlPointSource, Method
from geo.drafts import NewControlPoint, NewSheet
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from sketch_import.control_points import ControlPoint, qgis_points, read_control_points
from sketch_import.placing import LocalMetres
from tests.api.conftest import Command

ZONE = LocalMetres(epsg=32644)


def points() -> list[ControlPoint]:
    spots = np.array([(30, 40), (370, 35), (360, 260), (50, 270), (210, 140)], dtype=float)
    metres = np.column_stack([274_000 + 2 * spots[:, 0], 4_708_000 - 2 * spots[:, 1]])
    metres += np.random.default_rng(3).normal(0, 4, metres.shape)
    return [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)))
        for (x, y), (lon, lat) in zip(spots, ZONE.to_lonlat(metres), strict=True)
    ]


def image() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((300, 400, 3), 230, np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    photo, table = tmp_path / "map.png", tmp_path / "map.points"
    photo.write_bytes(image())
    table.write_text(qgis_points(points()))
    return photo, table


def test_several_files_at_once(ayilmap: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    photo, table = files
    out = [tmp_path / "out" / name for name in ("v.tif", "v.points", "v.json", "v.pgw")]
    wanted = [word for path in out for word in ("--to", path)]
    code, said, note = ayilmap("sheet", "export", photo, "--points", table, "--method", "affine", *wanted, "--json")
    assert code == 0
    assert "--image" in note
    values = json.loads(said)
    assert values["method"] == "affine"
    assert [one["format"] for one in values["exports"]] == ["geotiff", "qgis_points", "annotation", "world_file"]
    assert all(Path(file).is_file() for one in values["exports"] for file in one["files"])


def test_a_bending_method_and_its_approximation(ayilmap: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    photo, table = files
    command = ("sheet", "export", photo, "--points", table, "--method", "tps", "--to", tmp_path / "v.pgw")
    code, said, reason = ayilmap(*command)
    assert (code, said) == (2, "")
    assert "--approximate" in reason
    code, said, _ = ayilmap(*command, "--approximate")
    assert code == 0
    assert "approximation" in said


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_what_is_missing_is_said(ayilmap: Command, files: tuple[Path, Path], tmp_path: Path, lang: str) -> None:
    photo, table = files
    sheet = "01a20004-b16b-71b2-bc71-6bcda59b6452"
    for wrong in (
        ("sheet", "export", photo, "--to", tmp_path / "v.tif"),
        ("sheet", "export", "--to", tmp_path / "v.tif"),
        ("sheet", "export", photo, "--sheet", sheet, "--to", tmp_path / "v.tif"),
        ("sheet", "export", photo, "--points", table, "--to", tmp_path / "v.shp"),
        ("sheet", "export", "--sheet", sheet, "--crs", "EPSG:32643", "--to", tmp_path / "v.tif"),
        ("sheet", "export", "--sheet", sheet, "--smoothing", "2", "--to", tmp_path / "v.tif"),
    ):
        code, said, reason = ayilmap(*wrong, "--lang", lang)
        assert (code, said) == (2, "")
        assert ("--sheet" in reason) or (".points" in reason)
    assert not (tmp_path / "v.tif").exists()


def sheet_of_the_store() -> NewSheet:
    corner = points()[0].lonlat
    return NewSheet(
        title="Үлгү барак",
        image=image(),
        image_format="PNG",
        size=(400, 300),
        method=Method.AFFINE,
        georeference={"method": "affine", "epsg": 32644, "smoothing": 0.0},
        position_error_m=4.0,
        quality={},
        footprint=box(corner[0], corner[1], corner[0] + 0.01, corner[1] + 0.01),
        control_points=(
            *(NewControlPoint(point.pixel, point.lonlat, source=ControlPointSource.GPS) for point in points()),
            NewControlPoint((10, 10), corner, enabled=False),
        ),
        candidates=(),
        features=(),
        overlay_png=b"png",
        overlay_bounds=(0, 0, 1, 1),
    )


def test_a_sheet_of_the_store(ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path) -> None:
    with workspace.write(actor="test") as session:
        sheet_id = store_sheet(session, workspace.pictures, event_id, sheet_of_the_store())
    path = tmp_path / "out" / "kept.points"
    code, said, reason = ayilmap("sheet", "export", "--sheet", sheet_id, "--to", path, "--json")
    assert code == 0, reason
    assert json.loads(said)["method"] == "affine"
    for before, after in zip(points(), read_control_points(path), strict=True):
        assert after.pixel == pytest.approx(before.pixel)
        assert after.lonlat == pytest.approx(before.lonlat, abs=1e-9)
    code, _, reason = ayilmap("sheet", "export", "--sheet", event_id, "--to", path)
    assert code == 2
    assert str(event_id) in reason


def test_a_printed_sheet_of_the_store_is_no_better_than_its_marks(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    marks = tuple(
        NewControlPoint(point.pixel, point.lonlat, source=ControlPointSource.FIDUCIAL, accuracy_m=12.0)
        for point in points()
    )
    told = []
    for number, kept in enumerate((marks, tuple(replace(mark, accuracy_m=None) for mark in marks))):
        new = replace(sheet_of_the_store(), title=f"{number}", image=image() + bytes(number), control_points=kept)
        with workspace.write(actor="test") as session:
            sheet_id = store_sheet(session, workspace.pictures, event_id, new)
        out = tmp_path / f"{number}.points"
        code, said, reason = ayilmap("sheet", "export", "--sheet", sheet_id, "--to", out, "--json")
        assert code == 0, reason
        told.append(json.loads(said)["position_error_m"])
    assert told[0] == pytest.approx(math.hypot(told[1], 12.0))
