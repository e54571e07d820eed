"""The OpenAPI 3.0 definition of the OGC API, made from the collections."""

from __future__ import annotations

from typing import Any, Final

from api.ogc.titles import describe
from api.ogc.writing import resource_of
from geo.domain.rights import Action
from geo.i18n import Language, text
from geo.repositories.collections.collection import Collection, ValueType
from geo.repositories.collections.registry import COLLECTIONS
from geo.spatial.reference_systems import REFERENCE_SYSTEMS

__all__ = ["MORE_PATHS", "OPENAPI", "definition"]

OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
MORE_PATHS: dict[str, Any] = {}
"""Paths that other standards add."""

_PROBLEM = {
    "description": "Problem details (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
_TYPES: dict[ValueType, dict[str, str]] = {
    ValueType.INTEGER: {"type": "integer"},
    ValueType.NUMBER: {"type": "number"},
    ValueType.BOOLEAN: {"type": "boolean"},
}


def definition(address: str, language: Language) -> dict[str, Any]:
    """Return the definition for a server at an address."""
    paths: dict[str, Any] = {
        "/": _get("landing page"),
        "/conformance": _get("conformance classes"),
        "/collections": _get("collections"),
    }
    for collection in COLLECTIONS.values():
        paths |= _paths(collection, language)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": text("ogc.title", language),
            "version": "1.0.0",
            "description": text("ogc.description", language),
        },
        "servers": [{"url": address}],
        "paths": {**paths, **MORE_PATHS},
        "components": {"parameters": _PARAMETERS},
    }


def _paths(collection: Collection, language: Language) -> dict[str, Any]:
    start, title = f"/collections/{collection.id}", describe(collection, language)
    asked = [
        {"name": one.name, "in": "query", "schema": _TYPES.get(one.value_type, {"type": "string"})}
        for one in collection.queryables.values()
    ]
    common = [{"$ref": f"#/components/parameters/{name}"} for name in _PARAMETERS if name != "itemId"]
    items = _get(title, parameters=[*common, *asked], media_type="application/geo+json")
    one = _get(
        title,
        parameters=[{"$ref": "#/components/parameters/itemId"}, {"$ref": "#/components/parameters/crs"}],
        media_type="application/geo+json",
    )
    resource = resource_of(collection)
    actions = frozenset() if resource is None else resource.actions
    item_id = [{"$ref": "#/components/parameters/itemId"}]
    if Action.CREATE in actions:
        items["post"] = _write("201", [])
    if Action.CHANGE in actions:
        one["put"] = _write("200", item_id)
        one["patch"] = _write("200", item_id)
    if Action.WITHDRAW in actions:
        one["delete"] = {"parameters": item_id, "responses": {"204": {"description": "Withdrawn"}, "default": _PROBLEM}}
    return {
        start: _get(title),
        f"{start}/queryables": _get(title),
        f"{start}/sortables": _get(title),
        f"{start}/schema": _get(title),
        f"{start}/items": items,
        f"{start}/items/{{itemId}}": one,
    }


def _get(summary: str, *, parameters: list[Any] | None = None, media_type: str = "application/json") -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
    answer = {"description": "Done", "content": content}
    return {
        "get": {"summary": summary, "parameters": parameters or [], "responses": {"200": answer, "default": _PROBLEM}}
    }


def _write(status: str, parameters: list[Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/geo+json": {"schema": {"type": "object"}}}}
    done = {"description": "Done", "content": {"application/geo+json": {"schema": {"type": "object"}}}}
    return {"parameters": parameters, "requestBody": body, "responses": {status: done, "default": _PROBLEM}}


def _query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


_TEXT = {"type": "string"}
_SYSTEM = {"type": "string", "enum": [system.uri for system in REFERENCE_SYSTEMS]}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "itemId": {"name": "itemId", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    "limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}),
    "bbox": _query(
        "bbox",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        style="form",
        explode=False,
    ),
    "bbox-crs": _query("bbox-crs", _SYSTEM),
    "crs": _query("crs", _SYSTEM),
    "datetime": _query("datetime", _TEXT),
    "filter": _query("filter", _TEXT),
    "filter-lang": _query(
        "filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}
    ),
    "filter-crs": _query("filter-crs", _SYSTEM),
    "sortby": _query("sortby", _TEXT),
    "properties": _query("properties", _TEXT),
    "cursor": _query("cursor", _TEXT),
}
