"""Routes of OGC API – Features at ``/ogc``.

They are plain routes without the framework's reading of parameters: the standard's own rules are kept in
`api.ogc.parameters`, and a page of features is not looked at again on its way out.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.ogc import documents, items, writing

__all__ = ["router"]

_COLLECTION = "/ogc/collections/{collection_id}"

router = APIRouter()
for _path, _endpoint in (
    (f"{_COLLECTION}/items", items.show_items),
    (f"{_COLLECTION}/items/{{item_id}}", items.show_item),
    ("/ogc", documents.show_landing),
    ("/ogc/api", documents.show_definition),
    ("/ogc/conformance", documents.show_conformance),
    ("/ogc/collections", documents.show_collections),
    (_COLLECTION, documents.show_collection),
    (f"{_COLLECTION}/queryables", documents.show_queryables),
    (f"{_COLLECTION}/sortables", documents.show_sortables),
    (f"{_COLLECTION}/schema", documents.show_schema),
):
    router.add_route(_path, _endpoint, methods=["GET"], include_in_schema=False)
for _path, _endpoint, _method in (
    (f"{_COLLECTION}/items", writing.make_item, "POST"),
    (f"{_COLLECTION}/items", writing.tell_options, "OPTIONS"),
    (f"{_COLLECTION}/items/{{item_id}}", writing.replace_item, "PUT"),
    (f"{_COLLECTION}/items/{{item_id}}", writing.change_item, "PATCH"),
    (f"{_COLLECTION}/items/{{item_id}}", writing.withdraw_item, "DELETE"),
    (f"{_COLLECTION}/items/{{item_id}}", writing.tell_options, "OPTIONS"),
):
    router.add_route(_path, _endpoint, methods=[_method], include_in_schema=False)
