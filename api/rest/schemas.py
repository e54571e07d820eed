"""Schemas and examples of records for the OpenAPI document, made from their forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from geo.services.records.resource import Resource

__all__ = ["form_schemas", "list_parameters", "request_body", "responses"]

_REF = "#/components/schemas/{model}"
_GEOMETRY: JsonSchemaValue = {
    "type": "object",
    "description": "GeoJSON geometry, lon lat in degrees (RFC 7946).",
    "required": ["type"],
    "properties": {
        "type": {
            "enum": [
                *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
                "GeometryCollection",
            ]
        },
        "coordinates": {"type": "array", "items": {}},
        "geometries": {"type": "array", "items": {"type": "object"}},
    },
}


class _Schemas(GenerateJsonSchema):
    def is_instance_schema(self, schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        return _GEOMETRY


def form_schemas(resources: Sequence[Resource[Any]]) -> dict[str, Any]:
    """Return the schemas of all forms by name, for ``components/schemas``."""
    models = list(dict.fromkeys(resource.form for resource in resources))
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF, schema_generator=_Schemas
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def request_body(resource: Resource[Any], *, many: bool = False, partial: bool = False) -> dict[str, Any]:
    """Return the body of a request that makes records, or changes one."""
    one = _one(resource, partial=partial)
    example = _example(resource)
    if many:
        one = {"type": "array", "items": one, "minItems": 0}
    content: dict[str, Any] = {"schema": one}
    if example and not partial:
        content["example"] = [example] if many else example
    return {"required": True, "content": {"application/json": content}}


def responses(resource: Resource[Any], status: int, *, many: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return the answers of a route."""
    media_type = "application/geo+json" if resource.has_geometry else "application/json"
    record: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": _UUID}}
    if many:
        name = "features" if resource.has_geometry else "items"
        record = {
            "type": "object",
            "required": [name, "next"],
            "properties": {name: {"type": "array", "items": record}, "next": {"type": ["string", "null"]}},
        }
    headers = {} if many else {"ETag": {"schema": {"type": "string"}, "description": "Version of the record."}}
    return {status: {"description": "Done", "content": {media_type: {"schema": record}}, "headers": headers}}


def list_parameters(resource: Resource[Any]) -> list[dict[str, Any]]:
    """Return the parameters of a list."""
    found = [
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "Most rows of a page."),
        _parameter("cursor", {"type": "string"}, "Where the page before ended; see `next`."),
        _parameter("count", {"type": "boolean"}, "Whether to count the whole list as `matched`."),
        _parameter(
            "sort",
            {"enum": [sign + name for name in (*resource.sorts, "created_at", "updated_at") for sign in ("", "-")]},
            "Order; with a minus from the greatest down.",
        ),
    ]
    if resource.has_geometry:
        found.append(_parameter("bbox", {"type": "string"}, "west,south,east,north in degrees.", "78.2,42.4,78.3,42.5"))
    if resource.latest:
        found.append(_parameter("standing", {"type": "boolean"}, "Whether to leave out entries that were corrected."))
    many = {"type": "array", "items": {"type": "string"}}
    return found + [_parameter(name, many, "Only rows with one of these values.") for name in ("id", *resource.filters)]


_UUID = {"type": "string", "format": "uuid"}


def _one(resource: Resource[Any], *, partial: bool) -> dict[str, Any]:
    form: dict[str, Any] = {"$ref": _REF.format(model=resource.form.__name__)}
    if partial:
        form = {"type": "object", "description": f"Some fields of {resource.form.__name__}."}
    if not resource.has_geometry:
        return form
    return {
        "type": "object",
        "required": ["type"] if partial else ["type", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": _UUID,
            "geometry": {"anyOf": [_GEOMETRY, {"type": "null"}]},
            "properties": form,
        },
    }


def _example(resource: Resource[Any]) -> dict[str, Any]:
    if not resource.example or not resource.has_geometry:
        return dict(resource.example)
    properties = {name: value for name, value in resource.example.items() if name != "geometry"}
    return {"type": "Feature", "geometry": resource.example.get("geometry"), "properties": properties}


def _parameter(name: str, schema: dict[str, Any], description: str, example: str = "") -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
    return {**found, "example": example} if example else found
