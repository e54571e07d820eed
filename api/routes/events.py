"""Events as data and as maps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.routes.access import Reader, Store, Who
from geo.domain.clock import local_today
from geo.services.event_map import event_snapshot
from geo.services.overview import overview

__all__ = ["router"]

router = APIRouter(tags=["events"])


@router.get("/api/v1/overview", summary="Every event with its village, and how much is drawn in each")
def list_overview(store: Store, language: Reader, actor: Who) -> list[dict[str, Any]]:
    """List the events with their village, group, day, and how much is drawn in each."""
    with store.read() as session:
        villages = overview(session, language, today=local_today(), actor=actor)
    return [
        {
            "id": event.id,
            "kind": event.kind,
            "held_on": event.held_on,
            "group": event.group,
            "settlement": {"id": village.id, "name": village.names.best(language), "is_sample": village.is_sample},
            "sheets": event.sheets,
            "features": event.features,
            "map": f"/events/{event.id}/map",
        }
        for village in villages
        for event in village.events
    ]


@router.get("/events/{event_id}/map", response_class=HTMLResponse, summary="The map of an event, one file")
def event_map(event_id: UUID, store: Store, language: Reader, actor: Who) -> HTMLResponse:
    """Render the map; the page can be saved and opened without the service."""
    from maps.web.session_map import render_session_map  # noqa: PLC0415 - folium takes a second to bring in

    with store.read() as session:
        snapshot = event_snapshot(session, store.pictures, event_id, language, actor=actor)
    return HTMLResponse(render_session_map(snapshot, language))
