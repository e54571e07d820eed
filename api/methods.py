"""Methods that no route has to think of: HEAD is GET without its body, OPTIONS tells what an address takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from fastapi import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Methods", "methods_by_path"]

PathMethods = tuple[re.Pattern[str], frozenset[str]]
_ALWAYS: Final = frozenset({"OPTIONS"})


def methods_by_path(routes: Iterable[Any]) -> tuple[PathMethods, ...]:
    """Return which methods the addresses of routes take, by their patterns."""
    found: dict[re.Pattern[str], frozenset[str]] = {}
    for route in routes:
        methods = frozenset(getattr(route, "methods", None) or ())
        if methods:
            found[route.path_regex] = found.get(route.path_regex, frozenset()) | methods
    return tuple(found.items())


class Methods:
    """Answers HEAD and OPTIONS (RFC 9110, clauses 9.3.2 and 9.3.7), and says at a 405 all that is allowed (15.5.6)."""

    def __init__(self, app: ASGIApp, paths: Sequence[PathMethods]) -> None:
        self.app = app
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, _without_body(send))
        elif (
            scope["method"] == "OPTIONS"
            and not self._tells_itself(scope["path"])
            and (allowed := self._allowed(scope["path"]))
        ):
            await Response(status_code=204, headers={"Allow": allowed})(scope, receive, send)
        else:
            await self.app(scope, receive, self._telling(scope["path"], send))

    def _tells_itself(self, path: str) -> bool:
        """Whether an address has an answer of its own, as where each collection takes other methods."""
        return any("OPTIONS" in methods and pattern.match(path) for pattern, methods in self.paths)

    def _telling(self, path: str, send: Send) -> Send:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:
                allowed = self._allowed(path)
                if allowed:
                    MutableHeaders(scope=message)["Allow"] = allowed
            await send(message)

        return tell

    def _allowed(self, path: str) -> str:
        methods: set[str] = set()
        for pattern, those in self.paths:
            if pattern.match(path):
                methods |= those
        if not methods:
            return ""
        return ", ".join(sorted(methods | _ALWAYS | ({"HEAD"} if "GET" in methods else set())))


def _without_body(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return pass_on
