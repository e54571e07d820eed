"""The sample municipality on each engine, made once in a run and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from geo.database.database import Database
from geo.database.engine import database_url as database_address
from geo.database.engine import geopackage_path
from geo.services.whole_sample import WholeSample, store_whole_sample
from geo.services.workspace import Workspace
from geo.storage import FolderStore
from tests.support.postgis import PostgisServer

__all__ = ["sample", "sample_geopackage", "sample_postgis"]


@pytest.fixture(scope="session")
def sample_geopackage(upgraded_geopackage: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WholeSample]:
    """Folder of a GeoPackage with the whole sample and its pictures, to copy from."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copyfile(upgraded_geopackage, folder / "village.gpkg")
    return folder, _filled(str(folder / "village.gpkg"), folder)


@pytest.fixture(scope="session")
def sample_postgis(
    postgis_server: PostgisServer, upgraded_postgis: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, WholeSample]:
    """The same as a PostGIS database to copy from; returns the folder of its pictures."""
    folder = tmp_path_factory.mktemp("sample")
    found: list[WholeSample] = []

    def prepare(url: str) -> None:
        postgis_server.copy_database(upgraded_postgis, url)
        found.append(_filled(url, folder))

    postgis_server.create_template("sample_village", prepare)
    return folder, found[0]


def _filled(url: str, folder: Path) -> WholeSample:
    database = Database(url)
    try:
        return store_whole_sample(Workspace(database, FolderStore(folder / "pictures")), actor="test")
    finally:
        database.dispose()


@pytest.fixture
def sample(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> WholeSample:
    """The whole sample in the store of the test, which begins as a copy of it."""
    path = geopackage_path(database_address(database_url))
    if path is not None:
        folder, found = request.getfixturevalue("sample_geopackage")
        shutil.copyfile(folder / "village.gpkg", path)
    else:
        folder, found = request.getfixturevalue("sample_postgis")
        server: PostgisServer = request.getfixturevalue("postgis_server")
        server.copy_database("sample_village", database_url)
    shutil.copytree(folder / "pictures", tmp_path / "pictures")
    assert isinstance(found, WholeSample)
    return found
