"""The first page of a village and year: what is done, what is next, and the map."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Room

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}", response_class=HTMLResponse)
def village(frame: AtPlace) -> HTMLResponse:
    """Show a village's year."""
    assert frame.place is not None
    return frame.show(
        "work/village.html",
        room=Room.HOME,
        title=frame.place.settlement.best(frame.language),
        scripts=["village"],
        styles=["village"],
        data={"lonlat": frame.place.lonlat},
    )
