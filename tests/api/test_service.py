"""The service: pages, data, and one shape for every error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.errors import STATUS
from api.settings import Settings
from geo.drafts import NewSheet
from geo.errors import AyilmapError
from geo.i18n import Language, text
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from tests.api.conftest import HERE

MEMBERS = {"type", "title", "status", "detail", "instance", "key", "params"}


@pytest.fixture
def drawn(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> UUID:
    """An event with a stored sheet."""
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    return event_id


def test_importing_connects_to_nothing() -> None:
    script = "import api.app, api.cli, sys; assert 'psycopg2._psycopg' in sys.modules; import socket"
    watch = (
        "import sys\n"
        "sys.addaudithook(lambda event, args: sys.exit(f'{event} {args}') "
        "if event in ('socket.connect', 'sqlite3.connect') else None)\n"
    )
    done = subprocess.run([sys.executable, "-c", watch + script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_health(service: TestClient, workspace: Workspace) -> None:
    answer = service.get("/api/v1/health")
    assert answer.status_code == 200
    assert answer.json()["engine"] == ("geopackage" if workspace.database.is_geopackage else "postgis")


def test_events_as_data(service: TestClient, drawn: UUID) -> None:
    (event,) = service.get("/api/v1/overview", params={"lang": "ru"}).json()
    assert event["id"] == str(drawn)
    assert event["group"] == "18–35 лет"
    assert (event["sheets"], event["features"]) == (1, 1)
    assert event["settlement"] == {"id": event["settlement"]["id"], "name": "Үлгү айылы", "is_sample": True}
    assert service.get(event["map"]).status_code == 200


@pytest.mark.parametrize("language", list(Language))
def test_home_in_every_language(service: TestClient, drawn: UUID, language: Language) -> None:
    page = service.get("/", params={"lang": language.value})
    assert page.status_code == 200
    assert f'<html lang="{language.value}">' in page.text
    assert text("page.home_title", language) in page.text
    assert "Үлгү айылы" in page.text
    assert f"/events/{drawn}/map?lang={language.value}" in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text


def test_browser_language_decides_when_nobody_asks(service: TestClient, drawn: UUID) -> None:
    page = service.get("/", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert '<html lang="ru">' in page.text
    assert '<html lang="ky">' in service.get("/", headers={"Accept-Language": "fr"}).text


def test_map_page(service: TestClient, drawn: UUID) -> None:
    page = service.get(f"/events/{drawn}/map", params={"lang": "ky"})
    assert page.status_code == 200
    assert "Талаа" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("/events/01a20004-0000-7000-8000-000000000000/map", 404, "record.unknown"),
        ("/events/not-an-id/map", 422, "http.invalid_field"),
        ("/nowhere", 404, "http.not_found"),
        ("/static/../../pyproject.toml", 404, "http.not_found"),
        ("/static/%2e%2e/templates/home.html", 404, "http.not_found"),
    ],
)
def test_error_shape(service: TestClient, path: str, status: int, key: str) -> None:
    for language in Language:
        answer = service.get(path, headers={"Accept-Language": language.value})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert set(problem) - {"fields"} == MEMBERS
        assert (problem["status"], problem["key"]) == (status, key)
        # Parameters carry codes; a field's own words stand in ``fields``.
        words = {"problem": problem["fields"][0]["text"]} if "fields" in problem else problem["params"]
        assert problem["detail"] == text(key, language, **words)


def test_other_verbs_are_refused_in_the_same_shape(service: TestClient) -> None:
    answer = service.post("/api/v1/overview")
    assert answer.status_code == 405
    assert set(answer.json()) == MEMBERS


def test_every_error_class_has_a_status() -> None:
    classes = AyilmapError.__subclasses__()
    while classes:
        kind = classes.pop()
        classes += kind.__subclasses__()
        assert any(issubclass(kind, known) for known in STATUS), kind


def test_unexpected_error_shows_no_entrails(service: TestClient, drawn: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("maps.web.session_map.render_session_map", broken)
    answer = service.get(f"/events/{drawn}/map")
    assert answer.status_code == 500
    assert answer.json()["key"] == "http.unexpected"
    assert "secret" not in answer.text


def test_store_that_is_away(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=f"postgresql://nobody@/none?host={tmp_path}")
    with TestClient(create_app(settings), base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["key"] == "database.away"


def test_store_that_is_not_set_up(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path)), base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "ayilmap db upgrade" in answer.json()["detail"]
    assert list(tmp_path.iterdir()) == []


def test_store_by_either_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AYILMAP_DATA", str(tmp_path))
    for variable in ("AYILMAP_DATABASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    assert Settings().store == str(tmp_path / "ayilmap.gpkg")
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/rayon")
    assert Settings().store == "postgresql://localhost/rayon"
    monkeypatch.setenv("AYILMAP_DATABASE_URL", "village.gpkg")
    assert Settings().store == "village.gpkg"


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)  # the server's file is not ours to break
def test_health_asks_the_store(service: TestClient, workspace: Workspace) -> None:
    assert service.get("/api/v1/health").status_code == 200
    live = Path(str(workspace.database.url.database))
    content = bytearray(live.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    live.with_name(live.name + "-wal").unlink(missing_ok=True)
    live.write_bytes(content)  # in place: still the same file
    answer = service.get("/api/v1/health")
    assert (answer.status_code, answer.json()["key"]) == (500, "database.damaged")
