"""What was drawn of a village, as shapes alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.domain.vocabulary import Kind
from geo.models import MapFeature
from geo.repositories.visibility import visible

__all__ = ["shapes_of"]


def shapes_of(session: Session, settlement_id: UUID, kinds: Sequence[Kind], *, actor: Actor) -> Sequence[BaseGeometry]:
    """Return the shapes of a village's objects of some kinds that an actor may see, in degrees, lon lat."""
    query = select(MapFeature.geometry).where(
        MapFeature.settlement_id == settlement_id, MapFeature.kind.in_(kinds), visible(MapFeature, actor)
    )
    return [shape for shape in session.scalars(query) if shape is not None]
