"""The service: `create_app` puts it together; importing this connects to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from api import errors
from api.routes import events, health, pages
from api.settings import Settings

__all__ = ["create_app"]

# Maps carry their scripts and pictures inside themselves; nothing may come from or go to another origin.
_POLICY = "default-src 'self' 'unsafe-inline' data: blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"


def create_app(settings: Settings) -> FastAPI:
    """Put the service together for one data folder.

    Nothing connects to the store before the first request.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        settings.workspace.database.dispose()

    app = FastAPI(title="Ayilmap", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    errors.install(app)
    app.include_router(health.router)
    app.include_router(events.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "pages" / "static"), name="static")

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app
