"""Bodies of requests and answers: plain objects, and GeoJSON features (RFC 7946) for records with a geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse

from geo.errors import Refused
from geo.i18n import Language, Text
from geo.services.records.reading import Listed
from geo.services.records.resource import Form, Resource

__all__ = ["MEDIA_TYPE_GEOJSON", "answer", "collection", "read_change", "read_draft", "read_drafts", "shown"]

MEDIA_TYPE_GEOJSON = "application/geo+json"


def read_draft(resource: Resource[Any], body: Any) -> tuple[Form, UUID | None]:
    """Read a record that is to be made, and its id where the writer gave one.

    Raises
    ------
    pydantic.ValidationError
        Fields that are missing, unknown or unusable.
    Refused
        Not an object, not a feature where there is a geometry, or an id that is none.
    """
    if not isinstance(body, Mapping):
        raise Refused("record.no_object")
    record_id = None if body.get("id") is None else _id(body["id"])
    return resource.form.model_validate(_values(resource, body)), record_id


def read_drafts(resource: Resource[Any], body: Any, *, most: int) -> list[tuple[Form, UUID | None]]:
    """Read many records: a list, or a feature collection; an error says in ``row`` which one it is about."""
    if isinstance(body, Mapping) and body.get("type") == "FeatureCollection":
        body = body.get("features")
    if not isinstance(body, list):
        raise Refused("record.no_list")
    if len(body) > most:
        raise Refused("record.too_many", rows=len(body), most=most)
    drafts = []
    for row, one in enumerate(body, 1):
        try:
            drafts.append(read_draft(resource, one))
        except Refused as error:
            error.row = row
            raise
        except ValueError as error:
            error.row = row  # type: ignore[attr-defined]
            raise
    return drafts


def read_change(resource: Resource[Any], body: Any) -> dict[str, Any]:
    """Read the fields that are to be changed; of a feature, its geometry too where it is given."""
    if not isinstance(body, Mapping):
        raise Refused("record.no_object")
    return _values(resource, body)


def _values(resource: Resource[Any], body: Mapping[str, Any]) -> dict[str, Any]:
    if not resource.has_geometry:
        return {name: value for name, value in body.items() if name != "id"}
    if body.get("type") != "Feature":
        raise Refused("record.no_feature")
    properties = body.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise Refused("record.no_feature")
    values = dict(properties)
    if "geometry" in body:
        values["geometry"] = body["geometry"]
    return values


def _id(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Refused("record.bad_id", id=str(value)[:60]) from error


def shown(resource: Resource[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it is sent: a GeoJSON feature where its kind has a geometry."""
    if not resource.has_geometry:
        return dict(values)
    properties = {name: value for name, value in values.items() if name not in ("id", "geometry")}
    return {"type": "Feature", "id": values["id"], "geometry": values["geometry"], "properties": properties}


def collection(resource: Resource[Any], listed: Listed, *, next_url: str | None) -> dict[str, Any]:
    """Return a page of a list as it is sent; ``next`` is the address of the next page, null at the end."""
    items = [shown(resource, item) for item in listed.items]
    matched = {} if listed.matched is None else {"matched": listed.matched}
    if not resource.has_geometry:
        return {"items": items, "next": next_url, **matched}
    return {"type": "FeatureCollection", "features": items, "next": next_url, **matched}


def answer(
    resource: Resource[Any],
    values: Mapping[str, Any],
    *,
    language: Language,
    warnings: Sequence[Text] = (),
    status: int = 200,
) -> JSONResponse:
    """Return one record with its ETag; after a change, with what the method advises otherwise."""
    body = shown(resource, values)
    if warnings:
        body["warnings"] = [{"key": warning.key, "text": warning(language)} for warning in warnings]
    headers = {"ETag": f'"{values["version"]}"', "Content-Language": language.value}
    if status == 201:
        headers["Location"] = f"/api/v1/{resource.name}/{values['id']}"
    return JSONResponse(body, status, headers, MEDIA_TYPE_GEOJSON if resource.has_geometry else "application/json")
