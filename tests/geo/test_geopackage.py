"""The embedded store is a real GeoPackage, in the eyes of the standard and of GDAL in another process."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
import shapely
from shapely.geometry import Point, Polygon, box
from sqlalchemy import text

from geo.database.database import Database
from geo.database.engine import geopackage_path
from geo.database.layer_views import VIEWS
from geo.database.objects_view import OBJECTS_VIEW
from geo.drafts import NewSheet
from geo.models import Base, MapFeature
from geo.services.sheets import store_sheet
from geo.services.vocabulary import write_vocabulary
from geo.services.workspace import Workspace
from geo.spatial import geopackage_binary

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture(params=["geopackage"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("geopackage_url")
    return url


@pytest.fixture
def path(database: Database) -> Path:
    found = geopackage_path(database.url)
    assert found is not None
    return found


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_header_says_geopackage_1_3(path: Path) -> None:
    header = path.read_bytes()[:100]
    assert header[68:72] == b"GPKG"
    assert int.from_bytes(header[60:64], "big") == 10300


def test_required_reference_systems(path: Path) -> None:
    assert {-1, 0, 4326} <= {srs for (srs,) in rows(path, "SELECT srs_id FROM gpkg_spatial_ref_sys")}


def test_every_user_table_is_registered(path: Path) -> None:
    registered = dict(rows(path, "SELECT table_name, data_type FROM gpkg_contents"))
    tables = {
        name
        for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not str(name).startswith(("rtree_", "gpkg_", "sqlite_"))
    }
    assert tables == set(registered)
    assert set(Base.metadata.tables) <= tables
    with_geometry = {name for name, table in Base.metadata.tables.items() if "geometry" in table.columns}
    views = {*VIEWS.values(), OBJECTS_VIEW}
    assert {name for name, kind in registered.items() if kind == "features"} == with_geometry | views


def test_column_types_are_those_of_the_standard(path: Path) -> None:
    # OGC 12-128r17, table 1, and the geometry types of annex G.
    allowed = {
        "INTEGER",
        "TEXT",
        "DOUBLE",
        "BOOLEAN",
        "DATE",
        "DATETIME",
        "GEOMETRY",
        "POINT",
        "POLYGON",
        "MULTIPOLYGON",
    }
    for (table,) in rows(path, "SELECT table_name FROM gpkg_contents"):
        if table not in {*VIEWS.values(), OBJECTS_VIEW}:
            declared = {str(row[2]).upper() for row in rows(path, f"PRAGMA table_info('{table}')")}
            assert declared <= allowed, table


def test_every_feature_table_has_its_index_announced(path: Path) -> None:
    # OGC 12-128r17, clause F.3, table of gpkg_extensions.
    said = rows(path, "SELECT DISTINCT column_name, extension_name, definition, scope FROM gpkg_extensions")
    definition = "http://www.geopackage.org/spec130/#extension_rtree"
    assert said == [("geometry", "gpkg_rtree_index", definition, "write-only")]
    announced = {table for (table,) in rows(path, "SELECT table_name FROM gpkg_extensions")}
    assert announced == {name for name, table in Base.metadata.tables.items() if "geometry" in table.columns}
    for table in announced:
        assert rows(path, f"SELECT count(*) FROM rtree_{table}_geometry") == [(0,)]


def test_integrity_and_journal(path: Path) -> None:
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


def test_index_follows_insert_change_and_removal(
    workspace: Workspace, path: Path, event_id: UUID, sheet: NewSheet
) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    index = "SELECT minx, maxx, miny, maxy FROM rtree_map_feature_geometry"
    assert rows(path, index) == [pytest.approx((78.231, 78.233, 42.491, 42.493), abs=1e-4)]
    with workspace.write(actor="test") as session:
        feature = session.query(MapFeature).one()
        feature.geometry = Point(78.24, 42.5)
    assert rows(path, index) == [pytest.approx((78.24, 78.24, 42.5, 42.5), abs=1e-4)]
    with workspace.write(actor="test") as session:
        session.delete(session.query(MapFeature).one())
    assert rows(path, index) == []


def test_index_follows_a_geometry_that_is_emptied_and_a_key_that_changes(
    workspace: Workspace, path: Path, event_id: UUID, sheet: NewSheet
) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    keys = "SELECT id FROM rtree_map_feature_geometry"
    with workspace.write(actor="test") as session:
        session.execute(text("UPDATE map_feature SET fid = 77"))
    assert rows(path, keys) == [(77,)]
    empty = geopackage_binary.encode(Polygon(), srs_id=4326)
    with workspace.write(actor="test") as session:
        session.execute(text("UPDATE map_feature SET fid = 78, geometry = :empty"), {"empty": empty})
    assert rows(path, keys) == []


def test_views_are_readable_to_older_programs(path: Path) -> None:
    for (view,) in rows(path, "SELECT sql FROM sqlite_master WHERE type = 'view'"):
        assert "->" not in str(view)  # SQLite before 3.38 could not open the file at all


def test_contents_state_the_extent(workspace: Workspace, path: Path, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    found = rows(path, "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'map_feature'")
    assert found == [pytest.approx((78.231, 42.491, 78.233, 42.493))]
    found = rows(path, "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'candidate'")
    assert found == [(10, 20, 300, 400)]


GDAL_READS = """
import json, sys, pyogrio
path = sys.argv[1]
layers = {name: kind for name, kind in pyogrio.list_layers(path)}
frame = pyogrio.read_dataframe(path, layer="land", fid_as_index=True)
print(json.dumps({
    "layers": layers,
    "crs": frame.crs.to_epsg(),
    "fids": frame.index.tolist(),
    "columns": list(frame.columns),
    "kind": frame["Түрү"].tolist(),
    "supply": frame["Жетиштүүлүгү"].tolist(),
    "error": frame["Жайгашуу каталыгы, ± м"].tolist(),
    "day": [str(day)[:10] for day in frame["Жолугушуу күнү"]],
    "bounds": frame.total_bounds.tolist(),
}, ensure_ascii=False))
"""


def test_gdal_opens_it_in_another_process_while_it_is_written(
    workspace: Workspace, path: Path, event_id: UUID, sheet: NewSheet
) -> None:
    with workspace.write(actor="test") as session:
        write_vocabulary(session)
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.write(actor="test") as session:
        session.query(MapFeature).one().name_ky = "Жаңы аталыш"
        session.flush()  # the write lock is held while GDAL reads
        done = subprocess.run(
            [sys.executable, "-c", GDAL_READS, str(path)], capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()
    seen = json.loads(done.stdout)
    assert {*VIEWS.values(), OBJECTS_VIEW} <= set(seen["layers"])
    assert set(Base.metadata.tables) <= set(seen["layers"])
    assert seen["crs"] == 4326
    assert seen["kind"] == ["Айдоо жер"]
    assert seen["supply"] == ["Жетишсиз"]
    assert seen["error"] == [24.0]
    assert seen["day"] == ["2014-11-19"]
    assert seen["bounds"] == pytest.approx([78.231, 42.491, 78.233, 42.493])


def test_no_write_is_lost_while_gdal_reads_again_and_again(workspace: Workspace, path: Path, event_id: UUID) -> None:
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pyogrio, sys\n"
            "seen = [len(pyogrio.read_dataframe(sys.argv[1], layer='appraisal_event')) for _ in range(20)]\n"
            "print(seen)",
            str(path),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for number in range(50):
        with workspace.write(actor=f"writer {number}") as session:
            from geo.models import AppraisalEvent

            session.query(AppraisalEvent).one().participants = number
    output, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert output.strip() == str([1] * 20)
    assert rows(path, "SELECT participants, version FROM appraisal_event") == [(49, 51)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    "geometry",
    [Point(78.2, 42.5), box(78.1, 42.4, 78.3, 42.6), shapely.from_wkt("GEOMETRYCOLLECTION (POINT (1 2))"), Polygon()],
    ids=["point", "polygon", "collection", "empty"],
)
def test_binary_round_trip(geometry: shapely.Geometry) -> None:
    blob = geopackage_binary.encode(geometry, srs_id=4326)
    assert blob[:2] == b"GP"
    assert geopackage_binary.is_empty(blob) is geometry.is_empty
    assert geopackage_binary.decode(blob).equals_exact(geometry, 0)
    if not geometry.is_empty:
        west, south, east, north = geometry.bounds
        assert geopackage_binary.envelope(blob) == (west, east, south, north)


def test_binary_of_other_programs() -> None:
    point = Point(78.2, 42.5)
    bare_big_endian = b"GP\x00\x00" + (4326).to_bytes(4, "big") + shapely.to_wkb(point, byte_order=0)
    assert geopackage_binary.decode(bare_big_endian) == point
    assert geopackage_binary.envelope(bare_big_endian) == (78.2, 78.2, 42.5, 42.5)
    with pytest.raises(ValueError, match="not a GeoPackage"):
        geopackage_binary.decode(shapely.to_wkb(point))
