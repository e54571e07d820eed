"""Errors at the edge: one table from classes to statuses, one JSON shape (RFC 9457 problem details)."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from geo.errors import AyilmapError, Conflict, Failed, Forbidden, NotFound, NotSignedIn, Refused, TooOften, Unavailable
from geo.i18n import Language, best_language, keys, text

__all__ = ["STATUS", "install", "problem", "reader_language"]

STATUS: dict[type[AyilmapError], int] = {
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooOften: 429,
    Refused: 422,
    Unavailable: 503,
    Failed: 500,
}
"""Most special class first; the first that fits gives the status."""

_BY_STATUS = {404: "http.not_found", 405: "http.method_not_allowed", 422: "http.not_understood"}
_log = logging.getLogger("ayilmap.http")


def reader_language(request: Request) -> Language:
    """Return the language of a request: ``?lang=``, else the browser's, else Kyrgyz."""
    wish = request.query_params.get("lang")
    return Language(wish) if wish in set(Language) else best_language(request.headers.get("accept-language"))


def problem(request: Request, status: int, key: str, **params: object) -> JSONResponse:
    """Return an error as ``application/problem+json`` with its message key and a text for the reader."""
    language = reader_language(request)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": text(f"http.status.{status}", language),
        "status": status,
        "detail": text(key, language, **params),
        "instance": request.url.path,
        "key": key,
        "params": {name: str(value) for name, value in params.items()},
    }
    return JSONResponse(
        body, status, headers={"Content-Language": language.value}, media_type="application/problem+json"
    )


def install(app: FastAPI) -> None:
    """Give every error of an app the one shape."""

    @app.exception_handler(AyilmapError)
    async def ours(request: Request, error: AyilmapError) -> JSONResponse:
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        answer = problem(request, status, error.key, **error.params)
        if isinstance(error, TooOften):
            answer.headers["Retry-After"] = str(error.seconds)
        if isinstance(error, NotSignedIn):
            answer.headers["WWW-Authenticate"] = 'Bearer realm="ayilmap"'
        return answer

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code if f"http.status.{error.status_code}" in keys(Language.KY) else 400
        return problem(request, status, _BY_STATUS.get(status, "http.not_understood"))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return problem(request, 422, "http.invalid_field", field=field)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.exception("unexpected error on %s", request.url.path, exc_info=error)
        return problem(request, 500, "http.unexpected")
