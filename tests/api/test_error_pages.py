"""Errors as pages: for people with a browser in their language, with what to do; programs get JSON as ever."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.i18n import Language, text
from geo.services.workspace import Workspace
from tests.api.conftest import HERE
from tests.api.signed_in import app_of, client_of, key_of, settings_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/work/x/2014", 422), ("/events/01a20004-0000-7000-8000-000000000000/map", 404)],
)
def test_people_get_a_page_and_programs_json(service: TestClient, path: str, status: int, language: Language) -> None:
    page = service.get(path, headers={**BROWSER, "Accept-Language": language.value})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language.value}"' in page.text
    assert text("error_page.home", language) in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    for headers in ({}, {"Accept": "application/json"}, {**BROWSER, "Sec-Fetch-Mode": "cors"}):
        assert service.get(path, headers=headers).headers["content-type"] == "application/problem+json"


def test_the_api_stays_json_whoever_asks(service: TestClient) -> None:
    answer = service.get("/api/v1/settlements/x", headers=BROWSER)
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_somebody_put_into_an_address_stays_text(service: TestClient) -> None:
    page = service.get("/work/<script>alert(1)</script>/2014?x=<img src=x>", headers=BROWSER)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_no_link_of_an_error_page_leads_to_another_host(service: TestClient) -> None:
    for address in ("//evil.example/x", "///evil.example", "/\\evil.example/x"):
        page = service.get(f"{HERE}{address}", headers=BROWSER)
        assert page.status_code == 404
        links = re.findall(r'href="([^"]*)"', page.text)
        assert len(links) > 4
        assert all(one.startswith("/") and not one.startswith(("//", "/\\")) for one in links), links


def test_an_unexpected_error_is_a_page_without_entrails(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("api.workbench.home.has_places", broken)
    page = service.get("/", headers=BROWSER)
    assert page.status_code == 500
    assert "secret" not in page.text
    assert text("error_page.again", Language.KY) in page.text


def test_a_store_that_is_away_is_a_page_that_says_to_wait(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=f"postgresql://nobody@/none?host={tmp_path}")
    with TestClient(create_app(settings), base_url=HERE, raise_server_exceptions=False) as client:
        page = client.get("/", headers=BROWSER)
    assert page.status_code == 503
    assert text("error_page.wait", Language.KY) in page.text
    assert int(page.headers["retry-after"]) > 0


def test_who_must_sign_in_is_led_there_and_back(workspace: Workspace, database_url: str, tmp_path: Path) -> None:
    app = app_of(settings_of(tmp_path, database_url))
    client = client_of(app)
    path = "/work/01a20004-b16b-71b2-bc71-6bc1d5b423e8/2014"
    answer = client.get(f"{path}?lang=en", headers=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Fwork%2F01a20004")
    door = client.get(answer.headers["location"], headers=BROWSER)
    assert f'name="next" value="{path}?lang=en"' in door.text
    assert client.get(path).status_code == 401, "a program is told"


def test_what_a_role_does_not_allow_is_not_offered(
    workspace: Workspace, database_url: str, event_id: UUID, tmp_path: Path
) -> None:
    app = app_of(settings_of(tmp_path, database_url))
    with workspace.write(actor="test") as session:
        nobody = key_of(session, "nobody", [])
    client = client_of(app, key=nobody)
    page = client.get("/work/01a20004-b16b-71b2-bc71-6bc1d5b423e8/2014", headers=BROWSER)
    assert page.status_code == 403
    assert text("frame.no_role", Language.KY) in page.text
    assert client.get("/work/new", headers=BROWSER).status_code == 403
    assert "/work/new" not in client.get("/", headers=BROWSER).text
    assert client.post("/first-visit", headers=BROWSER).status_code in {403, 422}
