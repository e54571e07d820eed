"""Placing a stored sheet otherwise through the command line: told, stored, looked at, brought back, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest

from api.replaying import solver
from api.settings import Settings
from geo.domain.georeference import ControlPointSource
from geo.drafts import NewControlPoint, PlacementChange
from geo.i18n import Language, text
from geo.services.sheet_replay import revise_placement
from geo.services.sheet_versions import sheet_version
from sketch_import.sample_sheet import SampleFiles, make_sample_sheet, write_sample_sheet
from tests.api.conftest import Command
from tests.api.test_village_commands import Village, done, files, folding, pictures, refused, rows, village

__all__ = ["files", "rows", "village"]


@pytest.fixture
def sheet_id(ayilmap: Command, village: Village, files: SampleFiles) -> str:
    """The sample sheet, stored with its labels."""
    stored = done(
        ayilmap(
            "sheet", "store", files.photo, "--points", files.points, "--event", village.event,
            "--labels", files.truth, "--title", "Биринчи барак", "--method", "helmert", "--json",
        )
    )  # fmt: skip
    return str(stored["sheet"])


def moved_points(points: Path, out: Path, *, east: float) -> Path:
    """Write the control points with all of them some degrees farther east."""
    lines = points.read_text(encoding="utf-8").splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("mapX"))
    moved = []
    for line in lines[head + 1 :]:
        lon, rest = line.split(",", 1)
        moved.append(f"{float(lon) + east:.12f},{rest}")
    out.write_text("\n".join([*lines[: head + 1], *moved]) + "\n", encoding="utf-8")
    return out


def test_a_sheet_is_placed_otherwise_and_brought_back(
    ayilmap: Command, sheet_id: str, files: SampleFiles, tmp_path: Path, rows: Callable[[], dict[str, int]]
) -> None:
    (listed,) = done(ayilmap("sheet", "list", "--json"))["sheets"]  # type: ignore[misc]
    assert (listed["id"], listed["version"], listed["method"]) == (sheet_id, 1, "helmert")
    east = moved_points(files.points, tmp_path / "east.points", east=0.001)
    before = rows()
    told = done(ayilmap("sheet", "revise", sheet_id, "--points", east, "--dry-run", "--json"))
    assert rows() == before
    assert told["stored"] is False
    done_now = done(
        ayilmap("sheet", "revise", sheet_id, "--points", east, "--by", "Чынара", "--reason", "жылган", "--json")
    )
    assert done_now["features"] == told["features"]
    assert (done_now["stored"], done_now["before"], done_now["after"], done_now["kept"]) == (True, 1, 2, 0)
    assert done_now["placed"] == listed["features"] == len(done_now["features"])  # type: ignore[arg-type]
    # 0.001° of longitude at 42.5° N is 82.2 m (WGS 84, geodesic).
    assert done_now["median_shift_m"] == pytest.approx(82.2, abs=0.5)
    versions = done(ayilmap("sheet", "versions", sheet_id, "--json"))["versions"]
    assert [(one["number"], one["holds_now"], one["made_by"]) for one in versions] == [  # type: ignore[attr-defined]
        (1, False, "ayilmap sheet store"),
        (2, True, "Чынара"),
    ]
    assert versions[1]["reason"] == "жылган"  # type: ignore[index]
    apart = done(ayilmap("sheet", "versions", sheet_id, "--number", 2, "--against", 1, "--json"))["shift"]
    assert apart["median_shift_m"] == pytest.approx(done_now["median_shift_m"], abs=0.01)  # type: ignore[index]
    out = tmp_path / "first.points"
    done(ayilmap("sheet", "versions", sheet_id, "--number", 1, "--points-out", out, "--json"))
    params = refused(
        ayilmap("sheet", "revise", sheet_id, "--points", out, "--seen", 1, "--json"), "versions.revised_meanwhile"
    )
    assert params == {"seen": 1, "current": 2}
    back = done(ayilmap("sheet", "restore", sheet_id, "--number", 1, "--json"))
    assert (back["after"], back["restored_from"]) == (3, 1)
    assert back["median_shift_m"] == pytest.approx(82.2, abs=0.5)
    assert done(ayilmap("sheet", "versions", sheet_id, "--number", 3, "--against", 1, "--json"))["shift"][  # type: ignore[index]
        "max_shift_m"
    ] == pytest.approx(0, abs=1e-3)
    assert done(ayilmap("db", "check", "--json"))["well"] is True


def test_what_was_moved_by_hand_is_kept_and_released(ayilmap: Command, sheet_id: str, tmp_path: Path) -> None:
    told = done(ayilmap("sheet", "revise", sheet_id, "--method", "affine", "--dry-run", "--json"))
    one = told["features"][0]  # type: ignore[index]
    moved = done(ayilmap("feature", "move", one["id"], "--to", "78.24,42.495", "--error", 4, "--json"))
    assert moved["moved_by_hand"] is True
    revised = done(ayilmap("sheet", "revise", sheet_id, "--method", "affine", "--json"))
    assert (revised["kept"], revised["method"]) == (1, "affine")
    (kept,) = [row for row in revised["features"] if row["kept"]]  # type: ignore[attr-defined]
    assert (kept["id"], kept["shift_m"], kept["moved_by_hand"]) == (one["id"], 0.0, True)
    exported = tmp_path / "village.geojson"
    event = done(ayilmap("sheet", "list", "--json"))["sheets"][0]["event"]  # type: ignore[index]
    assert ayilmap("export", exported, "--event", event)[0] == 0
    assert one["id"] in exported.read_text(encoding="utf-8")  # where a person finds the id
    assert done(ayilmap("feature", "release", one["id"], "--json"))["moved_by_hand"] is False
    refused(ayilmap("feature", "release", one["id"], "--json"), "versions.follows_already")
    place = tmp_path / "place.geojson"
    place.write_text(
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [78.241, 42.496]}}'
    )
    assert done(ayilmap("feature", "move", one["id"], "--to", place, "--json"))["moved_by_hand"] is True
    for wrong in ("here", "78.2", tmp_path / "none.geojson"):
        refused(ayilmap("feature", "move", one["id"], "--to", wrong, "--json"), "versions.place_unreadable")
    refused(ayilmap("feature", "move", one["id"], "--to", "42.495,78.24", "--json"), "versions.moved_far_away")
    refused(ayilmap("feature", "move", one["id"], "--to", "nan,42", "--json"), "settlement.out_of_range")
    refused(ayilmap("feature", "move", uuid4(), "--to", "78.24,42.495", "--json"), "versions.unknown_feature")


def test_what_is_refused_changes_nothing(
    ayilmap: Command, sheet_id: str, files: SampleFiles, tmp_path: Path, rows: Callable[[], dict[str, int]]
) -> None:
    before = rows()
    refused(ayilmap("sheet", "revise", sheet_id, "--json"), "versions.nothing_asked")
    refused(ayilmap("sheet", "revise", sheet_id, "--method", "helmert", "--json"), "versions.nothing_changes")
    swapped = folding(files.points, tmp_path / "folding.points")
    wrong = ("sheet", "revise", sheet_id, "--points", swapped, "--method", "tps", "--json")
    refused(ayilmap(*wrong), "placing.folds_swapped")
    refused(ayilmap("sheet", "revise", uuid4(), "--method", "tps", "--json"), "versions.unknown_sheet")
    refused(ayilmap("sheet", "versions", uuid4(), "--json"), "versions.unknown_sheet")
    refused(ayilmap("sheet", "restore", sheet_id, "--number", 7, "--json"), "versions.unknown_number")
    refused(ayilmap("sheet", "restore", sheet_id, "--number", 1, "--json"), "versions.nothing_changes")
    assert rows() == before


@pytest.mark.parametrize("reader", list(Language))
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_what_is_printed_for_people(ayilmap: Command, sheet_id: str, reader: Language) -> None:
    code, out, err = ayilmap("sheet", "revise", sheet_id, "--method", "affine", "--lang", reader.value)
    assert code == 0, err
    head, *table, last = out.splitlines()
    assert head.startswith(
        text("versions.revised", reader, after=2, method="~", error="", placed=0, kept=0).split("~")[0][:12]
    )
    assert len(table) > 5
    assert last.split(":")[0] == text("versions.summary", reader, median="", largest="").split(":")[0]
    code, out, _ = ayilmap("sheet", "versions", sheet_id, "--lang", reader.value)
    assert text("versions.holds_now", reader) in out.splitlines()[1]
    code, out, _ = ayilmap("sheet", "versions", sheet_id, "--number", 1, "--lang", reader.value)
    assert len(out.splitlines()) == 2 + 10  # the sample has ten control points
    code, out, _ = ayilmap("sheet", "list", "--lang", reader.value)
    assert sheet_id in out and "Биринчи барак" in out


def photographed_again(photo: Path, out: Path, *, pond: bool) -> Path:
    """Write the photo as seen from elsewhere, with a pond drawn in blue meanwhile or not."""
    seen = cv2.imread(str(photo))
    assert seen is not None
    if pond:
        cv2.ellipse(seen, (790, 590), (60, 40), 0, 0, 360, (170, 60, 20), 7, cv2.LINE_AA)
    height, width = seen.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    elsewhere = np.array([[60, 30], [width - 20, 10], [width - 70, height - 40], [10, height - 10]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, elsewhere)
    again = cv2.warpPerspective(seen, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=(70, 90, 110))
    assert cv2.imwrite(str(out), again)
    return out


def test_a_new_photo_keeps_the_map_and_proposes_what_is_new(
    ayilmap: Command, sheet_id: str, files: SampleFiles, tmp_path: Path, rows: Callable[[], dict[str, int]]
) -> None:
    again = photographed_again(files.photo, tmp_path / "again.jpg", pond=True)
    before = rows()
    told = done(ayilmap("sheet", "revise", sheet_id, "--photo", again, "--dry-run", "--json"))
    assert (told["stored"], rows()) == (False, before)
    kept_pictures = len(pictures(tmp_path))
    revised = done(ayilmap("sheet", "revise", sheet_id, "--photo", again, "--json"))
    assert len(pictures(tmp_path)) == kept_pictures + 2  # the photo, and its picture for the map
    photo = revised["photo"]
    assert isinstance(photo, dict)
    assert photo["number"] == 2 and photo["inliers"] > 40
    assert 1 <= photo["candidates"] <= 5
    assert (revised["after"], revised["max_shift_m"], revised["kept"]) == (2, 0.0, 0)
    after = rows()
    assert after["map_feature"] == before["map_feature"]
    assert after["candidate"] == before["candidate"] + photo["candidates"]
    shown = done(ayilmap("sheet", "versions", sheet_id, "--number", 2, "--json"))
    assert shown["photo"]["number"] == 2  # type: ignore[index]
    refused(ayilmap("sheet", "revise", sheet_id, "--photo", again, "--json"), "versions.photo_stored")
    other = write_sample_sheet(tmp_path / "other", sheet=make_sample_sheet(size=(1600, 1200), seed=77)).photo
    code, out, err = ayilmap("sheet", "revise", sheet_id, "--photo", other, "--json")
    assert (code, out) == (2, "")
    assert json.loads(err)["error"].startswith("register.reason.")
    assert rows() == after
    assert done(ayilmap("db", "check", "--json"))["well"] is True


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_points_come_back_from_a_file_as_what_they_were(
    ayilmap: Command, sheet_id: str, tmp_path: Path, database_url: str
) -> None:
    workspace = Settings(data=tmp_path, database_url=database_url).workspace
    with workspace.read() as session:
        known = sheet_version(session, UUID(sheet_id)).control_points
    marks = [
        NewControlPoint(one.pixel, one.lonlat, f"белги {place}", place != 3, ControlPointSource.FIDUCIAL, 2.5)
        for place, one in enumerate(known)
    ]
    with workspace.write(actor="t") as session:
        change = PlacementChange(control_points=tuple(marks))
        revise_placement(session, workspace.pictures, UUID(sheet_id), change, solver(workspace.pictures))
    out = tmp_path / "map.points"
    before = done(ayilmap("sheet", "versions", sheet_id, "--number", 2, "--points-out", out, "--json"))
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[4] for line in lines[2:]] == ["0" if place == 3 else "1" for place in range(10)]
    refused(ayilmap("sheet", "revise", sheet_id, "--points", out, "--json"), "versions.nothing_changes")
    # The fifth is switched off, the seventh lies elsewhere, and a row that is off is none of the sheet's points.
    lines[6] = lines[6].replace(",1,0,0,0", ",0,0,0,0")
    lon, rest = lines[8].split(",", 1)
    lines[8] = f"{float(lon) + 1e-5:.15g},{rest}"
    out.write_text("\n".join([*lines, "78.2,42.5,5,-5,0,0,0,0"]) + "\n", encoding="utf-8")
    revised = done(ayilmap("sheet", "revise", sheet_id, "--points", out, "--json"))
    assert revised["after"] == 3
    points = done(ayilmap("sheet", "versions", sheet_id, "--number", 3, "--json"))["control_points"]
    expected = [dict(one) for one in before["control_points"]]  # type: ignore[attr-defined]
    expected[4]["enabled"] = False
    expected[6] |= {"label": "", "source": "clicked", "accuracy_m": None}
    assert isinstance(points, list)
    expected[6]["lonlat"] = points[6]["lonlat"]
    assert points == expected
    # Only the points that are still those of printed marks: what they are not exact to is in the error again.
    out.write_text("\n".join([*lines[:8], *lines[9:]]) + "\n", encoding="utf-8")
    revised = done(ayilmap("sheet", "revise", sheet_id, "--points", out, "--json"))
    assert revised["position_error_m"] >= 2.5  # type: ignore[operator]
