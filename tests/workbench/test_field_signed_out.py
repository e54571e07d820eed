"""A session that is over while visits wait: everything stays on the phone, and goes on after signing in."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from api.settings import Settings, SignIn
from geo.domain.rights import LOCAL, Role
from geo.services.accounts import add_account
from geo.services.whole_sample import WholeSample
from tests.api.conftest import app_of
from tests.api.signed_in import PASSWORD, SECRET
from tests.workbench.field_fixtures import app, on_geopackage, open_context, phone
from tests.workbench.field_service import Cutting, Phone, Service, kept_database
from tests.workbench.field_steps import record_visit, step, take_along
from tests.workbench.served import axe_faults

__all__ = ["app", "open_context", "phone"]

pytestmark = on_geopackage


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago: the service must know its address before it is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path, port: int) -> Settings:
    """Settings of a service where people sign in."""
    return Settings(
        data=tmp_path,
        database_url=database_url,
        sign_in=SignIn.ON,
        public_url=f"http://127.0.0.1:{port}",
        secret=SecretStr(SECRET),
    )


@pytest.fixture
def line(settings: Settings, sample: WholeSample) -> Cutting:
    """The service, with two monitors."""
    with settings.workspace.write(actor="test") as session:
        roles = [(Role.MONITOR, sample.municipality_id)]
        for name in ("салтанат", "азамат"):
            add_account(session, LOCAL, name=name, password=PASSWORD, roles=roles)
    return Cutting(app_of(settings))


@pytest.fixture
def service(line: Cutting, port: int) -> Iterator[Service]:
    """The service, there."""
    service = Service(line, port)
    service.start()
    yield service
    service.stop()


def sign_in(page: Page, name: str = "салтанат") -> None:
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button").first.click()
    page.wait_for_selector("html[data-ready]", state="attached")


def test_signing_in_again_goes_on(phone: Phone, service: Service, line: Cutting, app: str) -> None:
    page = phone.open(app)
    page.locator(".along button").click()
    expect(page.locator("#trouble")).to_contain_text("кайра кирсеңиз")
    page.goto(f"{service.address}/sign-in?next={app}")
    sign_in(page)
    take_along(page)
    service.stop()
    record_visit(page)
    assert phone.context is not None
    phone.context.clear_cookies(name="ayilmap")
    service.start()
    line.asked.clear()
    page.get_by_role("button", name="Азыр жөнөтүү").click()
    told = page.locator(".visit.waiting .said")
    expect(told).to_contain_text("Баары телефондо сакталып турат")
    assert line.writes() == []
    told.get_by_role("link").click()
    sign_in(page)
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert [status for _, path, status in line.writes() if path.startswith("/api/v1/")] == [201, 201]


def test_nobody_sends_in_the_name_of_another_without_saying_so(
    phone: Phone, service: Service, line: Cutting, app: str
) -> None:
    door = f"{service.address}/sign-in?next={app}"
    page = phone.open(app)
    page.goto(door)
    sign_in(page)
    take_along(page)
    service.stop()
    record_visit(page)
    page.goto(f"{service.address}{app}#/")
    page.get_by_role("button", name="Чыгууну баштоо").click()
    step(page, 1)
    begun = page.url
    assert phone.context is not None
    phone.context.clear_cookies(name="ayilmap")
    service.start()
    line.asked.clear()
    page.goto(door)
    sign_in(page, "азамат")
    visit = page.locator(".visit.waiting")
    expect(visit.locator(".said")).to_contain_text("Муну салтанат жазган")
    expect(page.get_by_role("button", name="Чыгууну баштоо")).to_be_disabled()  # it was not this account's to keep
    assert [one for one in line.writes() if one[1].startswith("/api/v1/")] == []
    visit.get_by_role("button", name="Өз атымдан жөнөтүү").click()
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert [status for _, path, status in line.writes() if path.startswith("/api/v1/")] == [201, 201]
    # What was only begun stays that person's as well, whoever takes the plan along now.
    take_along(page)
    draft = page.locator(".draft")
    expect(draft).to_contain_text("Муну салтанат баштаган")
    expect(draft.get_by_role("link")).to_have_count(0)
    page.goto(begun)
    expect(page.locator(".draft")).to_be_visible()
    expect(page.locator(".steps")).to_have_count(0)


def test_a_phone_forgets_all_after_what_was_not_sent_is_offered_as_a_file(
    phone: Phone, service: Service, line: Cutting, app: str
) -> None:
    page = phone.open(app)
    page.goto(f"{service.address}/sign-in?next={app}")
    sign_in(page)
    take_along(page)
    service.stop()
    record_visit(page)
    page.get_by_text("Бул телефондон баарын өчүрүү").click()
    forget = page.locator(".forget")
    press = forget.get_by_role("button", name="Баарын өчүрүү", exact=True)
    expect(press).to_be_disabled()
    expect(forget).to_contain_text("Жөнөтүлө элек чыгуулар: 1")
    assert axe_faults(page) == []
    with page.expect_download() as saving:
        forget.get_by_role("button", name="Файлга сактоо").click()
    assert len(json.loads(Path(saving.value.path()).read_text("utf-8"))["visits"]) == 1
    forget.get_by_role("checkbox").check()
    press.click()
    expect(page.locator(".visit")).to_have_count(0)
    expect(page.get_by_role("button", name="Чыгууну баштоо")).to_be_disabled()
    with kept_database(page) as kept:
        assert kept == {"drafts": [], "visits": [], "photos": []}
    assert page.evaluate("fieldDatabase.all('kept')") == []
    names = page.evaluate("caches.keys()")
    assert not [name for name in names if "ground" in name or "pages" in name]
    line.asked.clear()
    service.start()
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert [one for one in line.writes() if one[1].startswith("/api/v1/")] == []
