"""Administrators give what is theirs and no more; what a role reaches; accounts from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy import select

from api.app import create_app
from api.settings import Settings, SignIn
from geo.domain.provenance import FeatureSource
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind, Layer
from geo.errors import Refused
from geo.models import Account, AppraisalEvent, AuditEvent, Base, Cycle, MapFeature, Membership, Municipality
from geo.repositories.visibility import SUBJECT_OF, visible
from geo.services.access_tokens import make_token
from geo.services.accounts import add_account, find_account
from geo.services.actors import actor_of
from geo.services.sign_in import who_by_token
from geo.services.workspace import Workspace
from tests.api.conftest import Command
from tests.api.signed_in import ORIGIN, PASSWORD, SECRET, app_of, client_of, settings_of

REFORM = date(2024, 1, 1)
ADMIN = Role.ADMINISTRATOR


@dataclass
class Places:
    """The old aimak of the fixture, the one that took its village over, and another."""

    old: UUID
    new: UUID
    other: UUID


@pytest.fixture
def places(workspace: Workspace, event_id: UUID) -> Places:
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        old = session.scalars(select(Cycle.municipality_id)).one()
        new = Municipality(name_ky="Жети-Өгүз айыл аймагы", kind=MunicipalityKind.AIMAK)
        other = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add_all([new, other])
        session.flush()
        session.add(Membership(settlement_id=event.settlement_id, municipality_id=new.id, valid_from=REFORM))
        session.flush()
        return Places(old, new.id, other.id)


@pytest.fixture
def app(workspace: Workspace, database_url: str, tmp_path: Path, places: Places) -> Iterator[FastAPI]:
    with workspace.write(actor="test") as session:
        for name, where in (("жогорку", None), ("бириккен", places.new), ("башка", places.other)):
            add_account(session, LOCAL, name=name, password=PASSWORD, roles=[(ADMIN, where)])
    app = app_of(settings_of(tmp_path, database_url))
    yield app
    app.state.settings.workspace.database.dispose()


def page(app: FastAPI, name: str) -> TestClient:
    """Return a page on which somebody has signed in."""
    client = client_of(app)
    answer = client.post("/api/v1/sign-in", json={"name": name, "password": PASSWORD})
    client.headers |= {"Origin": ORIGIN, "X-CSRF-Token": answer.json()["csrf_token"]}
    return client


def test_nobody_gives_what_lies_beyond(app: FastAPI, places: Places) -> None:
    here = page(app, "башка")
    made = here.post(
        "/api/v1/accounts",
        json={
            "name": "жаңы",
            "password": PASSWORD,
            "roles": [{"role": "facilitator", "municipality_id": str(places.other)}],
        },
    )
    assert made.status_code == 201, made.text
    path = f"/api/v1/accounts/{made.json()['id']}"
    for where in (str(places.new), str(places.old), None):
        beyond = here.post(f"{path}/roles", json={"role": "planner", "municipality_id": where})
        assert beyond.status_code == 403
        first = {"name": "дагы", "roles": [{"role": "planner", "municipality_id": where}]}
        assert here.post("/api/v1/accounts", json=first).status_code == 403
    assert [one["name"] for one in here.get("/api/v1/accounts").json()] == ["башка", "жаңы"]
    assert page(app, "бириккен").get(path).status_code == 404
    assert page(app, "жаңы").get("/api/v1/accounts").status_code == 403
    assert client_of(app).get("/api/v1/accounts").status_code == 401


def test_a_password_is_no_way_to_somebody_elses_role(app: FastAPI, workspace: Workspace, places: Places) -> None:
    with workspace.read() as session:
        top = find_account(session, "жогорку")
    boss, here = page(app, "жогорку"), page(app, "башка")
    role = {"role": "monitor", "municipality_id": str(places.other)}
    assert here.post(f"/api/v1/accounts/{top}/roles", json=role).status_code == 201
    new = {"password": "бешик тоодо калды эле"}
    assert here.put(f"/api/v1/accounts/{top}/password", json=new).status_code == 403
    assert here.put(f"/api/v1/accounts/{top}/state", json={"disabled": True}).status_code == 403
    shown = here.get(f"/api/v1/accounts/{top}").json()["roles"]
    assert [one["role"] for one in shown] == ["monitor"], "roles elsewhere are not told"
    assert here.delete(f"/api/v1/accounts/{top}/roles/{shown[0]['id']}").status_code == 204
    assert boss.put(f"/api/v1/accounts/{top}/state", json={"disabled": True}).json()["key"] == "account.own"
    with workspace.read() as session:
        theirs = find_account(session, "башка")
        actors = session.scalars(select(AuditEvent.actor).where(AuditEvent.record_table == "role_grant")).all()
    assert f"башка ({theirs})" in actors
    assert boss.put(f"/api/v1/accounts/{theirs}/password", json=new).status_code == 204
    assert here.get("/api/v1/me").json()["is_public"] is True


def actor(workspace: Workspace, name: str) -> Actor:
    with workspace.read() as session:
        account = session.scalars(select(Account).where(Account.name == name)).one()
        return actor_of(session, account, today=date(2026, 3, 1))


def test_a_role_reaches_the_aimak_that_went_up_in_its_own(app: FastAPI, workspace: Workspace, places: Places) -> None:
    assert set(actor(workspace, "бириккен").roles) == {places.new, places.old}
    assert set(actor(workspace, "башка").roles) == {places.other}


def test_the_day_of_a_reform_begins_in_kyrgyzstan(workspace: Workspace, places: Places) -> None:
    with workspace.write(actor="test") as session:
        account = add_account(session, LOCAL, name="бириккен", password=None, roles=[(ADMIN, places.new)])
        made = make_token(session, account, name="test", now=datetime(2023, 12, 1, tzinfo=UTC))
    for minute, reached in ((59, {places.new}), (61, {places.new, places.old})):
        now = datetime(2023, 12, 31, 17, tzinfo=UTC) + timedelta(minutes=minute)
        with workspace.read() as session:
            assert set(who_by_token(session, made.key, now=now).roles) == reached


def test_rows_by_village_and_what_gives_a_household_away(
    app: FastAPI, workspace: Workspace, places: Places, event_id: UUID
) -> None:
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        for shown, sensitive in ((False, False), (True, False), (True, True)):
            session.add(
                MapFeature(
                    settlement_id=event.settlement_id,
                    event_id=event_id,
                    layer=Layer.INFRASTRUCTURE,
                    kind=Kind.HOUSE,
                    attributes={},
                    source=FeatureSource.DRAWN,
                    geometry=Point(78.2385, 42.495),
                    published_at=datetime.now(UTC) if shown else None,
                    is_sensitive=sensitive,
                )
            )
    outside = Actor("former", UUID(int=7), roles={places.old: frozenset(Role)})
    expected = {"бириккен": 3, "башка": 1, "жогорку": 3}
    with workspace.read() as session:

        def seen(who: Actor) -> int:
            return len(session.scalars(select(MapFeature).where(visible(MapFeature, who))).all())

        assert {name: seen(actor(workspace, name)) for name in expected} == expected
        assert seen(PUBLIC) == 1
        assert seen(outside) == 1, "the village is another's today"
        assert session.scalars(select(AppraisalEvent).where(visible(AppraisalEvent, outside))).all(), "the record stays"


def test_every_table_says_who_sees_it() -> None:
    nobody = {"page_session", "failed_sign_in", "term"}
    assert set(Base.metadata.tables) - set(SUBJECT_OF) - nobody <= {"tile", "feature_cell", "kept_tile"}


def test_accounts_at_the_command_line(ayilmap: Command, event_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(words: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(words))

    place = ("--municipality", "Липенка айыл аймагы")
    typed(f"{PASSWORD}\n")
    code, out, err = ayilmap("user", "add", "Айгүл", "--role", "facilitator", *place, "--password-stdin")
    assert (code, err) == (0, "")
    assert PASSWORD not in out
    assert ayilmap("user", "grant", "айгүл", "--role", "planner", "--everywhere")[0] == 0
    assert ayilmap("user", "grant", "айгүл", "--role", "planner", "--everywhere")[0] == 2
    assert ayilmap("user", "grant", "айгүл", "--role", "planner")[0] == 2
    assert "Planner (everywhere)" in ayilmap("user", "list")[1]
    assert ayilmap("user", "revoke", "айгүл", "--role", "planner", "--everywhere")[0] == 0
    assert ayilmap("user", "revoke", "айгүл", "--role", "planner", "--everywhere")[0] == 2
    code, out, _ = ayilmap("user", "token", "айгүл", "--for", "QGIS", "--read-only", *place, "--json")
    made = json.loads(out)
    assert made["key"].startswith("ayilmap_")
    assert ayilmap("user", "token", "айгүл", "--revoke", made["token"])[0] == 0
    assert "no longer holds" in ayilmap("user", "token", "айгүл", "--list")[1]
    typed("password12\n")
    assert ayilmap("user", "password", "айгүл", "--password-stdin")[0] == 2
    assert ayilmap("user", "add", "болот")[2].startswith("There is no terminal")
    assert ayilmap("user", "disable", "айгүл")[0] == 0
    (shown,) = json.loads(ayilmap("user", "list", "--json")[1])["accounts"]
    assert (shown["disabled"], [one["role"] for one in shown["roles"]]) == (True, ["facilitator"])
    assert ayilmap("user", "disable", "айгүл", "--undo")[0] == 0
    assert ayilmap("user", "disable", "жок киши")[0] == 2


GOOD = {"sign_in": SignIn.ON, "public_url": ORIGIN, "secret": SECRET}


@pytest.mark.parametrize(
    ("values", "host", "key"),
    [
        ({}, "0.0.0.0", "serve.loopback_only"),
        ({}, "192.168.1.7", "serve.loopback_only"),
        ({"public_url": ORIGIN}, None, "settings.public_without_sign_in"),
        ({**GOOD, "secret": ""}, None, "settings.secret_missing"),
        ({**GOOD, "secret": "changeme"}, None, "settings.secret_weak"),
        ({**GOOD, "secret": "changeme-0123456789abcdef0123456789abcdef"}, None, "settings.secret_weak"),
        ({**GOOD, "secret": "ab" * 32}, None, "settings.secret_weak"),
        ({**GOOD, "public_url": ""}, None, "settings.public_url_missing"),
        ({**GOOD, "public_url": "http://ayil.example.kg"}, None, "settings.public_url_insecure"),
        ({**GOOD, "public_url": "ayil.example.kg"}, None, "settings.public_url_unreadable"),
        ({**GOOD, "public_url": "https://a:b@ayil.example.kg"}, None, "settings.public_url_unreadable"),
        ({**GOOD, "public_url": "https://ayil.example.kg/sub"}, None, "settings.public_url_unreadable"),
        ({**GOOD, "public_url": "https://ayil.example.kg:x"}, None, "settings.public_url_unreadable"),
    ],
)
def test_settings_that_would_let_somebody_in(
    values: dict[str, str], host: str | None, key: str, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, **values)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        settings.check_serving(host)
    assert refused.value.key == key
    if host is None:
        with pytest.raises(Refused):
            create_app(settings)
    assert SECRET not in str(refused.value.params)


@pytest.mark.parametrize(
    ("values", "host"),
    [
        (GOOD, "0.0.0.0"),
        ({**GOOD, "public_url": "http://localhost:8000"}, "127.0.0.1"),
        ({}, "127.0.0.1"),
        ({}, "::1"),
        ({}, "localhost"),
    ],
)
def test_settings_that_fit(values: dict[str, str], host: str, tmp_path: Path) -> None:
    Settings(data=tmp_path, **values).check_serving(host)  # type: ignore[arg-type]
