"""Errors at the edge: one table from classes to statuses, one JSON shape (RFC 9457 problem details)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from starlette.exceptions import HTTPException

from api.error_pages import ErrorPage, error_page, wants_page
from api.rest.field_errors import FieldError, field_errors
from api.rest.preconditions import PreconditionMissing
from geo.errors import (
    AyilmapError,
    ChangedMeanwhile,
    Conflict,
    Failed,
    Forbidden,
    NotFound,
    NotSignedIn,
    Refused,
    TooLarge,
    TooOften,
    Unavailable,
)
from geo.i18n import Language, best_language, keys, text

__all__ = ["STATUS", "error_answer", "install", "problem", "reader_language"]

_log = logging.getLogger("ayilmap.errors")

STATUS: dict[type[AyilmapError], int] = {
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    ChangedMeanwhile: 412,
    PreconditionMissing: 428,
    Conflict: 409,
    TooOften: 429,
    TooLarge: 413,
    Refused: 422,
    Unavailable: 503,
    Failed: 500,
}
"""Most special class first; the first that fits gives the status."""

_BY_STATUS = {404: "http.not_found", 405: "http.method_not_allowed", 413: "http.too_large"}
_AGAIN_S = 5
"""When it is worth while to ask again after the store was busy or away."""


class _Problem(JSONResponse):
    """An error as JSON: what was sent may come back in it, half a character too, which UTF-8 has no bytes for."""

    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def reader_language(request: Request) -> Language:
    """Return the language of a request: ``?lang=``, else what was chosen at a page, the browser's, Kyrgyz."""
    wish = request.query_params.get("lang") or request.cookies.get("lang")
    return Language(wish) if wish in set(Language) else best_language(request.headers.get("accept-language"))


def problem(
    request: Request, status: int, key: str, *, more: Mapping[str, Any] | None = None, **params: object
) -> JSONResponse:
    """Return an error as ``application/problem+json`` with its message key and a text for the reader.

    ``more`` are further members (RFC 9457, clause 3.2).
    """
    language = reader_language(request)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": text(f"http.status.{status}", language),
        "status": status,
        "detail": text(key, language, **params),
        "instance": request.url.path,
        "key": key,
        "params": {name: str(value) for name, value in params.items()},
        **(more or {}),
    }
    return _Problem(body, status, headers={"Content-Language": language.value})


def error_answer(
    request: Request, status: int, key: str, *, more: Mapping[str, Any] | None = None, **params: object
) -> Response:
    """Return an error as whoever asks reads it: a page for somebody with a browser, else as `problem`."""
    if not wants_page(request):
        return problem(request, status, key, more=more, **params)
    language = reader_language(request)
    fields = tuple(one["text"] for one in (more or {}).get("fields", ()))
    told = ErrorPage(status, text(f"http.status.{status}", language), text(key, language, **params), fields)
    return error_page(request, language, told)


def install(app: FastAPI) -> None:
    """Give every error of an app the one shape."""

    @app.exception_handler(AyilmapError)
    async def ours(request: Request, error: AyilmapError) -> Response:
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        more: dict[str, Any] = {} if error.row is None else {"row": error.row}
        if isinstance(error, ChangedMeanwhile):
            more |= {"current": jsonable_encoder(error.current), "yours": _as_sent(error.yours)}
        answer = error_answer(request, status, error.key, more=more, **_for_readers(request, error))
        if isinstance(error, TooOften):
            answer.headers["Retry-After"] = str(error.seconds)
        if isinstance(error, Unavailable):
            answer.headers["Retry-After"] = str(_AGAIN_S)
        if isinstance(error, NotSignedIn):
            answer.headers["WWW-Authenticate"] = 'Bearer realm="ayilmap"'
        return answer

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        status = error.status_code if f"http.status.{error.status_code}" in keys(Language.KY) else 400
        answer = error_answer(request, status, _BY_STATUS.get(status, "http.not_understood"))
        answer.headers.update(error.headers or {})  # what is allowed instead (RFC 9110, clause 15.5.6)
        return answer

    @app.exception_handler(RequestValidationError)
    async def not_understood(request: Request, error: RequestValidationError) -> Response:
        return _invalid(request, field_errors(error.errors(), skip=1))

    @app.exception_handler(ValidationError)
    async def invalid(request: Request, error: ValidationError) -> Response:
        return _invalid(request, field_errors(error.errors()), row=getattr(error, "row", None))


def _for_readers(request: Request, error: AyilmapError) -> dict[str, Any]:
    """Return what an error names; where others than the machine's owner read it, files without their folders."""
    params = dict(error.params)
    if request.app.state.settings.asks_to_sign_in:
        for name, value in params.items():
            if isinstance(value, Path) and value.is_absolute():
                _log.error("%s: %s", error.key, value)
                params[name] = value.name
    return params


def _invalid(request: Request, errors: list[FieldError], *, row: int | None = None) -> Response:
    """Answer that fields are unusable: the first in the text, all of them in ``fields``."""
    language = reader_language(request)
    fields = [{"field": name, "key": what.key, "text": what(language)} for name, what in errors]
    more = {"fields": fields, **({} if row is None else {"row": row})}
    return error_answer(request, 422, "http.invalid_field", more=more, problem=errors[0][1])


def _as_sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a writer sent, geometries as GeoJSON again."""
    return {
        name: mapping(value) if isinstance(value, BaseGeometry) else jsonable_encoder(value)
        for name, value in values.items()
    }
