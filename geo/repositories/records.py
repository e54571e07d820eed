"""Rows of any table of records: one by its id, or a page of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.domain.clock import local_today
from geo.errors import NotFound, Refused
from geo.models import AppraisalEvent, Cycle, Membership, Municipality, Record, Settlement
from geo.models.governed import Governed
from geo.repositories.alphabet import in_order
from geo.repositories.boxes import Bounds, meets_box, on_geopackage
from geo.repositories.memberships import municipalities_of_villages

__all__ = ["ListQuery", "Page", "RecordRepository", "municipalities_of", "municipalities_of_each"]

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
    return municipalities_of_each(session, [record])[0]


def municipalities_of_each(session: Session, records: Sequence[Record]) -> list[frozenset[UUID]]:
    """Return the same of many rows, in order, with no more queries than of one."""
    of_cycles = _Asked(session, lambda ids: select(Cycle.id, Cycle.municipality_id).where(Cycle.id.in_(ids)))
    of_villages = _Asked(session, lambda ids: municipalities_of_villages(ids, local_today()))
    of_events = _Asked(
        session,
        lambda ids: (
            select(AppraisalEvent.id, Cycle.municipality_id)
            .join(Cycle, Cycle.id == AppraisalEvent.cycle_id)
            .where(AppraisalEvent.id.in_(ids))
        ),
    )
    found: list[Callable[[], frozenset[UUID]]] = []
    for record in records:
        if isinstance(record, Municipality):
            found.append(partial(frozenset, {record.id}))
        elif isinstance(record, Governed | Cycle | Membership):
            found.append(partial(frozenset, {record.municipality_id}))
        elif (cycle_id := getattr(record, "cycle_id", None)) is not None:
            found.append(of_cycles.later(cycle_id))
        elif isinstance(record, Settlement):
            found.append(of_villages.later(record.id))
        elif (settlement_id := getattr(record, "settlement_id", None)) is not None:
            found.append(of_villages.later(settlement_id))
        elif (event_id := getattr(record, "event_id", None)) is not None:
            found.append(of_events.later(event_id))
        else:
            found.append(frozenset)
    return [tell() for tell in found]


class _Asked:
    """Municipalities by what rows refer to: gathered first, then asked for together."""

    def __init__(self, session: Session, query: Callable[[Collection[UUID]], Select[UUID, UUID]]) -> None:
        self._session, self._query = session, query
        self._wanted: set[UUID] = set()
        self._known: dict[UUID, set[UUID]] | None = None

    def later(self, reference: UUID) -> Callable[[], frozenset[UUID]]:
        """Return what tells the municipalities of a reference once all are gathered."""
        self._wanted.add(reference)
        return lambda: frozenset(self._answers().get(reference, ()))

    def _answers(self) -> dict[UUID, set[UUID]]:
        if self._known is None:
            known: defaultdict[UUID, set[UUID]] = defaultdict(set)
            for reference, municipality_id in self._session.execute(self._query(self._wanted)):
                known[reference].add(municipality_id)
            self._known = known
        return self._known
