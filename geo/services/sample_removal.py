"""Taking the sample out of a store again: its rows alone, and only where nothing of one's own hangs on them.

What the sample brought is known by the ledger, which says who made each row, and by the moments that its fixed ids
carry. A row that nobody can be shown to have loaded with the sample counts as one's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from geo.database.contents import touch
from geo.errors import NotFound, Refused
from geo.models import AuditAction, AuditEvent, Base
from geo.sample import load_sample
from geo.sample.whole import sample_id, sample_steps

__all__ = ["SAMPLE_ACTOR", "RemovedSample", "remove_sample"]

SAMPLE_ACTOR: Final = "ayilmap sample"
"""By whom the ledger says that the sample was loaded."""

_LOADERS: Final = frozenset({SAMPLE_ACTOR, "ayilmap demo"})
_MOMENTS: Final = ("01a20004-b16b-7", "01a20400-0000-7")
"""How the fixed ids of the sample begin: UUIDv7 of two moments at which nothing else was made."""
_PARTS_OF_SHEETS: Final = frozenset({"candidate", "control_point", "sheet_photo", "sheet_placement"})
"""Stored by thousands with their sheet, without an entry each."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class RemovedSample:
    """How many rows were removed."""

    rows: int
    own: int
    """Of these, rows that somebody had made or changed in the sample."""


def remove_sample(session: Session, *, with_own: bool = False) -> RemovedSample:
    """Remove the sample's municipalities and villages with everything that hangs on them.

    Pictures stay in the picture store, where others may refer to the same bytes.

    Parameters
    ----------
    with_own
        Also remove what people made and changed in the sample since it was loaded.

    Raises
    ------
    NotFound
        The store has no sample.
    Refused
        People made or changed something in it (``made``, ``changed``), and it is not to go with it.
    """
    hanging = _hanging(session, _roots(session))
    if not hanging:
        raise NotFound("sample.not_there")
    every = [row_id for ids in hanging.values() for row_id in ids]
    made, changed = _made_by_others(session, hanging), _changed_by_others(session, every)
    if (made or changed) and not with_own:
        raise Refused("sample.own_data", made=len(made), changed=len(changed - made))
    for table in reversed(Base.metadata.sorted_tables):
        if ids := hanging.get(table.name):
            _remove(session, table, ids)
    counts = {name: len(ids) for name, ids in sorted(hanging.items())}
    municipality = sample_id("municipality")
    session.add(
        AuditEvent(
            actor=SAMPLE_ACTOR,
            action=AuditAction.REMOVED,
            record_table="municipality",
            record_id=municipality,
            before={"rows": counts},
        )
    )
    session.flush()
    return RemovedSample(len(every), len(made | changed))


def _roots(session: Session) -> dict[str, set[UUID]]:
    sample = load_sample()
    settlements = {one.id for one in sample.settlements}
    settlements |= {sample_id(step["key"]) for step in sample_steps() if step["do"] == "settlements"}
    wanted = {"municipality": {one.id for one in sample.municipalities}, "settlement": settlements}
    return {name: _there(session, Base.metadata.tables[name], ids) for name, ids in wanted.items()}


def _there(session: Session, table: Table, ids: Iterable[UUID]) -> set[UUID]:
    return set(session.scalars(select(table.c.id).where(table.c.id.in_(list(ids)))))


def _hanging(session: Session, roots: Mapping[str, set[UUID]]) -> dict[str, set[UUID]]:
    """Return the ids of all rows that refer to these, however far away, by table; withdrawn ones too."""
    found: dict[str, set[UUID]] = defaultdict(set)
    fresh = {name: set(ids) for name, ids in roots.items() if ids}
    while fresh:
        for name, ids in fresh.items():
            found[name] |= ids
        later: dict[str, set[UUID]] = defaultdict(set)
        for table, column, target in _references():
            for some in _in_parts(fresh.get(target, ())):
                rows = session.scalars(select(table.c.id).where(table.c[column].in_(some)))
                later[table.name].update(row for row in rows if row not in found[table.name])
        fresh = {name: ids for name, ids in later.items() if ids}
    return {name: ids for name, ids in found.items() if ids}


def _references() -> Iterator[tuple[Table, str, str]]:
    """Yield every column that refers to another row: its table, its name, and the table that it refers to."""
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c:
            continue  # pages that are signed in, which an account takes along by itself
        for key in table.foreign_keys:
            yield table, key.parent.name, key.column.table.name


def _made_by_others(session: Session, hanging: Mapping[str, set[UUID]]) -> set[UUID]:
    doubtful = {
        row_id
        for name, ids in hanging.items()
        if name not in _PARTS_OF_SHEETS
        for row_id in ids
        if not str(row_id).startswith(_MOMENTS)
    }
    loaded = set(_named(session, doubtful, AuditEvent.action == AuditAction.CREATED, AuditEvent.actor.in_(_LOADERS)))
    return doubtful - loaded


def _changed_by_others(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    return set(_named(session, ids, AuditEvent.action == AuditAction.CHANGED, AuditEvent.actor.not_in(_LOADERS)))


def _named(session: Session, ids: Iterable[UUID], *conditions: Any) -> Iterator[UUID]:
    for some in _in_parts(ids):
        query = select(AuditEvent.record_id).where(AuditEvent.record_id.in_(some), *conditions).distinct()
        yield from (one for one in session.scalars(query) if one is not None)


def _remove(session: Session, table: Table, ids: set[UUID]) -> None:
    # Rows of one table may refer to each other, as a correction does to what it corrects.
    inner = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    for some in _in_parts(ids):
        if inner:
            session.execute(update(table).where(table.c.id.in_(some)).values(dict.fromkeys(inner)))
    for some in _in_parts(ids):
        session.execute(delete(table).where(table.c.id.in_(some)))
    if session.get_bind().dialect.name == "sqlite":
        touch(session, table.name, ())


def _in_parts(ids: Iterable[UUID]) -> Iterator[tuple[UUID, ...]]:
    """Yield ids so many at a time, as a statement has room for not much more."""
    rest = iter(ids)
    while part := tuple(islice(rest, _AT_ONCE)):
        yield part
