"""Queryables, sortables and the schema of a collection as JSON Schema (part 3, clause 6; part 5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.ogc.titles import describe
from geo.i18n import Language
from geo.repositories.collections.collection import Collection, Property, ValueType

__all__ = ["queryables", "returnables", "sortables"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[ValueType, dict[str, Any]] = {
    ValueType.TEXT: {"type": "string"},
    ValueType.CODE: {"type": "string"},
    ValueType.ID: {"type": "string", "format": "uuid"},
    ValueType.INTEGER: {"type": "integer"},
    ValueType.NUMBER: {"type": "number"},
    ValueType.BOOLEAN: {"type": "boolean"},
    ValueType.DATE: {"type": "string", "format": "date"},
    ValueType.MOMENT: {"type": "string", "format": "date-time"},
    ValueType.JSON: {"type": "object"},
}


def queryables(collection: Collection, language: Language, address: str) -> dict[str, Any]:
    """Return what filters may name."""
    geometry = {"geometry": _geometry(collection)}
    return _schema(collection, language, address, {**geometry, **_properties(collection.queryables.values(), language)})


def sortables(collection: Collection, language: Language, address: str) -> dict[str, Any]:
    """Return what lists can be ordered by."""
    return _schema(collection, language, address, _properties(collection.sortables.values(), language))


def returnables(collection: Collection, language: Language, address: str) -> dict[str, Any]:
    """Return what features carry."""
    properties = {
        "id": {"type": "string", "format": "uuid", "x-ogc-role": "id", "readOnly": True},
        "geometry": {**_geometry(collection), "x-ogc-role": "primary-geometry"},
        **_properties(collection.told, language),
    }
    if collection.moment is not None:
        properties[collection.moment]["x-ogc-role"] = "primary-instant"
    return _schema(collection, language, address, properties)


def _schema(
    collection: Collection, language: Language, address: str, properties: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    for number, one in enumerate(properties.values(), 1):
        one["x-ogc-propertySeq"] = number
    return {
        "$schema": _DIALECT,
        "$id": address,
        "type": "object",
        "title": describe(collection, language),
        "properties": properties,
        "additionalProperties": False,
    }


def _geometry(collection: Collection) -> dict[str, Any]:
    return {"format": f"geometry-{collection.shapes or 'any'}"}


def _properties(listed: Iterable[Property], language: Language) -> dict[str, dict[str, Any]]:
    return {one.name: _property(one, language) for one in listed}


def _property(one: Property, language: Language) -> dict[str, Any]:
    found = {"title": describe(one, language), **_TYPES[one.value_type]}
    if one.codes is not None:
        found["enum"] = [code.value for code in one.codes]
    return found
