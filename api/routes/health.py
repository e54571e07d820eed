"""Whether the service and its store are well."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes.access import Store
from geo.database.schema import head_revision

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["service"])


@router.get("/health", summary="Is the store reachable, and which schema has it")
def health(store: Store) -> dict[str, str]:
    """Answer 200 when the store can be read, 503 or 500 with the reason otherwise."""
    with store.read():
        return {
            "status": "ok",
            "schema": head_revision(),
            "engine": "geopackage" if store.database.is_geopackage else "postgis",
        }
