"""Finding villages, and entering one's own with the municipality it belongs to (DOMAIN.md section 1).

A place is its id and its rayon, never its name alone: a name is only taken for a municipality when it is the whole
name of exactly one in the rayon; otherwise whoever asks is shown what there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from uuid import UUID

import numpy as np
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geo.domain import membership
from geo.domain.names import display_names, fold, kyrgyz_sort_key, latin_key, search_keys, search_text
from geo.domain.territory import MunicipalityKind
from geo.errors import Conflict, NotFound, Refused
from geo.i18n import Language
from geo.models import Membership, Municipality, Settlement
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.snapshots import Names
from geo.spatial.measuring import geodesic_m

__all__ = ["SettlementLine", "add_municipality", "add_settlement", "choose_municipality", "find_settlements"]

_MOST_FOUND = 200
_SIMILAR_SHOWN = 5
_SIMILAR = 0.6
_SAME_PLACE_M = 5_000.0
"""Two villages of one name are farther apart than this; nearer, it is one village entered twice."""


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One settlement in a list."""

    id: UUID
    shown: str
    """Its name, with the rayon where another one of the list has the same name."""
    names: Names
    rayon: Names
    municipality: Names
    """Where it belonged on the day asked about; empty where that is not known."""
    lonlat: tuple[float, float]
    is_sample: bool


def find_settlements(
    session: Session, name: str, *, rayon: str = "", language: Language, today: date
) -> tuple[SettlementLine, ...]:
    """Return the settlements whose name contains the letters given, in the order of the Kyrgyz alphabet.

    Parameters
    ----------
    name, rayon
        Parts of the names, however they are spelt.
    language
        Of the names shown.
    today
        The day whose municipality is named.
    """
    territory = TerritoryRepository(session)
    found = sorted(
        territory.search(name, rayon=rayon, limit=_MOST_FOUND),
        key=lambda place: kyrgyz_sort_key(names_of(place).best(language)),
    )
    pairs = [(names_of(place).best(language), _rayon_of(place).best(language)) for place in found]
    owners = territory.municipalities_on(today, [place.id for place in found])
    lines = []
    for place, shown in zip(found, display_names(pairs, language), strict=True):
        owner = owners.get(place.id)
        lines.append(
            SettlementLine(
                id=place.id,
                shown=shown,
                names=names_of(place),
                rayon=_rayon_of(place),
                municipality=names_of(owner) if owner else Names(),
                lonlat=(place.geometry.x, place.geometry.y),
                is_sample=place.is_sample,
            )
        )
    return tuple(lines)


def choose_municipality(session: Session, wanted: str, *, rayon: Names) -> UUID:
    """Return the municipality meant by an id or by its whole name in a rayon.

    Raises
    ------
    NotFound
        There is none; the message lists those with a similar name.
    Refused
        Several have this name.
    """
    known = TerritoryRepository(session).municipalities()
    asked = _as_uuid(wanted)
    if asked is not None:
        if asked not in {one.id for one in known}:
            raise NotFound("municipality.unknown_id", id=asked)
        return asked
    fitting = [one for one in known if _is_called(one, wanted) and _is_in(one, rayon)]
    if len(fitting) > 1:
        raise Refused("municipality.several", name=wanted.strip(), found=_listed(fitting))
    if not fitting:
        similar = _similar(known, wanted)
        if similar:
            raise NotFound("municipality.unknown_similar", name=wanted.strip(), similar=_listed(similar))
        raise NotFound("municipality.unknown", name=wanted.strip())
    return fitting[0].id


def add_municipality(session: Session, *, names: Names, rayon: Names, kind: MunicipalityKind) -> UUID:
    """Enter a municipality.

    Raises
    ------
    Refused
        It has no name.
    Conflict
        The rayon has one of this name already.
    """
    names = _stripped(names, "municipality.nameless")
    for one in TerritoryRepository(session).municipalities():
        if any(_is_called(one, name) for name in asdict(names).values() if name) and _is_in(one, rayon):
            raise Conflict("municipality.exists", name=names_of(one).best(Language.KY), id=one.id)
    record = Municipality(kind=kind, **_in_languages("name", names), **_in_languages("rayon", rayon))
    session.add(record)
    session.flush()
    return record.id


