"""The field app without a connection: the service is really gone, the phone is really switched off in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.workbench.field_fixtures import app, line, on_geopackage, open_context, phone, photo, service
from tests.workbench.field_service import Cutting, Phone, Service, kept_database
from tests.workbench.field_steps import record_visit, take_along

__all__ = ["app", "line", "open_context", "phone", "photo", "service"]


def stored(page: Page, path: str) -> int:
    """How many records of a list the service has."""
    return page.evaluate("async (path) => (await (await fetch(path)).json()).matched", f"{path}?count=true&limit=1")


def test_a_visit_recorded_without_a_connection_is_sent_exactly_once(
    phone: Phone, service: Service, line: Cutting, app: str, photo: Path
) -> None:
    page = phone.open(app)
    take_along(page)
    before = {name: stored(page, f"/api/v1/{name}") for name in ("monitoring-visits", "findings", "visit-photos")}
    service.stop()
    phone.stop()
    phone.start()

    page = phone.open(app)  # nobody listens at the address: all of it comes from the phone
    record_visit(page, photo)
    expect(page.locator("#chip")).to_contain_text("1")
    expect(page.locator(".visit.waiting")).to_have_count(1)
    phone.stop()
    phone.start()

    page = phone.open(app)
    expect(page.locator(".visit.waiting")).to_have_count(1)
    with kept_database(page) as kept:
        assert [part["receipt"] for part in kept["visits"][0]["parts"]] == [None, None, None]
        assert len(kept["photos"]) == 1
    # The visit and the photo are stored, and the line breaks before the phone hears of it: each time once.
    line.wants = lambda method, path: method in {"PUT", "POST"} and path not in line.cut
    service.start()
    for _ in range(4):
        page.get_by_role("button", name="Азыр жөнөтүү").click()
        if page.locator(".visit.sent").count():
            break
        page.wait_for_function(
            "() => fieldDatabase.all('visits').then((all) => all[0].state === 'sent' || all[0].trouble)"
        )
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert len(line.cut) == 3
    after = {name: stored(page, f"/api/v1/{name}") for name in before}
    assert after == {name: count + 1 for name, count in before.items()}
    with kept_database(page) as kept:
        visit = kept["visits"][0]
        assert all(part["receipt"]["id"] and part["receipt"]["version"] for part in visit["parts"])
        assert [part["receipt"]["isNew"] for part in visit["parts"]] == [False, False, False]
        assert [part["name"] for part in visit["parts"]] == ["monitoring-visits", "findings", "photos"]
    expect(page.locator("#chip")).to_contain_text("Баары жөнөтүлдү")


@on_geopackage
def test_the_browser_sends_when_the_signal_returns_though_the_page_is_closed(
    phone: Phone, service: Service, line: Cutting, app: str
) -> None:
    assert phone.context is not None
    phone.context.grant_permissions(["geolocation", "background-sync"])
    page = phone.open(app)
    take_along(page)
    service.stop()
    record_visit(page)
    expect(page.locator(".visit.waiting")).to_have_count(1)
    tags = page.evaluate("navigator.serviceWorker.ready.then((one) => one.sync.getTags())")
    assert tags == ["ayilmap-field-send"]
    blank = phone.context.pages[0]
    devtools = phone.context.new_cdp_session(blank)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.close()
    service.start()
    line.asked.clear()
    # The browser wakes the worker when there is a connection again, which DevTools can tell it.
    wait_for(lambda: bool(registrations), blank)
    woken = {"origin": service.address, "registrationId": registrations[0], "tag": tags[0], "lastChance": False}
    devtools.send("ServiceWorker.dispatchSyncEvent", woken)
    wait_for(lambda: len(line.writes()) >= 2, blank)
    assert [(method, status) for method, _, status in line.writes()] == [("PUT", 201), ("PUT", 201)]
    page = phone.open(app)
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert len(line.writes()) == 2


def wait_for(is_so: Callable[[], bool], blank: Page) -> None:
    """Wait until something is so, and let the browser go on meanwhile."""
    deadline = time.monotonic() + 30
    while not is_so() and time.monotonic() < deadline:
        blank.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))")
    assert is_so()
