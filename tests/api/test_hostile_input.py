"""What people with bad intent send: SQL, paths, headers, templates, scripts come back as text or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from geo.models import AuditEvent, Base, Settlement
from geo.services.workspace import Workspace

SQL = (
    "'; DROP TABLE problem_statement; --",
    "1 OR 1=1",
    "x' UNION SELECT id, name, secret FROM account --",
    "1); SELECT pg_sleep(5); --",
)
SCRIPTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*191}}${7*191}{% for a in b %}",
    "</title><svg onload=alert(1)>",
)
WRONG_PATHS = (
    "/static/..%2f..%2fapp.py",
    "/static/..%5c..%5capp.py",
    "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fpyproject.toml",
    "/static/%00",
    "/static/" + "a" * 5_000,
    "/api/v1/photos/..%2f..%2f..%2fetc%2fpasswd",
    "/api/v1/problem-statements/%00",
    "/api/v1/problem-statements/%ff%fe",
    "/api/v1/problem-statements/" + "9" * 3_000,
    "/ogc/collections/..%2fproblems/items",
    "/ogc/collections/problem_statement;drop/items",
    "/%0d%0aSet-Cookie:%20a=b",
)


def rows(workspace: Workspace) -> dict[str, int]:
    """Return how many rows each table has."""
    with workspace.read() as session:
        return {
            table.name: session.scalar(
                select(func.count()).select_from(table), execution_options={"with_withdrawn": True}
            )
            or 0
            for table in Base.metadata.sorted_tables
        }


def is_told(answer: Any) -> bool:
    """Whether an error is a problem document, with the headers that browsers obey."""
    assert 400 <= answer.status_code < 500, f"{answer.url}: {answer.status_code} {answer.text[:200]}"
    assert answer.headers["content-type"] == "application/problem+json", answer.url
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    return True


def statement(event_id: UUID, wording: str) -> dict[str, Any]:
    properties = {"event_id": str(event_id), "wording": wording, "votes": 1}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [78.2385, 42.495]},
        "properties": properties,
    }


@pytest.mark.parametrize(
    "path", ["settlements/01a20004-0000-7000-8000-000000000000/exit-poll?service=", "events?kind="]
)
def test_a_zero_sign_is_refused_before_anything_is_asked(service: TestClient, path: str) -> None:
    answer = service.get(f"/api/v1/{path}a%00b", headers={"Accept-Language": "ky"})
    assert (answer.status_code, answer.json()["key"]) == (400, "http.zero_sign")
    assert "%00" in answer.json()["detail"]


def test_sql_in_addresses_is_a_value_or_refused(service: TestClient, workspace: Workspace, event_id: UUID) -> None:
    service.post("/api/v1/problem-statements", json=statement(event_id, "Суу"))
    before = rows(workspace)
    refused = ("event_id", "sort", "limit", "bbox", "cursor", "nothing")
    for words in SQL:
        for name in refused:
            assert is_told(service.get("/api/v1/problem-statements", params={name: words}))
        for name in ("bbox", "sortby", "limit", "filter", "datetime", "crs", "nothing"):
            assert is_told(service.get("/ogc/collections/problem-statements/items", params={name: words}))
        assert is_told(service.get(f"/ogc/collections/{quote(words, safe='')}/items"))
        assert service.get("/api/v1/problem-statements", params={"lang": words}).status_code == 200
        assert is_told(service.get(f"/api/v1/problem-statements/{quote(words, safe='')}"))
        head = {"If-Match": words, "Accept-Language": words, "If-None-Match": words}
        assert service.get("/api/v1/problem-statements", headers=head).status_code == 200
    assert rows(workspace) == before


@pytest.mark.parametrize("words", [*SQL, *SCRIPTS])
def test_words_are_kept_as_they_are_and_shown_as_text(
    service: TestClient, workspace: Workspace, event_id: UUID, words: str
) -> None:
    made = service.post("/api/v1/problem-statements", json=statement(event_id, words))
    assert made.status_code == 201, made.text
    assert service.get(made.headers["location"]).json()["properties"]["wording"] == words
    with workspace.write(actor=words) as session:
        village = session.scalars(select(Settlement)).one()
        village.name_ky = village.name_ru = village.source = words
    pages = ["/", f"/?lang={quote(words)}", f"/events/{event_id}/map"]
    found = service.get("/ogc/collections", params={"f": "json"}).json()["collections"]
    pages += [f"/ogc/collections/{one['id']}/items?f=html" for one in found]
    for page in pages:
        answer = service.get(page)
        assert answer.status_code in {200, 404}, page
        assert answer.headers["content-type"].startswith(("text/html", "application/problem+json")), page
        for raw in ("<script>alert(1)", "<img src=x", "<svg onload", "1337"):
            assert raw not in answer.text, page


@pytest.mark.parametrize("path", WRONG_PATHS)
def test_wrong_paths_lead_nowhere(service: TestClient, path: str) -> None:
    answer = service.get(path, follow_redirects=False)
    assert is_told(answer)
    assert "set-cookie" not in answer.headers


def test_headers_cannot_be_smuggled_in(service: TestClient, event_id: UUID) -> None:
    for name in ("lang", "f", "cursor"):
        answer = service.get(f"/ogc/collections?{name}=ky%0d%0aX-Evil:%201")
        assert "x-evil" not in answer.headers
    slash = service.get("/api/v1/activities/?a=%0d%0aX-Evil:%201", follow_redirects=False)
    assert slash.status_code in {307, 404}
    assert "x-evil" not in slash.headers
    assert slash.headers.get("location", "http://127.0.0.1:8000/").startswith("http://127.0.0.1:8000/")
    assert service.get("/api/v1/activities/", headers={"Host": "evil.example"}).status_code == 421
    assert service.get("/", headers={"X-Forwarded-Host": "evil.example", "Accept": "a" * 60_000}).status_code == 200


@pytest.mark.parametrize("name", ['../../../etc/cron.d/x"', "..\\..\\a.geojson", "a\r\nX-Evil: 1.geojson", "ж" * 500])
def test_names_of_files_are_only_names(service: TestClient, event_id: UUID, name: str) -> None:
    answer = service.post(f"/api/v1/events/{event_id}/imports", files={"file": (name, b"{}")}, data={"kind": "well"})
    assert answer.status_code == 202, answer.text
    kept = answer.json().get("parameters", {})
    assert not set("/\\\r\n") & set(kept.get("name", "")), kept
    assert len(kept.get("name", "")) <= 200
    data = service.app.state.settings.data  # type: ignore[attr-defined]
    assert {path.parent.name for path in data.rglob("*") if path.is_file()} <= {data.name, "uploads"}


def test_reading_writes_nothing(service: TestClient, workspace: Workspace, event_id: UUID) -> None:
    made = service.post("/api/v1/problem-statements", json=statement(event_id, "Суу"))
    before = rows(workspace)
    paths = [path for path, found in service.app.openapi()["paths"].items() if "get" in found]  # type: ignore[attr-defined]
    record_id = made.headers["location"].rpartition("/")[2]
    for path in paths:
        whole = path.replace("{event_id}", str(event_id)).replace("{record_id}", record_id)
        if "{" not in whole:
            assert service.get(whole).status_code < 500, whole
            assert service.head(whole).status_code < 500, whole
    assert len(paths) > 100
    after = rows(workspace)
    kept_beside = {name for name in after if name.startswith("tile")}
    assert {name: after[name] for name in after.keys() - kept_beside} == {
        name: before[name] for name in before.keys() - kept_beside
    }
    with workspace.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == before["audit_event"]


def test_head_is_get_without_its_body_and_options_tell_what_is_allowed(service: TestClient, event_id: UUID) -> None:
    path = "/api/v1/problem-statements"
    made = service.post(path, json=statement(event_id, "Суу")).headers["location"]
    for one in (path, made, "/", "/ogc", "/api/v1/health"):
        got, head = service.get(one), service.head(one)
        assert (head.status_code, head.content) == (got.status_code, b""), one
        assert head.headers["content-type"] == got.headers["content-type"]
        assert head.headers.get("etag") == got.headers.get("etag")
    assert service.options(path).status_code == 204
    assert service.options(path).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert service.options(made).headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
    for method in ("BREW", "PUT", "DELETE", "TRACE"):
        answer = service.request(method, path)
        assert is_told(answer)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert is_told(service.request("BREW", "/nowhere"))


def test_bodies_that_are_too_large_are_told_so(
    service: TestClient, event_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = service.app.state.settings.body_megabytes * 1_000_000  # type: ignore[attr-defined]
    large = b'"' + b"a" * most + b'"'
    head = {"Content-Type": "application/json", "Accept-Language": "en"}
    for path in ("/api/v1/problem-statements", "/api/v1/problem-statements/bulk"):
        for body in (large, iter([large[: most // 2], large[most // 2 :]])):
            answer = service.post(path, content=body, headers=head)
            assert is_told(answer)
            assert (answer.status_code, answer.json()["key"]) == (413, "http.too_large")


def test_errors_that_nobody_foresaw_carry_the_headers_too(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.events.overview", lambda *_, **__: 1 / 0)
    answer = service.get("/api/v1/overview")
    assert (answer.status_code, answer.json()["key"]) == (500, "http.unexpected")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "ZeroDivision" not in answer.text


def test_deep_and_broken_json_is_refused(service: TestClient) -> None:
    head = {"Content-Type": "application/json"}
    for body in (b"[" * 100_000, b"{", b"\xff\xfe", b'{"a":1e999}', b"NaN", b"", b"[" * 5_000 + b"]" * 5_000):
        assert is_told(service.post("/api/v1/problem-statements", content=body, headers=head))
        assert is_told(service.post("/api/v1/problem-statements/bulk", content=body, headers=head))
    assert is_told(service.post("/api/v1/problem-statements", content=b"<a/>", headers={"Content-Type": "text/xml"}))


@pytest.mark.parametrize(("body", "key"), [(b"", "body.missing"), (b"7", "body.unusable"), (b"[]", "body.unusable")])
def test_what_is_no_record_at_all_is_told_without_the_name_of_a_field(
    service: TestClient, body: bytes, key: str
) -> None:
    head = {"Content-Type": "application/json", "Accept-Language": "en"}
    told = service.post("/api/v1/accounts", content=body, headers=head)
    assert is_told(told)
    assert "  " not in told.text
    assert key in told.text


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_half_a_character_in_what_is_refused_comes_back_as_json(service: TestClient, language: str) -> None:
    sent = '{"type": "Feature", "id": "\\ud800", "properties": {}}'  # no UTF-8 has it, and JSON may escape it
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    for body in (sent, f"[{sent}]"):
        address = "/api/v1/map-features" + ("/bulk" if body.startswith("[") else "")
        answer = service.post(address, content=body, headers=headers)
        assert is_told(answer)
        assert (answer.status_code, answer.json()["key"]) == (422, "record.bad_id")
        assert answer.json()["params"] == {"id": "\ud800"}


def test_a_zero_sign_in_the_name_of_somebody_is_refused(service: TestClient) -> None:
    answer = service.post("/api/v1/accounts", json={"name": "айгүл", "full_name": "Айгүл\0А."})
    assert is_told(answer)
    assert (answer.status_code, answer.json()["key"]) == (422, "record.text_unusable")
    assert service.get("/api/v1/accounts").json() == []


def test_half_a_file_is_no_file(service: TestClient, event_id: UUID) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.geojson"\r\n\r\n{}'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for body, key in ((head, "upload.cut_off"), (head + b"\r\n--x\r\n", "upload.cut_off"), (b"--", "upload.no_file")):
        answer = service.post(f"/api/v1/events/{event_id}/imports", content=body, headers=headers)
        assert is_told(answer)
        assert answer.json()["key"] == key
    whole = service.post(f"/api/v1/events/{event_id}/imports", content=head + b"\r\n--x--\r\n", headers=headers)
    assert whole.status_code == 202
    endless = {"Content-Type": f"multipart/form-data; boundary={'x' * 5_000}"}
    answer = service.post(f"/api/v1/events/{event_id}/imports", content=head, headers=endless)
    assert is_told(answer)
    assert answer.json()["key"] == "upload.no_file"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("EN-us", "en"),
        ("ky;q=0,ru", "ru"),
        ("ru; q=0.2, en; q=0.9", "en"),
        ("en;q=1.٣", "en"),
        ("*;q=0.1", "ky"),
        ("-,_,;q=,,", "ky"),
    ],
)
def test_whatever_language_is_asked_for_an_error_is_told_in_one(
    service: TestClient, accepted: str, language: str
) -> None:
    answer = service.get("/api/v1/events/none", headers=[(b"Accept-Language", accepted.encode())])
    assert is_told(answer)
    assert answer.headers["content-language"] == language
