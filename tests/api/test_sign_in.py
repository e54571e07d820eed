"""Signing in at a page: cookie, forgery from other sites, limits, ends; and keys of programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.settings import Settings
from geo.domain.rights import LOCAL, Role
from geo.domain.sign_in_limits import ABSOLUTE, IDLE, PER_NAME_AND_ADDRESS
from geo.models import Account, AuditEvent, FailedSignIn, PageSession
from geo.services import password_hashing
from geo.services.accounts import add_account
from geo.services.workspace import Workspace
from tests.api.conftest import HERE
from tests.api.signed_in import ORIGIN, PASSWORD, app_of, client_of, settings_of

COOKIE = "__Host-ayilmap"
GOOD = {"name": "Айгүл", "password": PASSWORD}


@pytest.fixture
def app(workspace: Workspace, database_url: str, tmp_path: Path) -> Iterator[FastAPI]:
    """A service with the account айгүл, an administrator everywhere."""
    with workspace.write(actor="test") as session:
        add_account(session, LOCAL, name="айгүл", password=PASSWORD, roles=[(Role.ADMINISTRATOR, None)])
    app = app_of(settings_of(tmp_path, database_url))
    yield app
    app.state.settings.workspace.database.dispose()


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    return client_of(app)


def sign_in(client: TestClient) -> dict[str, str]:
    """Sign in; returns the headers of a page of ours that writes."""
    answer = client.post("/api/v1/sign-in", json=GOOD, headers={"Origin": ORIGIN})
    assert answer.status_code == 200, answer.text
    return {"Origin": ORIGIN, "X-CSRF-Token": answer.json()["csrf_token"]}


def test_the_cookie_is_out_of_reach(browser: TestClient) -> None:
    answer = browser.post("/api/v1/sign-in", json=GOOD)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    me = browser.get("/api/v1/me").json()
    assert (me["name"], me["everywhere"]) == ("айгүл", ["administrator"])
    assert me["csrf_token"] == answer.json()["csrf_token"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 204),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 204),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://ayil.example.kg"}, 403),
        ({"Origin": ORIGIN + ".evil.example"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 403),
    ],
)
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)  # no store decides this
def test_only_our_own_pages_write(browser: TestClient, headers: dict[str, str], status: int) -> None:
    token = sign_in(browser)["X-CSRF-Token"]
    answer = browser.post("/api/v1/sign-out", headers={**headers, "X-CSRF-Token": token})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("token", ["", "0" * 64, "й"])
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_page_of_ours_without_its_token_writes_nothing(browser: TestClient, token: str) -> None:
    sign_in(browser)
    headers = {"Origin": ORIGIN, "X-CSRF-Token": token.encode()} if token else {"Origin": ORIGIN}
    answer = browser.post("/api/v1/me/tokens", json={"name": "QGIS"}, headers=headers)
    assert (answer.status_code, answer.json()["key"]) == (403, "http.no_csrf_token")
    assert browser.get("/api/v1/me").json()["name"] == "айгүл"


def test_signed_out_is_signed_out_even_with_the_cookie(browser: TestClient) -> None:
    headers = sign_in(browser)
    key = browser.cookies[COOKIE]
    assert browser.post("/api/v1/sign-out", headers=headers).status_code == 204
    assert COOKIE not in browser.cookies
    again = browser.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={key}"})
    assert again.json()["is_public"] is True


def test_signing_in_makes_a_new_key_and_ends_the_earlier(browser: TestClient, workspace: Workspace) -> None:
    answer = browser.post("/api/v1/sign-in", json=GOOD, headers={"Cookie": f"{COOKIE}=slipped-in"})
    assert answer.status_code == 200
    first = browser.cookies[COOKIE]
    assert first != "slipped-in"
    sign_in(browser)
    assert browser.cookies[COOKIE] != first
    with workspace.read() as session:
        (row,) = session.scalars(select(PageSession))
        assert row.key_hash == password_hashing.hash_key(browser.cookies[COOKIE])


def test_everywhere_ends_the_other_pages(app: FastAPI, browser: TestClient) -> None:
    other = client_of(app)
    sign_in(other)
    headers = sign_in(browser)
    browser.post("/api/v1/sign-out", json={"everywhere": True}, headers=headers)
    assert other.get("/api/v1/me").json()["is_public"] is True


@pytest.mark.parametrize(("column", "ago"), [("seen_at", IDLE), ("begun_at", ABSOLUTE)])
def test_a_session_runs_out(browser: TestClient, workspace: Workspace, column: str, ago: timedelta) -> None:
    sign_in(browser)
    with workspace.write(actor="test") as session:
        session.execute(update(PageSession).values({column: datetime.now(UTC) - ago}))
    assert browser.get("/api/v1/me").json()["is_public"] is True


def test_use_keeps_it_going(browser: TestClient, workspace: Workspace) -> None:
    sign_in(browser)
    earlier = datetime.now(UTC) - timedelta(hours=1)
    with workspace.write(actor="test") as session:
        session.execute(update(PageSession).values(seen_at=earlier))
    browser.get("/api/v1/me")
    with workspace.read() as session:
        assert session.scalars(select(PageSession.seen_at)).one() > earlier + timedelta(minutes=55)


def test_what_was_wrong_is_not_told(browser: TestClient, workspace: Workspace) -> None:
    answers = [
        browser.post("/api/v1/sign-in", json={"name": name, "password": "не тот пароль"})
        for name in ("айгүл", "никто", "<script>", "")
    ]
    told = [{**one.json(), "instance": ""} for one in answers]
    assert {one.status_code for one in answers} == {401}
    assert all(one == told[0] for one in told)


def test_an_unknown_name_costs_the_same_work(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = password_hashing._HASHER.verify

    class Counting:
        def verify(self, stored: str, typed: str) -> bool:
            verified.append(stored)
            return verify(stored, typed)

    password_hashing._nobodys_hash()
    monkeypatch.setattr(password_hashing, "_HASHER", Counting())
    for name in ("айгүл", "никто"):
        browser.post("/api/v1/sign-in", json={"name": name, "password": "не тот пароль"})
    known, unknown = (stored.rsplit("$", 2)[0] for stored in verified)
    assert known == unknown, "same algorithm, same memory, same passes"


def test_too_many_tries_shut_the_door_for_a_while(app: FastAPI, browser: TestClient, workspace: Workspace) -> None:
    bad = {"name": "айгүл", "password": "не тот пароль"}
    for _ in range(PER_NAME_AND_ADDRESS):
        assert browser.post("/api/v1/sign-in", json=bad).status_code == 401
    shut = browser.post("/api/v1/sign-in", json=GOOD)
    assert shut.status_code == 429
    assert 0 < int(shut.headers["retry-after"]) <= 900
    assert client_of(app, address="198.51.100.9").post("/api/v1/sign-in", json=GOOD).status_code == 200
    with workspace.write(actor="test") as session:
        assert len(session.scalars(select(FailedSignIn)).all()) == PER_NAME_AND_ADDRESS, "trying on does not count"
        session.execute(update(FailedSignIn).values(happened_at=datetime.now(UTC) - timedelta(minutes=15)))
    assert browser.post("/api/v1/sign-in", json=GOOD).status_code == 200


def test_nothing_that_opens_a_door_is_stored(browser: TestClient, workspace: Workspace) -> None:
    headers = sign_in(browser)
    key = browser.post("/api/v1/me/tokens", json={"name": "QGIS"}, headers=headers).json()["key"]
    browser.post("/api/v1/sign-in", json={"name": PASSWORD, "password": "x"})
    secrets = [PASSWORD, key, browser.cookies[COOKIE]]
    with workspace.read() as session:
        rows = [
            repr({**vars(row)})
            for table in (Account, AuditEvent, FailedSignIn, PageSession)
            for row in session.scalars(select(table))
        ]
        assert session.scalars(select(Account.password_hash)).one().startswith("$argon2id$")
        ledger = session.scalars(select(AuditEvent.after).where(AuditEvent.record_table == "account")).first()
    assert not any(secret in row for secret in secrets for row in rows)
    assert ledger is not None
    assert ledger["password_hash"] == "•••"


def test_an_old_hash_is_made_anew(browser: TestClient, workspace: Workspace) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with workspace.write(actor="test") as session:
        session.execute(update(Account).values(password_hash=weak))
    sign_in(browser)
    with workspace.read() as session:
        stored = session.scalars(select(Account.password_hash)).one()
    assert stored is not None
    assert stored != weak
    sign_in(browser)


def test_a_key_of_a_program(app: FastAPI, browser: TestClient, event_id: UUID) -> None:
    headers = sign_in(browser)
    # PostgreSQL keeps no such sign; it is told on both engines, and is no fault of ours.
    zero = browser.post("/api/v1/me/tokens", json={"name": "QG\0IS"}, headers=headers)
    assert (zero.status_code, zero.json()["key"]) == (422, "record.text_unusable")
    made = browser.post("/api/v1/me/tokens", json={"name": "QGIS", "read_only": True}, headers=headers).json()
    program = client_of(app, key=made["key"])
    assert program.get("/api/v1/me").json()["read_only"] is True
    (listed,) = browser.get("/api/v1/me/tokens").json()
    assert "key" not in listed
    refused = program.post("/api/v1/me/tokens", json={"name": "more"})
    assert (refused.status_code, refused.json()["key"]) == (403, "token.not_by_token")
    assert program.post("/api/v1/accounts", json={"name": "жаңы"}).status_code == 403
    assert browser.delete(f"/api/v1/me/tokens/{made['id']}", headers=headers).status_code == 204
    after = program.get("/api/v1/me")
    assert (after.status_code, after.headers["www-authenticate"]) == (401, 'Bearer realm="ayilmap"')


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer", "Basic YTpi", "ayilmap_x"])
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_wrong_key_is_told_and_the_cookie_does_not_help(browser: TestClient, given: str) -> None:
    sign_in(browser)
    assert browser.get("/api/v1/me", headers={"Authorization": given}).status_code == 401


def test_a_new_password(app: FastAPI, browser: TestClient) -> None:
    other = client_of(app)
    sign_in(other)
    headers = sign_in(browser)
    new = "бешик тоодо калды эле"
    wrong = browser.post("/api/v1/me/password", json={"earlier": "x", "password": new}, headers=headers)
    assert (wrong.status_code, wrong.json()["key"]) == (401, "password.earlier_wrong")
    done = browser.post("/api/v1/me/password", json={"earlier": PASSWORD, "password": new}, headers=headers)
    assert done.status_code == 204
    assert browser.get("/api/v1/me").json()["name"] == "айгүл", "this page stays"
    assert other.get("/api/v1/me").json()["is_public"] is True, "the others do not"
    assert browser.post("/api/v1/sign-in", json=GOOD).status_code == 401


@pytest.mark.parametrize(
    ("wish", "onward"),
    [("/events?lang=ky", "/events?lang=ky"), ("https://evil.example", "/"), ("//evil.example", "/"), ("/\\evil", "/")],
)
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_the_page(browser: TestClient, wish: str, onward: str) -> None:
    page = browser.get("/sign-in", params={"next": wish, "lang": "ky"})
    assert page.status_code == 200
    assert "script" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    form = {**GOOD, "next": wish}
    wrong = browser.post("/sign-in?lang=ky", data={**form, "password": "<b>жок</b>"}, headers={"Origin": ORIGIN})
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    assert "<b>" not in wrong.text
    done = browser.post("/sign-in?lang=ky", data=form, headers={"Origin": ORIGIN})
    assert (done.status_code, done.headers["location"]) == (303, onward)
    here = browser.get("/sign-in?lang=ky")
    token = here.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    forged = browser.post("/sign-out", data={"csrf_token": "0"}, headers={"Origin": ORIGIN})
    assert forged.status_code == 403
    out = browser.post("/sign-out", data={"csrf_token": token}, headers={"Origin": ORIGIN})
    assert out.status_code == 303
    assert browser.get("/api/v1/me").json()["is_public"] is True


def test_a_disabled_account_is_out_at_once(app: FastAPI, browser: TestClient, workspace: Workspace) -> None:
    sign_in(browser)
    with workspace.write(actor="test") as session:
        session.execute(update(Account).values(disabled_at=datetime.now(UTC)))
    assert browser.get("/api/v1/me").json()["is_public"] is True
    assert browser.post("/api/v1/sign-in", json=GOOD).status_code == 401


def test_a_laptop_asks_nobody(service: TestClient) -> None:
    assert service.get("/api/v1/me").json()["everywhere"] == ["administrator"]
    assert service.post("/api/v1/sign-in", json=GOOD).json()["key"] == "sign_in.off"
    assert service.get("/sign-in", follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8000", "192.168.1.7:8000", "[", ""])
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_laptop_answers_to_its_own_names_alone(service: TestClient, host: str) -> None:
    answer = service.get("/api/v1/me", headers={"Host": host})
    assert (answer.status_code, answer.json()["key"]) == (421, "http.wrong_host")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.0.0.2:1", "[::1]:8000", "LOCALHOST"])
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_its_own_names(service: TestClient, host: str) -> None:
    assert service.get("/api/v1/me", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 422),
        ({}, 422),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_no_other_site_writes_on_a_laptop(service: TestClient, headers: dict[str, str], status: int) -> None:
    assert service.post("/api/v1/sign-in", json=GOOD, headers=headers).status_code == status


def test_answers_tell_browsers_to_be_careful(browser: TestClient) -> None:
    answer = browser.get("/api/v1/me")
    for name, value in {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
    }.items():
        assert answer.headers[name] == value
    sign_in(browser)
    kept = browser.get("/api/v1/me").headers
    assert kept["cache-control"] == "private, no-cache"
    assert "Cookie" in kept["vary"]


def test_the_public_sees_what_is_published(browser: TestClient, event_id: UUID, workspace: Workspace) -> None:
    assert browser.get(f"/events/{event_id}/map").status_code == 404
    assert client_of(browser.app, address="203.0.113.5").get("/").status_code == 200  # type: ignore[arg-type]
    with workspace.write(actor="test") as session:
        from geo.models import AppraisalEvent

        session.execute(update(AppraisalEvent).values(published_at=datetime.now(UTC)))
    assert browser.get(f"/events/{event_id}/map").status_code == 200


def test_settings_are_kept_out_of_words(tmp_path: Path, database_url: str) -> None:
    settings: Settings = settings_of(tmp_path, database_url)
    assert settings.secret.get_secret_value() not in repr(settings)
