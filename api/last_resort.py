"""What the framework would answer in its own words, or not at all, said as every other error is."""

from __future__ import annotations

import logging

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_answer

__all__ = ["LastResort"]

_log = logging.getLogger("ayilmap.http")


class LastResort:
    """Answers an error that nobody foresaw, and a body that is too large before a byte of it is read.

    It stands inside `api.guarding.Guard`, so that these answers too carry the headers that browsers obey.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = replaced = False

        async def send_in_words(message: Message) -> None:
            nonlocal started, replaced
            if message["type"] == "http.response.start":
                started = True
                replaced = message["status"] == 413 and "json" not in Headers(scope=message).get("content-type", "")
                if replaced:
                    await error_answer(Request(scope), 413, "http.too_large")(scope, receive, send)
            if not replaced:
                await send(message)

        try:
            await self.app(scope, receive, send_in_words)
        except Exception as error:
            if started:
                raise
            _log.exception("unexpected error on %s", scope["path"], exc_info=error)
            await error_answer(Request(scope), 500, "http.unexpected")(scope, receive, send)
