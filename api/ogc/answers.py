"""Links, formats and errors of the OGC API, alike on all its pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.errors import problem, reader_language
from api.ogc.parameters import ALWAYS, check_names
from geo.errors import Refused
from geo.services.workspace import Workspace

__all__ = [
    "GEOJSON",
    "HTML",
    "JSON",
    "SCHEMA",
    "Format",
    "alternates",
    "base",
    "json_answer",
    "link",
    "only",
    "refusing",
    "wanted",
    "with_query",
    "workspace_of",
]

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
SCHEMA: Final = "application/schema+json"
Endpoint = Callable[[Request], Awaitable[Response]]


class Format(StrEnum):
    """How an answer is written; the value is that of the parameter ``f``."""

    JSON = "json"
    HTML = "html"


def workspace_of(request: Request) -> Workspace:
    """Return the store and its pictures."""
    workspace: Workspace = request.app.state.settings.workspace
    return workspace


def wanted(request: Request) -> Format:
    """Return the format asked for: by ``f``, else by ``Accept``.

    Raises
    ------
    Refused
        It is none of ours.
    """
    given = request.query_params.get("f")
    if given is not None:
        if given not in set(Format):
            raise Refused("ogc.bad_format", value=given[:40], known=", ".join(Format))
        return Format(given)
    accepted = request.headers.get("accept", "")
    first = accepted.find(HTML)
    plain = min((place for place in (accepted.find("json"), accepted.find("*/*")) if place >= 0), default=-1)
    return Format.HTML if first >= 0 and (plain < 0 or first < plain) else Format.JSON


def only(request: Request, *names: str) -> None:
    """Make sure that an address has no other parameters than these, the format and the language."""
    check_names(request.query_params, (*ALWAYS, *names))


def base(request: Request) -> str:
    """Return the address of the landing page, without a slash at its end."""
    scope = request.scope
    host = request.headers.get("host") or request.url.netloc
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}/ogc"


def link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    """Return a link (RFC 8288) as the JSON of OGC API has it."""
    found = {"href": href, "rel": rel, "type": media_type}
    return {**found, "title": title} if title else found


def with_query(request: Request, **changes: str | None) -> str:
    """Return the address of a request with some parameters changed, or taken away where they are None."""
    params = {**request.query_params, **changes}
    query = urlencode({name: value for name, value in params.items() if value is not None})
    path = f"{base(request)}{request.url.path.partition('/ogc')[2]}"
    return f"{path}?{query}" if query else path


def alternates(request: Request, media_type: str = JSON) -> list[dict[str, str]]:
    """Return the links of a page to itself and to its other format."""
    format = wanted(request)
    json, html = (media_type, HTML)
    return [
        link(with_query(request), "self", json if format is Format.JSON else html),
        link(
            with_query(request, f=(Format.HTML if format is Format.JSON else Format.JSON).value),
            "alternate",
            html if format is Format.JSON else json,
        ),
    ]


def json_answer(request: Request, body: Any, *, media_type: str = JSON, status: int = 200) -> Response:
    """Return a page as JSON."""
    headers = {"Content-Language": reader_language(request).value, "Vary": "Accept, Accept-Language"}
    return Response(orjson.dumps(body), status, headers, media_type)


def refusing(endpoint: Endpoint) -> Endpoint:
    """Answer what cannot be understood in an address by 400, as OGC API asks for."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as error:
            if type(error) is not Refused or error.key.partition(".")[0] not in {"ogc", "crs", "list"}:
                raise
            return problem(request, 400, error.key, more=None, **error.params)

    return answer
