"""The read model of the first page: where somebody can work or look, and quick finding of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.names import display_names, kyrgyz_sort_key
from geo.domain.rights import Action, Actor, Subject
from geo.i18n import Language
from geo.models import Municipality
from geo.repositories.places import FoundVillage, PlaceRepository, VillageRow
from geo.services.event_map import group_of, names_of
from geo.snapshots import Names

__all__ = [
    "MapLine",
    "MunicipalityPlaces",
    "VillagePlace",
    "find_places",
    "has_places",
    "map_lines",
    "municipality_names",
    "municipality_places",
    "recent_villages",
]

_MOST_MUNICIPALITIES = 24
_MOST_FOUND = 12
_EVERY_MUNICIPALITY = 2_000
"""More than the country has."""


@dataclass(frozen=True, slots=True)
class VillagePlace:
    """A village to open.

    Attributes
    ----------
    shown
        Its name, with the rayon where another one of the list has the same name.
    year
        The year to open.
    """

    id: UUID
    shown: str
    rayon: str
    municipality_id: UUID | None
    municipality: str
    year: int
    is_sample: bool
    has_events: bool = False


@dataclass(frozen=True, slots=True)
class MunicipalityPlaces:
    """A municipality, its years and its villages."""

    id: UUID
    name: str
    rayon: str
    years: tuple[int, ...]
    villages: tuple[VillagePlace, ...]

    @property
    def is_sample(self) -> bool:
        """Whether invented villages are among its own."""
        return any(one.is_sample for one in self.villages)


@dataclass(frozen=True, slots=True)
class MapLine:
    """The map of an event, in a list."""

    event_id: UUID
    village: str
    is_sample: bool
    kind: EventKind
    group: str
    held_on: date
    features: int


def has_places(session: Session) -> bool:
    """Return whether the store has any municipality or settlement."""
    return not PlaceRepository(session).is_empty()


def municipality_places(
    session: Session, language: Language, *, actor: Actor, today: date, only: UUID | None = None
) -> tuple[MunicipalityPlaces, ...]:
    """Return the municipalities where an actor works, those with the newest year first and samples last.

    The public gets those of which something is published. ``only`` names one, whoever works there. Who works everywhere
    gets the first few: the rest is found by name.
    """
    places = PlaceRepository(session)
    if only is not None:
        among: frozenset[UUID] | None = frozenset({only})
    else:
        among = places.shown_to(actor) if actor.is_public else actor.municipalities(Action.READ, Subject.EVENTS)
    found = places.municipalities(among, limit=_MOST_MUNICIPALITIES)
    years = places.years([one.id for one in found])
    villages = places.villages([one.id for one in found])
    busy = places.with_events(actor)
    listed = [
        _municipality(
            one, language, years=years.get(one.id, []), today=today, villages=villages.get(one.id, []), busy=busy
        )
        for one in found
    ]
    return tuple(sorted(listed, key=lambda one: one.is_sample))


def find_places(
    session: Session, letters: str, language: Language, *, today: date
) -> tuple[tuple[MunicipalityPlaces, ...], tuple[VillagePlace, ...]]:
    """Return the municipalities and villages in whose name some letters are, however they are spelt; a few of each."""
    places = PlaceRepository(session)
    named = places.named(letters, limit=3)
    years = places.years([one.id for one in named])
    municipalities = tuple(_municipality(one, language, years=years.get(one.id, []), today=today) for one in named)
    return municipalities, _villages(places, places.search(letters, today, limit=_MOST_FOUND), language, today=today)


def municipality_names(session: Session, language: Language) -> tuple[tuple[UUID, str], ...]:
    """Return every municipality by its name, with the rayon where another one has the same name."""
    rows = PlaceRepository(session).municipalities(None, limit=_EVERY_MUNICIPALITY)
    pairs = [
        (names_of(one).best(language), Names(one.rayon_ky, one.rayon_ru, one.rayon_en).best(language)) for one in rows
    ]
    return tuple((one.id, shown) for one, shown in zip(rows, display_names(pairs, language), strict=True))


def recent_villages(
    session: Session, recent: Sequence[tuple[UUID, int]], language: Language, *, today: date
) -> tuple[VillagePlace, ...]:
    """Return villages of ids and years, each with that year."""
    places = PlaceRepository(session)
    years = dict(recent)
    return _villages(places, places.some([one for one, _ in recent], today), language, today=today, wanted=years)


def map_lines(session: Session, language: Language, *, actor: Actor, limit: int = 12) -> tuple[MapLine, ...]:
    """Return the newest maps of events that an actor may see."""
    rows = PlaceRepository(session).maps(actor, limit=limit)
    villages = {village.id: village for _, village, _ in rows}
    names = dict(zip(villages, _shown(list(villages.values()), language), strict=True))
    return tuple(
        MapLine(
            event_id=event.id,
            village=names[village.id],
            is_sample=village.is_sample,
            kind=event.kind,
            group=group_of(event).label(language),
            held_on=event.held_on,
            features=number,
        )
        for event, village, number in rows
    )


def _municipality(
    one: Municipality,
    language: Language,
    *,
    years: Sequence[int],
    today: date,
    villages: Sequence[VillageRow] = (),
    busy: frozenset[UUID] = frozenset(),
) -> MunicipalityPlaces:
    name = names_of(one).best(language)
    year = years[0] if years else today.year
    listed = [
        VillagePlace(
            id=village.id,
            shown=shown,
            rayon=village.rayon.best(language),
            municipality_id=one.id,
            municipality=name,
            year=year,
            is_sample=village.is_sample,
            has_events=village.id in busy,
        )
        for village, shown in zip(villages, _shown(villages, language), strict=True)
    ]
    listed.sort(key=lambda village: (not village.has_events, kyrgyz_sort_key(village.shown)))
    rayon = Names(one.rayon_ky, one.rayon_ru, one.rayon_en).best(language)
    return MunicipalityPlaces(one.id, name, rayon, tuple(years), tuple(listed))


def _villages(
    places: PlaceRepository,
    found: Sequence[FoundVillage],
    language: Language,
    *,
    today: date,
    wanted: dict[UUID, int] | None = None,
) -> tuple[VillagePlace, ...]:
    years = places.years({one.municipality_id for one in found if one.municipality_id})
    rows = [one.village for one in found]
    listed = []
    for one, shown in zip(found, _shown(rows, language), strict=True):
        own = years.get(one.municipality_id, []) if one.municipality_id else []
        listed.append(
            VillagePlace(
                id=one.village.id,
                shown=shown,
                rayon=one.village.rayon.best(language),
                municipality_id=one.municipality_id,
                municipality=one.municipality.best(language),
                year=(wanted or {}).get(one.village.id) or (own[0] if own else today.year),
                is_sample=one.village.is_sample,
            )
        )
    return tuple(listed)


def _shown(villages: Sequence[VillageRow], language: Language) -> list[str]:
    return display_names([(one.names.best(language), one.rayon.best(language)) for one in villages], language)
