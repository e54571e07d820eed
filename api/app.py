"""The service: `create_app` puts it together; importing this connects to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import iter_route_contexts

from api import errors, workbench
from api.guarding import Guard
from api.jobs.worker import Worker
from api.last_resort import LastResort
from api.methods import Methods, methods_by_path
from api.ogc import router as features
from api.ogc import tiles
from api.ogc.quick import Quick
from api.rest.openapi import describe
from api.rest.router import router_for
from api.routes import (
    accounts,
    appraisal,
    events,
    gallery,
    gallery_wall,
    health,
    jobs,
    links,
    matches,
    me,
    monitoring,
    photos,
    plan_workbooks,
    plans,
    renderings,
    sheet_decisions,
    sheets,
    sign_in,
    venn,
    venn_tables,
)
from api.settings import Settings
from geo.services.records.registry import RESOURCES

__all__ = ["create_app"]

_ROUTERS = (
    # Routes are looked through in this order, and these are asked for most.
    tiles.router,
    features.router,
    health.router,
    sign_in.router,
    me.router,
    accounts.router,
    events.router,
    appraisal.router,
    venn.router,
    venn_tables.router,
    gallery.router,
    gallery_wall.router,
    links.router,
    matches.router,
    plan_workbooks.router,
    plans.router,
    monitoring.router,
    photos.router,
    jobs.router,
    renderings.router,
    sheets.router,
    sheet_decisions.router,
)


@asynccontextmanager
async def _at_work(app: FastAPI) -> AsyncIterator[None]:
    """Do the jobs of the store while the service runs."""
    settings: Settings = app.state.settings
    app.state.worker = worker = Worker(settings.workspace, settings.uploads)
    worker.start()
    yield
    await run_in_threadpool(worker.stop)
    settings.workspace.database.dispose()


def create_app(settings: Settings) -> FastAPI:
    """Put the service together for one data folder.

    Nothing connects to the store before the first request.

    Raises
    ------
    Refused
        The settings would let somebody in who should not be: see `Settings.check_serving`.
    """
    settings.check_serving()
    app = FastAPI(title="Ayilmap", version="0.1.0", lifespan=_at_work, docs_url=None, redoc_url=None)
    # Of the routes, not of the app: that limit stands outside our middleware, and its answer would bear no headers.
    app.router.max_body_size = settings.body_megabytes * 1_000_000
    app.state.settings = settings
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router)
    for resource in RESOURCES.values():
        app.include_router(router_for(resource))
    describe(app, tuple(RESOURCES.values()))
    workbench.install(app)

    app.add_middleware(Quick)
    # This also puts the routes together, which else happens at the first request, with other threads at work.
    app.add_middleware(Methods, paths=methods_by_path(iter_route_contexts(app.routes)))
    app.add_middleware(LastResort)
    app.add_middleware(Guard)
    return app
