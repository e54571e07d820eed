"""What the record knows of where and when people will draw: for the words and the middle of a printed sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.vocabulary import Kind
from geo.i18n import Language
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import event_snapshot, names_of
from geo.storage import PictureStore

__all__ = ["KnownPlace", "place_of_event", "place_of_settlement"]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What the record knows of where and when people will draw."""

    centre: tuple[float, float]
    """Lon lat of the village."""
    village: str
    event: str = ""
    held_on: date | None = None
    kinds: tuple[Kind, ...] = ()
    """Kinds already on the event's maps, the most frequent first."""


def place_of_event(session: Session, pictures: PictureStore, event_id: UUID, language: Language) -> KnownPlace:
    """Return what the record knows of an event.

    Raises
    ------
    NotFound
        There is no such event.
    """
    snapshot = event_snapshot(session, pictures, event_id, language)
    drawn = Counter(feature.kind for group in snapshot.groups for feature in group.features)
    order = list(Kind)
    return KnownPlace(
        centre=snapshot.centre,
        village=snapshot.settlement.best(language),
        event=" · ".join(filter(None, (snapshot.groups[0].label, snapshot.place))),
        held_on=snapshot.held_on,
        kinds=tuple(sorted(drawn, key=lambda kind: (-drawn[kind], order.index(kind)))),
    )


def place_of_settlement(session: Session, settlement_id: UUID, language: Language) -> KnownPlace:
    """Return what the record knows of a village.

    Raises
    ------
    NotFound
        There is no such settlement.
    """
    village = TerritoryRepository(session).settlement(settlement_id)
    return KnownPlace(centre=(village.geometry.x, village.geometry.y), village=names_of(village).best(language))
