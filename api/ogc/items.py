"""Features of a collection: pages of them, and one by one. The way from the database to the wire is kept short."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.ogc import pages
from api.ogc.answers import (
    GEOJSON,
    HTML,
    JSON,
    Format,
    base,
    link,
    only,
    refusing,
    wanted,
    with_query,
    workspace_of,
)
from api.ogc.parameters import read_items_query, read_system, write_cursor
from api.ogc.words import linked_features
from api.routes.access import who_asks
from geo.errors import NotFound
from geo.repositories.collections.items import ItemsPage
from geo.services.collections import find_collection, item, items, page_of_box
from geo.spatial.reference_systems import CRS84

__all__ = ["read_id", "show_item", "show_items"]


@refusing
async def show_items(request: Request) -> Response:
    """Answer a page of features."""
    collection = find_collection(request.path_params["collection_id"])
    query = read_items_query(collection, request.query_params)
    format = wanted(request)
    actor = await who_asks(request)
    database = workspace_of(request).database
    page = await page_of_box(database, collection, query, actor=actor)
    if page is None:
        page = await run_in_threadpool(items, database, collection, query, actor=actor)
    links = _links(request, format, page)
    if format is Format.HTML:
        return pages.items_page(request, collection, query, page, links)
    etag = f'W/"{page.digest}"'
    headers = {
        "Content-Crs": f"<{query.system.uri}>",
        "ETag": etag,
        "Cache-Control": "no-cache",
        "Vary": "Accept",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    counted = b"" if page.matched is None else b',"numberMatched":%d' % page.matched
    body = b'{"type":"FeatureCollection","features":[%b],"numberReturned":%d%b,"timeStamp":"%b","links":%b}' % (
        page.features,
        page.returned,
        counted,
        datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode(),
        orjson.dumps(links),
    )
    return Response(body, headers=headers, media_type=GEOJSON)


@refusing
async def show_item(request: Request) -> Response:
    """Answer one feature."""
    collection = find_collection(request.path_params["collection_id"])
    only(request, "crs")
    format, system = wanted(request), read_system(request.query_params.get("crs"))
    if format is Format.HTML:
        system = CRS84
    actor = await who_asks(request)
    identifier = read_id(request)
    database = workspace_of(request).database
    found = await run_in_threadpool(item, database, collection, identifier, system=system, actor=actor)
    if format is Format.HTML:
        feature = orjson.loads(found.feature)
        linked = await run_in_threadpool(linked_features, database, feature, actor=actor)
        return pages.item_page(request, collection, found, linked)
    headers = {"Content-Crs": f"<{system.uri}>", "Cache-Control": "no-cache", "Vary": "Accept"}
    if found.version is not None:
        headers["ETag"] = f'"{found.version}"'
        known = request.headers.get("if-none-match", "").replace("W/", "").split(", ")
        if headers["ETag"] in known:
            return Response(status_code=304, headers=headers)
    address = f"{base(request)}/collections/{collection.id}"
    links = [
        link(with_query(request), "self", GEOJSON),
        link(with_query(request, f="html"), "alternate", HTML),
        link(address, "collection", JSON),
    ]
    return Response(found.feature[:-1] + b',"links":' + orjson.dumps(links) + b"}", headers=headers, media_type=GEOJSON)


def read_id(request: Request) -> UUID:
    """Return the id of the feature that an address names.

    Raises
    ------
    NotFound
        It is none that a feature could have.
    """
    words = request.path_params["item_id"]
    try:
        return UUID(words)
    except ValueError as error:
        raise NotFound("record.unknown", id=words[:60]) from error


def _links(request: Request, format: Format, page: ItemsPage) -> list[dict[str, str]]:
    here, other = (GEOJSON, HTML) if format is Format.JSON else (HTML, GEOJSON)
    other_name = (Format.HTML if format is Format.JSON else Format.JSON).value
    collection = f"{base(request)}/collections/{request.path_params['collection_id']}"
    query = urlencode([(name, value) for name, value in request.query_params.items() if name not in {"f", "cursor"}])
    joined = f"{query}&" if query else ""
    asked = f"f={format.value}" if "f" in request.query_params else ""
    at = f"cursor={request.query_params['cursor']}&" if "cursor" in request.query_params else ""
    items = f"{collection}/items?{joined}"
    found = [
        link(f"{items}{at}{asked}".rstrip("?&"), "self", here),
        link(f"{items}{at}f={other_name}", "alternate", other),
        link(collection, "collection", JSON),
    ]
    if page.following is not None:
        more = f"&{asked}" if asked else ""
        found.append(link(f"{items}cursor={write_cursor(page.following)}{more}", "next", here))
    return found
