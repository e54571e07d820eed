"""The rules of monitoring applied to rows: whose a record is, where it stands in its chain, what is refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.clock import local_day
from geo.domain.identifiers import new_id
from geo.domain.monitoring.comparison import Actual, Difference, Planned, compare
from geo.domain.monitoring.signs import Sign, check_signs
from geo.domain.monitoring.visits import (
    Entry,
    Observed,
    check_members,
    check_moments,
    check_visit,
    next_number,
    review_group,
    review_visit,
)
from geo.domain.plan_codes import GroupKind
from geo.domain.rights import LOCAL
from geo.errors import Refused
from geo.i18n import Text
from geo.models import ChecklistScore, Finding, FollowUp, MonitoringVisit, VisitPhoto
from geo.models.base import now
from geo.repositories.monitoring import MonitoringRepository
from geo.repositories.sheets import SheetRepository
from geo.repositories.territory import TerritoryRepository

__all__ = [
    "check_visit_row",
    "differences",
    "leave_chain",
    "municipality_of_settlement",
    "municipality_today",
    "own_visit",
]


def own_visit(session: Session, visit: MonitoringVisit) -> UUID:
    """Return the municipality of a visit, and give it its place in its chain.

    Raises
    ------
    NotFound
        The village, the activity or the visit to be corrected is not there.
    Refused
        It lies in the future, or the activity, the object, the group, or the visit to be corrected, is of another
        municipality.
    Conflict
        The visit was corrected or withdrawn meanwhile.
    """
    visits = MonitoringRepository(session)
    # Asked first: for a day to come no municipality may be known, which would be the wrong thing to complain of.
    check_moments(visit.visited_at, visit.located_at, at=now())
    with session.no_autoflush:
        municipality_id = municipality_of_settlement(session, visit.settlement_id, local_day(visit.visited_at))
        if visit.activity_id is not None:
            owner = visits.activity(visit.activity_id).municipality_id
            memberships = TerritoryRepository(session).memberships(visit.settlement_id)
            if owner not in {one.municipality_id for one in memberships}:
                raise Refused("visit.activity_of_other_municipality")
            municipality_id = owner
        _check_feature(session, visit, municipality_id)
        _check_group(session, visit, municipality_id)
        visit.id = _or_new(visit.id)
        if visit.corrects_id is None:
            visit.chain_id, visit.number = visit.id, 1
            return municipality_id
        corrected = visits.visit(visit.corrects_id)
        if corrected.municipality_id != municipality_id:
            raise Refused("visit.corrects_other_village")
        visits.hold_chain(corrected.chain_id)
        chain = [
            Entry(one.id, one.number, one.withdrawn_at is not None)
            for one in visits.chain(corrected.chain_id)
            if one.id != visit.id
        ]
        visit.chain_id, visit.number = corrected.chain_id, next_number(chain, visit.corrects_id)
    return municipality_id


def _check_feature(session: Session, visit: MonitoringVisit, municipality_id: UUID) -> None:
    if visit.feature_id is None:
        return
    feature = SheetRepository(session).feature(visit.feature_id)
    memberships = TerritoryRepository(session).memberships(feature.settlement_id)
    if municipality_id not in {one.municipality_id for one in memberships}:
        raise Refused("visit.feature_of_other_municipality")


def _check_group(session: Session, visit: MonitoringVisit, municipality_id: UUID) -> None:
    # A group goes where its municipality is or was at home; nobody says of another one's people that they were there.
    if visit.group_id is None:
        return
    group = MonitoringRepository(session).group(visit.group_id)
    memberships = TerritoryRepository(session).memberships(visit.settlement_id)
    if group.municipality_id not in {municipality_id, *(one.municipality_id for one in memberships)}:
        raise Refused("visit.group_of_other_municipality")


def check_visit_row(session: Session, visit: MonitoringVisit) -> tuple[Text, ...]:
    """Refuse a visit that makes no sense and return what the method warns of."""
    visit.members = [name.strip() for name in visit.members or []]
    visit.member_count = check_members(visit.members, visit.member_count)
    check_signs([Sign(one["name"], one["strokes"]) for one in visit.signs or ()], visit.members)
    observed = Observed(
        topic=visit.topic,
        visited_at=visit.visited_at,
        has_activity=visit.activity_id is not None,
        has_service=visit.feature_id is not None or bool((visit.service or "").strip()),
        has_point=visit.geometry is not None,
        accuracy_m=visit.accuracy_m,
        located_at=visit.located_at,
        member_count=visit.member_count,
    )
    check_visit(observed, at=now())
    differences(visit)
    warnings = review_visit(observed)
    if visit.group_id is None:
        return warnings
    with session.no_autoflush:
        group = MonitoringRepository(session).group(visit.group_id)
    return (
        *warnings,
        *review_group(
            group_settlement_id=group.settlement_id,
            is_monitoring=group.kind is GroupKind.MONITORING,
            settlement_id=visit.settlement_id,
        ),
    )


def differences(visit: MonitoringVisit) -> Difference:
    """Return planned against actual of a visit."""
    return compare(
        Planned(visit.planned_quantity, visit.planned_som, visit.planned_on),
        Actual(visit.actual_quantity, visit.actual_som, visit.actual_on),
        unit=visit.quantity_unit or "",
    )


def leave_chain(session: Session, visit: MonitoringVisit) -> None:
    """Withdraw what hangs on a visit with its last standing entry; before that the other entries keep it."""
    visits = MonitoringRepository(session)
    entries = visits.chain(visit.chain_id)
    if any(one.withdrawn_at is None for one in entries if one.id != visit.id):
        return
    for model in (FollowUp, Finding, ChecklistScore, VisitPhoto):
        for _, _, part in visits.of_chains(model, [visit.chain_id], LOCAL):
            part.withdrawn_at = now()
            part.withdrawn_by = session.info[ACTOR]
            part.withdrawn_reason = f"monitoring_visit {visit.id}"
    session.flush()


def municipality_of_settlement(session: Session, settlement_id: UUID, day: date) -> UUID:
    """Return the municipality that a village belonged to on a day.

    Raises
    ------
    NotFound
        There is no such village.
    Refused
        It belonged to none, as far as is known.
    """
    territory = TerritoryRepository(session)
    territory.settlement(settlement_id)
    municipality = territory.municipality_of(settlement_id, day)
    if municipality is None:
        raise Refused("visit.settlement_without_municipality", day=day.isoformat())
    return municipality.id


def municipality_today(session: Session, settlement_id: UUID, today: date) -> UUID:
    """Return the municipality of a village today; where none is known, the one that it belonged to last.

    Raises
    ------
    NotFound
        There is no such village.
    Refused
        It never belonged to one, as far as is known.
    """
    territory = TerritoryRepository(session)
    territory.settlement(settlement_id)
    begun = [one for one in territory.memberships(settlement_id) if one.valid_from is None or one.valid_from <= today]
    if not begun:
        raise Refused("visit.settlement_without_municipality", day=today.isoformat())
    return max(begun, key=lambda one: one.valid_from or date.min).municipality_id


def _or_new(identity: UUID | None) -> UUID:
    return new_id() if identity is None else identity
