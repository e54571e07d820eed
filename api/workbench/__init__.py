"""The pages of the workbench: what facilitators, planners and monitors use all day."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api.workbench import (
    base_ground,
    bread,
    causes,
    drawing,
    field,
    ground,
    home,
    matches,
    merging,
    new_place,
    places,
    placing,
    plan,
    problems,
    public,
    report,
    taking,
    venn,
    village,
    watching,
)
from api.workbench.libraries import Libraries

__all__ = ["install"]

_ROUTERS = (
    base_ground.router,
    bread.router,
    causes.router,
    drawing.router,
    field.router,
    ground.router,
    home.router,
    new_place.router,
    matches.router,
    places.router,
    placing.router,
    plan.router,
    merging.router,
    problems.router,
    public.router,
    report.router,
    taking.router,
    venn.router,
    village.router,
    watching.router,
)
_STATIC = Path(__file__).parents[1] / "pages" / "static"


def install(app: FastAPI) -> None:
    """Put the pages, their scripts and the browser libraries into the service."""
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/libraries", Libraries(), name="libraries")
    app.mount("/static", GZipMiddleware(StaticFiles(directory=_STATIC), minimum_size=1_400), name="static")
