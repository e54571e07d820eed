"""Errors as pages: for whoever follows a link or opens an address, not for programs, which get JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from geo.i18n import LANGUAGES, Language, text

__all__ = ["ErrorPage", "error_page", "wants_page"]

_templates: Final = Jinja2Templates(directory=Path(__file__).parent / "pages" / "templates")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_FOR_PROGRAMS: Final = ("/api/", "/ogc", "/libraries/", "/static/", "/openapi")
"""Where an error stays JSON, whoever asks."""
_AGAIN: Final = frozenset({409, 412, 429, 500, 503})
"""What may be gone when the same is asked again."""
_ADVICE: Final[Mapping[int, str]] = MappingProxyType(
    {
        401: "error_page.sign_in",
        403: "error_page.other_account",
        404: "error_page.look",
        500: "error_page.nothing_lost",
        503: "error_page.wait",
    }
)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says.

    Attributes
    ----------
    fields
        What is wrong with single fields, in words.
    """

    status: int
    title: str
    detail: str
    fields: tuple[str, ...] = ()


def wants_page(request: Request) -> bool:
    """Return whether a person looks at the answer: a browser that goes to an address asks for HTML by name."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    mode = request.headers.get("sec-fetch-mode")
    return "text/html" in request.headers.get("accept", "") and mode in {None, "navigate"}


def error_page(request: Request, language: Language, told: ErrorPage) -> Response:
    """Return an error as a page; who has to sign in is led to where they do, and back afterwards."""
    # Two strokes at the beginning would make the links lead to another host.
    path = "/" + quote(request.url.path).lstrip("/")
    here = path + (f"?{request.url.query}" if request.url.query else "")
    if told.status == 401 and request.method in {"GET", "HEAD"}:
        return RedirectResponse(f"/sign-in?{urlencode({'next': here, 'lang': language.value})}", 303)

    def in_language(other: Language) -> str:
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
        return f"{path}?{urlencode([*query, ('lang', other.value)])}"

    theme = request.cookies.get("theme", "")
    advice = _ADVICE.get(told.status)
    settings = request.app.state.settings
    page: HTMLResponse = _templates.TemplateResponse(
        request,
        "work/error.html",
        {
            "told": told,
            "title": told.title,
            "language": language,
            "languages": LANGUAGES if request.method in {"GET", "HEAD"} else (),
            "in_language": in_language,
            "theme": theme if theme in {"light", "dark"} else "",
            "say": lambda key, **params: text(key, language, **params),
            "advice": text(advice, language) if advice else "",
            "again": here if told.status in _AGAIN and request.method in {"GET", "HEAD"} else "",
            "offers_sign_in": told.status == 403 and settings.asks_to_sign_in,
        },
        status_code=told.status,
    )
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["Content-Language"] = language.value
    page.headers["Cache-Control"] = "no-store"
    return page