def add_settlement(
    session: Session,
    *,
    names: Names,
    rayon: Names,
    lonlat: tuple[float, float],
    municipality_id: UUID,
    valid_from: date | None = None,
) -> UUID:
    """Enter a settlement and the municipality that it belongs to.

    Parameters
    ----------
    names, rayon
        The Kyrgyz ones are needed; the rayon is what tells homonyms apart.
    lonlat
        Degrees east and north, WGS 84.
    valid_from
        First day of the membership; None where it began before our records.

    Raises
    ------
    Refused
        A name is missing, or the coordinates are not on the Earth.
    Conflict
        A settlement of this name is there already, nearer than 5 km.
    """
    names = _stripped(names, "settlement.nameless")
    rayon = _stripped(rayon, "settlement.rayon_missing")
    lon, lat = lonlat
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Refused("settlement.out_of_range", lon=str(lon), lat=str(lat))
    _refuse_twice(session, names, lonlat)
    place = Settlement(
        search_name=search_text(name for name in asdict(names).values() if name),
        geometry=Point(lon, lat),
        **_in_languages("name", names),
        **_in_languages("rayon", rayon),
    )
    session.add(place)
    session.flush()
    _join(session, place.id, municipality_id, valid_from)
    return place.id


def _join(session: Session, settlement_id: UUID, municipality_id: UUID, valid_from: date | None) -> None:
    stored = TerritoryRepository(session).memberships(settlement_id)
    joining = membership.Membership(settlement_id, municipality_id, valid_from)
    membership.check_memberships(
        [
            *(
                membership.Membership(one.settlement_id, one.municipality_id, one.valid_from, one.valid_to)
                for one in stored
            ),
            joining,
        ]
    )
    session.add(
        Membership(
            settlement_id=settlement_id,
            municipality_id=municipality_id,
            valid_from=valid_from,
            valid_to=None,
            precision=joining.precision,
        )
    )
    session.flush()


def _refuse_twice(session: Session, names: Names, lonlat: tuple[float, float]) -> None:
    keys = {fold(name) for name in asdict(names).values() if name}
    for name in filter(None, asdict(names).values()):
        for place in TerritoryRepository(session).search(name, limit=_MOST_FOUND):
            own = {fold(one) for one in asdict(names_of(place)).values() if one}
            point = np.array([place.geometry.x]), np.array([place.geometry.y])
            if own & keys and geodesic_m(*point, *lonlat)[0] < _SAME_PLACE_M:
                raise Conflict("settlement.exists", name=names_of(place).best(Language.KY), id=place.id)


def _rayon_of(record: Settlement | Municipality) -> Names:
    return Names(record.rayon_ky, record.rayon_ru, record.rayon_en)


def _in_languages(field: str, names: Names) -> dict[str, str]:
    return {f"{field}_{language}": name for language, name in asdict(names).items()}


def _stripped(names: Names, missing: str) -> Names:
    """Return names without blanks around them; the Kyrgyz one must have letters that can be looked for."""
    plain = Names(**{language: " ".join(name.split()) for language, name in asdict(names).items()})
    if not search_keys(plain.ky):
        raise Refused(missing)
    return plain


def _as_uuid(words: str) -> UUID | None:
    try:
        return UUID(words.strip())
    except ValueError:
        return None


def _is_called(one: Municipality, name: str) -> bool:
    wanted = fold(name)
    return bool(wanted) and wanted in {fold(own) for own in asdict(names_of(one)).values()}


def _is_in(one: Municipality, rayon: Names) -> bool:
    """Whether a municipality may lie in a rayon: «Жети-Өгүз району» is the rayon «Жети-Өгүз»."""
    own = [fold(name) for name in asdict(_rayon_of(one)).values() if name]
    asked = [fold(name) for name in asdict(rayon).values() if name]
    return not own or not asked or any(a in b or b in a for a in own for b in asked)


def _similar(known: Sequence[Municipality], wanted: str) -> list[Municipality]:
    key = latin_key(wanted)
    if not key:
        return []
    keys = {name: one for one in known for name in map(latin_key, asdict(names_of(one)).values()) if name}
    near = [name for name in keys if key in name or name in key]
    near += get_close_matches(key, keys, n=_SIMILAR_SHOWN, cutoff=_SIMILAR)
    unique = {keys[name].id: keys[name] for name in near}
    return list(unique.values())[:_SIMILAR_SHOWN]


def _listed(found: Sequence[Municipality]) -> str:
    return "; ".join(
        f"{names_of(one).best(Language.KY)} ({_rayon_of(one).best(Language.KY) or '—'}) {one.id}" for one in found
    )
