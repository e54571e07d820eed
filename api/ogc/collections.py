"""The collections as the OGC API describes them; which there are is said in `geo.repositories.collections.registry`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from api.ogc.answers import GEOJSON, HTML, JSON, SCHEMA, base, link
from api.ogc.titles import describe
from geo.i18n import Language
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.registry import COLLECTIONS
from geo.spatial.reference_systems import CRS84, REFERENCE_SYSTEMS

__all__ = ["COLLECTIONS", "MORE_LINKS", "describe_collection"]

_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
_SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/schema"

MORE_LINKS: list[Callable[[Collection, str, Language], list[dict[str, str]]]] = []
"""Further links of a collection, from its description, its address and the language: other standards add theirs."""


def describe_collection(request: Request, collection: Collection, language: Language) -> dict[str, Any]:
    """Return a collection's description (part 1, clause 7.14; part 2, clause 6.2)."""
    address = f"{base(request)}/collections/{collection.id}"
    title = describe(collection, language)
    links = [
        link(address, "self", JSON, title),
        link(f"{address}?f=html", "alternate", HTML, title),
        link(f"{address}/items", "items", GEOJSON, title),
        link(f"{address}/items?f=html", "items", HTML, title),
        link(f"{address}/queryables", _QUERYABLES, SCHEMA),
        link(f"{address}/sortables", _SORTABLES, SCHEMA),
        link(f"{address}/schema", _SCHEMA, SCHEMA),
    ]
    for more in MORE_LINKS:
        links += more(collection, address, language)
    return {
        "id": collection.id,
        "title": title,
        "itemType": "feature",
        "crs": [system.uri for system in REFERENCE_SYSTEMS],
        "storageCrs": CRS84.uri,
        "links": links,
    }
