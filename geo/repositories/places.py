"""Choosing where to work: municipalities with their years and villages, and villages by a few letters of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from geo.domain.names import search_keys
from geo.domain.rights import Actor
from geo.models import AppraisalEvent, Cycle, MapFeature, Membership, Municipality, Settlement
from geo.repositories.links import standing
from geo.snapshots import Names

__all__ = ["FoundVillage", "PlaceRepository", "VillageRow"]


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village by its names."""

    id: UUID
    names: Names
    rayon: Names
    is_sample: bool


@dataclass(frozen=True, slots=True)
class FoundVillage:
    """A village that was looked for, and where it belonged on the day asked about."""

    village: VillageRow
    municipality_id: UUID | None
    municipality: Names


_VILLAGE: tuple[Any, ...] = (
    Settlement.id,
    Settlement.name_ky,
    Settlement.name_ru,
    Settlement.name_en,
    Settlement.rayon_ky,
    Settlement.rayon_ru,
    Settlement.rayon_en,
    Settlement.is_sample,
)


class PlaceRepository:
    """Queries for choosing a place; columns only, for a country has thousands."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def is_empty(self) -> bool:
        """Return whether the store has no place at all."""
        return all(self.session.scalar(select(one.fid).limit(1)) is None for one in (Municipality, Settlement))

    def municipalities(self, among: Collection[UUID] | None, *, limit: int) -> Sequence[Municipality]:
        """Return municipalities, those with the newest year first.

        Parameters
        ----------
        among
            Some of them only; None stands for all.
        """
        last = select(func.max(Cycle.year)).where(Cycle.municipality_id == Municipality.id).scalar_subquery()
        query = select(Municipality).order_by(func.coalesce(last, 0).desc(), Municipality.fid).limit(limit)
        if among is not None:
            query = query.where(Municipality.id.in_(among))
        return self.session.scalars(query).all()

    def named(self, letters: str, *, limit: int) -> Sequence[Municipality]:
        """Return municipalities in whose name the letters are, however they are spelt."""
        keys = search_keys(letters)
        rows = self.session.scalars(select(Municipality).order_by(Municipality.fid)).all() if keys else ()
        found = []
        for one in rows:
            own = [key for name in (one.name_ky, one.name_ru, one.name_en) for key in search_keys(name)]
            if any(key in name for key in keys for name in own):
                found.append(one)
        return found[:limit]

    def years(self, municipality_ids: Collection[UUID]) -> dict[UUID, list[int]]:
        """Return the years of municipalities, the newest first."""
        found: defaultdict[UUID, list[int]] = defaultdict(list)
        query = select(Cycle.municipality_id, Cycle.year).where(Cycle.municipality_id.in_(municipality_ids))
        for municipality_id, year in self.session.execute(query.order_by(Cycle.year.desc())):
            found[municipality_id].append(year)
        return dict(found)

    def villages(self, municipality_ids: Collection[UUID]) -> dict[UUID, list[VillageRow]]:
        """Return the villages that ever belonged to municipalities, as they were stored."""
        query = (
            select(Membership.municipality_id, *_VILLAGE)
            .join(Settlement, Settlement.id == Membership.settlement_id)
            .where(Membership.municipality_id.in_(municipality_ids))
            .order_by(Settlement.fid)
        )
        found: defaultdict[UUID, dict[UUID, VillageRow]] = defaultdict(dict)
        for municipality_id, *row in self.session.execute(query):
            village = _village(row)
            found[municipality_id][village.id] = village
        return {municipality_id: list(rows.values()) for municipality_id, rows in found.items()}

    def with_events(self, actor: Actor) -> frozenset[UUID]:
        """Return the villages of which an actor sees events."""
        query = select(AppraisalEvent.settlement_id).where(standing(AppraisalEvent, actor)).distinct()
        return frozenset(self.session.scalars(query))

    def shown_to(self, actor: Actor) -> frozenset[UUID]:
        """Return the municipalities of whose events an actor sees any."""
        query = (
            select(Cycle.municipality_id)
            .join(AppraisalEvent, AppraisalEvent.cycle_id == Cycle.id)
            .where(standing(AppraisalEvent, actor))
            .distinct()
        )
        return frozenset(self.session.scalars(query))

    def search(self, letters: str, day: date, *, limit: int) -> tuple[FoundVillage, ...]:
        """Return villages in whose name the letters are, however they are spelt; those that begin so come first."""
        keys = search_keys(letters)
        if not keys:
            return ()
        column = Settlement.search_name
        begins = or_(*(column.contains(f"|{key}", autoescape=True) for key in keys))
        query = (
            select(*_VILLAGE)
            .where(or_(*(column.contains(key, autoescape=True) for key in keys)))
            .order_by(case((begins, 0), else_=1), func.length(column), column, Settlement.fid)
            .limit(limit)
        )
        return self.belonging([_village(row) for row in self.session.execute(query)], day)

    def some(self, settlement_ids: Sequence[UUID], day: date) -> tuple[FoundVillage, ...]:
        """Return villages by their ids, in the order of the ids; those that are not there are left out."""
        rows = self.session.execute(select(*_VILLAGE).where(Settlement.id.in_(settlement_ids)))
        found = {one.id: one for one in map(_village, rows)}
        return self.belonging([found[one] for one in settlement_ids if one in found], day)

    def belonging(self, villages: Sequence[VillageRow], day: date) -> tuple[FoundVillage, ...]:
        """Return villages with the municipality of a day."""
        query = (
            select(
                Membership.settlement_id,
                Municipality.id,
                Municipality.name_ky,
                Municipality.name_ru,
                Municipality.name_en,
            )
            .join(Municipality, Municipality.id == Membership.municipality_id)
            .where(
                Membership.settlement_id.in_([one.id for one in villages]),
                or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
                or_(Membership.valid_to.is_(None), Membership.valid_to > day),
            )
        )
        owners = {row[0]: (row[1], Names(*row[2:])) for row in self.session.execute(query)}
        nobody: tuple[UUID | None, Names] = (None, Names())
        return tuple(FoundVillage(one, *owners.get(one.id, nobody)) for one in villages)

    def maps(self, actor: Actor, *, limit: int) -> Sequence[tuple[AppraisalEvent, VillageRow, int]]:
        """Return the newest events of whose map an actor sees something, with their village and how much."""
        drawn = (
            select(func.count())
            .where(MapFeature.event_id == AppraisalEvent.id, standing(MapFeature, actor))
            .correlate(AppraisalEvent)
            .scalar_subquery()
        )
        query = (
            select(AppraisalEvent, drawn, *_VILLAGE)
            .join(Settlement, Settlement.id == AppraisalEvent.settlement_id)
            .where(standing(AppraisalEvent, actor), drawn > 0)
            .order_by(AppraisalEvent.held_on.desc(), AppraisalEvent.fid)
            .limit(limit)
        )
        rows: list[Any] = list(self.session.execute(query))
        return [(event, _village(row), number) for event, number, *row in rows]


def _village(row: Any) -> VillageRow:
    return VillageRow(row[0], Names(*row[1:4]), Names(*row[4:7]), bool(row[7]))
