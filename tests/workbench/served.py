"""A service on loopback, and pages of it in a browser that complain about what no page may do."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page

from maps.web.assets import node_modules_folder

__all__ = ["PHONE", "WIDE", "Visitor", "axe_faults", "is_cut_off", "serve"]

WIDE = (1280, 800)
PHONE = (390, 844)
_AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@contextlib.contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of loopback; yields the address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Visitor:
    """Somebody with a browser of their own; every page is watched for errors and for requests to elsewhere."""

    browser: Browser
    address: str
    language: str = "ky"
    size: tuple[int, int] = WIDE
    faults: list[str] = field(default_factory=list)
    """Errors of the console, scripts that failed, requests to other hosts."""

    def __post_init__(self) -> None:
        width, height = self.size
        self.context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=width < 600,
            accept_downloads=True,
            locale={"ky": "ky-KG", "ru": "ru-RU", "en": "en-GB"}[self.language],
        )
        self.context.add_cookies([{"name": "lang", "value": self.language, "url": self.address}])
        self.context.set_default_timeout(15_000)

    def open(self, path: str, *, ready: bool = True) -> Page:
        """Open a page; with ``ready``, wait until its script says so (``data-ready`` on the root)."""
        page = self.context.new_page()
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._watch(request.url))
        page.goto(f"{self.address}{path}")
        if ready:
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {url}")

    def excuse(self, *wanted: int | str) -> None:
        """Take out what a browser writes to the console of answers (by status) and faults (by word) a test wants."""
        words = [f"status of {one}" if isinstance(one, int) else one for one in wanted]
        self.faults[:] = [fault for fault in self.faults if not any(one in fault for one in words)]

    def close(self) -> None:
        """Close the browser's window; fails where a page of it went wrong."""
        self.context.close()
        assert self.faults == []


def axe_faults(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 A and AA on a page, a line each."""
    # Not by a script element: the pages' own policy forbids it.
    script = (node_modules_folder() / "axe-core" / "axe.min.js").read_text("utf-8")
    page.evaluate(script)
    options = json.dumps({"runOnly": {"type": "tag", "values": list(_AXE_TAGS)}})
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {options})")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def is_cut_off(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
