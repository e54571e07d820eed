"""The HTML pages of the OGC API: the same data for people, with a small map drawn by the server."""

from __future__ import annotations

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
from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES, Language, text
from geo.repositories.collections.collection import Collection, Property, ValueType
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
    columns = [one for one in collection.told if one.value_type is not ValueType.ID and one.name[:5] != "name_"]
    shown = [one for one in columns if one.value_type is not ValueType.JSON][:_COLUMNS]
    rows = [
        (
            feature["id"],
            _name(feature, language),
            [_words(one, feature["properties"].get(one.name), language) for one in shown],
        )
        for feature in features
    ]
    following = next((one["href"] for one in links if one["rel"] == "next"), None)
    return _page(
        request,
        "items.html",
        describe(collection, language),
        collection=collection,
        columns=[describe(one, language) for one in shown],
        rows=rows,
        page=page,
        following=following,
        drawn=small_map(features, query.system),
        filter=request.query_params.get("filter", ""),
    )


def item_page(request: Request, collection: Collection, found: Item) -> Response:
    """Return the page of one feature."""
    language = reader_language(request)
    feature = orjson.loads(found.feature)
    rows = [
        (describe(one, language), _words(one, feature["properties"].get(one.name), language)) for one in collection.told
    ]
    return _page(
        request,
        "item.html",
        _name(feature, language) or text("ogc.page.unnamed", language),
        collection=collection,
        section=describe(collection, language),
        rows=[(name, value) for name, value in rows if value],
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


def _name(feature: dict[str, Any], language: Language) -> str:
    properties = feature["properties"]
    names = [properties.get(f"name_{code}") for code in (language.value, "ky", "ru", "en")]
    if "first_name_ky" in properties:
        return f"{properties['first_name_ky']} – {properties['second_name_ky']}"
    found = next((str(name) for name in (*names, properties.get("title"), properties.get("service")) if name), "")
    return found or _kind(properties.get("kind"), language)


def _kind(code: Any, language: Language) -> str:
    """Return what an object without a name is called by: what it is."""
    return label(Kind(code), language) if code in set(Kind) else ""


def _words(one: Property, value: Any, language: Language) -> str:
    if value is None or value in ("", {}):
        return ""
    if one.codes is not None:
        try:
            return label(one.codes(value), language)
        except (KeyError, ValueError):
            return str(value)
    if one.value_type is ValueType.MOMENT:
        return str(value)[:16].replace("T", " ")
    if one.value_type is ValueType.NUMBER and isinstance(value, int | float):
        # A tenth is finer than anything that was drawn, walked or counted; a comma is what the languages have.
        number = f"{value:,.1f}".removesuffix(".0").replace(",", "\u202f")
        return number if language is Language.EN else number.replace(".", ",")
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
