"""The service: `create_app` puts it together; importing this connects to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api import errors
from api.guarding import Guard
from api.rest.router import router_for
from api.routes import accounts, appraisal, events, gallery, health, me, pages, plans, sign_in, venn
from api.settings import Settings
from geo.services.records.registry import RESOURCES

__all__ = ["create_app"]


def create_app(settings: Settings) -> FastAPI:
    """Put the service together for one data folder.

    Nothing connects to the store before the first request.

    Raises
    ------
    Refused
        The settings would let somebody in who should not be: see `Settings.check_serving`.
    """
    settings.check_serving()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        settings.workspace.database.dispose()

    app = FastAPI(title="Ayilmap", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    errors.install(app)
    app.include_router(health.router)
    app.include_router(events.router)
    app.include_router(appraisal.router)
    app.include_router(venn.router)
    app.include_router(gallery.router)
    app.include_router(plans.router)
    app.include_router(pages.router)
    app.include_router(sign_in.router)
    app.include_router(me.router)
    app.include_router(accounts.router)
    for resource in RESOURCES.values():
        app.include_router(router_for(resource))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "pages" / "static"), name="static")

    app.add_middleware(Guard, settings=settings)
    return app
