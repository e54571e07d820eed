"""A new village on a form: the municipality it belongs to, where it lies, the year to begin with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.routes.access import CSRF_FIELD, form_fields
from api.workbench.frame import Anywhere, Frame, require_role
from geo.domain.clock import local_today
from geo.domain.names import kyrgyz_sort_key
from geo.domain.rights import Action, Subject
from geo.domain.territory import MunicipalityKind
from geo.errors import AyilmapError, Forbidden, Refused
from geo.i18n import Language, Text
from geo.services.places import municipality_names
from geo.services.records.resource import check_storable
from geo.services.territory import add_municipality, add_settlement, choose_municipality
from geo.snapshots import Names

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_NEW: Final = "new"
_EARLIEST, _LATEST = 1990, 2100
_LONGEST: Final = 200
_FIELDS: Final = (
    *("name_ky", "name_ru", "name_en", "rayon_ky", "lon", "lat", "municipality", "kind"),
    *("municipality_ky", "municipality_ru", "municipality_en", "valid_from", "year"),
)
_FIELD_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "settlement.nameless": "name_ky",
        "settlement.exists": "name_ky",
        "settlement.rayon_missing": "rayon_ky",
        "settlement.out_of_range": "lat",
        "municipality.nameless": "municipality_ky",
        "municipality.exists": "municipality_ky",
        "municipality.unknown_id": "municipality",
    }
)
"""Beside which field a refusal of the rules stands; others stand above the form."""


@dataclass
class _Filled:
    """What somebody typed, and what is wrong with it by field; "" is the whole form."""

    values: dict[str, str]
    wrong: dict[str, Text] = field(default_factory=dict)

    def lacks(self, name: str, key: str) -> bool:
        """Note a field that is empty; returns whether it is."""
        if not self.values[name]:
            self.wrong[name] = Text(key)
        return not self.values[name]

    def names(self, stem: str) -> Names:
        """Return the names of three fields."""
        return Names(*(self.values[f"{stem}_{language}"] for language in ("ky", "ru", "en")))


async def _fields(request: Request) -> dict[str, str]:
    given = await form_fields(request)
    return {name: " ".join(given.get(name, "").split())[:_LONGEST] for name in _FIELDS}


@router.get("/work/new", response_class=HTMLResponse)
def new_place(frame: Anywhere) -> HTMLResponse:
    """Show the form."""
    _check_may(frame)
    today = local_today()
    return _show(frame, _Filled({**dict.fromkeys(_FIELDS, ""), "year": str(today.year), "kind": "aimak"}))


@router.post("/work/new", response_class=HTMLResponse)
def make_place(frame: Anywhere, given: Annotated[dict[str, str], Depends(_fields)]) -> Response:
    """Store the village and go to its year; what is missing is said beside its field, and nothing is stored."""
    _check_may(frame)
    filled = _Filled(given)
    lonlat, year, begins = _checked(filled)
    if not filled.wrong:
        assert lonlat is not None and year is not None
        try:
            check_storable(filled.values)
            with frame.store.write(actor=frame.actor.ledger_name) as session:
                made = _store(session, filled, lonlat, begins)
        except AyilmapError as error:
            if not isinstance(error, Refused):
                raise
            filled.wrong[_FIELD_OF.get(error.key, "")] = Text(error.key, error.params)
        else:
            return RedirectResponse(f"/work/{made}/{year}", 303)
    answer = _show(frame, filled)
    answer.status_code = 422
    return answer


def _check_may(frame: Frame) -> None:
    require_role(frame.actor)
    if frame.actor.municipalities(Action.CREATE, Subject.MEMBERSHIP) is not None:
        raise Forbidden("access.not_allowed")


def _checked(filled: _Filled) -> tuple[tuple[float, float] | None, int | None, date | None]:
    """Note what is missing or is no number; returns the place, the year, and since when the village belongs."""
    filled.lacks("name_ky", "settlement.nameless")
    filled.lacks("rayon_ky", "settlement.rayon_missing")
    if not filled.lacks("municipality", "new_place.choose_municipality") and filled.values["municipality"] == _NEW:
        filled.lacks("municipality_ky", "municipality.nameless")
    lon, lat = (_number(filled.values[name]) for name in ("lon", "lat"))
    if lon is None or lat is None:
        filled.wrong["lat"] = Text("new_place.no_point")
    year = _number(filled.values["year"])
    if year is None or year != int(year) or not _EARLIEST <= year <= _LATEST:
        filled.wrong["year"] = Text("new_place.no_year", {"earliest": str(_EARLIEST), "latest": str(_LATEST)})
    begins = None
    if filled.values["valid_from"]:
        try:
            begins = date.fromisoformat(filled.values["valid_from"])
        except ValueError:
            filled.wrong["valid_from"] = Text("new_place.no_day")
    place = (lon, lat) if lon is not None and lat is not None else None
    return place, int(year) if year is not None and "year" not in filled.wrong else None, begins


def _number(words: str) -> float | None:
    """Read a number as people type it: with a comma or a point."""
    try:
        number = float(words.replace(",", ".").replace("°", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _store(session: Session, filled: _Filled, lonlat: tuple[float, float], begins: date | None) -> UUID:
    rayon = Names(filled.values["rayon_ky"])
    if filled.values["municipality"] == _NEW:
        kind = MunicipalityKind(filled.values["kind"]) if filled.values["kind"] in set(MunicipalityKind) else None
        owner = add_municipality(
            session, names=filled.names("municipality"), rayon=rayon, kind=kind or MunicipalityKind.AIMAK
        )
    else:
        owner = choose_municipality(session, filled.values["municipality"], rayon=rayon)
    return add_settlement(
        session,
        names=filled.names("name"),
        rayon=rayon,
        lonlat=lonlat,
        municipality_id=owner,
        valid_from=begins,
    )


def _show(frame: Frame, filled: _Filled) -> HTMLResponse:
    with frame.store.read() as session:
        known = municipality_names(session, frame.language)
    return frame.show(
        "work/new_place.html",
        title=frame.say("new_place.title"),
        scripts=["new_place"],
        styles=["new_place"],
        words=("new_place.",),
        values=filled.values,
        wrong={name: told(frame.language) for name, told in filled.wrong.items()},
        known=sorted(known, key=lambda one: kyrgyz_sort_key(one[1])),
        kinds=tuple(MunicipalityKind),
        csrf_field=CSRF_FIELD,
        earliest=_EARLIEST,
        latest=_LATEST,
        other_languages=tuple(one for one in Language if one is not Language.KY),
    )
