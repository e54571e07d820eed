"""A service that can go away and come back at its address, and a phone that keeps what it has through a restart."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext, Page
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.workbench.served import PHONE

__all__ = ["SITE", "Cutting", "Phone", "Service", "kept_database"]

SITE = {"longitude": 78.2299, "latitude": 42.4970, "accuracy": 6.0}
"""In the sample village, beside the water pipe of the plan."""


class Cutting:
    """Does what is asked, and then lets the line break before the answer arrives, for requests that `wants` names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.wants: Callable[[str, str], bool] = lambda _method, _path: False
        self.cut: list[str] = []
        """What was stored though nobody was told."""
        self.asked: list[tuple[str, str, int]] = []
        """Method, path and status of everything that was answered."""
        self.newer = False
        """Whether the worker that is served is of a newer version."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        is_cut = self.wants(method, path)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.asked.append((method, path, message["status"]))
            if self.newer and path == "/field/worker.js" and message["type"] == "http.response.start":
                lengths = {b"content-length"}
                message["headers"] = [one for one in message["headers"] if one[0].lower() not in lengths]
            if self.newer and path == "/field/worker.js" and message["type"] == "http.response.body":
                message["body"] = message.get("body", b"") + b"\n// a newer version\n"
            if not is_cut:
                await send(message)

        await self.app(scope, receive, answer)
        if is_cut:
            self.cut.append(path)
            # Uvicorn closes the connection of an application that ends without an answer's body.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"999")]})
            raise ConnectionAbortedError("the line broke")

    def writes(self) -> list[tuple[str, str, int]]:
        """What was answered of requests that write."""
        return [one for one in self.asked if one[0] in {"PUT", "POST"}]


@dataclass
class Service:
    """A service on a port of its own, which it takes again when it comes back."""

    app: ASGIApp
    port: int = 0
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it is, or was."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Come (back)."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(self.app, log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """Go away: nobody listens at the address any more."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._server = None


@dataclass
class Phone:
    """A browser with a folder of its own: closed and opened again it still has what it kept."""

    open_context: Callable[..., BrowserContext]
    folder: Path
    address: str
    language: str = "ky"
    place: dict[str, float] | None = field(default_factory=lambda: dict(SITE))
    faults: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    def start(self) -> None:
        """Switch it on."""
        width, height = PHONE
        self.context = self.open_context(
            str(self.folder),
            viewport={"width": width, "height": height},
            has_touch=True,
            locale="ky-KG",
            accept_downloads=True,
            permissions=["geolocation"] if self.place else [],
            geolocation=self.place,
            service_workers="allow",
        )
        self.context.add_cookies([{"name": "lang", "value": self.language, "url": self.address}])
        self.context.set_default_timeout(30_000)

    def stop(self) -> None:
        """Switch it off."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def open(self, path: str) -> Page:
        """Open a page and wait until its script is ready."""
        assert self.context is not None
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._watch(request.url))
        page.goto(f"{self.address}{path}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {url}")


@contextlib.contextmanager
def kept_database(page: Page) -> Iterator[dict[str, Any]]:
    """Yield everything that the phone keeps of visits, without photos' bytes."""
    yield page.evaluate(
        """async () => ({
            drafts: await fieldDatabase.all("drafts"), visits: await fieldDatabase.all("visits"),
            photos: (await fieldDatabase.all("photos")).map(({blob, ...rest}) => ({...rest, bytes: blob.size})),
        })"""
    )
