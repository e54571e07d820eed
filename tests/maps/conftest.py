"""The sample village, the browser, and a page that may not reach anything outside its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from geo.i18n import Language
from geo.snapshots import EventSnapshot
from maps.web.session_map import render_session_map
from tests.maps.village import village

DESKTOP = (1280, 800)
PHONE = (390, 844)


@pytest.fixture(scope="session")
def event() -> EventSnapshot:
    """Two groups' maps of a made-up village; the second group is switched off at first."""
    return village()


@dataclass
class Opened:
    """A map open in the browser, and everything that went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    @property
    def shown_signs(self) -> set[str]:
        return set(
            self.page.locator(".sign-marker").evaluate_all(
                "signs => signs.map(sign => sign.getAttribute('aria-label'))"
            )
        )


OpenMap = Callable[..., Opened]
OpenPage = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Open a page from a file with the network off; afterwards nothing may have gone wrong in it."""
    opened: list[Opened] = []

    def open_one(written: str, *, size: tuple[int, int] = DESKTOP, scripts: bool = True) -> Opened:
        path = tmp_path / f"map-{len(opened)}.html"
        path.write_text(written, encoding="utf-8")
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            has_touch=width < 500,
            java_script_enabled=scripts,
        )
        one = Opened(context.new_page())

        def only_the_file(route: Route) -> None:
            if route.request.url.startswith(("data:", "blob:")) or route.request.url == path.as_uri():
                route.continue_()
            else:
                one.faults.append(f"request to {route.request.url}")
                route.abort()

        context.route("**/*", only_the_file)
        one.page.on("console", lambda message: one.faults.append(f"console: {message.text}"))
        one.page.on("pageerror", lambda error: one.faults.append(f"error: {error}"))
        one.page.on("dialog", lambda dialog: (one.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        one.page.goto(path.as_uri())
        if scripts:
            one.page.wait_for_selector("html[data-ready=true]", state="attached")
        opened.append(one)
        return one

    yield open_one
    for one in opened:
        one.page.context.close()
    assert [fault for one in opened for fault in one.faults] == []


@pytest.fixture
def open_map(open_page: OpenPage) -> OpenMap:
    """Open an event's map as `open_page` does."""

    def open_one(
        event: EventSnapshot, language: Language = Language.KY, *, size: tuple[int, int] = DESKTOP, scripts: bool = True
    ) -> Opened:
        return open_page(render_session_map(event, language), size=size, scripts=scripts)

    return open_one
