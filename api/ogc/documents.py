"""The documents that lead to the features: landing page, conformance, collections, and what they can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.errors import reader_language
from api.ogc import pages, schemas
from api.ogc.answers import HTML, JSON, SCHEMA, Format, alternates, base, json_answer, link, only, refusing, wanted
from api.ogc.collections import describe_collection
from api.ogc.conformance import CONFORMANCE
from api.ogc.definition import OPENAPI, definition
from geo.i18n import Language, text
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.registry import COLLECTIONS
from geo.services.collections import find_collection
from geo.spatial.reference_systems import REFERENCE_SYSTEMS

__all__ = [
    "MORE_LANDING_LINKS",
    "show_collection",
    "show_collections",
    "show_conformance",
    "show_definition",
    "show_landing",
    "show_queryables",
    "show_schema",
    "show_sortables",
]

MORE_LANDING_LINKS: list[Callable[[str], list[dict[str, str]]]] = []
"""Further links of the landing page, from its address: other standards add theirs."""


@refusing
async def show_landing(request: Request) -> Response:
    """Answer the landing page."""
    only(request)
    language, here = reader_language(request), base(request)
    links = [
        *alternates(request),
        link(f"{here}/api", "service-desc", OPENAPI),
        link(f"{here}/api?f=html", "service-doc", HTML),
        link(f"{here}/conformance", "conformance", JSON),
        link(f"{here}/collections", "data", JSON),
        *(one for more in MORE_LANDING_LINKS for one in more(here)),
    ]
    body = {"title": text("ogc.title", language), "description": text("ogc.description", language), "links": links}
    if wanted(request) is Format.HTML:
        return pages.landing_page(request, list(COLLECTIONS.values()))
    return json_answer(request, body)


@refusing
async def show_conformance(request: Request) -> Response:
    """Answer which parts of which standards are kept."""
    only(request)
    if wanted(request) is Format.HTML:
        return pages.conformance_page(request, CONFORMANCE)
    return json_answer(request, {"conformsTo": CONFORMANCE, "links": alternates(request)})


@refusing
async def show_collections(request: Request) -> Response:
    """Answer every collection."""
    only(request)
    if wanted(request) is Format.HTML:
        return pages.landing_page(request, list(COLLECTIONS.values()))
    language = reader_language(request)
    described = [describe_collection(request, one, language) for one in COLLECTIONS.values()]
    body = {
        "links": alternates(request),
        "crs": [system.uri for system in REFERENCE_SYSTEMS],
        "collections": described,
    }
    return json_answer(request, body)


@refusing
async def show_collection(request: Request) -> Response:
    """Answer one collection."""
    only(request)
    collection = find_collection(request.path_params["collection_id"])
    if wanted(request) is Format.HTML:
        return pages.collection_page(request, collection)
    return json_answer(request, describe_collection(request, collection, reader_language(request)))


@refusing
async def show_definition(request: Request) -> Response:
    """Answer the OpenAPI definition."""
    only(request)
    if wanted(request) is Format.HTML:
        return pages.definition_page(request, definition(base(request), reader_language(request)))
    body = definition(base(request), reader_language(request))
    return json_answer(request, body, media_type=OPENAPI)


@refusing
async def show_queryables(request: Request) -> Response:
    """Answer what the filters of a collection may name."""
    return _schema(request, schemas.queryables)


@refusing
async def show_sortables(request: Request) -> Response:
    """Answer what a collection's features can be ordered by."""
    return _schema(request, schemas.sortables)


@refusing
async def show_schema(request: Request) -> Response:
    """Answer what a collection's features carry."""
    return _schema(request, schemas.returnables)


def _schema(request: Request, make: Callable[[Collection, Language, str], dict[str, Any]]) -> Response:
    only(request)
    collection = find_collection(request.path_params["collection_id"])
    address = f"{base(request)}{request.url.path.partition('/ogc')[2]}"
    body = make(collection, reader_language(request), address)
    if wanted(request) is Format.HTML:
        return pages.schema_page(request, collection, body)
    return json_answer(request, body, media_type=SCHEMA)
