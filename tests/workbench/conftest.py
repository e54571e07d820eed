"""The sample municipality on each engine, served to a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.settings import Settings
from geo.database.database import Database
from geo.database.engine import database_url as database_address
from geo.database.engine import geopackage_path
from geo.services.whole_sample import WholeSample, store_whole_sample
from geo.services.workspace import Workspace
from geo.storage import FolderStore
from tests.api.conftest import app_of
from tests.support.postgis import PostgisServer
from tests.workbench.served import PHONE, WIDE, Visitor, serve

Visit = Callable[..., Visitor]


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


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a laptop with the sample, where nobody signs in."""
    return Settings(data=tmp_path, database_url=database_url)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Address of the service."""
    with serve(app_of(settings)) as address:
        yield address


@pytest.fixture
def village(sample: WholeSample) -> str:
    """Path of the sample village's pages in the sample's year."""
    return f"/work/{sample.settlement_id}/{sample.year}"


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a browser on the service; when the test ends no page may have had an error or asked elsewhere."""
    visitors: list[Visitor] = []

    def begin(*, size: tuple[int, int] = WIDE, language: str = "ky") -> Visitor:
        visitors.append(Visitor(browser, address, language, size))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def wide(visit: Visit) -> Visitor:
    """Somebody at a laptop, in Kyrgyz."""
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    """Somebody with a phone, in Kyrgyz."""
    return visit(size=PHONE)
