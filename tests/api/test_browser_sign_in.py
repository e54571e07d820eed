"""The page for signing in, in a real browser: at phone width, in Kyrgyz, with the keyboard alone."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings, SignIn
from geo.domain.rights import LOCAL, Role
from geo.services.accounts import add_account
from geo.services.workspace import Workspace
from tests.api.signed_in import PASSWORD, SECRET

KEPT = os.environ.get("AYILMAP_SCREENSHOTS")
"""Folder for pictures of the pages, for whoever wants to look at them."""


@pytest.fixture
def address(workspace: Workspace, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Address of a service where people sign in."""
    with workspace.write(actor="test") as session:
        add_account(session, LOCAL, name="айгүл", password=PASSWORD, roles=[(Role.FACILITATOR, None)])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        data=tmp_path, database_url=database_url, sign_in=SignIn.ON, public_url=url, secret=SecretStr(SECRET)
    )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield url
    server.should_exit = True
    thread.join()


def keep(page: Page, name: str) -> None:
    """Keep a picture of a page where somebody wants to look at it."""
    if KEPT:
        page.screenshot(path=str(Path(KEPT) / f"{name}.png"))


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_signing_in_and_out_with_the_keyboard(address: str, browser: Browser) -> None:
    complaints: list[str] = []
    for language, width, height in (("ky", 390, 844), ("en", 1280, 800), ("en", 390, 844), ("ky", 1280, 800)):
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/?lang={language}")
        page.locator("a.account").click()
        page.wait_for_selector("#password")
        page.wait_for_load_state()  # its style sheets too
        keep(page, f"sign_in_{language}_{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for box in (one.bounding_box() for one in page.locator("input:visible, button").all()):
            assert box is not None
            assert box["height"] >= 44
        expect(page.locator("#name")).to_be_focused()
        page.keyboard.type("айгүл")
        page.keyboard.press("Tab")
        page.keyboard.type("жок")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        expect(page.locator("#password")).to_be_focused()
        keep(page, f"sign_in_wrong_{language}_{width}")
        assert page.input_value("#name") == "айгүл"
        assert page.input_value("#password") == ""
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("a.account:has-text('айгүл')")
        assert page.evaluate("document.cookie") == f"lang={language}", "no script reads the key"
        page.locator("a.account").click()
        page.wait_for_selector("button.secondary")
        keep(page, f"signed_in_{language}_{width}")
        page.locator("button.secondary").click()
        page.wait_for_selector("#password")
        assert {one["name"] for one in page.context.cookies()} == {"lang"}
        page.context.close()
    assert complaints == []
