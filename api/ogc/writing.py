"""Features made, replaced, changed and withdrawn (part 4), by the same services and rights as ``/api/v1``."""

from __future__ import annotations

from typing import Any, Final

import orjson
import shapely
from shapely.geometry import mapping
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.errors import reader_language
from api.ogc.answers import GEOJSON, base, only, refusing, workspace_of
from api.ogc.items import read_id
from api.rest.bodies import read_change, read_draft
from api.rest.preconditions import seen_version
from api.routes.access import who_asks
from geo.domain.rights import Action, Actor
from geo.domain.vocabulary import Kind, layer_of
from geo.errors import Refused
from geo.repositories.collections.collection import Collection
from geo.services.collections import find_collection, item
from geo.services.records.registry import RESOURCES
from geo.services.records.resource import Resource
from geo.services.records.writing import change, create, withdraw
from geo.spatial.reference_systems import CRS84, ReferenceSystem, find_reference_system, to_stored

__all__ = ["change_item", "make_item", "replace_item", "tell_options", "withdraw_item"]

_LARGEST: Final = 16 * 1024 * 1024
_TYPES: Final = frozenset({GEOJSON, "application/json", "application/merge-patch+json"})


def resource_of(collection: Collection) -> Resource[Any] | None:
    """Return the kind of record by which a collection's features are written, None where they are only read."""
    if not collection.is_written:
        return None
    return next((one for one in RESOURCES.values() if one.model is collection.model and one.has_geometry), None)


@refusing
async def make_item(request: Request) -> Response:
    """Make a feature."""
    collection, resource, body, actor = await _asked(request, Action.CREATE)

    def store() -> tuple[Any, tuple[Any, ...]]:
        form, record_id = read_draft(resource, body)
        _check_layer(collection, form)
        with workspace_of(request).write(actor=actor.ledger_name) as session:
            written = create(session, resource, form, actor=actor, record_id=record_id)
            return written.record.id, written.warnings

    record_id, warnings = await run_in_threadpool(store)
    address = f"{base(request)}/collections/{collection.id}/items/{record_id}"
    return await _stands(request, collection, record_id, actor, warnings, status=201, headers={"Location": address})


@refusing
async def replace_item(request: Request) -> Response:
    """Put a feature in the place of another: what is not said is not known any more."""
    return await _write(request, whole=True)


@refusing
async def change_item(request: Request) -> Response:
    """Change what is said of a feature."""
    return await _write(request, whole=False)


@refusing
async def withdraw_item(request: Request) -> Response:
    """Withdraw a feature: it stays in the store, and no query shows it."""
    only(request)
    collection = find_collection(request.path_params["collection_id"])
    resource = _writable(collection, Action.WITHDRAW)
    actor, identifier = await who_asks(request), read_id(request)
    seen = seen_version(request.headers.get("if-match"))

    def store() -> None:
        item(workspace_of(request).database, collection, identifier, system=CRS84, actor=actor)
        with workspace_of(request).write(actor=actor.ledger_name) as session:
            withdraw(session, resource, identifier, actor=actor, seen=seen)

    await run_in_threadpool(store)
    return Response(status_code=204)


@refusing
async def tell_options(request: Request) -> Response:
    """Tell what can be done with a collection's features."""
    collection = find_collection(request.path_params["collection_id"])
    resource = resource_of(collection)
    actions = frozenset() if resource is None else resource.actions
    verbs = ["GET", "HEAD", "OPTIONS"]
    if "item_id" not in request.path_params:
        verbs += ["POST"] if Action.CREATE in actions else []
    else:
        verbs += ["PUT", "PATCH"] if Action.CHANGE in actions else []
        verbs += ["DELETE"] if Action.WITHDRAW in actions else []
    headers = {"Allow": ", ".join(verbs)}
    if "POST" in verbs:
        headers["Accept-Post"] = GEOJSON
    if "PATCH" in verbs:
        headers["Accept-Patch"] = "application/merge-patch+json, application/geo+json"
    return Response(status_code=204, headers=headers)


