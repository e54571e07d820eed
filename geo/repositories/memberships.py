"""Which villages belong to which municipality today, and whose records came with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from geo.domain.succession import FormerVillage, successor
from geo.models import Membership

__all__ = ["earlier_municipalities", "municipalities_of_villages", "municipality_of_village", "villages_of"]


def villages_of(municipalities: Collection[UUID], today: date) -> Select[UUID]:
    """Return the query of the settlements that belong to municipalities: the last membership begun counts."""
    return select(Membership.settlement_id).where(
        Membership.municipality_id.in_(municipalities), _is_last(Membership, today)
    )


def municipality_of_village(settlement_id: UUID, today: date) -> Select[UUID]:
    """Return the query of the municipality that a settlement belongs to: the last membership begun counts."""
    return select(Membership.municipality_id).where(
        Membership.settlement_id == settlement_id, _is_last(Membership, today)
    )


def municipalities_of_villages(settlement_ids: Collection[UUID], today: date) -> Select[UUID, UUID]:
    """Return the query of settlements with the municipality that each belongs to: the last membership begun counts."""
    return select(Membership.settlement_id, Membership.municipality_id).where(
        Membership.settlement_id.in_(settlement_ids), _is_last(Membership, today)
    )


def earlier_municipalities(session: Session, municipalities: Collection[UUID], today: date) -> dict[UUID, UUID]:
    """Return the municipalities that went up in others, with the one whose people reach their records.

    Parameters
    ----------
    municipalities
        Of today; only what went up in one of them is returned.
    """
    if not municipalities:
        return {}
    earlier, last = aliased(Membership), aliased(Membership)
    gone = (
        select(earlier.municipality_id)
        .join(last, last.settlement_id == earlier.settlement_id)
        .where(
            earlier.valid_to <= today,
            last.municipality_id.in_(municipalities),
            last.municipality_id != earlier.municipality_id,
            _is_last(last, today),
        )
    )
    once, now = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(once.municipality_id, once.valid_to, now.municipality_id)
        .join(now, now.settlement_id == once.settlement_id)
        .where(once.municipality_id.in_(gone), _is_last(now, today))
    )
    villages: defaultdict[UUID, list[FormerVillage]] = defaultdict(list)
    for municipality_id, left_on, now_in in rows:
        has_left = left_on is not None and left_on <= today
        villages[municipality_id].append(FormerVillage(left_on if has_left else None, now_in))
    heirs = {one: successor(had) for one, had in villages.items()}
    return {one: heir for one, heir in heirs.items() if heir in set(municipalities) and heir != one and heir}


def _is_last(membership: type[Membership], today: date) -> ColumnElement[bool]:
    later = aliased(Membership)
    return and_(
        or_(membership.valid_from.is_(None), membership.valid_from <= today),
        ~exists().where(
            later.settlement_id == membership.settlement_id,
            later.valid_from <= today,
            or_(membership.valid_from.is_(None), later.valid_from > membership.valid_from),
        ),
    )
