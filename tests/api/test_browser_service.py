"""The served pages in a real browser: from the first page to the map, at phone width, in Kyrgyz."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from playwright.sync_api import Browser

from api.app import create_app
from api.settings import Settings
from geo.drafts import NewSheet
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace


@pytest.fixture
def address(workspace: Workspace, database_url: str, event_id: UUID, sheet: NewSheet, tmp_path: Path) -> Iterator[str]:
    """Address of a service on loopback with one sheet in its store."""
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    settings = Settings(data=tmp_path, database_url=database_url)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_from_the_first_page_to_the_map(address: str, browser: Browser) -> None:
    complaints: list[str] = []
    outside: list[str] = []
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else outside.append(request.url),
    )
    page.goto(f"{address}/?lang=ky")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button = page.get_by_role("link", name="Картаны ачуу")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.click()
    page.wait_for_selector(".leaflet-container")
    page.wait_for_selector("text=Талаа")
    page.close()
    assert complaints == []
    assert outside == []
