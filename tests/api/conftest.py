"""The service over a store on each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.cli import app
from api.cli.terminal import run
from api.settings import Settings
from tests.api.signed_in import app_of
from tests.geo.conftest import database, event_id, sheet, workspace

__all__ = ["HERE", "Command", "database", "event_id", "sheet", "workspace"]


@pytest.fixture
def service(database_url: str, database: object, tmp_path: Path) -> Iterator[TestClient]:
    """A client of the service; its store is upgraded."""
    settings = Settings(data=tmp_path, database_url=database_url)
    with TestClient(app_of(settings), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


HERE = "http://127.0.0.1:8000"
"""Address of a service without sign-in: it answers to this computer's own names alone."""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ayilmap(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, database_url: str
) -> Command:
    """Run a command on the store of the test; returns exit code, standard output and standard error."""
    monkeypatch.setenv("AYILMAP_DATA", str(tmp_path))
    monkeypatch.setenv("AYILMAP_DATABASE_URL", database_url)
    monkeypatch.setenv("AYILMAP_LANG", "en")

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["ayilmap", *map(str, arguments)])
        code = run(app)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command