async def _write(request: Request, *, whole: bool) -> Response:
    collection, resource, body, actor = await _asked(request, Action.CHANGE)
    identifier = read_id(request)
    seen = seen_version(request.headers.get("if-match"))

    def store() -> tuple[Any, ...]:
        if isinstance(body, dict):
            body.setdefault("type", "Feature")
        values = read_change(resource, body)
        if whole:
            form, _ = read_draft(resource, body)
            values = {
                name: getattr(form, name) for name in resource.form.model_fields if name not in resource.fixed
            } | {name: value for name, value in values.items() if name in resource.fixed}
        item(workspace_of(request).database, collection, identifier, system=CRS84, actor=actor)
        if "kind" in values:
            _check_kind(collection, values["kind"])
        with workspace_of(request).write(actor=actor.ledger_name) as session:
            return change(session, resource, identifier, values, actor=actor, seen=seen).warnings

    warnings = await run_in_threadpool(store)
    return await _stands(request, collection, identifier, actor, warnings, status=200)


async def _asked(request: Request, action: Action) -> tuple[Collection, Resource[Any], Any, Actor]:
    only(request)
    collection = find_collection(request.path_params["collection_id"])
    resource = _writable(collection, action)
    actor = await who_asks(request)
    kind = request.headers.get("content-type", GEOJSON).partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise Refused("ogc.bad_media_type", type=kind[:60])
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LARGEST:
            raise Refused("ogc.body_too_large", most=_LARGEST // 1024 // 1024)
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refused("ogc.no_json") from error
    if isinstance(body, dict):
        for name in ("links", "numberMatched"):
            body.pop(name, None)
        body = _placed(body, _content_system(request))
        properties = body.get("properties")
        if isinstance(properties, dict):
            # What a program read it sends back: what follows from other fields is not for writers, and not an error.
            for name in {one.name for one in collection.told} - resource.form.model_fields.keys():
                properties.pop(name, None)
    return collection, resource, body, actor


def _writable(collection: Collection, action: Action) -> Resource[Any]:
    resource = resource_of(collection)
    if resource is None or action not in resource.actions:
        raise Refused("ogc.only_read", id=collection.id)
    return resource


def _content_system(request: Request) -> ReferenceSystem:
    given = request.headers.get("content-crs")
    return CRS84 if given is None else find_reference_system(given.strip().strip("<>"))


def _placed(body: dict[str, Any], system: ReferenceSystem) -> dict[str, Any]:
    """Return a feature whose geometry is longitude latitude; what is no geometry is left to the reader of records."""
    geometry = body.get("geometry")
    if system == CRS84 or not isinstance(geometry, dict):
        return body
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return body
    return body if shape is None else {**body, "geometry": mapping(to_stored(shape, system))}


def _check_layer(collection: Collection, form: Any) -> None:
    if collection.layer is not None:
        _check_kind(collection, form.kind)


def _check_kind(collection: Collection, kind: Any) -> None:
    known = kind in set(Kind)
    if collection.layer is not None and known and layer_of(Kind(kind)) is not collection.layer:
        raise Refused("ogc.wrong_layer", kind=str(kind)[:40], id=collection.id)


async def _stands(
    request: Request,
    collection: Collection,
    identifier: Any,
    actor: Actor,
    warnings: tuple[Any, ...],
    *,
    status: int,
    headers: dict[str, str] | None = None,
) -> Response:
    database = workspace_of(request).database
    found = await run_in_threadpool(item, database, collection, identifier, system=CRS84, actor=actor)
    language = reader_language(request)
    told = [{"key": one.key, "text": one(language)} for one in warnings]
    more = b"" if not told else b',"warnings":' + orjson.dumps(told)
    return Response(
        found.feature[:-1] + more + b"}",
        status,
        {"Content-Crs": f"<{CRS84.uri}>", "ETag": f'"{found.version}"', **(headers or {})},
        GEOJSON,
    )
