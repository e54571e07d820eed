"""The styles that QGIS finds in a GeoPackage: whole, default, and never in the way of people's own."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest
from sqlalchemy import text as sql

from api.qgis_files import make_readable, write_qgis_project
from geo.database.database import Database
from geo.database.engine import geopackage_path
from geo.database.layer_views import VIEWS
from geo.database.objects_view import OBJECTS_VIEW
from geo.database.schema import downgrade, upgrade
from geo.drafts import NewSheet
from geo.errors import Refused
from geo.i18n import Language
from geo.models import AppraisalEvent, Term
from geo.services.checking import check
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace

STYLES = "SELECT f_table_name, owner, useAsDefault FROM layer_styles ORDER BY id"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.fixture
def path(database: Database) -> Path:
    found = geopackage_path(database.url)
    assert found is not None
    return found


def readable(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        make_readable(session)


class TestGeoPackage:
    @pytest.fixture(params=["geopackage"])
    def database_url(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue("geopackage_url")
        return url

    def test_every_readable_layer_has_one_default_style_and_again_no_second(
        self, workspace: Workspace, path: Path
    ) -> None:
        wanted = {(view, "ayilmap", 1) for view in (*VIEWS.values(), OBJECTS_VIEW)}
        for _ in range(2):
            readable(workspace)
            found = rows(path, STYLES)
            assert (len(found), set(found)) == (len(wanted), wanted)
        assert rows(path, "SELECT DISTINCT f_geometry_column, f_table_schema FROM layer_styles") == [("geometry", "")]

    def test_a_default_style_that_somebody_saved_stays_the_default(self, workspace: Workspace, path: Path) -> None:
        readable(workspace)
        connection = sqlite3.connect(path)
        with connection:  # as QGIS does it
            connection.execute("UPDATE layer_styles SET useAsDefault = 0 WHERE f_table_name = 'water'")
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, useAsDefault, owner) "
                "VALUES ('', '', 'water', 'geometry', 'менин', '<qgis/>', 1, 'Айгүл')"
            )
        connection.close()
        readable(workspace)
        water = [row[1:] for row in rows(path, STYLES) if row[0] == "water"]
        assert sorted(water) == [("ayilmap", 0), ("Айгүл", 1)]

    def test_a_table_that_qgis_made_before_is_taken_over(self, workspace: Workspace, path: Path) -> None:
        url = workspace.database.url.render_as_string(hide_password=False)
        workspace.database.dispose()
        downgrade(url, "0012")
        connection = sqlite3.connect(path)
        with connection:
            connection.execute(
                'CREATE TABLE "layer_styles" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "f_table_catalog" '
                'TEXT(256), "f_table_schema" TEXT(256), "f_table_name" TEXT(256), "f_geometry_column" TEXT(256), '
                '"styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT, "useAsDefault" BOOLEAN, "description" TEXT, '
                '"owner" TEXT(30), "ui" TEXT(30), "update_time" DATETIME DEFAULT '
                "(strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
            )
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('layer_styles', 'attributes')"
            )
            connection.execute(
                "INSERT INTO layer_styles (f_table_name, styleName, owner) VALUES ('map_feature', 'a', 'б')"
            )
        connection.close()
        upgrade(url)
        readable(workspace)
        assert ("map_feature", "б", None) in rows(path, STYLES)
        assert len(rows(path, "SELECT 1 FROM gpkg_contents WHERE table_name = 'layer_styles'")) == 1

    def test_gdal_reads_styles_and_styled_layers_while_the_store_is_open(
        self, workspace: Workspace, path: Path, event_id: UUID, sheet: NewSheet
    ) -> None:
        readable(workspace)
        with workspace.write(actor="test") as session:
            store_sheet(session, workspace.pictures, event_id, sheet)
        script = (
            "import json, pyogrio, sys\n"
            "styles = pyogrio.read_dataframe(sys.argv[1], layer='layer_styles', read_geometry=False)\n"
            "land = pyogrio.read_dataframe(sys.argv[1], layer='land')\n"
            "print(json.dumps([sorted(styles['f_table_name']), land['kind_code'].tolist(), list(land.geom_type)]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        styled, codes, shapes = json.loads(done.stdout)
        assert styled == sorted([*VIEWS.values(), OBJECTS_VIEW])
        assert (codes, shapes) == (["arable"], ["Polygon"])

    def test_the_store_is_well_with_styles_in_it(self, workspace: Workspace, event_id: UUID) -> None:
        readable(workspace)
        with workspace.read() as session:
            assert check(session, workspace.pictures).faults == ()

    def test_a_project_shows_what_is_in_the_store(
        self, workspace: Workspace, event_id: UUID, sheet: NewSheet, tmp_path: Path
    ) -> None:
        assert write_qgis_project(workspace, tmp_path / "empty.qgz", Language.KY) == (3857, 18)
        with workspace.write(actor="test") as session:
            store_sheet(session, workspace.pictures, event_id, sheet)
        assert write_qgis_project(workspace, tmp_path / "p.qgz", Language.KY) == (32644, 18)
        with pytest.raises(Refused) as refused:
            write_qgis_project(workspace, tmp_path / "p.qgz", Language.KY, service="ayilmap")
        assert refused.value.key == "qgis.file_has_no_service"


class TestPostgis:
    @pytest.fixture(params=[pytest.param("postgis", marks=pytest.mark.postgis)])
    def database_url(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue("postgis_url")
        return url

    def test_only_the_words_are_written(self, workspace: Workspace) -> None:
        readable(workspace)
        with workspace.read() as session:
            assert session.query(Term).count() > 100

    def test_a_project_points_to_the_database_and_holds_no_name_and_no_password(
        self, workspace: Workspace, event_id: UUID, sheet: NewSheet, tmp_path: Path
    ) -> None:
        assert write_qgis_project(workspace, tmp_path / "empty.qgz", Language.KY) == (3857, 18)
        with workspace.write(actor="test") as session:
            store_sheet(session, workspace.pictures, event_id, sheet)
            settlement_id = session.query(AppraisalEvent).one().settlement_id
        out = tmp_path / "p.qgz"
        assert write_qgis_project(workspace, out, Language.KY, settlement_id=settlement_id) == (32644, 18)
        url = workspace.database.url
        content = project_in(out)
        assert "user=" not in content
        assert "password=" not in content
        for source in sources_in(content):
            assert f"dbname='{url.database}'" in source
            assert f"port={url.port}" in source or url.port is None

    def test_each_layer_of_the_project_is_there_to_be_read(self, workspace: Workspace, tmp_path: Path) -> None:
        """The table, the key and the geometry that a source names are asked for as QGIS does."""
        write_qgis_project(workspace, tmp_path / "p.qgz", Language.KY)
        told = re.compile(r"key='(\w+)'.* type=(\w+) .*table=(\S+) \((\w+)\)$")
        found = [told.search(one) for one in sources_in(project_in(tmp_path / "p.qgz"))]
        assert len([one for one in found if one]) == 18
        with workspace.read() as session:
            for one in filter(None, found):
                asked = f"SELECT {one[1]}, kind_code, wish_code FROM {one[3]} WHERE geometrytype({one[4]}) = :shape"
                session.execute(sql(asked), {"shape": one[2].upper()}).all()

    def test_a_service_stands_in_place_of_the_address(self, workspace: Workspace, tmp_path: Path) -> None:
        write_qgis_project(workspace, tmp_path / "p.qgz", Language.KY, service="ayilmap")
        for source in sources_in(project_in(tmp_path / "p.qgz")):
            assert source.startswith("service='ayilmap' key=")
            assert "host=" not in source


def project_in(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"{path.stem}.qgs").decode()


def sources_in(content: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(content).iter("datasource")]
