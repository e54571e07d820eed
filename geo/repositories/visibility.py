"""Who may see a row, as a condition of the query (DESIGN.md section 3): the rows of one's municipalities, and what is
published."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from geo.domain.rights import PUBLIC_SUBJECTS, Action, Actor, Subject
from geo.models import (
    AppraisalEvent,
    Candidate,
    ControlPoint,
    Cycle,
    FeatureMatch,
    MapFeature,
    Membership,
    Record,
    SheetPhoto,
    SheetPlacement,
    SketchSheet,
)
from geo.models.governed import Governed

__all__ = ["of_municipalities", "published", "visible"]

Where = Callable[[Any, Collection[UUID]], ColumnElement[bool]]


def visible(model: type[Record], actor: Actor, subject: Subject, *, never_public: bool = False) -> ColumnElement[bool]:
    """Return the condition that an actor may see a row.

    Parameters
    ----------
    model, subject
        Its table, and by which rights it is governed.
    never_public
        Whether publishing does not show it to the public.
    """
    if subject is Subject.TERRITORY:
        return true()
    allowed = actor.municipalities(Action.READ, subject)
    if allowed is None:
        return true()
    own = of_municipalities(model, allowed) if allowed else false()
    if never_public or subject not in PUBLIC_SUBJECTS:
        return own
    return or_(own, published(model)) if allowed else published(model)


def of_municipalities(model: type[Record], municipalities: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that a row belongs to one of some municipalities.

    What hangs on a settlement belongs to every municipality that the settlement was or is part of.
    """
    if issubclass(model, Governed):
        return model.municipality_id.in_(municipalities)
    return _OWNERS[model](model, municipalities)


def published(model: type[Record]) -> ColumnElement[bool]:
    """Return the condition that a row is published; what has no say in it is not."""
    at: Any = getattr(model, "published_at", None)
    return false() if at is None else at.is_not(None)


def _settlements(municipalities: Collection[UUID]) -> Select[Any]:
    return select(Membership.settlement_id).where(Membership.municipality_id.in_(municipalities))


def _events(municipalities: Collection[UUID]) -> Select[Any]:
    return select(AppraisalEvent.id).where(_by_cycle(AppraisalEvent, municipalities))


def _by_cycle(model: Any, municipalities: Collection[UUID]) -> ColumnElement[bool]:
    by_cycle: ColumnElement[bool] = model.cycle_id.in_(
        select(Cycle.id).where(Cycle.municipality_id.in_(municipalities))
    )
    return by_cycle


def _by_settlement(model: Any, municipalities: Collection[UUID]) -> ColumnElement[bool]:
    by_settlement: ColumnElement[bool] = model.settlement_id.in_(_settlements(municipalities))
    return by_settlement


def _by_event(model: Any, municipalities: Collection[UUID]) -> ColumnElement[bool]:
    by_event: ColumnElement[bool] = model.event_id.in_(_events(municipalities))
    return by_event


def _by_sheet(model: Any, municipalities: Collection[UUID]) -> ColumnElement[bool]:
    sheets = select(SketchSheet.id).where(SketchSheet.event_id.in_(_events(municipalities)))
    by_sheet: ColumnElement[bool] = model.sheet_id.in_(sheets)
    return by_sheet


_OWNERS: dict[type[Record], Where] = {
    AppraisalEvent: _by_cycle,
    MapFeature: _by_settlement,
    FeatureMatch: _by_settlement,
    SketchSheet: _by_event,
    Candidate: _by_sheet,
    ControlPoint: _by_sheet,
    SheetPhoto: _by_sheet,
    SheetPlacement: _by_sheet,
}
