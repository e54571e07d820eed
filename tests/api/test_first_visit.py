"""An empty laptop's first visit: the sample is set out once, and never where people sign in."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from geo.i18n import Language, text
from geo.services.workspace import Workspace
from tests.api.signed_in import app_of, client_of, settings_of

ONE_ENGINE = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)


@ONE_ENGINE
def test_the_sample_is_set_out_and_stays_as_it_is(service: TestClient) -> None:
    page = service.get("/")
    assert text("home.welcome_sample", Language.KY) in page.text
    assert "/static/work/welcome.js" in page.text
    first = service.post("/first-visit", follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"].endswith("/2014?tour=1")
    village = service.get(first.headers["location"])
    assert text("year.sample", Language.KY) in village.text
    assert service.get("/api/v1/map-features?limit=1&count=true").json()["matched"] > 50
    assert "/static/work/welcome.js" not in service.get("/").text
    before = service.get("/api/v1/events?limit=1&count=true").json()["matched"]
    assert service.post("/first-visit", follow_redirects=False).headers["location"] == first.headers["location"]
    assert service.get("/api/v1/events?limit=1&count=true").json()["matched"] == before


@ONE_ENGINE
def test_a_server_is_never_filled_with_a_sample(workspace: Workspace, database_url: str, tmp_path: Path) -> None:
    client = client_of(app_of(settings_of(tmp_path, database_url)))
    assert "/static/work/welcome.js" not in client.get("/").text
    assert client.post("/first-visit").json()["key"] == "home.sample_on_laptops"
    assert "/static/work/welcome.js" not in client.get("/").text
