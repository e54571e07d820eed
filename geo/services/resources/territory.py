"""Municipalities, settlements, boundaries, memberships and cycles as records (DOMAIN.md section 1)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from geo.domain import membership as rules
from geo.domain.names import search_text
from geo.domain.rights import Action, Subject
from geo.domain.territory import BoundaryStatus, DatePrecision, MunicipalityKind
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import Cycle, Membership, Municipality, Settlement, SettlementBoundary
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.records.resource import Form, Resource

__all__ = ["RESOURCES", "BoundaryForm", "CycleForm", "MembershipForm", "MunicipalityForm", "SettlementForm"]

EARLIEST_CYCLE = 1990
LATEST_CYCLE = 2100
_KEPT = frozenset({Action.READ, Action.CREATE, Action.CHANGE})
"""The territory is open and never withdrawn: what no longer holds has an end."""


class _Named(Form):
    name_ky: str = ""
    name_ru: str = ""
    name_en: str = ""


class _InRayon(_Named):
    rayon_ky: str = ""
    rayon_ru: str = ""
    rayon_en: str = ""
    oblast_ky: str = ""
    oblast_ru: str = ""
    oblast_en: str = ""


class MunicipalityForm(_InRayon):
    """An aiyl aimak or a town."""

    kind: MunicipalityKind
    code: str = ""
    population_over: int | None = None
    source: str = ""
    note: str = ""
    geometry: BaseGeometry | None = None


class SettlementForm(_InRayon):
    """A village as a place; to which municipality it belongs is a membership."""

    code: str = ""
    population_women: int | None = None
    population_men: int | None = None
    households: int | None = None
    source: str = ""
    note: str = ""
    is_uncertain: bool = False
    geometry: BaseGeometry


class BoundaryForm(Form):
    """A boundary: proposed by residents, approved by the council."""

    settlement_id: UUID
    status: BoundaryStatus
    decided_on: date | None = None
    geometry: BaseGeometry


class MembershipForm(Form):
    """A settlement belongs to a municipality from a day to the day before another."""

    settlement_id: UUID
    municipality_id: UUID
    valid_from: date | None = None
    valid_to: date | None = None
    precision: DatePrecision = DatePrecision.DAY
    note: str = ""


class CycleForm(Form):
    """A year's round of the eight stages."""

    municipality_id: UUID
    year: int


def _own_id(_session: Session, municipality: Municipality) -> UUID | None:
    return municipality.id


def _check_municipality(_session: Session, municipality: Municipality) -> tuple[Text, ...]:
    if not any(name.strip() for name in (municipality.name_ky, municipality.name_ru, municipality.name_en)):
        raise Refused("municipality.nameless")
    _not_negative(municipality.population_over)
    return ()


def _village_owner(session: Session, village: Settlement) -> UUID | None:
    with session.no_autoflush:
        return TerritoryRepository(session).last_municipality(village.id) if village.id else None


def _check_village(_session: Session, village: Settlement) -> tuple[Text, ...]:
    names = [name for name in (village.name_ky, village.name_ru, village.name_en) if name and name.strip()]
    if not names:
        raise Refused("settlement.nameless")
    _not_negative(village.population_women, village.population_men, village.households)
    found = search_text(names)
    if village.search_name != found:
        village.search_name = found
    return ()


def _not_negative(*numbers: int | None) -> None:
    for number in numbers:
        if number is not None and number < 0:
            raise Refused("settlement.negative", number=number)


def _boundary_owner(session: Session, boundary: SettlementBoundary) -> UUID | None:
    with session.no_autoflush:
        territory = TerritoryRepository(session)
        return territory.last_municipality(territory.settlement(boundary.settlement_id).id)


def _check_boundary(_session: Session, boundary: SettlementBoundary) -> tuple[Text, ...]:
    if boundary.status is BoundaryStatus.APPROVED and boundary.decided_on is None:
        raise Refused("boundary.date_missing")
    return ()


def _membership_owner(session: Session, joining: Membership) -> UUID | None:
    with session.no_autoflush:
        territory = TerritoryRepository(session)
        territory.settlement(joining.settlement_id)
        return territory.municipality(joining.municipality_id).id


