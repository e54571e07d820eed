"""Records made, changed, published and withdrawn: the same steps for every kind, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.rights import Action, Actor, is_allowed
from geo.errors import AyilmapError, ChangedMeanwhile, Conflict, Forbidden, Refused
from geo.i18n import Text
from geo.models import Record
from geo.models.base import now
from geo.models.governed import Governed, Withdrawable
from geo.repositories.records import RecordRepository, municipalities_of
from geo.repositories.visibility import visible
from geo.services.records.far_places import review_places
from geo.services.records.reading import represent
from geo.services.records.repeats import is_repeat, wait_for_twin
from geo.services.records.resource import Form, Resource
from geo.spatial.intake import fit_type

__all__ = ["Written", "change", "create", "create_many", "publish", "restore", "withdraw"]

_IDS_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""

_PLAIN = bool | int | str


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it stands now, and what the method advises otherwise."""

    record: Record
    warnings: tuple[Text, ...]
    is_new: bool = True
    """False where the same was done before, and its answer was lost on the way."""


def create(
    session: Session, resource: Resource[Any], form: Form, *, actor: Actor, record_id: UUID | None = None
) -> Written:
    """Make a record; sent again under the id that its writer gave it, it is met and nothing is done.

    Parameters
    ----------
    session
        Of the transaction.
    resource, form
        Its kind, and what was filled in.
    actor
        Who does it.
    record_id
        Its UUIDv7 where the writer gave one already, as pages do, and phones without a connection.

    Raises
    ------
    Forbidden
        The actor may not.
    NotFound
        It refers to a record that is not there.
    Conflict
        There is a record with this id that was made with other content, or is withdrawn.
    Refused
        By the rules of its kind.
    """
    if record_id is not None:
        _require_making(resource, actor)
        stored = _met(session, resource, form, record_id, actor)
        if stored is not None:
            return Written(stored, (), is_new=False)
    record, warnings = _draft(session, resource, form, actor=actor, record_id=record_id)
    session.add(record)
    _settle(session, resource, record)
    return Written(record, warnings)


def create_many(
    session: Session, resource: Resource[Any], forms: Sequence[tuple[Form, UUID | None]], *, actor: Actor
) -> tuple[Written, ...]:
    """Make several records, all or none; an error says in ``row`` which one it is about, counting from 1.

    A row that is a repeat of what was made before under the same id is met and not made a second time.
    """
    if resource.owners is not None and resource.load is not None:
        return _create_together(session, resource, forms, actor=actor)
    written = []
    for row, (form, record_id) in enumerate(forms, 1):
        with _named(row):
            written.append(create(session, resource, form, actor=actor, record_id=record_id))
    return tuple(written)


def _create_together(
    session: Session, resource: Resource[Any], forms: Sequence[tuple[Form, UUID | None]], *, actor: Actor
) -> tuple[Written, ...]:
    _require_making(resource, actor)
    written = {row: Written(one, (), is_new=False) for row, one in _all_met(session, resource, forms, actor).items()}
    new = [row for row in range(1, len(forms) + 1) if row not in written]
    try:
        made = _load_together(session, resource, [forms[row - 1] for row in new], actor=actor)
    except AyilmapError as error:
        if error.row is not None or len(new) == 1:
            error.row = new[(error.row or 1) - 1]  # it was counted among those that are new
        raise
    written |= dict(zip(new, made, strict=True))
    return tuple(written[row] for row in range(1, len(forms) + 1))


def _load_together(
    session: Session, resource: Resource[Any], forms: Sequence[tuple[Form, UUID | None]], *, actor: Actor
) -> list[Written]:
    assert resource.owners is not None and resource.load is not None
    records = [_filled(resource, form, record_id) for form, record_id in forms]
    owners = resource.owners(session, records)
    rows_of = {owner: row for row, owner in reversed(list(enumerate(owners, 1)))}
    for owner, row in rows_of.items():
        with _named(row):
            _require(Action.CREATE, resource, actor, owner)
    for record, owner in zip(records, owners, strict=True):
        if isinstance(record, Governed) and owner is not None:
            record.municipality_id = owner
    places = review_places(session, records)
    if records:
        resource.load(session, records)
    session.flush()
    return [
        Written(record, (*form.warnings, *warnings))
        for record, (form, _), warnings in zip(records, forms, places, strict=True)
    ]


