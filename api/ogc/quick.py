"""What is asked for most, answered before the framework has looked for its route: pages of features and tiles.

Nothing is answered otherwise than by the routes, which lead to the same functions: only the way there is shorter.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.ogc.items import show_items
from api.ogc.tiles import show_tile
from geo.errors import AyilmapError

__all__ = ["Quick"]

_TILE: Final = r"(?P<matrix_set_id>[^/]+)/(?P<matrix>[^/]+)/(?P<row>[^/]+)/(?P<column>[^/]+)"
_WAYS: Final[tuple[tuple[re.Pattern[str], Callable[[Request], Awaitable[Response]]], ...]] = (
    (re.compile(r"/ogc/collections/(?P<collection_id>[^/]+)/items"), show_items),
    (re.compile(rf"/ogc/collections/(?P<collection_id>[^/]+)/tiles/{_TILE}"), show_tile),
    (re.compile(rf"/ogc/tiles/{_TILE}"), show_tile),
)


class Quick:
    """Answers some addresses, and passes everything else on; stands inside all that guards an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith("/ogc/"):
            for pattern, endpoint in _WAYS:
                if (found := pattern.fullmatch(scope["path"])) is not None:
                    request = Request({**scope, "path_params": found.groupdict()}, receive, send)
                    answer = await _answer(request, endpoint)
                    await answer(scope, receive, send)
                    return
        await self.app(scope, receive, send)


async def _answer(request: Request, endpoint: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        return await endpoint(request)
    except AyilmapError as error:
        app: FastAPI = request.app
        in_words: Any = app.exception_handlers[AyilmapError]
        answer: Response = await in_words(request, error)
        return answer
