"""Pages for people, rendered on the server."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from api.routes.access import Reader, Store, Who, serving
from geo.domain.labels import label
from geo.domain.names import display_names
from geo.i18n import LANGUAGES, text
from geo.services.overview import overview
from maps.words import date_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(directory=Path(__file__).parents[1] / "pages" / "templates")


@router.get("/", response_class=HTMLResponse)
def home(request: Request, store: Store, language: Reader, actor: Who) -> HTMLResponse:
    """Show the villages and their maps."""
    with store.read() as session:
        villages = overview(session, language, today=date.today(), actor=actor)

    def say(key: str, **params: Any) -> str:
        return text(key, language, **params)

    names = display_names([(one.names.best(language), one.rayon.best(language)) for one in villages], language)
    context = {
        "villages": list(zip(names, villages, strict=True)),
        "language": language,
        "languages": LANGUAGES,
        "asks_to_sign_in": serving(request).asks_to_sign_in,
        "account": actor.name if actor.account_id else "",
        "say": say,
        "label": lambda member: label(member, language),
        "day": lambda value: date_in_words(value, language),
        "credits": sorted({village.source for village in villages if village.source}),
    }
    return _templates.TemplateResponse(request, "home.html", context)
