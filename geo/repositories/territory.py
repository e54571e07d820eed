"""Municipalities and settlements: by id, by a name however it is spelt, by membership on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.domain.clock import local_today
from geo.domain.names import fold, search_keys
from geo.errors import NotFound
from geo.models import Cycle, Membership, Municipality, Settlement
from geo.repositories.memberships import municipality_of_village

__all__ = ["TerritoryRepository"]


class TerritoryRepository:
    """Queries on the territory."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def settlement(self, settlement_id: UUID) -> Settlement:
        """Return a settlement.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(Settlement).where(Settlement.id == settlement_id))
        if found is None:
            raise NotFound("record.unknown", id=settlement_id)
        return found

    def hold_settlement(self, settlement_id: UUID) -> None:
        """Make other writers who hold a settlement wait until this transaction ends, but not who refers to it."""
        held = select(Settlement.fid).where(Settlement.id == settlement_id)
        self.session.execute(held.with_for_update(key_share=True))

    def settlements(self) -> Sequence[Settlement]:
        """Return every settlement in the order in which they were stored."""
        return self.session.scalars(select(Settlement).order_by(Settlement.fid)).all()

    def search(self, name: str, *, rayon: str = "", limit: int = 20) -> Sequence[Settlement]:
        """Return settlements whose name contains the letters given, however they are spelt.

        Parameters
        ----------
        name
            Part of a name in any of the languages; ң/ӊ/н, ө/о, ү/у, ё/е, case, hyphens and
            Cyrillic or Latin letters do not matter.
        rayon
            Part of the rayon's name: what tells homonyms apart.
        """
        keys = search_keys(name)
        if not keys:
            return []
        query = select(Settlement).where(or_(*(Settlement.search_name.contains(key, autoescape=True) for key in keys)))
        found = self.session.scalars(query.order_by(Settlement.search_name, Settlement.fid)).all()
        if rayon:
            wanted = fold(rayon)
            found = [place for place in found if wanted in fold(f"{place.rayon_ky} {place.rayon_ru} {place.rayon_en}")]
        return found[:limit]

    def municipality(self, municipality_id: UUID) -> Municipality:
        """Return a municipality.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(Municipality).where(Municipality.id == municipality_id))
        if found is None:
            raise NotFound("record.unknown", id=municipality_id)
        return found

    def hold_municipality(self, municipality_id: UUID) -> None:
        """Make other writers who hold a municipality wait until this transaction ends, but not who refers to it."""
        held = select(Municipality.fid).where(Municipality.id == municipality_id)
        self.session.execute(held.with_for_update(key_share=True))

    def municipalities(self) -> Sequence[Municipality]:
        """Return every municipality in the order in which they were stored."""
        return self.session.scalars(select(Municipality).order_by(Municipality.fid)).all()

    def memberships(self, settlement_id: UUID) -> Sequence[Membership]:
        """Return the memberships of a settlement, of all times."""
        return self.session.scalars(
            select(Membership).where(Membership.settlement_id == settlement_id).order_by(Membership.fid)
        ).all()

    def municipality_of(self, settlement_id: UUID, day: date) -> Municipality | None:
        """Return the municipality that a settlement belonged to on a day, None where that is not known."""
        return self.session.scalar(
            select(Municipality)
            .join(Membership, Membership.municipality_id == Municipality.id)
            .where(
                Membership.settlement_id == settlement_id,
                or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
                or_(Membership.valid_to.is_(None), Membership.valid_to > day),
            )
        )

    def municipalities_on(self, day: date, settlement_ids: Collection[UUID] | None = None) -> dict[UUID, Municipality]:
        """Return the municipalities that settlements belonged to on a day, by settlement, in one query.

        ``settlement_ids`` None: of all of them.
        """
        query = (
            select(Membership.settlement_id, Municipality)
            .join(Municipality, Municipality.id == Membership.municipality_id)
            .where(
                or_(Membership.valid_from.is_(None), Membership.valid_from <= day),
                or_(Membership.valid_to.is_(None), Membership.valid_to > day),
            )
        )
        if settlement_ids is not None:
            query = query.where(Membership.settlement_id.in_(settlement_ids))
        return {row[0]: row[1] for row in self.session.execute(query)}

    def last_municipality(self, settlement_id: UUID) -> UUID | None:
        """Return the municipality to which a settlement came last until today, None where it is in none."""
        return self.session.scalar(municipality_of_village(settlement_id, local_today()))

    def cycle_by_id(self, cycle_id: UUID) -> Cycle:
        """Return a cycle.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(Cycle).where(Cycle.id == cycle_id))
        if found is None:
            raise NotFound("record.unknown", id=cycle_id)
        return found

    def cycle(self, municipality_id: UUID, year: int) -> Cycle | None:
        """Return the cycle of a municipality in a year, None where there is none yet."""
        return self.session.scalar(select(Cycle).where(Cycle.municipality_id == municipality_id, Cycle.year == year))
