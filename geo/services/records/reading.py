"""Records as people and programs read them: one, or a page of a list, with what the reader may not know left out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import and_, inspect
from sqlalchemy.orm import Session

from geo.database.audit import as_plain
from geo.domain.disclosure import suppress_counts
from geo.domain.rights import Action, Actor, Subject
from geo.errors import Refused
from geo.models import Record
from geo.repositories.records import ListQuery, RecordRepository, municipalities_of_each
from geo.repositories.visibility import visible
from geo.services.records.resource import Resource

__all__ = ["Listed", "list_records", "read_cursor", "read_record", "represent", "write_cursor"]

_UNSHOWN = frozenset({"fid", "search_name", "withdrawn_at", "withdrawn_by", "withdrawn_reason"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list."""

    items: tuple[dict[str, Any], ...]
    """See `represent`."""
    cursor: str | None
    """What to ask for to go on; None where this was the last page."""
    matched: int | None
    """How many there are over all pages, where that was asked."""


def read_record(session: Session, resource: Resource[Any], record_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return one record as `represent` gives it.

    Raises
    ------
    NotFound
        There is none, it is withdrawn, or the actor may not see it.
    """
    record = RecordRepository(session, resource.model).one(record_id, _seen_by(resource, actor))
    return represent(session, resource, [record], actor=actor)[0]


def list_records(
    session: Session, resource: Resource[Any], query: ListQuery, *, actor: Actor, count: bool = False
) -> Listed:
    """Return a page of what an actor may see.

    Parameters
    ----------
    session, resource, query, actor
        What is asked by whom.
    count
        Whether to count the list over all its pages too.
    """
    repository = RecordRepository(session, resource.model)
    seen_by = _seen_by(resource, actor)
    if query.standing and resource.latest is not None:
        seen_by = and_(seen_by, resource.latest(actor))
    page = repository.page(query, seen_by)
    return Listed(
        items=tuple(represent(session, resource, page.rows, actor=actor)),
        cursor=None if page.after is None else write_cursor(page.after),
        matched=repository.count(query, seen_by) if count else None,
    )


def represent(
    session: Session, resource: Resource[Any], records: Sequence[Record], *, actor: Actor
) -> list[dict[str, Any]]:
    """Return records as plain values: codes, numbers, ISO dates, GeoJSON geometry.

    Whoever has no role in a record's municipality sees neither its private fields nor counts of fewer than 5 people;
    the names of those that are left out stand in ``suppressed``. Who people are is told to those who may read that.
    """
    unshown = _UNSHOWN | resource.unshown
    names = [attribute.key for attribute in inspect(resource.model).column_attrs if attribute.key not in unshown]
    derived = resource.derive(session, records) if resource.derive else [{} for _ in records]
    if resource.derive_for:
        derived = resource.derive_for(session, records, actor)
    allowed = actor.municipalities(Action.READ, resource.subject)
    knows_people = actor.municipalities(Action.READ, Subject.PEOPLE)
    is_asked = allowed is not None or (resource.people and knows_people is not None)
    owners = municipalities_of_each(session, records) if is_asked else [frozenset[UUID]()] * len(records)
    shown = []
    for record, more, whose in zip(records, derived, owners, strict=True):
        values = {name: _plain(getattr(record, name)) for name in names} | {k: _plain(v) for k, v in more.items()}
        if resource.people and knows_people is not None and not (whose & knows_people):
            values = {name: value for name, value in values.items() if name not in resource.people}
        if allowed is not None and not (whose & allowed):
            values = _disclose(resource, values)
        shown.append(values)
    return shown


def _disclose(resource: Resource[Any], values: dict[str, Any]) -> dict[str, Any]:
    open_values = {name: value for name, value in values.items() if name not in resource.private}
    told = suppress_counts({name: open_values[name] for name in sorted(resource.counts) if name in open_values})
    return {**open_values, **told.values, **({"suppressed": list(told.suppressed)} if told.suppressed else {})}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return mapping(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return as_plain(value)


def _seen_by(resource: Resource[Any], actor: Actor) -> Any:
    return visible(resource.model, actor, resource.subject, never_public=resource.never_public)


def write_cursor(after: int) -> str:
    """Return where a page ended as a word to hand back."""
    return base64.urlsafe_b64encode(after.to_bytes(8, "big")).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """Read a word of `write_cursor`.

    Raises
    ------
    Refused
        It is none.
    """
    try:
        content = base64.b64decode(cursor + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("list.bad_cursor") from error
    if len(content) != 8 or content[0] & 0x80:
        raise Refused("list.bad_cursor")
    return int.from_bytes(content, "big")
