"""A sheet stored with GPS readings and with anchors: what keeps to them does so through every later version."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping, shape
from sqlalchemy import select

from api.settings import Settings
from geo.models import Candidate, MapFeature, SketchSheet
from geo.spatial.measuring import distance_m
from sketch_import.control_points import read_control_points
from sketch_import.sample_sheet import SampleFiles
from tests.api.conftest import Command
from tests.api.test_sheet_versions_commands import moved_points
from tests.api.test_village_commands import Village, done, files, refused, rows, village

__all__ = ["files", "rows", "village"]

Place = tuple[shapely.Geometry, float | None]


def places(settings: Settings) -> dict[str, Place]:
    """Return where each object lies and how surely."""
    with settings.workspace.read() as session:
        return {str(one.id): (one.geometry, one.position_error_m) for one in session.scalars(select(MapFeature))}


def anchor_file(out: Path, placed: Path, *, east: float) -> tuple[Path, str, shapely.Geometry]:
    """Write as an anchor the longest line that was found, somewhat farther east than the points place it."""
    found = json.loads((placed / "features.geojson").read_text(encoding="utf-8"))["features"]
    lines = [one for one in found if one["properties"]["kind"] == "line"]
    longest = max(lines, key=lambda one: shape(one["geometry"]).length)
    real = shapely.transform(shape(longest["geometry"]), lambda xy: xy + np.array([east, 0.0]))
    feature = {"type": "Feature", "geometry": mapping(real), "properties": {"candidate": longest["id"]}}
    out.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return out, longest["id"], real


def test_anchors_hold_through_every_version(
    ayilmap: Command, village: Village, files: SampleFiles, tmp_path: Path, database_url: str
) -> None:
    settings = Settings(data=tmp_path, database_url=database_url)
    placed = tmp_path / "placed"
    given = ("--points", files.points, "--method", "helmert")
    done(ayilmap("sheet", "place", files.photo, *given, "--out", placed, "--json"))
    anchors, name, real = anchor_file(tmp_path / "real.geojson", placed, east=0.0004)  # 33 m
    stored = done(
        ayilmap(
            "sheet", "store", files.photo, *given, "--anchors", anchors,
            "--event", village.event, "--labels", files.truth, "--json",
        )
    )  # fmt: skip
    assert stored["anchors"] == 1
    sheet_id = stored["sheet"]
    first = places(settings)
    with settings.workspace.read() as session:
        ordinal = int(name[1:])
        drawn = session.scalars(select(Candidate).where(Candidate.ordinal == ordinal)).one()
        near = [
            str(one.id)
            for one in session.scalars(select(MapFeature))
            if one.pixel_geometry is not None and one.pixel_geometry.centroid.distance(drawn.geometry) < 60
        ]
    (version,) = done(ayilmap("sheet", "versions", sheet_id, "--json"))["versions"]  # type: ignore[misc]
    assert [one["candidate"] for one in version["anchors"]] == [ordinal]
    assert shape(version["anchors"][0]["geometry"]).equals(real)
    # Points moved all by 82 m: what lies at the anchor stays, for the anchor does.
    east = moved_points(files.points, tmp_path / "east.points", east=0.001)
    told = done(ayilmap("sheet", "revise", sheet_id, "--points", east, "--json"))
    assert told["median_shift_m"] < 82.2 + 1  # type: ignore[operator]
    second = places(settings)
    assert near
    for one in near:
        assert distance_m(first[one][0].centroid, second[one][0].centroid) < 60
    # The error that the move adds is said.
    with settings.workspace.read() as session:
        sheet = session.scalars(select(SketchSheet)).one()
        assert sheet.georeference is not None and len(sheet.georeference["anchors"]) == 1
    back = done(ayilmap("sheet", "restore", sheet_id, "--number", 1, "--json"))
    assert back["after"] == 3
    again = places(settings)
    for one, (geometry, error) in first.items():
        assert distance_m(geometry.centroid, again[one][0].centroid) < 1e-3
        assert again[one][1] == pytest.approx(error, abs=1e-3)
    apart = done(ayilmap("sheet", "versions", sheet_id, "--number", 3, "--against", 1, "--json"))["shift"]
    assert apart["max_shift_m"] == pytest.approx(0, abs=1e-3)  # type: ignore[index]
    # One that is moved by hand and released comes back to where the anchor puts it.
    done(ayilmap("feature", "move", near[0], "--to", "78.24,42.495", "--json"))
    done(ayilmap("feature", "release", near[0], "--json"))
    assert distance_m(places(settings)[near[0]][0].centroid, first[near[0]][0].centroid) < 1e-3
    # Let go of: all lies where the points alone put it; and taken up again.
    both = ("sheet", "revise", sheet_id, "--anchors", anchors, "--without-anchors", "--json")
    refused(ayilmap(*both), "versions.anchors_both")
    loose = done(ayilmap("sheet", "revise", sheet_id, "--without-anchors", "--json"))
    assert loose["max_shift_m"] > 20  # type: ignore[operator]
    refused(ayilmap("sheet", "revise", sheet_id, "--without-anchors", "--json"), "versions.nothing_changes")
    held = done(ayilmap("sheet", "revise", sheet_id, "--anchors", anchors, "--json"))
    assert held["max_shift_m"] == pytest.approx(loose["max_shift_m"], abs=0.01)
    for one, (geometry, _) in places(settings).items():
        assert distance_m(geometry.centroid, first[one][0].centroid) < 1e-3
    refused(ayilmap("sheet", "revise", sheet_id, "--anchors", anchors, "--json"), "versions.nothing_changes")
    other = anchors.read_text().replace(name, "c9999")
    anchors.write_text(other)
    unknown = ("sheet", "revise", sheet_id, "--anchors", anchors, "--json")
    refused(ayilmap(*unknown), "neighbourhood.unknown_candidate")
    assert done(ayilmap("db", "check", "--json"))["well"] is True


def test_landmarks_by_gps_are_kept_with_their_accuracy(
    ayilmap: Command, village: Village, files: SampleFiles, tmp_path: Path, database_url: str
) -> None:
    points = read_control_points(files.points)
    pixels, walk = tmp_path / "pixels.csv", tmp_path / "walk.csv"
    pixels.write_text(
        "label,pixelX,pixelY\n" + "".join(f"p{n},{one.pixel[0]},{one.pixel[1]}\n" for n, one in enumerate(points))
    )
    walk.write_text(
        "name,lon,lat,accuracy\n" + "".join(f"P{n},{one.lonlat[0]},{one.lonlat[1]},4\n" for n, one in enumerate(points))
    )
    stored = done(
        ayilmap(
            "sheet", "store", files.photo, "--points", pixels, "--gps", walk,
            "--method", "helmert", "--event", village.event, "--json",
        )
    )  # fmt: skip
    (version,) = done(ayilmap("sheet", "versions", stored["sheet"], "--json"))["versions"]  # type: ignore[misc]
    kept = version["control_points"]
    assert {(one["source"], one["accuracy_m"]) for one in kept} == {("gps", 4.0)}
    assert np.allclose([one["lonlat"] for one in kept], [one.lonlat for one in points])


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_what_a_printed_sheet_does_not_need_is_refused(
    ayilmap: Command, village: Village, files: SampleFiles, tmp_path: Path
) -> None:
    at = ("--event", village.event, "--json")
    refused(ayilmap("sheet", "store", files.photo, "--anchors", tmp_path / "a", *at), "sheet.only_with_points")
    refused(ayilmap("sheet", "store", files.photo, "--gps", tmp_path / "a", *at), "sheet.only_with_points")
    two = ("sheet", "store", files.photo, files.photo, *at)
    refused(ayilmap(*two, "--points", files.points), "sheet.one_photo")
    refused(ayilmap(*two), "sheet.photo_twice")
