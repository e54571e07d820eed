"""Rows of any table of records: one by its id, or a page of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.domain.clock import local_today
from geo.errors import NotFound, Refused
from geo.models import AppraisalEvent, Cycle, Membership, Municipality, Record, Settlement
from geo.models.governed import Governed
from geo.repositories.alphabet import in_order
from geo.repositories.boxes import Bounds, meets_box, on_geopackage
from geo.repositories.memberships import municipality_of_village

__all__ = ["ListQuery", "Page", "RecordRepository", "municipalities_of"]

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list is to show.

    Parameters
    ----------
    filters
        Values by column; a row has one of them.
    bounds
        Box that the row's envelope meets.
    standing
        Whether only the latest entries of chains are wanted, of a kind that has chains.
    sort
        Column to order by; texts as the alphabet has them. Rows without a value come last, and rows alike in the
        order in which they were made.
    descending
        Whether from the greatest down.
    limit
        Most rows.
    after
        ``fid`` of the row after which the page begins.
    """

    filters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    bounds: Bounds | None = None
    standing: bool = False
    sort: str = "fid"
    descending: bool = False
    limit: int = 100
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows of a list, and where it goes on."""

    rows: tuple[R, ...]
    after: int | None
    """``fid`` to go on from; None where this was the last page."""


class RecordRepository(Generic[R]):
    """Queries on one table of records."""

    def __init__(self, session: Session, model: type[R]) -> None:
        self.session = session
        self.model = model

    def one(
        self, record_id: UUID, seen_by: ColumnElement[bool], *, to_change: bool = False, with_withdrawn: bool = False
    ) -> R:
        """Return a row that may be seen; to change it, nobody else may meanwhile.

        Raises
        ------
        NotFound
            There is none, it is withdrawn (unless such are asked for), or it may not be seen, which is the same to
            whoever asks.
        """
        query = select(self.model).where(self.model.id == record_id, seen_by)
        if with_withdrawn:
            query = query.execution_options(with_withdrawn=True)
        if to_change:
            query = query.with_for_update(of=self.model).execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("record.unknown", id=record_id)
        return found

    def page(self, query: ListQuery, seen_by: ColumnElement[bool]) -> Page[R]:
        """Return a page of a list."""
        order: Any = getattr(self.model, query.sort)
        statement = select(self.model).where(seen_by, *self._conditions(query))
        if query.after is not None:
            statement = statement.where(self._after(order, query, seen_by))
        if query.sort != "fid":
            side = in_order(order)
            statement = statement.order_by(order.is_(None), side.desc() if query.descending else side)
        down = query.descending and query.sort == "fid"
        statement = statement.order_by(self.model.fid.desc() if down else self.model.fid)
        rows = self.session.scalars(statement.limit(query.limit + 1)).all()
        shown = tuple(rows[: query.limit])
        return Page(shown, shown[-1].fid if len(rows) > query.limit else None)

    def count(self, query: ListQuery, seen_by: ColumnElement[bool]) -> int:
        """Return how many rows a list has over all its pages."""
        counted = select(func.count()).select_from(self.model).where(seen_by, *self._conditions(query))
        return self.session.scalar(counted) or 0

    def _conditions(self, query: ListQuery) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [
            getattr(self.model, name).in_(values) for name, values in query.filters.items()
        ]
        if query.bounds is not None:
            found.append(meets_box(self.model, query.bounds, geopackage=on_geopackage(self.session)))
        return found

    def _after(self, order: Any, query: ListQuery, seen_by: ColumnElement[bool]) -> ColumnElement[bool]:
        fid = self.model.fid
        if query.sort == "fid":
            return fid < query.after if query.descending else fid > query.after
        # Of a row that may not be seen, a cursor made by hand would tell what it is called or costs.
        known = select(order).where(fid == query.after, seen_by).execution_options(with_withdrawn=True)
        row = self.session.execute(known).one_or_none()
        if row is None:
            raise Refused("list.bad_cursor")
        if row[0] is None:
            return and_(order.is_(None), fid > query.after)
        side, bound = in_order(order), in_order(literal(row[0], order.type))
        beyond = side < bound if query.descending else side > bound
        return or_(beyond, and_(side == bound, fid > query.after), order.is_(None))


def municipalities_of(session: Session, record: Record) -> frozenset[UUID]:
    """Return the municipalities whose people have a say in a row; empty where it belongs to none.

    What hangs on a village is in the hands of the municipality to which the village belongs today.
    """
    if isinstance(record, Municipality):
        return frozenset({record.id})
    if isinstance(record, Governed | Cycle | Membership):
        return frozenset({record.municipality_id})
    cycle_id = getattr(record, "cycle_id", None)
    if cycle_id is not None:
        owner = session.scalar(select(Cycle.municipality_id).where(Cycle.id == cycle_id))
        return frozenset({owner}) if owner else frozenset()
    settlement_id = record.id if isinstance(record, Settlement) else getattr(record, "settlement_id", None)
    if settlement_id is not None:
        return frozenset(session.scalars(municipality_of_village(settlement_id, local_today())))
    event_id = getattr(record, "event_id", None)
    if event_id is not None:
        of_event = select(Cycle.municipality_id).join(AppraisalEvent, AppraisalEvent.cycle_id == Cycle.id)
        return frozenset(session.scalars(of_event.where(AppraisalEvent.id == event_id)))
    return frozenset()
