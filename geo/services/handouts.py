"""What there is to hand out of a municipality's year: the record without its drawings, and the other years."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.repositories.cycles import years_of
from geo.services.seen_year import seen_year
from geo.snapshots import CycleSnapshot
from geo.storage import PictureStore

__all__ = ["year_to_hand_out"]


def year_to_hand_out(
    session: Session, pictures: PictureStore, municipality_id: UUID, year: int, *, actor: Actor, today: date
) -> tuple[CycleSnapshot | None, tuple[int, ...]]:
    """Return a year as an actor may see it, None before it has begun, and the other years of the municipality."""
    years = tuple(one for one in years_of(session, municipality_id) if one != year)
    return seen_year(session, pictures, municipality_id, year, actor=actor, today=today), years
