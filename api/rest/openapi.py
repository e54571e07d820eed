"""The OpenAPI document: the forms of all records with examples, and the one shape of errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from api.rest.schemas import form_schemas
from geo.services.records.resource import Resource

__all__ = ["describe"]

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; `detail` is in the language of Accept-Language (ky, ru, en).",
    "required": ["type", "title", "status", "detail", "key"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "key": {"type": "string", "description": "Message key, for programs."},
        "params": {"type": "object", "additionalProperties": {"type": "string"}},
        "row": {"type": "integer", "description": "Of many records, which one it is about, counting from 1."},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "key", "text")},
            },
        },
        "current": {"type": "object", "description": "After 412: the record as it stands."},
        "yours": {"type": "object", "description": "After 412: what was sent."},
    },
}
_ANSWER = {
    "description": "It did not succeed; says why and what to do.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_VALIDATION = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, resources: Sequence[Resource[Any]]) -> None:
    """Complete the OpenAPI document of an app; it is made at its first use."""
    made = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = made()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for name in _VALIDATION:
                schemas.pop(name, None)
            schemas |= form_schemas(resources) | {"Problem": _PROBLEM}
            for operations in found["paths"].values():
                for operation in operations.values():
                    _tell_of_problems(operation)
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _tell_of_problems(operation: dict[str, Any]) -> None:
    answers = operation.setdefault("responses", {})
    answers.pop("422", None)
    answers.setdefault("default", _ANSWER)