def change(
    session: Session,
    resource: Resource[Any],
    record_id: UUID,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    seen: int | None,
) -> Written:
    """Change some fields of a record.

    Parameters
    ----------
    session, resource, record_id, actor
        What is changed by whom.
    values
        New values by field; the others stay.
    seen
        Version that the writer saw; None takes the one that holds now.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed it since; carries both texts.
    NotFound, Forbidden, Refused
        As in `create`; also where the kind is append-only or the field is given once and for all.
    """
    record = _held(session, resource, record_id, Action.CHANGE, actor, seen=seen, yours=values)
    if Action.CHANGE not in resource.actions:
        raise Refused("record.never_changed", kind=Text(resource.key))
    before = {name: getattr(record, name) for name in resource.form.model_fields}
    form = resource.form.model_validate(resource.form.changed(before, values))
    for name in resource.fixed & values.keys():
        if getattr(form, name) != before[name]:
            raise Refused("record.field_fixed", field=name)
    with session.no_autoflush:
        for name in resource.form.model_fields:
            value = getattr(form, name)
            # A form may draw a plain field from another one, such as "over" from a sum in words.
            if name in values or (isinstance(value, _PLAIN) and value != before[name]):
                _set(record, name, value)
        owner = resource.owner(session, record)
        _require(Action.CHANGE, resource, actor, owner)
        if isinstance(record, Governed) and owner is not None:
            record.municipality_id = owner
        warnings = (*form.warnings, *resource.check(session, record))
        if values.keys() & {"geometry", "settlement_id"}:
            warnings += review_places(session, [record])[0]
    _settle(session, resource, record)
    return Written(record, warnings)


def publish(
    session: Session, resource: Resource[Any], record_id: UUID, *, actor: Actor, seen: int | None, shown: bool
) -> Written:
    """Show a record to the public, or no more.

    Raises
    ------
    Forbidden, NotFound, ChangedMeanwhile
        As in `change`.
    Refused
        The public never sees records of this kind, or always does.
    """
    record: Any = _held(session, resource, record_id, Action.PUBLISH, actor, seen=seen, yours={"published": shown})
    if resource.never_public or not issubclass(resource.model, Withdrawable):
        raise Refused("record.never_published", kind=Text(resource.key))
    if shown is (record.published_at is None):
        record.published_at = now() if shown else None
        session.flush()
    return Written(record, ())


def withdraw(
    session: Session, resource: Resource[Any], record_id: UUID, *, actor: Actor, seen: int | None, reason: str = ""
) -> None:
    """Take a record out of sight; it stays in the store with who withdrew it and why.

    Raises
    ------
    Forbidden, NotFound, ChangedMeanwhile
        As in `change`.
    Refused
        Records of this kind are never withdrawn, or others stand on it.
    """
    record = _held(session, resource, record_id, Action.WITHDRAW, actor, seen=seen, yours={"withdrawn": True})
    if Action.WITHDRAW not in resource.actions or not isinstance(record, Withdrawable):
        raise Refused("record.never_withdrawn", kind=Text(resource.key))
    if resource.leaving is not None:
        resource.leaving(session, record)
    record.withdrawn_at = now()
    record.withdrawn_by = session.info[ACTOR]
    record.withdrawn_reason = reason.strip()
    session.flush()


def restore(
    session: Session, resource: Resource[Any], record_id: UUID, *, actor: Actor, seen: int | None = None
) -> Written:
    """Take a withdrawal back: the record stands again under its own id, with what was withdrawn with it.

    Done again it changes nothing, so that a lost answer does no harm.

    Parameters
    ----------
    session, resource, record_id, actor
        What is put back by whom.
    seen
        Version that the writer saw; None takes the one that holds now.

    Raises
    ------
    Refused
        Records of this kind are not put back, or by the rules of the kind as they hold now.
    Conflict
        Something else has taken its place meanwhile.
    Forbidden, NotFound, ChangedMeanwhile
        As in `change`; also where it refers to a record that is withdrawn.
    """
    if not resource.can_return:
        raise Refused("record.never_restored", kind=Text(resource.key))
    asked = {"withdrawn": False}
    record = _held(session, resource, record_id, Action.WITHDRAW, actor, seen=seen, yours=asked, withdrawn=True)
    if record.withdrawn_at is None:
        return Written(record, (), is_new=False)
    with session.no_autoflush:
        record.withdrawn_at, record.withdrawn_by, record.withdrawn_reason = None, "", ""
        _require(Action.WITHDRAW, resource, actor, resource.owner(session, record))
        warnings = tuple(resource.check(session, record))
    session.flush()
    if resource.returning is not None:
        resource.returning(session, record)
    _settle(session, resource, record)
    return Written(record, warnings)


def _draft(
    session: Session, resource: Resource[Any], form: Form, *, actor: Actor, record_id: UUID | None
) -> tuple[Record, tuple[Text, ...]]:
    _require_making(resource, actor)
    record = _filled(resource, form, record_id)
    owner = resource.owner(session, record)
    _require(Action.CREATE, resource, actor, owner)
    if isinstance(record, Governed) and owner is not None:
        record.municipality_id = owner
    return record, (*form.warnings, *resource.check(session, record), *review_places(session, [record])[0])


