"""Routes of one kind of record: what its `geo.services.records.resource.Resource` allows, no more."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from api.rest.bodies import MEDIA_TYPE_GEOJSON, answer, collection, read_change, read_draft, read_drafts
from api.rest.list_query import read_list_query
from api.rest.preconditions import is_known, seen_version
from api.rest.schemas import list_parameters, request_body, responses
from api.routes.access import Reader, Store, Who
from geo.domain.rights import Action
from geo.models.governed import Withdrawable
from geo.services.records.reading import list_records, read_record, represent
from geo.services.records.resource import Resource
from geo.services.records.writing import change, create, create_many, publish, restore, withdraw

__all__ = ["MOST_AT_ONCE", "router_for"]

MOST_AT_ONCE = 10_000
"""Records in one request; more come as a file, whose import is a job."""

IfMatch = Annotated[str | None, Header(alias="If-Match", description="ETag of the version that you saw, or *.")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETag of the version that you have.")]


def router_for(resource: Resource[Any]) -> APIRouter:
    """Return the routes of a kind of record."""
    router = APIRouter(prefix=f"/api/v1/{resource.name}", tags=[resource.name])
    _add_reading(router, resource)
    if Action.CREATE in resource.actions:
        _add_making(router, resource)
    if Action.CHANGE in resource.actions:
        _add_changing(router, resource)
    if Action.PUBLISH in resource.actions and not resource.never_public and issubclass(resource.model, Withdrawable):
        _add_publishing(router, resource)
    if Action.WITHDRAW in resource.actions and issubclass(resource.model, Withdrawable):
        _add_withdrawing(router, resource)
    if resource.can_return:
        _add_returning(router, resource)
    return router


def _add_reading(router: APIRouter, resource: Resource[Any]) -> None:
    @router.get(
        "",
        summary=f"List {resource.name}",
        openapi_extra={"parameters": list_parameters(resource)},
        responses=responses(resource, 200, many=True),
    )
    def list_all(request: Request, store: Store, who: Who) -> JSONResponse:
        query = read_list_query(resource, request.query_params)
        with store.read() as session:
            count = request.query_params.get("count") == "true"
            listed = list_records(session, resource, query, actor=who, count=count)
        following = listed.cursor and str(request.url.include_query_params(cursor=listed.cursor))
        media_type = MEDIA_TYPE_GEOJSON if resource.has_geometry else "application/json"
        return JSONResponse(collection(resource, listed, next_url=following), media_type=media_type)

    # What is drawn from other records, such as the sum of votes, changes without a new version of this one.
    is_whole = resource.derive is None and resource.derive_for is None

    @router.get("/{record_id}", summary=f"Read one of the {resource.name}", responses=responses(resource, 200))
    def read_one(
        record_id: UUID, store: Store, who: Who, language: Reader, if_none_match: IfNoneMatch = None
    ) -> Response:
        with store.read() as session:
            values = read_record(session, resource, record_id, actor=who)
        etag = f'"{values["version"]}"'
        if is_whole and is_known(etag, if_none_match):
            return Response(status_code=304, headers={"ETag": etag})
        return answer(resource, values, language=language)


def _add_making(router: APIRouter, resource: Resource[Any]) -> None:
    @router.post(
        "",
        status_code=201,
        summary=f"Create one of the {resource.name}",
        openapi_extra={"requestBody": request_body(resource)},
        responses=responses(resource, 201) | responses(resource, 200),
    )
    def make(body: Annotated[Any, Body()], store: Store, who: Who, language: Reader) -> JSONResponse:
        form, record_id = read_draft(resource, body)
        with store.write(actor=who.ledger_name) as session:
            written = create(session, resource, form, actor=who, record_id=record_id)
            values = represent(session, resource, [written.record], actor=who)[0]
        status = 201 if written.is_new else 200
        return answer(resource, values, language=language, warnings=written.warnings, status=status)

    @router.post(
        "/bulk",
        status_code=201,
        summary=f"Create many {resource.name}, all or none",
        openapi_extra={"requestBody": request_body(resource, many=True)},
        responses={
            201: {"description": "The ids in the order given, and warnings by row, counting from 1."},
            200: {"description": "All of them were made before under these ids, with the same content."},
        },
    )
    def make_many(body: Annotated[Any, Body()], store: Store, who: Who, language: Reader) -> JSONResponse:
        drafts = read_drafts(resource, body, most=MOST_AT_ONCE)
        with store.write(actor=who.ledger_name) as session:
            written = create_many(session, resource, drafts, actor=who)
            ids = [str(one.record.id) for one in written]
        warnings = [
            {"row": row, "key": warning.key, "text": warning(language)}
            for row, one in enumerate(written, 1)
            for warning in one.warnings
        ]
        met = bool(written) and not any(one.is_new for one in written)
        return JSONResponse({"ids": ids, "warnings": warnings}, 200 if met else 201)


def _add_changing(router: APIRouter, resource: Resource[Any]) -> None:
    @router.patch(
        "/{record_id}",
        summary=f"Change fields of one of the {resource.name}",
        openapi_extra={"requestBody": request_body(resource, partial=True)},
        responses=responses(resource, 200),
    )
    def alter(
        *,
        record_id: UUID,
        body: Annotated[Any, Body()],
        store: Store,
        who: Who,
        language: Reader,
        if_match: IfMatch = None,
    ) -> JSONResponse:
        seen = seen_version(if_match)
        values = read_change(resource, body)
        with store.write(actor=who.ledger_name) as session:
            written = change(session, resource, record_id, values, actor=who, seen=seen)
            stands = represent(session, resource, [written.record], actor=who)[0]
        return answer(resource, stands, language=language, warnings=written.warnings)


def _add_publishing(router: APIRouter, resource: Resource[Any]) -> None:
    def show(
        *, record_id: UUID, shown: bool, if_match: str | None, store: Store, who: Who, language: Reader
    ) -> JSONResponse:
        seen = seen_version(if_match)
        with store.write(actor=who.ledger_name) as session:
            written = publish(session, resource, record_id, actor=who, seen=seen, shown=shown)
            values = represent(session, resource, [written.record], actor=who)[0]
        return answer(resource, values, language=language)

    @router.put(
        "/{record_id}/publication",
        summary=f"Show one of the {resource.name} to the public",
        responses=responses(resource, 200),
    )
    def show_public(
        record_id: UUID, store: Store, who: Who, language: Reader, if_match: IfMatch = None
    ) -> JSONResponse:
        return show(record_id=record_id, shown=True, if_match=if_match, store=store, who=who, language=language)

    @router.delete(
        "/{record_id}/publication",
        summary=f"Show one of the {resource.name} to the public no more",
        responses=responses(resource, 200),
    )
    def hide(record_id: UUID, store: Store, who: Who, language: Reader, if_match: IfMatch = None) -> JSONResponse:
        return show(record_id=record_id, shown=False, if_match=if_match, store=store, who=who, language=language)


def _add_withdrawing(router: APIRouter, resource: Resource[Any]) -> None:
    @router.delete("/{record_id}", status_code=204, summary=f"Withdraw one of the {resource.name}")
    def take_out(
        record_id: UUID,
        store: Store,
        who: Who,
        if_match: IfMatch = None,
        reason: Annotated[str, Query(max_length=2_000, description="Why; kept in the store.")] = "",
    ) -> Response:
        seen = seen_version(if_match)
        with store.write(actor=who.ledger_name) as session:
            withdraw(session, resource, record_id, actor=who, seen=seen, reason=reason)
        return Response(status_code=204)


def _add_returning(router: APIRouter, resource: Resource[Any]) -> None:
    @router.post(
        "/{record_id}/restore",
        summary=f"Take back that one of the {resource.name} was withdrawn",
        responses=responses(resource, 200),
    )
    def put_back(record_id: UUID, store: Store, who: Who, language: Reader, if_match: IfMatch = None) -> JSONResponse:
        # That it is withdrawn is what the writer saw; a version need not be named.
        seen = None if if_match is None else seen_version(if_match)
        with store.write(actor=who.ledger_name) as session:
            written = restore(session, resource, record_id, actor=who, seen=seen)
            values = represent(session, resource, [written.record], actor=who)[0]
        return answer(resource, values, language=language, warnings=written.warnings)