def _check_membership(session: Session, joining: Membership) -> tuple[Text, ...]:
    territory = TerritoryRepository(session)
    with session.no_autoflush:
        # Of two people who say where a village belongs at once the second sees what the first wrote.
        territory.hold_settlement(joining.settlement_id)
        others = [one for one in territory.memberships(joining.settlement_id) if one.id != joining.id]
    rules.check_memberships(
        rules.Membership(one.settlement_id, one.municipality_id, one.valid_from, one.valid_to)
        for one in (*others, joining)
    )
    return ()


def _cycle_owner(session: Session, cycle: Cycle) -> UUID | None:
    with session.no_autoflush:
        return TerritoryRepository(session).municipality(cycle.municipality_id).id


def _check_cycle(session: Session, cycle: Cycle) -> tuple[Text, ...]:
    if not EARLIEST_CYCLE <= cycle.year <= LATEST_CYCLE:
        raise Refused("cycle.year", year=cycle.year, earliest=EARLIEST_CYCLE, latest=LATEST_CYCLE)
    with session.no_autoflush:
        other = TerritoryRepository(session).cycle(cycle.municipality_id, cycle.year)
    if other is not None and other.id != cycle.id:
        raise Conflict("cycle.exists", year=cycle.year, id=other.id)
    before = inspect(cycle).attrs.year.history.deleted
    if before and inspect(cycle).persistent:
        with session.no_autoflush:
            if AppraisalRepository(session).of_cycle(cycle.id):
                raise Refused("cycle.events_stand", year=before[0], wanted=cycle.year)
    return ()


_VILLAGE = "01a20004-b16b-71b2-bc71-6bc1d5b423e8"
_AIMAK = "01a20004-b16b-71b2-bc71-6bbb09df6ef8"

RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="municipalities",
        subject=Subject.TERRITORY,
        model=Municipality,
        form=MunicipalityForm,
        owner=_own_id,
        check=_check_municipality,
        filters=("kind", "code", "is_sample"),
        sorts=("name_ky",),
        actions=_KEPT,
        example={"kind": "aimak", "name_ky": "Липенка айылдык аймагы", "rayon_ky": "Жети-Өгүз"},
    ),
    Resource(
        name="settlements",
        subject=Subject.TERRITORY,
        model=Settlement,
        form=SettlementForm,
        owner=_village_owner,
        check=_check_village,
        filters=("code", "rayon_ky", "oblast_ky", "is_sample"),
        sorts=("name_ky",),
        actions=_KEPT,
        counts=frozenset({"population_women", "population_men"}),
        example={
            "name_ky": "Липенка",
            "rayon_ky": "Жети-Өгүз",
            "geometry": {"type": "Point", "coordinates": [78.217, 42.493]},
        },
    ),
    Resource(
        name="settlement-boundaries",
        subject=Subject.TERRITORY,
        model=SettlementBoundary,
        form=BoundaryForm,
        owner=_boundary_owner,
        check=_check_boundary,
        filters=("settlement_id", "status"),
        sorts=("decided_on",),
        actions=_KEPT,
        fixed=frozenset({"settlement_id"}),
        example={
            "settlement_id": _VILLAGE,
            "status": "proposed",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[78.22, 42.48], [78.26, 42.48], [78.26, 42.51], [78.22, 42.48]]],
            },
        },
    ),
    Resource(
        name="memberships",
        subject=Subject.MEMBERSHIP,
        model=Membership,
        form=MembershipForm,
        owner=_membership_owner,
        check=_check_membership,
        filters=("settlement_id", "municipality_id"),
        sorts=("valid_from",),
        actions=_KEPT,
        fixed=frozenset({"settlement_id", "municipality_id"}),
        example={"settlement_id": _VILLAGE, "municipality_id": _AIMAK, "valid_to": "2024-01-01", "precision": "year"},
    ),
    Resource(
        name="cycles",
        subject=Subject.TERRITORY,
        model=Cycle,
        form=CycleForm,
        owner=_cycle_owner,
        check=_check_cycle,
        filters=("municipality_id", "year"),
        sorts=("year",),
        actions=_KEPT,
        fixed=frozenset({"municipality_id"}),
        example={"municipality_id": _AIMAK, "year": 2014},
    ),
)
