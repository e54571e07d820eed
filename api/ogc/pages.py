"""The HTML pages of the OGC API: the same data for people, with a small map drawn by the server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from starlette.requests import Request
from starlette.responses import Response

from api.errors import reader_language
from api.ogc.answers import base, with_query
from api.ogc.small_map import small_map
from api.ogc.titles import describe
from api.ogc.words import NAMING, NUMBERS, Linked, name_of, words_of
from geo.i18n import LANGUAGES, text
from geo.repositories.collections.collection import Collection, ValueType
from geo.repositories.collections.items import Item, ItemsPage
from geo.services.collections import ItemsQuery

__all__ = [
    "collection_page",
    "conformance_page",
    "definition_page",
    "item_page",
    "items_page",
    "landing_page",
    "schema_page",
]

_templates = Jinja2Templates(directory=Path(__file__).parents[1] / "pages" / "templates")
_COLUMNS = 5
"""Properties in the table of a page; the feature's own page shows all."""


_NAMES = frozenset({"name_ky", "name_ru", "name_en", *NAMING})
"""What a feature is called by stands in its link."""


def landing_page(request: Request, collections: list[Collection]) -> Response:
    """Return the page of all collections."""
    language = reader_language(request)
    listed = [(one, describe(one, language)) for one in collections]
    return _page(request, "landing.html", text("ogc.title", language), collections=listed)


def conformance_page(request: Request, classes: list[str]) -> Response:
    """Return the page of the standards that are kept."""
    title = text("ogc.page.conformance", reader_language(request))
    return _page(request, "listing.html", title, rows=[(one, "", "") for one in classes], here="conformance")


def definition_page(request: Request, definition: dict[str, Any]) -> Response:
    """Return the page of the API's addresses."""
    title = text("ogc.page.definition", reader_language(request))
    rows = [
        (
            path,
            ", ".join(verb.upper() for verb in verbs),
            verbs.get("get", {}).get("summary", ""),
        )
        for path, verbs in definition["paths"].items()
    ]
    return _page(request, "listing.html", title, rows=rows, here="api")


def collection_page(request: Request, collection: Collection) -> Response:
    """Return the page of a collection."""
    language = reader_language(request)
    rows = [
        (
            one.name,
            describe(one, language),
            ", ".join(code.value for code in one.codes) if one.codes else one.value_type.value,
        )
        for one in collection.properties
    ]
    return _page(request, "collection.html", describe(collection, language), collection=collection, rows=rows)


def schema_page(request: Request, collection: Collection, schema: dict[str, Any]) -> Response:
    """Return the page of a JSON Schema."""
    rows = [
        (name, one.get("title", ""), ", ".join(one.get("enum", [])) or one.get("type", one.get("format", "")))
        for name, one in schema["properties"].items()
    ]
    return _page(request, "collection.html", schema["title"], collection=collection, rows=rows)


def items_page(
    request: Request, collection: Collection, query: ItemsQuery, page: ItemsPage, links: list[dict[str, str]]
) -> Response:
    """Return a page of features."""
    language = reader_language(request)
    features = orjson.loads(b"[%b]" % page.features)
    columns = [one for one in collection.told if one.value_type is not ValueType.ID and one.name not in _NAMES]
    shown = [one for one in columns if one.value_type is not ValueType.JSON][:_COLUMNS]
    rows = [
        (
            feature["id"],
            name_of(feature, language),
            [
                (words_of(one, feature["properties"].get(one.name), language), one.value_type in NUMBERS)
                for one in shown
            ],
        )
        for feature in features
    ]
    following = next((one["href"] for one in links if one["rel"] == "next"), None)
    return _page(
        request,
        "items.html",
        describe(collection, language),
        collection=collection,
        columns=[(describe(one, language), one.value_type in NUMBERS) for one in shown],
        rows=rows,
        page=page,
        following=following,
        drawn=small_map(features, query.system),
        filter=request.query_params.get("filter", ""),
    )


def item_page(request: Request, collection: Collection, found: Item, linked: Mapping[str, Linked]) -> Response:
    """Return the page of one feature; what its properties name is a link where the reader may see it."""
    language = reader_language(request)
    feature = orjson.loads(found.feature)
    rows = []
    for one in collection.told:
        other = linked.get(one.name)
        if other is not None:
            words = name_of(other.feature, language) or text("ogc.page.unnamed", language)
            rows.append((describe(one, language), words, f"/collections/{other.collection.id}/items/{other.id}"))
        elif words := words_of(one, feature["properties"].get(one.name), language):
            rows.append((describe(one, language), words, ""))
    return _page(
        request,
        "item.html",
        name_of(feature, language) or text("ogc.page.unnamed", language),
        collection=collection,
        section=describe(collection, language),
        rows=rows,
        drawn=small_map([feature], None),
    )


def _page(request: Request, template: str, title: str, **context: Any) -> HTMLResponse:
    language = reader_language(request)

    def address(path: str = "", **params: str) -> str:
        asked = "".join(f"&{name}={value}" for name, value in params.items())
        return f"{base(request)}{path}?f=html&lang={language.value}{asked}"

    return _templates.TemplateResponse(
        request,
        f"ogc/{template}",
        {
            "title": title,
            "language": language,
            "languages": [(other, with_query(request, lang=other.value, f="html")) for other in LANGUAGES],
            "say": lambda key, **params: text(key, language, **params),
            "address": address,
            "data_url": with_query(request, f="json"),
            **context,
        },
        headers={"Content-Language": language.value, "Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"},
    )
