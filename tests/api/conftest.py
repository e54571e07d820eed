"""The service over a store on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.geo.conftest import database, event_id, sheet, workspace

__all__ = ["database", "event_id", "sheet", "workspace"]


@pytest.fixture
def service(database_url: str, database: object, tmp_path: Path) -> Iterator[TestClient]:
    """A client of the service; its store is upgraded."""
    settings = Settings(data=tmp_path, database_url=database_url)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client
