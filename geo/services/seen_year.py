"""A municipality's year as people of the workbench see it: the whole record without drawings and photos."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.errors import NotFound
from geo.services.snapshots import cycle_snapshot
from geo.snapshots import Audience, CycleSnapshot
from geo.storage import PictureStore

__all__ = ["seen_year"]

_NOT_BEGUN = frozenset({"snapshot.no_cycle", "snapshot.no_cycles"})


def seen_year(
    session: Session, pictures: PictureStore, municipality_id: UUID, year: int, *, actor: Actor, today: date
) -> CycleSnapshot | None:
    """Return a year as an actor may see it, None before it has begun.

    Parameters
    ----------
    pictures
        Where photos are; none is read.
    today
        Day by which work and agreements are late.

    Raises
    ------
    NotFound
        There is no such municipality.
    """
    try:
        return cycle_snapshot(
            session,
            pictures,
            municipality_id,
            year,
            actor=actor,
            audience=Audience.INTERNAL,
            with_features=False,
            with_photos=False,
            as_of=today,
        )
    except NotFound as missing:
        if missing.key not in _NOT_BEGUN:
            raise
        return None
