"""Whether the service and its store are well."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import func, select

from api.routes.access import Store
from geo.database.schema import head_revision
from geo.models import Municipality

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["service"])


@router.get("/health", summary="Is the store reachable, and which schema has it")
def health(store: Store) -> dict[str, str]:
    """Answer 200 when the store can be read, 503 or 500 with the reason otherwise."""
    with store.read() as session:
        session.scalar(select(func.count()).select_from(Municipality))  # opens nothing until something is asked
        return {
            "status": "ok",
            "schema": head_revision(),
            "engine": "geopackage" if store.database.is_geopackage else "postgis",
        }