def _require_making(resource: Resource[Any], actor: Actor) -> None:
    if Action.CREATE not in resource.actions:
        raise Refused("record.never_made", kind=Text(resource.key))
    # Whoever may write nothing of the kind anywhere learns nothing about what there is.
    if actor.municipalities(Action.CREATE, resource.subject) == frozenset():
        raise Forbidden("access.not_allowed")


def _filled(resource: Resource[Any], form: Form, record_id: UUID | None) -> Any:
    values: dict[str, Any] = {} if record_id is None else {"id": record_id}
    for name in resource.form.model_fields:
        value = getattr(form, name)
        if value is not None:
            values[name] = _fitting(resource.model, value)
    return resource.model(**values)


def _met(session: Session, resource: Resource[Any], form: Form, record_id: UUID, actor: Actor) -> Record | None:
    """Return the record that the same act made before, None where the id is free."""
    wait_for_twin(session, record_id)
    model = resource.model
    query = select(model).where(model.id == record_id).execution_options(with_withdrawn=True)
    stored: Record | None = session.scalar(query)
    if stored is not None:
        _require_same_act(session, resource, form, stored, actor)
    return stored


def _require_same_act(session: Session, resource: Resource[Any], form: Form, stored: Record, actor: Actor) -> None:
    """Make sure that an id that is taken was taken by the same act of somebody who may do it."""
    if not any(is_allowed(Action.CREATE, resource.subject, actor, one) for one in _owners(session, stored)):
        raise Conflict("record.exists", id=stored.id)
    if not is_repeat(session, resource, stored, _filled(resource, form, stored.id), form):
        raise Conflict("record.exists", id=stored.id)


def _all_met(
    session: Session, resource: Resource[Any], forms: Sequence[tuple[Form, UUID | None]], actor: Actor
) -> dict[int, Record]:
    """Return the records that the same act made before by their rows, counting from 1."""
    rows: dict[UUID, int] = {}
    for row, (_, record_id) in enumerate(forms, 1):
        if record_id is not None and rows.setdefault(record_id, row) != row:
            with _named(row):
                raise Conflict("record.exists", id=record_id)
    given = list(rows)
    if given:
        wait_for_twin(session, min(given))  # the same request sent again has the same least id
    met: dict[int, Record] = {}
    for start in range(0, len(given), _IDS_AT_ONCE):
        query = select(resource.model).where(resource.model.id.in_(given[start : start + _IDS_AT_ONCE]))
        for stored in session.scalars(query.execution_options(with_withdrawn=True)):
            met[rows[stored.id]] = stored
    for row, stored in sorted(met.items()):
        with _named(row):
            _require_same_act(session, resource, forms[row - 1][0], stored, actor)
    return met


def _held(
    session: Session,
    resource: Resource[Any],
    record_id: UUID,
    action: Action,
    actor: Actor,
    *,
    seen: int | None,
    yours: Mapping[str, Any],
    withdrawn: bool = False,
) -> Any:
    seen_by = visible(resource.model, actor, resource.subject, never_public=resource.never_public)
    repository = RecordRepository(session, resource.model)
    record = repository.one(record_id, seen_by, to_change=True, with_withdrawn=withdrawn)
    if not any(is_allowed(action, resource.subject, actor, one) for one in _owners(session, record)):
        raise Forbidden("access.not_allowed")
    if seen is not None and record.version != seen:
        current = represent(session, resource, [record], actor=actor)[0]
        raise ChangedMeanwhile(current=current, yours=dict(yours), seen=seen, version=record.version)
    return record


def _owners(session: Session, record: Record) -> Sequence[UUID | None]:
    return [*municipalities_of(session, record)] or [None]


def _require(action: Action, resource: Resource[Any], actor: Actor, municipality_id: UUID | None) -> None:
    if not is_allowed(action, resource.subject, actor, municipality_id):
        raise Forbidden("access.not_allowed")


def _set(record: Any, name: str, value: Any) -> None:
    value = _fitting(type(record), value)
    # An equal value is no change: the ledger would tell of one.
    if getattr(record, name) != value:
        setattr(record, name, value)


def _fitting(model: type[Record], value: Any) -> Any:
    return fit_type(value, _geometry_type(model)) if isinstance(value, BaseGeometry) else value


def _geometry_type(model: type[Record]) -> str:
    kind: Any = model.__table__.c["geometry"].type
    return str(kind.name)


def _settle(session: Session, resource: Resource[Any], record: Record) -> None:
    settled: Callable[[Session, Any], None] | None = resource.settled
    session.flush()
    if settled is not None:
        settled(session, record)
        session.flush()


@contextmanager
def _named(row: int) -> Iterator[None]:
    try:
        yield
    except AyilmapError as error:
        error.row = row
        raise
