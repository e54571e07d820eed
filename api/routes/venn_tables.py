"""Venn diagrams as circles on a table: many moved at once, and where circles would lie that nobody laid yet."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.routes.access import Store, Who
from geo.domain.institutions import Diagram
from geo.services.venn_layouts import diagram_snapshot
from geo.services.venn_positions import Position, lay_circles
from maps.venn.layout import layout_venn

__all__ = ["MOST_CIRCLES", "router"]

router = APIRouter(prefix="/api/v1/events/{event_id}/venn", tags=["venn"])
MOST_CIRCLES = 500

Pixel = Annotated[float, Field(ge=-1e7, le=1e7)]


class Place(BaseModel):
    """A circle's middle and radius, x right, y down."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: UUID
    x: Pixel
    y: Pixel
    radius: Annotated[float, Field(gt=0, le=1e7)]


class SeenPlace(Place):
    """Where a circle is put, or lies."""

    version: int = Field(description="Of the circle that you saw; in the answer, of the circle as it lies now.")


class Positions(BaseModel):
    """Circles of one diagram and where they are put."""

    model_config = ConfigDict(extra="forbid")

    diagram: Diagram = Diagram.EVERYBODY
    circles: Annotated[list[SeenPlace], Field(min_length=1, max_length=MOST_CIRCLES)]


class Laid(BaseModel):
    """Circles as they lie."""

    circles: list[SeenPlace]


class Arrangement(BaseModel):
    """Where circles would lie."""

    circles: list[Place]


@router.put("/positions", summary="Move several circles of a diagram at once")
def write_positions(event_id: UUID, body: Positions, store: Store, who: Who) -> Laid:
    """Put circles where they lie now, all or none; the ties that the drawing shows follow.

    If somebody changed one of them since, the answer is 412 with both, and nothing is moved.
    """
    wanted = [Position(one.id, one.x, one.y, one.radius, one.version) for one in body.circles]
    with store.write(actor=who.ledger_name) as session:
        moved = lay_circles(session, event_id, body.diagram, wanted, actor=who)
        return Laid(
            circles=[
                SeenPlace(id=one.id, x=place.x, y=place.y, radius=place.radius, version=one.version)
                for one, place in zip(moved, body.circles, strict=True)
            ]
        )


@router.get("/arrangement", summary="Where the circles of a diagram would lie as its ties say")
def read_arrangement(
    event_id: UUID,
    store: Store,
    who: Who,
    diagram: Annotated[Diagram, Query(description="Whose diagram.")] = Diagram.EVERYBODY,
) -> Arrangement:
    """Lay circles out so that they lie as the ties say; nothing is stored. Lengths in radii of a small circle."""
    with store.read() as session:
        snapshot = diagram_snapshot(session, event_id, diagram, actor=who)
    return Arrangement(
        circles=[Place(id=one.id, x=one.x, y=one.y, radius=one.radius) for one in layout_venn(snapshot).circles]
    )
