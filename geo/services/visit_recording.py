"""Records that a phone made without a connection: sent twice, they are stored once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.monitoring.visits import check_members
from geo.domain.rights import Action, Actor, is_allowed
from geo.errors import Conflict, Forbidden, Refused
from geo.i18n import Text
from geo.models.governed import Governed
from geo.services.records.resource import Form, Resource
from geo.services.records.writing import create
from geo.services.resources.monitoring import VisitForm

__all__ = ["Recorded", "record_once"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record that is in the store now."""

    record: Governed
    is_new: bool
    """False where it was there already, with the same content."""
    warnings: tuple[Text, ...]


def record_once(session: Session, resource: Resource[Any], record_id: UUID, form: Form, *, actor: Actor) -> Recorded:
    """Store a record under the id that its writer gave it; sent again, it is met and nothing is done.

    Parameters
    ----------
    record_id
        A UUIDv7, made by the phone.
    resource, form, actor
        As in `geo.services.records.writing.create`.

    Raises
    ------
    Refused
        The id is no UUIDv7, or by the rules of the kind.
    Conflict
        Something else is stored under this id, or the visit was corrected meanwhile.
    Forbidden
        The actor may not.
    """
    if record_id.version != 7:
        raise Refused("visit.id_of_other_kind", id=record_id)
    model = resource.model
    stored = session.scalar(select(model).where(model.id == record_id).execution_options(with_withdrawn=True))
    if stored is None:
        written = create(session, resource, form, actor=actor, record_id=record_id)
        assert isinstance(written.record, Governed)
        return Recorded(written.record, True, written.warnings)
    if not is_allowed(Action.CREATE, resource.subject, actor, stored.municipality_id):
        raise Forbidden("access.not_allowed")
    if not _same(stored, form):
        raise Conflict("visit.other_content", id=record_id)
    return Recorded(stored, False, ())


def _same(stored: Governed, form: Form) -> bool:
    given: Mapping[str, Any] = {name: getattr(form, name) for name in type(form).model_fields}
    if isinstance(form, VisitForm):
        given = {**given, "member_count": check_members(form.members, form.member_count)}
    return all(_equal(getattr(stored, name), value) for name, value in given.items())


def _equal(stored: Any, given: Any) -> bool:
    if isinstance(stored, datetime) and isinstance(given, datetime):
        return abs((stored - given).total_seconds()) < 0.001  # the store keeps milliseconds
    if isinstance(stored, BaseGeometry) and isinstance(given, BaseGeometry):
        return bool(stored.equals_exact(given, 1e-9))
    return bool(stored == given)
