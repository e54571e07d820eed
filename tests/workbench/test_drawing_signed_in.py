"""Two people at one browser: what one could not send is not sent in the name of the other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from api.settings import Settings, SignIn
from geo.domain.rights import LOCAL, Role
from geo.models import AuditEvent, MapFeature
from geo.services.accounts import add_account
from geo.services.whole_sample import WholeSample
from tests.api.conftest import app_of
from tests.api.signed_in import PASSWORD, SECRET
from tests.workbench.drawing_desk import DrawingDesk
from tests.workbench.drawn_sheets import Drawn, store_drawn
from tests.workbench.field_service import Cutting, Service
from tests.workbench.served import WIDE, Visitor, axe_faults

expect.set_options(timeout=20_000)
FOUND = 15


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """One engine: what is tested here is the page."""
    return geopackage_url


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a service where people sign in."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    return Settings(
        data=tmp_path,
        database_url=database_url,
        sign_in=SignIn.ON,
        public_url=f"http://127.0.0.1:{port}",
        secret=SecretStr(SECRET),
    )


@pytest.fixture
def drawn(settings: Settings, sample: WholeSample, tmp_path: Path) -> Drawn:
    with settings.workspace.write(actor="test") as session:
        for name in ("айгүл", "бакыт"):
            add_account(
                session, LOCAL, name=name, password=PASSWORD, roles=[(Role.FACILITATOR, sample.municipality_id)]
            )
    return store_drawn(settings.workspace, tmp_path, sample.settlement_id)


@pytest.fixture
def visitor(browser: Browser, settings: Settings, drawn: Drawn) -> Iterator[Visitor]:
    address = str(settings.public_url).rstrip("/")
    service = Service(Cutting(app_of(settings)), int(address.rsplit(":", 1)[1]))
    service.start()
    visitor = Visitor(browser, address, "ky", WIDE)
    yield visitor
    visitor.close()
    service.stop()


def sign_in(visitor: Visitor, name: str, path: str) -> Page:
    """Sign in as somebody, whoever was before, and open a page."""
    visitor.context.clear_cookies(name="ayilmap")
    page = visitor.context.new_page()
    page.goto(f"{visitor.address}/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.close()
    return visitor.open(path)


def test_each_sends_only_what_is_theirs(visitor: Visitor, drawn: Drawn, settings: Settings) -> None:
    desk = DrawingDesk(sign_in(visitor, "айгүл", drawn.path))
    decisions = "**/candidate-decisions"
    visitor.context.route(decisions, lambda route: route.abort("connectionrefused"))
    desk.hover((1200, 300))
    desk.press("1")
    desk.counted(1, FOUND)
    expect(desk.page.locator(".saving")).to_have_attribute("data-state", "kept")
    desk.page.close(run_before_unload=False)
    visitor.context.unroute(decisions)

    second = DrawingDesk(sign_in(visitor, "бакыт", drawn.path))
    waits = second.page.locator("#others-wait")
    expect(waits).to_contain_text("айгүл чечкен 1 чечим")
    assert axe_faults(second.page) == []
    second.counted(0, FOUND)
    second.hover((180, 200))
    second.press("1")
    second.saved()
    # The session ends, or somebody else signs in in another window: nothing is lost, and the reason is told.
    visitor.context.clear_cookies(name="ayilmap")
    second.hover((300, 200))
    second.press("1")
    expect(second.page.locator(".saving")).to_have_attribute("data-state", "kept")
    expect(second.page.locator(".complaint")).to_be_visible()
    second.page.close(run_before_unload=False)

    first = DrawingDesk(sign_in(visitor, "айгүл", drawn.path))
    expect(first.page.locator("#others-wait")).to_contain_text("бакыт чечкен 1 чечим")
    first.saved()
    first.counted(2, FOUND)
    third = DrawingDesk(sign_in(visitor, "бакыт", drawn.path))
    third.saved()
    third.counted(3, FOUND)
    expect(third.page.locator("#others-wait")).to_be_hidden()
    with settings.workspace.read() as session:
        rows = session.query(MapFeature).filter_by(sheet_id=drawn.id).all()
        by = {
            one.kind.value: session.query(AuditEvent).filter_by(record_id=one.id).first().actor.split(" ")[0]  # type: ignore[union-attr]
            for one in rows
        }
    assert by == {"well": "айгүл", "house": "бакыт"}
    visitor.faults.clear()
